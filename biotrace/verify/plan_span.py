"""What every plant planned to burn against what it burned, over any span of months, as the audit of 2017 laid it out.

A plan is of a fiscal year; a month's part of it is a twelfth. Plan and use are both brought to a year: the mean of the
months observed, times twelve (図表2-(3)-ア-④, notes 5 and 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Consumption, Plan

from .biomass_ratio import Burned, burned
from .case import Booked, Case
from .plan_use import Compared
from .profile import Factor, Profile
from .span import MONTHS_A_YEAR, Span
from .stock_book import fiscal_year
from .tonnage import Dry, bone_dry


@dataclass(frozen=True, slots=True)
class PlanInSpan:
    """A plant and class in a span. ``compared``: a year's plan, what was observed, and a year of it.

    ``planned``: the part of the plans for the months observed, bone-dry grams; for all months where nothing was. None,
    and so in ``compared``: no factor tells, or the plant planned nothing at all for these years.
    ``plans`` and ``use``: the records. ``factors``: defaults that it took.
    """

    plant: str
    fuel_class: FuelClass
    compared: Compared
    planned: Fraction | None
    months: tuple[date, ...]
    plans: tuple[str, ...]
    use: tuple[str, ...]
    factors: tuple[Factor, ...]

    @property
    def is_below(self) -> bool:
        """Whether less was burned than planned."""
        return (self.compared.difference or 0) < 0


@dataclass(frozen=True)
class PlantBook:
    """A plant's plans and use, as booked. Of several plans of a year and class the last counts, as for F954."""

    plant: str
    plans: Mapping[tuple[int, FuelClass], tuple[str, Dry | None]]
    burned: tuple[Burned, ...]

    @property
    def years(self) -> frozenset[int]:
        """The fiscal years that it planned for or burned in."""
        return frozenset((*(year for year, _ in self.plans), *(fiscal_year(b.month) for b in self.burned)))

    @property
    def planned_years(self) -> frozenset[int]:
        """The fiscal years of which there is a plan of any class."""
        return frozenset(year for year, _ in self.plans)

    def within(self, span: Span) -> tuple[PlanInSpan, ...]:
        """Every class that was planned or burned in a span. A month is in it by its first day."""
        months = [m for m in span.months if m in span]
        used = [b for b in self.burned if b.month in months]
        began = min((b.month for b in self.burned), default=date.max)
        last = max((b.month for b in used), default=date.min)
        observed = tuple(m for m in months if began <= m <= last)
        years = {fiscal_year(m) for m in (observed or months)}
        classes = {c for year, c in self.plans if year in years} | {b.fuel_class for b in used}
        return tuple(
            self._line(c, observed, tuple(months), [b for b in used if b.fuel_class is c])
            for c in FuelClass
            if c in classes
        )

    def _line(
        self, fuel_class: FuelClass, observed: tuple[date, ...], months: tuple[date, ...], used: Sequence[Burned]
    ) -> PlanInSpan:
        grams = [b.grams for b in used if b.grams is not None]
        over = [m for m in (observed or months) if fiscal_year(m) in self.planned_years]
        plans = {year: self.plans.get((year, fuel_class)) for year in dict.fromkeys(map(fiscal_year, over))}
        known = [plan for plan in plans.values() if plan is not None]
        planned = _planned(over, plans)
        a_year = None if planned is None else round(planned * MONTHS_A_YEAR / len(over))
        return PlanInSpan(
            plant=self.plant,
            fuel_class=fuel_class,
            compared=Compared(a_year, Fraction(sum(grams)) if len(grams) == len(used) else None, len(observed)),
            planned=planned,
            months=observed,
            plans=tuple(record for record, _ in known),
            use=tuple(record for b in used for record in b.records),
            factors=(
                *(f for _, dry in known if dry is not None for f in dry.assumed),
                *(f for b in used for f in b.factors),
            ),
        )


def _planned(over: Sequence[date], plans: Mapping[int, tuple[str, Dry | None] | None]) -> Fraction | None:
    """What was planned for some months; a class that a plan does not name was planned as 0."""
    total = Fraction(0)
    for month in over:
        plan = plans[fiscal_year(month)]
        if plan is None:
            continue
        if plan[1] is None:
            return None
        total += Fraction(plan[1].grams, MONTHS_A_YEAR)
    return total if over else None


def plant_books(case: Case, profile: Profile) -> tuple[PlantBook, ...]:
    """The books of all plants that planned or burned anything, in the order of the parties."""
    of: dict[str, list[Booked]] = {}
    for booked in case.bookings:
        if isinstance(booked.value, Plan | Consumption):
            of.setdefault(booked.value.plant, []).append(booked)
    place = {party: number for number, party in enumerate(case.parties)}
    plants = sorted(of, key=lambda plant: place.get(plant, len(place)))
    return tuple(PlantBook(p, _plans(of[p], profile), burned(of[p], p, profile)) for p in plants)


def _plans(bookings: Iterable[Booked], profile: Profile) -> Mapping[tuple[int, FuelClass], tuple[str, Dry | None]]:
    return {
        (booked.value.year, booked.value.fuel_class): (booked.id, bone_dry(booked.value.quantity, None, profile))
        for booked in bookings
        if isinstance(booked.value, Plan)
    }
