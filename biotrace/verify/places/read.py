"""From location entries to the set of parcels and compartments that a paper names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from biotrace.model.place import Place
from biotrace.model.text import Text

from .area import Area, Level, area_of, difference
from .compartment import read_compartments
from .item import UNREAD, Item, Unit
from .municipalities import NO_TABLE, Municipalities
from .parcel import read_parcels
from .remembered import Remembered
from .writing import hiragana, number_key

_IN_COMPARTMENTS = re.compile("林班|小班")
_IN_PARCELS = re.compile(r"\d番|地番")
_BESIDE = re.compile("[(（]([^()（）]*(?:林班|小班)[^()（）]*)[)）]")  # 236-2（12林班い小班3）
_ANNEX = re.compile(
    r"^\s*別[紙添表記図](?:[^0-9０-９]*|\s*第?[0-9０-９]+号?\s*(?:の?(?:とおり|通り)|を?参照|に?記載)?[^0-9０-９]{0,9})$"
)
_LANDING = re.compile("土場|貯木場")
LONGEST = 2000
"""What is longer than this is no list of places; reading it could take for ever."""
MOST_NAMED = 20_000
"""Of parcels and compartments that a paper names, ranges counted out. What comes after these is not read, and is as an
entry without a number. A plan for the forests of a whole town names some thousands."""
MANY = 100
"""What names more parcels and compartments than that is worked out once, wherever it is said again."""
_NATIONAL = ("国有林", "官行造林")


class Notation(Enum):
    """The two ways a felling place is written."""

    PARCEL = "地番"
    COMPARTMENT = "林班"

    @property
    def label(self) -> Text:
        """The notation's name."""
        return Text(self.value, "parcels (地番)" if self is Notation.PARCEL else "compartments (林班)")

    @property
    def other(self) -> Notation:
        """The other one of the two."""
        return Notation.COMPARTMENT if self is Notation.PARCEL else Notation.PARCEL


@dataclass(frozen=True, slots=True)
class Spot:
    """One parcel or one compartment. ``unit``: ("236-2",) or the compartment's parts, ("12", "い", "3").

    ``written``: the number, ``where``: the names above it, both as on the paper. ``national``: in a national forest,
    whose いろは and イロハ are two series; elsewhere they are one.
    ``on``: the paper's day, for names that change. ``entry``: which of the paper's entries names it.
    """

    notation: Notation
    area: Area
    unit: Unit
    written: str = field(compare=False)
    where: str = field(default="", compare=False)
    national: bool = False
    on: date | None = field(default=None, compare=False)
    entry: int = field(default=0, compare=False)

    @property
    def unread(self) -> bool:
        """Whether its text was not understood."""
        return self.unit[0] == UNREAD

    @property
    def path(self) -> tuple[str, ...]:
        """Its number, to find it by: of two that overlap, one's is the beginning of the other's."""
        return self.unit if self.notation is Notation.PARCEL else ("", *map(hiragana, self.unit))

    def within(self, other: Spot, table: Municipalities = NO_TABLE) -> bool:
        """Whether this spot lies wholly in the other; a compartment contains its sub-compartments."""
        return self._starts_with(other) and self.apart_in(other, table) is None

    def touches(self, other: Spot, table: Municipalities = NO_TABLE) -> bool:
        """Whether the two overlap."""
        return self.within(other, table) or other.within(self, table)

    def same_number(self, other: Spot) -> bool:
        """Whether one's number is the other's or lies in it, wherever the two are."""
        return self._starts_with(other) or other._starts_with(self)

    def apart_in(self, other: Spot, table: Municipalities = NO_TABLE) -> Level | None:
        """The first level above the number in which the two differ; None where they do not."""
        days = (self.on, other.on)
        return difference(self.area, other.area, days, table, by_parcel=self.notation is Notation.PARCEL)

    def _starts_with(self, other: Spot) -> bool:
        if self.notation is not other.notation:
            return False
        length = len(other.unit)
        if self.unit[:length] == other.unit:
            return True
        exact = self.notation is Notation.PARCEL or self.national or other.national
        return not exact and tuple(map(hiragana, self.unit[:length])) == tuple(map(hiragana, other.unit))


@dataclass(frozen=True, slots=True)
class Named:
    """What a paper names: spots, entries that stop above them, landings, and whether it points to an annex.

    ``unclear``: texts that can mean two things.
    """

    spots: tuple[Spot, ...]
    vague: tuple[str, ...]
    landings: tuple[str, ...]
    annex: bool
    unclear: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """No place, not even a municipality."""
        return not (self.spots or self.vague or self.unclear or self.annex)


def together(papers: Iterable[Named]) -> Named:
    """What several papers name."""
    every = tuple(papers)
    if len(every) == 1:
        return every[0]
    return Named(
        tuple(spot for named in every for spot in named.spots),
        tuple(text for named in every for text in named.vague),
        tuple(text for named in every for text in named.landings),
        any(named.annex for named in every),
        tuple(text for named in every for text in named.unclear),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one location entry says, whoever's paper it stands on. ``read``: how many numbers were read for it."""

    where: str
    items: tuple[tuple[Notation, Item], ...]
    landings: tuple[str, ...]
    annex: bool
    read: int


def name_places(
    places: Iterable[Place], table: Municipalities = NO_TABLE, *, on: date | None = None, national: bool = False
) -> Named:
    """Everything that location entries of a paper name. 「外3筆」 counts as a part that is not named.

    ``on``: the paper's day, or where it names many places another on which the table says the same. ``national``: it
    is about a national forest, whether or not its entries say so.
    """
    said = tuple(dict.fromkeys(places))
    entries: list[_Entry] = []
    read = 0
    for place in said:
        entries.append(_read(place, table) if read <= MOST_NAMED else _UNREAD)
        read += entries[-1].read
    if read <= MANY:
        return _named(said, entries, on, national)
    key = (said, table, table.period(on), national)
    return _NAMED.get(key, lambda: _named(said, entries, on, national), lambda named: len(named.spots))


def _named(said: Sequence[Place], entries: Sequence[_Entry], on: date | None, national: bool) -> Named:
    spots: list[Spot] = []
    vague: list[str] = []
    landings: list[str] = []
    unclear: list[str] = []
    annex = False
    for number, (place, entry) in enumerate(zip(said, entries, strict=True)):
        for notation, item in entry.items:
            forest = item.area.forest
            here = national or (forest is not None and any(kind in forest for kind in _NATIONAL))
            spots += [Spot(notation, item.area, u, item.written, entry.where, here, on, number) for u in item.units]
            vague += [item.written] if item.hides else []
            unclear += [item.written] if item.unclear else []
        landings += entry.landings
        annex = annex or (entry.annex and not entry.items)
        if not (entry.items or entry.landings or entry.annex) and str(place) != _BLANK:
            vague.append(str(place))
    return Named(tuple(spots), tuple(vague), tuple(landings), annex, tuple(unclear))


_BLANK = str(Place())


# A document and its certificates name the same places again and again, also in a log of a million records.
_KNOWN: Remembered[tuple[Place, Municipalities], _Entry] = Remembered(2 * MOST_NAMED)
_NAMED: Remembered[tuple[tuple[Place, ...], Municipalities, int | None, bool], Named] = Remembered(2 * MOST_NAMED)
_UNREAD = _Entry("", (), (), annex=False, read=0)


def _read(place: Place, table: Municipalities) -> _Entry:
    return _KNOWN.get((place, table), lambda: _entry(place, table), lambda entry: entry.read)


def _entry(place: Place, table: Municipalities) -> _Entry:
    area = area_of(place.prefecture, place.municipality, place.oaza, place.aza, table)
    landings = [place.landing] if place.landing else []
    items: list[tuple[Notation, Item]] = []
    annex = place.annex
    named: set[tuple[Notation, Area, Unit]] = set()
    read = 0
    for boxes, box in ((place.parcels, Notation.PARCEL), (place.compartments, Notation.COMPARTMENT)):
        for text in boxes:
            if _LANDING.search(text):
                landings.append(text)
                continue
            if _ANNEX.match(text):
                annex = True
                continue
            for notation, item in _items(text, box, area, table) if read <= MOST_NAMED else ():
                read += len(item.units)
                new = [u for u in dict.fromkeys(item.units) if (notation, item.area, u) not in named]
                named.update((notation, item.area, u) for u in new)
                items.append((notation, item if len(new) == len(item.units) else replace(item, units=tuple(new))))
                if read > MOST_NAMED:
                    break
            if read > MOST_NAMED:
                items.append((box, Item(text, area, (), hides=True)))
    where = "".join(name for name in (place.prefecture, place.municipality, place.oaza, place.aza) if name)
    return _Entry(where, tuple(items), tuple(landings), annex, read)


def _items(text: str, box: Notation, area: Area, table: Municipalities) -> Iterator[tuple[Notation, Item]]:
    """The items of a text, in the notation that its words say; else in that of the box it stands in."""
    if len(text) > LONGEST:
        yield box, Item(text, area, (), hides=True)
        return
    notation = box
    if _IN_COMPARTMENTS.search(text):
        beside = _BESIDE.findall(text)
        if beside and _BESIDE.sub("", text).strip():
            for part in (_BESIDE.sub("", text), *beside):
                yield from _items(part, Notation.PARCEL, area, table)
            return
        notation = Notation.COMPARTMENT
    elif box is Notation.COMPARTMENT and _IN_PARCELS.search(number_key(text)):
        notation = Notation.PARCEL
    read = read_parcels if notation is Notation.PARCEL else read_compartments
    yield from ((notation, item) for item in read(text, area, table))
