"""Tiles: the names and widths of the specification, and a reader that takes nothing it cannot check."""

from __future__ import annotations

import pytest

from biotrace.chain import cbor, leaf, merkle, tiles
from biotrace.chain.leaf import Leaf
from biotrace.chain.tiles import ENTRIES, Tile, TileError, TileReader
from biotrace.errors import UpdateNeededError
from tests.builders import NOW
from tests.trees import Tree, tree_of


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999, 5), "tile/0/999.p/5"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(63, 1234067, 255), "tile/63/x001/x234/067.p/255"),
        (Tile(ENTRIES, 12, 1), "tile/entries/012.p/1"),
        (Tile(ENTRIES, 10**9 + 2), "tile/entries/x001/x000/x000/002"),
    ],
)
def test_paths(tile: Tile, path: str) -> None:
    assert tile.path == path


def paths(size: int) -> set[str]:
    return {tile.path for tile in tiles.tiles_at(size)}


def test_the_tree_of_70000_of_the_specification() -> None:
    """273 full level 0 tiles, a partial one of 112; one full level 1 tile, a partial one of 17; level 2: one of 1."""
    found = list(tiles.tiles_at(70_000))
    assert [tile for tile in found if tile.level == 0] == [*(Tile(0, i) for i in range(273)), Tile(0, 273, 112)]
    assert [tile for tile in found if tile.level >= 1] == [Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [tile for tile in found if tile.level == ENTRIES][-2:] == [Tile(ENTRIES, 272), Tile(ENTRIES, 273, 112)]


def test_the_tree_of_256_of_the_specification() -> None:
    assert paths(256) == {"tile/entries/000", "tile/0/000", "tile/1/000.p/1"}
    assert paths(0) == set()
    assert paths(1) == {"tile/entries/000.p/1", "tile/0/000.p/1"}


def test_what_changes_is_what_is_new() -> None:
    sizes = [0, 1, 2, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, 70_000]
    for i, old in enumerate(sizes):
        for new in sizes[i:]:
            assert {tile.path for tile in tiles.changed_tiles(old, new)} == paths(new) - paths(old)


def test_one_more_entry_on_a_huge_tree_changes_few_tiles() -> None:
    assert len(list(tiles.changed_tiles(2**40 - 1, 2**40))) == 7
    assert list(tiles.changed_tiles(2**40, 2**40 + 1)) == [Tile(ENTRIES, 2**32, 1), Tile(0, 2**32, 1)]


class Files(dict[str, bytes]):
    """A published log, as a folder of files; counts what is read."""

    def __init__(self, entries: list[bytes], sizes: list[int]) -> None:
        super().__init__()
        self.reads: list[str] = []
        self.tree = tree_of(entries)
        old = 0
        for size in sizes:
            self.write(entries, old, size)
            old = size

    def write(self, entries: list[bytes], old: int, new: int) -> None:
        for tile in tiles.changed_tiles(old, new):
            assert tile.path not in self, "a file never changes"
            first = tile.index * 256
            self[tile.path] = (
                tiles.entry_bundle(entries[first : first + tile.width])
                if tile.level == ENTRIES
                else tiles.hash_tile(tile, self.tree.node)
            )

    def read(self, path: str) -> bytes | None:
        self.reads.append(path)
        return self.get(path)


ENTRIES_600 = [Leaf(bytes([i % 251]) * 32, NOW + i).to_bytes() for i in range(600)]


def published(size: int = 600) -> Files:
    return Files(ENTRIES_600[:size], [size])


def reader(files: Files, size: int = 600) -> TileReader:
    return TileReader(files.read, size, files.tree.root(size))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 600])
def test_from_tiles_to_the_root_and_the_leaves(size: int) -> None:
    log = reader(published(size), size)
    assert list(log.entries()) == ENTRIES_600[:size]
    assert [found.logged_at for found in log.leaves()] == [NOW + i for i in range(size)]


def test_some_entries_take_some_files() -> None:
    files = published()
    log = reader(files)
    assert sorted(files.reads) == ["tile/0/002.p/88", "tile/1/000.p/2"]
    files.reads.clear()
    assert list(log.entries(250, 260)) == ENTRIES_600[250:260]
    assert files.reads == ["tile/0/000", "tile/entries/000", "tile/0/001", "tile/entries/001"]
    assert list(log.entries(599, 10_000)) == ENTRIES_600[599:]
    assert list(log.entries(600)) == list(log.entries(5, 5)) == []


def test_proofs_come_from_tiles_too() -> None:
    log = reader(published())
    tree = tree_of(ENTRIES_600)
    root = tree.root(600)
    for index in (0, 255, 256, 511, 512, 599):
        path = merkle.inclusion_proof(index, 600, log.node)
        merkle.verify_inclusion(merkle.leaf_hash(ENTRIES_600[index]), index, 600, path, root)
    for first in (1, 256, 300, 512, 599):
        assert merkle.root_from_nodes(first, log.node) == tree.root(first)
        assert merkle.consistency_proof(first, 600, log.node) == merkle.consistency_proof(first, 600, tree.node)


@pytest.mark.parametrize(("level", "index"), [(0, 600), (1, 300), (9, 1), (10, 0), (64, 0), (-1, 0), (0, -1)])
def test_nodes_that_the_tree_does_not_have(level: int, index: int) -> None:
    with pytest.raises(TileError) as refused:
        reader(published()).node(level, index)
    assert refused.value.code == "tile-beyond"


def test_a_deleted_partial_file_is_found_in_the_full_one() -> None:
    files = Files(ENTRIES_600, [600])
    assert not [path for path in files if path.startswith(("tile/0/000.p", "tile/entries/000.p"))]
    for size in (1, 100, 255, 256, 400):
        small = Files(ENTRIES_600, [600])
        small["tile/1/000.p/1"] = small["tile/1/000.p/2"][:32]
        assert list(reader(small, size).entries()) == ENTRIES_600[:size]


def test_files_of_every_size_that_was_published_stay() -> None:
    files = Files(ENTRIES_600, [1, 5, 256, 300, 600])
    for size in (1, 5, 256, 300, 600):
        assert list(reader(files, size).entries()) == ENTRIES_600[:size]


def spoiled_byte(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


SPOILED = [
    ("tile/1/000.p/2", "tile-hash"),
    ("tile/0/002.p/88", "tile-hash"),
    ("tile/0/000", "tile-hash"),
    ("tile/0/001", "tile-hash"),
    ("tile/entries/000", "tile-hash"),
    ("tile/entries/002.p/88", "tile-hash"),
]


@pytest.mark.parametrize(("path", "code"), SPOILED)
@pytest.mark.parametrize("at", [5, -1])
def test_a_changed_byte_is_refused_by_path(path: str, code: str, at: int) -> None:
    files = published()
    files[path] = spoiled_byte(files[path], at % len(files[path]))
    with pytest.raises(TileError) as refused:
        list(reader(files).entries())
    assert refused.value.code == code
    assert path in refused.value.message.en
    assert path in refused.value.message.ja


@pytest.mark.parametrize("path", [path for path, _ in SPOILED])
def test_a_file_that_is_missing_cut_or_prolonged_is_refused_by_path(path: str) -> None:
    whole = published()[path]
    for data, code in [
        (None, "tile-missing"),
        (b"", "tile-format"),
        (whole[:-1], "tile-format"),
        (whole + b"\0", "tile-format"),
        (whole + whole[:32], "tile-format"),
        (whole * 2, "tile-format"),
    ]:
        files = published()
        del files[path]
        if data is not None:
            files[path] = data
        with pytest.raises(TileError) as refused:
            list(reader(files).entries())
        assert (refused.value.code, path in refused.value.message.en) == (code, True)


def test_entries_that_swap_or_vanish_are_refused() -> None:
    first, second, *rest = ENTRIES_600[:256]
    for entries in ([second, first, *rest], [first, first, *rest], [first, *rest], [first, second, b"", *rest]):
        files = published()
        files["tile/entries/000"] = tiles.entry_bundle(entries)
        with pytest.raises(TileError, match="tile/entries/000"):
            list(reader(files).entries())


def test_nothing_of_a_bad_bundle_is_given_though_what_came_before_is() -> None:
    files = published()
    bundle = files["tile/entries/001"]
    files["tile/entries/001"] = spoiled_byte(bundle, len(bundle) - 1)
    given = reader(files).entries()
    assert [next(given) for _ in range(256)] == ENTRIES_600[:256]
    with pytest.raises(TileError, match="entry 511"):
        next(given)


def test_another_root_or_size_is_refused_at_once() -> None:
    files = published()
    for size, root in [(600, bytes(32)), (599, files.tree.root(600)), (0, files.tree.root(600))]:
        with pytest.raises(TileError):
            TileReader(files.read, size, root)


def test_a_partial_file_of_another_width_is_not_taken() -> None:
    files = published()
    files["tile/0/002.p/88"] = files["tile/0/001"]
    with pytest.raises(TileError, match=r"tile/0/002\.p/88: has not 2816 bytes"):
        reader(files)


def test_leaves_of_this_product_only_in_the_order_of_their_times() -> None:
    late, early = Leaf(bytes(32), NOW).to_bytes(), Leaf(bytes(32), NOW - 1).to_bytes()
    files = Files([early, late, early], [3])
    with pytest.raises(TileError, match=r"tile/entries/000\.p/3: entry 2 was logged earlier") as refused:
        list(reader(files, 3).leaves())
    assert refused.value.code == "tile-time"
    assert [found.logged_at for found in reader(files, 3).leaves(1, 2)] == [NOW]
    assert len(list(reader(Files([early, late, late], [3]), 3).leaves())) == 3
    with pytest.raises(TileError, match=r"tile/entries/000\.p/1: entry 0: CBOR"):
        list(reader(Files([b"one"], [1]), 1).leaves())
    later = cbor.encode([leaf.VERSION + 1])
    with pytest.raises(UpdateNeededError):
        list(reader(Files([later], [1]), 1).leaves())


def test_an_entry_too_large_for_its_length_is_refused() -> None:
    assert tiles.entry_bundle([b"", b"ab"]) == b"\0\0\0\2ab"
    tiles.entry_bundle([bytes(65_535)])
    with pytest.raises(TileError):
        tiles.entry_bundle([bytes(65_536)])


def test_a_tree_of_three_levels_of_tiles() -> None:
    """65,537 equal entries: nodes are computed, not kept."""
    uniform = [merkle.leaf_hash(b"x")]
    for _ in range(16):
        uniform.append(merkle.node_hash(uniform[-1], uniform[-1]))
    size = 65_537
    tree = Tree()
    root = merkle.root_from_nodes(size, lambda level, _: uniform[level])
    assert tree.root(0) == merkle.EMPTY_ROOT

    def get(path: str) -> bytes | None:
        tile = next(t for t in tiles.tiles_at(size) if t.path == path)
        if tile.level == ENTRIES:
            return tiles.entry_bundle([b"x"] * tile.width)
        return tiles.hash_tile(tile, lambda level, _: uniform[level])

    log = TileReader(get, size, root)
    assert list(log.entries(65_000)) == [b"x"] * 537
    path = merkle.inclusion_proof(12_345, size, log.node)
    merkle.verify_inclusion(uniform[0], 12_345, size, path, root)
