"""The figures of regional supply and demand: per period, prefecture and class, with the records behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from biotrace.model.fuel_class import FuelClass
from biotrace.verify.places import Told, Untold, rank_of
from biotrace.verify.plan_span import PlanInSpan, PlantBook, plant_books
from biotrace.verify.profile import Factor
from biotrace.verify.span import Span, fiscal_span, month_span
from biotrace.verify.stock_book import fiscal_year
from biotrace.verify.supply import Flow, Supplied, flows_of, supplied

from .report_whole import Whole, span_name


class Every(StrEnum):
    """How a span is divided."""

    WHOLE = "whole"
    YEAR = "year"
    MONTH = "month"


@dataclass
class Raised:
    """Supply of a class in a prefecture. Bone-dry grams; ``cm3``: solid wood; None: what is not told."""

    period: str
    prefecture: str | None
    fuel_class: FuelClass
    cm3: int = 0
    grams: int = 0
    confirmed: int = 0
    records: list[str] = field(default_factory=list)
    unweighed: list[str] = field(default_factory=list)


@dataclass
class Needed:
    """Demand of a class in a prefecture. ``planned``: for the months observed; ``near``, ``far``: of what was received,
    from the same prefecture and from others. ``burned`` and ``planned`` None: no entry, or no factor for one.
    ``difference``: use less plan, of the plants that both are known of: of all of them, if ``booked_all``.
    """

    period: str
    prefecture: str | None
    fuel_class: FuelClass
    planned: Fraction | None = None
    burned: int | None = None
    difference: Fraction | None = None
    booked_all: bool = True
    received: int = 0
    near: int = 0
    far: int = 0
    plants: dict[str, None] = field(default_factory=dict)
    plans: list[str] = field(default_factory=list)
    use: list[str] = field(default_factory=list)


@dataclass
class Flowed:
    """What came of a class from one prefecture to plants in another, or the same."""

    period: str
    origin: str | None
    destination: str | None
    fuel_class: FuelClass
    grams: int = 0
    by_plant: dict[str, int] = field(default_factory=dict)
    lots: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Figures:
    """All of it, by period, north to south, by class. ``below_plan``: plants that burned less thinned wood than that
    over the whole span; ``below_in``: period and plant, where it was so in that period.

    The lists of records and plants that something is not told of: for people to look at. ``why``: by record, why its
    felling place's prefecture is not told, and its grams.
    """

    raised: Sequence[Raised]
    needed: Sequence[Needed]
    flowed: Sequence[Flowed]
    factors: Sequence[Factor]
    below_plan: Sequence[str]
    below_in: Collection[tuple[str, str]]
    supply_untold: Sequence[str]
    origin_untold: Sequence[str]
    unweighed: Sequence[str]
    plants_untold: Sequence[str]
    why: Sequence[tuple[str, bool, Told, int | None]]


def figures_of(whole: Whole, span: Span | None, every: Every) -> Figures:
    """Everything that was certified at the source, arrived, was burned or planned within a span, or ever."""
    sources = [
        s
        for s in supplied(whole.judged.values(), whole.case, whole.whereabouts, whole.profile)
        if span is None or s.day in span
    ]
    flows = [flow for lot in whole.lots_in(span) for flow in flows_of(lot, whole.judged, whole.whereabouts)]
    books = plant_books(whole.case, whole.profile)
    over = span if span is not None else _all_days(sources, flows, books)
    if over is None:
        return Figures((), (), (), (), (), (), (), (), (), (), ())
    build = _Build(whole, over, _named_spans(over, every))
    for source in sources:
        build.supply(source)
    for flow in flows:
        build.flow(flow)
    for book in books:
        build.book(book)
    return build.done()


def _all_days(sources: Iterable[Supplied], flows: Iterable[Flow], books: Iterable[PlantBook]) -> Span | None:
    days: list[date] = [*(s.day for s in sources), *(f.day for f in flows)]
    for book in books:
        days += [month_span(b.month).until for b in book.burned]
        days += [b.month for b in book.burned]
        days += [day for year in book.planned_years for day in (fiscal_span(year).start, fiscal_span(year).until)]
    return Span(min(days), max(days)) if days else None


def _named_spans(over: Span, every: Every) -> Mapping[str, Span]:
    """The parts of a span under their names."""
    if every is Every.WHOLE:
        return {span_name(over): over}
    if every is Every.YEAR:
        years = range(fiscal_year(over.start), fiscal_year(over.until) + 1)
        found = {span_name(fiscal_span(year)): fiscal_span(year) for year in years}
    else:
        found = {span_name(month_span(month)): month_span(month) for month in over.months}
    return {name: Span(max(part.start, over.start), min(part.until, over.until)) for name, part in found.items()}


class _Build:
    """Adds records to the figures that they belong to."""

    def __init__(self, whole: Whole, over: Span, spans: Mapping[str, Span]) -> None:
        self._whole = whole
        self._over = over
        self._spans = spans
        self._raised: dict[tuple[str, str | None, FuelClass], Raised] = {}
        self._needed: dict[tuple[str, str | None, FuelClass], Needed] = {}
        self._flowed: dict[tuple[str, str | None, str | None, FuelClass], Flowed] = {}
        self._factors: dict[Factor, None] = {}
        self._below: dict[str, None] = {}
        self._below_in: set[tuple[str, str]] = set()
        self._unweighed: dict[str, None] = {}
        self._plants_untold: dict[str, None] = {}
        self._why: dict[tuple[str, bool, Told], int | None] = {}

    def supply(self, source: Supplied) -> None:
        """A felling-stage certificate."""
        period, told = self._period(source.day), source.felled.told
        key = period, told.key, source.fuel_class
        line = self._raised.setdefault(key, Raised(*key))
        line.records.append(source.record)
        if source.grams is None or source.cm3 is None:
            line.unweighed.append(source.record)
            self._unweighed[source.record] = None
        line.grams += source.grams or 0
        line.cm3 += source.cm3 or 0
        line.confirmed += source.confirmed
        self._factors.update(dict.fromkeys(source.factors))
        if told.key is None:
            self._why[source.record, True, told] = source.grams

    def flow(self, flow: Flow) -> None:
        """A class of a lot from one place."""
        period = self._period(flow.day)
        origin, destination = flow.origin.key, flow.destination.key
        key = period, origin, destination, flow.fuel_class
        line = self._flowed.setdefault(key, Flowed(*key))
        line.lots.append(flow.lot)
        if flow.grams is None:
            self._unweighed[flow.lot] = None
        grams = flow.grams or 0
        line.grams += grams
        line.by_plant[flow.plant] = line.by_plant.get(flow.plant, 0) + grams
        needed = self._need(period, flow.destination, flow.plant, flow.fuel_class)
        needed.received += grams
        if origin is not None and destination is not None:
            needed.near += grams if origin == destination else 0
            needed.far += grams if origin != destination else 0
        if origin is None:
            known = self._why.get((flow.lot, False, flow.origin))
            self._why[flow.lot, False, flow.origin] = grams + (known or 0) if flow.grams is not None else known

    def book(self, book: PlantBook) -> None:
        """What a plant planned and burned."""
        for period, span in self._spans.items():
            told = self._whole.whereabouts.party(book.plant, span.until)
            for line in book.within(span):
                needed = self._need(period, told, book.plant, line.fuel_class)
                if _is_below(line):
                    self._below_in.add((period, book.plant))
                needed.plans += line.plans
                needed.use += line.use
                self._factors.update(dict.fromkeys(line.factors))
                if line.planned is not None:
                    needed.planned = (needed.planned or Fraction(0)) + line.planned
                observed = line.compared.observed if line.months else None
                if observed is not None:
                    needed.burned = (needed.burned or 0) + round(observed)
                needed.booked_all &= observed is not None and line.planned is not None
                if observed is not None and line.planned is not None:
                    needed.difference = (needed.difference or Fraction(0)) + observed - line.planned
        if any(_is_below(line) for line in book.within(self._over)):
            self._below[book.plant] = None

    def done(self) -> Figures:
        """The figures, in order."""
        periods = {name: number for number, name in enumerate(self._spans)}

        def place(period: str, *rest: str | FuelClass | None) -> tuple[int, ...]:
            return periods[period], *(_rank(one) for one in rest)

        why = [(record, supply, told, grams) for (record, supply, told), grams in self._why.items()]
        return Figures(
            raised=sorted(self._raised.values(), key=lambda x: place(x.period, x.prefecture, x.fuel_class)),
            needed=sorted(self._needed.values(), key=lambda x: place(x.period, x.prefecture, x.fuel_class)),
            flowed=sorted(self._flowed.values(), key=lambda x: place(x.period, x.origin, x.destination, x.fuel_class)),
            factors=tuple(self._factors),
            below_plan=tuple(self._below),
            below_in=frozenset(self._below_in),
            supply_untold=tuple(r for r, supply, _, _ in why if supply),
            origin_untold=tuple(
                dict.fromkeys(r for r, supply, t, _ in why if not supply and t.why is not Untold.NOT_ASKED)
            ),
            unweighed=tuple(self._unweighed),
            plants_untold=tuple(self._plants_untold),
            why=why,
        )

    def _period(self, day: date) -> str:
        if len(self._spans) == 1:
            return next(iter(self._spans))
        name = f"{day:%Y-%m}"
        return name if name in self._spans else str(fiscal_year(day))

    def _need(self, period: str, told: Told, plant: str, fuel_class: FuelClass) -> Needed:
        key = period, told.key, fuel_class
        if told.key is None:
            self._plants_untold[plant] = None
        needed = self._needed.setdefault(key, Needed(*key))
        needed.plants[plant] = None
        return needed


def _is_below(line: PlanInSpan) -> bool:
    return line.fuel_class is FuelClass.THINNED and line.is_below


def _rank(one: str | FuelClass | None) -> int:
    return one.rank if isinstance(one, FuelClass) else rank_of(one)
