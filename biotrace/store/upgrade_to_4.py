"""From schema 3 to schema 4: what certificates put on documents, so that not all have to be read to add it up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Row, text

from biotrace.chain.record import parse_record
from biotrace.errors import IntegrityError, UpdateNeededError

from .log_key import LogKey
from .projections import cm3_of

_ROWS = 1_000
_TABLE = """
CREATE TABLE certified_m3 (
    position {big} NOT NULL PRIMARY KEY REFERENCES entry (position), cm3 {big} NOT NULL) {strict}
"""
_WORDS = {"sqlite": {"big": "INTEGER", "strict": "STRICT"}, "postgresql": {"big": "BIGINT", "strict": ""}}
_CERTIFICATES = text(
    "SELECT position, envelope FROM entry WHERE kind = 3 AND position > :after ORDER BY position LIMIT :rows"
)
"""By their number in the record format."""
_ROW = text("INSERT INTO certified_m3 VALUES (:position, :cm3)")


def to_4(connection: Connection, _log: LogKey | None, _made_at: int | None) -> None:
    """Fill the table from the records, whose bytes and tree stay what they are: nothing is signed."""
    connection.execute(text(_TABLE.format(**_WORDS[connection.dialect.name])))
    for rows in _certificates(connection):
        told = ((row.position, _cm3(bytes(row.envelope))) for row in rows)
        filled = [{"position": position, "cm3": cm3} for position, cm3 in told if cm3 is not None]
        if filled:
            connection.execute(_ROW, filled)


def _certificates(connection: Connection) -> Iterator[Sequence[Row[tuple[int, bytes]]]]:
    """In batches."""
    after = -1
    while batch := connection.execute(_CERTIFICATES, {"after": after, "rows": _ROWS}).all():
        yield batch
        after = batch[-1].position


def _cm3(envelope: bytes) -> int | None:
    """None too for bytes that are no record, of which the check that follows the last step tells."""
    try:
        return cm3_of(parse_record(envelope))
    except (IntegrityError, UpdateNeededError):
        return None
