"""The fuel part of a plant's yearly report (年報の注12): quantity, moisture, ratio, cost and suppliers of each fuel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from biotrace.documents.report_papers.report import Cell, Column, Kind, Report, Table
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.quantity import PARTS
from biotrace.model.rounding import rounded_parts
from biotrace.model.text import Text, join
from biotrace.verify.biomass_ratio import Burned, burned, shares
from biotrace.verify.fuel_year import Arrival, FuelKind, by_class
from biotrace.verify.span import fiscal_span

from .report_material import Material
from .report_parts import (
    CLASS_NAMES,
    TOTAL,
    evidence,
    factor_data,
    factor_notes,
    facts,
    head_data,
    left_out,
    numbered,
)
from .report_ratio import plant_arrivals

_CLASS = Column(Text("燃料の区分", "fuel"), Kind.TEXT, 28)
_FUEL = (
    _CLASS,
    Column(Text("品目", "goods"), Kind.TEXT, 16),
    Column(Text("納入（件）", "deliveries"), Kind.COUNT, 11),
    Column(Text("納入量（t、入荷時）", "in, t as received"), Kind.TONNE, 19),
    Column(Text("納入量（全乾t）", "in, bone-dry t"), Kind.TONNE, 19),
    Column(Text("含水率（％）", "moisture, %"), Kind.PERCENT, 13),
    Column(Text("確認できた量（全乾t）", "confirmed as declared, bone-dry t"), Kind.TONNE, 19),
    Column(Text("使用量（全乾t）", "burned, bone-dry t"), Kind.TONNE, 19),
    Column(Text("バイオマス比率（％）", "biomass ratio, %"), Kind.PERCENT, 16),
)
_COST = (
    _CLASS,
    Column(Text("価格が開示された納入（件）", "deliveries with a disclosed price"), Kind.COUNT, 30),
    Column(Text("全納入（件）", "all deliveries"), Kind.COUNT, 22),
    Column(Text("その数量（t、入荷時）", "their t as received"), Kind.TONNE, 28),
    Column(Text("金額（円、税抜き）", "yen without tax"), Kind.YEN, 28),
    Column(Text("単価（円/t）", "yen per t"), Kind.YEN, 24),
)
_SUPPLIERS = (
    _CLASS,
    Column(Text("納入業者", "supplier"), Kind.TEXT, 52),
    Column(Text("納入（件）", "deliveries"), Kind.COUNT, 20),
    Column(Text("納入量（t、入荷時）", "in, t as received"), Kind.TONNE, 30),
    Column(Text("納入量（全乾t）", "in, bone-dry t"), Kind.TONNE, 30),
)


def fuel_year(material: Material, year: int) -> Report:
    """A plant's fiscal year by fuel. Raises UsageError for a party that is no plant."""
    span = fiscal_span(year)
    came = [a for a in plant_arrivals(material) if a.trade.day in span]
    kinds = {kind.fuel_class: kind for kind in by_class(came)}
    used = [b for b in burned(material.case.bookings, material.party.id, material.profile) if b.month in span]
    classes = [c for c in FuelClass if c in kinds or any(b.fuel_class is c for b in used)]
    lines = [_Line(kinds.get(c, FuelKind(c, ())), [b for b in used if b.fuel_class is c]) for c in classes]
    share = shares({line.fuel_class: line.burned for line in lines if line.use})
    factors = [f for a in came for f in a.trade.factors] + [f for b in used for f in b.factors]
    return Report(
        name="燃料の年報",
        title=Text(f"燃料の年間実績（{year}年度）", f"Fuel of fiscal year {year}"),
        facts=facts(material, span),
        tables=(_fuel(lines, share or {}), _cost(lines), _suppliers(material, lines)),
        evidence=evidence(material, [pair for line in lines for pair in line.figures]),
        attention=(*left_out(material), *_attention(material, came, lines)),
        notes=(
            Text(
                "入荷時のトンと含水率は、重量で納入されたものについて。金額は、発行者が開示した取引価格（税抜き）だけの合計",
                "tonnes as received and moisture are of what was weighed; cost is of disclosed prices alone",
            ),
            Text(
                "バイオマス比率は使用量（全乾）の割合。年間売電量は台帳にないので、年報には電力量計の値を書く",
                "the ratio is by what burned, bone-dry; kWh sold are in no record: take them from the meter",
            ),
            *factor_notes(factors),
        ),
        data={
            **head_data(material, span),
            "year": year,
            "fuels": [_data(material, line, (share or {}).get(line.fuel_class)) for line in lines],
            "factors": factor_data(factors),
        },
    )


class _Line:
    """A class: what came of it, and what burned."""

    def __init__(self, came: FuelKind, use: list[Burned]) -> None:
        self.came = came
        self.use = use
        self.fuel_class = came.fuel_class

    @property
    def burned(self) -> int | None:
        """Bone-dry grams; None where a factor is missing."""
        known = [b.grams for b in self.use if b.grams is not None]
        return sum(known) if len(known) == len(self.use) else None

    @property
    def records_used(self) -> list[str]:
        return [record for b in self.use for record in b.records]

    @property
    def figures(self) -> list[tuple[Text, list[str]]]:
        name = CLASS_NAMES[self.fuel_class]
        came = [a.trade.record for a in self.came.arrivals]
        return [(name + Text(" 納入", " in"), came), (name + Text(" 使用", " burned"), self.records_used)]

    @property
    def suppliers(self) -> dict[str | None, list[Arrival]]:
        found: dict[str | None, list[Arrival]] = {}
        for arrival in self.came.arrivals:
            found.setdefault(arrival.trade.partner, []).append(arrival)
        return found


def _printed(amounts: Sequence[int]) -> list[int]:
    return rounded_parts(amounts, Kind.TONNE.step)


def _fuel(lines: Sequence[_Line], share: Mapping[FuelClass, int]) -> Table:
    wet = _printed([line.came.wet for line in lines])
    dry = _printed([line.came.dry for line in lines])
    proven = _printed([line.came.confirmed[line.fuel_class] for line in lines])
    fire = _printed([line.burned or 0 for line in lines])
    rows: list[tuple[Cell, ...]] = []
    for n, line in enumerate(lines):
        goods = join([label(g) for g in line.came.goods])
        burned_cell = fire[n] if line.use and line.burned is not None else None
        amounts = (wet[n], dry[n], line.came.moisture, proven[n], burned_cell, share.get(line.fuel_class))
        rows.append((CLASS_NAMES[line.fuel_class], goods, len(line.came.arrivals), *amounts))
    lots = sum(len(line.came.arrivals) for line in lines)
    rows.append((TOTAL, None, lots, sum(wet), sum(dry), None, sum(proven), sum(fire), PARTS if share else None))
    return Table(Text("燃料ごとの実績", "by fuel"), _FUEL, tuple(rows), frozenset((len(rows) - 1,)))


def _cost(lines: Sequence[_Line]) -> Table:
    priced = [line for line in lines if line.came.priced]
    wet = _printed([sum(a.wet or 0 for a in line.came.priced) for line in priced])
    rows = tuple(
        (
            CLASS_NAMES[line.fuel_class],
            len(line.came.priced),
            len(line.came.arrivals),
            grams,
            line.came.yen,
            line.came.yen_per_tonne,
        )
        for line, grams in zip(priced, wet, strict=True)
    )
    note = None if rows else Text("開示された価格はありません", "no price is disclosed")
    return Table(Text("燃料費（開示された価格のみ）", "cost, disclosed prices only"), _COST, rows, note=note)


def _suppliers(material: Material, lines: Sequence[_Line]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        of = line.suppliers
        wet = _printed([sum(a.wet or 0 for a in came) for came in of.values()])
        dry = _printed([sum(a.dry or 0 for a in came) for came in of.values()])
        for (party, came), *amounts in zip(of.items(), wet, dry, strict=True):
            name = material.name(party) or Text("（記載なし）", "(not stated)")
            rows.append((CLASS_NAMES[line.fuel_class], name, len(came), *amounts))
    return Table(Text("納入業者ごとの納入", "by supplier"), _SUPPLIERS, tuple(rows))


def _attention(material: Material, came: Sequence[Arrival], lines: Sequence[_Line]) -> list[Text]:
    said = []
    not_weighed = [a for a in came if a.wet is None]
    if not_weighed:
        names = [f"{material.source(a.trade.record).name} {a.trade.quantity}" for a in not_weighed]
        said.append(
            Text("重量で納入されていないため、入荷時のトンに数えていない: ", "not weighed, so not in t as received: ")
            + numbered(names)
        )
    unknown = [a for a in came if a.dry is None]
    if unknown:
        names = [f"{material.source(a.trade.record).name} {a.trade.quantity}" for a in unknown]
        said.append(Text("換算係数がなく全乾に数えていない: ", "no factor, so not in bone-dry t: ") + numbered(names))
    fallen = [line for line in lines if line.came.confirmed[line.fuel_class] < line.came.dry]
    if fallen:
        said.append(
            Text("申告の区分で確認できない納入がある（biotrace verify）: ", "not all is confirmed as declared: ")
            + join([CLASS_NAMES[line.fuel_class] for line in fallen])
        )
    return said


def _data(material: Material, line: _Line, share: int | None) -> dict[str, Any]:
    kind = line.came
    return {
        "class": str(line.fuel_class),
        "goods": [str(g) for g in kind.goods],
        "deliveries": len(kind.arrivals),
        "as_received": kind.wet,
        "bone_dry": kind.dry,
        "moisture": kind.moisture,
        "confirmed": {str(c): grams for c, grams in kind.confirmed.items()},
        "burned": line.burned if line.use else None,
        "ratio": share,
        "cost": {
            "deliveries": len(kind.priced),
            "yen": kind.yen if kind.priced else None,
            "yen_per_tonne": kind.yen_per_tonne,
            "records": [a.trade.certificate for a in kind.priced],
        },
        "suppliers": [
            {
                "party": party,
                "name": material.name(party),
                "deliveries": len(came),
                "as_received": sum(a.wet or 0 for a in came),
                "bone_dry": sum(a.dry or 0 for a in came),
                "records": [a.trade.record for a in came],
            }
            for party, came in line.suppliers.items()
        ],
        "records": {"in": [a.trade.record for a in kind.arrivals], "burned": line.records_used},
    }
