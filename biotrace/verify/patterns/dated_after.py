"""Certificates dated after the delivery that they came with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from biotrace.model.delivery import Delivery
from biotrace.model.text import Text

from ..case import Entry
from . import chance
from .around import Around
from .figures import percent
from .sample import Sample
from .sighting import Kind, Sighting

USUAL = ((1, Fraction(1, 10)), (4, Fraction(1, 50)), (15, Fraction(1, 200)))
"""How often a paper is at least so many days later than its load: our working rates, until better ones are at hand."""


@dataclass(slots=True)
class _Seller:
    """Deliveries in all, and those whose certificate is later; ``by``: how many at least so late as in ``USUAL``."""

    deliveries: int = 0
    late: Sample = field(default_factory=Sample)
    by: list[int] = field(default_factory=lambda: [0] * len(USUAL))
    most: int = 0
    plants: set[str] = field(default_factory=set)


class DatedAfter:
    """Compares the days of certificates with those of their deliveries, for each seller."""

    kind = Kind(
        code="dated-after",
        name=Text("納入より後の日付の証明書", "certificates dated after the delivery"),
        why=Text(
            "証明書は荷と一緒に渡るもの。後の日付が続くなら、受け入れたときに何で区分を確かめたのかを聞く意味がある。",
            "A certificate goes with its load. Where later dates are the habit, it is worth asking by what the class "
            "was checked when the loads were taken in.",
        ),
        scored=Text(
            "翌日以降・4日以降・15日以降の通数それぞれについて、ふつうの割合から見た偶然の小ささのうち最も小さいもの",
            "how seldom so many would be so late at the usual rates, for 1, 4 and 15 days; the least counts",
        ),
        usual=Text(
            "納入より1日以上後は10通に1通、4日以上は50通に1通、15日以上は200通に1通（当方の目安）",
            "a day or more later: one in 10; 4 days: one in 50; 15 days: one in 200 (our working rates)",
        ),
        innocent=(
            Text(
                "月末や翌朝にまとめて証明書を発行する習慣",
                "certificates are written together the next morning or at the month's end",
            ),
            Text("差し替えた証明書の日付が、差し替えた日になっている", "a replacement bears the day it was replaced"),
            Text("納入の日付の書き誤り、夜間の受入れ", "a slip in the delivery's day, or a load taken in at night"),
        ),
        ask=Text(
            "荷に付いていた納品書・計量票、証明書を送った日の分かるもの（メール・FAX・郵便）、発行台帳",
            "the note and ticket that came with the load, what shows when the paper was sent, the issuer's register",
        ),
    )

    def __init__(self, around: Around) -> None:
        self._around = around
        self._sellers: dict[str, _Seller] = {}
        self._alone = 0

    def take(self, entry: Entry) -> None:
        """Compare a delivery with its certificate."""
        d = entry.value
        if not isinstance(d, Delivery):
            return
        certificate = self._around.source(d.certificate)
        if certificate is None:
            self._alone += 1
            return
        seller = self._sellers.setdefault(certificate.seller, _Seller())
        seller.deliveries += 1
        days = (certificate.date - d.date).days
        if days <= 0:
            return
        seller.late.add(d.date, d.id)
        seller.plants.add(d.at)
        seller.most = max(seller.most, days)
        seller.by = [count + (days >= least) for count, (least, _) in zip(seller.by, USUAL, strict=True)]

    def sightings(self) -> Iterator[Sighting]:
        """The sellers whose papers come later than is usual."""
        for party, seller in self._sellers.items():
            likely = min(
                chance.at_least(count, seller.deliveries, rate)
                for count, (_, rate) in zip(seller.by, USUAL, strict=True)
            )
            if likely < 1:
                yield self._sighting(party, seller, likely)

    def _sighting(self, party: str, seller: _Seller, likely: Fraction) -> Sighting:
        late, share = seller.late.count, percent(Fraction(seller.late.count, seller.deliveries))
        return Sighting(
            kind=self.kind,
            about=(party,),
            subject=Text(self._around.name(party), self._around.name(party)),
            parties=tuple(sorted({party, *seller.plants})),
            score=chance.score(chance.halvings(likely)),
            seen=Text(
                f"納入 {seller.deliveries} 件のうち {late} 件（{share}）の証明書が納入より後の日付（最大 "
                f"{seller.most} 日後、"
                f"4日以上 {seller.by[1]} 件）",
                f"of {seller.deliveries} deliveries {late} ({share}) came with a certificate dated later, at most "
                f"{seller.most} days, {seller.by[1]} of them by 4 days or more",
            ),
            usual=self.kind.usual,
            sample=seller.late,
        )

    def unchecked(self) -> Iterator[Text]:
        """Deliveries without a certificate at hand."""
        if self._alone:
            yield Text(
                f"証明書のない納入 {self._alone:,} 件", f"{self._alone:,} deliveries without a certificate at hand"
            )
