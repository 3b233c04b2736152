"""What a kWh from wood is paid: by the fiscal year of the plant's approval, its output, and the class of the wood.

The tables hold what has been seen of the yearly notices (告示), and no more: a year, class or size without a row has no
price here, and none is carried over from another year. Prices are without tax.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Self

from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text, same

from .stock_book import fiscal_year


@dataclass(frozen=True, slots=True)
class Approval:
    """When the plant was approved (設備認定): the fiscal year decides, in 2017 also the day. ``day`` None: unknown."""

    year: int
    day: date | None = None

    @classmethod
    def on(cls, day: date) -> Self:
        """Approved on that day."""
        return cls(fiscal_year(day), day)

    @property
    def said(self) -> Text:
        """For people."""
        when = same("") if self.day is None else Text(f"（{self.day}）", f" ({self.day})")
        return Text(f"{self.year}年度", f"fiscal year {self.year}") + when


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A line of a table: outputs from ``kw_min`` to below ``kw_below``, approvals from ``start`` to ``until``.

    Empty bounds are open. ``yen`` None: the notice fixes no price there, for the reason in ``note``. ``confidence`` and
    ``source``: how the figure is known, and from where.
    """

    year: int
    fuel_class: FuelClass
    kw_min: int
    kw_below: int | None
    start: date | None
    until: date | None
    yen: Decimal | None
    confidence: str
    source: str
    note: str

    def is_for(self, kw: Decimal) -> bool:
        """Whether a plant of that output falls under it."""
        return self.kw_min <= kw and (self.kw_below is None or kw < self.kw_below)

    def covers(self, day: date | None) -> bool:
        """Whether an approval of that day may fall under it; one of an unknown day may."""
        return day is None or ((self.start or day) <= day <= (self.until or day))


@dataclass(frozen=True, slots=True)
class Price:
    """Yen per kWh without tax, and the rows that say so. ``low`` differs from ``high`` where the day would decide."""

    low: Decimal
    high: Decimal
    rows: tuple[PriceRow, ...]

    @property
    def is_range(self) -> bool:
        """Whether the fiscal year alone does not tell the price."""
        return self.low != self.high

    @property
    def said(self) -> str:
        """24, or 21–24."""
        return f"{self.low}" if not self.is_range else f"{self.low}–{self.high}"

    @property
    def sources(self) -> str:
        """Where it was read, and how sure that is."""
        return "; ".join(dict.fromkeys(f"{row.source} [{row.confidence}]" for row in self.rows))


@dataclass(frozen=True, slots=True)
class NotPriced:
    """That there is no price, and why."""

    why: Text


@dataclass(frozen=True)
class PriceTable:
    """The rows of every year."""

    rows: tuple[PriceRow, ...]

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The fiscal years of which anything is known."""
        return tuple(sorted({row.year for row in self.rows}))

    def price(self, approval: Approval, fuel_class: FuelClass, kw: Decimal) -> Price | NotPriced:
        """The price for wood of that class at a plant of that output, approved then."""
        known = [row for row in self.rows if row.year == approval.year and row.fuel_class is fuel_class]
        rows = tuple(row for row in known if row.is_for(kw) and row.covers(approval.day))
        without = next((row for row in rows if row.yen is None), None)
        if without is not None:
            return NotPriced(_no_price(approval, fuel_class, kw, without))
        yen = [row.yen for row in rows if row.yen is not None]
        if not yen:
            return NotPriced(self._no_table(approval, fuel_class, kw, known))
        return Price(min(yen), max(yen), rows)

    def _no_table(self, approval: Approval, fuel_class: FuelClass, kw: Decimal, known: Sequence[PriceRow]) -> Text:
        year = approval.year
        if year not in self.years:
            years = ", ".join(map(str, self.years))
            return Text(
                f"単価なし: {year}年度の表がない（ある年度: {years}）",
                f"not priced: no table for fiscal year {year} (there are {years})",
            )
        where = f" {kw} kW" if known else ""
        return (
            Text(f"単価なし: {year}年度の表に ", f"not priced: no table, that of fiscal year {year} has no row for ")
            + fuel_class.label
            + Text(f"{where} の行がない", where)
        )


def _no_price(approval: Approval, fuel_class: FuelClass, kw: Decimal, row: PriceRow) -> Text:
    why = _NOTES.get(row.note, same(row.note))
    return (
        Text(f"単価なし: {approval.year}年度の", f"not priced: fiscal year {approval.year}, ")
        + fuel_class.label
        + (Text(f" {kw} kW は", f" of {kw} kW: ") + why)
    )


_NOTES = {"by tender": Text("入札で決まる", "by tender")}


def price_table(rows: Iterable[Mapping[str, str]]) -> PriceTable:
    """The table from its csv rows. Raises ValueError or KeyError for a row that is none."""
    return PriceTable(tuple(_row(row) for row in rows))


def _row(row: Mapping[str, str]) -> PriceRow:
    return PriceRow(
        year=int(row["approval_fiscal_year"]),
        fuel_class=FuelClass(row["class"]),
        kw_min=int(row["output_kw_min"]),
        kw_below=int(row["output_kw_below"]) if row["output_kw_below"] else None,
        start=_day(row["approved_from"]),
        until=_day(row["approved_until"]),
        yen=Decimal(row["yen_per_kwh_excl_tax"]) if row["yen_per_kwh_excl_tax"] else None,
        confidence=row["confidence"],
        source=row["source"],
        note=row["note"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
