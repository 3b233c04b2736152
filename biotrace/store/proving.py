"""Whether some entries are in the tree whose root the log signed, by its stored nodes: S104 without all entries."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlmodel import col

from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.integrity import IntegrityFinding, StoredEntry
from biotrace.chain.merkle import MerkleError
from biotrace.chain.merkle_many import Nodes, Place, Tops
from biotrace.chain.note import VerifierKey
from biotrace.chain.tree_integrity import StoredTree, check_latest, leaf_differs, leaf_hash, not_proven
from biotrace.model.text import Text

from . import checkpoints
from .entry_rows import Bytes
from .tables import CheckpointRow
from .tree import nodes_at

_LATEST = select(col(CheckpointRow.size), col(CheckpointRow.note)).order_by(col(CheckpointRow.size).desc()).limit(1)


class Signed:
    """The latest checkpoint of a log that grows, and what is verified of its tree by it.

    ``checkpoint``: None where none can be gone by; ``findings``: what is wrong with it, or with what it covers.
    """

    def __init__(self) -> None:
        self.checkpoint: Checkpoint | None = None
        self.findings: list[IntegrityFinding] = []
        self._latest: tuple[int, bytes] | None = None
        self._tops = Tops()

    def follow(self, connection: Connection, log: VerifierKey, end: int) -> bool:
        """Look at it again; ``end``: how many entries there are. False where the log does not continue what it was."""
        row = connection.execute(_LATEST).first()
        latest = None if row is None else (row.size, bytes(row.note))
        if latest == self._latest and self.checkpoint is not None and self.checkpoint.size == end:
            return True
        before = self._tops.size
        self._latest, self.checkpoint = latest, None
        self.findings = check_latest(StoredTree(end, None, latest, 0, ()), log)
        if self.findings:
            return not before
        found = checkpoints.latest(connection)
        try:
            continued = self._grow(connection, end)
            differs = not continued or self._tops.root() != found.root
            why = Text("根が違います", "the root differs")
        except MerkleError as error:
            differs, why = True, error.message
        if differs:
            self.findings = [not_proven(end, why)]
        else:
            self.checkpoint = found
        return not (differs and before)

    def _grow(self, connection: Connection, size: int) -> bool:
        """Take what was added to the tree; whether it still begins with what it was."""
        ends = self._tops.ends()
        self._tops.grow(size, nodes_at(connection, self._tops.needed_to_grow(size)))
        return self._tops.fits(ends, nodes_at(connection, self._tops.needed_to_prove(ends)))

    def prove(self, connection: Connection, stored: Iterable[StoredEntry]) -> list[IntegrityFinding]:
        """What is wrong with these entries' places in the tree; empty where all are proven, or there is none.

        Entries are taken by the ids that the database states: whether their bytes are of that id is looked at
        elsewhere.
        """
        if self.checkpoint is None:
            return []
        held = {entry.position: entry for entry in stored if 0 <= entry.position < self._tops.size}
        kept = nodes_at(connection, {0: held})
        findings: list[IntegrityFinding] = []
        leaves: dict[Place, bytes] = {}
        for position, entry in held.items():
            own, node = leaf_hash(entry.record_id, entry.logged_at), kept.get((0, position))
            if node is not None and node != own:
                findings.append(leaf_differs(position, entry.record_id))
            # A leaf that differs has been told; over what is stored in its place the rest may fit.
            leaves[0, position] = node or own or b""
        why = self._why_not(connection, leaves, kept)
        return findings if why is None else [*findings, not_proven(self._tops.size, why)]

    def proves(self, connection: Connection, entries: Iterable[Bytes]) -> bool:
        """Whether all these entries are in the tree, with their times. Where they are not, ``prove`` tells which."""
        if self.checkpoint is None:
            return False
        leaves = {(0, e.position): leaf_hash(e.record_id, e.logged_at) or b"" for e in entries}
        return self._why_not(connection, leaves, {}) is None

    def _why_not(self, connection: Connection, leaves: Nodes, known: Nodes) -> Text | None:
        """Why the leaves do not lead to what the log signed; None where they do. ``known``: nodes that were read."""
        try:
            nodes = nodes_at(connection, self._tops.needed_to_prove(leaves))
            return None if self._tops.fits(leaves, {**known, **nodes}) else Text("節が違います", "a node differs")
        except MerkleError as error:
            return error.message
