"""Invented municipalities, businesses and place names. Only the prefectures and the trees are real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Region:
    """Where a plant's wood comes from: a real prefecture, invented municipalities, the usual trees.

    The last of ``towns`` is kept for the route in LINKED where ``linked`` names one.
    """

    prefecture: str
    towns: tuple[str, ...]
    species: tuple[str, ...] = ("スギ", "ヒノキ")
    linked: str = ""


REGIONS: dict[int, Region] = {
    1: Region("秋田県", ("羽雪市", "雄杉郡沢目台町"), ("スギ", "カラマツ")),
    2: Region("福島県", ("磐渡市", "会峰郡霧沢町"), ("スギ", "アカマツ")),
    3: Region("長野県", ("北科野郡みどり沢町", "東科野市", "西科野郡笹平村", "北科野郡柳久保村"), linked="c3"),
    4: Region("岐阜県", ("奥濃市", "恵峰郡白樺沢町", "恵峰郡東谷根村")),
    6: Region("岩手県", ("北稗野市", "遠峰郡早池沢町"), ("カラマツ", "アカマツ")),
    8: Region("宮崎県", ("西米杉市", "東椎原郡青葉谷町"), ("スギ",)),
    9: Region("大分県", ("豊久里市", "玖峰郡杉河内町", "玖峰郡柚木瀬村"), linked="i12"),
    10: Region("高知県", ("香檜市", "吉峰郡檜川町")),
    11: Region("茨城県", ("常峰市",)),
    12: Region("埼玉県", ("武里沢市",)),
    13: Region("山形県", ("最峰郡山杉町",), ("スギ",)),
    14: Region("愛知県", ("額峰市", "設峰郡栄根村")),
    15: Region("栃木県", ("那峰郡塩杉町",)),
    16: Region("島根県", ("石雲市", "邑峰郡檜谷町")),
    17: Region("和歌山県", ("紀森市", "東牟野郡滝瀬町")),
    18: Region("北海道", ("釧別市", "天幌郡雪沢別町"), ("カラマツ", "トドマツ")),
    19: Region("奈良県", ("宇杉市", "吉杉郡天沢村")),
    20: Region("鹿児島県", ("薩峰市", "姶野郡霧杉町"), ("スギ",)),
    21: Region("青森県", ("津峰市", "南津野郡岩杉村"), ("スギ", "アカマツ")),
}

BODIES = (
    {"id": "body-e", "name": "東部木質燃料認定協議会", "roles": ["body"], "code_from": date(2012, 8, 20)},
    {"id": "body-c", "name": "中部日本素材チップ認定協会", "roles": ["body"], "code_from": date(2012, 8, 27)},
    {"id": "body-w", "name": "西部林材事業者認定連合会", "roles": ["body"], "code_from": date(2012, 7, 30)},
)
NUMBER_PREFIXES = {"body-e": "東木燃", "body-c": "中素チ", "body-w": "西林認"}

PRODUCER_NAMES = (
    "{}森林組合", "{}林業株式会社", "有限会社{}林産", "{}素材生産合同会社", "株式会社{}フォレスト",
    "有限会社{}造林", "{}山林開発株式会社", "{}伐出協同組合", "株式会社{}木材", "{}林建有限会社",
)  # fmt: skip
CONTRACTOR_NAMES = ("{}建設株式会社", "有限会社{}土木", "{}造成工業株式会社", "株式会社{}解体", "{}道路建設株式会社")
PROCESSOR_NAMES = {
    "a": "{}チップ株式会社", "b": "{}木材加工協同組合", "c": "{}林産工業株式会社",
    "d": "有限会社{}チップセンター", "e": "{}バイオ燃料株式会社",
}  # fmt: skip
OAZA = (
    "上沢", "下平", "中尾", "小滝", "柳原", "杉本", "桐谷", "栗原",
    "樽見", "入山", "高畑", "深山", "奥山", "梨木", "石倉",
)  # fmt: skip
AZA = ("日影", "日向", "滝沢", "北入", "南原", "西ケ沢")


def bare(town: str) -> str:
    """北科野郡みどり沢町 without its 郡."""
    return town.partition("郡")[2] or town


def stem(town: str) -> str:
    """北科野郡みどり沢町 → みどり沢."""
    return bare(town)[:-1]
