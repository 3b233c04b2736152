"""The log as static files that any web server or bucket can serve (C2SP tlog-tiles).

* ``tile/<L>/<N>``: 256 hashes, the nodes at level 8·L of the tree, from index 256·N on;
* ``tile/entries/<N>``: the 256 leaves under ``tile/0/<N>``, each after its length (2 bytes, big-endian);
* both with ``.p/<W>`` where only W of the 256 exist yet. Files, once written, never change; a partial one may be
  deleted once the full one is there.

``TileReader`` believes nothing but the checkpoint's size and root: every file is checked against them before anything
in it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import leaf, merkle
from .leaf import Leaf
from .merkle import HASH_BYTES, GetNode

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = -1
"""The "level" of entry bundles."""
MAX_ENTRY_BYTES = (1 << 16) - 1

GetFile: TypeAlias = Callable[[str], bytes | None]
"""path -> the file's bytes, None where there is no such file."""


class TileError(IntegrityError):
    """A file of the log that is missing or does not fit the checkpoint. The message names its path."""

    code = "tile"


@dataclass(frozen=True, slots=True)
class Tile:
    """A hash tile, or an entry bundle (level ENTRIES), of ``width`` hashes or entries."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is served: 1234067 becomes ``x001/x234/067``, so that no file is in the way of a folder."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        *groups, last = f"{self.index:,}".split(",")
        number = "/".join([*(f"x{group.zfill(3)}" for group in groups), last.zfill(3)])
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{number}{partial}"


def tiles_at(size: int) -> Iterator[Tile]:
    """Every file of the log at that size, entry bundles first, then level by level."""
    return changed_tiles(0, size)


def changed_tiles(old: int, new: int) -> Iterator[Tile]:
    """The files of the log at size ``new`` that it did not have at size ``old``: what to write after appending."""
    for level in (ENTRIES, *range(64 // HEIGHT)):
        before, after = (_hashes_at(level, size) for size in (old, new))
        if before == after:
            continue
        for index in range(before // WIDTH, after // WIDTH):
            yield Tile(level, index)
        if after % WIDTH:
            yield Tile(level, after // WIDTH, after % WIDTH)


def hash_tile(tile: Tile, get_node: GetNode) -> bytes:
    """The bytes of a hash tile, from the tree's stored nodes."""
    first = tile.index * WIDTH
    return b"".join(get_node(tile.level * HEIGHT, first + i) for i in range(tile.width))


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of an entry bundle. Raises TileError for an entry beyond 65,535 bytes."""
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise TileError(Text("葉が大きすぎます", f"an entry is longer than {MAX_ENTRY_BYTES} bytes"))
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


class TileReader:
    """A log read from its files, verified against a checkpoint's size and root.

    Making one reads the partial tiles, at most one a level, of which the root is made. From then on each hash that is
    used is one of theirs, or is in a full tile whose own root is in a verified tile above. Raises TileError, naming
    the path: ``tile-missing``, ``tile-format`` or ``tile-hash``.
    """

    def __init__(self, get: GetFile, size: int, root: bytes) -> None:
        self.size = size
        self._get = get
        self._edge: dict[int, list[bytes]] = {}
        self._last: dict[int, tuple[int, list[bytes]]] = {}
        self._read_edge(root)

    def node(self, level: int, index: int) -> bytes:
        """A verified node: a ``merkle.GetNode``, for proofs and for roots of earlier sizes.

        Raises TileError where the tree has no such node (``tile-beyond``).
        """
        if not 0 <= level < 64 or not 0 <= index < self.size >> level:
            raise TileError(
                Text(f"木に節 {level}/{index} はありません", f"the tree has no node {level}/{index}"),
                code="tile-beyond",
            )
        above, height = divmod(level, HEIGHT)
        tile, first = divmod(index << height, WIDTH)
        return _subtree_root(self._hashes(above, tile)[first : first + (1 << height)])

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The entries from ``start`` to before ``end`` (None: all that are left), each verified before it is given."""
        end = self.size if end is None else min(end, self.size)
        for index in range(start // WIDTH, (end + WIDTH - 1) // WIDTH):
            first = index * WIDTH
            yield from self._bundle(index)[max(start - first, 0) : end - first]

    def leaves(self, start: int = 0, end: int | None = None) -> Iterator[Leaf]:
        """The entries as leaves of this product, their times in order (``tile-time``)."""
        logged_at = 0
        for index, entry in enumerate(self.entries(start, end), start):
            tile = self._entry_tile(index // WIDTH)
            try:
                found = leaf.parse(entry)
            except IntegrityError as error:
                raise _wrong(tile, Text(f"{index} 番: ", f"entry {index}: ") + error.message, "tile-format") from None
            if found.logged_at < logged_at:
                raise _wrong(
                    tile,
                    Text(f"{index} 番の記録時刻が前より早い", f"entry {index} was logged earlier than the one before"),
                    "tile-time",
                )
            logged_at = found.logged_at
            yield found

    def _read_edge(self, root: bytes) -> None:
        edge: list[Tile] = []
        for level in range(64 // HEIGHT):
            index, width = divmod(_hashes_at(level, self.size), WIDTH)
            if width:
                edge.append(Tile(level, index, width))
                self._edge[level] = self._read_hashes(edge[-1])
        if merkle.root_from_nodes(self.size, self._edge_node) != root:
            paths = ", ".join(tile.path for tile in edge) or "-"
            raise TileError(
                Text(f"{paths}: チェックポイントの根に一致しません", f"{paths}: do not give the checkpoint's root"),
                code="tile-hash",
            )

    def _edge_node(self, level: int, index: int) -> bytes:
        """A node that the root is made of; each lies in a partial tile, and together they cover those tiles."""
        above, height = divmod(level, HEIGHT)
        first = (index << height) % WIDTH
        return _subtree_root(self._edge[above][first : first + (1 << height)])

    def _hashes(self, level: int, index: int) -> list[bytes]:
        """The hashes of a tile, verified. Climbs at most to the top, eight levels."""
        if index == _hashes_at(level, self.size) // WIDTH:
            return self._edge[level]
        known, hashes = self._last.get(level, (-1, []))
        if known != index:
            tile = Tile(level, index)
            hashes = self._read_hashes(tile)
            if _subtree_root(hashes) != self._hashes(level + 1, index // WIDTH)[index % WIDTH]:
                raise _wrong(
                    tile, Text("上の段のハッシュに一致しません", "does not fit the hash in the tile above"), "tile-hash"
                )
            self._last[level] = (index, hashes)
        return hashes

    def _entry_tile(self, index: int) -> Tile:
        return Tile(ENTRIES, index, min(WIDTH, self.size - index * WIDTH))

    def _bundle(self, index: int) -> list[bytes]:
        hashes = self._hashes(0, index)
        tile, data = self._read(self._entry_tile(index))
        entries = _split_entries(tile, data)[: len(hashes)]
        for number, (entry, expected) in enumerate(zip(entries, hashes, strict=True), index * WIDTH):
            if merkle.leaf_hash(entry) != expected:
                raise _wrong(
                    tile,
                    Text(f"{number} 番が木のハッシュに合いません", f"entry {number} is not in the tree"),
                    "tile-hash",
                )
        return entries

    def _read_hashes(self, wanted: Tile) -> list[bytes]:
        tile, data = self._read(wanted)
        if len(data) != tile.width * HASH_BYTES:
            size = tile.width * HASH_BYTES
            raise _wrong(tile, Text(f"{size}バイトではありません", f"has not {size} bytes"), "tile-format")
        return [data[i * HASH_BYTES : (i + 1) * HASH_BYTES] for i in range(wanted.width)]

    def _read(self, wanted: Tile) -> tuple[Tile, bytes]:
        """The file; or, where a partial one was deleted, the full one, which begins with what it held."""
        for tile in dict.fromkeys((wanted, replace(wanted, width=WIDTH))):
            data = self._get(tile.path)
            if data is not None:
                return tile, data
        raise _wrong(wanted, Text("ありません", "is missing"), "tile-missing")


def _hashes_at(level: int, size: int) -> int:
    """How many hashes, or entries, that level has in a tree of that size."""
    return size if level == ENTRIES else size >> (HEIGHT * level)


def _subtree_root(hashes: Sequence[bytes]) -> bytes:
    """The root over 1, 2, 4 … 256 hashes."""
    while len(hashes) > 1:
        hashes = [merkle.node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


def _split_entries(tile: Tile, data: bytes) -> list[bytes]:
    entries: list[bytes] = []
    at = 0
    while at < len(data) and len(entries) < tile.width:
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if at != len(data) or len(entries) != tile.width:
        raise _wrong(
            tile, Text(f"{tile.width} 件の葉ではありません", f"does not hold {tile.width} entries"), "tile-format"
        )
    return entries


def _wrong(tile: Tile, reason: Text, code: str) -> TileError:
    return TileError(Text(f"{tile.path}: ", f"{tile.path}: ") + reason, code=code)
