"""Routes as the audit of 2017 laid them out: one producer, one processor, one plant, and the papers held on it.

The columns are those of its table 図表2-(3)-イ-①; its findings 1, 2, 3i, 3ii, 3iii are the codes of ``AUDIT_FINDING``.
Routes of wood declared thinned or general are looked at, as there; the others need no proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from biotrace.model.certificate import Certificate
from biotrace.model.document import DocumentCopy
from biotrace.model.fuel_class import FuelClass

from .case import Case
from .fold import Judged
from .subject import PROVABLE
from .verdict import AUDIT_FINDING
from .ways import Way, Who
from .whereabouts import Whereabouts

FINDINGS = ("1", "2", "3i", "3ii", "3iii")
"""The audit's findings, in its order."""
_AS_THINNED = "1"
_LACKS_DOCUMENT = ("H302", "H303", "H307", "H309")
_ASKS_FOR_DOCUMENT = ("H302", "H303", "H309")
_PLACES = ("L401", "L402", "L403", "L404", "L405")


class Held(StrEnum):
    """Whether a paper was held. ``NOT_LOOKED_AT``: with finding 1 the audit looked no further.

    Order of definition: of several lots on a route the first of these that any has.
    """

    NO = "no"
    UNTOLD = "untold"
    YES = "yes"
    NOT_NEEDED = "not_needed"
    NOT_LOOKED_AT = "not_looked_at"


class PlaceMatch(StrEnum):
    """How the certificate's felling places stand to the document's. ``ELSEWHERE``: both precise, and not the same.

    ``NOT_LOOKED_AT``: one of the two papers is not held, or finding 1. Order of definition as in ``Held``.
    """

    ABSENT = "absent"
    MUNICIPALITY_ONLY = "municipality_only"
    NOTATION_DIFFERS = "notation_differs"
    ELSEWHERE = "elsewhere"
    UNTOLD = "untold"
    MATCHED = "matched"
    NOT_NEEDED = "not_needed"
    NOT_LOOKED_AT = "not_looked_at"


_SAYS = {
    "L401": PlaceMatch.ABSENT,
    "L402": PlaceMatch.MUNICIPALITY_ONLY,
    "L403": PlaceMatch.NOTATION_DIFFERS,
    "L404": PlaceMatch.ELSEWHERE,
    "L405": PlaceMatch.ELSEWHERE,
}


@dataclass(frozen=True, slots=True)
class Looked:
    """A way and what was found on it. ``others``: codes worse than a notice that the audit had no finding for.

    ``open``: proof rules that could not be run.
    """

    way: Way
    felling_certificate: Held
    document: Held
    places: PlaceMatch
    processing_certificate: Held
    findings: frozenset[str]
    others: frozenset[str]
    open: frozenset[str]

    @property
    def final_felling_as_thinned(self) -> bool:
        """Wood of a final felling under a plain notice, sold as thinned."""
        return _AS_THINNED in self.findings


def is_looked_at(own: Judged) -> bool:
    """Whether the audit looked at such lots: declared as thinned or general, of which the guideline wants proof."""
    return own.fuel_class in PROVABLE


def look(way: Way, judged: Mapping[str, Judged], whereabouts: Whereabouts) -> Looked:
    """The audit's questions, put to a way."""
    found = [f.code for r in way.records for f in judged[r].findings if not f.is_notice]
    unchecked = frozenset(u.code for r in way.records for u in judged[r].unchecked if u.decisive)
    findings = frozenset(AUDIT_FINDING[code] for code in found if code in AUDIT_FINDING)
    others = frozenset(code for code in found if code not in AUDIT_FINDING)
    if _AS_THINNED in findings:
        blank = Held.NOT_LOOKED_AT
        return Looked(way, blank, blank, PlaceMatch.NOT_LOOKED_AT, blank, findings, others, unchecked)
    source = judged.get(way.entrance or "")
    felling = _felling(source, found)
    document = _document(source, whereabouts)
    both = felling is Held.YES and document is not Held.NO
    return Looked(
        way=way,
        felling_certificate=felling,
        document=document,
        places=_places(source) if both and source is not None else PlaceMatch.NOT_LOOKED_AT,
        processing_certificate=_processing(way, found, unchecked, judged),
        findings=findings,
        others=others,
        open=unchecked,
    )


def _felling(source: Judged | None, found: Sequence[str]) -> Held:
    if source is None:
        return Held.UNTOLD
    value = source.entry.value
    held = isinstance(value, Certificate) and value.form.is_source and "H301" not in found
    return Held.YES if held else Held.NO


def _document(source: Judged | None, whereabouts: Whereabouts) -> Held:
    """A delivery without any certificate names no document, whatever its plant may hold: that cannot be told."""
    value = None if source is None else source.entry.value
    if source is None or not isinstance(value, Certificate):
        return Held.UNTOLD
    if not value.form.is_source:
        kept = any(d.copy is not DocumentCopy.MISSING for d in whereabouts.documents(value))
        return Held.YES if kept else Held.NO
    if any(f.code in _LACKS_DOCUMENT for f in source.findings):
        return Held.NO
    if any(u.code in _ASKS_FOR_DOCUMENT for u in source.unchecked):
        return Held.UNTOLD
    return Held.YES if source.passed.intersection(_ASKS_FOR_DOCUMENT) else Held.NOT_NEEDED


def _places(source: Judged) -> PlaceMatch:
    for finding in source.findings:
        if finding.code in _SAYS:
            return _SAYS[finding.code]
    if any(u.code in _PLACES for u in source.unchecked):
        return PlaceMatch.UNTOLD
    return PlaceMatch.MATCHED if _PLACES[-1] in source.passed else PlaceMatch.NOT_NEEDED


def _processing(way: Way, found: Sequence[str], unchecked: frozenset[str], judged: Mapping[str, Judged]) -> Held:
    if "P501" in found:
        return Held.NO
    values = (judged[r].entry.value for r in way.records)
    if any(isinstance(v, Certificate) and not v.form.is_source for v in values):
        return Held.YES
    return Held.UNTOLD if "P501" in unchecked or way.entrance is None else Held.NOT_NEEDED


Answer = TypeVar("Answer", bound=StrEnum)
RouteKey = tuple[str, str, str | None, FuelClass]
"""Plant, producer (its id, else its name, empty where not told), processor, declared class."""


@dataclass(frozen=True)
class Route:
    """All ways between the same three parties in one declared class. Of each column the worst of its lots stands."""

    plant: str
    producer: Who | None
    processor: str | None
    fuel_class: FuelClass
    looked: tuple[Looked, ...]

    @cached_property
    def felling_certificate(self) -> Held:
        """Whether a felling-stage certificate was held."""
        return _worst(Held, (x.felling_certificate for x in self.looked))

    @cached_property
    def document(self) -> Held:
        """Whether a supporting document was held."""
        return _worst(Held, (x.document for x in self.looked))

    @cached_property
    def places(self) -> PlaceMatch:
        """How the places on the two stand to each other."""
        return _worst(PlaceMatch, (x.places for x in self.looked))

    @cached_property
    def processing_certificate(self) -> Held:
        """Whether the processor issued one."""
        return _worst(Held, (x.processing_certificate for x in self.looked))

    @cached_property
    def final_felling_as_thinned(self) -> bool:
        """Whether wood of a final felling was sold as thinned on it."""
        return any(x.final_felling_as_thinned for x in self.looked)

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """The audit's findings on any of its lots, in its order."""
        return tuple(f for f in FINDINGS if any(f in x.findings for x in self.looked))

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Other codes worse than a notice."""
        return tuple(sorted({code for x in self.looked for code in x.others}))

    @cached_property
    def open(self) -> tuple[str, ...]:
        """Proof rules that could not be run."""
        return tuple(sorted({code for x in self.looked for code in x.open}))

    @cached_property
    def direct(self) -> bool:
        """Whether the producer itself sold to the plant."""
        return all(x.way.direct for x in self.looked)

    @cached_property
    def between(self) -> tuple[str, ...]:
        """Other hands that the wood went through."""
        return tuple(dict.fromkeys(hand for x in self.looked for hand in x.way.between))

    @cached_property
    def lots(self) -> tuple[str, ...]:
        """The lots that came by it."""
        return tuple(dict.fromkeys(x.way.lot for x in self.looked))

    @cached_property
    def lots_found(self) -> tuple[str, ...]:
        """Those of them with a finding of the audit."""
        return tuple(dict.fromkeys(x.way.lot for x in self.looked if x.findings))

    @cached_property
    def grams(self) -> int:
        """Bone-dry grams that came by it, of what can be told."""
        return sum(x.way.grams or 0 for x in self.looked)

    @cached_property
    def untold(self) -> tuple[str, ...]:
        """The lots whose grams on it cannot be told."""
        return tuple(dict.fromkeys(x.way.lot for x in self.looked if x.way.grams is None))

    @cached_property
    def records(self) -> tuple[str, ...]:
        """Every record on it."""
        return tuple(dict.fromkeys(r for x in self.looked for r in x.way.records))

    @cached_property
    def certificates(self) -> tuple[str, ...]:
        """The records where wood enters the chain."""
        return tuple(dict.fromkeys(x.way.entrance for x in self.looked if x.way.entrance is not None))


def routes_of(looked: Iterable[Looked], case: Case) -> tuple[Route, ...]:
    """The routes, by plant in the order of the parties, and there by their first lot."""
    found: dict[RouteKey, list[Looked]] = {}
    for one in looked:
        found.setdefault(key_of(one.way), []).append(one)
    place = {party: number for number, party in enumerate(case.parties)}
    keys = sorted(found, key=lambda key: place.get(key[0], len(place)))
    return tuple(_route(key, found[key]) for key in keys)


def key_of(way: Way) -> RouteKey:
    """What makes a route one."""
    who = way.producer
    return way.plant, "" if who is None else who.party or who.name, way.processor, way.fuel_class


def _route(key: RouteKey, looked: Sequence[Looked]) -> Route:
    plant, _, processor, fuel_class = key
    return Route(plant, looked[0].way.producer, processor, fuel_class, tuple(looked))


def _worst(kind: type[Answer], answers: Iterable[Answer]) -> Answer:
    said = set(answers)
    return next(answer for answer in kind if answer in said)


@dataclass(frozen=True, slots=True)
class Count:
    """A finding (empty: none of them; 3: 3i to 3iii together): its routes, their plants, and the lots it is on.

    ``grams``: bone-dry, of these lots on these routes.
    """

    finding: str
    routes: int
    plants: int
    lots: int
    grams: int


def counts(routes: Sequence[Route]) -> tuple[Count, ...]:
    """The audit's summary: routes and plants by finding. A route with two findings counts with both."""
    return tuple(_count(finding, routes) for finding in ("1", "2", "3", "3i", "3ii", "3iii", ""))


def has(findings: Iterable[str], finding: str) -> bool:
    """Whether a finding is among these; 3 stands for all that begin so, the empty one for none at all."""
    known = set(findings)
    return not known if finding == "" else any(f == finding or (finding == "3" and f[0] == "3") for f in known)


def _count(finding: str, routes: Sequence[Route]) -> Count:
    concerned = [route for route in routes if has(route.findings, finding)]
    ways = [x for route in concerned for x in route.looked if has(x.findings, finding)]
    return Count(
        finding=finding,
        routes=len(concerned),
        plants=len({route.plant for route in concerned}),
        lots=len({x.way.lot for x in ways}),
        grams=sum(x.way.grams or 0 for x in ways),
    )
