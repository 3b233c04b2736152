"""A class mix that changed when prices did: the share of ``thinned`` wood that a party sells, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from biotrace.model.certificate import Certificate
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS
from biotrace.model.text import Text

from ..case import Entry
from ..span import MONTHS_A_YEAR
from ..species import group_of
from ..tonnage import bone_dry
from . import chance
from .around import Around, PriceChange
from .figures import percent
from .robust import median
from .sample import Sample, together
from .sighting import Kind, Sighting

LOTS = 3
"""Certificates of a month, at least."""
BEFORE, AFTER = 12, 6
"""Months that are compared on each side, at most; at least half as many have to be there."""
NEAR = 6
"""Months before the day that the size of the change is measured from: what drifts for years is no jump."""
LEAST_RISE = Fraction(15, 100)
STEP = Fraction(1, 20)
"""Points of share beyond ``LEAST_RISE`` that count as one halving."""


@dataclass(slots=True)
class _Month:
    """Bone-dry grams sold, and of these as ``thinned`` (in 1/10,000 of grams)."""

    grams: int = 0
    thinned: int = 0
    lots: Sample = field(default_factory=Sample)

    @property
    def share(self) -> Fraction:
        """The share that was sold as ``thinned``."""
        return Fraction(self.thinned, self.grams * PARTS)


class ClassShift:
    """Counts by party and month what is sold as ``thinned`` and as other wood."""

    kind = Kind(
        code="class-shift",
        name=Text("価格の改定を境にした区分の変化", "a class mix that changed when prices did"),
        why=Text(
            "山は価格では変わらない。高く買われる区分の割合が、価格の変わった月から急に増えたなら、"
            "何が変わったのかを聞く意味がある。",
            "Forests do not change with prices. Where the share of the dearer class rises from the very month, "
            "it is worth "
            "asking what changed.",
        ),
        scored=Text(
            f"改定前{BEFORE}か月までと後{AFTER}か月までの月ごとの割合の順位が偶然にそう分かれる確率（順位和、"
            "並べ替えの厳密な数え上げ）と、"
            f"上がり幅が{percent(LEAST_RISE)}を超えて{percent(STEP)}ごとに1段",
            f"how seldom the monthly shares of up to {BEFORE} months before and {AFTER} after would rank so by chance "
            f"(exact rank sum), and one halving for each {percent(STEP)} points of rise beyond {percent(LEAST_RISE)}",
        ),
        usual=Text(
            f"改定の前後で月ごとの割合の順位に偏りがない（上がり幅{percent(LEAST_RISE)}未満は見ない）",
            f"months before and after rank alike; a rise below {percent(LEAST_RISE)} points is not looked at",
        ),
        innocent=(
            Text(
                "森林経営計画の認定を受けた、国有林の立木を落札した",
                "a management plan was certified, or national-forest timber bought",
            ),
            Text(
                "間伐材を集める契約・補助事業がその年度から始まった",
                "a contract or subsidy for thinnings began with that fiscal year",
            ),
            Text(
                "一般木質の売り先が変わり、別の会社が扱うようになった", "general wood now goes through another company"
            ),
        ),
        ask=Text(
            "改定の前後の仕入れの証明書と根拠書類、森林経営計画の認定書、取引先との契約、分別管理の記録",
            "certificates and documents of purchases before and after, plan certifications, contracts, segregation "
            "records",
        ),
    )

    def __init__(self, around: Around) -> None:
        self._around = around
        self._parties: dict[str, dict[int, _Month]] = {}

    def take(self, entry: Entry) -> None:
        """Count what a certificate sells, within reach of a change of prices."""
        c = entry.value
        if not isinstance(c, Certificate) or c.buyer == c.seller:
            return
        number = _month_number(c.date)
        near = any(-BEFORE <= number - _first_month(change) < AFTER for change in self._around.prices)
        if not near or not self._around.counts(c):
            return
        dry = bone_dry(c.quantity, group_of(c.species), self._around.profile)
        if dry is None or not dry.grams:
            return
        month = self._parties.setdefault(c.seller, {}).setdefault(number, _Month())
        month.grams += dry.grams
        month.thinned += dry.grams * _thinned(c)
        month.lots.add(c.date, c.id)

    def sightings(self) -> Iterator[Sighting]:
        """The parties whose share rose: of several changes of prices, the one that scores most."""
        for party, months in self._parties.items():
            known = {number: month for number, month in months.items() if month.lots.count >= LOTS}
            found = (self._sighting(party, known, change) for change in self._around.prices)
            best = min((s for s in found if s is not None), key=lambda s: s.score * -1, default=None)
            if best is not None:
                yield best

    def _sighting(self, party: str, months: dict[int, _Month], change: PriceChange) -> Sighting | None:
        first = _first_month(change)
        before = [months[n].share for n in range(first - BEFORE, first) if n in months]
        near = [months[n].share for n in range(first - NEAR, first) if n in months]
        later = [months[n] for n in range(first, first + AFTER) if n in months]
        after = [month.share for month in later]
        if len(before) * 2 < BEFORE or len(after) * 2 < AFTER or not near:
            return None
        rise = median(after) - median(near)
        if rise < LEAST_RISE:
            return None
        halvings = chance.halvings(chance.shifted(before, after)) + (rise - LEAST_RISE) / STEP
        was, now = percent(median(near)), percent(median(after))
        return Sighting(
            kind=self.kind,
            about=(party,),
            subject=Text(self._around.name(party), self._around.name(party)),
            parties=(party,),
            score=chance.score(halvings),
            seen=Text(
                f"{change.day} の前後で、間伐材等由来の割合が {was} から {now} に（前 {len(before)} か月、後 "
                f"{len(after)} か月）",
                f"the share sold as thinned rose from {was} to {now} on {change.day} ({len(before)} months before, "
                f"{len(after)} after)",
            ),
            usual=Text("割合は変わらない。改定: ", "the share stays; the change of prices: ")
            + change.what
            + Text(f"（{change.source}）", f" ({change.source})"),
            sample=together(month.lots for month in later),
        )

    def unchecked(self) -> Iterator[Text]:
        """Changes of prices that nothing was sold around."""
        silent = [
            change
            for change in self._around.prices
            if not any(self._is_told(months, change) for months in self._parties.values())
        ]
        if silent:
            days = "、".join(str(change.day) for change in silent)
            yield Text(
                f"前後に比べるだけの売上げがない価格の改定: {days}",
                f"changes of prices without enough sales around them: {days.replace('、', ', ')}",
            )

    def _is_told(self, months: dict[int, _Month], change: PriceChange) -> bool:
        first = _first_month(change)
        known = [n - first for n, month in months.items() if month.lots.count >= LOTS]
        before, after = sum(-BEFORE <= n < 0 for n in known), sum(0 <= n < AFTER for n in known)
        return before * 2 >= BEFORE and after * 2 >= AFTER


def _month_number(day: date) -> int:
    return day.year * MONTHS_A_YEAR + day.month - 1


def _first_month(change: PriceChange) -> int:
    return _month_number(change.day)


def _thinned(c: Certificate) -> int:
    """The share of a certificate that is sold as ``thinned``, in 1/10,000."""
    if c.mixed is not None:
        return sum(share.parts for share in c.mixed.shares if share.fuel_class is FuelClass.THINNED)
    return PARTS if c.fuel_class is FuelClass.THINNED else 0
