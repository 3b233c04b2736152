"""Days for what is staged, and how strong it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from biotrace.verify.span import month_span

from ..settings import FIRST_DAY, LAST_DAY
from ..world import World


def day_between(w: World, first: float, last: float) -> date:
    """A day of the region, from one share of its years to another."""
    days = (LAST_DAY - FIRST_DAY).days
    return FIRST_DAY + timedelta(w.rng.randrange(int(days * first), int(days * last)))


def days_of(w: World, month: date, count: int) -> Iterator[date]:
    """So many days of a month, in no order."""
    last = month_span(month).until.day
    return (month.replace(day=w.rng.randrange(1, last + 1)) for _ in range(count))


def strength(w: World, fraud: bool, plain: tuple[int, int], subtle: tuple[int, int], honest: tuple[int, int]) -> int:
    """A figure from the range (its end not included) of a fraud, a subtle one, or a look-alike."""
    wanted = (subtle if w.frauds is not None and w.frauds.subtle else plain) if fraud else honest
    return w.rng.randrange(*wanted)
