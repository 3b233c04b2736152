"""A log written by Tessera (github.com/transparency-dev/tessera, testdata/log): checkpoints, tiles, entry bundles."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from biotrace.chain import checkpoint, merkle, tiles, watch
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.merkle import MerkleError
from biotrace.chain.note import VerifierKey
from biotrace.chain.tiles import ENTRIES, Tile, TileError, TileReader
from biotrace.chain.watch import Outcome

# The public key of Tessera's tests; it lies not with the data, but in the script that made them and all over its
# documentation.
KEY = VerifierKey.parse("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
ENTRIES_WRITTEN = [
    *("one", "two", "three", "four", "five", "six", "seven", "eit", "nain", "ten"),
    *("ileven", "twelf", "threeten", "fourten", "fivten"),
]


class Log:
    """The folder of the log."""

    def __init__(self, vectors: Path) -> None:
        self.folder = vectors / "tessera" / "testdata" / "log"

    def checkpoint(self, size: int) -> Checkpoint:
        return checkpoint.parse((self.folder / f"checkpoint.{size}").read_bytes())

    def get(self, path: str) -> bytes | None:
        file = self.folder / path
        return file.read_bytes() if file.is_file() else None

    def reader(self, size: int) -> TileReader:
        return TileReader(self.get, size, self.checkpoint(size).root)


@pytest.fixture(scope="module")
def log(vectors: Path) -> Log:
    return Log(vectors)


@pytest.mark.parametrize("size", range(10))
def test_the_checkpoint_is_signed_by_the_logs_key(log: Log, size: int) -> None:
    found = log.checkpoint(size)
    assert (found.origin, found.size, found.extensions) == ("example.com/log/testdata", size, ())
    checkpoint.verify_log(found, KEY)
    assert found.to_bytes() == (log.folder / f"checkpoint.{size}").read_bytes()
    changed = found.to_bytes().replace(f"\n{size}\n".encode(), f"\n{size + 1}\n".encode())
    if size:  # at size 0 the root would no longer fit
        with pytest.raises(SignatureError):
            checkpoint.verify_log(checkpoint.parse(changed), KEY)


@pytest.mark.parametrize("size", range(10))
def test_entries_give_the_tiles_and_the_tiles_the_root(log: Log, size: int) -> None:
    entries = list(log.reader(size).entries())
    assert [entry.decode() for entry in entries] == ENTRIES_WRITTEN[:size]


@pytest.mark.parametrize("size", range(1, 16))
def test_we_would_write_the_same_files(log: Log, size: int) -> None:
    frontier = merkle.Frontier()
    nodes = {
        (node.level, node.index): node.hash
        for entry in ENTRIES_WRITTEN[:size]
        for node in frontier.append(merkle.leaf_hash(entry.encode()))
    }
    ours = {
        Tile(ENTRIES, 0, size).path: tiles.entry_bundle([entry.encode() for entry in ENTRIES_WRITTEN[:size]]),
        Tile(0, 0, size).path: tiles.hash_tile(Tile(0, 0, size), lambda level, index: nodes[level, index]),
    }
    assert {tile.path for tile in tiles.changed_tiles(size - 1, size)} == set(ours)
    assert ours == {path: log.get(path) for path in ours}


def test_the_trees_last_state_is_that_of_15_entries(log: Log) -> None:
    """Without a checkpoint; the root is in the log's own state."""
    state = json.loads((log.folder / ".state" / "treeState").read_text())
    reader = TileReader(log.get, state["size"], base64.b64decode(state["root"]))
    assert [entry.decode() for entry in reader.entries()] == ENTRIES_WRITTEN


def test_every_checkpoint_continues_every_earlier_one(log: Log) -> None:
    for second in range(1, 10):
        reader = log.reader(second)
        for first in range(1, second + 1):
            proof = merkle.consistency_proof(first, second, reader.node)
            seen, shown = log.checkpoint(first), log.checkpoint(second)
            merkle.verify_consistency(first, second, seen.root, shown.root, proof)
            assert watch.compare(seen, shown, proof) is (Outcome.NEWER if first < second else Outcome.SAME)


def test_every_entry_is_proven_and_no_other(log: Log) -> None:
    root = log.checkpoint(9).root
    reader = log.reader(9)
    for index, entry in enumerate(ENTRIES_WRITTEN[:9]):
        path = merkle.inclusion_proof(index, 9, reader.node)
        merkle.verify_inclusion(merkle.leaf_hash(entry.encode()), index, 9, path, root)
        with pytest.raises(MerkleError):
            merkle.verify_inclusion(merkle.leaf_hash(b"eight"), index, 9, path, root)


def test_the_files_of_one_size_do_not_give_another_checkpoint(log: Log) -> None:
    for size in range(1, 9):
        with pytest.raises(TileError, match=rf"tile/0/000\.p/{size}"):
            TileReader(log.get, size, log.checkpoint(size + 1).root)
