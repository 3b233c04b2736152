"""What a trace forward needs of a ledger's certificates and deliveries, from its tables alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection

from biotrace.chain.integrity import IntegrityFinding
from biotrace.model.quantity import Quantity, Unit
from biotrace.store.handed import Movement, movements_at
from biotrace.store.projections import Arrived, Drawn, Handed
from biotrace.verify.trace_forward import Handing

CutOff = Callable[[int, bytes, bytes], IntegrityFinding | None]
"""Says that a record counts no longer, if so, by its position and id, and the key that signed it."""
_UNITS = {unit.value: unit for unit in Unit}


def handings_at(
    connection: Connection, positions: Iterable[int], cut_off: CutOff
) -> tuple[list[Handing], list[IntegrityFinding]]:
    """The certificates and deliveries at these positions that the tables tell of, in the order of the log.

    Without those of which they tell what no record can say. With the findings on those that count no longer.
    """
    found: list[Handing] = []
    damage: list[IntegrityFinding] = []
    for movement in movements_at(connection, positions):
        finding = cut_off(movement.position, movement.record_id, movement.kid)
        with suppress(KeyError, ValueError):
            found.append(_handing(movement, void=finding is not None))
        damage += () if finding is None else (finding,)
    return found, damage


def _handing(m: Movement, *, void: bool) -> Handing:
    told, record = m.told, m.record_id.hex()
    quantity, day = _quantity(told), date.fromisoformat(told.day)
    takes: tuple[tuple[str, Quantity], ...]
    if isinstance(told, Arrived):
        takes = () if told.certificate is None else ((told.certificate.hex(), quantity),)
        return Handing(m.position, record, day, quantity, told.sender, told.place, None, (), takes, True, void)
    takes = tuple((draw.certificate.hex(), _quantity(draw)) for draw in m.draws)
    issuer, species = told.issuer or told.seller, _species(told.species)
    return Handing(m.position, record, day, quantity, told.seller, told.buyer, issuer, species, takes, False, void)


def _quantity(told: Handed | Drawn | Arrived) -> Quantity:
    return Quantity(told.amount, _UNITS[told.unit], told.moisture)


@lru_cache(maxsize=1_000)
def _species(told: str | None) -> tuple[str, ...]:
    return () if told is None else tuple(json.loads(told))
