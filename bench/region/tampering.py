"""What somebody with the database can do to a region's ledger, and what a check of its bytes must find."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from biotrace.chain.kinds import RecordKind

Found = frozenset[tuple[str, int]]
"""Codes of the S family, each with the position that it is found at."""


class Tampering(StrEnum):
    """One way to change what is stored."""

    SIGNATURE = "signature"  # a byte of the signature
    CONTENT = "content"  # a byte of what is signed, so that it is no record any more
    COLUMN = "column"  # what a record is about, in the column that repeats it
    CITATION = "citation"  # that it cites anything
    LOG_TIME = "log_time"  # when it was logged
    TREE_NODE = "tree_node"  # its hash in the log's tree
    DROPPED = "dropped"  # the whole record


def targets(path: Path, count: int) -> list[int]:
    """Positions of so many deliveries, far from each other. Nothing rests on a delivery, so only it is told of.

    The ledger must have more than ``count`` of them (ValueError).
    """
    with closing(sqlite3.connect(path)) as ledger:
        rows = ledger.execute("SELECT position FROM entry WHERE kind = ? ORDER BY position", (RecordKind.DELIVERY,))
        positions = [position for (position,) in rows]
    if len(positions) <= count:
        raise ValueError(f"{len(positions)} deliveries, {count} wanted")
    step = len(positions) // (count + 1)
    return positions[step : step * count + 1 : step]


def tamper(path: Path, how: Tampering, position: int) -> Found:
    """Change the ledger in the file ``path`` at the delivery there; what must be found of it."""
    with closing(sqlite3.connect(path)) as ledger, ledger:
        return _DO[how](ledger, position)


def _signature(ledger: sqlite3.Connection, position: int) -> Found:
    envelope = _envelope(ledger, position)
    _write(ledger, position, envelope[:-1] + bytes([envelope[-1] ^ 1]))
    return frozenset({("S101", position), ("S106", position)})


def _content(ledger: sqlite3.Connection, position: int) -> Found:
    envelope = _envelope(ledger, position)
    _write(ledger, position, bytes([envelope[0] ^ 0x80]) + envelope[1:])
    return frozenset({("S106", position)})


def _column(ledger: sqlite3.Connection, position: int) -> Found:
    ledger.execute("UPDATE entry SET subject = 'd-0' WHERE position = ?", (position,))
    return frozenset({("S106", position)})


def _citation(ledger: sqlite3.Connection, position: int) -> Found:
    ledger.execute("DELETE FROM edge WHERE child = ?", (position,))
    return frozenset({("S106", position)})


def _log_time(ledger: sqlite3.Connection, position: int) -> Found:
    ledger.execute("UPDATE entry SET logged_at = 1 WHERE position = ?", (position,))
    return frozenset({("S103", position), ("S104", position)})


def _tree_node(ledger: sqlite3.Connection, position: int) -> Found:
    ledger.execute("UPDATE tree_node SET hash = ? WHERE level = 0 AND idx = ?", (bytes(32), position))
    return frozenset({("S104", position)})


def _dropped(ledger: sqlite3.Connection, position: int) -> Found:
    """The entry after it, and the next of its key, follow a gap. Of several the log's tree shows the first."""
    next_of_key = ledger.execute(
        "SELECT min(later.position) FROM entry gone JOIN entry later ON later.kid = gone.kid AND later.seq > gone.seq"
        " WHERE gone.position = ?",
        (position,),
    ).fetchone()[0]
    for table, key in (("edge", "child"), ("arrived", "position"), ("entry", "position")):
        ledger.execute(f"DELETE FROM {table} WHERE {key} = ?", (position,))
    gaps = {position + 1, next_of_key} - {None}
    return frozenset({("S104", position), *(("S103", after) for after in gaps)})


def _envelope(ledger: sqlite3.Connection, position: int) -> bytes:
    (envelope,) = ledger.execute("SELECT envelope FROM entry WHERE position = ?", (position,)).fetchone()
    return bytes(envelope)


def _write(ledger: sqlite3.Connection, position: int, envelope: bytes) -> None:
    ledger.execute("UPDATE entry SET envelope = ? WHERE position = ?", (envelope, position))


_DO: dict[Tampering, Callable[[sqlite3.Connection, int], Found]] = {
    Tampering.SIGNATURE: _signature,
    Tampering.CONTENT: _content,
    Tampering.COLUMN: _column,
    Tampering.CITATION: _citation,
    Tampering.LOG_TIME: _log_time,
    Tampering.TREE_NODE: _tree_node,
    Tampering.DROPPED: _dropped,
}
