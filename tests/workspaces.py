"""What mills hold, and what is in a workspace's folder, for tests of the services and commands."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import Result

from biotrace.model.casebook import Casebook
from biotrace.model.fuel_class import FuelClass
from tests import casebooks

TODAY = 1_416_355_200
"""2014-11-19, 09:00 in Japan."""
PASSWORD = "correct horse"


def password() -> str:
    """Of the keys of every workspace in tests; also in BIOTRACE_PASSWORD while they run."""
    return PASSWORD


def papers() -> Casebook:
    """The model casebook, with a notice that allows 1,000 m³, so that more certificates can rest on it."""
    return casebooks.change_felling(casebooks.clean(), "doc-1", volume=1_000_000_000)


def received() -> Casebook:
    """What the mill received: f-1 (100 m³, 27 June) and f-2 (50 m³, 1 July 2014), both thinned."""
    book = casebooks.remove(casebooks.remove(papers(), "d-1"), "p-1")
    later: dict[str, Any] = {"number": "第26-018号", "date": date(2014, 7, 1)}
    return casebooks.copy(book, "f-1", "f-2", quantity=casebooks.m3(50), **later)


def general_too() -> Casebook:
    """The same with f-3: 30 m³ of general wood from a final felling."""
    book = received()
    other = casebooks.of_class(casebooks.clean(), FuelClass.GENERAL)
    felling = replace(casebooks.find(other, "f-1"), id="f-3", number="第26-019号", quantity=casebooks.m3(30))
    return casebooks.add(book, felling)


def envelopes(folder: Path) -> list[bytes]:
    """Every record in a workspace's ledger, in order."""
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        return [envelope for (envelope,) in database.execute("SELECT envelope FROM entry ORDER BY position")]


def contents(folder: Path) -> dict[str, object]:
    """All that a workspace holds: its records, and its other files. SQLite's own files may change when read."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("ledger.sqlite"))
    found: dict[str, object] = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    return found | ({"ledger": envelopes(folder)} if (folder / "ledger.sqlite").is_file() else {})


def data(result: Result) -> Any:
    """The answer of ``--format json``."""
    return json.loads(result.stdout)
