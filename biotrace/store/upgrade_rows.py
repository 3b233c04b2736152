"""What steps of an upgrade share that fill tables from the records: reading these in batches, and inserting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, TextClause, text

from biotrace.chain.record import Record, parse_record
from biotrace.errors import IntegrityError, UpdateNeededError

_ROWS = 1_000


def records_of(connection: Connection, kinds: Sequence[int]) -> Iterator[list[tuple[int, Record]]]:
    """The records of these kinds, by their numbers in the record format, with their positions, some at a time.

    Bytes that are no record are left out: of these the check that follows the last step tells.
    """
    listed = ", ".join(map(str, kinds))
    query = text(
        f"SELECT position, envelope FROM entry WHERE kind IN ({listed}) AND position > :after"
        " ORDER BY position LIMIT :rows"
    )
    after = -1
    while batch := connection.execute(query, {"after": after, "rows": _ROWS}).all():
        found = ((row.position, _readable(bytes(row.envelope))) for row in batch)
        yield [(position, record) for position, record in found if record is not None]
        after = batch[-1].position


def insert(connection: Connection, statement: TextClause, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, if there are any."""
    if rows:
        connection.execute(statement, rows)


def _readable(envelope: bytes) -> Record | None:
    try:
        return parse_record(envelope)
    except (IntegrityError, UpdateNeededError):
        return None
