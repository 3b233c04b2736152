"""The tables of plans and use: each plant and class, those below plan, and sums by class, prefecture and body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from biotrace.documents.report_papers.report import Cell, Column, Kind, Table
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text
from biotrace.verify.places import rank_of
from biotrace.verify.plan_span import PlanInSpan
from biotrace.verify.plan_use import Compared
from biotrace.verify.span import MONTHS_A_YEAR, Span, month_span

from .report_parts import CLASS_NAMES, TOTAL
from .report_plan import cells, total
from .report_routes_groups import body_key, told_name
from .report_whole import Whole, span_name


class PlantsBy(StrEnum):
    """What plants are grouped by: the prefecture of their address, or the body that accredits them, if any does."""

    PREFECTURE = "prefecture"
    BODY = "body"

    @property
    def label(self) -> Text:
        """In words."""
        return _LABELS[self]


_LABELS = {
    PlantsBy.PREFECTURE: Text("発電設備の都道府県ごと", "by prefecture of the plant's address"),
    PlantsBy.BODY: Text("発電事業者の認定団体ごと", "by the plant's own accrediting body"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A span under its name: a fiscal year, or the days asked for. ``of``: by plant, what was planned and used."""

    name: str
    span: Span
    of: tuple[tuple[str, tuple[PlanInSpan, ...]], ...]

    @property
    def lines(self) -> list[PlanInSpan]:
        """All of them."""
        return [line for _, lines in self.of for line in lines]


_T = Kind.TONNE
_OUTPUT = Column(Text("出力（kW）", "output, kW"), Kind.TEXT, 12)
_FIGURES = (
    Column(Text("計画（全乾t/年）", "planned, bone-dry t a year"), _T, 19),
    Column(Text("観測した期間", "observed"), Kind.TEXT, 18),
    Column(Text("か月", "months"), Kind.COUNT, 10),
    Column(Text("使用（全乾t）", "burned, bone-dry t"), _T, 18),
    Column(Text("1年分（全乾t）", "a year's, bone-dry t"), _T, 18),
    Column(Text("差（全乾t）", "difference"), _T, 18),
)
_PERIOD = Column(Text("年度・期間", "period"), Kind.TEXT, 16)
_CLASS = Column(Text("区分", "class"), Kind.TEXT, 17)
Outputs = Mapping[str, Decimal]
"""What plants are said to put out, in kW. No record tells it."""


def _columns(outputs: Outputs) -> tuple[Column, ...]:
    plant = Column(Text("発電設備", "plant"), Kind.TEXT, 14 if outputs else 26)
    return (_PERIOD, plant, *((_OUTPUT,) if outputs else ()), _CLASS, *_FIGURES)


def _head(whole: Whole, period: Period, plant: str, outputs: Outputs) -> tuple[Cell, ...]:
    told = f"{outputs[plant]:,}" if plant in outputs else None
    return (period.name, whole.name(plant), *((told,) if outputs else ()))


def _figures(compared: Compared, months: Sequence[date]) -> tuple[Cell, ...]:
    planned, *rest = cells(compared, _T)
    return planned, _from_to(months), *rest


def _from_to(months: Sequence[date]) -> str | None:
    """The months that were observed, the first and the last of them."""
    return span_name(Span(months[0], month_span(months[-1]).until)) if months else None


def plants_table(whole: Whole, periods: Sequence[Period], outputs: Outputs) -> Table:
    rows: list[tuple[Cell, ...]] = []
    strong = set()
    for period in periods:
        for plant, lines in period.of:
            head = _head(whole, period, plant, outputs)
            rows += [(*head, CLASS_NAMES[x.fuel_class], *_figures(x.compared, x.months)) for x in lines]
            strong.add(len(rows))
            rows.append((*head, TOTAL, *_figures(total([x.compared for x in lines]), lines[0].months)))
    title = Text("発電設備ごとの計画と実績", "plan and use by plant")
    return Table(title, _columns(outputs), tuple(rows), frozenset(strong))


def below(period: Period) -> list[PlanInSpan]:
    return [line for line in period.lines if line.fuel_class is FuelClass.THINNED and line.is_below]


def below_table(whole: Whole, periods: Sequence[Period], outputs: Outputs) -> Table:
    """The plants that used less thinned wood than planned, as the audit counted them."""
    found = [(period, line) for period in periods for line in below(period)]
    rows = tuple(
        (*_head(whole, p, x.plant, outputs), CLASS_NAMES[x.fuel_class], *_figures(x.compared, x.months))
        for p, x in found
    )
    plants = len({line.plant for _, line in found})
    title = Text(f"間伐材等由来が計画を下回る発電設備 {plants}", f"{plants} plants below plan, thinned")
    return Table(title, _columns(outputs), rows)


_SUMS = (
    Column(Text("年度・期間", "period"), Kind.TEXT, 18),
    Column(Text("区分", "class"), Kind.TEXT, 34),
    Column(Text("設備", "plants"), Kind.COUNT, 14),
    Column(Text("計画を下回る設備", "below plan"), Kind.COUNT, 18),
    Column(Text("計画（全乾t/年）", "planned, t a year"), _T, 26),
    Column(Text("1年分の使用（全乾t）", "a year's use, t"), _T, 26),
    Column(Text("差（全乾t）", "difference"), _T, 24),
)


def sums_table(periods: Sequence[Period]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    strong = set()
    for period in periods:
        for fuel_class in FuelClass:
            of = [line for line in period.lines if line.fuel_class is fuel_class]
            if of:
                rows.append((period.name, CLASS_NAMES[fuel_class], *_sum_cells(of)))
        strong.add(len(rows))
        rows.append((period.name, TOTAL, *_sum_cells(period.lines)))
    note = Text(
        "計画と使用がともに分かる行だけの和（分からないものは要確認に）。計の行の「計画を下回る設備」は全区分の和で比べる",
        "sums of what both plan and use are known of (the rest is told above); the total row compares plants over all"
        " classes",
    )
    return Table(Text("計画と実績の和", "sums of plan and use"), _SUMS, tuple(rows), frozenset(strong), note)


def _sum_cells(lines: Sequence[PlanInSpan]) -> tuple[Cell, ...]:
    whole = added(lines)
    by_plant = [added([x for x in lines if x.plant == plant]) for plant in dict.fromkeys(x.plant for x in lines)]
    planned, _, _, used, difference = cells(whole, _T)
    return len(by_plant), sum(1 for c in by_plant if (c.difference or 0) < 0), planned, used, difference


def added(lines: Sequence[PlanInSpan]) -> Compared:
    """Of the lines that both are known of, a year's plan and a year's use."""
    known = [x.compared for x in lines if x.compared.planned is not None and x.compared.a_year is not None]
    used = sum((c.a_year or Fraction(0) for c in known), Fraction(0))
    return Compared(sum(c.planned or 0 for c in known), used, MONTHS_A_YEAR if known else 0)


_GROUPED = (_SUMS[0], Column(Text("", ""), Kind.TEXT, 34), *_SUMS[2:])


def group_of(whole: Whole, by: PlantsBy, period: Period, plant: str) -> tuple[str | None, Text]:
    """A plant's prefecture or body; None where it cannot be told, and why."""
    if by is PlantsBy.PREFECTURE:
        return told_name(whole.whereabouts.party(plant, period.span.until))
    return body_key(whole.whereabouts.body(plant, min(period.span.until, whole.today)), whole)


def grouped(whole: Whole, by: PlantsBy, period: Period) -> list[tuple[str | None, Text, list[PlanInSpan]]]:
    """The lines by group, prefectures from north to south; what cannot be told last."""
    found: dict[tuple[str | None, str], tuple[Text, list[PlanInSpan]]] = {}
    for plant, lines in period.of:
        group, name = group_of(whole, by, period, plant)
        found.setdefault((group, name.ja), (name, []))[1].extend(lines)
    rows = [(group, name, lines) for (group, _), (name, lines) in found.items()]
    return sorted(rows, key=lambda row: (row[0] is None, rank_of(row[0])))


def group_table(whole: Whole, by: PlantsBy, periods: Sequence[Period]) -> Table:
    rows = [
        (period.name, name, *_sum_cells(lines)) for period in periods for _, name, lines in grouped(whole, by, period)
    ]
    return Table(by.label, _GROUPED, tuple(rows))
