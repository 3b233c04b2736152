"""Proving many leaves of one tree at once: every node on their paths is computed once, and every other one read once.

A list of inclusion proofs would read and hash the upper levels anew for each leaf.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from biotrace.model.text import Text

from .merkle import HASH_BYTES, MerkleError, node_hash, root_from_nodes

Place = tuple[int, int]
"""Level and index of a node."""


def needed(indexes: Iterable[int], size: int) -> dict[int, list[int]]:
    """By level, the nodes that have to be read to prove these leaves of a tree of ``size``, ascending.

    Raises MerkleError for a leaf that the tree does not have.
    """
    here = set(indexes)
    _check(here, size)
    wanted: dict[int, list[int]] = {}
    for level in range(size.bit_length()):
        complete = size >> level
        missing = {index ^ 1 for index in here} - here
        if complete & 1 and complete - 1 not in here:
            missing.add(complete - 1)  # the last one here has no sibling: the root is computed over it
        found = sorted(index for index in missing if index < complete)
        if found:
            wanted[level] = found
        here = {index >> 1 for index in here if index | 1 < complete}
    return wanted


def root_over(leaves: Mapping[int, bytes], size: int, nodes: Mapping[Place, bytes]) -> bytes:
    """The root of the tree of ``size`` that has these leaves, by index and hash, over the other nodes that were read.

    The leaves are proven where it is the signed root. Raises MerkleError for a node that is missing or no hash.
    """
    _check(leaves, size)
    known: dict[Place, bytes] = {(0, index): hashed for index, hashed in leaves.items()}

    def at(level: int, index: int) -> bytes:
        found = known.get((level, index)) or nodes.get((level, index))
        if found is None or len(found) != HASH_BYTES:
            raise MerkleError(
                Text(f"ハッシュ木: 節 {level}/{index} がありません", f"Merkle tree: no node {level}/{index}")
            )
        return found

    here = set(leaves)
    for level in range(size.bit_length()):
        parents = {index >> 1 for index in here if index | 1 < size >> level}
        for parent in parents:
            known[level + 1, parent] = node_hash(at(level, 2 * parent), at(level, 2 * parent + 1))
        here = parents
    return root_from_nodes(size, at)


def _check(indexes: Iterable[int], size: int) -> None:
    for index in indexes:
        if not 0 <= index < size:
            raise MerkleError(
                Text(f"ハッシュ木: {size} 件の木に {index} 番はない", f"Merkle tree: no leaf {index} of {size}")
            )
