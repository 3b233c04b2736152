"""Whatever single record is taken out of a full log, nothing that rested on it is confirmed any more."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from biotrace.errors import BiotraceError
from biotrace.model.fuel_class import FuelClass
from biotrace.services.audit import audit
from biotrace.services.sign import sign_casebook
from biotrace.services.verify import verify_lots
from biotrace.services.workspace import init_workspace, open_workspace
from tests import casebooks
from tests.workspaces import TODAY, password

RESTED_ON = {"doc-1", "f-1", "p-1", "d-1", "kousei", "otsu", "key:kousei", "key:otsu"}
"""Names of records without which there is no proof: papers, deliveries, who signed, and with which key."""
_TABLES = (
    *("edge", "bound_key", "key_end", "paper_number", "document_copy", "certified_m3"),
    *("handed_over", "drawn", "arrived", "felled_at"),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean chain, signed by all its parties."""
    folder = tmp_path_factory.mktemp("sound") / "mill"
    with init_workspace(folder, (casebooks.OTSU, casebooks.BODY), lambda: TODAY, password) as workspace:
        sign_casebook(workspace, casebooks.clean(), demo_keys=True)
        (lot,) = verify_lots(workspace, ("d-1",)).verdict.lots
        assert (lot.confirmed, lot.clean) == (FuelClass.THINNED, True)
        assert audit(workspace).clean
    return folder


def without(sound: Path, position: int, folder: Path) -> Path:
    """A copy of the workspace whose database has lost one record, and every trace of it beside the tree."""
    shutil.copytree(sound, folder)
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database, database:
        for table in _TABLES:
            column = "child" if table in ("edge", "drawn") else "position"
            database.execute(f"DELETE FROM {table} WHERE {column} = ?", (position,))
        database.execute("DELETE FROM edge WHERE parent = ?", (position,))
        database.execute("DELETE FROM entry WHERE position = ?", (position,))
    return folder


def is_confirmed(folder: Path) -> bool:
    """Whether a check of the truck still says that all is well with thinnings."""
    with open_workspace(folder, lambda: TODAY) as workspace:
        try:
            found = verify_lots(workspace, ("d-1",))
        except BiotraceError:
            return False
        (lot,) = found.verdict.lots
        return found.clean and lot.confirmed is FuelClass.THINNED


def test_no_record_can_be_left_out(sound: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(sound / "ledger.sqlite")) as database:
        subjects = dict(database.execute("SELECT position, subject FROM entry"))
    assert set(subjects.values()) >= RESTED_ON
    for position, subject in subjects.items():
        folder = without(sound, position, tmp_path / str(position))
        with open_workspace(folder, lambda: TODAY) as workspace:
            assert not audit(workspace).clean, subject
        assert not (subject in RESTED_ON and is_confirmed(folder)), subject
