"""From schema 4 to schema 5: certificates are found by who sold and who bought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Row, text

from biotrace.chain.record import parse_record
from biotrace.errors import IntegrityError, UpdateNeededError

from .log_key import LogKey
from .projections import Handed, handed_of

_ROWS = 1_000
_TABLE = """
CREATE TABLE handed_over (
    position {big} NOT NULL PRIMARY KEY REFERENCES entry (position), seller TEXT NOT NULL, buyer TEXT) {strict};
CREATE INDEX ix_handed_over_seller ON handed_over (seller);
CREATE INDEX ix_handed_over_buyer ON handed_over (buyer)
"""
_WORDS = {"sqlite": {"big": "INTEGER", "strict": "STRICT"}, "postgresql": {"big": "BIGINT", "strict": ""}}
_CERTIFICATES = text(
    "SELECT position, envelope FROM entry WHERE kind = 3 AND position > :after ORDER BY position LIMIT :rows"
)
"""By their number in the record format."""
_ROW = text("INSERT INTO handed_over VALUES (:position, :seller, :buyer)")


def to_5(connection: Connection, _log: LogKey | None, _made_at: int | None) -> None:
    """Fill the table from the records, whose bytes and tree stay what they are: nothing is signed."""
    for statement in _TABLE.format(**_WORDS[connection.dialect.name]).split(";\n"):
        connection.execute(text(statement))
    for rows in _certificates(connection):
        told = ((row.position, _handed(bytes(row.envelope))) for row in rows)
        filled = [{"position": p, "seller": handed[0], "buyer": handed[1]} for p, handed in told if handed is not None]
        if filled:
            connection.execute(_ROW, filled)


def _certificates(connection: Connection) -> Iterator[Sequence[Row[tuple[int, bytes]]]]:
    """In batches."""
    after = -1
    while batch := connection.execute(_CERTIFICATES, {"after": after, "rows": _ROWS}).all():
        yield batch
        after = batch[-1].position


def _handed(envelope: bytes) -> Handed | None:
    """None too for bytes that are no record, of which the check that follows the last step tells."""
    try:
        return handed_of(parse_record(envelope))
    except (IntegrityError, UpdateNeededError):
        return None
