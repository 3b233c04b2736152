"""Reading entries back, in the caller's transaction."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select
from sqlmodel import col

from biotrace.chain.cbor import MAX_INT
from biotrace.chain.leaf import Leaf
from biotrace.chain.record import parse_record
from biotrace.errors import UsageError
from biotrace.model.text import Text

from .appending import Entry
from .tables import EntryRow

_ENVELOPE_AT = select(col(EntryRow.position), col(EntryRow.envelope)).where(
    col(EntryRow.record_id) == bindparam("of_id")
)
BATCH = 500
"""Entries read at once."""
_ID_PREFIX = re.compile(r"[0-9a-fA-F]{6,64}")
_position = col(EntryRow.position)
_ENTRY = (_position, col(EntryRow.logged_at), col(EntryRow.envelope))
_LEAF = (_position, col(EntryRow.record_id), col(EntryRow.logged_at))


def count(connection: Connection) -> int:
    """How many entries there are."""
    return connection.scalar(select(func.count()).select_from(EntryRow)) or 0


def end(connection: Connection) -> int:
    """The position after the last entry: how many there are, where none is missing. Reads one."""
    last = connection.scalar(select(_position).order_by(_position.desc()).limit(1))
    return 0 if last is None else last + 1


def end_at(connection: Connection, seconds: int) -> int:
    """The position of the first entry that was logged after that second; ``end`` where none was."""
    later = connection.scalar(select(func.min(_position)).where(col(EntryRow.logged_at) > seconds))
    return end(connection) if later is None else later


def envelope_at(connection: Connection, record_id: bytes) -> tuple[int, bytes] | None:
    """Position and bytes of the record of that id; None where it is not held."""
    row = connection.execute(_ENVELOPE_AT, {"of_id": record_id}).first()
    return None if row is None else (row.position, row.envelope)


def envelope(connection: Connection, record_id: bytes) -> bytes | None:
    """The bytes of the record of that id; None where it is not held."""
    return connection.scalar(select(col(EntryRow.envelope)).where(col(EntryRow.record_id) == record_id))


def entry(connection: Connection, position: int) -> Entry:
    """The entry at ``position``. Raises UsageError where there is none."""
    found = _entries(connection, _position == position) if position <= MAX_INT else []
    if not found:
        raise missing(position)
    return found[0]


def find(connection: Connection, text: str) -> list[Entry]:
    """See ``Ledger.find``."""
    if not is_text(text):
        return []
    wanted: ColumnElement[bool] = col(EntryRow.subject) == text
    if _ID_PREFIX.fullmatch(text):
        least, greatest = (bytes.fromhex(text.ljust(64, digit)) for digit in "0f")
        wanted = or_(wanted, col(EntryRow.record_id).between(least, greatest))
    return _entries(connection, wanted)


def batch(connection: Connection, start: int) -> list[Entry]:
    """The next entries from ``start`` on, in order; empty where there are none."""
    return _entries(connection, _position >= start, BATCH)


def leaf_batch(connection: Connection, start: int, end: int) -> list[tuple[int, Leaf]]:
    """Positions and leaves of the next entries from ``start`` to before ``end``; empty where there are none."""
    rows = select(*_LEAF).where(_position >= start, _position < end).order_by(_position).limit(BATCH)
    return [(position, Leaf(record_id, logged_at)) for position, record_id, logged_at in connection.execute(rows)]


def missing(position: int) -> UsageError:
    """That the ledger has no such entry."""
    return UsageError(Text(f"台帳に {position} 番はありません", f"the ledger has no entry {position}"))


def _entries(connection: Connection, wanted: ColumnElement[bool], limit: int | None = None) -> list[Entry]:
    rows = connection.execute(select(*_ENTRY).where(wanted).order_by(_position).limit(limit))
    return [Entry(position, logged_at, parse_record(envelope)) for position, logged_at, envelope in rows]


def is_text(text: str) -> bool:
    """Whether a database can be asked for it: what a terminal could not decode comes as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
