"""Which species a paper names: softwood or hardwood, and whether two papers can mean the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache


class WoodGroup(Enum):
    """The two groups that conversion factors are stated for."""

    SOFTWOOD = "針葉樹"
    HARDWOOD = "広葉樹"


_SOFTWOOD = [
    "スギ",
    "杉",
    "すぎ",
    "ヒノキ",
    "桧",
    "檜",
    "ひのき",
    "カラマツ",
    "唐松",
    "落葉松",
    "からまつ",
    "アカマツ",
    "赤松",
    "クロマツ",
    "黒松",
    "マツ",
    "松",
    "まつ",
    "トドマツ",
    "椴松",
    "エゾマツ",
    "蝦夷松",
    "モミ",
    "樅",
    "ツガ",
    "栂",
    "サワラ",
    "椹",
    "ヒバ",
    "アスナロ",
    "イチイ",
    "ストローブマツ",
    "針葉樹",
    "針葉樹類",
]
_HARDWOOD = [
    "ナラ",
    "楢",
    "コナラ",
    "小楢",
    "ミズナラ",
    "クヌギ",
    "櫟",
    "椚",
    "ブナ",
    "橅",
    "カシ",
    "樫",
    "シイ",
    "椎",
    "ケヤキ",
    "欅",
    "サクラ",
    "桜",
    "クリ",
    "栗",
    "カンバ",
    "樺",
    "シラカバ",
    "白樺",
    "カエデ",
    "楓",
    "ハンノキ",
    "ホオノキ",
    "朴",
    "トチ",
    "ニセアカシア",
    "アカシア",
    "ヤナギ",
    "柳",
    "広葉樹",
    "広葉樹類",
    "雑木",
    "ザツ",
]
_GROUP = dict.fromkeys(_SOFTWOOD, WoodGroup.SOFTWOOD) | dict.fromkeys(_HARDWOOD, WoodGroup.HARDWOOD)


def group_of(species: Iterable[str]) -> WoodGroup | None:
    """The group that all named species belong to; None where they differ, or one is unknown, or none is named."""
    groups = {_group_of(name) for name in species}
    return groups.pop() if len(groups) == 1 else None


# Papers name few species, each of them again and again.
@lru_cache(maxsize=1024)
def _group_of(name: str) -> WoodGroup | None:
    return _GROUP.get(unicodedata.normalize("NFKC", name).strip())


_GROUP_WORDS = {"針葉樹": WoodGroup.SOFTWOOD, "広葉樹": WoodGroup.HARDWOOD, "雑木": WoodGroup.HARDWOOD}
_WIDER = {"マツ": frozenset({"アカマツ", "クロマツ"}), "ナラ": frozenset({"コナラ", "ミズナラ"})}
"""Names that stand for others, as the felling notice's instructions have it (まつ: あかまつ及びくろまつ)."""
_IN_KANJI = (
    *("スギ 杉", "ヒノキ 桧 檜", "マツ 松", "カラマツ 唐松 落葉松", "アカマツ 赤松", "クロマツ 黒松", "トドマツ 椴松"),
    *(
        "エゾマツ 蝦夷松",
        "モミ 樅",
        "ツガ 栂",
        "サワラ 椹",
        "ナラ 楢",
        "コナラ 小楢",
        "クヌギ 櫟 椚",
        "ブナ 橅",
        "カシ 樫",
    ),
    *(
        "シイ 椎",
        "ケヤキ 欅",
        "サクラ 桜",
        "クリ 栗",
        "カンバ 樺",
        "シラカバ 白樺",
        "カエデ 楓",
        "ホオノキ 朴",
        "ヤナギ 柳",
    ),
    "雑木 ザツ",
)
_ONE_NAME = {other: name for name, *others in map(str.split, _IN_KANJI) for other in others}
_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ん") + 1)}
_LISTED = re.compile(r"[、,，・･/／\s]+|及び|と")
_ASIDE = re.compile(r"\(.*?\)|その他の?|ほか|外$|等$|類$")


def species_named(names: Iterable[str]) -> frozenset[str]:
    """The species that a paper names, ready to compare: 杉・すぎ and スギ are one, その他広葉樹 is 広葉樹."""
    return frozenset[str]().union(*map(_species_in, names))


@lru_cache(maxsize=1024)
def _species_in(text: str) -> frozenset[str]:
    plain = _ASIDE.sub("", unicodedata.normalize("NFKC", text))
    parts = (part.translate(_HIRAGANA) for part in _LISTED.split(plain) if part)
    return frozenset(_ONE_NAME.get(part, part) for part in parts)


def is_among(species: str, allowed: frozenset[str]) -> bool | None:
    """Whether a species can be one of those allowed, both as ``species_named`` gives them.

    A group's word stands for every species of the group, on either paper. None: not known to which group it belongs.
    """
    if species in allowed or any(species in _WIDER.get(a, ()) or a in _WIDER.get(species, ()) for a in allowed):
        return True
    if species in _GROUP_WORDS:
        groups = {_GROUP.get(a) for a in allowed}
        return True if _GROUP_WORDS[species] in groups else None if None in groups else False
    words = {_GROUP_WORDS[a] for a in allowed if a in _GROUP_WORDS}
    if words and species not in _GROUP:
        return None
    return _GROUP.get(species) in words
