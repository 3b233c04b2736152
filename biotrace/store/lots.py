"""Finding lots, certificates and deliveries, by what people call them, without reading the others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, select
from sqlmodel import col

from biotrace.chain.kinds import RecordKind

from . import entries
from .closure import chunks, listed
from .tables import EntryRow, ForeignLogRow, NumberRow

_ID_PREFIX = re.compile(r"[0-9a-f]{6,64}")
_NEIGHBOURS = 100
_CHUNK = 500
"""Ids per query."""
_LOTS = (int(RecordKind.CERTIFICATE), int(RecordKind.DELIVERY))
_position, _subject, _record_id = col(EntryRow.position), col(EntryRow.subject), col(EntryRow.record_id)
_NAMED = select(_position, col(EntryRow.kind), _subject, _record_id)
_OF_SUBJECT = _NAMED.where(_subject == bindparam("text")).order_by(_position)
_OF_NUMBER = _NAMED.where(
    _position.in_(select(col(NumberRow.position)).where(col(NumberRow.number) == bindparam("text")))
)
_OF_ID = _NAMED.where(_record_id.between(bindparam("least"), bindparam("greatest")))
_ON_NUMBER = col(NumberRow.position) == _position


class Named(NamedTuple):
    """An entry, as the database names it."""

    position: int
    kind: RecordKind
    subject: str
    record_id: bytes


def find_lots(connection: Connection, text: str) -> list[Named]:
    """The lots of that subject; where none has it, of that number, or whose record id begins with it (6 or more hex
    digits). In order."""
    return find_named(connection, text, _LOTS)


def find_named(connection: Connection, text: str, kinds: Collection[int]) -> list[Named]:
    """Likewise entries of some kinds."""
    if not entries.is_text(text):
        return []
    by_subject = _named(connection, _OF_SUBJECT, {"text": text}, kinds)
    if by_subject:
        return by_subject
    # One query for each index: asked for either, SQLite would go through all lots.
    found = _named(connection, _OF_NUMBER, {"text": text}, kinds)
    if _ID_PREFIX.fullmatch(text.lower()):
        least, greatest = (bytes.fromhex(text.ljust(64, digit)) for digit in "0f")
        found += _named(connection, _OF_ID, {"least": least, "greatest": greatest}, kinds)
    return sorted(dict.fromkeys(found))


def positions_of(connection: Connection, record_ids: Collection[str]) -> list[int]:
    """The positions of the entries of these ids (hex) that are held, ascending."""
    found: list[int] = []
    ids = [bytes.fromhex(i) for i in record_ids]
    for start in range(0, len(ids), _CHUNK):
        some = _record_id.in_(ids[start : start + _CHUNK])
        found += connection.scalars(select(_position).where(some))
    return sorted(found)


def ids_at(connection: Connection, positions: Iterable[int]) -> list[str]:
    """The record ids (hex) of the entries at these positions, in order, where there are any."""
    found: list[str] = []
    for chunk in chunks(positions):
        rows = connection.exec_driver_sql(f"SELECT record_id FROM entry WHERE position IN {chunk} ORDER BY position")
        found += (bytes(record_id).hex() for record_id in rows.scalars())
    return found


def of_kinds(connection: Connection, positions: Iterable[int], kinds: Collection[int]) -> list[int]:
    """Those of the entries at these positions that the database says are of these kinds."""
    found: list[int] = []
    for chunk in chunks(positions):
        query = f"SELECT position FROM entry WHERE position IN {chunk} AND +kind IN {listed(kinds)}"
        found += connection.exec_driver_sql(query).scalars()
    return found


def _named(
    connection: Connection, query: Select[*tuple[Any, ...]], values: dict[str, object], kinds: Collection[int]
) -> list[Named]:
    rows = connection.execute(query, values)
    return [Named(position, RecordKind(kind), *rest) for position, kind, *rest in rows if kind in kinds]


def names_near(connection: Connection, text: str, kinds: Collection[int] = _LOTS) -> list[str]:
    """Subjects and numbers of lots, or entries of other kinds, that stand next to that text in the order of the
    database, some of either side."""
    if not entries.is_text(text):
        return []
    number, of_kind = col(NumberRow.number), col(EntryRow.kind).in_([int(kind) for kind in kinds])
    subjects = select(_subject).where(of_kind)
    numbers = select(number).join(EntryRow, _ON_NUMBER).where(of_kind)
    found: list[str] = []
    for query, column in ((subjects, _subject), (numbers, number)):
        found += connection.scalars(query.where(column < text).order_by(column.desc()).limit(_NEIGHBOURS))
        found += connection.scalars(query.where(column >= text).order_by(column).limit(_NEIGHBOURS))
    return found


def last_until(connection: Connection, seconds: int) -> int:
    """The position of the last entry logged until then (seconds since 1970-01-01 UTC), -1 where none was.

    Looks at few entries, since log times never go back.
    """
    first, beyond = 0, entries.end(connection)
    while first < beyond:
        middle = (first + beyond) // 2
        at = connection.scalar(select(col(EntryRow.logged_at)).where(_position == middle))
        if at is not None and at <= seconds:
            first = middle + 1
        else:
            beyond = middle
    return first - 1


def holds_other_logs(connection: Connection) -> bool:
    """Whether anything of another scheme's log is held."""
    return connection.scalar(select(col(ForeignLogRow.origin)).limit(1)) is not None
