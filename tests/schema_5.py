"""Ledgers as the releases before schema 6 made them: with who sold to whom, without amounts."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text

from biotrace.chain.record import Record
from biotrace.model.certificate import Certificate
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW


def make(where: str | Path, records: list[Record]) -> None:
    """A ledger of schema 5 with these records, in a file or at a database address."""
    with Ledger.create(where, LOG, ledger_id="old") as ledger:
        ledger.append(records, NOW)
    engine = create_engine(str(where) if "://" in str(where) else f"sqlite:///{where}")
    with engine.begin() as connection:
        for table in ("drawn", "arrived", "felled_at"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DROP INDEX ix_handed_over_issuer"))
        for column in ("issuer", "day", "amount", "unit", "moisture", "species"):
            connection.execute(text(f"ALTER TABLE handed_over DROP COLUMN {column}"))
        if connection.dialect.name == "sqlite":  # numbers with a NUL had a row where the database could hold it
            for position, record in enumerate(records):
                if isinstance(record.body, Certificate) and "\0" in (record.body.number or ""):
                    row = {"position": position, "number": record.body.number}
                    connection.execute(text("INSERT INTO paper_number VALUES (:position, :number)"), row)
        connection.execute(text("UPDATE biotrace_meta SET schema_version = 5"))
    engine.dispose()
