"""Whether some entries are in the tree whose root the log signed, by its stored nodes: S104 without all entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select
from sqlmodel import col

from biotrace.chain import merkle_many
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.integrity import IntegrityFinding, StoredEntry
from biotrace.chain.merkle import MerkleError
from biotrace.chain.note import VerifierKey
from biotrace.chain.tree_integrity import StoredTree, check_latest, leaf_differs, leaf_hash, not_proven
from biotrace.model.text import Text

from . import checkpoints, entries
from .tables import CheckpointRow
from .tree import nodes_at

_LATEST = select(col(CheckpointRow.size), col(CheckpointRow.note)).order_by(col(CheckpointRow.size).desc()).limit(1)


def signed_state(
    connection: Connection, log: VerifierKey, known: Checkpoint | None = None
) -> tuple[Checkpoint | None, list[IntegrityFinding]]:
    """The latest checkpoint, None where none can be gone by, and what is wrong with it, or with what it covers.

    ``known``: one of which the caller knows already that the log signed it.
    """
    row, end = connection.execute(_LATEST).first(), entries.end(connection)
    latest = None if row is None else (row.size, bytes(row.note))
    if known is not None and latest == (end, known.to_bytes()):
        return known, []
    findings = check_latest(StoredTree(end, None, latest, 0, ()), log)
    return (checkpoints.latest(connection) if not findings else None), findings


def prove(connection: Connection, signed: Checkpoint, stored: Iterable[StoredEntry]) -> list[IntegrityFinding]:
    """What is wrong with these entries' places in the tree that the log signed; empty where all are proven.

    Entries are taken by the ids that the database states: whether their bytes are of that id is looked at elsewhere.
    """
    held = {entry.position: entry for entry in stored if 0 <= entry.position < signed.size}
    places = merkle_many.needed(held, signed.size)
    places[0] = sorted({*places.get(0, ()), *held})
    nodes = nodes_at(connection, places)
    findings: list[IntegrityFinding] = []
    leaves: dict[int, bytes] = {}
    for position, entry in held.items():
        own, kept = leaf_hash(entry.record_id, entry.logged_at), nodes.get((0, position))
        if kept is not None and kept != own:
            findings.append(leaf_differs(position, entry.record_id))
        # A leaf that differs has been told; over what is stored in its place the rest may fit.
        leaves[position] = kept or own or b""
    return [*findings, *_led_elsewhere(signed, leaves, nodes)]


def _led_elsewhere(
    signed: Checkpoint, leaves: dict[int, bytes], nodes: dict[tuple[int, int], bytes]
) -> Iterator[IntegrityFinding]:
    try:
        root = merkle_many.root_over(leaves, signed.size, nodes)
    except MerkleError as error:
        yield not_proven(signed.size, error.message)
        return
    if root != signed.root:
        yield not_proven(signed.size, Text("根が違います", "the root differs"))
