"""Many leaves proven at once: the root comes out for the right leaves, over the nodes that were named, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biotrace.chain import merkle, merkle_many
from biotrace.chain.merkle import MerkleError
from biotrace.chain.merkle_many import Place
from tests.trees import tree_of


def some_leaves(size: int) -> st.SearchStrategy[set[int]]:
    return st.sets(st.integers(0, size - 1))


sized = st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), some_leaves(size)))


def read(size: int, indexes: set[int]) -> tuple[dict[int, bytes], dict[Place, bytes], bytes]:
    """The hashes of these leaves, the nodes that are needed beside them, and the root."""
    tree = tree_of(str(i).encode() for i in range(size))
    wanted = merkle_many.needed(indexes, size)
    nodes = {(level, index): tree.node(level, index) for level, found in wanted.items() for index in found}
    return {i: tree.node(0, i) for i in indexes}, nodes, tree.root(size)


@given(sized)
def test_the_root_comes_out(case: tuple[int, set[int]]) -> None:
    size, indexes = case
    leaves, nodes, root = read(size, indexes)
    assert merkle_many.root_over(leaves, size, nodes) == root


@given(sized.filter(lambda case: bool(case[1])), st.data())
def test_another_leaf_leads_to_another_root(case: tuple[int, set[int]], data: st.DataObject) -> None:
    size, indexes = case
    leaves, nodes, root = read(size, indexes)
    leaves[data.draw(st.sampled_from(sorted(indexes)))] = merkle.leaf_hash(b"another")
    assert merkle_many.root_over(leaves, size, nodes) != root


@given(sized)
def test_every_node_that_is_named_is_needed_and_none_twice(case: tuple[int, set[int]]) -> None:
    size, indexes = case
    leaves, nodes, _ = read(size, indexes)
    for place in nodes:
        with pytest.raises(MerkleError, match=f"no node {place[0]}/{place[1]}"):
            merkle_many.root_over(leaves, size, {known: nodes[known] for known in nodes if known != place})
    single = sum(len(merkle.inclusion_proof(i, size, lambda *_: bytes(32))) for i in indexes)
    assert len(nodes) <= max(single, size.bit_count()) + size.bit_length()


def test_what_is_no_hash_is_no_node() -> None:
    leaves, nodes, _ = read(5, {1})
    with pytest.raises(MerkleError):
        merkle_many.root_over(leaves, 5, nodes | {(0, 0): b"short"})


@pytest.mark.parametrize("index", [-1, 5])
def test_a_leaf_beyond_the_tree_is_refused(index: int) -> None:
    with pytest.raises(MerkleError):
        merkle_many.needed([index], 5)
    with pytest.raises(MerkleError):
        merkle_many.root_over({index: bytes(32)}, 5, {})
