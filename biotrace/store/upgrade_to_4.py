"""From schema 3 to schema 4: what certificates put on documents, so that not all have to be read to add it up."""

from __future__ import annotations

from sqlalchemy import Connection, text

from .log_key import LogKey
from .projections import cm3_of
from .upgrade_rows import insert, records_of

_TABLE = """
CREATE TABLE certified_m3 (
    position {big} NOT NULL PRIMARY KEY REFERENCES entry (position), cm3 {big} NOT NULL) {strict}
"""
_WORDS = {"sqlite": {"big": "INTEGER", "strict": "STRICT"}, "postgresql": {"big": "BIGINT", "strict": ""}}
_CERTIFICATES = (3,)
"""By their number in the record format."""
_ROW = text("INSERT INTO certified_m3 VALUES (:position, :cm3)")


def to_4(connection: Connection, _log: LogKey | None, _made_at: int | None) -> None:
    """Fill the table from the records, whose bytes and tree stay what they are: nothing is signed."""
    connection.execute(text(_TABLE.format(**_WORDS[connection.dialect.name])))
    for records in records_of(connection, _CERTIFICATES):
        told = ((position, cm3_of(record)) for position, record in records)
        insert(connection, _ROW, [{"position": p, "cm3": cm3} for p, cm3 in told if cm3 is not None])
