"""What was paid too much, in yen, for wood that is not confirmed as the class that was claimed for it.

    yen = Σ bone-dry tonnes × kWh per bone-dry tonne × (price of the class claimed − price of the class it counts as)

over every part of a lot that counts as a lower class than claimed; a class never rises, so nothing is below 0. Counted
in two ways: *by tonnage*, each part of a lot as what it was confirmed as, and *all or nothing*, the whole lot as the
lowest class in it, as a certificate that says "all of it" has it (mixed lots under the exemption are paid by their
shares in either way). What is not confirmed counts as construction waste (N, remark 3).

Everything is exact (``Fraction``) until it is shown. Where the kWh or a price is a range, so is the yen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from .prices import Approval, NotPriced, Price, PriceTable
from .verdict import LotVerdict

GRAMS_PER_TONNE = 1_000_000
FORMULA = Text(
    "過払い額（円）＝ Σ 全乾重量（t）× 全乾1t当たりの売電量（kWh/t）"
    "×（申告した区分の単価 − 数える区分の単価）（円/kWh、税抜き）",
    "overpayment in yen = Σ bone-dry tonnes × kWh sold per bone-dry tonne × "
    "(price of the class claimed − price of the class it counts as, yen per kWh without tax)",
)
SYMBOLS = "C = Σ m × e × (p1 − p2)"
"""The same with m in tonnes, e in kWh per tonne, p in yen per kWh: 1 claimed, 2 counted as."""
WEIGHT_UNKNOWN = Text("金額なし: 全乾重量が分からない", "not priced: weight unknown")


@dataclass(frozen=True, slots=True)
class Yen:
    """An exact amount in yen, or the range in which it lies. From 0."""

    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)

    def __add__(self, other: Yen) -> Yen:
        return Yen(self.low + other.low, self.high + other.high)

    def __bool__(self) -> bool:
        return self.high > 0

    @property
    def is_range(self) -> bool:
        """Whether it is not one amount."""
        return self.low != self.high

    @property
    def whole(self) -> tuple[int, int]:
        """Both ends in whole yen, halves up."""
        return _half_up(self.low), _half_up(self.high)


@dataclass(frozen=True, slots=True)
class Kwh:
    """kWh sold per bone-dry tonne, or the range they lie in. ``stated``: by the plant. ``source``: whose figure."""

    low: Decimal
    high: Decimal
    stated: bool
    source: Text

    @classmethod
    def by_plant(cls, low: Decimal, high: Decimal | None = None) -> Kwh:
        """As the plant states it."""
        return cls(low, low if high is None else high, True, Text("発電所の申告", "stated by the plant"))

    @property
    def is_range(self) -> bool:
        """Whether it is not one figure."""
        return self.low != self.high

    @property
    def said(self) -> str:
        """1,150, or 720–1,510."""
        return f"{self.low:,}" if not self.is_range else f"{self.low:,}–{self.high:,}"


KWH_UNKNOWN = Kwh(  # conversions.csv: kwh_per_bone_dry_tonne, and there the factors that make it
    Decimal(720),
    Decimal(1510),
    False,
    Text(
        "作業用の幅（発電所の申告がないため）: 18.1 GJ/全乾t（NEDO バイオマス賦存量・利用可能量の推計）× 発電端効率18％"
        "（森林利用学会誌21(3)）〜30％（IEA ETE03）。下限は水分40％の蒸発熱2.45 GJ/t と所内消費12％（荒尾市の例）"
        "を引く",
        "working range, as the plant states none: 18.1 GJ per bone-dry t (NEDO) × gross efficiency 18 % (J. Jpn. For."
        " Eng. Soc. 21(3)) to 30 % (IEA ETE03); the lower end less 2.45 GJ/t to evaporate 40 % water, and 12 % own use"
        " (a plant in Arao)",
    ),
)
"""kWh per bone-dry tonne where the plant states none."""


@dataclass(frozen=True)
class Terms:
    """By what a plant is paid. ``kwh``: by the class claimed, as the plant states it; others are ``KWH_UNKNOWN``."""

    approval: Approval
    output_kw: Decimal
    prices: PriceTable
    kwh: Mapping[FuelClass, Kwh] = field(default_factory=dict)

    def price(self, fuel_class: FuelClass) -> Price | NotPriced:
        """The price for wood of that class."""
        return self._prices[fuel_class]

    def kwh_of(self, claimed: FuelClass) -> Kwh:
        """The kWh of a bone-dry tonne of what was claimed to be of that class."""
        return self.kwh.get(claimed, KWH_UNKNOWN)

    @cached_property
    def _prices(self) -> Mapping[FuelClass, Price | NotPriced]:
        return {c: self.prices.price(self.approval, c, self.output_kw) for c in FuelClass}


@dataclass(frozen=True, slots=True)
class Part:
    """Bone-dry grams that were ``claimed`` as one class and count as a lower one, ``counted``, with all that goes in.

    ``yen`` None: one of the prices is ``NotPriced``.
    """

    claimed: FuelClass
    counted: FuelClass
    grams: int
    kwh: Kwh
    paid: Price | NotPriced
    due: Price | NotPriced
    yen: Yen | None

    @property
    def why_not(self) -> tuple[Text, ...]:
        """Why it is not priced."""
        return tuple(dict.fromkeys(p.why for p in (self.paid, self.due) if isinstance(p, NotPriced)))


@dataclass(frozen=True)
class Figure:
    """An amount and the parts that make it up; those that are not priced are in none of it."""

    parts: tuple[Part, ...] = ()

    @cached_property
    def yen(self) -> Yen:
        """The sum of what is priced."""
        return sum((part.yen for part in self.parts if part.yen is not None), Yen())

    @property
    def grams(self) -> int:
        """What counts as a lower class than claimed, priced or not."""
        return sum(part.grams for part in self.parts)

    @property
    def not_priced(self) -> tuple[Part, ...]:
        """The parts without a price."""
        return tuple(part for part in self.parts if part.yen is None)

    @property
    def has_no_price(self) -> bool:
        """Whether something fell, and none of it has a price: ``yen`` is 0 then, and says nothing."""
        return bool(self.parts) and len(self.not_priced) == len(self.parts)


@dataclass(frozen=True, slots=True)
class Ways:
    """An amount counted in both ways."""

    by_tonnage: Figure
    all_or_nothing: Figure


@dataclass(frozen=True, slots=True)
class LotOverpaid:
    """A lot's part of it. ``today``: by what is proven; ``if_passed``: if all that could not be checked had passed.

    None: the weight is unknown, and something may be overpaid.
    """

    lot: LotVerdict
    today: Ways | None
    if_passed: Ways | None

    @property
    def fine(self) -> bool:
        """Whether all of it counts as claimed."""
        return self.today is not None and not self.today.by_tonnage.parts and not self.today.all_or_nothing.parts


@dataclass(frozen=True)
class Overpayment:
    """What was overpaid on some lots, by which terms, lot by lot in the order given."""

    terms: Terms
    lots: tuple[LotOverpaid, ...]

    @cached_property
    def today(self) -> Ways:
        """All lots together, by what is proven."""
        return _together(lot.today for lot in self.lots)

    @cached_property
    def if_passed(self) -> Ways:
        """All lots together, if all that could not be checked had passed."""
        return _together(lot.if_passed for lot in self.lots)

    @property
    def weight_unknown(self) -> tuple[LotOverpaid, ...]:
        """Lots that are not priced because nobody knows how much there was."""
        return tuple(lot for lot in self.lots if lot.today is None)

    @property
    def has_open(self) -> bool:
        """Whether any of the lots is incomplete, so that ``if_passed`` may differ from ``today``."""
        return any(lot.lot.if_passed is not None for lot in self.lots)

    @property
    def has_ranges(self) -> bool:
        """Whether any amount of it is a range."""
        figures = (f for ways in (self.today, self.if_passed) for f in (ways.by_tonnage, ways.all_or_nothing))
        return any(figure.yen.is_range for figure in figures)

    @property
    def nothing(self) -> bool:
        """Whether nothing is overpaid, and nothing was left without a price."""
        return all(lot.fine for lot in self.lots)


def overpaid(lots: Sequence[LotVerdict], terms: Terms) -> Overpayment:
    """What was overpaid on these lots by these terms.

    Both come from verdicts alone, so verdicts before and after something (a supposition, a correction) can be compared
    by calling it twice. The lots have to be of the one plant whose terms they are, each once.
    """
    return Overpayment(terms, tuple(_lot(lot, terms) for lot in lots))


def _lot(lot: LotVerdict, terms: Terms) -> LotOverpaid:
    passed = lot.confirmed if lot.if_passed is None else lot.if_passed
    today = _ways(lot, lot.confirmed, lot.by_class, terms)
    if lot.if_passed is None:
        return LotOverpaid(lot, today, today)
    return LotOverpaid(lot, today, _ways(lot, passed, lot.by_class_if_passed, terms))


def _ways(lot: LotVerdict, confirmed: FuelClass, by_class: Mapping[FuelClass, int] | None, terms: Terms) -> Ways | None:
    mixed = lot.claimed is not None
    if lot.dry_grams is None or by_class is None:
        # However much it was: where the lowest class in it is the one claimed, all of it is.
        return Ways(Figure(), Figure()) if confirmed is lot.declared and not mixed else None
    claimed = lot.claimed or {lot.declared: lot.dry_grams}
    tonnage = Figure(tuple(_parts(claimed, by_class, terms)))
    return Ways(tonnage, tonnage if mixed else Figure(tuple(_parts(claimed, {confirmed: lot.dry_grams}, terms))))


def _parts(claimed: Mapping[FuelClass, int], counted: Mapping[FuelClass, int], terms: Terms) -> Iterator[Part]:
    """What fell, class by class: each keeps what is confirmed of it, the rest of the claims falls to what is left.

    A gram that rounding put into a class above the one claimed is not overpaid.
    """
    kept = {c: min(claimed.get(c, 0), counted.get(c, 0)) for c in FuelClass}
    left = {c: counted.get(c, 0) - kept[c] for c in FuelClass}
    for claim in FuelClass:
        missing = claimed.get(claim, 0) - kept[claim]
        for lower in FuelClass:
            grams = min(missing, left[lower])
            if not grams:
                continue
            left[lower] -= grams
            missing -= grams
            if lower.rank > claim.rank:
                yield _part(claim, lower, grams, terms)


def _part(claimed: FuelClass, counted: FuelClass, grams: int, terms: Terms) -> Part:
    paid, due, kwh = terms.price(claimed), terms.price(counted), terms.kwh_of(claimed)
    yen = None
    if isinstance(paid, Price) and isinstance(due, Price):
        tonnes = Fraction(grams, GRAMS_PER_TONNE)
        least, most = Fraction(paid.low) - Fraction(due.high), Fraction(paid.high) - Fraction(due.low)
        yen = Yen(
            tonnes * Fraction(kwh.low) * max(least, Fraction(0)), tonnes * Fraction(kwh.high) * max(most, Fraction(0))
        )
    return Part(claimed, counted, grams, kwh, paid, due, yen)


def _together(ways: Iterable[Ways | None]) -> Ways:
    known = [w for w in ways if w is not None]
    return Ways(
        Figure(tuple(part for w in known for part in w.by_tonnage.parts)),
        Figure(tuple(part for w in known for part in w.all_or_nothing.parts)),
    )


def _half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
