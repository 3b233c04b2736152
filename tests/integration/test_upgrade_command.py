"""``biotrace upgrade``: an older ledger in a workspace, as whoever meets it sees it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from biotrace.services.backup_format import LEDGER
from biotrace.store import integrity
from biotrace.store import upgrade as upgrades
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from biotrace.store.tables import SCHEMA_VERSION
from tests import schema_1, schema_2
from tests.integration.conftest import Run
from tests.workspaces import contents, data, envelopes

ISSUE = ("issue", "--to", "plant-8", "--quantity", "1t", "--moisture", "0.42")
COPY = "ledger-schema1-20141119.sqlite"


@pytest.fixture
def old(mill: Path) -> Path:
    """The mill, with its ledger as the release before made it."""
    with Ledger.open(mill / LEDGER) as ledger:
        entries = list(ledger.entries())
    for path in mill.glob("ledger.sqlite*"):
        path.unlink()
    schema_1.make(mill / LEDGER, [e.record for e in entries], times=[e.logged_at for e in entries])
    return mill


def rows(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def copies(folder: Path) -> list[str]:
    """Ledgers in the folder beside its own, and what was left half-done."""
    named = [path.name for path in folder.iterdir() if path.name.startswith(("ledger", ".biotrace"))]
    return sorted(name for name in named if not name.startswith(LEDGER))


@pytest.mark.parametrize("command", [("verify",), ("show", "f-1"), ISSUE, ("backup", "x.zip"), ("key", "list")])
def test_every_command_says_what_to_do_with_an_older_ledger(run: Run, old: Path, command: tuple[str, ...]) -> None:
    for lang, words in (("ja", "biotrace upgrade を実行"), ("en", "run biotrace upgrade")):
        said = run(*command, "-w", old, lang=lang)
        assert (said.exit_code, said.stdout) == (2, "")
        assert words in said.stderr


def test_it_is_copied_upgraded_and_works(run: Run, old: Path) -> None:
    before, records = rows(old / LEDGER), envelopes(old)
    answer = data(run("upgrade", "-w", old, "--format", "json"))
    assert answer == {"before": 1, "after": SCHEMA_VERSION, "backup": str(old / COPY)}
    assert rows(old / COPY) == before
    assert envelopes(old) == records
    assert run(*ISSUE, "-w", old).exit_code == 0
    assert run("verify", "-w", old).exit_code == 0
    with Ledger.open(old / LEDGER) as ledger:
        assert check_integrity(ledger) == []
        assert ledger.checkpoints() == [len(records), len(records) + 1]


def test_a_ledger_that_is_a_log_already_needs_no_key(run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is signed on the way from schema 2: no password is asked for, and the log has no new checkpoint."""
    before = envelopes(mill)
    with Ledger.open(mill / LEDGER) as ledger:
        checkpoints = ledger.checkpoints()
    schema_2.set_back(mill / LEDGER)
    monkeypatch.delenv("BIOTRACE_PASSWORD")
    assert data(run("upgrade", "-w", mill, "--format", "json"))["before"] == 2
    assert envelopes(mill) == before
    with Ledger.open(mill / LEDGER) as ledger:
        assert ledger.checkpoints() == checkpoints
    assert run("verify", "f-1", "-w", mill).exit_code == 0


def test_there_is_nothing_to_do_twice(run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(mill)
    monkeypatch.delenv("BIOTRACE_PASSWORD")
    for lang, words in (("ja", "することはありません"), ("en", "nothing to do")):
        said = run("upgrade", "-w", mill, lang=lang)
        assert said.exit_code == 0
        assert words in said.stdout
    assert data(run("upgrade", "-w", mill, "--format", "json"))["backup"] is None
    assert contents(mill) == before
    assert copies(mill) == []


def test_a_later_ledger_is_left_alone(run: Run, mill: Path) -> None:
    with closing(sqlite3.connect(mill / LEDGER)) as database:
        database.execute("UPDATE biotrace_meta SET schema_version = 99")
        database.commit()
    said = run("upgrade", "-w", mill)
    assert said.exit_code == 2
    assert "新しい版" in said.stderr
    assert copies(mill) == []


@pytest.mark.parametrize("function", ["to_2", "findings"])
def test_interrupted_it_leaves_the_old_ledger(
    run: Run, old: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    before = rows(old / LEDGER)
    step = upgrades.STEPS[1]

    def interrupt(*arguments: Any) -> None:
        if function == "to_2":
            step(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if function == "to_2":
            patch.setitem(upgrades.STEPS, 1, interrupt)
        else:
            patch.setattr(integrity, "findings", interrupt)
        said = run("upgrade", "-w", old)
    assert said.exit_code == 2
    assert "中断しました" in said.stderr
    assert rows(old / LEDGER) == before
    assert "biotrace upgrade" in run("verify", "-w", old).stderr
    # The copy of the first attempt stays, and is not written over by the second.
    assert data(run("upgrade", "-w", old, "--format", "json"))["backup"] == str(old / COPY.replace(".", "-2."))
    assert copies(old) == ["ledger-schema1-20141119-2.sqlite", COPY]
    assert run("verify", "-w", old).exit_code == 0


def test_a_full_disk_leaves_the_old_ledger(run: Run, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(old / LEDGER)

    def disk_full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for calls in (("fsync",), ("link", "replace")):
        with monkeypatch.context() as patch:
            for call in calls:
                patch.setattr(os, call, disk_full)
            said = run("upgrade", "-w", old)
        assert (said.exit_code, said.stdout) == (2, "")
        assert "空き容量がありません" in said.stderr
        assert rows(old / LEDGER) == before
        assert copies(old) == []


def test_without_its_key_or_password_nothing_is_done(run: Run, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(old / LEDGER)
    with monkeypatch.context() as patch:
        patch.setenv("BIOTRACE_PASSWORD", "something else")
        assert "パスワードが違います" in run("upgrade", "-w", old).stderr
    (old / "keys/log.key").unlink()
    said = run("upgrade", "-w", old)
    assert said.exit_code == 2
    assert "ログの鍵" in said.stderr
    assert rows(old / LEDGER) == before
    assert copies(old) == []


def test_damage_is_told_and_not_signed(run: Run, old: Path) -> None:
    with closing(sqlite3.connect(old / LEDGER)) as database:
        database.execute("UPDATE entry SET envelope = zeroblob(9) WHERE position = 3")
        database.commit()
    before = rows(old / LEDGER)
    said = run("upgrade", "-w", old, lang="en")
    assert said.exit_code == 2
    assert "entry 3" in said.stderr
    assert rows(old / LEDGER) == before
