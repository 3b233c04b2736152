"""From schema 4 to schema 5: certificates are found by who sold and who bought."""

from __future__ import annotations

from sqlalchemy import Connection, text

from .log_key import LogKey
from .projections import handed_of
from .upgrade_rows import insert, records_of

_TABLE = """
CREATE TABLE handed_over (
    position {big} NOT NULL PRIMARY KEY REFERENCES entry (position), seller TEXT NOT NULL, buyer TEXT) {strict};
CREATE INDEX ix_handed_over_seller ON handed_over (seller);
CREATE INDEX ix_handed_over_buyer ON handed_over (buyer)
"""
_WORDS = {"sqlite": {"big": "INTEGER", "strict": "STRICT"}, "postgresql": {"big": "BIGINT", "strict": ""}}
_CERTIFICATES = (3,)
"""By their number in the record format."""
_ROW = text("INSERT INTO handed_over VALUES (:position, :seller, :buyer)")


def to_5(connection: Connection, _log: LogKey | None, _made_at: int | None) -> None:
    """Fill the table from the records, whose bytes and tree stay what they are: nothing is signed."""
    for statement in _TABLE.format(**_WORDS[connection.dialect.name]).split(";\n"):
        connection.execute(text(statement))
    for records in records_of(connection, _CERTIFICATES):
        told = ((position, handed_of(record)) for position, record in records)
        rows = [{"position": p, "seller": h.seller, "buyer": h.buyer} for p, h in told if h is not None]
        insert(connection, _ROW, rows)
