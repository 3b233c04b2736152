"""Five years of a region, day by day."""

from __future__ import annotations

from functools import partial

from biotrace.model.fuel_class import FuelClass

from . import books, calendar, frauds, later, market, wide
from .defects import PLANTS
from .founding import found
from .settings import FIRST_DAY, LAST_DAY
from .statement import Story
from .world import World

_LONGEST = 60
"""Room, in statements, for any story that must not be cut off in the middle."""
_RECORDS_AN_EVENT = 4.4
_CLASSES = (FuelClass.THINNED, FuelClass.GENERAL)
_CLASS_WEIGHTS = (64, 36)
_CORRECTIONS = (later.cancelled, later.replaced, later.replaced, later.held, later.supplemented)


def play(w: World) -> Story[None]:
    """All statements of a region, exactly as many as its settings say."""
    story = _years(w)
    statement = next(story)
    for _ in range(w.settings.records):
        record = yield statement
        # What is said of this one, such as that it must be found, is said before the next is made.
        statement = story.send(record)


def _years(w: World) -> Story[None]:
    """More statements than are asked for. Only where room is left for it a story begins that must not be cut off."""
    days = calendar.working_days(FIRST_DAY, LAST_DAY)
    w.begin(days[0], 10_000)
    yield from found(w)
    yield from frauds.stage(w)
    start, month = w.said, days[0].month
    schedule = _schedule(w)
    for _ in range(w.settings.key_changes):
        w.on(w.rng.choice(days), partial(later.new_key, w, w.active(w.people.chippers)))
    for day, share in zip(days, calendar.shares(days), strict=True):
        until = start + round((w.settings.records - start) * share)
        w.begin(day, until - w.said)
        yield from w.due()
        yield from later.renewals(w)
        if day.month != month:
            month = day.month
            yield from _new_month(w)
        while w.said < until and w.room > _LONGEST:
            yield from _planted(w, schedule)
            yield from _event(w)
    while True:  # the fiscal year ends: yards are counted
        for plant in w.people.plants:
            yield from books.stocktake(w, plant)


def _new_month(w: World) -> Story[None]:
    for plant in w.people.plants:
        yield from books.burned(w, plant)
        if w.day.month == 4:
            yield from books.plan(w, plant)


def _event(w: World) -> Story[None]:
    rng = w.rng
    chance = rng.random()
    if chance < _wide(w):
        yield from wide.gather(w, w.active(w.people.chippers))
    elif chance > 0.99:
        yield from rng.choice(_CORRECTIONS)(w, w.active(w.people.chippers))
    elif chance > 0.987:
        yield from market.mixed_load(w, rng.choice(w.people.plants), w.active(w.people.chippers))
    elif chance > 0.985:
        yield from rng.choice((later.asked, later.kept_longer))(w, w.active(w.people.chippers))
    elif chance > 0.982:
        yield from later.inspected(w)
    elif chance > 0.96:
        yield from market.logs_to_plant(w, rng.choice(w.people.plants))
    elif chance > 0.92:
        yield from market.demolition_to_plant(w, rng.choice(w.people.plants))
    else:
        plant = rng.choice(w.people.plants)
        chipper = w.active(w.people.chippers if rng.random() < 0.97 else w.people.own_code)
        yield from market.truckload(w, plant, chipper, rng.choices(_CLASSES, _CLASS_WEIGHTS)[0])


def _schedule(w: World) -> list[tuple[int, str]]:
    """Which defect is planted when, as the number of statements before it; the last of them comes first."""
    first, last = w.said + w.room // 20, w.settings.records * 19 // 20
    wanted = [code for code in sorted(w.settings.defects) for _ in range(w.settings.count(code))]
    return sorted(((w.rng.randrange(first, last), code) for code in wanted), reverse=True)


def _planted(w: World, schedule: list[tuple[int, str]]) -> Story[None]:
    """The defects that are due. What cannot be planted yet is tried again a little later."""
    later_on: list[tuple[int, str]] = []
    while schedule and schedule[-1][0] <= w.said and w.room > _LONGEST:
        _, code = schedule.pop()
        if not (yield from PLANTS[code](w)):
            later_on.append((w.said + _LONGEST, code))
    if later_on:
        schedule += later_on
        schedule.sort(reverse=True)


def _wide(w: World) -> float:
    """How often a load goes to the collectors, so that there are as many wide lots in the end as there should be."""
    loads = w.settings.wide_lots * wide.fan(w.settings.behind_wide) ** 3 * 1.15
    return loads * _RECORDS_AN_EVENT / w.settings.records
