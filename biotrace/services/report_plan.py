"""A plant's fuel plans against what it burned, bone-dry, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from biotrace.documents.report_papers.report import Cell, Column, Kind, Report, Table
from biotrace.errors import UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.rounding import rounded
from biotrace.model.text import Text, join, same
from biotrace.verify.biomass_ratio import burned
from biotrace.verify.plan_use import Compared, PlanLine, plan_lines

from .report_material import Material
from .report_parts import CLASS_NAMES, TOTAL, evidence, facts, head_data, left_out, numbered

SCALING = Text(
    "観測が12か月に満たないときは、月平均の12倍を1年分とする。差は 使用－計画。いずれも全乾（水分0％）",
    "observed for less than 12 months, the monthly mean times twelve stands for a year; difference: use less plan;"
    " all bone-dry",
)
"""How a short observation is scaled."""


def plan_report(material: Material, year: int | None = None) -> Report:
    """A plant's plans against its book, of one fiscal year or of all. Raises UsageError where there are none."""
    used = burned(material.case.bookings, material.party.id, material.profile)
    lines = plan_lines(material.case.bookings, used, material.party.id, material.profile)
    lines = [line for line in lines if year in (None, line.year)]
    if not lines:
        raise UsageError(
            Text(
                f"{material.party.name} の使用計画も使用の記帳もありません",
                f"there is no plan of {material.party.name}, nor anything that it burned",
            ),
            Text("--party と --year を確かめてください", "look at --party and --year"),
            code="no-plan",
        )
    return Report(
        name="使用計画と実績",
        title=Text("バイオマス燃料の使用計画と実績", "Fuel plan against use"),
        facts=facts(material, None),
        tables=(_own_table(lines),),
        evidence=evidence(material, [pair for line in lines for pair in _figures(line)]),
        attention=(*left_out(material), *_attention(lines)),
        notes=(SCALING,),
        data={**head_data(material, None), "unit": "bone-dry grams", "lines": [_data(line) for line in lines]},
    )


_T = Kind.TONNE
_OWN = (
    Column(Text("年度", "fiscal year"), Kind.TEXT, 16),
    Column(Text("区分", "class"), Kind.TEXT, 34),
    Column(Text("計画（全乾t）", "planned, bone-dry t"), _T, 22),
    Column(Text("観測（か月）", "months observed"), Kind.COUNT, 16),
    Column(Text("使用（全乾t）", "burned, bone-dry t"), _T, 24),
    Column(Text("1年分（全乾t）", "a year's, bone-dry t"), _T, 24),
    Column(Text("差（全乾t）", "difference"), _T, 24),
)


def _own_table(lines: Sequence[PlanLine]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    strong = set()
    for year in dict.fromkeys(line.year for line in lines):
        of = [line.compared for line in lines if line.year == year]
        for line in lines:
            if line.year == year:
                rows.append((str(year), CLASS_NAMES[line.fuel_class], *cells(line.compared, _T)))
        strong.add(len(rows))
        rows.append((str(year), TOTAL, *cells(total(of), _T)))
    return Table(Text("計画と実績", "plan and use"), _OWN, tuple(rows), frozenset(strong))


def cells(compared: Compared, kind: Kind) -> tuple[int | None, ...]:
    """Plan, months, what was observed, a year of it and the difference; the last is of the two as printed."""
    planned, observed, year = (
        None if amount is None else rounded(round(amount), kind.step)
        for amount in (compared.planned, compared.observed, compared.a_year)
    )
    return planned, compared.months, observed, year, None if planned is None or year is None else year - planned


def total(lines: Sequence[Compared]) -> Compared:
    """Plans and uses of one plant and year together. Unknown where any of them is."""
    planned = [c.planned for c in lines if c.planned is not None]
    observed = [c.observed for c in lines if c.observed is not None]
    return Compared(
        planned=sum(planned) if len(planned) == len(lines) else None,
        observed=sum(observed, Fraction(0)) if len(observed) == len(lines) else None,
        months=max((c.months for c in lines), default=0),
    )


def _figures(line: PlanLine) -> list[tuple[Text, list[str]]]:
    name = same(f"{line.year} ") + CLASS_NAMES[line.fuel_class]
    plan = [] if line.plan is None else [line.plan]
    return [(name + Text(" 計画", " planned"), plan), (name + Text(" 使用", " burned"), list(line.use))]


def _attention(lines: Sequence[PlanLine]) -> list[Text]:
    said = []
    thinned = [line for line in lines if line.fuel_class is FuelClass.THINNED]
    below = [str(line.year) for line in thinned if (line.compared.difference or 0) < 0]
    if below:
        words = Text("間伐材等由来の使用が計画を下回る年度: ", "years with less thinned wood burned than planned: ")
        said.append(words + numbered(below))
    unknown = [line for line in lines if line.compared.planned is None or line.compared.observed is None]
    if unknown:
        said.append(
            Text("換算係数がなく比べられない: ", "no factor, so not compared: ")
            + join([same(f"{line.year} ") + CLASS_NAMES[line.fuel_class] for line in unknown])
        )
    without = {line.year for line in lines if line.plan is None} - {line.year for line in lines if line.plan}
    if without:
        said.append(Text("使用計画のない年度: ", "no plan of the year: ") + numbered([str(y) for y in sorted(without)]))
    return said


def _data(line: PlanLine) -> dict[str, Any]:
    return {
        "year": line.year,
        "class": str(line.fuel_class),
        **compared_data(line.compared),
        "records": {"plan": line.plan, "burned": list(line.use)},
        "defaults_used": line.assumed,
    }


def compared_data(compared: Compared) -> dict[str, Any]:
    """A comparison as data, in grams."""
    return {
        "planned": compared.planned,
        "observed": None if compared.observed is None else round(compared.observed),
        "months": compared.months,
        "a_year": None if compared.a_year is None else round(compared.a_year),
        "difference": None if compared.difference is None else round(compared.difference),
    }
