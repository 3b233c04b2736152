"""What was planned to be burned in a year against what was, bone-dry, as the audit of 2017 compared it.

A period shorter than a year is scaled to one: its monthly mean times twelve (図表2-(3)-ア-④, note 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Plan

from .biomass_ratio import Burned
from .case import Booked
from .profile import Profile
from .span import MONTHS_A_YEAR, Span, fiscal_span
from .stock_book import fiscal_year
from .tonnage import bone_dry


@dataclass(frozen=True, slots=True)
class Compared:
    """A plan and its use, in bone-dry grams. ``observed``: what was burned in ``months`` months.

    ``planned`` and ``observed`` None: no factor tells. ``months`` 0: nothing was observed.
    """

    planned: int | None
    observed: Fraction | None
    months: int

    @property
    def a_year(self) -> Fraction | None:
        """What was burned, scaled to a year where it was observed for less, or for more."""
        if self.observed is None or self.months == 0:
            return None
        return self.observed * MONTHS_A_YEAR / self.months

    @property
    def difference(self) -> Fraction | None:
        """Use less plan; below 0: less was burned than planned."""
        year = self.a_year
        return None if year is None or self.planned is None else year - self.planned


def scaled_back(a_year: int, months: int) -> Fraction:
    """What must have been observed in so many months for the year's figure that a report prints."""
    return Fraction(a_year * min(months, MONTHS_A_YEAR), MONTHS_A_YEAR)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A class in a fiscal year. ``plan`` and ``use``: the records; ``assumed``: some factor is a default."""

    year: int
    fuel_class: FuelClass
    compared: Compared
    plan: str | None
    use: tuple[str, ...]
    assumed: bool


def observed_months(burned: Sequence[Burned], year: int) -> tuple[date, ...]:
    """The months of a fiscal year that count as observed: from when the plant began, to its last entry in that year.

    Months of standstill between count, as they did in the audit.
    """
    span = fiscal_span(year)
    within = [b.month for b in burned if b.month in span]
    if not within:
        return ()
    began = min(b.month for b in burned)
    return Span(max(began, span.start), max(within)).months


def plan_lines(bookings: Iterable[Booked], burned: Sequence[Burned], plant: str, profile: Profile) -> list[PlanLine]:
    """Every year and class that was planned or burned. Of several plans of one the last counts, as for F954."""
    plans: dict[tuple[int, FuelClass], tuple[str, Plan]] = {}
    for booked in bookings:
        if isinstance(booked.value, Plan) and booked.value.plant == plant:
            plans[booked.value.year, booked.value.fuel_class] = booked.id, booked.value
    keys = {*plans, *((fiscal_year(b.month), b.fuel_class) for b in burned)}
    return [_line(key, plans.get(key), burned, profile) for key in sorted(keys, key=lambda k: (k[0], k[1].rank))]


def _line(
    key: tuple[int, FuelClass], planned: tuple[str, Plan] | None, burned: Sequence[Burned], profile: Profile
) -> PlanLine:
    year, fuel_class = key
    used = [b for b in burned if (fiscal_year(b.month), b.fuel_class) == key]
    grams = [b.grams for b in used if b.grams is not None]
    plan = bone_dry(planned[1].quantity, None, profile) if planned is not None else None
    known = plan.grams if plan is not None else None
    observed = Fraction(sum(grams)) if len(grams) == len(used) else None
    return PlanLine(
        year=year,
        fuel_class=fuel_class,
        compared=Compared(0 if planned is None else known, observed, len(observed_months(burned, year))),
        plan=planned[0] if planned is not None else None,
        use=tuple(record for b in used for record in b.records),
        assumed=any(b.factors for b in used) or (plan is not None and bool(plan.assumed)),
    )
