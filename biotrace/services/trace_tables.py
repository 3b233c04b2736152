"""What a trace forward needs of a ledger's certificates and deliveries, from its tables alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection

from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.kinds import RecordKind
from biotrace.model.quantity import PARTS, Quantity, Unit
from biotrace.store.handed import Movement, movements_at
from biotrace.store.pools import Citation
from biotrace.store.projections import Arrived, Drawn, Handed, id_read
from biotrace.verify.trace_forward import Handing

CutOff = Callable[[int, bytes, bytes], IntegrityFinding | None]
"""Says that a record counts no longer, if so, by its position and id, and the key that signed it."""
_CERTIFICATE, _DELIVERY = int(RecordKind.CERTIFICATE), int(RecordKind.DELIVERY)
_UNITS = {unit.value: unit for unit in Unit}


def handings_at(
    connection: Connection, positions: Iterable[int], citations: Iterable[Citation], cut_off: CutOff
) -> tuple[list[Handing], list[IntegrityFinding]] | None:
    """The certificates and deliveries at these positions that the tables tell of, in the order of the log.

    With the findings on those that count no longer. None where the tables say what no record can say, or draw on
    anything else, among these, than what is cited. ``citations``: all of these by others of them.
    """
    found: list[Handing] = []
    damage: list[IntegrityFinding] = []
    for movement in movements_at(connection, positions):
        finding = cut_off(movement.position, movement.record_id, movement.kid)
        damage += () if finding is None else (finding,)
        try:
            found.append(_handing(movement, void=finding is not None))
        except (ValueError, RecursionError):
            return None
    return (found, damage) if _as_cited(found, citations) else None


def _as_cited(handings: Sequence[Handing], citations: Iterable[Citation]) -> bool:
    """Whether each of them takes of those others of them that it cites: else a row of a draw is gone, or another's."""
    at = {handing.id: handing.order for handing in handings}
    held = set(at.values())
    takes = {(h.order, place) for h in handings for taken, _ in h.takes if (place := at.get(taken)) is not None}
    return takes == {citation for citation in citations if citation[0] in held and citation[1] in held}


def _handing(m: Movement, *, void: bool) -> Handing:
    """Raises ValueError for what no record can say."""
    told, record = m.told, m.record_id.hex()
    quantity, day = _quantity(told), _day(told.day)
    takes: tuple[tuple[str, Quantity], ...]
    if isinstance(told, Arrived):
        _require(m.kind == _DELIVERY)
        takes = () if told.certificate is None else ((told.certificate.hex(), quantity),)
        sender = None if told.sender is None else id_read(told.sender)
        return Handing(m.position, record, day, quantity, sender, id_read(told.place), None, (), takes, True, void)
    _require(m.kind == _CERTIFICATE and [draw.nth for draw in m.draws] == [*range(len(m.draws))])
    takes = tuple((draw.certificate.hex(), _quantity(draw)) for draw in m.draws)
    seller, buyer = id_read(told.seller), None if told.buyer is None else id_read(told.buyer)
    issuer = seller if told.issuer is None else id_read(told.issuer)
    species = _species(told.species)
    return Handing(m.position, record, day, quantity, seller, buyer, issuer, species, takes, False, void)


def _quantity(told: Handed | Drawn | Arrived) -> Quantity:
    unit, moisture = _UNITS.get(told.unit), told.moisture
    if unit is None or told.amount < 1 or not (moisture is None or 0 <= moisture <= PARTS):
        raise ValueError("no quantity")
    return Quantity(told.amount, unit, moisture)


@lru_cache(maxsize=10_000)
def _day(told: str) -> date:
    day = date.fromisoformat(told)
    _require(day.isoformat() == told)
    return day


@lru_cache(maxsize=1_000)
def _species(told: str | None) -> tuple[str, ...]:
    if told is None:
        return ()
    names = json.loads(told)
    _require(isinstance(names, list) and names != [] and all(isinstance(name, str) for name in names))
    return tuple(names)


def _require(fits: bool) -> None:
    if not fits:
        raise ValueError("no record says so")
