"""A ledger: the append-only log of one scheme's records."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, insert

from biotrace.chain import merkle
from biotrace.chain.binding import BoundKey, counts_until
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.disclosure import Disclosure
from biotrace.chain.leaf import Leaf
from biotrace.chain.merkle import EMPTY_ROOT, MAX_SIZE, GetNode
from biotrace.chain.note import ED25519, VerifierKey
from biotrace.chain.record import Head, Record
from biotrace.errors import IntegrityError, UsageError
from biotrace.model.text import Text

from . import checkpoints, entries
from . import closure as walks
from .appending import DuplicateRecord, Entry, append_all
from .damage import damaged
from .database import Database
from .disclosures import add_disclosures
from .log_key import LogKey
from .tables import SCHEMA_VERSION, Meta
from .tree import StoredNodes
from .view import StoredView

__all__ = ["DuplicateRecord", "Entry", "Ledger", "LogKey"]

BUSY_SECONDS = 10.0
"""How long to wait for another process's append."""


class Ledger:
    """An open ledger. Close it, or use it in a ``with``. Threads may share it; processes open their own.

    Methods raise UnreadableError where the database fails, BiotraceError (``ledger-busy``) where another writer holds
    it too long, and IntegrityError at an entry whose bytes are no record.
    """

    def __init__(self, database: Database, ledger_id: str, log_name: VerifierKey) -> None:
        self.database = database
        self.ledger_id = ledger_id
        self.log_name = log_name
        """By what the log's checkpoints are verified: its origin and public key."""
        self._log: LogKey | None = None
        self._signed: bytes | None = None

    @classmethod
    def create(
        cls, where: str | Path, log: LogKey, ledger_id: str | None = None, busy_seconds: float = BUSY_SECONDS
    ) -> Ledger:
        """A new ledger in the file or at the database address ``where``; without ``ledger_id`` it gets a random one.

        ``log``: signs its checkpoints from now on, the first one, of the empty log, at once. Raises UsageError where
        something stands already, where none can be made, and on a network share.
        """
        database = Database(where, busy_seconds)
        ledger_id = uuid.uuid4().hex if ledger_id is None else ledger_id
        meta = {
            "id": 1,
            "schema_version": SCHEMA_VERSION,
            "ledger_id": ledger_id,
            "origin": log.origin,
            "log_vkey": str(log.verifier),
        }

        def fill(connection: Connection) -> None:
            connection.execute(insert(Meta), meta)
            checkpoints.store(connection, log.sign(0, EMPTY_ROOT), None)

        database.create(fill)
        made = cls(database, ledger_id, log.verifier)
        made.unlock(log)
        return made

    @classmethod
    def open(cls, where: str | Path, log: LogKey | None = None, busy_seconds: float = BUSY_SECONDS) -> Ledger:
        """The ledger at ``where``; without ``log`` it can only be read.

        Raises UnreadableError where there is none, where it is no ledger, of a later release, or of an earlier one
        (``upgrade-needed``); UsageError for another log's key (``wrong-log-key``) and on a network share.
        """
        database = Database(where, busy_seconds)
        try:
            meta = database.meta()
            opened = cls(database, meta.ledger_id, _log_name(meta))
            if log is not None:
                opened.unlock(log)
        except BaseException:
            database.close()
            raise
        return opened

    def unlock(self, log: LogKey) -> None:
        """Sign with this key when appending. Raises UsageError (``wrong-log-key``) unless it is the ledger's."""
        if log.verifier != self.log_name:
            raise UsageError(
                Text(
                    f"台帳 {self.database.name} のログ {self.log_name.name} の鍵ではありません",
                    f"this is not the key of {self.log_name.name}, the log of ledger {self.database.name}",
                ),
                Text("控えから正しい鍵を戻してください", "restore the right key from a backup"),
                code="wrong-log-key",
            )
        self._log = log

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(
        self,
        records: Sequence[Record],
        logged_at: int,
        made_at: int | None = None,
        disclosed: Sequence[Disclosure] = (),
    ) -> list[Entry]:
        """Log all records, in order, in one transaction with their tree and a new checkpoint, or none.

        ``logged_at``: seconds since 1970-01-01 UTC; ``made_at``: the same for the checkpoint, where it differs;
        ``disclosed``: values of their private fields, kept beside them. Raises IntegrityError, naming the record,
        where one is not admitted (codes in ``biotrace.chain.refusals``), ``log-time`` where ``logged_at`` lies over
        five minutes before the last entry's (less is raised to it), DuplicateRecord for content logged already, and
        ``ledger-damaged`` where what is stored is not what the log last signed. UsageError (``no-log-key``) without
        the log's key.
        """
        if self._log is None:
            raise UsageError(
                Text(
                    f"台帳 {self.database.name} のログの鍵がないので書き足せません",
                    f"without the key of its log nothing can be added to ledger {self.database.name}",
                ),
                Text("ログの鍵のあるパソコンで実行してください", "run this on the machine that has the log's key"),
                code="no-log-key",
            )
        if not records:
            return []
        with self.database.writing() as connection:
            taken, signed = append_all(connection, self._log, records, logged_at, made_at, self._signed)
            add_disclosures(connection, disclosed)
        self._signed = signed.to_bytes()
        return taken

    def checkpoint(self) -> Checkpoint:
        """The latest checkpoint. Raises IntegrityError (``ledger-damaged``) where there is none that can be read."""
        with self.database.reading() as connection:
            return checkpoints.latest(connection)

    def checkpoint_at(self, size: int) -> Checkpoint | None:
        """The checkpoint of that size; None where the log signed none of it."""
        if not 0 <= size <= MAX_SIZE:
            return None
        with self.database.reading() as connection:
            return checkpoints.at(connection, size)

    def checkpoints(self) -> list[int]:
        """The sizes, ascending, of which there is a checkpoint: that of the empty log and of each append."""
        with self.database.reading() as connection:
            return checkpoints.sizes(connection)

    def checkpoints_before(self, size: int, most: int) -> list[int]:
        """The last sizes below that one of which there is a checkpoint, at most so many, ascending."""
        with self.database.reading() as connection:
            return checkpoints.sizes_before(connection, size, most)

    def add_cosignatures(self, checkpoint: Checkpoint) -> Checkpoint:
        """Add the signature lines of ``checkpoint`` to the stored one with the same text, and give the whole.

        A line by the same witness takes the place of its earlier one; the log's own stays as it is. Whether they
        verify is the caller's to see to. Raises UsageError (``checkpoint-unknown``) where none of that size is stored,
        IntegrityError (``checkpoint-other``) where its text differs, and NoteError for too many lines.
        """
        with self.database.writing() as connection:
            return checkpoints.merge(connection, self.log_name, checkpoint)

    @contextmanager
    def tree(self, leaves: Iterable[int] = ()) -> Iterator[GetNode]:
        """The log's stored tree within one reading transaction, as ``merkle`` and ``tiles`` take it.

        ``leaves``: to be proven, of which the proofs are read together. It raises IntegrityError (``ledger-damaged``)
        for a node that is not stored.
        """
        with self.database.reading() as connection:
            nodes = StoredNodes(connection)
            nodes.read_beside(leaves)
            yield nodes

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The path from entry ``index`` to the root of the log's first ``size`` entries (RFC 9162 §2.1.3.1).

        Raises MerkleError for an index beyond the size, UsageError for a size beyond the log.
        """
        with self.database.reading() as connection:
            _require_size(connection, size)
            return merkle.inclusion_proof(index, size, StoredNodes(connection))

    def consistency_proof(self, first: int, second: int) -> list[bytes]:
        """The proof that the log of ``second`` entries continues that of ``first`` (RFC 9162 §2.1.4.1).

        Raises MerkleError unless 0 < first <= second, UsageError for a size beyond the log.
        """
        with self.database.reading() as connection:
            _require_size(connection, second)
            return merkle.consistency_proof(first, second, StoredNodes(connection))

    def leaf(self, index: int) -> Leaf:
        """What the tree holds of the entry at ``index``. Raises UsageError where there is none."""
        found = list(self.leaves(index, index + 1)) if 0 <= index < MAX_SIZE else []
        if not found:
            raise entries.missing(index)
        return found[0]

    def leaves(self, start: int = 0, end: int | None = None) -> Iterator[Leaf]:
        """The leaves from ``start`` to before ``end`` (None: all), read in batches; no record is parsed."""
        end = MAX_SIZE if end is None else min(end, MAX_SIZE)
        while start < end:
            with self.database.reading() as connection:
                batch = entries.leaf_batch(connection, start, end)
            if not batch:
                return
            yield from (leaf for _, leaf in batch)
            start = batch[-1][0] + 1

    def __len__(self) -> int:
        with self.database.reading() as connection:
            return entries.count(connection)

    def end(self, logged_until: int | None = None) -> int:
        """The position after the last entry, or after the last logged until then (seconds since 1970-01-01 UTC)."""
        with self.database.reading() as connection:
            return entries.end(connection) if logged_until is None else entries.end_at(connection, logged_until)

    def envelope(self, record_id: bytes) -> bytes | None:
        """The stored bytes of the record of that id, unverified; None where it is not held."""
        with self.database.reading() as connection:
            return entries.envelope(connection, record_id)

    def entry(self, position: int) -> Entry:
        """The entry at ``position``, from 0. Raises UsageError where there is none."""
        with self.database.reading() as connection:
            return entries.entry(connection, position)

    def find(self, text: str) -> list[Entry]:
        """Entries whose subject is ``text``, or whose record id begins with it (6 or more hex digits), in order."""
        with self.database.reading() as connection:
            return entries.find(connection, text)

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """All entries from ``start`` on, in order, read in batches; those appended meanwhile are among them."""
        while True:
            with self.database.reading() as connection:
                batch = entries.batch(connection, start)
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

    def counts_until(self, kid: bytes) -> int | None:
        """The index from which on nothing counts that a key signed, 0 for one not bound; None while it is good."""
        with self.database.reading() as connection:
            return counts_until(kid, StoredView(connection))

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


def _log_name(meta: Meta) -> VerifierKey:
    try:
        name = VerifierKey.parse(meta.log_vkey)
    except IntegrityError as error:
        raise damaged(Text("ログの検証鍵: ", "its log's key: ") + error.message) from None
    if name.name != meta.origin or name.algorithm != ED25519:
        raise damaged(Text("ログの名前と検証鍵が合いません", "its log's name and key do not fit each other"))
    return name


def _require_size(connection: Connection, size: int) -> None:
    if size > entries.end(connection):
        raise UsageError(
            Text(f"ログはまだ {size} 件に達していません", f"the log does not have {size} entries yet"),
            Text(
                "ログを更新するか、件数を確かめてください", "bring the log up to date, or see whether the size is right"
            ),
            code="log-size",
        )
