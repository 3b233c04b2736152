"""A Merkle tree in memory, and one beyond doubt: RFC 9162's own definitions, recursive and slow."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from biotrace.chain import merkle
from biotrace.chain.merkle import Frontier


class Tree:
    """All nodes that a database would hold."""

    def __init__(self) -> None:
        self.frontier = Frontier()
        self.nodes: dict[tuple[int, int], bytes] = {}

    def append(self, entry: bytes) -> None:
        """Add an entry and store what it completes; nothing is ever written twice."""
        for node in self.frontier.append(merkle.leaf_hash(entry)):
            assert (node.level, node.index) not in self.nodes
            self.nodes[node.level, node.index] = node.hash

    def node(self, level: int, index: int) -> bytes:
        """The stored node (KeyError for one that is not complete)."""
        return self.nodes[level, index]

    def root(self, size: int) -> bytes:
        """The root at that size."""
        return merkle.root_from_nodes(size, self.node)


def tree_of(entries: Iterable[bytes]) -> Tree:
    """The tree of these entries."""
    tree = Tree()
    for entry in entries:
        tree.append(entry)
    return tree


def mth(entries: Sequence[bytes]) -> bytes:
    """MTH(D) of RFC 9162 §2.1.1."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return hashlib.sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D) of RFC 9162 §2.1.3.1."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def proof(m: int, entries: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """PROOF(m, D), that is SUBPROOF(m, D, true), of RFC 9162 §2.1.4.1."""
    if m == len(entries):
        return [] if whole else [mth(entries)]
    k = split(len(entries))
    if m <= k:
        return [*proof(m, entries[:k], whole), mth(entries[k:])]
    return [*proof(m - k, entries[k:], False), mth(entries[:k])]


def split(count: int) -> int:
    """The largest power of two smaller than ``count``."""
    k = 1
    while k * 2 < count:
        k *= 2
    return k
