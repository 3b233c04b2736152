"""Defects of yards and plants' books (Q607, G703, F951)."""

from __future__ import annotations

from typing import Any

from biotrace.chain.kinds import RecordKind
from biotrace.model.certificate import Form
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Consumption, Site, StockEntry, StockKind, WithdrawnTo

from .. import felling, market
from ..calendar import month_before
from ..drawing import take
from ..statement import Story
from ..world import World
from .plant import Plant

_T = 1_000_000
_NEVER_HELD = FuelClass.GENERAL_WASTE
"""Of this class nobody in a region takes anything in."""


def _below_zero(w: World) -> Story[bool]:
    """Q607: wood is withdrawn from a yard that never took any of the class in."""
    company = w.people.own_code[0]
    assert company.yard is not None
    quantity = Quantity(w.rng.randrange(3, 30) * _T, Unit.T, 3_000)
    gone = StockEntry(company.yard, w.day, _NEVER_HELD, quantity, StockKind.WITHDRAWAL, WithdrawnTo.SOLD_ELSEWHERE)
    record = yield from w.say(company, RecordKind.STOCK, f"withdrawal-{w.said}", gone)
    w.expect("Q607", record)
    return True


def _burned_beyond(w: World) -> Story[bool]:
    """F951: a plant books fuel of a class of which it never got any."""
    plant = w.rng.choice(w.people.plants)
    quantity = Quantity(w.rng.randrange(3, 90) * _T, Unit.T, 4_000)
    body = Consumption(plant.id, month_before(w.day), _NEVER_HELD, quantity, 100)
    record = yield from w.say(plant, RecordKind.CONSUMPTION, f"burned:{plant.id}:{w.said}", body)
    w.expect("F951", record)
    return True


def _mixed_yard(w: World) -> Story[bool]:
    """G703: general logs go into a yard for thinned wood, out of which chips go as thinned."""
    chipper, plant = w.active(w.people.chippers), w.rng.choice(w.people.plants)
    yard = f"yard:{chipper.id}:{w.said}"
    yield from w.say(chipper, RecordKind.SITE, f"site-{w.said}", Site(yard, chipper.id, FuelClass.THINNED))
    for fuel_class in (FuelClass.THINNED, FuelClass.GENERAL):
        producer = w.active(w.people.producers)
        stand = yield from felling.stand_of(w, producer, fuel_class, 30 * _T)
        lot = yield from felling.fell(w, producer, chipper, stand, volume=24 * _T, yard=yard)
        # What else the mill makes comes out of its other yards, where this wood never was (Q607).
        chipper.lots(fuel_class).remove(lot)
        if fuel_class is FuelClass.THINNED:
            thinned = lot
    truck = market.Load(8 * _T, 4_500)
    taken = take([thinned], truck.dry * 100 // 95, 1)
    more: dict[str, Any] = {"form": Form.F2_2, "from_site": yard, "to_site": plant.yard}
    made = yield from market.chips_certified(w, plant, chipper, FuelClass.THINNED, truck, taken, **more)
    yield from market.deliver(w, plant, made)
    w.expect("G703", made.lot.id)
    return True


PLANTS: dict[str, Plant] = {"Q607": _below_zero, "F951": _burned_beyond, "G703": _mixed_yard}
