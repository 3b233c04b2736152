"""Records of other schemes' logs, held with their receipts and never given an index in ours.

What is written here has been verified by the caller; what is read is verified anew, from its bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from biotrace.chain.bundled import BundledRecord
from biotrace.chain.disclosure import Disclosure
from biotrace.chain.merkle import HASH_BYTES
from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from .database import Database
from .disclosures import add_disclosures
from .tables import (
    EntryRow,
    ForeignEntryRow,
    ForeignLogRow,
    ForeignTreeRow,
    StatementRow,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A log's statement of completeness over the records at ``indexes``, with the checkpoint it was made for."""

    statement: bytes
    checkpoint: bytes
    indexes: tuple[int, ...]

    @property
    def digest(self) -> bytes:
        """By which the same statement is recognised."""
        return hashlib.sha256(self.statement).digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of another log: ``proof`` leads from it to the log's tree of size ``proven_to``, which may be itself.

    ``note``: its checkpoint, where it is held.
    """

    size: int
    root: bytes
    proven_to: int
    proof: tuple[bytes, ...] = ()
    note: bytes | None = None


@dataclass(frozen=True, slots=True)
class ForeignLog:
    """What is held of another log. ``vkey``: its key as text; ``trees``: by size, all of one growing tree."""

    origin: str
    vkey: str
    trees: tuple[Tree, ...]
    records: tuple[BundledRecord, ...]
    statements: tuple[Statement, ...]


def held_logs(database: Database) -> list[ForeignLog]:
    """Every other log of which something is held, by origin; its records by index."""
    with database.reading() as connection:
        rows = connection.execute(select(col(ForeignLogRow.origin), col(ForeignLogRow.vkey)))
        return [_log(connection, origin, vkey) for origin, vkey in sorted(tuple(row) for row in rows)]


def own_ids(database: Database) -> set[bytes]:
    """Ids of all records of our own log: another's must not be among them."""
    with database.reading() as connection:
        return set(connection.scalars(select(col(EntryRow.record_id))))


def add(database: Database, log: ForeignLog, disclosed: Sequence[Disclosure], now: int) -> None:
    """Hold more of a log, all or nothing: records, trees and statements that are not held yet.

    ``now``: when they were taken in, seconds since 1970-01-01 UTC. Raises IntegrityError (``log-key``) where the log is
    held under another key.
    """
    with database.writing() as connection:
        known = connection.scalar(select(col(ForeignLogRow.vkey)).where(col(ForeignLogRow.origin) == log.origin))
        if known is None:
            connection.execute(insert(ForeignLogRow), [{"origin": log.origin, "vkey": log.vkey}])
        elif known != log.vkey:
            raise IntegrityError(
                Text(f"ログ {log.origin} は別の鍵で覚えています", f"log {log.origin} is known here under another key"),
                Text("送った人と運営者に確かめてください", "ask the sender and the log's operator"),
                code="log-key",
            )
        held = _log(connection, log.origin, log.vkey)
        _insert_new(connection, log, held, now)
        add_disclosures(connection, disclosed)


def _insert_new(connection: Connection, log: ForeignLog, held: ForeignLog, now: int) -> None:
    indexes = {record.index for record in held.records}
    entries = [
        {
            "origin": log.origin,
            "idx": record.index,
            "record_id": record.record_id,
            "envelope": record.envelope,
            "receipt": record.receipt,
            "taken_at": now,
        }
        for record in log.records
        if record.index not in indexes
    ]
    before = {tree.size: tree for tree in held.trees}
    trees = []
    for tree in log.trees:
        row = {"root": tree.root, "proven_to": tree.proven_to, "proof": b"".join(tree.proof), "note": tree.note}
        known = before.get(tree.size)
        if known is None:
            trees.append({"origin": log.origin, "size": tree.size, **row})
        elif tree.proven_to > known.proven_to:  # its way to the newest tree is what later receivers need
            place = (col(ForeignTreeRow.origin) == log.origin) & (col(ForeignTreeRow.size) == tree.size)
            connection.execute(update(ForeignTreeRow).where(place).values(row | {"note": tree.note or known.note}))
    stated = {statement.digest for statement in held.statements}
    statements = [
        {
            "digest": statement.digest,
            "origin": log.origin,
            "statement": statement.statement,
            "checkpoint": statement.checkpoint,
            "indexes": json.dumps(statement.indexes),
        }
        for statement in log.statements
        if statement.digest not in stated
    ]
    for table, rows in ((ForeignTreeRow, trees), (ForeignEntryRow, entries), (StatementRow, statements)):
        if rows:
            connection.execute(insert(table), rows)


def _log(connection: Connection, origin: str, vkey: str) -> ForeignLog:
    trees = select(
        *(col(ForeignTreeRow.size), col(ForeignTreeRow.root), col(ForeignTreeRow.proven_to)),
        *(col(ForeignTreeRow.proof), col(ForeignTreeRow.note)),
    ).where(col(ForeignTreeRow.origin) == origin)
    entries = select(col(ForeignEntryRow.idx), col(ForeignEntryRow.envelope), col(ForeignEntryRow.receipt))
    entries = entries.where(col(ForeignEntryRow.origin) == origin).order_by(col(ForeignEntryRow.idx))
    said = select(col(StatementRow.statement), col(StatementRow.checkpoint), col(StatementRow.indexes))
    said = said.where(col(StatementRow.origin) == origin).order_by(col(StatementRow.digest))
    return ForeignLog(
        origin=origin,
        vkey=vkey,
        trees=tuple(
            Tree(size, root, to, tuple(proof[i : i + HASH_BYTES] for i in range(0, len(proof), HASH_BYTES)), note)
            for size, root, to, proof, note in connection.execute(trees.order_by(col(ForeignTreeRow.size)))
        ),
        records=tuple(BundledRecord(*row) for row in connection.execute(entries)),
        statements=tuple(
            Statement(statement, checkpoint, tuple(json.loads(indexes)))
            for statement, checkpoint, indexes in connection.execute(said)
        ),
    )
