"""The stored tree: reading its nodes, and letting it grow by what is appended, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.leaf import Leaf
from biotrace.chain.merkle import Frontier
from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import checkpoints
from .damage import damaged
from .log_key import LogKey
from .tables import NodeRow
from .writing import insert_rows

_AHEAD = 256
"""Nodes read at once by who goes through a level in order: those of one tile."""
_KEPT = 8
"""Levels, about, of which what was read ahead is kept."""

_PLACES, _QUERIES = 5_000, 64
"""Nodes asked for in one list, and lists in one query."""

_level, _idx, _hash = col(NodeRow.level), col(NodeRow.idx), col(NodeRow.hash)
_RANGE = (
    select(_idx, _hash)
    .where(_level == bindparam("of_level"), _idx >= bindparam("first"), _idx < bindparam("end"))
    .order_by(_idx)
)


class StoredNodes:
    """A ``merkle.GetNode`` over a database, good within one transaction.

    Reads node by node for a proof, and ahead for who goes along a level, as for tiles. Raises IntegrityError
    (``ledger-damaged``) for a node that is not there.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ahead: dict[tuple[int, int], bytes] = {}
        self._last: dict[int, int] = {}
        self._beside: dict[tuple[int, int], bytes] = {}

    def read_beside(self, leaves: Iterable[int]) -> None:
        """Read the nodes beside the paths from these leaves to the root together, before proofs ask one by one."""
        here = set(leaves)
        places: dict[int, set[int]] = {}
        while here and here != {0}:
            places[len(places)] = {index ^ 1 for index in here}
            here = {index >> 1 for index in here}
        self._beside.update(nodes_at(self._connection, places))

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of that node."""
        found = self._beside.get((level, index)) or self._ahead.get((level, index))
        if found is None:
            count = _AHEAD if self._last.get(level) == index - 1 else 1
            if len(self._ahead) > _KEPT * _AHEAD:
                self._ahead.clear()
            for idx, hashed in node_range(self._connection, level, index, index + count):
                self._ahead[level, idx] = hashed
            found = self._ahead.get((level, index))
        self._last[level] = index
        if found is None:
            raise damaged(Text(f"木の節 {level}/{index} がありません", f"node {level}/{index} of the tree is missing"))
        return found


def node_range(connection: Connection, level: int, first: int, end: int) -> Sequence[tuple[int, bytes]]:
    """(index, hash) of the stored nodes of a level from ``first`` to before ``end``, in order."""
    rows = connection.execute(_RANGE, {"of_level": level, "first": first, "end": end})
    return [(index, hashed) for index, hashed in rows]


def nodes_at(connection: Connection, places: Mapping[int, Iterable[int]]) -> dict[tuple[int, int], bytes]:
    """The stored nodes of these indexes, by level; those that are not there are left out."""
    queries: list[str] = []
    for level, indexes in places.items():
        if isinstance(indexes, range):
            within = f"idx >= {indexes.start} AND idx < {indexes.stop}"
            queries.append(f"SELECT level, idx, hash FROM tree_node WHERE level = {level} AND {within}")
            continue
        ordered = sorted(indexes)
        for i in range(0, len(ordered), _PLACES):
            listed = ", ".join(map(str, ordered[i : i + _PLACES]))
            queries.append(f"SELECT level, idx, hash FROM tree_node WHERE level = {level} AND idx IN ({listed})")
    found: dict[tuple[int, int], bytes] = {}
    for i in range(0, len(queries), _QUERIES):
        rows = connection.exec_driver_sql(" UNION ALL ".join(queries[i : i + _QUERIES]))
        found.update(((level, index), bytes(hashed)) for level, index, hashed in rows)
    return found


def grow(
    connection: Connection, log: LogKey, start: int, leaves: Iterable[Leaf], made_at: int | None, known: bytes | None
) -> Checkpoint:
    """Add leaves to the tree of ``start`` of them, and sign and store the checkpoint of the new size.

    Only on what the log has signed: raises IntegrityError (``ledger-damaged``) unless the latest checkpoint is the
    log's, of ``start`` leaves, with the root that the stored nodes give. ``known``: a note of which the caller knows
    already that the log signed it. Reads O(log n) nodes, so damage elsewhere in the tree is not seen here.
    """
    frontier = restore(connection, start)
    _check_continues(checkpoints.verified_latest(connection, log.verifier, known), frontier)
    nodes = [node for leaf in leaves for node in frontier.append(leaf.hash)]
    insert_rows(connection, NodeRow, [(node.level, node.index, node.hash) for node in nodes])
    signed = log.sign(frontier.size, frontier.root())
    checkpoints.store(connection, signed, made_at)
    return signed


def restore(connection: Connection, size: int) -> Frontier:
    """The frontier of the tree of that size, with one query. Raises IntegrityError (``ledger-damaged``)."""
    places = [(level, (size >> level) - 1) for level in range(size.bit_length()) if size >> level & 1]
    # Spelt out, and with "or": for (level, idx) IN (...) SQLite reads the whole table.
    wanted = " OR ".join(f"level = {level} AND idx = {index}" for level, index in places) or "1 = 0"
    rows = connection.exec_driver_sql(f"SELECT level, idx, hash FROM {NodeRow.__tablename__} WHERE {wanted}")
    peaks = {(level, index): bytes(hashed) for level, index, hashed in rows}
    try:
        return Frontier.restore(size, lambda level, index: peaks[level, index])
    except (KeyError, IntegrityError):
        raise damaged(Text("ハッシュ木の節が足りません", "nodes of its tree are missing or no hashes")) from None


def _check_continues(latest: Checkpoint, frontier: Frontier) -> None:
    if latest.size != frontier.size:
        raise damaged(
            Text(
                f"最新のチェックポイントは {latest.size} 件、記録は {frontier.size} 件です",
                f"its latest checkpoint is of {latest.size} entries, yet it holds {frontier.size}",
            )
        )
    if latest.root != frontier.root():
        raise damaged(
            Text(
                "ハッシュ木が最新のチェックポイントの根に一致しません",
                "its tree does not have the root of its latest checkpoint",
            )
        )
