"""Softwood or hardwood, by the name on the paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import Enum


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
    groups = {_GROUP.get(unicodedata.normalize("NFKC", name).strip()) for name in species}
    return groups.pop() if len(groups) == 1 else None
