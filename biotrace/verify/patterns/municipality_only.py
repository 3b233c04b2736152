"""A producer whose certificates all stop at the municipality, so that no felling can be found again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from biotrace.model.certificate import Certificate
from biotrace.model.text import Text

from ..case import Entry
from ..origins import is_imported, is_legality_paper, is_national
from ..places import name_places
from . import chance
from .around import Around
from .figures import percent
from .sample import Sample
from .sighting import Kind, Sighting

LEAST = 5
"""Certificates of a producer, at least."""
NEARLY_ALL = Fraction(9, 10)
"""One precise place among ten does not change what the others show."""
STOPPED, COMPARED = 12, 70
USUAL = Fraction(STOPPED, COMPARED)
"""Of the routes whose papers were compared in 2017, those of which the certificate stopped at the municipality."""
SOURCE = "総務省 2017, 図表2-(3)-イ-①"


@dataclass(slots=True)
class _Producer:
    """Certificates in all that name any place, and those that stop above parcel and compartment."""

    named: int = 0
    stopped: Sample = field(default_factory=Sample)
    towns: set[str] = field(default_factory=set)
    buyers: set[str] = field(default_factory=set)


_TOWNS = 5
"""Names that are remembered of a producer."""


class MunicipalityOnly:
    """Counts how precisely each producer names its felling places."""

    kind = Kind(
        code="municipality-only",
        name=Text(
            "箇所が市町村・大字止まりの証明書ばかりの生産者", "a producer whose places all stop at the municipality"
        ),
        why=Text(
            "箇所が市町村までだと、どの山の木か確かめられず、同じ書類を何度使っても分からない。1通なら書き落としでも、"
            "いつもそうなら確かめる意味がある。",
            "A place that stops at the municipality cannot be looked up, nor can a document that is used "
            "again. One such "
            "paper may be an oversight; all of them are worth a look.",
        ),
        scored=Text(
            f"2017年の監査で市町村止まりだった割合（{STOPPED}/{COMPARED}）から見て、その通数がそうなる偶然の小ささ",
            f"how seldom that many would be so by chance at the share found in 2017 ({STOPPED} of {COMPARED} routes)",
        ),
        usual=Text(
            f"市町村止まりは{percent(USUAL)}ほど（{SOURCE}）。{LEAST}通以上、9割以上のとき",
            f"about {percent(USUAL)} stop there ({SOURCE}); seen from {LEAST} certificates and nine in ten on",
        ),
        innocent=(
            Text("様式の欄が狭く、別紙の箇所が写されていない", "the form had no room, and its annex was not copied"),
            Text("市町村の証明で足りると取引先に言われていた", "buyers had said that the municipality was enough"),
            Text(
                "補足の証明書・計画書の箇所一覧が別に保管されている",
                "supplements or lists of places are kept elsewhere",
            ),
        ),
        ask=Text(
            "地番・林班まで書いた伐採届・計画書の写し、別紙、伐採箇所の図面、補足の証明書",
            "copies of the notices or plans down to parcels or compartments, annexes, maps, supplements",
        ),
    )

    def __init__(self, around: Around) -> None:
        self._around = around
        self._producers: dict[str, _Producer] = {}
        self._silent = 0

    def take(self, entry: Entry) -> None:
        """Look at the places of a felling-stage certificate."""
        c = entry.value
        if not isinstance(c, Certificate) or not self._is_about(c):
            return
        places = [place for paper in self._around.papers(c) for place in paper.locations]
        table = self._around.case.municipalities
        named = name_places(places, table, on=c.date, national=is_national(c))
        if not (named.spots or named.vague or named.unclear):
            self._silent += 1
            return
        producer = self._producers.setdefault(c.seller, _Producer())
        producer.named += 1
        if named.spots:
            return
        producer.stopped.add(c.date, c.id)
        if c.buyer is not None:
            producer.buyers.add(c.buyer)
        producer.towns = {*sorted({*producer.towns, *named.vague, *named.unclear})[:_TOWNS]}

    def _is_about(self, c: Certificate) -> bool:
        if not c.form.is_felling or is_imported(c) or is_legality_paper(c):
            return False
        return self._around.counts(c)

    def sightings(self) -> Iterator[Sighting]:
        """The producers who nearly always stop there."""
        for party, producer in self._producers.items():
            stopped = producer.stopped.count
            if stopped >= LEAST and stopped >= producer.named * NEARLY_ALL:
                yield self._sighting(party, producer, stopped)

    def _sighting(self, party: str, producer: _Producer, stopped: int) -> Sighting:
        towns = "、".join(sorted(producer.towns))
        likely = chance.at_least(stopped, producer.named, USUAL)
        return Sighting(
            kind=self.kind,
            about=(party,),
            subject=Text(self._around.name(party), self._around.name(party)),
            parties=tuple(sorted({party, *producer.buyers})),
            score=chance.score(chance.halvings(likely)),
            seen=Text(
                f"箇所のある証明書 {producer.named} 通のうち {stopped} 通が市町村・大字まで（{towns}）",
                f"{stopped} of {producer.named} certificates that name a place stop at the municipality or "
                f"大字 ({towns})",
            ),
            usual=Text(f"市町村止まりは{percent(USUAL)}ほど（{SOURCE}）", f"about {percent(USUAL)} do ({SOURCE})"),
            sample=producer.stopped,
        )

    def unchecked(self) -> Iterator[Text]:
        """Certificates that name no place at all."""
        if self._silent:
            yield Text(
                f"箇所の記載がまったくない証明書 {self._silent:,} 通（L401 が扱う）",
                f"{self._silent:,} certificates that name no place at all (L401's matter)",
            )
