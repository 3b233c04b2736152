"""An overpayment as tables: sums, lot by lot, every part with what it is made of, prices, and what has no price.

Where an amount is a range, workbooks and data bear its two ends in columns of their own, paper in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from biotrace.documents.report_papers.report import Cell, Column, Kind, Table
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text, join, same
from biotrace.verify.overpayment import (
    GRAMS_PER_TONNE,
    WEIGHT_UNKNOWN,
    Figure,
    Kwh,
    LotOverpaid,
    Overpayment,
    Part,
    Ways,
    Yen,
)
from biotrace.verify.prices import NotPriced, Price
from biotrace.verify.supposed import SUPPOSED
from biotrace.verify.verdict import LotVerdict, Status

from .report_parts import CLASS_NAMES, TOTAL

TODAY = Text("いま証明されているとおり", "as proven today")
IF_PASSED = Text("検査できなかったことがすべて通れば", "if all that could not be checked passed")
BY_TONNAGE = Text("量で", "by tonnage")
ALL_OR_NOTHING = Text("全量で", "all or nothing")


_CONFIDENCE = {"seen": Text("［公表資料で読んだもの］", " [read in a public source]")}
"""Of the table of prices: how sure a row is."""


@dataclass(frozen=True, slots=True)
class Named:
    """A lot for people: its name, day and supplier."""

    found: LotOverpaid
    name: str
    day: date
    supplier: str


@dataclass(frozen=True, slots=True)
class _Money:
    """How amounts are set: in one column, or in two for a range that is not on paper."""

    ranges: bool
    paper: bool

    def columns(self, title: Text, wide: float) -> tuple[Column, ...]:
        if not self.ranges:
            return (Column(title, Kind.YEN, wide),)
        if self.paper:
            return (Column(title, Kind.TEXT, wide),)
        ends = (Text("（下限）", ", low"), Text("（上限）", ", high"))
        return tuple(Column(title + end, Kind.YEN, wide) for end in ends)

    def cells(self, yen: Yen | None) -> tuple[Cell, ...]:
        if yen is None:
            return (None,) * (2 if self.ranges and not self.paper else 1)
        low, high = yen.whole
        if not self.ranges:
            return (low,)
        return (yen_said(yen),) if self.paper else (low, high)


def yen_said(yen: Yen) -> Text:
    """12,345, or 12,345 to 23,456; in whole yen."""
    low, high = yen.whole
    return same(f"{low:,}") if low == high else Text(f"{low:,} 〜 {high:,}", f"{low:,} to {high:,}")


def tables(found: Overpayment, lots: Sequence[Named], paper: bool, today: Text = TODAY) -> tuple[Table, ...]:
    """All of them; those that would be empty are left out. ``today``: by what the lots are told."""
    money = _Money(found.has_ranges, paper)
    made = [_sums(found, money, today), _by_lot(found, lots, money, today)]
    made += [_open(lots, money), _parts(lots, money), _prices(found), _kwh(found), _without_price(lots)]
    return tuple(table for table in made if table.rows)


def _sums(found: Overpayment, money: _Money, today: Text) -> Table:
    fell = Text("申告より低い（全乾t）", "lower than claimed, t")
    unpriced = Text("うち単価なし（全乾t）", "of that not priced, t")
    columns = (
        Column(Text("見方", "seen"), Kind.TEXT, 30),
        *money.columns(BY_TONNAGE + Text("（円）", ", yen"), 27),
        Column(BY_TONNAGE + same(": ") + fell, Kind.TONNE, 20),
        Column(BY_TONNAGE + same(": ") + unpriced, Kind.TONNE, 18),
        *money.columns(ALL_OR_NOTHING + Text("（円）", ", yen"), 27),
        Column(ALL_OR_NOTHING + same(": ") + fell, Kind.TONNE, 20),
        Column(ALL_OR_NOTHING + same(": ") + unpriced, Kind.TONNE, 18),
    )
    seen = [(today, found.today)]
    if found.has_open:
        seen.append((IF_PASSED, found.if_passed))
    rows = [(name, *_summed(ways.by_tonnage, money), *_summed(ways.all_or_nothing, money)) for name, ways in seen]
    note = Text(
        "円・税抜き。単価のないものは、どの金額にも入っていません", "yen without tax; what has no price is in no sum"
    )
    return Table(Text("合計", "sums"), columns, tuple(rows), frozenset((0,)), note)


def _summed(figure: Figure, money: _Money) -> tuple[Cell, ...]:
    return (*_amount(figure, money), figure.grams, sum(part.grams for part in figure.not_priced))


_LOT = Column(Text("ロット", "lot"), Kind.TEXT, 26)


def _by_lot(found: Overpayment, lots: Sequence[Named], money: _Money, today: Text) -> Table:
    columns = (
        Column(_LOT.title, _LOT.kind, 22),
        Column(Text("日付", "date"), Kind.DAY, 17),
        Column(Text("納入業者", "supplier"), Kind.TEXT, 22),
        Column(Text("申告", "claimed"), Kind.TEXT, 17),
        Column(Text("確認", "confirmed"), Kind.TEXT, 18),
        Column(Text("指摘", "findings"), Kind.TEXT, 12),
        Column(Text("全乾t", "dry t"), Kind.TONNE, 14),
        *money.columns(BY_TONNAGE + Text("（円）", ", yen"), 19),
        *money.columns(ALL_OR_NOTHING + Text("（円）", ", yen"), 19),
    )
    rows = [_lot_row(lot, money) for lot in lots if not lot.found.fine]
    if rows:
        grams = sum(lot.found.lot.dry_grams or 0 for lot in lots if not lot.found.fine)
        both = (found.today.by_tonnage, found.today.all_or_nothing)
        rows.append((TOTAL, None, None, None, None, None, grams, *(cell for f in both for cell in _amount(f, money))))
    fine = sum(lot.found.fine for lot in lots)
    note = Text(
        "金額と重さはそれぞれ四捨五入し、計は丸める前の和です。指摘の意味は biotrace rules",
        "each amount and weight is rounded by itself, the total after adding up; what a finding means: biotrace rules",
    )
    if fine:
        left_out = Text(
            f"{len(lots)} 件のうち {fine} 件は申告どおりで、ここには載せていません。",
            f"of {len(lots)} lots {fine} are confirmed as claimed and not listed; ",
        )
        note = left_out + note
    title = Text("ロットごと（", "by lot, ") + today + Text("）", "")
    return Table(title, columns, tuple(rows), frozenset((len(rows) - 1,)), note)


def _lot_row(lot: Named, money: _Money) -> tuple[Cell, ...]:
    verdict, ways = lot.found.lot, lot.found.today
    confirmed = CLASS_NAMES[verdict.confirmed]
    if verdict.status is Status.INCOMPLETE:
        confirmed += Text("（未完）", " (incomplete)")
    return (
        lot.name,
        lot.day,
        lot.supplier,
        claimed_as(lot.found.lot),
        confirmed,
        _findings(verdict),
        verdict.dry_grams,
        *_both(ways, money),
    )


def _findings(lot: LotVerdict) -> Text:
    """The codes of all that the lot is worth less for; what is only supposed has none."""
    codes = dict.fromkeys(finding.code for finding in lot.findings if not finding.is_notice)
    return join([Text("仮定", "supposed") if code == SUPPOSED else same(code) for code in codes], " ", " ")


def claimed_as(lot: LotVerdict) -> Text:
    """The class claimed; of a mixed lot all of them."""
    return CLASS_NAMES[lot.declared] if not lot.claimed else join([CLASS_NAMES[c] for c in lot.claimed], "・", ", ")


def _both(ways: Ways | None, money: _Money) -> tuple[Cell, ...]:
    if ways is None:
        return (*money.cells(None), *money.cells(None))
    return (*_amount(ways.by_tonnage, money), *_amount(ways.all_or_nothing, money))


def _amount(figure: Figure, money: _Money) -> tuple[Cell, ...]:
    """Empty where none of it has a price: that is not 0 yen."""
    return money.cells(None if figure.has_no_price else figure.yen)


def _open(lots: Sequence[Named], money: _Money) -> Table:
    columns = (
        _LOT,
        Column(Text("申告", "claimed"), Kind.TEXT, 27),
        Column(Text("通れば", "if passed"), Kind.TEXT, 28),
        Column(Text("検査できなかった規則", "rules not run"), Kind.TEXT, 27),
        *money.columns(BY_TONNAGE + Text("（円）", ", yen"), 26),
        *money.columns(ALL_OR_NOTHING + Text("（円）", ", yen"), 26),
    )
    rows = tuple(
        (
            lot.name,
            claimed_as(lot.found.lot),
            CLASS_NAMES[lot.found.lot.if_passed],
            " ".join(dict.fromkeys(u.code for u in lot.found.lot.not_checked if u.decisive)),
            *_both(lot.found.if_passed, money),
        )
        for lot in lots
        if lot.found.lot.if_passed is not None
    )
    title = Text("判定が未完のロット（通った場合）", "incomplete lots, if what was not checked passed")
    return Table(title, columns, rows)


def _parts(lots: Sequence[Named], money: _Money) -> Table:
    columns = (
        _LOT,
        Column(Text("数え方", "counted"), Kind.TEXT, 22),
        Column(Text("申告 p1", "claimed, p1"), Kind.TEXT, 20),
        Column(Text("数える区分 p2", "counts as, p2"), Kind.TEXT, 23),
        Column(Text("全乾t m", "dry t, m"), Kind.TEXT, 15),
        Column(same("kWh/t e"), Kind.TEXT, 16),
        Column(same("p1"), Kind.TEXT, 10),
        Column(same("p2"), Kind.TEXT, 10),
        *money.columns(Text("円 C", "yen, C"), 18),
    )
    rows = tuple(
        (
            lot.name,
            way,
            CLASS_NAMES[part.claimed],
            CLASS_NAMES[part.counted],
            tonnes_said(part.grams),
            part.kwh.said,
            _price_said(part.paid),
            _price_said(part.due),
            *money.cells(part.yen),
        )
        for lot in lots
        for way, part in worked(lot.found)
    )
    title = Text("計算の内訳（C ＝ m × e ×（p1 − p2））", "every part: C = m × e × (p1 − p2)")
    return Table(title, columns, rows)


def worked(found: LotOverpaid) -> Iterator[tuple[Text, Part]]:
    """A lot's parts with how they are counted; what is the same in both ways, once."""
    seen = [(same(""), found.today)]
    if found.lot.if_passed is not None:
        seen.append((Text("通れば: ", "if passed: "), found.if_passed))
    for when, ways in seen:
        if ways is None:
            continue
        if ways.by_tonnage.parts == ways.all_or_nothing.parts:
            yield from ((when + Text("量・全量とも", "either way"), part) for part in ways.by_tonnage.parts)
            continue
        yield from ((when + BY_TONNAGE, part) for part in ways.by_tonnage.parts)
        yield from ((when + ALL_OR_NOTHING, part) for part in ways.all_or_nothing.parts)


def tonnes_said(grams: int) -> str:
    """Tonnes to the gram, without zeros at the end: it is what the yen are reckoned from."""
    whole, rest = divmod(grams, GRAMS_PER_TONNE)
    return f"{whole:,}" + (f".{rest:06d}".rstrip("0") if rest else "")


def _price_said(price: Price | NotPriced) -> Cell:
    return "—" if isinstance(price, NotPriced) else price.said


def _prices(found: Overpayment) -> Table:
    columns = (
        Column(Text("区分", "class"), Kind.TEXT, 40),
        Column(Text("円/kWh（税抜き）", "yen per kWh, without tax"), Kind.TEXT, 26),
        Column(
            Text("出典［確かさ］、または単価がない理由", "source [confidence], or why there is none"), Kind.TEXT, 94
        ),
    )
    rows = tuple((CLASS_NAMES[c], *_price_row(found.terms.price(c))) for c in FuelClass)
    priced = [price for c in FuelClass if isinstance(price := found.terms.price(c), Price)]
    note = None
    if any("告示" not in row.source for price in priced for row in price.rows):
        note = Text(
            "出典に「告示」とない単価は二次資料によるもので、告示そのものとは比べていない",
            "prices whose source names no notice (告示) are from secondary sources, and were not compared with it",
        )
    return Table(Text("単価（調達価格）", "prices"), columns, rows, note=note)


def _price_row(price: Price | NotPriced) -> tuple[Cell, Cell]:
    if isinstance(price, NotPriced):
        return "—", price.why
    day = Text("。認定の日で決まる", "; the day of approval decides") if price.is_range else same("")
    read = dict.fromkeys(
        same(row.source) + _CONFIDENCE.get(row.confidence, same(f" [{row.confidence}]")) for row in price.rows
    )
    return price.said, join(list(read), "；", "; ") + day


def _kwh(found: Overpayment) -> Table:
    """By the classes claimed; those that share a figure in one line."""
    columns = (
        Column(Text("申告した区分", "class claimed"), Kind.TEXT, 40),
        Column(Text("kWh/全乾t", "kWh per bone-dry t"), Kind.TEXT, 26),
        Column(Text("出典", "source"), Kind.TEXT, 94),
    )
    of: dict[Kwh, list[FuelClass]] = {}
    for fuel_class in FuelClass:
        of.setdefault(found.terms.kwh_of(fuel_class), []).append(fuel_class)
    everything = Text("すべての区分", "every class")
    rows = tuple(
        (everything if len(of) == 1 else join([CLASS_NAMES[c] for c in classes]), kwh.said, kwh.source)
        for kwh, classes in of.items()
    )
    return Table(Text("全乾1t当たりの売電量", "kWh sold per bone-dry tonne"), columns, rows)


def _without_price(lots: Sequence[Named]) -> Table:
    columns = (
        _LOT,
        Column(Text("数え方", "counted"), Kind.TEXT, 24),
        Column(Text("申告", "claimed"), Kind.TEXT, 22),
        Column(Text("数える区分", "counts as"), Kind.TEXT, 24),
        Column(Text("全乾t", "bone-dry t"), Kind.TONNE, 16),
        Column(Text("理由", "why"), Kind.TEXT, 48),
    )
    rows: list[tuple[Cell, ...]] = []
    for lot in lots:
        if lot.found.today is None:
            confirmed = CLASS_NAMES[lot.found.lot.confirmed]
            rows.append((lot.name, None, claimed_as(lot.found.lot), confirmed, None, WEIGHT_UNKNOWN))
        for way, part in worked(lot.found):
            if part.yen is None:
                classes = (CLASS_NAMES[part.claimed], CLASS_NAMES[part.counted])
                rows.append((lot.name, way, *classes, part.grams, join(list(part.why_not), "／", "; ")))
    return Table(Text("金額にできなかったもの", "not priced"), columns, tuple(rows))
