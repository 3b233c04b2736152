"""Yards and their stock, and what plants plan and burn."""

from __future__ import annotations

from biotrace.chain.kinds import RecordKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Role
from biotrace.model.quantity import PARTS, Quantity, Unit
from biotrace.model.stock import Consumption, Plan, Site, StockEntry, StockKind

from .actors import Actor
from .calendar import month_before
from .statement import Story
from .world import World

_CLASSES = (FuelClass.THINNED, FuelClass.GENERAL, FuelClass.CONSTRUCTION_WASTE)
_MOISTURE = 4_000
_TRUCKS = 0.33
"""Truckloads to a record, about, and bone-dry grams to each."""
_DRY_LOAD = 5_400_000
_SHARES = {FuelClass.THINNED: 0.6, FuelClass.GENERAL: 0.33, FuelClass.CONSTRUCTION_WASTE: 0.07}
_T = 1_000_000
_MONTHS = 60


def open_yard(w: World, actor: Actor) -> Story[None]:
    """A yard for everything; a plant's holds about two months' fuel on the first day."""
    actor.yard = f"yard:{actor.id}"
    yield from w.say(actor, RecordKind.SITE, f"site:{actor.id}", Site(actor.yard, actor.id))
    for fuel_class in _CLASSES if actor.role is Role.PLANT else ():
        dry = 2 * _monthly(w, fuel_class)
        w.fuel[actor.id, fuel_class] = dry
        yield from _stock(w, actor, fuel_class, StockKind.OPENING, dry)


def open_yards(w: World, actor: Actor) -> Story[None]:
    """A yard for each class that may not be mixed."""
    for fuel_class in (FuelClass.THINNED, FuelClass.GENERAL):
        actor.yards[fuel_class] = f"yard:{actor.id}:{fuel_class}"
        site = Site(actor.yards[fuel_class], actor.id, fuel_class)
        yield from w.say(actor, RecordKind.SITE, f"site:{actor.id}:{fuel_class}", site)


def stocktake(w: World, actor: Actor) -> Story[None]:
    """What lies in a plant's yard, counted."""
    for fuel_class in _CLASSES:
        yield from _stock(w, actor, fuel_class, StockKind.STOCKTAKE, w.fuel[actor.id, fuel_class])


def burned(w: World, plant: Actor) -> Story[None]:
    """What the plant burned in the month before, by class."""
    month = month_before(w.day)
    whole = sum(w.fuel[plant.id, c] for c in _CLASSES)
    for fuel_class in _CLASSES:
        store = w.fuel[plant.id, fuel_class]
        dry = min(store * w.rng.randrange(40, 55) // 100, store)
        if dry < _T:
            continue
        w.fuel[plant.id, fuel_class] -= dry
        ratio = min(PARTS, store * PARTS // whole)
        body = Consumption(plant.id, month, fuel_class, _wet(dry), ratio)
        yield from w.say(plant, RecordKind.CONSUMPTION, f"burned:{plant.id}:{month}:{fuel_class}", body)


def plan(w: World, plant: Actor) -> Story[None]:
    """What the plant means to burn in the fiscal year that begins."""
    for fuel_class in _CLASSES:
        quantity = Quantity(12 * _monthly(w, fuel_class), Unit.T, 0)
        body = Plan(plant.id, w.day.year, fuel_class, quantity)
        yield from w.say(plant, RecordKind.PLAN, f"plan:{plant.id}:{w.day.year}:{fuel_class}", body)


def _stock(w: World, actor: Actor, fuel_class: FuelClass, kind: StockKind, dry: int) -> Story[None]:
    assert actor.yard is not None
    entry = StockEntry(actor.yard, w.day, fuel_class, _wet(max(dry, _T)), kind)
    yield from w.say(actor, RecordKind.STOCK, f"{kind}:{actor.id}:{w.said}", entry)


def _monthly(w: World, fuel_class: FuelClass) -> int:
    """Bone-dry grams of a class that a plant gets in a month, about."""
    trucks = w.settings.records * _TRUCKS / _MONTHS / len(w.people.plants)
    return max(2 * _T, int(trucks * _DRY_LOAD * _SHARES[fuel_class]))


def _wet(dry: int) -> Quantity:
    """So many bone-dry grams, rounded down, as they lie there."""
    kilograms = dry * PARTS // (PARTS - _MOISTURE) // 1_000
    return Quantity(kilograms * 1_000, Unit.T, _MOISTURE)
