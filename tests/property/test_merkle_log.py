"""What holds for every log: proofs of it verify, changed ones do not, and the tiles give the same tree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from biotrace.chain import merkle, tiles
from biotrace.chain.merkle import Frontier, MerkleError
from biotrace.chain.tiles import ENTRIES, TileError, TileReader
from tests import trees
from tests.trees import Tree, tree_of

SIZE = 70
LOG = [f"entry {i}".encode() for i in range(SIZE)]
TREE = tree_of(LOG)
ROOTS = [TREE.root(size) for size in range(SIZE + 1)]

sizes = st.integers(1, SIZE)
hashes = st.binary(min_size=32, max_size=32)


def test_the_compact_tree_agrees_with_the_definition_of_rfc_9162() -> None:
    for size in range(SIZE + 1):
        assert ROOTS[size] == trees.mth(LOG[:size])


@given(st.lists(st.binary(max_size=3), max_size=40))
def test_roots_and_proofs_agree_with_the_definition_for_any_entries(entries: list[bytes]) -> None:
    tree = tree_of(entries)
    size = len(entries)
    assert tree.frontier.root() == tree.root(size) == trees.mth(entries)
    for index in range(size):
        assert merkle.inclusion_proof(index, size, tree.node) == trees.path(index, entries)
    for first in range(1, size + 1):
        assert merkle.consistency_proof(first, size, tree.node) == trees.proof(first, entries)


@pytest.mark.parametrize("size", range(1, SIZE + 1))
def test_every_leaf_of_every_size_is_proven(size: int) -> None:
    for index in range(size):
        path = merkle.inclusion_proof(index, size, TREE.node)
        assert len(path) <= (size - 1).bit_length()
        merkle.verify_inclusion(merkle.leaf_hash(LOG[index]), index, size, path, ROOTS[size])


@pytest.mark.parametrize("second", range(1, SIZE + 1))
def test_every_prefix_is_consistent_with_every_size(second: int) -> None:
    for first in range(1, second + 1):
        proof = merkle.consistency_proof(first, second, TREE.node)
        merkle.verify_consistency(first, second, ROOTS[first], ROOTS[second], proof)


@st.composite
def changed_paths(draw: st.DrawFn, path: list[bytes]) -> list[bytes]:
    """A path with one hash changed, dropped, added, repeated or moved."""
    others = [*path]
    at = draw(st.integers(0, max(len(path) - 1, 0)))
    how = draw(st.sampled_from(["add", "change", "flip", "drop", "repeat", "swap", "cut"] if path else ["add"]))
    if how == "add":
        others.insert(draw(st.integers(0, len(path))), draw(hashes))
    elif how == "change":
        others[at] = draw(hashes)
    elif how == "flip":
        bit = draw(st.integers(0, 255))
        others[at] = (int.from_bytes(path[at], "big") ^ 1 << bit).to_bytes(32, "big")
    elif how == "drop":
        del others[at]
    elif how == "repeat":
        others.insert(at, path[at])
    elif how == "swap":
        to = draw(st.integers(0, len(path) - 1))
        others[at], others[to] = others[to], others[at]
    else:
        others[at] = path[at][: draw(st.integers(0, 31))]
    assume(others != path)
    return others


@given(data=st.data(), size=sizes)
def test_a_changed_path_proves_nothing(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = data.draw(changed_paths(merkle.inclusion_proof(index, size, TREE.node)))
    with pytest.raises(MerkleError):
        merkle.verify_inclusion(merkle.leaf_hash(LOG[index]), index, size, path, ROOTS[size])


@given(data=st.data(), size=sizes)
def test_a_path_proves_no_other_leaf_place_or_root(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaf, path = merkle.leaf_hash(LOG[index]), merkle.inclusion_proof(index, size, TREE.node)
    other = data.draw(st.integers(0, size).filter(lambda i: i != index))
    with pytest.raises(MerkleError):
        merkle.verify_inclusion(leaf, other, size, path, ROOTS[size])
    with pytest.raises(MerkleError):
        merkle.verify_inclusion(data.draw(hashes), index, size, path, ROOTS[size])
    with pytest.raises(MerkleError):
        merkle.verify_inclusion(leaf, index, size, path, data.draw(hashes))


@given(data=st.data(), second=st.integers(2, SIZE))
def test_a_changed_consistency_proof_proves_nothing(data: st.DataObject, second: int) -> None:
    first = data.draw(st.integers(1, second - 1))
    proof = data.draw(changed_paths(merkle.consistency_proof(first, second, TREE.node)))
    with pytest.raises(MerkleError):
        merkle.verify_consistency(first, second, ROOTS[first], ROOTS[second], proof)


@given(data=st.data(), second=st.integers(2, SIZE))
def test_consistency_holds_between_these_two_trees_only(data: st.DataObject, second: int) -> None:
    first = data.draw(st.integers(1, second - 1))
    proof = merkle.consistency_proof(first, second, TREE.node)
    for roots in [(ROOTS[second], ROOTS[first]), (data.draw(hashes), ROOTS[second]), (ROOTS[first], data.draw(hashes))]:
        with pytest.raises(MerkleError):
            merkle.verify_consistency(first, second, *roots, proof)
    with pytest.raises(MerkleError):
        merkle.verify_consistency(second, first, ROOTS[second], ROOTS[first], proof)


@given(data=st.data(), second=st.integers(2, SIZE))
def test_a_changed_dropped_added_or_moved_entry_breaks_consistency(data: st.DataObject, second: int) -> None:
    """Whatever is done to the entries that were seen: no proof that the changed log makes of itself is taken."""
    first = data.draw(st.integers(1, second - 1))
    at = data.draw(st.integers(0, first - 1))
    entries = LOG[:second]
    how = data.draw(st.sampled_from(["change", "drop", "add", "swap"]))
    if how == "change":
        entries[at] = data.draw(st.binary(max_size=3))
    elif how == "drop":
        del entries[at]
    elif how == "add":
        entries.insert(at, data.draw(st.binary(max_size=3)))
    else:
        to = data.draw(st.integers(0, second - 1).filter(lambda i: i != at))
        entries[at], entries[to] = entries[to], entries[at]
    changed = tree_of(entries)
    size = len(entries)
    assume(size >= first)
    proof = merkle.consistency_proof(first, size, changed.node)
    with pytest.raises(MerkleError):
        merkle.verify_consistency(first, size, ROOTS[first], changed.root(size), proof)


@given(size=st.integers(0, SIZE), more=st.lists(st.binary(max_size=3), max_size=20))
def test_stopping_and_restoring_makes_no_difference(size: int, more: list[bytes]) -> None:
    restored = Frontier.restore(size, TREE.node)
    for entry in more:
        restored.append(merkle.leaf_hash(entry))
    assert restored.root() == trees.mth(LOG[:size] + more)


BIG = [i.to_bytes(4, "big") for i in range(1_100)]
BIG_TREE = tree_of(BIG)


def publish(steps: list[int]) -> dict[str, bytes]:
    """The files of the log that grew in these steps."""
    files: dict[str, bytes] = {}
    for old, new in zip([0, *steps], steps, strict=False):
        for tile in tiles.changed_tiles(old, new):
            first = tile.index * 256
            files[tile.path] = (
                tiles.entry_bundle(BIG[first : first + tile.width])
                if tile.level == ENTRIES
                else tiles.hash_tile(tile, BIG_TREE.node)
            )
    return files


@settings(max_examples=25)
@given(st.lists(st.integers(0, 1_100), min_size=1, max_size=4, unique=True).map(sorted))
def test_tiles_of_a_log_that_grew_give_every_size_that_was_published(steps: list[int]) -> None:
    files = publish(steps)
    for size in steps:
        reader = TileReader(files.get, size, BIG_TREE.root(size))
        assert list(reader.entries()) == BIG[:size]


@settings(max_examples=25)
@given(st.data())
def test_one_changed_byte_in_any_tile_is_found(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 1_100))
    files = publish([size])
    path = data.draw(st.sampled_from(sorted(files)))
    spoiled = bytearray(files[path])
    spoiled[data.draw(st.integers(0, len(spoiled) - 1))] ^= data.draw(st.integers(1, 255))
    files[path] = bytes(spoiled)
    with pytest.raises(TileError, match=path.replace(".", r"\.")):
        list(TileReader(files.get, size, BIG_TREE.root(size)).entries())


def proof_from_tiles(size: int, first: int) -> Any:
    reader = TileReader(publish([size]).get, size, BIG_TREE.root(size))
    return merkle.consistency_proof(first, size, reader.node)


@settings(max_examples=25)
@given(st.data())
def test_proofs_from_tiles_are_those_from_the_database(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 1_100))
    first = data.draw(st.integers(1, size))
    assert proof_from_tiles(size, first) == merkle.consistency_proof(first, size, BIG_TREE.node)


def test_an_empty_tree_in_memory() -> None:
    assert Tree().root(0) == trees.mth([]) == merkle.EMPTY_ROOT
