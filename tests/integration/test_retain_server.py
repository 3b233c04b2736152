"""Destroying values in a ledger on PostgreSQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine

from tests.desks import noon
from tests.integration.conftest import Run
from tests.integration.retaining import AFTER, BOUGHT, Desk, book, lay_out
from tests.workspaces import data


def test_the_rows_are_deleted_and_their_table_is_written_anew(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_postgresql: str
) -> None:
    def set_day(day: date) -> None:
        monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: noon(day)))

    desk = Desk(tmp_path, run, set_day)
    set_day(BOUGHT)
    own = ["--party", "otsu", "--name", "乙チップ工業株式会社"]
    assert run("init", desk.at(), *own, "--ledger", on_postgresql).exit_code == 0
    assert desk.command("sign", lay_out(tmp_path / "papers", book()), on=BOUGHT).exit_code == 0
    engine = create_engine(on_postgresql)
    with engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT pg_relation_filenode('disclosure')").scalar()
        assert connection.exec_driver_sql("SELECT count(*) FROM disclosure").scalar() == 1
    done = desk.json("purge", on=AFTER)
    assert (done["files"], done["private_values"], len(done["tombstones"])) == (3, 1, 4)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM disclosure").scalar() == 0
        assert connection.exec_driver_sql("SELECT pg_relation_filenode('disclosure')").scalar() != before
    engine.dispose()
    assert desk.held() == set()
    verdict = data(desk.command("verify", "d-1", "--format", "json", on=AFTER))
    assert not [f for lot in verdict["lots"] for f in lot["findings"] if f["code"][0] == "D"]
