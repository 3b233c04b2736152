"""From schema 2 to schema 3: papers are found by their numbers, and documents by what makes them the same one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from biotrace.chain.record import Record, parse_record
from biotrace.errors import IntegrityError, UpdateNeededError

from .log_key import LogKey
from .projections import identity_of, number_of

_ROWS = 1_000
_TABLES = """
CREATE TABLE paper_number (
    position {big} NOT NULL PRIMARY KEY REFERENCES entry (position), number TEXT NOT NULL) {strict};
CREATE INDEX ix_paper_number_number ON paper_number (number);
CREATE TABLE document_copy (
    position {big} NOT NULL PRIMARY KEY REFERENCES entry (position), identity {blob} NOT NULL) {strict};
CREATE INDEX ix_document_copy_identity ON document_copy (identity)
"""
_WORDS = {
    "sqlite": {"big": "INTEGER", "blob": "BLOB", "strict": "STRICT"},
    "postgresql": {"big": "BIGINT", "blob": "BYTEA", "strict": ""},
}
_PAPERS = text(
    "SELECT position, envelope FROM entry WHERE kind IN (3, 4, 13) AND position > :after ORDER BY position LIMIT :rows"
)
"""Certificates, documents and accreditations, by their numbers in the record format."""
_NUMBER = text("INSERT INTO paper_number VALUES (:position, :number)")
_COPY = text("INSERT INTO document_copy VALUES (:position, :identity)")


def to_3(connection: Connection, _log: LogKey | None, _made_at: int | None) -> None:
    """Fill the two tables from the records, whose bytes and tree stay what they are: nothing is signed."""
    for statement in _TABLES.format(**_WORDS[connection.dialect.name]).split(";\n"):
        connection.execute(text(statement))
    for rows in _papers(connection):
        papers = [(row.position, record) for row in rows if (record := _readable(bytes(row.envelope))) is not None]
        numbers = [(position, number_of(record)) for position, record in papers]
        identities = [(position, identity_of(record)) for position, record in papers]
        _insert(connection, _NUMBER, "number", numbers)
        _insert(connection, _COPY, "identity", identities)


def _insert(connection: Connection, statement: Any, column: str, values: Sequence[tuple[int, object]]) -> None:
    rows = [{"position": position, column: value} for position, value in values if value is not None]
    if rows:
        connection.execute(statement, rows)


def _papers(connection: Connection) -> Iterator[Sequence[Row[tuple[int, bytes]]]]:
    """In batches."""
    after = -1
    while batch := connection.execute(_PAPERS, {"after": after, "rows": _ROWS}).all():
        yield batch
        after = batch[-1].position


def _readable(envelope: bytes) -> Record | None:
    """The record; None for bytes that are none, of which the check that follows the last step tells."""
    try:
        return parse_record(envelope)
    except (IntegrityError, UpdateNeededError):
        return None
