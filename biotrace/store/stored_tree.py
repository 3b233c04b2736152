"""A ledger's tree and checkpoints as its database holds them, unjudged, for ``biotrace.chain.tree_integrity``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlmodel import col

from biotrace.chain.tree_integrity import StoredStep, StoredTree

from . import entries
from .tables import CheckpointRow, EntryRow, NodeRow
from .tree import node_range

Reading: TypeAlias = Callable[[], AbstractContextManager[Connection]]
"""Begins a reading transaction."""

_BATCH = 512


def stored_tree(reading: Reading) -> StoredTree:
    """All that there is of the log now. What is appended while it is read is left out.

    ``steps`` are read in batches, so that no transaction stays open between them.
    """
    with reading() as connection:
        size = entries.end(connection)
        latest = select(col(CheckpointRow.size), col(CheckpointRow.note)).order_by(col(CheckpointRow.size).desc())
        row = connection.execute(latest.limit(1)).first()
        first = connection.scalar(select(col(CheckpointRow.note)).where(col(CheckpointRow.size) == 0))
        surplus = connection.scalar(select(func.count()).select_from(NodeRow).where(_beyond(size))) or 0
    return StoredTree(size, first, None if row is None else (row.size, row.note), surplus, _steps(reading, size))


def _beyond(size: int) -> ColumnElement[bool]:
    """Nodes that a tree of that size does not have."""
    level, idx = col(NodeRow.level), col(NodeRow.idx)
    levels = [(level == i) & (idx > (size >> i) - 1) for i in range(size.bit_length())]
    return or_(level < 0, level >= size.bit_length(), idx < 0, *levels)


def _steps(reading: Reading, size: int) -> Iterator[StoredStep]:
    for start in range(0, size, _BATCH):
        end = min(start + _BATCH, size)
        with reading() as connection:
            held = _entries(connection, start, end)
            nodes = _nodes(connection, start, end)
            notes = notes_between(connection, start, end)
        for position in range(start, end):
            yield StoredStep(position, held.get(position), nodes[position], notes.get(position + 1))


def _entries(connection: Connection, start: int, end: int) -> dict[int, tuple[bytes, int]]:
    columns = (col(EntryRow.position), col(EntryRow.record_id), col(EntryRow.logged_at))
    rows = connection.execute(select(*columns).where(col(EntryRow.position).between(start, end - 1)))
    return {position: (record_id, logged_at) for position, record_id, logged_at in rows}


def _nodes(connection: Connection, start: int, end: int) -> defaultdict[int, dict[int, bytes]]:
    """By the leaf that completes them: node (l, i) is whole when leaf (i + 1) * 2^l - 1 is there."""
    nodes: defaultdict[int, dict[int, bytes]] = defaultdict(dict)
    for level in range(end.bit_length()):
        if start >> level < end >> level:
            for index, hashed in node_range(connection, level, start >> level, end >> level):
                nodes[((index + 1) << level) - 1][level] = hashed
    return nodes


def notes_between(connection: Connection, start: int, end: int) -> dict[int, bytes]:
    """The stored checkpoints of more than ``start`` entries and at most ``end``, by size."""
    columns = select(col(CheckpointRow.size), col(CheckpointRow.note))
    rows = connection.execute(columns.where(col(CheckpointRow.size).between(start + 1, end)))
    return {row.size: row.note for row in rows}
