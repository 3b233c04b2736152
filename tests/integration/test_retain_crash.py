"""Whatever ends a destruction: nothing is gone without its tombstone, the ledger is whole, and again it completes."""

from __future__ import annotations

import shutil
import signal
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from biotrace.errors import BiotraceError
from biotrace.model.retention import Deleted, Tombstone
from biotrace.services import retain_erase, retain_purge
from biotrace.services.ledger_case import read_ledger
from biotrace.services.retain_purge import purge
from biotrace.services.workspace import open_workspace
from biotrace.store.disclosures import disclosures
from biotrace.store.integrity import check_integrity
from tests.desks import noon
from tests.faults import crash
from tests.integration.conftest import Run
from tests.integration.retaining import AFTER, Desk, open_desk
from tests.integration.test_crash import faults
from tests.workspaces import password

PURGE = "from cli.main import main; import sys; sys.argv[1:] = ['retain', 'purge', '-w', sys.argv[1]]; main()"
EXPECTED = {
    ("doc-1", Deleted.FILES),
    ("f-1", Deleted.FILES),
    ("f-5", Deleted.FILES),
    ("yamanushi", Deleted.PRIVATE_FIELDS),
}


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What makes calls fail. Tests that need it are skipped where it cannot be built."""
    if sys.platform != "linux" or shutil.which("gcc") is None:
        pytest.skip("no gcc on Linux here: calls of the system cannot be made to fail")
    return crash.build_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture
def desk(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return open_desk(tmp_path / "desk", run, monkeypatch)


def found(desk: Desk) -> tuple[set[tuple[str, Deleted]], int, set[bytes]]:
    """What tombstones say, how many values are left, and the copies; the ledger has to be whole."""
    with open_workspace(desk.at(), lambda: noon(AFTER), password) as workspace:
        assert list(check_integrity(workspace.ledger)) == []
        reading = read_ledger(workspace.ledger)
        named = {e.record.record_id.hex(): e.record.subject for e in reading.logged}
        bodies = [e.record.body for e in reading.logged if isinstance(e.record.body, Tombstone)]
        values = disclosures(workspace.ledger.database)
    said = [(named[body.record], part) for body in bodies for part in body.deleted]
    assert len(said) == len(set(said)), "a tombstone twice"
    return set(said), len(values), desk.held()


def assert_in_order(desk: Desk, salt: bytes) -> None:
    """Nothing was destroyed without its tombstone; and run again, all is done."""
    tombstones, values, held = found(desk)
    if values == 0 or len(held) < 3:
        assert tombstones == EXPECTED
    with open_workspace(desk.at(), lambda: noon(AFTER), password) as workspace:
        assert purge(workspace).left == ()
    assert found(desk) == (EXPECTED, 0, set())
    assert [p.name for p in desk.at().rglob("*") if p.is_file() and salt in p.read_bytes()] == []
    assert not (desk.at() / retain_erase.UNFINISHED).exists()


def salt_of(desk: Desk) -> bytes:
    with open_workspace(desk.at(), lambda: noon(AFTER), password) as workspace:
        (disclosure,) = disclosures(workspace.ledger.database)
    return disclosure.salt


STEPS = [
    (retain_purge, "begin"),
    (retain_erase, "forget"),
    (retain_erase, "rewrite"),
    (retain_erase, "_unlink"),
    (retain_erase, "sync_folder"),
    (retain_purge, "still_holding"),
]


@pytest.mark.parametrize(("module", "step"), STEPS, ids=[step for _, step in STEPS])
def test_it_breaks_off_before_any_step(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    salt = salt_of(desk)
    with monkeypatch.context() as broken:
        broken.setattr(module, step, fail)
        with (
            open_workspace(desk.at(), lambda: noon(AFTER), password) as workspace,
            pytest.raises(KeyboardInterrupt),
        ):
            purge(workspace)
    if step == "begin":
        assert found(desk)[0] == set()
    assert_in_order(desk, salt)


def test_the_second_of_two_copies_is_open_elsewhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where an open file cannot be removed."""
    salt, really = salt_of(desk), Path.unlink
    left = [2]

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.parent.name == "files":
            left[0] -= 1
            if left[0] == 0:
                raise PermissionError(13, "in use")
        really(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    refused = desk.retain("purge", on=AFTER)
    assert refused.exit_code == 2
    assert "続きから消します" in refused.stderr
    assert len(desk.held()) == 2
    told = desk.json("check", on=AFTER, code=1)["found"]
    assert {one["fault"] for one in told} == {"not_destroyed", "unfinished"}
    monkeypatch.setattr(Path, "unlink", really)
    assert "前の廃棄が途中" in desk.retain("purge", "--dry-run", on=AFTER).stdout
    assert_in_order(desk, salt)


def test_a_reader_keeps_the_log_of_writes(desk: Desk) -> None:
    """Somebody's transaction still sees the values: that is told, and done later."""
    salt = salt_of(desk)
    with open_workspace(desk.at(), lambda: noon(AFTER), password) as reader, reader.ledger.database.reading() as seen:
        seen.exec_driver_sql("SELECT count(*) FROM disclosure").scalar()
        with (
            open_workspace(desk.at(), lambda: noon(AFTER), password) as workspace,
            pytest.MonkeyPatch.context() as quick,
        ):
            quick.setattr("biotrace.store.forgetting._WAIT_MS", 50)
            with pytest.raises(BiotraceError) as refused:
                purge(workspace)
    assert refused.value.code == "ledger-busy"
    assert_in_order(desk, salt)


@pytest.mark.parametrize("after", [0, 10, 25, 45, 60, 75, 90, 105, 120, 135, 150, 165])
def test_killed_at_a_call(desk: Desk, shim: Path, after: int) -> None:
    salt = salt_of(desk)
    environment = faults(shim, "KILL", "write,sync,truncate,unlink", "mill/*", after)
    ended = crash.run_python(PURGE, str(desk.at()), environment=environment)
    assert ended.code in (-signal.SIGKILL, 0), ended.said
    assert_in_order(desk, salt)


@pytest.mark.parametrize("after", [0, 20, 50, 80, 110, 140])
@pytest.mark.parametrize("action", ["ENOSPC", "EIO"])
def test_the_disk_is_full_or_fails(desk: Desk, shim: Path, action: str, after: int) -> None:
    salt = salt_of(desk)
    environment = faults(shim, action, "write,sync", "mill/*", after)
    ended = crash.run_python(PURGE, str(desk.at()), environment=environment)
    assert ended.code in (0, 2), ended.said
    assert "Traceback" not in ended.said
    assert "内部エラー" not in ended.said
    assert_in_order(desk, salt)


def test_nothing_is_in_the_way_of_a_later_day(desk: Desk) -> None:
    """A note that was left, with nothing to be destroyed, goes by itself."""
    retain_erase.begin(desk.at())
    assert desk.json("purge", on=date(2014, 12, 1))["destroyed"] == []
    assert not (desk.at() / retain_erase.UNFINISHED).exists()
