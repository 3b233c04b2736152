"""A ledger: the append-only log of one scheme's records."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlmodel import col

from biotrace.chain.binding import BoundKey
from biotrace.chain.cbor import MAX_INT
from biotrace.chain.record import Head, Record, parse_record
from biotrace.errors import UsageError
from biotrace.model.text import Text

from . import closure as walks
from .appending import DuplicateRecord, Entry, append_all
from .database import Database
from .tables import EntryRow
from .view import StoredView

__all__ = ["DuplicateRecord", "Entry", "Ledger"]

BUSY_SECONDS = 10.0
"""How long to wait for another process's append."""
_BATCH = 500
_ID_PREFIX = re.compile(r"[0-9a-fA-F]{6,64}")
_ENTRY = (col(EntryRow.position), col(EntryRow.logged_at), col(EntryRow.envelope))


class Ledger:
    """An open ledger. Close it, or use it in a ``with``. Threads may share it; processes open their own.

    Methods raise UnreadableError where the database fails, BiotraceError (``ledger-busy``) where another writer holds
    it too long, and IntegrityError at an entry whose bytes are no record.
    """

    def __init__(self, database: Database, ledger_id: str) -> None:
        self.database = database
        self.ledger_id = ledger_id

    @classmethod
    def create(cls, where: str | Path, ledger_id: str | None = None, busy_seconds: float = BUSY_SECONDS) -> Ledger:
        """A new ledger in the file or at the database address ``where``; without ``ledger_id`` it gets a random one.

        Raises UsageError where something stands already, or where none can be made.
        """
        database = Database(where, busy_seconds)
        ledger_id = uuid.uuid4().hex if ledger_id is None else ledger_id
        database.create(ledger_id)
        return cls(database, ledger_id)

    @classmethod
    def open(cls, where: str | Path, busy_seconds: float = BUSY_SECONDS) -> Ledger:
        """The ledger at ``where``.

        Raises UnreadableError where there is none, where it is no ledger, or of a later release.
        """
        database = Database(where, busy_seconds)
        try:
            return cls(database, database.ledger_id())
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, records: Sequence[Record], logged_at: int) -> list[Entry]:
        """Log all records, in order, in one transaction, or none. ``logged_at``: seconds since 1970-01-01 UTC.

        Raises IntegrityError, naming the record, where one is not admitted (codes in ``biotrace.chain.refusals``),
        ``log-time`` where ``logged_at`` lies over five minutes before the last entry's (less is raised to it), and
        DuplicateRecord for content logged already.
        """
        with self.database.writing() as connection:
            return append_all(connection, records, logged_at)

    def __len__(self) -> int:
        with self.database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(EntryRow)) or 0

    def entry(self, position: int) -> Entry:
        """The entry at ``position``, from 0. Raises UsageError where there is none."""
        with self.database.reading() as connection:
            found = _entries(connection, col(EntryRow.position) == position) if position <= MAX_INT else []
        if not found:
            raise UsageError(Text(f"台帳に {position} 番はありません", f"the ledger has no entry {position}"))
        return found[0]

    def find(self, text: str) -> list[Entry]:
        """Entries whose subject is ``text``, or whose record id begins with it (6 or more hex digits), in order."""
        if not _is_text(text):
            return []
        wanted: ColumnElement[bool] = col(EntryRow.subject) == text
        if _ID_PREFIX.fullmatch(text):
            least, greatest = (bytes.fromhex(text.ljust(64, digit)) for digit in "0f")
            wanted = or_(wanted, col(EntryRow.record_id).between(least, greatest))
        with self.database.reading() as connection:
            return _entries(connection, wanted)

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """All entries from ``start`` on, in order, read in batches; those appended meanwhile are among them."""
        while True:
            with self.database.reading() as connection:
                batch = _entries(connection, col(EntryRow.position) >= start, _BATCH)
            if not batch:
                return
            yield from batch
            start = batch[-1].position + 1

    def head(self, kid: bytes) -> Head | None:
        """The last record of a key: what its next record has to continue."""
        with self.database.reading() as connection:
            return StoredView(connection).head(kid)

    def bound_key(self, kid: bytes) -> BoundKey | None:
        """The public key of that name and the party it signs for, where bound."""
        with self.database.reading() as connection:
            return StoredView(connection).bound_key(kid)

    def closure(self, positions: Iterable[int]) -> list[int]:
        """Positions, ascending, of all that bears on the entries at ``positions``.

        Those entries; all that they rest on, cited by cited; corrections of any of it, with what these put in its place
        and all that that rests on. Then every entry that cites one of these (other draws, deliveries, certificates on
        the same documents), with what else it cites and the corrections of both, which decide whether it counts. And
        all parties, concordances and trusted bodies. Raises UsageError for a position that is not held.
        """
        with self.database.reading() as connection:
            return walks.closure(connection, positions)

    def edges(self, positions: Iterable[int]) -> list[tuple[int, int]]:
        """(child, parent) for every citation by the entries at ``positions``, ascending."""
        with self.database.reading() as connection:
            return walks.edges(connection, positions)


def _entries(connection: Connection, wanted: ColumnElement[bool], limit: int | None = None) -> list[Entry]:
    rows = connection.execute(select(*_ENTRY).where(wanted).order_by(col(EntryRow.position)).limit(limit))
    return [Entry(position, logged_at, parse_record(envelope)) for position, logged_at, envelope in rows]


def _is_text(text: str) -> bool:
    """Whether a database can be asked for it: what a terminal could not decode comes as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
