"""The tables of regional supply and demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from biotrace.documents.report_papers.report import Cell, Column, Kind, Table
from biotrace.model.fuel_class import FuelClass
from biotrace.model.rounding import rounded, rounded_parts
from biotrace.model.text import Text, same
from biotrace.verify.places import ABROAD

from .report_parts import CLASS_NAMES, TOTAL, numbered
from .report_routes_groups import FROM_ABROAD
from .report_supply_figures import Figures, Flowed, Raised
from .report_whole import Whole

_UNKNOWN = Text("（分からない）", "(not told)")
_T = Kind.TONNE
_PERIOD = Column(Text("年度・月", "period"), Kind.TEXT, 14)
_CLASS = Column(Text("区分", "class"), Kind.TEXT, 20)


def place_name(prefecture: str | None) -> Text:
    """A prefecture's name, or what stands for it."""
    if prefecture is None:
        return _UNKNOWN
    return FROM_ABROAD if prefecture == ABROAD else same(prefecture)


_DEMAND = (
    Column(Text("年度・月", "period"), Kind.TEXT, 12),
    Column(Text("発電設備の都道府県", "prefecture of plants"), Kind.TEXT, 14),
    Column(Text("区分", "class"), Kind.TEXT, 16),
    Column(Text("設備", "plants"), Kind.COUNT, 7),
    Column(Text("計画（全乾t）", "planned, t"), _T, 17),
    Column(Text("使用（全乾t）", "burned, t"), _T, 17),
    Column(Text("差", "difference"), _T, 16),
    Column(Text("納入（全乾t）", "received, t"), _T, 17),
    Column(Text("うち県内から", "same prefecture"), _T, 16),
    Column(Text("うち県外・輸入", "others, abroad"), _T, 15),
    Column(Text("産地不明", "origin not told"), _T, 13),
)
_SUPPLY = (
    _PERIOD,
    Column(Text("伐採箇所の都道府県", "prefecture of felling"), Kind.TEXT, 28),
    _CLASS,
    Column(Text("証明書", "certificates"), Kind.COUNT, 18),
    Column(Text("実材積（㎥）", "solid m³"), Kind.M3, 26),
    Column(Text("全乾t", "bone-dry t"), _T, 27),
    Column(Text("うち区分を確認できたt", "of which confirmed"), _T, 27),
)
_FLOWS = (
    _PERIOD,
    Column(Text("伐採箇所", "felled in"), Kind.TEXT, 20),
    Column(Text("発電設備", "plant in"), Kind.TEXT, 20),
    Column(Text("設備", "plants"), Kind.COUNT, 8),
    Column(Text("ロット", "lots"), Kind.COUNT, 10),
    Column(Text("間伐材等由来（全乾t）", "thinned, t"), _T, 18),
    Column(Text("一般木質（全乾t）", "general, t"), _T, 18),
    Column(Text("一般廃棄物（全乾t）", "general waste, t"), _T, 16),
    Column(Text("建設資材廃棄物・由来不明（全乾t）", "construction waste, t"), _T, 18),
    Column(Text("計（全乾t）", "total, t"), _T, 18),
)
_CONTEST = (
    _PERIOD,
    Column(Text("伐採箇所の都道府県", "felled in"), Kind.TEXT, 20),
    _CLASS,
    Column(Text("全乾t", "bone-dry t"), _T, 18),
    Column(Text("設備", "plants"), Kind.COUNT, 8),
    Column(Text("発電設備とその量（▼ 計画を下回る）", "plants and what each took (▼ below plan)"), Kind.TEXT, 80),
)
_UNTOLD = (
    Column(Text("何の都道府県か", "whose prefecture"), Kind.TEXT, 34),
    Column(Text("理由", "why"), Kind.TEXT, 46),
    Column(Text("件数", "records"), Kind.COUNT, 12),
    Column(Text("全乾t", "bone-dry t"), _T, 18),
    Column(Text("例", "such as"), Kind.TEXT, 50),
)


@dataclass(frozen=True, slots=True)
class Cells:
    """A flow with its grams as printed, less than a kilogram from its own, so that all that is printed adds up."""

    flow: Flowed
    grams: int


def cells_of(flowed: Sequence[Flowed]) -> list[Cells]:
    """Printed so that flows add up to their period's sum, and these to the sum of all, each of them rounded."""
    periods = list(dict.fromkeys(x.period for x in flowed))
    parts = [[x for x in flowed if x.period == period] for period in periods]
    sums = rounded_parts([sum(x.grams for x in part) for part in parts], _T.step)
    found = []
    for part, whole in zip(parts, sums, strict=True):
        printed = rounded_parts([x.grams for x in part], _T.step, whole)
        found += [Cells(x, grams) for x, grams in zip(part, printed, strict=True)]
    return found


def demand_table(found: Figures) -> Table:
    """What plants planned, burned and received, and from where; the latter adds up with the flows as printed."""
    rows: list[tuple[Cell, ...]] = []
    cells = cells_of(found.flowed)
    arrived: dict[tuple[str, str | None, FuelClass], list[Cells]] = {}
    for cell in cells:
        flow = cell.flow
        arrived.setdefault((flow.period, flow.destination, flow.fuel_class), []).append(cell)
    books = zip(
        _adding_up([x.planned for x in found.needed]), _adding_up([x.burned for x in found.needed]), strict=True
    )
    for x, (planned, burned) in zip(found.needed, books, strict=True):
        received = _received(arrived.get((x.period, x.prefecture, x.fuel_class), []))
        difference = None if x.difference is None else rounded(round(x.difference), _T.step)
        if x.booked_all and planned is not None and burned is not None:
            difference = burned - planned
        figures = (len(x.plants), planned, burned, difference, *received)
        rows.append((x.period, place_name(x.prefecture), CLASS_NAMES[x.fuel_class], *figures))
    plants = {plant for x in found.needed for plant in x.plants}
    sums = [_sum([row[column] for row in rows]) for column in (4, 5)]
    rows.append((None, TOTAL, None, len(plants), *sums, None, *_received(cells)))
    note = Text(
        "計画は観測した月の分（年度の計画の12分の1ずつ。使用の記帳がまったくない年度・月は、その全部の月の分）。"
        "差は両方分かる設備の 使用－計画。記帳のない設備は納入だけ",
        "planned: for the months observed (a twelfth of the year's plan each; for every month of a period in which"
        " nothing was booked as burned); difference: use less plan, of plants of"
        " which both are known; of plants that booked nothing only what they received is told",
    )
    return Table(Text("需要（発電設備）", "demand of plants"), _DEMAND, tuple(rows), frozenset((len(rows) - 1,)), note)


def _received(cells: Sequence[Cells]) -> tuple[int, int, int, int]:
    """As printed: in all, from the same prefecture, from others, from places that are not told."""
    known = [x for x in cells if x.flow.origin is not None and x.flow.destination is not None]
    near = sum(x.grams for x in known if x.flow.origin == x.flow.destination)
    far = sum(x.grams for x in known if x.flow.origin != x.flow.destination)
    received = sum(x.grams for x in cells)
    return received, near, far, received - near - far


def _adding_up(amounts: Sequence[Fraction | int | None]) -> list[int | None]:
    """A column as printed; what is not known stays so."""
    printed = iter(rounded_parts([round(amount) for amount in amounts if amount is not None], _T.step))
    return [None if amount is None else next(printed) for amount in amounts]


def _sum(cells: Sequence[Cell]) -> int | None:
    known = [cell for cell in cells if isinstance(cell, int)]
    return sum(known) if known else None


def supply_table(lines: Sequence[Raised]) -> Table:
    """What was certified where it was felled."""
    rows: list[tuple[Cell, ...]] = []
    confirmed, rest = [x.confirmed for x in lines], [x.grams - x.confirmed for x in lines]
    sums = rounded_parts([sum(confirmed), sum(rest)], _T.step)
    solid = rounded_parts([x.cm3 for x in lines], Kind.M3.step)
    parts = [rounded_parts(p, _T.step, whole) for p, whole in zip((confirmed, rest), sums, strict=True)]
    for x, cm3, proven, open_ in zip(lines, solid, *parts, strict=True):
        amounts = cm3, proven + open_, proven
        rows.append((x.period, place_name(x.prefecture), CLASS_NAMES[x.fuel_class], len(x.records), *amounts))
    rows.append((None, TOTAL, None, *(_sum([row[column] for row in rows]) or 0 for column in (3, 4, 5, 6))))
    return Table(
        Text("供給（伐採段階の証明）", "supply, as certified"), _SUPPLY, tuple(rows), frozenset((len(rows) - 1,))
    )


def flow_table(flowed: Sequence[Flowed]) -> Table:
    """From prefecture to prefecture: a row for each pair, then what each felling prefecture sent in all."""
    rows: list[tuple[Cell, ...]] = []
    strong = set()
    lines = cells_of(flowed)
    for period in dict.fromkeys(x.period for x in flowed):
        of_period = [x for x in lines if x.flow.period == period]
        for origin in dict.fromkeys(x.flow.origin for x in of_period):
            sent = [x for x in of_period if x.flow.origin == origin]
            ends = list(dict.fromkeys(x.flow.destination for x in sent))
            for end in ends:
                cells = _flow_cells([x for x in sent if x.flow.destination == end])
                rows.append((period, place_name(origin), place_name(end), *cells))
            if len(ends) > 1:
                strong.add(len(rows))
                rows.append((period, place_name(origin), TOTAL, *_flow_cells(sent)))
        strong.add(len(rows))
        rows.append((period, TOTAL, TOTAL, *_flow_cells(of_period)))
    title = Text("都道府県間の流れ（納入ロットの産地）", "flows between prefectures")
    return Table(title, _FLOWS, tuple(rows), frozenset(strong))


def _flow_cells(lines: Sequence[Cells]) -> tuple[Cell, ...]:
    by_class = [sum(x.grams for x in lines if x.flow.fuel_class is c) for c in FuelClass]
    plants = {plant for x in lines for plant in x.flow.by_plant}
    lots = {lot for x in lines for lot in x.flow.lots}
    return len(plants), len(lots), *by_class, sum(by_class)


def contest_table(whole: Whole, found: Figures) -> Table:
    """Where more than one plant takes wood of one class felled in one prefecture: who, and how much."""
    rows: list[tuple[Cell, ...]] = []
    of: dict[tuple[str, str | None, FuelClass], dict[str, int]] = {}
    for cell in cells_of(found.flowed):
        x = cell.flow
        taken = of.setdefault((x.period, x.origin, x.fuel_class), {})
        for plant, grams in zip(x.by_plant, rounded_parts([*x.by_plant.values()], _T.step, cell.grams), strict=True):
            taken[plant] = taken.get(plant, 0) + grams
    for (period, origin, fuel_class), taken in of.items():
        if origin not in (None, ABROAD) and len(taken) > 1:
            by_amount = sorted(taken.items(), key=lambda item: -item[1])
            thinned = fuel_class is FuelClass.THINNED
            mark = {p: "▼" if thinned and (period, p) in found.below_in else "" for p in taken}
            named = [f"{mark[plant]}{whole.name(plant)} {_T.text(grams)} t" for plant, grams in by_amount]
            cells = (period, place_name(origin), CLASS_NAMES[fuel_class], sum(taken.values()), len(taken))
            rows.append((*cells, "、".join(named)))
    note = Text(
        "一つの県の同じ区分の木材を二つ以上の発電設備が使うところ",
        "where two or more plants take wood from one prefecture",
    )
    return Table(Text("産地の重なり", "plants upon the same wood"), _CONTEST, tuple(rows), note=note)


def untold_table(whole: Whole, found: Figures) -> Table:
    """What has no prefecture, and why."""
    by_why: dict[tuple[bool, Text], list[tuple[str, int | None]]] = {}
    for record, is_supply, told, grams in found.why:
        if told.why is not None:
            by_why.setdefault((is_supply, told.why.value), []).append((record, grams))
    rows: list[tuple[Cell, ...]] = []
    for (is_supply, why), records in by_why.items():
        what = (
            Text("供給の伐採箇所", "felling place") if is_supply else Text("納入の伐採箇所", "felling place of a lot")
        )
        names = [whole.source(record).name for record, _ in records]
        rows.append((what, why, len(records), sum(grams or 0 for _, grams in records), numbered(names, 3)))
    for plant in found.plants_untold:
        told = whole.whereabouts.party(plant)
        why = Text("", "") if told.why is None else told.why.value
        rows.append((Text("発電設備", "plant"), why, None, None, same(whole.name(plant))))
    return Table(Text("分からないもの", "what cannot be told"), _UNTOLD, tuple(rows))


def of_one_period(table: Table) -> Table:
    """The table without its first column, which says the same in every row; the others fill the paper."""
    rest = table.columns[1:]
    more = table.columns[0].wide / len(rest)
    columns = tuple(replace(column, wide=column.wide + more) for column in rest)
    return replace(table, columns=columns, rows=tuple(row[1:] for row in table.rows))
