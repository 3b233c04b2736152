"""The log's Merkle tree: hashes, roots and proofs as in RFC 9162 §2.1, over SHA-256.

A *node* is the root of a complete subtree: (level, index) covers the leaves from index·2^level to (index+1)·2^level,
level 0 being the leaf hashes. Nodes, once complete, never change, and they alone are stored; roots of incomplete
subtrees are computed from them. Every proof reads O(log n) nodes, no function recurses, and the number of hashes that
a verifier computes is bounded by the sizes, not by what the proof brings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

HASH_BYTES = 32
MAX_SIZE = 2**63 - 1
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of the tree without leaves (RFC 9162 §2.1.1)."""

GetNode: TypeAlias = Callable[[int, int], bytes]
"""(level, index) -> the hash of that node. What it raises for a node it does not have passes through."""

_TOO_LONG = ("証明が長すぎます", "the proof is too long")
_TOO_SHORT = ("証明が短すぎます", "the proof is too short")


class MerkleError(IntegrityError):
    """A proof that proves nothing, or sizes that no tree or pair of trees has."""

    code = "merkle"


@dataclass(frozen=True, slots=True)
class Node:
    """The hash of a complete subtree, and where it stands."""

    level: int
    index: int
    hash: bytes


@dataclass(slots=True)
class Frontier:
    """All that appending needs: the size, and the hashes of the complete subtrees side by side, the largest first.

    After a transaction that failed, begin anew with ``restore``: what was appended is then not stored.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def restore(cls, size: int, get_node: GetNode) -> Frontier:
        """The frontier of the tree of that size, from its stored nodes."""
        _check_size(size)
        return cls(size, _peaks(0, size, get_node))

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf by its hash. Gives the nodes that this completes, the leaf first: all that is to be stored."""
        _check_size(self.size + 1)
        node = Node(0, self.size, _checked_hash(leaf))
        completed = [node]
        while self.size >> node.level & 1:
            node = Node(node.level + 1, node.index >> 1, node_hash(self.peaks.pop(), node.hash))
            completed.append(node)
        self.peaks.append(node.hash)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return _root_of_peaks(self.peaks)


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_nodes(size: int, get_node: GetNode) -> bytes:
    """The root of the tree of that size: of any earlier one too, since nodes never change."""
    _check_size(size)
    return _root_of_peaks(_peaks(0, size, get_node))


def inclusion_proof(index: int, size: int, get_node: GetNode) -> list[bytes]:
    """The path from leaf ``index`` to the root of the tree of ``size`` leaves (RFC 9162 §2.1.3.1)."""
    _check_index(index, size)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_root(middle, end, get_node))
            end = middle
        else:
            path.append(_range_root(start, middle, get_node))
            start = middle
    return path[::-1]


def consistency_proof(first: int, second: int, get_node: GetNode) -> list[bytes]:
    """The proof that the tree of ``second`` leaves continues that of ``first`` (RFC 9162 §2.1.4.1).

    Empty where the sizes are equal. Raises MerkleError unless 0 < first <= second.
    """
    _check_sizes(first, second)
    proof: list[bytes] = []
    start, end = 0, second
    while end != first:
        middle = start + _split(end - start)
        if first <= middle:
            proof.append(_range_root(middle, end, get_node))
            end = middle
        else:
            proof.append(_range_root(start, middle, get_node))
            start = middle
    if start:  # else what is left is the first tree itself, whose root the verifier has
        proof.append(_range_root(start, end, get_node))
    return proof[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root to which ``path`` leads from the leaf with that hash (RFC 9162 §2.1.3.2).

    The root alone does not vouch for ``index`` and ``size``: another pair may fit the same path. Whoever needs them
    takes the size from where it is signed together with the root.
    """
    _check_index(index, size)
    root, at, last = _checked_hash(leaf), index, size - 1
    for sibling in path:
        _require(last > 0, *_TOO_LONG)
        if at & 1 or at == last:
            root = node_hash(_checked_hash(sibling), root)
            at, last = _to_left_join(at, last)
        else:
            root = node_hash(root, _checked_hash(sibling))
        at, last = at >> 1, last >> 1
    _require(last == 0, *_TOO_SHORT)
    return root


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise MerkleError unless ``path`` proves leaf hash ``leaf`` at ``index`` of the tree with that size and root."""
    reached = root_from_inclusion(leaf, index, size, path)
    _require(reached == root, "証明が根に一致しません", "the proof does not lead to the root")


def consistency_roots(first: int, second: int, first_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of the trees of ``first`` and ``second`` leaves to which ``proof`` leads (RFC 9162 §2.1.4.2).

    Only for 0 < first < second. Where ``first`` is a power of two the proof builds on ``first_root`` itself.
    """
    _check_sizes(first, second)
    steps = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    _require(first < second and bool(proof), "証明がありません", "there is no proof")
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = _checked_hash(steps[0])
    for step in steps[1:]:
        _require(last > 0, *_TOO_LONG)
        if at & 1 or at == last:
            old, new = node_hash(_checked_hash(step), old), node_hash(step, new)
            at, last = _to_left_join(at, last)
        else:
            new = node_hash(new, _checked_hash(step))
        at, last = at >> 1, last >> 1
    _require(last == 0, *_TOO_SHORT)
    return old, new


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise MerkleError unless ``proof`` shows that the second tree begins with all leaves of the first.

    Trees of one size need no proof and must have one root. From an empty tree to a larger one there is nothing to
    prove, and that too is refused: who has seen no leaves has nothing that could be contradicted.
    """
    if first == second:
        _check_same(first, first_root, second_root, proof)
        return
    old, new = consistency_roots(first, second, first_root, proof)
    _require(old == first_root, "証明が古い根に一致しません", "the proof does not lead to the first root")
    _require(new == second_root, "証明が新しい根に一致しません", "the proof does not lead to the second root")


def _split(count: int) -> int:
    """The largest power of two below ``count``: how many leaves the left half has (RFC 9162 §2.1.1)."""
    return 1 << ((count - 1).bit_length() - 1)


def _peaks(start: int, end: int, get_node: GetNode) -> list[bytes]:
    """Hashes of the complete subtrees that make up the leaves from ``start`` to ``end``, the largest first."""
    peaks: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(_checked_hash(get_node(level, start >> level)))
        start += 1 << level
    return peaks


def _root_of_peaks(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def _range_root(start: int, end: int, get_node: GetNode) -> bytes:
    return _root_of_peaks(_peaks(start, end, get_node))


def _to_left_join(at: int, last: int) -> tuple[int, int]:
    """Up past the levels at which the right edge has no sibling, to the one at which it was a right child."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _require(holds: bool, ja: str, en: str) -> None:
    if not holds:
        raise _wrong(ja, en)


def _wrong(ja: str, en: str) -> MerkleError:
    return MerkleError(Text("ハッシュ木: " + ja, "Merkle tree: " + en))


def _checked_hash(value: bytes) -> bytes:
    if len(value) != HASH_BYTES:
        raise _wrong("ハッシュは32バイトです", "a hash has 32 bytes")
    return value


def _check_size(size: int) -> None:
    if not 0 <= size <= MAX_SIZE:
        raise _wrong(f"{size} 件の木はありません", f"no tree has {size} leaves")


def _check_index(index: int, size: int) -> None:
    _check_size(size)
    _require(0 <= index < size, f"{size} 件の木に {index} 番はありません", f"a tree of {size} has no leaf {index}")


def _check_sizes(first: int, second: int) -> None:
    _check_size(second)
    _require(
        0 < first <= second,
        f"{first} 件から {second} 件への証明はありません",
        f"there is no proof from {first} to {second} leaves",
    )


def _check_same(size: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> None:
    _check_size(size)
    _require(not proof, "同じ件数に証明は要りません", "trees of one size need no proof, yet there is one")
    _require(first_root == second_root, "同じ件数なのに根が違います", "trees of one size have different roots")
    _require(size > 0 or first_root == EMPTY_ROOT, "空の木の根ではありません", "not the root of an empty tree")
