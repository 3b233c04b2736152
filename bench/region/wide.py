"""Lots behind which stand hundreds of certificates: wood that three collectors gather, one from the other."""

from __future__ import annotations

from biotrace.model.fuel_class import FuelClass

from . import felling
from .actors import Actor
from .drawing import Taken, resell, take
from .statement import Story
from .world import World

_T = 1_000_000
_CLASS = FuelClass.THINNED


def fan(width: int) -> int:
    """Of how many lots each collector makes one, so that at most ``width`` certificates stand behind the last."""
    most = 2
    while sum((most + 1) ** power for power in (1, 2, 3)) <= width:
        most += 1
    return most


def gather(w: World, chipper: Actor) -> Story[None]:
    """One more load for the first collector; whoever has enough makes one lot of all and sells it on.

    What the chipper gets of the last is about a truckload; the rest leaves the region.
    """
    enough = fan(w.settings.behind_wide)
    first, second, third = w.people.collectors
    yield from felling.supply(w, first, _CLASS)
    for seller, buyer in ((first, second), (second, third)):
        lots = seller.lots(_CLASS)
        if len(lots) >= enough:
            yield from resell(w, seller, buyer, _CLASS, [Taken(lot, lot.left) for lot in lots])
    lots = third.lots(_CLASS)
    if len(lots) >= enough:
        yield from resell(w, third, chipper, _CLASS, take(lots, 7 * _T, len(lots)))
        lots.clear()
