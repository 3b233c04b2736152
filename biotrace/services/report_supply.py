"""Regional supply and demand by class, as recommendation ① of the audit of 2017 asks for, from a ledger's records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from biotrace.documents.report_papers.report import Report
from biotrace.errors import UsageError
from biotrace.model.text import Text, join, same
from biotrace.verify.span import Span

from .report_parts import BELOW_PLAN, CLASS_NAMES, evidence, factor_data, factor_notes, left_out, numbered
from .report_supply_figures import Every, Figures, Flowed, Needed, Raised, figures_of
from .report_supply_tables import (
    contest_table,
    demand_table,
    flow_table,
    of_one_period,
    place_name,
    supply_table,
    untold_table,
)
from .report_whole import Whole, parted_months

_NOTES = (
    Text(
        "供給: 伐採段階の証明書と別記1-2（証明書の日付）。㎥は実材積。都道府県は伐採箇所（証明書、なければ根拠書類）。"
        "需要: 納入（着いた日）と使用の記帳。都道府県は発電設備の住所。市町村名だけで決まらないものは「分からない」",
        "supply: felling-stage certificates and form 1-2, by their own day, in m³ of solid wood, by prefecture of the"
        " felling place (on the certificate, else on its document); demand: deliveries by day of arrival, and what was"
        " booked as burned, by prefecture of the plant's address. What a municipality's name leaves open is not told",
    ),
    Text(
        "供給と納入は同じ時期の同じ木材ではない（在庫、加工での減り、発電以外への販売がある）。流れは納入ロットを"
        "さかのぼったもので、行と列の和は納入量に一致する",
        "supply and deliveries of a period are not the same wood: there is stock, loss in processing, sale for other"
        " uses. Flows are deliveries traced back; rows and columns add up to what was delivered",
    ),
    Text(
        "台帳から分からないこと: 立木の蓄積と伐採できる量、製紙・合板・製材・熱利用など発電以外の需要、この台帳に記録の"
        "ない発電設備・事業者と輸入材の産地、木材以外の燃料、価格の動き。地域の需給はこれらと合わせて見る",
        "what the ledger cannot know: growing stock and what could be felled, demand of paper, plywood, sawmills and"
        " boilers, plants and businesses without records here, origins of imports, fuel other than wood, how prices"
        " move. Regional supply and demand have to be seen together with these",
    ),
)


def supply_report(whole: Whole, span: Span | None, every: Every = Every.WHOLE) -> Report:
    """Supply, demand and flows in a span, or over everything. Raises UsageError where there is nothing of any."""
    found = figures_of(whole, span, every)
    if not (found.raised or found.needed or found.flowed):
        raise UsageError(
            Text("供給も需要も記録がありません", "nothing was certified, delivered, planned or burned"),
            Text("記録と、指定したなら期間を確かめてください", "look at the records, and at the period where given"),
            code="nothing-there",
        )
    parted = every is not Every.WHOLE
    by_period = [demand_table(found), supply_table(found.raised), flow_table(found.flowed), contest_table(whole, found)]
    if not parted:
        by_period = [of_one_period(table) for table in by_period]
    return Report(
        name="地域の需給",
        title=Text(
            "地域における燃料の需給（都道府県・区分ごと）", "Regional supply and demand, by prefecture and class"
        ),
        facts=(*whole.facts(span), *(() if parted or span is not None else (_days(found),))),
        tables=(*by_period, untold_table(whole, found)),
        main=2,
        evidence=evidence(whole, _figures(found, parted)),
        attention=(*left_out(whole), *parted_months(span), *_attention(whole, found)),
        notes=(*_NOTES, *factor_notes(found.factors)),
        data={
            **whole.head(span),
            "unit": "bone-dry grams; cm3 of solid wood",
            "every": str(every),
            "demand": [_needed_data(x) for x in found.needed],
            "supply": [_raised_data(x) for x in found.raised],
            "flows": [_flowed_data(x) for x in found.flowed],
            "factors": factor_data(found.factors),
        },
    )


def _days(found: Figures) -> tuple[Text, Text]:
    """From the first record to the last, where no period was asked for: no table has a column for it."""
    period = next(x.period for part in (found.needed, found.raised, found.flowed) for x in part)
    return Text("記録のある期間", "days of the records"), same(period)


def _attention(whole: Whole, found: Figures) -> list[Text]:
    said = []
    if not any(x.plans or x.use for x in found.needed):
        said.append(
            Text(
                "使用計画も使用の記帳もない: 計画・使用・差は空欄（0ではない）",
                "there is no plan and no entry of use: planned, burned and difference are left blank, not 0",
            )
        )
    below = [f"{whole.name(plant)}" for plant in found.below_plan]
    if below:
        said.append(BELOW_PLAN + numbered(below, 10))
    for words, records in (
        (Text("都道府県の分からない供給: ", "supply of unknown prefecture: "), found.supply_untold),
        (Text("産地の都道府県が分からない納入: ", "deliveries of unknown origin: "), found.origin_untold),
        (Text("換算係数がなくトンに入っていない: ", "no factor, so in no tonnes: "), found.unweighed),
    ):
        if records:
            said.append(words + numbered([whole.source(r).name for r in records], 5))
    plants = [whole.name(plant) for plant in found.plants_untold]
    if plants:
        said.append(Text("都道府県の分からない発電設備: ", "plants of unknown prefecture: ") + numbered(plants, 10))
    return said


def _figures(found: Figures, parted: bool) -> list[tuple[Text, Sequence[str]]]:
    lines: list[tuple[Text, Sequence[str]]] = []

    def figure(period: str, *words: Text) -> Text:
        return join([*([same(period)] if parted else []), *words], " ")

    for raised in found.raised:
        where = figure(raised.period, place_name(raised.prefecture), CLASS_NAMES[raised.fuel_class])
        lines.append((where + Text(" 供給", " supply"), raised.records))
    for needed in found.needed:
        where = figure(needed.period, place_name(needed.prefecture), CLASS_NAMES[needed.fuel_class])
        lines.append((where + Text(" 計画", " planned"), needed.plans))
        lines.append((where + Text(" 使用", " burned"), needed.use))
    for flow in found.flowed:
        way = place_name(flow.origin) + Text(" → ", " → ") + place_name(flow.destination)
        lines.append((figure(flow.period, way, CLASS_NAMES[flow.fuel_class]), flow.lots))
    return lines


def _raised_data(x: Raised) -> dict[str, Any]:
    return {
        "period": x.period,
        "prefecture": x.prefecture,
        "class": str(x.fuel_class),
        "certificates": len(x.records),
        "cm3": x.cm3,
        "bone_dry": x.grams,
        "confirmed": x.confirmed,
        "unweighed": len(x.unweighed),
        "records": list(x.records),
    }


def _needed_data(x: Needed) -> dict[str, Any]:
    return {
        "period": x.period,
        "prefecture": x.prefecture,
        "class": str(x.fuel_class),
        "plants": list(x.plants),
        "planned": None if x.planned is None else round(x.planned),
        "burned": x.burned,
        "difference": None if x.difference is None else round(x.difference),
        "received": x.received,
        "from_same_prefecture": x.near,
        "from_elsewhere": x.far,
        "from_unknown": x.received - x.near - x.far,
        "records": {"plans": list(x.plans), "burned": list(x.use)},
    }


def _flowed_data(x: Flowed) -> dict[str, Any]:
    return {
        "period": x.period,
        "from": x.origin,
        "to": x.destination,
        "class": str(x.fuel_class),
        "bone_dry": x.grams,
        "by_plant": dict(x.by_plant),
        "records": list(x.lots),
    }
