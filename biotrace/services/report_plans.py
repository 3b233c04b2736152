"""The auditors' table of plans and use (図表2-(3)-ア-④) over all plants of a ledger, and which lie below plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from biotrace.documents.report_papers.report import Report
from biotrace.errors import UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party
from biotrace.model.text import Text, same
from biotrace.verify.plan_span import PlanInSpan, PlantBook, plant_books
from biotrace.verify.span import Span, fiscal_span

from .report_parts import BELOW_PLAN, CLASS_NAMES, evidence, factor_notes, left_out, numbered
from .report_plan import SCALING, compared_data
from .report_plans_tables import (
    Outputs,
    Period,
    PlantsBy,
    added,
    below,
    below_table,
    group_of,
    group_table,
    grouped,
    plants_table,
    sums_table,
)
from .report_whole import Whole, parted_months, span_name

_OUR_NOTES = (
    SCALING,
    Text(
        "計画は年度のもの。年度をまたぐ期間では、観測した月の計画（年度の計画の12分の1ずつ）を1年分にしたもの。計画に区分がなければ0、"
        "その年度の計画が一つもなければ空欄",
        "plans are of fiscal years; over a span, the plan of the months observed (a twelfth of the year's each) brought"
        " to a year. A class that the year's plan leaves out was planned as 0; no plan at all of the year: left blank",
    ),
    Text(
        "区分は記帳のもの。総務省の表の「輸入材・国産材」の別は、使用の記帳にも計画にもないので分けられない",
        "by class as booked: neither plans nor entries of use tell imported from domestic wood, which the audit's table"
        " does",
    ),
)


def plans_report(
    whole: Whole,
    span: Span | None,
    by: Sequence[PlantsBy] = (),
    party: Party | None = None,
    outputs: Outputs | None = None,
) -> Report:
    """All plants (or one of them) over a span, else year by year.

    ``outputs``: in kW, by plant, as somebody says; no record tells them. Raises UsageError where there is nothing, and
    for the output of a plant that is not in the tables.
    """
    outputs = {} if outputs is None else outputs
    books = [b for b in plant_books(whole.case, whole.profile) if party is None or b.plant == party.id]
    periods = [period for period in _periods(books, span) if period.lines]
    if not periods:
        raise _nothing()
    plants = list(dict.fromkeys(plant for p in periods for plant, _ in p.of))
    if strays := [whole.name(plant) for plant in outputs if plant not in plants]:
        raise _no_such_plant(strays)
    tables = (
        sums_table(periods),
        below_table(whole, periods, outputs),
        *(group_table(whole, one, periods) for one in by),
        plants_table(whole, periods, outputs),
    )
    return Report(
        name="使用計画と実績",
        title=Text("発電設備ごとの使用計画と実績", "Plan against use, plant by plant"),
        facts=whole.facts(span),
        tables=tables,
        main=len(tables) - 1,
        evidence=evidence(whole, [pair for p in periods for line in p.lines for pair in _figures(whole, p, line)]),
        attention=(*left_out(whole), *parted_months(span), *_attention(whole, periods, by)),
        notes=(
            *_OUR_NOTES,
            *_output_notes(whole, plants, outputs),
            *factor_notes(f for p in periods for line in p.lines for f in line.factors),
        ),
        data={
            **whole.head(span),
            "party": None if party is None else party.id,
            "unit": "bone-dry grams",
            "periods": [_period_data(whole, p, by, outputs) for p in periods],
        },
    )


def _periods(books: Sequence[PlantBook], span: Span | None) -> list[Period]:
    if span is not None:
        return [_period(span_name(span), span, books)]
    years = sorted({year for book in books for year in book.years})
    return [_period(str(year), fiscal_span(year), books) for year in years]


def _period(name: str, span: Span, books: Sequence[PlantBook]) -> Period:
    found = ((book.plant, book.within(span)) for book in books)
    return Period(name, span, tuple((plant, lines) for plant, lines in found if lines))


def _nothing() -> UsageError:
    return UsageError(
        Text(
            "この期間には、発電設備の使用計画も使用の記帳もありません",
            "there is no plan of a plant, nor anything that one burned, in this period",
        ),
        Text("期間と --party を確かめてください", "look at the period and --party"),
        code="no-plan",
    )


def _figures(whole: Whole, period: Period, line: PlanInSpan) -> list[tuple[Text, Sequence[str]]]:
    name = same(f"{period.name} {whole.name(line.plant)} ") + CLASS_NAMES[line.fuel_class]
    return [(name + Text(" 計画", " planned"), line.plans), (name + Text(" 使用", " burned"), line.use)]


def _attention(whole: Whole, periods: Sequence[Period], by: Sequence[PlantsBy]) -> list[Text]:
    said = []
    every = [(f"{p.name} {whole.name(x.plant)}", x) for p in periods for x in p.lines]
    for words, some in (
        (BELOW_PLAN, [f"{p.name} {whole.name(x.plant)}" for p in periods for x in below(p)]),
        (
            Text("計画の記録がない: ", "no plan of: "),
            [name for name, x in every if not x.plans and x.compared.planned is None],
        ),
        (
            Text("換算係数がなく比べられない: ", "no factor, so not compared: "),
            [name for name, x in every if x.compared.observed is None or (x.plans and x.compared.planned is None)],
        ),
        (
            Text("使用の記帳がない: ", "nothing booked as burned: "),
            [name for name, x in every if x.compared.months == 0],
        ),
    ):
        if some:
            said.append(words + numbered(list(dict.fromkeys(some)), 10))
    for one in by:
        unknown = [whole.name(plant) for plant in _unknown(whole, one, periods)]
        if unknown:
            said.append(one.label + Text(" 分からない: ", ", not told: ") + numbered(unknown, 10))
    return said


def _unknown(whole: Whole, by: PlantsBy, periods: Sequence[Period]) -> list[str]:
    return list(dict.fromkeys(plant for p in periods for plant, _ in p.of if group_of(whole, by, p, plant)[0] is None))


def _output_notes(whole: Whole, plants: Sequence[str], outputs: Outputs) -> Iterator[Text]:
    told = [plant for plant in plants if plant in outputs]
    if told:
        yield Text("出力は、--kw で示されたもの", "output: as given with --kw")
    if len(told) < len(plants):
        untold = [whole.name(plant) for plant in plants if plant not in outputs]
        names = (Text(": ", ": ") + numbered(untold, 10)) if told else same("")
        yield (
            Text(
                "発電出力は台帳のどの記録にもない（--kw 発電設備=出力 で示せる）",
                "no record tells output (--kw PLANT=KW)",
            )
            + names
        )


def _no_such_plant(names: Sequence[str]) -> UsageError:
    return UsageError(
        Text("--kw: この表にない発電設備です: ", "--kw: no plant of these tables: ") + numbered(names),
        Text(
            "使用計画か使用の記帳のある発電設備を、IDか名称で指定してください",
            "name one with plans or use, by id or name",
        ),
        code="no-plant",
    )


def _period_data(whole: Whole, period: Period, by: Sequence[PlantsBy], outputs: Outputs) -> dict[str, Any]:
    return {
        "period": period.name,
        "from": period.span.start.isoformat(),
        "to": period.span.until.isoformat(),
        "below_plan_in_thinned": [line.plant for line in below(period)],
        "sums": {
            str(c): _sum_data([x for x in period.lines if x.fuel_class is c])
            for c in FuelClass
            if any(x.fuel_class is c for x in period.lines)
        },
        "total": _sum_data(period.lines),
        "groups": {
            str(one): [
                {"id": group, "name": name.ja, "known": group is not None, **_sum_data(lines)}
                for group, name, lines in grouped(whole, one, period)
            ]
            for one in by
        },
        "plants": [
            {
                "plant": plant,
                "name": whole.name(plant),
                "output_kw": str(outputs[plant]) if plant in outputs else None,
                "observed": [f"{month:%Y-%m}" for month in lines[0].months],
                "classes": [_line_data(x) for x in lines],
            }
            for plant, lines in period.of
        ],
    }


def _sum_data(lines: Sequence[PlanInSpan]) -> dict[str, Any]:
    sums = added(lines)
    return {"plants": len({x.plant for x in lines}), "planned": sums.planned, "a_year": round(sums.a_year or 0)}


def _line_data(line: PlanInSpan) -> dict[str, Any]:
    return {
        "class": str(line.fuel_class),
        **compared_data(line.compared),
        "records": {"plans": list(line.plans), "burned": list(line.use)},
        "defaults_used": bool(line.factors),
    }
