"""Entries as their tables hold them: the bytes, and all that other columns and tables repeat of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlmodel import col

from biotrace.chain.binding import BoundKey
from biotrace.chain.integrity import StoredEntry
from biotrace.chain.record import Record

from .projections import projected
from .tables import EntryRow

_NAMES = ("position", "record_id", "envelope", "kind", "issuer", "subject", "kid", "seq", "content", "logged_at")
COLUMNS = tuple(col(getattr(EntryRow, name)) for name in _NAMES)
"""What ``as_stored`` needs of each row, in this order."""
_SELECT = f"SELECT {', '.join(_NAMES)} FROM entry"
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Entry(StoredEntry):
    """With what papers are found by: see ``projections``. None where the tables say nothing."""

    number: str | None
    identity: bytes | None

    def repeated(self, record: Record) -> dict[str, object]:
        """See ``StoredEntry``."""
        return StoredEntry.repeated(self, record) | projected(record)


def stored_at(connection: Connection, positions: Iterable[int]) -> list[StoredEntry]:
    """The entries at these positions, in order, where there are any."""
    ordered = sorted(positions)
    found: list[StoredEntry] = []
    for i in range(0, len(ordered), _CHUNK):
        within = f"IN ({', '.join(map(str, ordered[i : i + _CHUNK]))})"
        rows = connection.exec_driver_sql(f"{_SELECT} WHERE position {within} ORDER BY position").all()
        found += _entries(connection, [tuple(row) for row in rows], within)
    return found


def as_stored(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> list[StoredEntry]:
    """The entries of which these are the COLUMNS, by position ascending."""
    if not rows:
        return []
    first, last = rows[0][0], rows[-1][0]
    if last - first < len(rows):
        return _entries(connection, rows, f"BETWEEN {first} AND {last}")
    return _entries(connection, rows, f"IN ({', '.join(str(row[0]) for row in rows)})")


def _entries(connection: Connection, rows: Sequence[tuple[Any, ...]], within: str) -> list[StoredEntry]:
    """``within``: SQL that is true of the rows' positions, after a column's name."""

    def ask(columns: str, table: str, key: str) -> list[tuple[Any, ...]]:
        query = f"SELECT {key}, {columns} FROM {table} WHERE {key} {within} ORDER BY 1, 2"
        return [tuple(row) for row in connection.exec_driver_sql(query)]

    parents: defaultdict[int, list[int]] = defaultdict(list)
    for child, parent in ask("parent", "edge", "child"):
        parents[child].append(parent)
    keys = {
        position: (kid, BoundKey(public, party, bool(root), by, position))
        for position, kid, public, party, root, by in ask("kid, public, party, root, by_kid", "bound_key", "position")
    }
    ends = {position: (kid, first) for position, kid, first in ask("kid, first", "key_end", "position")}
    numbers = dict(ask("number", "paper_number", "position"))
    identities = dict(ask("identity", "document_copy", "position"))

    def repeated(position: int) -> tuple[Any, ...]:
        cited = tuple(parents.get(position, ()))
        return cited, keys.get(position), ends.get(position), numbers.get(position), identities.get(position)

    return [Entry(*row, *repeated(row[0])) for row in rows]
