"""What a trace forward needs of a ledger's certificates and deliveries, from its tables alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import TypeAlias

from sqlalchemy import Connection

from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.kinds import RecordKind
from biotrace.model.quantity import PARTS, Quantity, Unit
from biotrace.store.handed import HandedRows, handed_rows
from biotrace.store.pools import Citation
from biotrace.store.projections import id_read
from biotrace.verify.trace_forward import Handing

CutOff = Callable[[int, bytes, bytes], IntegrityFinding | None]
"""Says that a record counts no longer, if so, by its position and id, and the key that signed it."""
Take: TypeAlias = tuple[str, Quantity]
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
    try:
        for rows in handed_rows(connection, positions):
            found += _handings(rows, cut_off, damage)
    except (ValueError, RecursionError):
        return None
    found.sort(key=attrgetter("order"))
    return (found, damage) if _as_cited(found, citations) else None


def _handings(rows: HandedRows, cut_off: CutOff, damage: list[IntegrityFinding]) -> Iterator[Handing]:
    """Raises ValueError for what no record can say."""
    entries = {position: entry for position, *entry in rows.entries}

    def is_void(position: int, kind: int) -> bool:
        record_id, kid, said = entries[position]
        _require(said == kind)
        finding = cut_off(position, bytes(record_id), bytes(kid))
        damage.extend(() if finding is None else (finding,))
        return finding is not None

    draws: defaultdict[int, list[Take]] = defaultdict(list)
    for child, nth, certificate, *amount in rows.drawn:
        _require(nth == len(draws[child]))
        draws[child].append((certificate.hex(), _quantity(*amount)))
    for position, seller, buyer, issuer, day, amount, unit, moisture, species in rows.handed:
        void, sold = is_void(position, _CERTIFICATE), _party(seller)
        yield Handing(
            order=position,
            id=entries[position][0].hex(),
            day=_day(day),
            quantity=_quantity(amount, unit, moisture),
            seller=sold,
            buyer=_party(buyer),
            issuer=sold if issuer is None else _party(issuer),
            species=_species(species),
            takes=tuple(draws.get(position, ())),
            is_delivery=False,
            void=void,
        )
    for position, sender, place, day, certificate, amount, unit, moisture in rows.arrived:
        void, quantity = is_void(position, _DELIVERY), _quantity(amount, unit, moisture)
        yield Handing(
            order=position,
            id=entries[position][0].hex(),
            day=_day(day),
            quantity=quantity,
            seller=_party(sender),
            buyer=_party(place),
            issuer=None,
            species=(),
            takes=() if certificate is None else ((certificate.hex(), quantity),),
            is_delivery=True,
            void=void,
        )


def _as_cited(handings: Sequence[Handing], citations: Iterable[Citation]) -> bool:
    """Whether each of them takes of those others of them that it cites: else a row of a draw is gone, or another's."""
    at = {handing.id: handing.order for handing in handings}
    held = set(at.values())
    takes = {(h.order, place) for h in handings for taken, _ in h.takes if (place := at.get(taken)) is not None}
    return takes == {citation for citation in citations if citation[0] in held and citation[1] in held}


def _quantity(amount: int, unit: str, moisture: int | None) -> Quantity:
    known = _UNITS.get(unit)
    if known is None or amount < 1 or not (moisture is None or 0 <= moisture <= PARTS):
        raise ValueError("no quantity")
    return Quantity(amount, known, moisture)


@lru_cache(maxsize=10_000)
def _party(written: str | None) -> str | None:
    return None if written is None else id_read(written)


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
