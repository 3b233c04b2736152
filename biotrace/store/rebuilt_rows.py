"""What a ledger's tables have to say, worked out anew from the bytes, in a SQLite file of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, create_engine, select, text
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable
from sqlmodel import SQLModel, col

from biotrace.chain import checkpoint
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.merkle import HASH_BYTES, Frontier, Node
from biotrace.chain.note import VerifierKey
from biotrace.chain.record import Record, cites, content_digest, parse_record, without_bytes
from biotrace.chain.tree_integrity import StoredStep, check_tree, leaf_differs, leaf_hash
from biotrace.chain.watch import Breach, BreachError
from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.text import Text

from . import checkpoints
from .appending import Entry, rows_of
from .failures import CONFLICT, explained
from .stored_tree import notes_between, stored_tree
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
    NodeRow,
    NumberRow,
    VolumeRow,
)
from .tree import node_range
from .writing import insert_rows

REBUILT: tuple[type[SQLModel], ...] = (
    *(EntryRow, EdgeRow, KeyRow, KeyEndRow),
    *(NumberRow, CopyRow, VolumeRow, HandedRow, DrawnRow, ArrivedRow, FelledRow, NodeRow),
)
"""The tables that repeat what the bytes say, those that others refer to first."""
TRUTH = ("envelope", "logged_at")
"""The columns among them that do not, beside the position: nothing here ever changes these."""

_ROWS = 1_000
_SUSPECTS = 20
"""How many entries are named that are not the leaves of the stored tree."""
_PAGE = text("SELECT position, envelope, logged_at FROM entry WHERE position > :after ORDER BY position LIMIT :rows")
_BEFORE_ALL = -(2**63)
_SETTINGS = ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-65536", "temp_store=FILE")
"""Nobody needs the file once this process has ended; 64 MiB of it are kept in memory."""


class Scratch:
    """The tables REBUILT in a new file in ``folder``, with their keys and nothing of envelopes. For a ``with``."""

    def __init__(self, folder: Path) -> None:
        self._name = str(folder)
        with self.told():
            engine = create_engine(URL.create("sqlite", database=str(folder / "rebuilt.sqlite")), poolclass=NullPool)
            self.connection = engine.connect()
            try:
                for setting in _SETTINGS:
                    self.connection.exec_driver_sql(f"PRAGMA {setting}")
                for table in REBUILT:
                    self.connection.execute(CreateTable(SQLModel.metadata.tables[str(table.__tablename__)]))
            except BaseException:
                self.connection.close()  # else the file could not be deleted on Windows
                raise

    def __enter__(self) -> Scratch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    @contextmanager
    def told(self) -> Iterator[None]:
        """What SQLite says of this file in the block, such as that the disk is full, as ``failures`` tells it."""
        with explained(self._name):
            yield

    def add(self, table: type[SQLModel], rows: Sequence[tuple[Any, ...]]) -> None:
        """Take rows into a table. Raises IntegrityError (``conflict``) where a key or a unique value is there twice."""
        with self.told():
            insert_rows(self.connection, table, rows)

    def positions(self, record_ids: Sequence[bytes]) -> dict[bytes, int]:
        """Where the records of these ids stand, of those taken so far."""
        found: dict[bytes, int] = {}
        for i in range(0, len(record_ids), _ROWS):
            some = col(EntryRow.record_id).in_(record_ids[i : i + _ROWS])
            with self.told():
                rows = self.connection.execute(select(col(EntryRow.record_id), col(EntryRow.position)).where(some))
                found.update((record_id, position) for record_id, position in rows)
        return found


class FromBytes(NamedTuple):
    """What the bytes are. ``damage``: why they are not what the log signed; empty where they are."""

    size: int
    root: bytes
    damage: tuple[IntegrityFinding, ...]


def read_bytes(
    connection: Connection,
    log: VerifierKey,
    seen: Checkpoint | None,
    scratch: Scratch,
    passed: Callable[[int], None] = lambda _: None,
) -> FromBytes:
    """Fill ``scratch`` from the stored bytes alone, and compare them with all that the log signed.

    Each entry is hashed from its bytes; the tree over them has to be that of every stored checkpoint, the latest of
    which covers all entries, and that of ``seen``, a checkpoint of this log known from elsewhere. Where there is damage
    ``scratch`` is of no use. ``passed``: told each position. Raises UpdateNeededError at a record of a later version.
    """
    reading = _Reading(connection, scratch, seen, passed)
    stored = replace(stored_tree(lambda: nullcontext(connection)), surplus=0, steps=reading.steps())
    damage = [*check_tree(stored, log), *reading.unreadable]
    tree = reading.tree
    if not damage and seen is not None:
        damage += _forgotten(seen, checkpoints.latest(connection), log, reading.root_seen)
    if damage:
        told = {finding.position for finding in damage if finding.record_id}
        damage += [suspect for suspect in reading.suspects if suspect.position not in told]
    elif reading.later is not None:
        raise reading.later
    return FromBytes(tree.size, tree.root(), tuple(sorted(damage, key=lambda finding: finding.position)))


def _forgotten(
    seen: Checkpoint, latest: Checkpoint, log: VerifierKey, root: bytes | None
) -> Iterator[IntegrityFinding]:
    """That the entries are not those of which the log signed ``seen``. ``root``: theirs at its size, None: fewer."""
    checkpoint.verify_log(seen, log)
    if root != seen.root:
        breach = BreachError(Breach.ROLLBACK if root is None else Breach.FORK, seen, latest)
        yield IntegrityFinding("S105", breach.code, latest.size, b"", breach.message)


@dataclass
class _Reading:
    """One pass over the bytes. ``suspects``: entries that are not the leaves that are stored in their places, which
    says nothing while the whole tree is what the log signed."""

    connection: Connection
    scratch: Scratch
    seen: Checkpoint | None
    passed: Callable[[int], None]
    tree: Frontier = field(default_factory=Frontier)
    unreadable: list[IntegrityFinding] = field(default_factory=list)
    suspects: list[IntegrityFinding] = field(default_factory=list)
    later: UpdateNeededError | None = None
    root_seen: bytes | None = None

    def steps(self) -> Iterator[StoredStep]:
        """What ``check_tree`` looks at, with ids from the bytes and the nodes that follow from them."""
        self._look_back()
        for page in self._pages():
            start, end = page[0][0], page[-1][0] + 1
            dense = start == self.tree.size and end - start == len(page)
            leaves = dict(node_range(self.connection, 0, start, end)) if dense else {}
            notes = notes_between(self.connection, start, end) if dense else {}
            records: list[tuple[int, int, Record]] = []
            nodes: list[Node] = []
            for position, envelope, logged_at in page:
                if position != self.tree.size:
                    if position < 0:
                        unknown = Text("台帳にない番号です", "a log has no such index")
                        self.unreadable.append(IntegrityFinding("S103", "log-place", position, b"", unknown))
                    # check_tree stops here, and says which entry is missing
                    yield StoredStep(self.tree.size, None, {}, None)
                    return
                self.passed(position)
                record_id = hashlib.sha256(envelope).digest()
                leaf = leaf_hash(record_id, logged_at) or bytes(HASH_BYTES)
                if position in leaves and leaves[position] != leaf and len(self.suspects) < _SUSPECTS:
                    self.suspects.append(leaf_differs(position, record_id))
                completed = self.tree.append(leaf)
                nodes += completed
                record = self._parsed(position, record_id, envelope)
                if record is not None:
                    records.append((position, logged_at, record))
                by_level = {node.level: node.hash for node in completed}
                yield StoredStep(position, (record_id, logged_at), by_level, notes.get(position + 1))
                self._look_back()
            self._project(records, nodes)

    def _look_back(self) -> None:
        if self.seen is not None and self.seen.size == self.tree.size:
            self.root_seen = self.tree.root()

    def _pages(self) -> Iterator[list[tuple[int, bytes, int]]]:
        after = _BEFORE_ALL
        while rows := self.connection.execute(_PAGE, {"after": after, "rows": _ROWS}).all():
            yield [(position, bytes(envelope), logged_at) for position, envelope, logged_at in rows]
            after = rows[-1][0]

    def _parsed(self, position: int, record_id: bytes, envelope: bytes) -> Record | None:
        try:
            return parse_record(envelope)
        except UpdateNeededError as error:
            self.later = self.later or error  # unless these bytes turn out not to be what the log signed
        except IntegrityError as error:
            self.unreadable.append(IntegrityFinding("S106", error.code, position, record_id, error.message))
        return None

    def _project(self, records: Sequence[tuple[int, int, Record]], nodes: Sequence[Node]) -> None:
        """Take what the tables have of these entries; nothing any more once the bytes are known to be no records."""
        if self.unreadable or self.later is not None:
            return
        contents = [content_digest(record) for _, _, record in records]
        cited = [cites(record) for _, _, record in records]
        known = self.scratch.positions(list({record_id for ids in cited for record_id in ids}))
        known |= {record.record_id: position for position, _, record in records}
        entries = [Entry(position, logged_at, without_bytes(record)) for position, logged_at, record in records]
        try:
            for table, rows in rows_of(entries, contents, cited, known.get):
                self.scratch.add(table, rows)
            self.scratch.add(NodeRow, [(node.level, node.index, node.hash) for node in nodes])
        except IntegrityError as error:
            if error.code != CONFLICT:
                raise
            first = records[0][0]
            twice = Text(
                f"{first} 番からの {len(records)} 件に、二度あるはずのない記録か鍵があります",
                f"among the {len(records)} entries from {first} on stands a record or key that was there before",
            )
            self.unreadable.append(IntegrityFinding("S103", "log-place", first, b"", twice))
