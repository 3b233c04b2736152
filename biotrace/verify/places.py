"""Comparing felling places: from text as written to sets of parcels or compartments (audit 2017, finding 3).

Keys made here are for comparison only; what is signed and shown is the original text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from biotrace.model.numerals import ascii_digits
from biotrace.model.place import Concordance, Place

_DASHES = re.compile("[‐‑‒–—―−－ーｰ_]")
_JOINERS = re.compile("番地の|番地|番の|番|之|の|ノ|号")
_AND_OTHERS = re.compile(r"(他|外|ほか)\d*筆?$")
_COMPARTMENT_WORDS = re.compile("国有林|準林班|林小班|林班|小班|班|・|-")
_DISTRICT = re.compile("^.+?郡(?=.+[町村]$)")


class Notation(Enum):
    """The two ways a felling place is written."""

    PARCEL = "地番"
    COMPARTMENT = "林班"


@dataclass(frozen=True, slots=True)
class Area:
    """Names above the parcel, ready to compare; None where not stated."""

    prefecture: str | None = None
    municipality: str | None = None
    oaza: str | None = None
    aza: str | None = None

    def agrees(self, other: Area, notation: Notation) -> bool:
        """Whether two areas can be one. What one side omits does not distinguish, except 大字 of a parcel."""
        if notation is Notation.PARCEL and self.oaza != other.oaza:
            return False
        pairs = (
            (self.prefecture, other.prefecture),
            (self.municipality, other.municipality),
            (self.oaza, other.oaza),
            (self.aza, other.aza),
        )
        return all(a is None or b is None or a == b for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Spot:
    """One parcel or one compartment. ``unit``: ("236-2",) or the compartment's parts, ("12", "い", "3")."""

    notation: Notation
    area: Area
    unit: tuple[str, ...]
    written: str

    def within(self, other: Spot) -> bool:
        """Whether this spot lies wholly in the other; a compartment contains its sub-compartments."""
        return self._comparable(other) and self.unit[: len(other.unit)] == other.unit

    def touches(self, other: Spot) -> bool:
        """Whether the two overlap."""
        return self.within(other) or other.within(self)

    def _comparable(self, other: Spot) -> bool:
        return self.notation is other.notation and self.area.agrees(other.area, self.notation)


@dataclass(frozen=True, slots=True)
class Named:
    """What a paper names: spots, entries that stop above them, landings, and whether it points to an annex."""

    spots: tuple[Spot, ...]
    vague: tuple[str, ...]
    landings: tuple[str, ...]
    annex: bool

    @property
    def nothing(self) -> bool:
        """No place, not even a municipality."""
        return not (self.spots or self.vague or self.annex)


def area_of(prefecture: str | None, municipality: str | None, oaza: str | None, aza: str | None) -> Area:
    """Area names as comparison keys: NFKC, kanji numerals, without 郡, 大字 and 字."""
    pref, muni, large, small = (_plain(t) for t in (prefecture, municipality, oaza, aza))
    if muni and pref and muni.startswith(pref):
        muni = muni.removeprefix(pref)
    muni = _DISTRICT.sub("", muni) if muni else None
    large = large.removeprefix("大字") if large else None
    if large and "字" in large and small is None:
        large, small = large.split("字", 1)
    return Area(pref, muni, large or None, (small.removeprefix("小字").removeprefix("字") if small else None) or None)


def parcel_key(text: str) -> str:
    """A parcel number for comparison: 二三六番地の２ → 236-2."""
    plain = _JOINERS.sub("-", _DASHES.sub("-", ascii_digits(text))).replace(" ", "")
    return re.sub("-+", "-", plain).strip("-")


def compartment_key(text: str) -> tuple[str, ...]:
    """A compartment's parts for comparison: １２林班い小班３ → ("12", "い", "3")."""
    plain = _COMPARTMENT_WORDS.sub("", _DASHES.sub("-", ascii_digits(text))).replace(" ", "")
    return tuple(re.findall(r"\d+|[^\d]+", plain))


def name_places(places: Iterable[Place]) -> Named:
    """Everything that location entries name. 「外3筆」 counts as a part that is not named."""
    spots: list[Spot] = []
    vague: list[str] = []
    landings: list[str] = []
    annex = False
    for place in places:
        area = area_of(place.prefecture, place.municipality, place.oaza, place.aza)
        parcels = [p for text in place.parcels for p in re.split("[、,，]", text) if p.strip()]
        vague += [text for text in parcels if _AND_OTHERS.search(ascii_digits(text))]
        keys = ((text, parcel_key(_AND_OTHERS.sub("", ascii_digits(text)))) for text in parcels)
        spots += [Spot(Notation.PARCEL, area, (key,), text) for text, key in keys if key]
        spots += [Spot(Notation.COMPARTMENT, area, compartment_key(c), c) for c in place.compartments]
        landings += [place.landing] if place.landing else []
        annex = annex or place.annex
        if not (parcels or place.compartments or place.landing or place.annex) and str(place) != str(Place()):
            vague.append(str(place))
    return Named(tuple(spots), tuple(vague), tuple(landings), annex)


class Fit(Enum):
    """How one spot of the certificate stands to the document's."""

    INSIDE = "inside"
    PARTLY = "partly"
    OUTSIDE = "outside"
    OTHER_NOTATION = "other notation"


@dataclass(frozen=True, slots=True)
class Match:
    """How a spot fits. ``via``: ids of the concordances that were needed."""

    spot: Spot
    fit: Fit
    via: tuple[str, ...] = ()


def match(spot: Spot, allowed: Sequence[Spot], concordances: Sequence[Concordance]) -> Match:
    """How ``spot`` fits the spots that a document allows, directly or through a concordance."""
    if any(spot.within(a) for a in allowed):
        return Match(spot, Fit.INSIDE)
    linked, via = _translate(spot, concordances)
    others = [a for a in allowed if a.notation is not spot.notation]
    if linked and all(any(t.within(a) for a in others) for t in linked):
        return Match(spot, Fit.INSIDE, via)
    if any(spot.touches(a) for a in allowed):
        return Match(spot, Fit.PARTLY)
    if any(t.touches(a) for t in linked for a in others):
        return Match(spot, Fit.PARTLY, via)
    same_notation = any(a.notation is spot.notation for a in allowed)
    return Match(spot, Fit.OUTSIDE if same_notation or linked else Fit.OTHER_NOTATION, via)


def _translate(spot: Spot, concordances: Sequence[Concordance]) -> tuple[list[Spot], tuple[str, ...]]:
    """All spots of the other notation that together cover ``spot``, and the concordances that say so."""
    found: list[Spot] = []
    via: dict[str, None] = {}
    for table in concordances:
        area = area_of(table.prefecture, table.municipality, table.oaza, table.aza)
        for pair in table.pairs:
            compartment = Spot(Notation.COMPARTMENT, area, compartment_key(pair.compartment), pair.compartment)
            parcels = [Spot(Notation.PARCEL, area, (parcel_key(p),), p) for p in pair.parcels]
            if spot.within(compartment):
                found += parcels
            elif any(spot.within(p) for p in parcels):
                found.append(compartment)
            else:
                continue
            via[table.id] = None
    return found, tuple(via)


def _plain(text: str | None) -> str | None:
    return "".join(ascii_digits(text).split()) or None if text else None
