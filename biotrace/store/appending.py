"""Taking records into a ledger, inside one transaction that the caller commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlmodel import SQLModel, col

from biotrace.chain.admit import admit
from biotrace.chain.binding import binding_of
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.cose import MAX_TIME
from biotrace.chain.kinds import KeyEnd
from biotrace.chain.leaf import Leaf
from biotrace.chain.record import Record, cites, content_digest, parse_record, signed_here
from biotrace.errors import IntegrityError, UnreadableError
from biotrace.model.text import Text

from . import tree
from .log_key import LogKey
from .projections import arrived_of, cm3_of, drawn_of, felled_of, handed_of, identity_of, number_of
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
from .view import StoredView
from .writing import insert_rows

_LAST = select(col(EntryRow.position), col(EntryRow.logged_at)).order_by(col(EntryRow.position).desc()).limit(1)
_HELD = select(col(EntryRow.content), col(EntryRow.position)).where(
    col(EntryRow.content).in_(bindparam("contents", expanding=True))
)
_CHUNK = 5_000
SKEW_SECONDS = 300
"""How far the caller's clock may lie behind the last entry: another may have read a clock later and been first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a ledger. ``logged_at``: when the ledger took it, seconds since 1970-01-01 UTC."""

    position: int
    logged_at: int
    record: Record


class DuplicateRecord(IntegrityError):
    """The ledger holds this content already, at ``position``."""

    code = "duplicate"

    def __init__(self, record: Record, position: int) -> None:
        super().__init__(
            Text(
                f"{record.kind.label.ja}「{record.subject}」: 同じ内容が台帳の {position} 番にあります",
                f"{record.kind.label.en} {record.subject}: the same content is entry {position} of the ledger",
            ),
            Text("すでに記録済みです。することはありません", "it is logged already: there is nothing to do"),
        )
        self.position = position


def append_all(
    connection: Connection,
    log: LogKey,
    submitted: Sequence[Record],
    logged_at: int,
    made_at: int | None = None,
    known: bytes | None = None,
) -> tuple[list[Entry], Checkpoint]:
    """Write all records, each judged from its bytes and against those before it, and the checkpoint of them all.

    ``made_at``, ``known``: see ``tree.grow``; without ``made_at`` the log time counts. Raises IntegrityError.
    """
    signers = [signed_here(record) for record in submitted]
    records = [_as_signed(r) if signer is None else r for r, signer in zip(submitted, signers, strict=True)]
    start, logged_at = _next_place(connection, logged_at)
    contents = _new_contents(connection, records, start)
    view = StoredView(connection)
    cited = [cites(record) for record in records]
    view.look_up(record_id for ids in cited for record_id in ids)
    entries = [Entry(position, logged_at, record) for position, record in enumerate(records, start)]
    for entry, signer in zip(entries, signers, strict=True):
        admit(entry.record, view, signer)
        view.take(entry.record, entry.position)
    for table, rows in rows_of(entries, contents, cited, view.position):
        insert_rows(connection, table, rows)
    leaves = (Leaf(entry.record.record_id, entry.logged_at) for entry in entries)
    signed = tree.grow(connection, log, start, leaves, logged_at if made_at is None else made_at, known)
    return entries, signed


def rows_of(
    entries: Sequence[Entry],
    contents: Sequence[bytes],
    cited: Sequence[Sequence[bytes]],
    position: Callable[[bytes], int | None],
) -> Iterator[tuple[type[SQLModel], list[tuple[Any, ...]]]]:
    """All that the tables have of these entries but the tree's nodes: tables that others refer to come first.

    ``contents``, ``cited``: of each, its content digest and what it cites. ``position``: where our record of that id
    stands, None for one that is not ours.
    """
    yield EntryRow, [_row(entry, content) for entry, content in zip(entries, contents, strict=True)]
    yield EdgeRow, list(_edges(entries, cited, position))
    yield KeyRow, [key for entry in entries for key in _keys(entry)]
    yield KeyEndRow, [end for entry in entries for end in _key_ends(entry)]
    yield NumberRow, _stated((entry.position, number_of(entry.record)) for entry in entries)
    yield CopyRow, _stated((entry.position, identity_of(entry.record)) for entry in entries)
    yield VolumeRow, _stated((entry.position, cm3_of(entry.record)) for entry in entries)
    yield HandedRow, _told((entry.position, handed_of(entry.record)) for entry in entries)
    yield DrawnRow, [(entry.position, *drawn) for entry in entries for drawn in drawn_of(entry.record)]
    yield ArrivedRow, _told((entry.position, arrived_of(entry.record)) for entry in entries)
    yield FelledRow, [(number, entry.position) for entry in entries for number in felled_of(entry.record)]


def _as_signed(submitted: Record) -> Record:
    """The record anew from its bytes: a caller's other values count for nothing."""
    record = parse_record(submitted.envelope)
    if record != submitted:
        raise IntegrityError(
            Text(
                f"記録「{record.subject}」の値が署名された内容と違います",
                f"record {record.subject}: its values are not those that are signed",
            ),
            code="not-as-signed",
        )
    return record


def _next_place(connection: Connection, logged_at: int) -> tuple[int, int]:
    """The next position, and the time that the log gives it: the caller's, but never before the last entry's."""
    last = connection.execute(_LAST).first()
    earliest = 0 if last is None else last.logged_at
    if type(earliest) is not int:
        raise UnreadableError(
            Text("台帳の最後の記録が壊れています", "the last entry of the ledger is damaged"),
            Text("このファイルには書き込まず、控えから戻してください", "do not write to it; restore a backup"),
            code="ledger-damaged",
        )
    if earliest - SKEW_SECONDS <= logged_at < earliest:
        logged_at = earliest
    if not earliest <= logged_at <= MAX_TIME:
        raise IntegrityError(
            Text(
                f"記録時刻 {logged_at} が台帳の最後の記録時刻 {earliest} より前か、暦の外です",
                f"log time {logged_at} lies before the ledger's last, {earliest}, or beyond the calendar",
            ),
            Text("この端末の時計を確かめてください", "see whether this machine's clock is right"),
            code="log-time",
        )
    return (0 if last is None else int(last.position) + 1), logged_at


def _new_contents(connection: Connection, records: Sequence[Record], start: int) -> list[bytes]:
    """The content digests, none of which may be held already, nor stand among them twice."""
    contents = [content_digest(record) for record in records]
    held: dict[bytes, int] = {}
    for i in range(0, len(contents), _CHUNK):
        rows = connection.execute(_HELD, {"contents": contents[i : i + _CHUNK]})
        held |= {row.content: row.position for row in rows}
    for position, (record, content) in enumerate(zip(records, contents, strict=True), start):
        if content in held:
            raise DuplicateRecord(record, held[content])
        held[content] = position
    return contents


def _row(entry: Entry, content: bytes) -> tuple[Any, ...]:
    """What ``EntryRow`` has of it."""
    r = entry.record
    found_by = (int(r.kind), r.issuer, r.subject, r.kid, r.seq)
    return (entry.position, r.record_id, r.envelope, *found_by, content, entry.logged_at)


def _edges(
    entries: Sequence[Entry], cited: Sequence[Sequence[bytes]], position: Callable[[bytes], int | None]
) -> Iterator[tuple[int, int]]:
    """Citations of our records. Another log's have no position, not even where ours gets the same one later."""
    for entry, record_ids in zip(entries, cited, strict=True):
        for record_id in record_ids:
            if (parent := position(record_id)) is not None and parent < entry.position:
                yield entry.position, parent


def _keys(entry: Entry) -> Iterator[tuple[Any, ...]]:
    """What ``KeyRow`` has of it."""
    if (binding := binding_of(entry.record, entry.position)) is not None:
        kid, key = binding
        yield kid, key.public, key.party, key.position, int(key.root), key.by


def _stated(values: Iterable[tuple[int, Any]]) -> list[tuple[Any, ...]]:
    """Those that are told."""
    return [(position, value) for position, value in values if value is not None]


def _told(rows: Iterable[tuple[int, tuple[Any, ...] | None]]) -> list[tuple[Any, ...]]:
    """Those of which there is a row."""
    return [(position, *row) for position, row in rows if row is not None]


def _key_ends(entry: Entry) -> Iterator[tuple[int, bytes, int]]:
    """What ``KeyEndRow`` has of it."""
    body = entry.record.body
    if isinstance(body, KeyEnd):
        yield entry.position, body.kid, body.first
