"""Checking a whole ledger: reads what its database holds, unread, and has ``biotrace.chain.integrity`` judge it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, func, select
from sqlmodel import col

from biotrace.chain.admit import Held
from biotrace.chain.integrity import IntegrityFinding, StoredEntry, check_entries
from biotrace.chain.kinds import RecordKind
from biotrace.chain.note import VerifierKey
from biotrace.chain.record import Record, parse_record
from biotrace.chain.tree_integrity import check_tree
from biotrace.errors import UnreadableError
from biotrace.model.text import Text

from .entry_rows import COLUMNS, as_stored
from .ledger import Ledger
from .stored_tree import Reading, stored_tree
from .tables import (
    ArrivedRow,
    CopyRow,
    DrawnRow,
    EdgeRow,
    EntryRow,
    FelledRow,
    HandedRow,
    KeyEndRow,
    KeyRow,
    NumberRow,
    VolumeRow,
)
from .view import foreign_record

__all__ = ["IntegrityFinding", "check_integrity", "findings", "stored_entries"]

_BATCH = 500
_Rows: TypeAlias = Select[*tuple[Any, ...]]
_REPEATING = (KeyRow, KeyEndRow, NumberRow, CopyRow, VolumeRow, HandedRow, ArrivedRow, FelledRow)
_OF_ENTRIES = (col(EdgeRow.child), col(DrawnRow.child), *(col(row.position) for row in _REPEATING))
"""Columns that name the entry from which a row comes."""
_IN_ORDER: _Rows = select(*COLUMNS).order_by(col(EntryRow.position))


def check_integrity(ledger: Ledger, parse: Callable[[bytes], Record] = parse_record) -> list[IntegrityFinding]:
    """Everything in a ledger that is not as it was signed and logged, by position; empty where all is.

    See ``check_entries`` and ``check_tree`` for what is checked and what cannot be seen. Raises UnreadableError where
    the database itself is broken. ``parse``: see ``parse_record``.
    """
    check_file(ledger)
    return findings(ledger.database.reading, ledger.log_name, parse=parse)


def findings(
    reading: Reading,
    log: VerifierKey,
    passed: Callable[[int], None] = lambda _: None,
    parse: Callable[[bytes], Record] = parse_record,
) -> list[IntegrityFinding]:
    """``check_integrity`` of the entries, tree and checkpoints that ``reading`` gives to see.

    ``passed``: told the position of each entry when it is looked at.
    """

    def elsewhere(record_id: bytes) -> Held | None:
        with reading() as connection:
            return foreign_record(connection, record_id)

    def all_entries() -> Iterator[StoredEntry]:
        for entry in _stored_entries(reading):
            passed(entry.position)
            yield entry

    entries = check_entries(all_entries(), elsewhere, parse)
    found = [*entries, *strays(reading), *check_tree(stored_tree(reading), log)]
    return sorted(found, key=lambda finding: finding.position)


def check_file(ledger: Ledger) -> None:
    """SQLite's own check of its pages, the types in them and its indexes, through which records are found."""
    if ledger.database.path is None:
        return
    with ledger.database.reading() as connection:
        problem = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    if problem != "ok":
        raise UnreadableError(
            Text(
                f"台帳 {ledger.database.name} のファイルが壊れています（{problem}）",
                f"the file of ledger {ledger.database.name} is damaged ({problem})",
            ),
            Text("このファイルには書き込まず、控えから戻してください", "do not write to it; restore a backup"),
            code="ledger-damaged",
        )


def stored_entries(ledger: Ledger) -> Iterator[StoredEntry]:
    """All entries as stored, in batches, so that no transaction stays open between them."""
    return _stored_entries(ledger.database.reading)


def entries_between(ledger: Ledger, first: int, end: int) -> list[StoredEntry]:
    """The entries as stored from position ``first`` to before ``end``."""
    with ledger.database.reading() as connection:
        return _entries(connection, _IN_ORDER.where(col(EntryRow.position).between(first, end - 1)))


def next_position(ledger: Ledger, first: int | None, end: int) -> int | None:
    """The position of the first entry from ``first`` (None: any) to before ``end``; None where there is none."""
    lowest = select(func.min(col(EntryRow.position))).where(col(EntryRow.position) <= end - 1)
    with ledger.database.reading() as connection:
        return connection.scalar(lowest if first is None else lowest.where(col(EntryRow.position) >= first))


def signed_before(ledger: Ledger, entry: StoredEntry) -> tuple[int, bytes] | None:
    """Position and record id of an earlier entry that is said to stand at the same place of the same key's chain."""
    same = (col(EntryRow.kid) == entry.kid, col(EntryRow.seq) == entry.seq, col(EntryRow.position) < entry.position)
    columns = select(col(EntryRow.position), col(EntryRow.record_id)).where(*same)
    with ledger.database.reading() as connection:
        row = connection.execute(columns.order_by(col(EntryRow.position)).limit(1)).first()
    return None if row is None else (row.position, row.record_id)


def entries_of(ledger: Ledger, kinds: Iterable[RecordKind], end: int) -> Iterator[StoredEntry]:
    """The entries before position ``end`` that the database says are of one of ``kinds``."""
    wanted = _IN_ORDER.where(col(EntryRow.kind).in_([int(kind) for kind in kinds]), col(EntryRow.position) <= end - 1)
    return _stored_entries(ledger.database.reading, wanted)


def entries_with(ledger: Ledger, record_ids: Iterable[bytes], end: int) -> Iterator[StoredEntry]:
    """The entries before position ``end`` that the database says are the records of these ids."""
    ids = sorted(record_ids)
    for i in range(0, len(ids), _BATCH):
        some = col(EntryRow.record_id).in_(ids[i : i + _BATCH])
        yield from _stored_entries(ledger.database.reading, _IN_ORDER.where(some, col(EntryRow.position) <= end - 1))


def _stored_entries(reading: Reading, wanted: _Rows = _IN_ORDER) -> Iterator[StoredEntry]:
    query = wanted
    while True:
        with reading() as connection:
            batch = _entries(connection, query.limit(_BATCH))
        if not batch:
            return
        yield from batch
        query = wanted.where(col(EntryRow.position) > batch[-1].position)


def _entries(connection: Connection, query: _Rows) -> list[StoredEntry]:
    return as_stored(connection, [tuple(row) for row in connection.execute(query)])


def strays(reading: Reading) -> Iterator[IntegrityFinding]:
    """Citations, keys and what else is said to come from entries that are not there."""
    with reading() as connection:
        held = select(col(EntryRow.position))
        strays = {
            position
            for column in _OF_ENTRIES
            for position in connection.scalars(select(column).where(column.not_in(held)))
        }
    for position in strays:
        missing = Text(
            f"引用か鍵の元となる {position} 番がありません",
            f"citations or a key are stored for entry {position}, which is not there",
        )
        yield IntegrityFinding("S103", "log-place", position, b"", missing)
