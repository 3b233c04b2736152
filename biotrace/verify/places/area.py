"""The names above parcel and compartment: prefecture, municipality, 大字, 字, and a forest's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import lru_cache

from biotrace.model.text import Text

from .municipalities import NO_TABLE, Municipalities, one_municipality, without_district
from .prefecture import BEGINNING
from .writing import name_key

_LONGEST = 200
"""A text longer than this is no name: it is compared as it is."""
_WARD = re.compile("^(.+?市)((?!市).+区)$")
_FORMER = re.compile(r"^(.*?)\(旧?(.+?)\)$")
_STATED = re.compile("^((?:.+?郡)?.+?[市町村区])(?=大字)")
_AZA = re.compile("小字|(?<!文)字(?=.)")
_BEFORE_TOWN = re.compile("^.+?郡(?=.+?[町村].)")
_BLOCK = re.compile(r"^第?(\d+)地割$")
_FILLER = re.compile("(?:地内|地区内|地先)$")


class Level(Enum):
    """What two areas may differ in."""

    PREFECTURE = "prefecture"
    MUNICIPALITY = "municipality"
    WARD = "ward"
    OAZA = "oaza"
    AZA = "aza"
    FOREST = "forest"

    @property
    def label(self) -> Text:
        """The level's name."""
        return _LABELS[self]


_LABELS = {
    Level.PREFECTURE: Text("都道府県", "prefecture"),
    Level.MUNICIPALITY: Text("市町村", "municipality"),
    Level.WARD: Text("区", "ward"),
    Level.OAZA: Text("大字", "大字"),
    Level.AZA: Text("字", "字"),
    Level.FOREST: Text("国有林・民有林の別や名", "forest"),
}


@dataclass(frozen=True, slots=True)
class Area:
    """Names above the parcel as keys (see ``name_key``); None where not stated.

    ``municipality`` is without 郡 and without its ``ward``; ``aza``: 字 and 小字, outermost first. ``forest``: whose
    forest, with its name where stated: 国有林, 霧山国有林, 民有林.
    """

    prefecture: str | None = None
    municipality: str | None = None
    ward: str | None = None
    oaza: str | None = None
    aza: tuple[str, ...] = ()
    forest: str | None = None


@lru_cache(maxsize=4096)
def area_of(
    prefecture: str | None,
    municipality: str | None,
    oaza: str | None,
    aza: str | None,
    table: Municipalities = NO_TABLE,
) -> Area:
    """An area from what stands in a paper's boxes, whatever was written into the next box."""
    state, town, large, small = (name_key(t) if t else "" for t in (prefecture, municipality, oaza, aza))
    if max(len(state), len(town), len(large), len(small)) > _LONGEST:
        return Area(state or None, town or None, None, large or None, (small,) if small else ())
    state, town = _without_prefecture(state, town)
    town, former = _former(state, town, table)
    town, behind = _town(state, town, table)
    state, large = _without_prefecture(state, large)
    town, large = (town, _without_town(town, large)) if town else _glued(state, large, table)
    large = behind if large and large.removeprefix("大字") in behind else behind + large
    if small.startswith("大字") and large.removeprefix("大字") in small:
        large, small = small, ""
    before, *inner = _AZA.split(large.replace("大字", ""))
    split = _WARD.match(town)
    city, ward = split.groups() if split else (town, "")
    return Area(
        prefecture=state or None,
        municipality=former or city or None,
        ward=None if former else ward or None,
        oaza=_stripped(before) or None,
        aza=_azas(inner, small),
    )


def town_key(text: str) -> str:
    """A municipality, or an office, for comparison: without the prefecture and 郡 before it."""
    return without_district(_without_prefecture("", name_key(text))[1])


def extended(area: Area, text: str, table: Municipalities = NO_TABLE) -> Area:
    """The area with names that stand before a number: 大字甲字乙236-2, 字乙236-2, 甲236-2, 一丁目236."""
    if not text:
        return area
    state, rest = _without_prefecture(area.prefecture or "", name_key(text))
    if area.municipality:
        town, rest = area.municipality, _without_town(area.municipality, rest)
        rest = rest.removeprefix(area.ward or "")
    else:
        town, rest = _glued(state, rest, table)
    area = replace(area, prefecture=state or None, municipality=town or None)
    if re.fullmatch(r"\d+丁目", rest):
        oaza = area.oaza or ""
        return area if oaza.endswith(rest) else replace(area, oaza=oaza + rest)
    large = rest.startswith("大字")
    before, *inner = ("", rest) if _BLOCK.fullmatch(rest) else _AZA.split(rest.replace("大字", ""))
    before = _stripped(before)
    if before and (large or area.oaza is None):
        area = replace(area, oaza=before, aza=area.aza if before == area.oaza else ())
    elif before and before != area.oaza and before not in area.aza:
        inner = [before, *inner]
    return replace(area, aza=_azas(inner, "") or area.aza)


def difference(
    one: Area, other: Area, days: tuple[date | None, date | None], table: Municipalities, *, by_parcel: bool
) -> Level | None:
    """The first level in which two areas cannot be one; None where they can. Symmetric, if ``days`` swap too.

    What one side omits does not distinguish, except what parcel numbers repeat under: the 大字, and where neither side
    has one, the municipality.
    """
    if one == other:
        return None
    towns = _towns(one, other, days, table)
    if towns is None:
        return Level.MUNICIPALITY
    if towns == () and _differ(one.prefecture, other.prefecture):
        return Level.PREFECTURE
    if towns == () and _differ(one.ward, other.ward) and not _same_ward(one, other, days, table):
        return Level.WARD
    if (
        by_parcel
        and one.oaza is None
        and other.oaza is None
        and (one.municipality is None) != (other.municipality is None)
    ):
        return Level.MUNICIPALITY
    if not _same_oaza(one, other, towns, by_parcel=by_parcel):
        return Level.OAZA
    if not (set(one.aza) <= set(other.aza) or set(other.aza) <= set(one.aza)):
        return Level.AZA
    if one.forest and other.forest and not (one.forest.endswith(other.forest) or other.forest.endswith(one.forest)):
        return Level.FOREST
    return None


def _towns(
    one: Area, other: Area, days: tuple[date | None, date | None], table: Municipalities
) -> tuple[str, ...] | None:
    """Empty: one town as far as stated. A name: of the two, the older town's, which the other took in. None: two."""
    if one.municipality is None or other.municipality is None or one.municipality == other.municipality:
        return ()
    found = one_municipality(
        table, (one.prefecture, one.municipality, days[0]), (other.prefecture, other.municipality, days[1])
    )
    if found is None:
        return None
    mine, theirs = found
    older = one.municipality if theirs.code in mine.today and mine.ended is not None else other.municipality
    return (older,)


def _same_ward(one: Area, other: Area, days: tuple[date | None, date | None], table: Municipalities) -> bool:
    first = (one.prefecture, f"{one.municipality or ''}{one.ward}", days[0])
    second = (other.prefecture, f"{other.municipality or ''}{other.ward}", days[1])
    return one_municipality(table, first, second) is not None


def _same_oaza(one: Area, other: Area, towns: tuple[str, ...], *, by_parcel: bool) -> bool:
    """大字, with the name of the town that was taken in before it or not: 岩舟町 静 is 栃木市 岩舟町静."""
    if one.oaza == other.oaza:
        return True
    for glued, split in ((one, other), (other, one)):
        if glued.municipality is None and split.municipality and glued.oaza == split.municipality + (split.oaza or ""):
            return True
    for town in towns:
        heads = (town, town[:-1])
        for former, newer in ((one, other), (other, one)):
            if former.municipality == town and newer.oaza in {head + (former.oaza or "") for head in heads}:
                return True
    return not by_parcel and (one.oaza is None or other.oaza is None)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _without_prefecture(state: str, text: str) -> tuple[str, str]:
    found = BEGINNING.match(text)
    if found is None or state not in ("", found.group()) or text == found.group():
        return state, text
    return found.group(), text[found.end() :]


def _former(state: str, town: str, table: Municipalities) -> tuple[str, str]:
    """A town in brackets after the one it is part of: 栃木市(旧岩舟町)."""
    found = _FORMER.match(town)
    if found is None:
        return town, ""
    outer, inner = found.group(1), without_district(found.group(2))
    return outer, inner if table.resolve(state or None, inner) else ""


def _town(state: str, town: str, table: Municipalities) -> tuple[str, str]:
    """A municipality without 郡, and what stands behind it in the same box."""
    stated = _STATED.match(town)
    if stated is not None:
        return without_district(stated.group(1)), town[stated.end() :]
    plain = without_district(town.removeprefix("旧"))
    if not plain or plain[-1] in "市町村区":
        return plain, ""
    return table.split(state or None, _BEFORE_TOWN.sub("", town)) or (plain, "")


def _without_town(town: str, large: str) -> str:
    """A 大字 without the municipality written once more before it."""
    if not town:
        return large
    cut = large.find(town)
    if cut >= 0 and (cut == 0 or large[cut - 1] == "郡") and len(large) > cut + len(town):
        return large[cut + len(town) :]
    return large


def _glued(state: str, large: str, table: Municipalities) -> tuple[str, str]:
    """A municipality before the 大字 in its box. A town is told from a 大字 named 〇〇町 only by what follows it."""
    stated = _STATED.match(large)
    if stated is not None:
        return without_district(stated.group(1)), large[stated.end() :]
    plain = _BEFORE_TOWN.sub("", large)
    town, rest = table.split(state or None, plain) or ("", "")
    return (town, rest) if rest and (town[-1] in "市区" or plain != large) else ("", plain)


def _stripped(name: str) -> str:
    return _FILLER.sub("", name.removeprefix("旧"))


def _azas(inner: Iterable[str], small: str) -> tuple[str, ...]:
    found = (_FILLER.sub("", name) for name in (*inner, *_AZA.split(small)))
    return tuple(dict.fromkeys(_BLOCK.sub(r"\1地割", name) for name in found if name))
