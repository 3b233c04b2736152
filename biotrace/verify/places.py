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
from biotrace.model.text import Text

_DASHES = re.compile("[‐‑‒–—―−－ーｰ_]")
_JOINERS = re.compile("番地の|番地|番の|番|之|の|ノ|号")
_AND_OTHERS = re.compile(r"\(?(他|外|ほか|等)\d*筆?\)?$")
_PART = re.compile(r"(の|ノ)?(1部|内|うち)$")  # 一部, after its numeral became a digit
_RANGE = re.compile("[~〜]|から")
_LISTED = re.compile("[、,，]|及び")
_LISTED_PARCELS = re.compile(r"[、,，・･]|及び|(?<=\d)\s+(?=\d)")
_FOREST = re.compile("^.*国有林")
_BETWEEN_PARTS = re.compile("準林班|林小班|林班|小班|班|・|-|(?<=[0-9])の(?=[0-9])")
_DISTRICT = re.compile("^.+?郡(?=.+[町村]$)")
_PREFECTURES = (
    *(
        "北海道",
        "青森県",
        "岩手県",
        "宮城県",
        "秋田県",
        "山形県",
        "福島県",
        "茨城県",
        "栃木県",
        "群馬県",
        "埼玉県",
        "千葉県",
    ),
    *(
        "東京都",
        "神奈川県",
        "新潟県",
        "富山県",
        "石川県",
        "福井県",
        "山梨県",
        "長野県",
        "岐阜県",
        "静岡県",
        "愛知県",
        "三重県",
    ),
    *(
        "滋賀県",
        "京都府",
        "大阪府",
        "兵庫県",
        "奈良県",
        "和歌山県",
        "鳥取県",
        "島根県",
        "岡山県",
        "広島県",
        "山口県",
        "徳島県",
    ),
    *("香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"),
)
_MOST_IN_RANGE = 1000
_LONGEST = 10
_A_PART = "一部"


class Notation(Enum):
    """The two ways a felling place is written."""

    PARCEL = "地番"
    COMPARTMENT = "林班"

    @property
    def label(self) -> Text:
        """The notation's name."""
        return Text(self.value, "parcels (地番)" if self is Notation.PARCEL else "compartments (林班)")


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
    stated = next((p for p in _KEYS_OF_PREFECTURES if muni and muni.startswith(p) and muni != p), None)
    if muni and stated is not None and pref in (None, stated):
        pref, muni = stated, muni.removeprefix(stated)
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
    """A compartment's parts for comparison: １２林班い小班３ → ("12", "い", "3"). Empty where it names none."""
    plain = _FOREST.sub("", _DASHES.sub("-", ascii_digits(text)).replace(" ", ""))
    parts = (part for piece in _BETWEEN_PARTS.split(plain) for part in re.findall(r"\d+|[^\d]+", piece))
    key = tuple(parts)
    return key if any(part.isdigit() for part in key) else ()


def name_places(places: Iterable[Place]) -> Named:
    """Everything that location entries name. 「外3筆」 counts as a part that is not named."""
    spots: list[Spot] = []
    vague: list[str] = []
    landings: list[str] = []
    annex = False
    for place in places:
        area = area_of(place.prefecture, place.municipality, place.oaza, place.aza)
        here, unnamed = _spots(place, area)
        spots += here
        vague += unnamed
        landings += [place.landing] if place.landing else []
        annex = annex or (place.annex and not (here or unnamed))
        if not (here or unnamed or place.landing or place.annex) and str(place) != str(Place()):
            vague.append(str(place))
    return Named(tuple(spots), tuple(vague), tuple(landings), annex)


def _spots(place: Place, area: Area) -> tuple[list[Spot], list[str]]:
    """The parcels and compartments of an entry, and texts that hide more, or name none."""
    spots: list[Spot] = []
    vague: list[str] = []
    papers = (
        (Notation.PARCEL, _LISTED_PARCELS, place.parcels),
        (Notation.COMPARTMENT, _LISTED, place.compartments),
    )
    for notation, listed, texts in papers:
        for text in (t.strip() for entry in texts for t in listed.split(entry) if t.strip()):
            plain = _DASHES.sub("-", ascii_digits(text))
            units = _units(notation, _AND_OTHERS.sub("", plain))
            spots += [Spot(notation, area, unit, text) for unit in units]
            if not units or _AND_OTHERS.search(plain):
                vague.append(text)
    return spots, vague


def _units(notation: Notation, text: str) -> list[tuple[str, ...]]:
    """What one text names: a unit, a part of one, or every unit of a range (236-1～236-3)."""
    ends = [_unit(notation, end) for end in _RANGE.split(text.removesuffix("まで"))]
    if len(ends) == 1:
        return ends if ends[0] else []
    return _between(notation, *ends) if len(ends) == 2 else []


def _unit(notation: Notation, text: str) -> tuple[str, ...]:
    whole = _PART.sub("", text.strip())
    key = (
        compartment_key(whole)
        if notation is Notation.COMPARTMENT
        else ((parcel_key(whole),) if parcel_key(whole) else ())
    )
    return (*key, _A_PART) if key and whole != text.strip() else key


def _between(notation: Notation, first: tuple[str, ...], last: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every unit from the first to the last, which differ in their last number only; none where they do not."""
    separator = "" if notation is Notation.COMPARTMENT else "-"
    lower, upper = (list(u) if notation is Notation.COMPARTMENT else "".join(u).split("-") for u in (first, last))
    if not lower or len(lower) != len(upper) or lower[:-1] != upper[:-1]:
        return []
    if not all(end.isdecimal() and len(end) < _LONGEST for end in (lower[-1], upper[-1])):
        return []
    low, high = int(lower[-1]), int(upper[-1])
    if not 0 <= high - low < _MOST_IN_RANGE:
        return []
    heads = [[*lower[:-1], str(n)] for n in range(low, high + 1)]
    return [tuple(h) if not separator else (separator.join(h),) for h in heads]


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
            named, _ = _spots(Place(parcels=pair.parcels, compartments=(pair.compartment,)), area)
            parcels = [s for s in named if s.notation is Notation.PARCEL]
            compartments = [s for s in named if s.notation is Notation.COMPARTMENT]
            if not (parcels and compartments):
                continue
            if any(spot.within(c) for c in compartments):
                found += parcels
            elif any(spot.within(p) for p in parcels):
                found += compartments
            else:
                continue
            via[table.id] = None
    return found, tuple(via)


def _plain(text: str | None) -> str | None:
    return "".join(ascii_digits(text).split()) or None if text else None


_KEYS_OF_PREFECTURES = tuple(ascii_digits(name) for name in _PREFECTURES)
