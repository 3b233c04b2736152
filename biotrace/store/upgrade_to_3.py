"""From schema 2 to schema 3: papers are found by their numbers, and documents by what makes them the same one."""

from __future__ import annotations

from sqlalchemy import Connection, text

from .log_key import LogKey
from .projections import identity_of, number_of
from .upgrade_rows import insert, records_of

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
_PAPERS = (3, 4, 13)
"""Certificates, documents and accreditations, by their numbers in the record format."""
_NUMBER = text("INSERT INTO paper_number VALUES (:position, :number)")
_COPY = text("INSERT INTO document_copy VALUES (:position, :identity)")


def to_3(connection: Connection, _log: LogKey | None, _made_at: int | None) -> None:
    """Fill the two tables from the records, whose bytes and tree stay what they are: nothing is signed."""
    for statement in _TABLES.format(**_WORDS[connection.dialect.name]).split(";\n"):
        connection.execute(text(statement))
    for records in records_of(connection, _PAPERS):
        numbers = ((position, number_of(record)) for position, record in records)
        insert(connection, _NUMBER, [{"position": p, "number": n} for p, n in numbers if n is not None])
        identities = ((position, identity_of(record)) for position, record in records)
        insert(connection, _COPY, [{"position": p, "identity": i} for p, i in identities if i is not None])
