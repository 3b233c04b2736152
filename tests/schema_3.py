"""Ledgers as the releases before schema 4 made them: without what certificates put on documents."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text

from biotrace.chain.record import Record
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW

LATER_TABLES = ("certified_m3", "handed_over", "drawn", "arrived", "felled_at")


def make(where: str | Path, records: list[Record]) -> None:
    """A ledger of schema 3 with these records, in a file or at a database address."""
    with Ledger.create(where, LOG, ledger_id="old") as ledger:
        ledger.append(records, NOW)
    engine = create_engine(str(where) if "://" in str(where) else f"sqlite:///{where}")
    with engine.begin() as connection:
        for table in LATER_TABLES:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE biotrace_meta SET schema_version = 3"))
    engine.dispose()
