"""Many leaves proven at once: the right ones fit, over the nodes named and no others; while the tree grows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.chain import merkle
from biotrace.chain.merkle import MerkleError
from biotrace.chain.merkle_many import LEVEL, Place, Tops
from tests.trees import Tree, tree_of

SIZES = (1, 2, 3, 255, 256, 257, 511, 512, 700, 1_024, 1_300)
MOST = max(SIZES)
TREE = tree_of(str(i).encode() for i in range(MOST))

sizes = st.sampled_from(SIZES)
sized = sizes.flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1), max_size=12)))


def tops_of(*sizes: int, tree: Tree = TREE) -> Tops:
    """What is kept of a tree that was looked at when it had these sizes."""
    tops = Tops()
    for size in sizes:
        tops.grow(size, read(tops.needed_to_grow(size), tree))
    return tops


def read(wanted: dict[int, range] | dict[int, list[int]], tree: Tree = TREE) -> dict[Place, bytes]:
    return {(level, index): tree.node(level, index) for level, indexes in wanted.items() for index in indexes}


def leaves(indexes: set[int]) -> dict[Place, bytes]:
    return {(0, index): TREE.node(0, index) for index in indexes}


@given(st.lists(sizes, min_size=1, unique=True).map(sorted))
def test_what_is_kept_gives_the_root_of_every_size(grown: list[int]) -> None:
    for at in range(1, len(grown) + 1):
        assert tops_of(*grown[:at]).root() == TREE.root(grown[at - 1])


def test_an_empty_tree_has_the_empty_root() -> None:
    assert tops_of(0).root() == merkle.EMPTY_ROOT


@given(sizes, sizes)
def test_growing_reads_only_what_is_new(one: int, other: int) -> None:
    first, second = sorted((one, other))
    wanted = tops_of(first).needed_to_grow(second)
    assert list(wanted[LEVEL]) == list(range(first >> LEVEL, second >> LEVEL))
    assert sum(len(indexes) for level, indexes in wanted.items() if level < LEVEL) <= LEVEL


@given(sized)
def test_the_right_leaves_fit(case: tuple[int, set[int]]) -> None:
    size, indexes = case
    tops = tops_of(size)
    assert tops.fits(leaves(indexes), read(tops.needed_to_prove(leaves(indexes))))


@settings(max_examples=200)
@given(sized.filter(lambda case: bool(case[1])), st.data())
def test_another_leaf_does_not(case: tuple[int, set[int]], data: st.DataObject) -> None:
    size, indexes = case
    tops = tops_of(size)
    changed = leaves(indexes) | {(0, data.draw(st.sampled_from(sorted(indexes)))): merkle.leaf_hash(b"another")}
    assert not tops.fits(changed, read(tops.needed_to_prove(leaves(indexes))))


@given(sized, st.data())
def test_another_node_does_not_either_and_none_may_be_missing(case: tuple[int, set[int]], data: st.DataObject) -> None:
    size, indexes = case
    tops = tops_of(size)
    nodes = read(tops.needed_to_prove(leaves(indexes)))
    assert len(nodes) <= LEVEL * len(indexes)
    if nodes:
        place = data.draw(st.sampled_from(sorted(nodes)))
        assert not tops.fits(leaves(indexes), nodes | {place: merkle.leaf_hash(b"another")})
        for bad in ({known: nodes[known] for known in nodes if known != place}, nodes | {place: b"short"}):
            with pytest.raises(MerkleError, match=f"no node {place[0]}/{place[1]}"):
                tops.fits(leaves(indexes), bad)


@given(st.lists(sizes, min_size=2, max_size=2, unique=True).map(sorted))
def test_the_ends_of_a_smaller_tree_fit_a_greater(grown: list[int]) -> None:
    small, tops = tops_of(grown[0]), tops_of(*grown)
    assert tops.fits(small.ends(), read(tops.needed_to_prove(small.ends())))


@pytest.mark.parametrize("changed", [3, 290])
def test_a_tree_that_does_not_go_on_is_told(changed: int) -> None:
    """By its root, where what was kept has changed; and by the ends, of which what was read anew is none."""
    other = tree_of(b"other" if i == changed else str(i).encode() for i in range(700))
    tops = tops_of(300)
    ends = tops.ends()
    tops.grow(700, read(tops.needed_to_grow(700), other))
    continued = tops.fits(ends, read(tops.needed_to_prove(ends), other))
    assert (tops.root() == other.root(700), continued) == ((False, True) if changed < 256 else (True, False))


@pytest.mark.parametrize("place", [(0, -1), (0, 5), (2, 1)])
def test_a_node_beyond_the_tree_is_refused(place: Place) -> None:
    with pytest.raises(MerkleError):
        tops_of(5).needed_to_prove([place])


def test_two_hashes_for_one_node_do_not_fit() -> None:
    tops = tops_of(8)
    known = {(0, 0): TREE.node(0, 0), (0, 1): TREE.node(0, 1), (1, 0): merkle.leaf_hash(b"another")}
    assert not tops.fits(known, read(tops.needed_to_prove(known)))
