"""Logs as folders of static files, made of any leaves: what an operator could show, honest or not.

honest = publish(tmp_path / "pub", leaves(30))
forked = publish(tmp_path / "other", [*leaves(5), leaf("another"), *leaves(30)[6:]])
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from biotrace.chain import checkpoint, merkle, receipt, tiles, trust_list
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.leaf import Leaf
from biotrace.chain.note import COSIGNATURE, VerifierKey
from biotrace.chain.tiles import ENTRIES, WIDTH
from biotrace.chain.trust_content import Contents
from biotrace.store.log_key import LogKey
from tests.builders import LOG, NOW, device_key
from tests.trees import tree_of
from tests.trust_lists import AUTHORITY, DAY, ISSUER

WITNESS = VerifierKey("w.example", COSIGNATURE, device_key("witness").public)


def leaf(name: str, at: int = NOW) -> Leaf:
    """The leaf of a record of that name."""
    return Leaf(hashlib.sha256(name.encode()).digest(), at)


def leaves(count: int) -> list[Leaf]:
    """The leaves of records 0, 1, 2 …, a minute apart."""
    return [leaf(str(i), NOW + 60 * i) for i in range(count)]


def signed(held: Sequence[Leaf], log: LogKey = LOG) -> Checkpoint:
    """The checkpoint of the log that holds these."""
    tree = tree_of(each.to_bytes() for each in held)
    return checkpoint.make(log.origin, len(held), tree.root(len(held)), log.key)


def publish(folder: Path, held: Sequence[Leaf], log: LogKey = LOG) -> Path:
    """The folder with the whole log in it, in place of whatever was there."""
    shutil.rmtree(folder, ignore_errors=True)
    entries = [each.to_bytes() for each in held]
    tree = tree_of(entries)
    for tile in tiles.tiles_at(len(entries)):
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        first = tile.index * WIDTH
        bundle = entries[first : first + tile.width]
        path.write_bytes(tiles.entry_bundle(bundle) if tile.level == ENTRIES else tiles.hash_tile(tile, tree.node))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vkey").write_text(f"{log.verifier}\n")
    (folder / "checkpoint").write_bytes(signed(held, log).to_bytes())
    return folder


def receipt_file(path: Path, held: Sequence[Leaf], index: int, log: LogKey = LOG) -> Path:
    """The log's receipt for one of these, as a file."""
    size = len(held)
    tree = tree_of(each.to_bytes() for each in held)
    proof = merkle.inclusion_proof(index, size, tree.node)
    made = receipt.make(log.key, log.origin, held[index], index, size, proof, tree.root(size))
    path.write_bytes(made.to_bytes())
    return path


def listing(path: Path, log: VerifierKey) -> Path:
    """A trust list that names the log and the witness, whose cosignature it asks for."""
    says = Contents(
        number=1,
        expires=NOW + 180 * DAY,
        authority=(AUTHORITY.public,),
        logs=(log,),
        witnesses=(WITNESS,),
        quorum=1,
    )
    path.write_bytes(trust_list.make(AUTHORITY, ISSUER, NOW - DAY, says).data)
    return path
