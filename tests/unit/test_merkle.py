"""The Merkle tree: known roots, what is stored, how little is read, and what proofs are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from biotrace.chain import merkle
from biotrace.chain.merkle import EMPTY_ROOT, MAX_SIZE, Frontier, MerkleError
from tests.trees import Tree, tree_of

# Roots of the trees of 0 to 8 of these leaves: the example that Certificate Transparency has been tested with since
# its first implementation.
LEAVES = [bytes.fromhex(leaf) for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes.fromhex("606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_known_roots() -> None:
    tree = tree_of(LEAVES)
    assert [tree.root(size).hex() for size in range(9)] == ROOTS
    frontier = Frontier()
    for leaf, root in zip(LEAVES, ROOTS, strict=False):
        assert frontier.root().hex() == root
        frontier.append(merkle.leaf_hash(leaf))


def test_appending_tells_exactly_the_nodes_that_became_complete() -> None:
    frontier = Frontier()
    completed = [[(n.level, n.index) for n in frontier.append(bytes(32))] for _ in range(8)]
    assert completed[:4] == [[(0, 0)], [(0, 1), (1, 0)], [(0, 2)], [(0, 3), (1, 1), (2, 0)]]
    assert completed[7] == [(0, 7), (1, 3), (2, 1), (3, 0)]


def test_a_restored_frontier_goes_on_as_if_it_had_never_stopped() -> None:
    tree = tree_of([bytes([i]) for i in range(23)])
    for size in range(23):
        frontier = Frontier.restore(size, tree.node)
        for i in range(size, 23):
            frontier.append(merkle.leaf_hash(bytes([i])))
        assert frontier.root() == tree.root(23)


def uniform(level: int, index: int) -> bytes:  # noqa: ARG001
    """Nodes of a tree in which all leaves are the same, of any size."""
    return UNIFORM[level]


UNIFORM = [bytes(32)]
for _ in range(62):
    UNIFORM.append(merkle.node_hash(UNIFORM[-1], UNIFORM[-1]))


@pytest.mark.parametrize("size", [2**40 - 1, 2**40, 2**40 - 12345, MAX_SIZE])
def test_a_huge_tree_takes_few_reads(size: int) -> None:
    reads: list[tuple[int, int]] = []

    def get_node(level: int, index: int) -> bytes:
        reads.append((level, index))
        assert (index + 1) << level <= size, "only complete subtrees are stored"
        return uniform(level, index)

    root = merkle.root_from_nodes(size, get_node)
    for index in (0, 1, size // 3, size - 1):
        reads.clear()
        path = merkle.inclusion_proof(index, size, get_node)
        assert len(reads) <= 2 * size.bit_length()
        merkle.verify_inclusion(bytes(32), index, size, path, root)
    for first in (1, 2**39, size // 3, size - 1, size):
        reads.clear()
        proof = merkle.consistency_proof(first, size, get_node)
        assert len(reads) <= 2 * size.bit_length()
        merkle.verify_consistency(first, size, merkle.root_from_nodes(first, uniform), root, proof)


TREE = tree_of([bytes([i]) for i in range(7)])
ROOT = TREE.root(7)
PATH = merkle.inclusion_proof(2, 7, TREE.node)
LEAF = merkle.leaf_hash(b"\2")
FROM_3 = merkle.consistency_proof(3, 7, TREE.node)


@pytest.mark.parametrize(
    ("index", "size", "path", "reason"),
    [
        (2, 0, [], "has no leaf 2"),
        (-1, 7, PATH, "has no leaf -1"),
        (7, 7, PATH, "has no leaf 7"),
        (2, -7, PATH, "no tree has"),
        (2, MAX_SIZE + 1, PATH, "no tree has"),
        (2, 7, PATH[:-1], "too short"),
        (2, 7, [], "too short"),
        (2, 7, [*PATH, ROOT], "too long"),
        (0, 1, [ROOT], "too long"),
        (2, 7, [PATH[0][:31], *PATH[1:]], "32 bytes"),
        (3, 7, PATH, "does not lead"),
        (2, 7, PATH[::-1], "does not lead"),
    ],
)
def test_inclusion_proofs_that_prove_nothing(index: int, size: int, path: list[bytes], reason: str) -> None:
    with pytest.raises(MerkleError, match=reason):
        merkle.verify_inclusion(LEAF, index, size, path, ROOT)


def test_a_leaf_is_not_taken_for_a_node_nor_a_short_hash_for_a_leaf() -> None:
    with pytest.raises(MerkleError):
        merkle.verify_inclusion(LEAF[:31], 2, 7, PATH, ROOT)
    left, right = (TREE.root(2), merkle.leaf_hash(b"\2"))
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


@pytest.mark.parametrize(
    ("first", "second", "roots", "proof", "reason"),
    [
        (0, 7, (EMPTY_ROOT, ROOT), [], "no proof from 0"),
        (0, 7, (EMPTY_ROOT, ROOT), [ROOT], "no proof from 0"),
        (7, 3, (ROOT, TREE.root(3)), FROM_3, "no proof from 7"),
        (-1, -1, (ROOT, ROOT), [], "no tree has"),
        (3, MAX_SIZE + 1, (TREE.root(3), ROOT), FROM_3, "no tree has"),
        (7, 7, (ROOT, TREE.root(3)), [], "different roots"),
        (7, 7, (ROOT, ROOT), [ROOT], "need no proof"),
        (0, 0, (ROOT, ROOT), [], "empty tree"),
        (3, 7, (TREE.root(3), ROOT), [], "there is no proof"),
        (4, 7, (TREE.root(4), ROOT), [], "there is no proof"),
        (3, 7, (TREE.root(3), ROOT), FROM_3[:-1], "too short"),
        (3, 7, (TREE.root(3), ROOT), [*FROM_3, ROOT], "too long"),
        (3, 7, (TREE.root(3), ROOT), [FROM_3[0] + b"\0", *FROM_3[1:]], "32 bytes"),
        (3, 7, (TREE.root(4), ROOT), FROM_3, "first root"),
        (3, 7, (TREE.root(3), TREE.root(6)), FROM_3, "second root"),
        (4, 7, (TREE.root(3), ROOT), merkle.consistency_proof(4, 7, TREE.node), "second root"),
    ],
)
def test_consistency_proofs_that_prove_nothing(
    first: int, second: int, roots: tuple[bytes, bytes], proof: list[bytes], reason: str
) -> None:
    with pytest.raises(MerkleError, match=reason):
        merkle.verify_consistency(first, second, *roots, proof)


def test_two_empty_trees_are_the_same() -> None:
    merkle.verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])


@pytest.mark.parametrize(
    "make",
    [
        lambda: merkle.inclusion_proof(7, 7, TREE.node),
        lambda: merkle.inclusion_proof(0, 0, TREE.node),
        lambda: merkle.consistency_proof(0, 7, TREE.node),
        lambda: merkle.consistency_proof(7, 3, TREE.node),
        lambda: merkle.consistency_roots(7, 7, ROOT, [ROOT]),
        lambda: merkle.root_from_nodes(-1, TREE.node),
        lambda: merkle.root_from_nodes(7, lambda _level, _index: b"short"),
        lambda: Frontier().append(b"short"),
        lambda: Frontier(MAX_SIZE).append(bytes(32)),
        lambda: Frontier.restore(-1, TREE.node),
    ],
)
def test_what_no_tree_has_is_not_made(make: Callable[[], object]) -> None:
    with pytest.raises(MerkleError):
        make()


def test_a_path_fits_another_place_in_a_smaller_tree_so_the_size_must_be_signed() -> None:
    """The last of three leaves and the second of two: why ``biotrace.chain.receipt`` signs size and index."""
    three = Tree()
    for leaf in (b"a", b"b", b"c"):
        three.append(leaf)
    path = merkle.inclusion_proof(2, 3, three.node)
    merkle.verify_inclusion(merkle.leaf_hash(b"c"), 1, 2, path, three.root(3))
