"""Proving many leaves of one tree, and many times: what lies above is verified once, and kept.

``Tops`` holds the nodes of one level, ``LEVEL``, and the complete subtrees below it at the tree's right end. Together
they give the root, so they are verified where that is signed. A leaf is proven where the path from it ends in one of
them, which takes LEVEL hashes whatever the size of the tree; and leaves that are proven together share their paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from biotrace.model.text import Text

from .merkle import HASH_BYTES, MerkleError, node_hash, root_from_nodes

LEVEL = 5
"""The level whose nodes are kept: one for each 32 leaves."""

Place = tuple[int, int]
"""Level and index of a node."""
Nodes = Mapping[Place, bytes]
"""Hashes of nodes by their places, as they were read. A node that is missing, or no hash, makes a MerkleError."""


class Tops:
    """The kept nodes of a growing tree. ``size``: of the tree that they are of."""

    def __init__(self) -> None:
        self.size = 0
        self._levels: list[list[bytes]] = [[]]
        self._ends: dict[Place, bytes] = {}

    def needed_to_grow(self, size: int) -> dict[int, range]:
        """By level, the nodes that have to be read to get from here to that size."""
        ends = {level: range((size >> level) - 1, size >> level) for level in range(LEVEL) if size >> level & 1}
        return {LEVEL: range(len(self._levels[0]), size >> LEVEL), **ends}

    def grow(self, size: int, nodes: Nodes) -> None:
        """Take the nodes that were read."""
        wanted = self.needed_to_grow(size)
        for index in wanted.pop(LEVEL):
            self._append(_hash_at(nodes, LEVEL, index))
        self._ends = {(level, index): _hash_at(nodes, level, index) for level, only in wanted.items() for index in only}
        self.size = size

    def _append(self, hashed: bytes) -> None:
        for nodes in self._levels:
            nodes.append(hashed)
            if len(nodes) % 2:
                return
            hashed = node_hash(nodes[-2], nodes[-1])
        self._levels.append([hashed])

    def root(self) -> bytes:
        """The root of the tree: where it is the signed one, all that is kept is verified."""
        return root_from_nodes(self.size, self._at)

    def _at(self, level: int, index: int) -> bytes:
        return self._ends[level, index] if level < LEVEL else self._levels[level - LEVEL][index]

    def ends(self) -> dict[Place, bytes]:
        """What is kept below LEVEL: these subtrees become part of greater ones."""
        return dict(self._ends)

    def needed_to_prove(self, places: Iterable[Place]) -> dict[int, list[int]]:
        """By level, ascending, the nodes that have to be read to prove these ones, such as leaves.

        Raises MerkleError for one that the tree does not have.
        """
        given = _by_level(places)
        wanted: dict[int, list[int]] = {}
        here: set[int] = set()
        for level in range(LEVEL):
            here |= given.get(level, set())
            if here and not 0 <= min(here) <= max(here) < self.size >> level:
                raise MerkleError(Text("ハッシュ木: 木にない節", f"Merkle tree: no such node of {self.size} leaves"))
            here = {index for index in here if (level, index) not in self._ends}
            if missing := sorted({index ^ 1 for index in here} - here):
                wanted[level] = missing
            here = {index >> 1 for index in here}
        return wanted

    def fits(self, known: Nodes, nodes: Nodes) -> bool:
        """Whether the paths from all nodes that are ``known``, such as leaves, end in what is kept."""
        given = _by_level(known)
        here: dict[int, bytes] = {}
        for level in range(LEVEL):
            for index in given.get(level, ()):
                if here.setdefault(index, known[level, index]) != known[level, index]:
                    return False
            above: dict[int, bytes] = {}
            for index, hashed in here.items():
                end = self._ends.get((level, index))
                if end is not None:
                    if end != hashed:
                        return False
                elif index >> 1 not in above:
                    sibling = here.get(index ^ 1) or _hash_at(nodes, level, index ^ 1)
                    pair = (sibling, hashed) if index & 1 else (hashed, sibling)
                    above[index >> 1] = node_hash(*pair)
            here = above
        return all(self._levels[0][index] == hashed for index, hashed in here.items())


def _by_level(places: Iterable[Place]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for level, index in places:
        found.setdefault(level, set()).add(index)
    return found


def _hash_at(nodes: Nodes, level: int, index: int) -> bytes:
    found = nodes.get((level, index))
    if found is None or len(found) != HASH_BYTES:
        raise MerkleError(Text(f"ハッシュ木: 節 {level}/{index} がない", f"Merkle tree: no node {level}/{index}"))
    return found
