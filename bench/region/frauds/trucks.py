"""One truck twice in a minute."""

from __future__ import annotations

from dataclasses import replace

from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.verify.patterns.same_minute import plate_key

from .. import market
from ..actors import Actor
from ..felling import Made
from ..fraud import Staged
from ..statement import Story
from ..world import World

_CLASS = FuelClass.THINNED


def twice(w: World, fraud: bool) -> Story[None]:
    """A load that is certified twice, or a truck at two plants at once; or two tickets, or one delivery typed twice."""
    chipper, plant = w.active(w.people.chippers), w.rng.choice(w.people.plants)
    first = yield from _certified(w, plant, chipper)
    delivery = market.arrival_of(w, plant, first)
    yield from market.take_in(w, plant, delivery, first.lot)
    assert delivery.vehicle is not None
    if fraud and w.chance(0.5):
        what, again = "certified twice", (yield from _certified(w, plant, chipper))
        yield from _again(w, plant, again, delivery, delivery.quantity.amount)
    elif fraud:
        what, other = "two plants", w.rng.choice([p for p in w.people.plants if p is not plant])
        again = yield from _certified(w, other, chipper)
        yield from _again(w, other, again, delivery, again.certificate.quantity.amount)
    elif w.chance(0.5):
        what, again = "two tickets", (yield from _certified(w, plant, chipper))
        yield from _again(w, plant, again, delivery, delivery.quantity.amount + 370_000)
    else:
        what = "typed twice"
        yield from market.take_in(w, plant, delivery, first.lot)
    w.staged.append(Staged("same-minute", plate_key(delivery.vehicle), fraud, what))


def _certified(w: World, plant: Actor, chipper: Actor) -> Story[Made]:
    truck = market.load(w)
    taken = yield from market.ready(w, chipper, _CLASS, truck)
    return (yield from market.chips_certified(w, plant, chipper, _CLASS, truck, taken))


def _again(w: World, plant: Actor, made: Made, first: Delivery, grams: int) -> Story[None]:
    """Another certificate's load, by the same truck in the same minute, of so many grams."""
    arrived = market.arrival_of(w, plant, made)
    quantity = replace(arrived.quantity, amount=grams)
    same = replace(arrived, vehicle=first.vehicle, time=first.time, date=first.date, quantity=quantity)
    yield from market.take_in(w, plant, same, made.lot)
