"""Small mills of their own: those that make more than they take in, sell by the price, or write papers later; and
others that change a little for honest reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from biotrace.model.fuel_class import FuelClass
from biotrace.verify.span import Span

from .. import felling, market
from ..actors import Actor
from ..drawing import take
from ..fraud import Staged
from ..statement import Story
from ..world import World
from .when import day_between, days_of, strength

_DAY = timedelta(1)
_A_MONTH, _MORE = 5, 12
"""Truckloads that a small mill sells in a month. One that sells two classes has to sell more, or its share of either
leaps for no reason; in a small region there are not so many."""
_LARGE = 50_000
_YEAR = 365
_BEFORE, _AFTER = 400 * _DAY, 260 * _DAY
"""How long a mill has been selling before its habits change, and how long after: small mills come and go."""


def _usual_yield(_: date) -> tuple[int, int]:
    return 86, 98


def _usual_share(_: date) -> float:
    return 0.5


def _at_once(_: date) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class _Mill:
    """How a mill works, by day: yield (from, to before, in %), share of thinned wood, days that papers are late."""

    actor: Actor
    percent: Callable[[date], tuple[int, int]] = _usual_yield
    thinned: Callable[[date], float] = _usual_share
    late: Callable[[date], int] = _at_once


def yields(w: World, actor: Actor, fraud: bool) -> None:
    """From a day on, a third more comes out than before; or a few points, from a new machine."""
    since = day_between(w, 0.25, 0.75)
    low = strength(w, fraud, (112, 150), (95, 112), (89, 92))

    def percent(day: date) -> tuple[int, int]:
        return (low, low + 12) if day >= since else _usual_yield(day)

    what = f"{low} % and more from {since}"
    _run(w, _Mill(actor, percent=percent), since, Staged("yield-jump", actor.id, fraud, what))


def classes(w: World, actor: Actor, fraud: bool) -> None:
    """A share of thinned wood that leaps when prices change; or one that grows for years."""
    assert w.frauds is not None
    since, low = w.frauds.price_change, w.rng.uniform(0.15, 0.35)
    high = low + strength(w, fraud, (55, 65), (25, 45), (30, 31)) / 100

    def thinned(day: date) -> float:
        if fraud:
            return high if day >= since else low
        return low + (high - low) * max(0.0, min(1.0, (day - since + _BEFORE).days / (2 * _YEAR)))

    what = f"from {low:.0%} to {high:.0%}"
    a_month = _MORE if w.settings.records >= _LARGE else _A_MONTH
    _run(w, _Mill(actor, thinned=thinned), since, Staged("class-shift", actor.id, fraud, what), a_month)


def dates(w: World, actor: Actor, fraud: bool) -> None:
    """Papers written days or weeks after the load; or now and then the next morning."""
    often = strength(w, fraud, (25, 70), (8, 20), (3, 10)) / 100

    def late(_: date) -> int:
        if not w.chance(often):
            return 0
        return strength(w, fraud, (3, 26), (1, 9), (1, 2))

    since = day_between(w, 0.25, 0.75)
    _run(w, _Mill(actor, late=late), since, Staged("dated-after", actor.id, fraud, f"{often:.0%} of its papers"))


def _run(w: World, mill: _Mill, since: date, told: Staged, a_month: int = _A_MONTH) -> None:
    """Put the mill's loads, before and after that day, on the calendar; it is told with the last of them."""
    busy = Span(since - _BEFORE, since + _AFTER).months
    days = sorted(day for month in busy for day in days_of(w, month, a_month))
    for number, day in enumerate(days):
        w.on(day, partial(_load, w, mill, told if number == len(days) - 1 else None))


def _load(w: World, mill: _Mill, told: Staged | None) -> Story[None]:
    fuel_class = FuelClass.THINNED if w.chance(mill.thinned(w.day)) else FuelClass.GENERAL
    plant, truck = w.rng.choice(w.people.plants), market.load(w)
    needed = truck.dry * 100 // w.rng.randrange(*mill.percent(w.day))
    while mill.actor.dry(fuel_class) < needed * 12 // 10:
        yield from felling.supply(w, mill.actor, fuel_class)
    taken = take(mill.actor.lots(fuel_class), needed, 2)
    made = yield from market.chips_certified(w, plant, mill.actor, fuel_class, truck, taken)
    delivery = market.arrival_of(w, plant, made)
    arrived = replace(delivery, date=delivery.date - mill.late(w.day) * _DAY)
    yield from market.take_in(w, plant, arrived, made.lot)
    if told is not None:
        w.staged.append(told)
