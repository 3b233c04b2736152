"""Backups of workspaces whose ledger is on a server: a second machine joins it, or the copy takes its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from tests import casebooks
from tests.integration.conftest import Run
from tests.workspaces import TODAY, data, password, received

ISSUE = ("issue", "--to", "plant-8", "--quantity", "1t", "--moisture", "0.42")


@pytest.fixture
def shared(on_postgresql: str, tmp_path: Path) -> Path:
    """The mill, with its ledger on a server."""
    folder, parties = tmp_path / "mill", (casebooks.OTSU, casebooks.BODY)
    with init_workspace(folder, parties, lambda: TODAY - 86_400, password, ledger=on_postgresql) as workspace:
        sign_casebook(workspace, received())
    return folder


@pytest.fixture
def file(run: Run, shared: Path, tmp_path: Path) -> Path:
    path = tmp_path / "here" / "backup.zip"
    assert run("backup", path, "-w", shared).exit_code == 0
    return path


def size(address: str) -> int:
    with Ledger.open(address) as ledger:
        assert check_integrity(ledger) == []
        return len(ledger)


def untils(run: Run, folder: Path) -> dict[str, int | None]:
    return {k["kid"]: k["until"] for k in data(run("key", "list", "-w", folder, "--format", "json"))}


def test_a_second_machine_joins_the_ledger(run: Run, shared: Path, file: Path, on_postgresql: str) -> None:
    assert run(*ISSUE, "-w", shared, "--out", file.with_name("1.pdf")).exit_code == 0
    new = file.with_name("second")
    before, keys = size(on_postgresql), untils(run, shared)
    answer = data(run("restore", file, new, "--format", "json"))
    assert (answer["shared"], answer["ended"], answer["log"]) == (True, None, answer["log_before"])
    assert not (new / "ledger.sqlite").exists()
    assert size(on_postgresql) == before + 1
    assert untils(run, new) == keys | {answer["kid"]: None}
    for number, folder in enumerate((new, shared, new)):
        pdf = file.with_name(f"after {number}.pdf")
        assert run(*ISSUE, "-w", folder, "--out", pdf).exit_code == 0
        assert run("scan", pdf, "--trust", new / "trust.json").exit_code == 0
    assert run("verify", "-w", new).exit_code == 0
    assert size(on_postgresql) == before + 4


def test_there_is_nothing_to_choose(run: Run, file: Path) -> None:
    for option in ("--continue", "--new-log", "--latest=x"):
        said = run("restore", file, file.with_name("new"), option, lang="en")
        assert said.exit_code == 2
        assert "used as it is there" in said.stderr
    assert not file.with_name("new").exists()


def test_a_lost_server_is_replaced_by_the_copy(run: Run, shared: Path, file: Path, on_postgresql: str) -> None:
    held = size(on_postgresql)
    old = json.loads((shared / "biotrace.json").read_text(encoding="utf-8"))["ledger"]
    assert old == on_postgresql
    shutil.rmtree(shared)
    _drop(on_postgresql)
    new = file.with_name("new")
    assert run("restore", file, new).exit_code == 2
    said = run("restore", file, new, "--local", lang="en")
    assert said.exit_code == 2
    assert "--new-log" in said.stderr
    answer = data(run("restore", file, new, "--local", "--new-log", "--format", "json"))
    assert answer["ended"] is not None
    assert run(*ISSUE, "-w", new, "--out", file.with_name("1.pdf")).exit_code == 0
    assert run("verify", "-w", new).exit_code == 0
    assert size(str(new / "ledger.sqlite")) == held + 3


def test_a_server_that_was_set_back_is_found_out(
    run: Run, shared: Path, file: Path, tmp_path: Path, on_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server was itself restored from an older state than the backup. It is told before a password is asked for."""
    held = size(on_postgresql)
    assert run(*ISSUE, "-w", shared, "--out", tmp_path / "1.pdf").exit_code == 0
    assert run("backup", tmp_path / "later.zip", "-w", shared).exit_code == 0
    _set_back(on_postgresql, held)
    before, new = size(on_postgresql), file.with_name("new")
    with monkeypatch.context() as patch:
        patch.delenv("BIOTRACE_PASSWORD")
        said = run("restore", tmp_path / "later.zip", new, "--format", "json")
    assert json.loads(said.stderr)["error"] == "S105"
    assert not new.exists()
    assert size(on_postgresql) == before
    assert run("restore", file, new).exit_code == 0  # the backup of that state is of that log


def test_another_ledger_at_the_address_is_not_joined(run: Run, shared: Path, file: Path, on_postgresql: str) -> None:
    _drop(on_postgresql)
    init_workspace(shared.with_name("other"), (casebooks.OTSU,), lambda: TODAY, password, ledger=on_postgresql).close()
    before = size(on_postgresql)
    said = run("restore", file, file.with_name("new"), "--format", "json")
    assert json.loads(said.stderr)["error"] == "log-other"
    assert not file.with_name("new").exists()
    assert size(on_postgresql) == before


def _drop(address: str) -> None:
    """The ledger's tables are gone."""
    engine = create_engine(address)
    with engine.begin() as connection:
        schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    engine.dispose()


def _set_back(address: str, size: int) -> None:
    """The ledger is as it was when it had that size, checkpoints and tree included."""
    engine = create_engine(address)
    with engine.begin() as connection:
        for statement in (
            f"DELETE FROM edge WHERE child >= {size}",
            f"DELETE FROM paper_number WHERE position >= {size}",
            f"DELETE FROM document_copy WHERE position >= {size}",
            f"DELETE FROM certified_m3 WHERE position >= {size}",
            f"DELETE FROM handed_over WHERE position >= {size}",
            f"DELETE FROM drawn WHERE child >= {size}",
            f"DELETE FROM arrived WHERE position >= {size}",
            f"DELETE FROM felled_at WHERE position >= {size}",
            f"DELETE FROM entry WHERE position >= {size}",
            f"DELETE FROM checkpoint WHERE size > {size}",
            f"DELETE FROM tree_node WHERE ((idx + 1) << level) > {size}",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
