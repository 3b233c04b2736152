"""A plant's book of biomass ratios: per month and class what came, what it was confirmed as, what burned, what is left.

The ratio that the plant's book states stands beside the one worked out here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from biotrace.documents.report_papers.report import Cell, Column, Kind, Report, Table
from biotrace.errors import UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS
from biotrace.model.rounding import rounded_parts
from biotrace.model.text import Text, same
from biotrace.verify.biomass_ratio import Burned, burned, shares
from biotrace.verify.fuel_year import Arrival, FuelKind, arrivals, by_class
from biotrace.verify.running_stock import running_stock
from biotrace.verify.span import Span, month_span
from biotrace.verify.verdict import LotVerdict, judge

from .report_basis import BY_WEIGHT, Basis
from .report_material import Material
from .report_parts import (
    CLASS_NAMES,
    TOTAL,
    amount_data,
    amount_text,
    class_rank,
    evidence,
    factor_data,
    factor_notes,
    facts,
    head_data,
    left_out,
    numbered,
)

_OFF = PARTS // 100
"""A difference of ratios that is told: a percentage point. No rule says how much; it is what two digits show."""


@dataclass(frozen=True, slots=True)
class Line:
    """A class in a month. ``share`` and ``stated`` in 1/10,000; ``stock``: bone-dry grams at the month's end."""

    month: date
    fuel_class: FuelClass
    arrived: FuelKind
    burned: Burned | None
    share: int | None
    stock: int

    @property
    def stated(self) -> int | None:
        """The ratio that stands in the plant's book."""
        return None if self.burned is None else self.burned.stated

    @property
    def off(self) -> int | None:
        """Stated less worked out, in 1/10,000."""
        return None if self.stated is None or self.share is None else self.stated - self.share


def verdicts(material: Material) -> dict[str, LotVerdict]:
    """What every lot was confirmed as, as ``verify`` says it."""
    return {lot.id: lot for lot in judge(material.case, material.profile).lots}


def plant_arrivals(material: Material) -> tuple[Arrival, ...]:
    """What reached the plant, with verdicts and disclosed prices. Raises UsageError for a party that is no plant."""
    if material.party.id not in material.case.plants:
        raise UsageError(
            Text(f"{material.party.name} は発電事業者ではありません", f"{material.party.name} is no power plant"),
            Text("--party で発電事業者を指定してください", "name a plant with --party"),
            code="no-plant",
        )
    return arrivals(material.trades, verdicts(material), material.prices)


def ratio_book(material: Material, span: Span, basis: Basis = BY_WEIGHT) -> Report:
    """The book over whole months. Raises UsageError for a party that is no plant, and a basis that does not fit."""
    came = plant_arrivals(material)
    used = burned(material.case.bookings, material.party.id, material.profile)
    lines = [line for month in span.months for line in _month(material, month, came, used, basis)]
    factors = [f for line in lines for f in _factors(line)]
    return Report(
        name="バイオマス比率帳簿",
        title=Text("バイオマス比率の帳簿（月別）", "Biomass ratio, month by month"),
        facts=(*facts(material, _whole(span)), (Text("比率の算定", "ratio by"), basis.told)),
        tables=(_ratios(lines), _confirmed(lines)),
        evidence=evidence(material, [pair for line in lines for pair in _figures(line)]),
        attention=(*left_out(material), *_attention(material, lines, used, span)),
        notes=(
            Text(
                "比率は、記帳した使用量のうちの割合。台帳にない燃料（石炭など）があれば、その分だけ記帳の比率と違う",
                "shares of what the book says was burned: where other fuel burned, such as coal, stated ratios differ",
            ),
            Text(
                "確認できた区分は、納入ロットの判定（biotrace verify）による。全乾トンは標準の係数による",
                "confirmed: by the verdict on each lot, as biotrace verify gives it; bone-dry by default factors",
            ),
            *factor_notes(factors),
        ),
        data={
            **head_data(material, _whole(span)),
            "basis": {
                "kwh_per_bone_dry_tonne": {str(c): str(v) for c, v in basis.per_tonne.items()},
                "kwh": {f"{m:%Y-%m}:{c}": v for (m, c), v in basis.measured.items()},
            },
            "months": [_data(line) for line in lines],
            "factors": factor_data(factors),
        },
    )


def _whole(span: Span) -> Span:
    return Span(month_span(span.start).start, month_span(span.until).until)


def _month(
    material: Material, month: date, came: Sequence[Arrival], used: Sequence[Burned], basis: Basis
) -> list[Line]:
    within = month_span(month)
    kinds = {kind.fuel_class: kind for kind in by_class(a for a in came if a.trade.day in within)}
    fire = {b.fuel_class: b for b in used if b.month == month}
    stock: dict[FuelClass, int] = {}
    for account in running_stock(material.movements, within):
        stock[account.fuel_class] = stock.get(account.fuel_class, 0) + account.closing
    share = shares(basis.weights(list(fire.values()))) if fire else None
    return [
        Line(
            month,
            c,
            kinds.get(c, FuelKind(c, ())),
            fire.get(c),
            share[c] if share and c in fire else None,
            stock.get(c, 0),
        )
        for c in class_rank((*kinds, *fire, *stock))
    ]


_RATIO = (
    Column(Text("月", "month"), Kind.TEXT, 14),
    Column(Text("区分", "class"), Kind.TEXT, 26),
    Column(Text("使用量（記帳）", "burned, as booked"), Kind.TEXT, 25),
    Column(Text("納入（全乾t）", "in, bone-dry t"), Kind.TONNE, 17),
    Column(Text("使用（全乾t）", "burned, bone-dry t"), Kind.TONNE, 17),
    Column(Text("月末在庫（全乾t）", "stock at end"), Kind.TONNE, 17),
    Column(Text("比率・算定（％）", "ratio worked out, %"), Kind.PERCENT, 15),
    Column(Text("比率・記帳（％）", "ratio stated, %"), Kind.PERCENT, 15),
    Column(Text("差", "difference"), Kind.PERCENT, 14),
)
_CONFIRMED = (
    Column(Text("月", "month"), Kind.TEXT, 14),
    Column(Text("申告の区分", "declared"), Kind.TEXT, 24),
    Column(Text("納入（件）", "lots"), Kind.COUNT, 12),
    Column(Text("申告（全乾t）", "declared, bone-dry t"), Kind.TONNE, 18),
    Column(Text("確認: 間伐材等由来", "confirmed thinned"), Kind.TONNE, 18),
    Column(Text("確認: 一般木質", "confirmed general"), Kind.TONNE, 18),
    Column(Text("確認: 一般廃棄物", "confirmed general waste"), Kind.TONNE, 18),
    Column(Text("由来不明・建設資材廃棄物", "unproven, construction waste"), Kind.TONNE, 20),
    Column(Text("うち判定が未完", "of that incomplete"), Kind.TONNE, 18),
)


def _ratios(lines: Sequence[Line]) -> Table:
    """Tonnes of a month are rounded so that its classes add up to the sum below them."""
    rows: list[tuple[Cell, ...]] = []
    strong = set()
    for month in dict.fromkeys(line.month for line in lines):
        of = [line for line in lines if line.month == month]
        grams = [
            _column([_arrived(line) for line in of]),
            _column([None if line.burned is None else line.burned.grams for line in of]),
            _column([line.stock for line in of]),
        ]
        for n, line in enumerate(of):
            written = [] if line.burned is None else [amount_text(q) for q in line.burned.quantities]
            amounts = (column[n] for column in grams)
            ratio = (line.share, line.stated, line.off)
            rows.append((f"{month:%Y-%m}", CLASS_NAMES[line.fuel_class], "\n".join(written), *amounts, *ratio))
        shares_known = [line.share for line in of if line.share is not None]
        stated = [line.stated for line in of if line.stated is not None]
        sums = (None if set(column) <= {None} else sum(cell or 0 for cell in column) for column in grams)
        strong.add(len(rows))
        rows.append((None, TOTAL, None, *sums, sum(shares_known) or None, sum(stated) if stated else None, None))
    return Table(Text("バイオマス比率", "biomass ratio"), _RATIO, tuple(rows), frozenset(strong))


def _confirmed(lines: Sequence[Line]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        if not line.arrived.arrivals:
            continue
        confirmed = [line.arrived.confirmed[c] for c in FuelClass]
        cells = _column([*confirmed])
        still_open = sum(a.dry or 0 for a in line.arrived.arrivals if a.open)
        lots = len(line.arrived.arrivals)
        name = CLASS_NAMES[line.fuel_class]
        rows.append((f"{line.month:%Y-%m}", name, lots, sum(c or 0 for c in cells), *cells, still_open))
    return Table(Text("申告の区分と確認できた区分", "declared and confirmed"), _CONFIRMED, tuple(rows))


def _column(amounts: Sequence[int | None]) -> list[int | None]:
    """The amounts as printed; what is below 0 is rounded for itself."""
    step = Kind.TONNE.step
    known = rounded_parts([a if a is not None and a > 0 else 0 for a in amounts], step)
    return [
        None if a is None else n if a >= 0 else -(-a + step // 2) // step * step
        for a, n in zip(amounts, known, strict=True)
    ]


def _arrived(line: Line) -> int | None:
    return line.arrived.dry if line.arrived.arrivals else None


def _factors(line: Line) -> list[Any]:
    own = () if line.burned is None else line.burned.factors
    return [*own, *(f for a in line.arrived.arrivals for f in a.trade.factors)]


def _figures(line: Line) -> list[tuple[Text, list[str]]]:
    name = same(f"{line.month:%Y-%m} ") + CLASS_NAMES[line.fuel_class]
    came = [a.trade.record for a in line.arrived.arrivals]
    used = [] if line.burned is None else list(line.burned.records)
    return [(name + Text(" 納入", " in"), came), (name + Text(" 使用", " burned"), used)]


def _attention(material: Material, lines: Sequence[Line], used: Sequence[Burned], span: Span) -> list[Text]:
    said: list[Text] = []
    booked = {b.month for b in used}
    over = [m for m in span.months if month_span(m).until <= material.today]
    active = [m for m in over if any(line.month == m and line.arrived.arrivals for line in lines)]
    between = [m for m in over if booked and min(booked) <= m <= max(booked)]
    missing = [f"{m:%Y-%m}" for m in over if m not in booked and (m in active or m in between)]
    if missing:
        said.append(Text("使用の記帳がない月: ", "months without an entry of what was burned: ") + numbered(missing))
    bare = [line for line in lines if line.burned is not None and line.stated is None]
    if bare:
        said.append(Text("比率の記帳がない: ", "no ratio stated: ") + numbered([_called(line) for line in bare]))
    unknown = [line for line in lines if line.burned is not None and line.share is None]
    if unknown:
        reason = Text("換算係数がなく比率を算定できない: ", "no factor, so no ratio can be worked out: ")
        said.append(reason + numbered([_called(line) for line in unknown]))
    off = [line for line in lines if line.off is not None and abs(line.off) >= _OFF]
    if off:
        said.append(
            Text("記帳の比率が算定と1ポイント以上違う: ", "stated ratios that are a point or more off: ")
            + numbered([_called(line) for line in off])
        )
    fallen = [line for line in lines if line.arrived.confirmed[line.fuel_class] < line.arrived.dry]
    if fallen:
        said.append(
            Text("申告の区分で確認できない納入がある（biotrace verify）: ", "not all is confirmed as declared: ")
            + numbered([_called(line) for line in fallen])
        )
    uncounted = [a for line in lines for a in line.arrived.arrivals if a.dry is None]
    if uncounted:
        names = [f"{material.source(a.trade.record).name} {a.trade.quantity}" for a in uncounted]
        said.append(Text("換算係数がなく納入に数えていない: ", "no factor, so not counted as in: ") + numbered(names))
    low = [line for line in lines if line.stock < 0]
    if low:
        said.append(
            Text("月末在庫が0を下回る（期首在庫・納入の記帳漏れか）: ", "stock below 0, so something is not booked: ")
            + numbered([_called(line) for line in low])
        )
    return said


def _called(line: Line) -> str:
    return f"{line.month:%Y-%m} {CLASS_NAMES[line.fuel_class].ja}"


def _data(line: Line) -> dict[str, Any]:
    found, fire = line.arrived, line.burned
    return {
        "month": f"{line.month:%Y-%m}",
        "class": str(line.fuel_class),
        "in": {
            "bone_dry": found.dry,
            "as_received": found.wet,
            "confirmed": {str(c): grams for c, grams in found.confirmed.items()},
            "incomplete": sum(a.dry or 0 for a in found.arrivals if a.open),
            "records": [a.trade.record for a in found.arrivals],
        },
        "burned": None
        if fire is None
        else {
            "quantities": [amount_data(q) for q in fire.quantities],
            "bone_dry": fire.grams,
            "records": list(fire.records),
        },
        "stock": line.stock,
        "ratio": {"worked_out": line.share, "stated": line.stated, "difference": line.off, "of": PARTS},
    }
