"""What the fold keeps of yards and plants: per site and class a few integers, per plant and month another few.

Nobody weighs a yard. An account holds therefore the *most* that can lie there: what came in counts at the most
favourable factors, what went out at the least (as Q602 does), so that only what cannot be otherwise is found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS, Quantity, Unit

from .profile import Profile
from .species import WoodGroup
from .tonnage import bone_dry, least_bone_dry, most_bone_dry

NO_SITE = ""
"""Stands for "somewhere at the party's": wood that came to a party with several yards, and no paper says to which."""


_NONE = Fraction(0)
WHOLE = Fraction(1)
"""The share that all of it is: mostly there is but one class, and then nothing is reckoned."""


@dataclass(frozen=True, slots=True)
class Load:
    """An amount of wood in an account's terms, in grams or cm³.

    ``dry``: bone-dry grams, the most that came in or the least that went out.
    ``plain``: as written, to compare like with like in ``measure``. ``likely``: bone-dry grams at default factors.
    """

    dry: int
    plain: int
    measure: Unit
    likely: int

    def at_most(self, grams: int) -> Load:
        """No more bone-dry grams than these."""
        return self if self.dry <= grams else replace(self, dry=grams)

    def part(self, share: Fraction, rounded: Callable[[Fraction], int]) -> Load:
        """That share of it."""
        if share is WHOLE or share == 1:
            return self
        return Load(rounded(self.dry * share), rounded(self.plain * share), self.measure, rounded(self.likely * share))


def load_in(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> Load:
    """The most that a quantity can bring in."""
    if quantity.unit.is_mass and quantity.moisture is not None:
        wet = quantity.amount * (PARTS - quantity.moisture)  # exact, and this is asked for every lot
        return Load(-(-wet // PARTS), quantity.amount, Unit.T, wet // PARTS)
    dry = math.ceil(most_bone_dry(quantity, group, profile))
    return Load(dry, quantity.amount, _measure(quantity), _likely(quantity, group, profile))


def load_out(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> Load:
    """The least that a quantity can have taken out.

    Tonnes that state their moisture may hold water that did not come in: they count dry among tonnes too.
    """
    if quantity.unit.is_mass and quantity.moisture is not None:
        dry = quantity.amount * (PARTS - quantity.moisture) // PARTS
        return Load(dry, dry, Unit.T, dry)
    dry = math.floor(least_bone_dry(quantity, group, profile))
    return Load(dry, quantity.amount, _measure(quantity), _likely(quantity, group, profile))


def _measure(quantity: Quantity) -> Unit:
    return Unit.T if quantity.unit.is_mass else quantity.unit


def _likely(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> int:
    dry = bone_dry(quantity, group, profile)
    return 0 if dry is None else dry.grams


@dataclass(slots=True)
class Account:
    """The most of a class that can lie in a yard: ``dry`` in bone-dry grams, ``plain`` in the one ``measure`` of all.

    ``plain`` None: more than one measure came in. ``since``: what is dated earlier is in the last count.
    """

    dry: int = 0
    plain: int | None = 0
    measure: Unit | None = None
    likely: int = 0
    since: date = date.min

    def put(self, load: Load) -> None:
        """Wood comes in."""
        if self.measure not in (None, load.measure):
            self.plain = None
        self.measure = load.measure
        self.dry += load.dry
        self.likely += load.likely
        if self.plain is not None:
            self.plain += load.plain

    def count(self, load: Load, since: date) -> None:
        """What lies there was counted."""
        self.dry, self.plain, self.measure, self.likely = load.dry, load.plain, load.measure, load.likely
        self.since = since

    def remove(self, load: Load) -> Load:
        """Take out what there is of it; the rest is returned."""
        dry, likely = min(self.dry, load.dry), min(self.likely, load.likely)
        plain = min(self.plain, load.plain) if self.plain is not None and self.measure is load.measure else 0
        self.dry -= dry
        self.likely -= likely
        if self.plain is not None:
            self.plain -= plain
        return Load(load.dry - dry, load.plain - plain, load.measure, load.likely - likely)


@dataclass(frozen=True, slots=True)
class Taking:
    """Wood that goes out of some accounts: ``out`` against what can be ``left``, in base units of ``measure``.

    ``measure`` None: bone-dry grams. ``short``: the share of it that cannot have come from there.
    """

    out: int
    left: int
    measure: Unit | None
    short: Fraction


def taking(accounts: Sequence[Account], load: Load) -> Taking:
    """What of ``load`` can come out of the accounts together."""
    views: list[tuple[int, int, Unit | None]] = [(load.dry, sum(a.dry for a in accounts), None)]
    used = [a for a in accounts if a.measure is not None]
    plain = [a.plain for a in used if a.plain is not None and a.measure is load.measure]
    if len(plain) == len(used):
        views.append((load.plain, sum(plain), load.measure))
    found = [Taking(out, left, measure, _short(out, left)) for out, left, measure in views]
    return max(found, key=lambda t: t.short)


def _short(out: int, left: int) -> Fraction:
    return Fraction(out - left, out) if out > left else _NONE


def take(accounts: Iterable[Account], load: Load, short: Fraction) -> None:
    """Take out of the accounts, one after the other, what can have come from there."""
    rest = load.part(1 - short, int)
    for account in accounts:
        rest = account.remove(rest)


@dataclass(slots=True)
class Ground:
    """A yard as a place. ``day``: the last one up to which its counts have been taken in.

    ``other``: the lowest class that it took in though it is declared for another, the record that brought it, and the
    day; None until then, and after it was emptied. ``most``: the most that lay there since it was last empty.
    """

    day: date = date.min
    other: tuple[FuelClass, str, date] | None = None
    most: int = 0


@dataclass(slots=True)
class Use:
    """What a plant burned of a class in a fiscal year. ``first``: the record that says so first.

    ``grams``: bone-dry at default factors; ``assumed``: some moisture or factor was not stated, ``unknown``: some
    amount no factor turns into grams.
    """

    first: str
    grams: int = 0
    assumed: bool = False
    unknown: bool = False


@dataclass(slots=True)
class PlantBook:
    """The book of a plant. ``months``: those with an entry, as year × 12 + month − 1; ``last``: of any activity."""

    months: set[int] = field(default_factory=set)
    last: int = 0
    used: dict[tuple[int, FuelClass], Use] = field(default_factory=dict)
    planned: dict[tuple[int, FuelClass], tuple[str, Quantity]] = field(default_factory=dict)


def month_of(day: date) -> int:
    """The month as one number, so that months can be counted."""
    return day.year * 12 + day.month - 1


def month_name(month: int) -> str:
    """2014-11."""
    return f"{month // 12}-{month % 12 + 1:02}"


def fiscal_year(day: date) -> int:
    """The year in which the fiscal year, April to March, began."""
    return day.year - (day.month < 4)
