"""From schema 1, a table of records, to schema 2, a log: the tree over the records and its first checkpoint."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, MetaData, Table, Text, insert, text

from biotrace.chain.leaf import Leaf
from biotrace.chain.merkle import Frontier

from .log_key import LogKey

_ROWS = 1_000
_BIG = BigInteger().with_variant(Integer, "sqlite")
_SCHEMA = MetaData()
_META = Table(
    "biotrace_meta",
    _SCHEMA,
    Column("id", Integer, primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("ledger_id", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("log_vkey", Text, nullable=False),
    sqlite_strict=True,
)
_NODES = Table(
    "tree_node",
    _SCHEMA,
    Column("level", Integer, primary_key=True),
    Column("idx", _BIG, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
_CHECKPOINTS = Table(
    "checkpoint",
    _SCHEMA,
    Column("size", _BIG, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
    Column("made_at", _BIG),
    sqlite_strict=True,
)


def to_2(connection: Connection, log: LogKey, made_at: int | None) -> None:
    """Give the ledger a name as a log, build the tree over its entries as they stand, and sign it."""
    ledger_id = connection.execute(text("SELECT ledger_id FROM biotrace_meta")).scalar_one()
    connection.execute(text("DROP TABLE biotrace_meta"))
    _SCHEMA.create_all(connection, checkfirst=False)
    meta = {"id": 1, "schema_version": 2, "ledger_id": ledger_id}
    connection.execute(insert(_META), meta | {"origin": log.origin, "log_vkey": str(log.verifier)})
    frontier = Frontier()
    for leaves in _leaves(connection):
        nodes = [node for leaf in leaves for node in frontier.append(leaf.hash)]
        connection.execute(insert(_NODES), [{"level": n.level, "idx": n.index, "hash": n.hash} for n in nodes])
    signed = log.sign(frontier.size, frontier.root())
    row = {"size": signed.size, "note": signed.to_bytes(), "made_at": made_at}
    connection.execute(insert(_CHECKPOINTS), row)


def _leaves(connection: Connection) -> Iterator[list[Leaf]]:
    """The leaves of all entries, in batches."""
    query = text(
        "SELECT position, record_id, logged_at FROM entry WHERE position > :after ORDER BY position LIMIT :rows"
    )
    after = -1
    while batch := connection.execute(query, {"after": after, "rows": _ROWS}).all():
        yield [Leaf(bytes(row.record_id), row.logged_at) for row in batch]
        after = batch[-1].position
