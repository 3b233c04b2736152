"""The prefecture of a place or an address, from what is written and the table of municipalities; never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from biotrace.model.place import Place
from biotrace.model.text import Text

from .municipalities import NO_TABLE, Municipalities
from .writing import name_key

PREFECTURES = (
    *("北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県"),
    *("千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県"),
    *("愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県"),
    *("広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県"),
    *("宮崎県", "鹿児島県", "沖縄県"),
)
"""In the order of their codes, 01 to 47."""
ABROAD = "abroad"
"""Stands beside the prefectures for wood from abroad."""
_BY_KEY = {name_key(name): name for name in PREFECTURES}
BEGINNING = re.compile("|".join(_BY_KEY))
"""A prefecture at the beginning of a ``name_key``."""
_BY_SHORT = {name_key(name)[:-1]: name for name in PREFECTURES if name != "北海道"}
_MANY_HAVE = ("中央区", "北区", "港区")
"""Wards of Tokyo; other cities have wards of these names, and papers leave the city out."""
_PLACE_IN_ORDER = {name: number for number, name in enumerate(PREFECTURES)}


class Untold(Enum):
    """Why a prefecture cannot be told."""

    NO_PAPER = Text("証明書がない", "there is no certificate")
    NOT_STATED = Text("記載なし", "nothing is stated")
    PRIVATE = Text("住所が非公開", "the address is not disclosed")
    AMBIGUOUS = Text("同じ名の市町村が複数の都道府県にある", "several prefectures have a municipality of that name")
    UNKNOWN = Text("市町村の表にない名", "the table of municipalities does not know the name")
    SEVERAL = Text("複数の都道府県にまたがる", "in more than one prefecture")
    UNDIVIDED = Text("どの証明書の分か分けられない", "which certificate it came from cannot be told")
    NOT_ASKED = Text("証明の要らない区分", "of a class that needs no proof")
    ABROAD = Text("輸入材", "imported")


@dataclass(frozen=True, slots=True)
class Told:
    """A prefecture, by its official name; or why it cannot be told. ``written``: the text that it was read from."""

    prefecture: str | None
    why: Untold | None = None
    written: str = ""

    @property
    def key(self) -> str | None:
        """The prefecture, ``ABROAD``, or None where neither is told."""
        return ABROAD if self.why is Untold.ABROAD else self.prefecture


def prefecture_of_text(text: str, table: Municipalities = NO_TABLE, on: date | None = None) -> Told:
    """The prefecture of an address, or of any text that begins with a prefecture or a municipality.

    Without a prefecture the municipality tells, where all that bore its name ``on`` that day lie in one. 中央区, which
    many cities have, tells nothing.
    """
    key = name_key(text)
    if not key:
        return Told(None, Untold.NOT_STATED)
    stated = _stated(key)
    if stated is not None:
        return Told(stated, None, text)
    found = _by_municipality(key, table, on)
    if len(found) == 1:
        return Told(found.pop(), None, text)
    return Told(None, Untold.AMBIGUOUS if found else Untold.UNKNOWN, text)


def prefecture_of_place(place: Place, table: Municipalities = NO_TABLE, on: date | None = None) -> Told:
    """The prefecture of an entry on a paper: as stated in any of its boxes, else by the municipality."""
    boxes = [place.prefecture, place.municipality, place.oaza, place.aza, *place.parcels, *place.compartments]
    written = [box for box in boxes if box]
    if place.prefecture and (full := _BY_SHORT.get(name_key(place.prefecture))) is not None:
        return Told(full, None, place.prefecture)
    stated = {name: box for box in written if (name := _stated(name_key(box))) is not None}
    if len(stated) == 1:
        return Told(stated.popitem()[0], None, str(place))
    if stated:
        return Told(None, Untold.SEVERAL, str(place))
    named = place.municipality or place.oaza
    if named is None:
        return Told(None, Untold.UNKNOWN if written else Untold.NOT_STATED, str(place) if written else "")
    return prefecture_of_text(named, table, on)


def one_prefecture(places: Iterable[Place], table: Municipalities = NO_TABLE, on: date | None = None) -> Told:
    """The one prefecture in which all the places of a paper lie.

    An entry that names neither prefecture nor municipality goes with the others: papers do not repeat them.
    """
    told = [(place, prefecture_of_place(place, table, on)) for place in places]
    names = {t.prefecture for _, t in told if t.prefecture is not None}
    if len(names) > 1:
        return Told(None, Untold.SEVERAL, "、".join(by_code(names)))
    open_ones = [t for place, t in told if t.prefecture is None and t.why is not Untold.NOT_STATED]
    own = [t for place, t in told if t in open_ones and not _goes_with_others(place)]
    if own:
        return own[0]
    if names:
        return next(t for _, t in told if t.prefecture is not None)
    return open_ones[0] if open_ones else Told(None, Untold.NOT_STATED)


def _goes_with_others(place: Place) -> bool:
    return place.prefecture is None and (place.municipality or "〃") in ("〃", "同上", "同")


def by_code(names: Iterable[str]) -> list[str]:
    """Prefectures from north to south, as their codes have it."""
    return sorted(set(names), key=rank_of)


def rank_of(key: str | None) -> int:
    """The place of a prefecture among all: from north to south, then abroad, then what is not told."""
    return _PLACE_IN_ORDER[key] if key in _PLACE_IN_ORDER else len(PREFECTURES) + (key is None)


def _stated(key: str) -> str | None:
    """The prefecture that a text begins with."""
    found = BEGINNING.match(key)
    return None if found is None else _BY_KEY[found.group()]


def _by_municipality(key: str, table: Municipalities, on: date | None) -> set[str]:
    """The prefectures of the municipalities that a text may begin with."""
    within = key.find("郡")
    if within > 0 and (parted := table.split(None, key[within + 1 :])) is not None:
        named = table.resolve(None, parted[0], on)
        if found := {m.prefecture for m in named if key.startswith(name_key(m.name))}:  # a 郡 has to be its own
            return found
    parted = table.split(None, key)
    if parted is None:
        return set()
    if parted[0] in _MANY_HAVE:
        return set(PREFECTURES)
    return {m.prefecture for m in table.resolve(None, parted[0], on)}
