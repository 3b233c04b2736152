"""Walks along citations, in the database: one lot's entries without reading the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import Connection, Select, select
from sqlmodel import col

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.text import Text

from .tables import EdgeRow, EntryRow

EVERYWHERE = (
    *(RecordKind.PARTY, RecordKind.CONCORDANCE, RecordKind.TRUSTED_BODIES, RecordKind.KEY, RecordKind.KEY_END),
    *(RecordKind.ACCREDITATION, RecordKind.RENEWAL_REQUEST, RecordKind.REVOCATION, RecordKind.INSPECTION),
)
"""Kinds that any lot may need and nothing cites; there are few."""

_CHUNK = 5_000
"""Positions per query: databases limit the number of parameters."""


def closure(connection: Connection, positions: Iterable[int]) -> list[int]:
    """What bears on the entries at ``positions``, ascending: see ``Ledger.closure``."""
    up: set[int] = set()
    start = asked = set(positions)
    while start:
        up |= _reached(connection, start, _ancestors)
        start = _reached(connection, up, _correcting) - up
    if missing := asked - up:
        raise UsageError(Text(f"台帳に {min(missing)} 番はありません", f"the ledger has no entry {min(missing)}"))
    found = up | _reached(connection, up, _citing)
    found |= _reached(connection, found, _cited)
    found |= _reached(connection, found, _correcting)
    everywhere = select(col(EntryRow.position)).where(col(EntryRow.kind).in_(EVERYWHERE))
    return sorted(found | set(connection.scalars(everywhere)))


def edges(connection: Connection, positions: Iterable[int]) -> list[tuple[int, int]]:
    """(child, parent) for every citation by the entries at ``positions``, ascending."""
    found: list[tuple[int, int]] = []
    for chunk in _chunks(positions):
        cited = select(col(EdgeRow.child), col(EdgeRow.parent)).where(col(EdgeRow.child).in_(chunk))
        found += ((child, parent) for child, parent in connection.execute(cited))
    return sorted(found)


def _chunks(positions: Iterable[int]) -> Iterator[list[int]]:
    """The positions, ascending, in lists of at most _CHUNK."""
    ordered = sorted(positions)
    for i in range(0, len(ordered), _CHUNK):
        yield ordered[i : i + _CHUNK]


def _reached(connection: Connection, positions: set[int], step: Callable[[list[int]], Select[int]]) -> set[int]:
    return {found for chunk in _chunks(positions) for found in connection.scalars(step(chunk))}


def _ancestors(positions: list[int]) -> Select[int]:
    """The entries themselves and, cited by cited, all that they rest on."""
    walk = select(col(EntryRow.position)).where(col(EntryRow.position).in_(positions)).cte("walk", recursive=True)
    walk = walk.union(select(col(EdgeRow.parent)).join(walk, col(EdgeRow.child) == walk.c.position))
    return select(walk.c.position)


def _citing(positions: list[int]) -> Select[int]:
    return select(col(EdgeRow.child)).where(col(EdgeRow.parent).in_(positions))


def _cited(positions: list[int]) -> Select[int]:
    return select(col(EdgeRow.parent)).where(col(EdgeRow.child).in_(positions))


def _correcting(positions: list[int]) -> Select[int]:
    """Corrections, of which what they put in a certificate's place has to be walked too."""
    by_kind = col(EntryRow.kind) == int(RecordKind.CORRECTION)
    return _citing(positions).join(EntryRow, col(EntryRow.position) == col(EdgeRow.child)).where(by_kind)
