"""Entries as their tables hold them: the bytes, and all that other columns and tables repeat of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlmodel import col

from biotrace.chain.binding import BoundKey
from biotrace.chain.integrity import StoredEntry
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record

from .projections import Arrived, Drawn, Handed, projected
from .tables import EntryRow

_NAMES = ("position", "record_id", "envelope", "kind", "issuer", "subject", "kid", "seq", "content", "logged_at")
COLUMNS = tuple(col(getattr(EntryRow, name)) for name in _NAMES)
"""What ``as_stored`` needs of each row, in this order."""
_SELECT = f"SELECT {', '.join(_NAMES)} FROM entry"
_KIND = _NAMES.index("kind")
_FOUND_BY = {
    "bound_key": (RecordKind.KEY, RecordKind.ACCREDITATION),
    "key_end": (RecordKind.KEY_END,),
    "paper_number": (RecordKind.CERTIFICATE, RecordKind.DOCUMENT, RecordKind.ACCREDITATION),
    "document_copy": (RecordKind.DOCUMENT,),
    "certified_m3": (RecordKind.CERTIFICATE,),
    "handed_over": (RecordKind.CERTIFICATE,),
    "drawn": (RecordKind.CERTIFICATE,),
    "arrived": (RecordKind.DELIVERY,),
    "felled_at": (RecordKind.CERTIFICATE,),
}
"""Tables, beside that of citations, that repeat what entries of these kinds say."""
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Entry(StoredEntry):
    """With what papers are found by, and counted: see ``projections``. None where the tables say nothing."""

    number: str | None
    identity: bytes | None
    cm3: int | None
    handed: Handed | None
    drawn: tuple[Drawn, ...]
    arrived: Arrived | None
    felled: tuple[str, ...]

    def repeated(self, record: Record) -> dict[str, object]:
        """See ``StoredEntry``."""
        return StoredEntry.repeated(self, record) | projected(record)


class Bytes(NamedTuple):
    """An entry's bytes, and what it is found and proven by."""

    position: int
    record_id: bytes
    envelope: bytes
    kind: int
    logged_at: int


def bytes_at(connection: Connection, positions: Iterable[int]) -> list[Bytes]:
    """The bytes of the entries at these positions, in order, where there are any."""
    ordered = sorted(positions)
    found: list[Bytes] = []
    for i in range(0, len(ordered), _CHUNK):
        within = _within(ordered[i : i + _CHUNK])
        query = f"SELECT {', '.join(Bytes._fields)} FROM entry WHERE position {within} ORDER BY position"
        found += (Bytes(*row) for row in connection.exec_driver_sql(query))
    return found


def stored_at(connection: Connection, positions: Iterable[int]) -> list[StoredEntry]:
    """The entries at these positions, in order, where there are any.

    Tables of keys and papers are asked only about entries that are said to be of a kind that is found by them.
    """
    ordered = sorted(positions)
    found: list[StoredEntry] = []
    for i in range(0, len(ordered), _CHUNK):
        chunk = ordered[i : i + _CHUNK]
        rows = connection.exec_driver_sql(f"{_SELECT} WHERE position {_within(chunk)} ORDER BY position").all()
        by_kind: defaultdict[int, list[int]] = defaultdict(list)
        for row in rows:
            by_kind[row[_KIND]].append(row[0])
        about = {table: [p for kind in kinds for p in by_kind.get(kind, ())] for table, kinds in _FOUND_BY.items()}
        within = {table: _within(listed) for table, listed in about.items() if listed}
        found += _entries(connection, rows, {"edge": _within(chunk), **within})
    return found


def as_stored(connection: Connection, rows: Sequence[Sequence[Any]]) -> list[StoredEntry]:
    """The entries of which these are the COLUMNS, by position ascending."""
    if not rows:
        return []
    first, last = rows[0][0], rows[-1][0]
    dense = last - first < len(rows)
    within = f"BETWEEN {first} AND {last}" if dense else _within([row[0] for row in rows])
    return _entries(connection, rows, dict.fromkeys(("edge", *_FOUND_BY), within))


def _within(positions: Sequence[int]) -> str:
    return f"IN ({', '.join(map(str, positions))})"


def _entries(connection: Connection, rows: Sequence[Sequence[Any]], within: Mapping[str, str]) -> list[StoredEntry]:
    """``within``: for each table that is asked, SQL that is true of the positions, after a column's name."""

    def ask(columns: str, table: str, key: str = "position") -> Iterable[Any]:
        if table not in within:
            return ()
        query = f"SELECT {key}, {columns} FROM {table} WHERE {key} {within[table]} ORDER BY 1, 2"
        return connection.exec_driver_sql(query).all()

    parents: defaultdict[int, list[int]] = defaultdict(list)
    for child, parent in ask("parent", "edge", "child"):
        parents[child].append(parent)
    keys = {
        position: (kid, BoundKey(public, party, bool(root), by, position))
        for position, kid, public, party, root, by in ask("kid, public, party, root, by_kid", "bound_key")
    }
    ends = {position: (kid, first) for position, kid, first in ask("kid, first", "key_end")}
    numbers: dict[int, str] = dict(ask("number", "paper_number"))
    identities: dict[int, bytes] = dict(ask("identity", "document_copy"))
    volumes: dict[int, int] = dict(ask("cm3", "certified_m3"))
    handed = {position: Handed(*row) for position, *row in ask(", ".join(Handed._fields), "handed_over")}
    drawn: defaultdict[int, list[Drawn]] = defaultdict(list)
    for child, *row in ask(", ".join(Drawn._fields), "drawn", "child"):
        drawn[child].append(Drawn(*row))
    arrived = {position: Arrived(*row) for position, *row in ask(", ".join(Arrived._fields), "arrived")}
    felled: defaultdict[int, list[str]] = defaultdict(list)
    for position, number in ask("number", "felled_at"):
        felled[position].append(number)

    def repeated(position: int) -> tuple[Any, ...]:
        cited = tuple(parents.get(position, ()))
        papers = (numbers.get(position), identities.get(position), volumes.get(position))
        # Sorted here: databases have orders of their own for texts.
        places = tuple(sorted(felled.get(position, ())))
        wood = (handed.get(position), tuple(drawn.get(position, ())), arrived.get(position), places)
        return cited, keys.get(position), ends.get(position), *papers, *wood

    return [Entry(*row, *repeated(row[0])) for row in rows]
