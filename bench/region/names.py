"""Names of made-up places, people and firms."""

from __future__ import annotations

PREFECTURE = "長野県"
MUNICIPALITIES = (
    *("杉沢市", "桧原町", "唐松村", "栗谷町", "白樺町", "沢渡市", "峰山村", "川辺町", "岩瀬市", "木戸町"),
    *("雪野村", "朝日野町", "深谷沢町", "水無瀬市", "葛原村", "小椋町"),
)
OAZA = (
    *("大字上原", "大字下原", "大字西沢", "大字東沢", "大字南平", "大字北平", "大字大滝", "大字小滝", "大字赤岩"),
    *("大字黒木", "大字柏尾", "大字檜山", "大字日影", "大字日向", "大字奥山", "大字里山"),
)
AZA = ("字前林", "字後林", "字横手", "字滝ノ上", "字清水", "字馬場", "字堂ノ前", "字石倉", "字中尾", "字向山")
LETTERS = ("い", "ろ", "は", "に", "ほ", "へ")

_FIRST = (
    *("甲成", "平和", "丸松", "みどり沢", "青葉", "北峰", "南嶺", "山清", "木曽路", "天竜", "飛騨口", "八ヶ岳"),
    *(
        "霧ヶ峰",
        "白馬",
        "穂高",
        "御岳",
        "恵那",
        "高原",
        "渓流",
        "里山",
        "大樹",
        "若杉",
        "古木",
        "森の里",
        "緑水",
        "丘の上",
    ),
    *("信陽", "東山", "西山", "奥美濃"),
)
_OF_TRADE = {
    "producer": ("林産有限会社", "森林組合", "林業株式会社", "素材生産協同組合"),
    "processor": ("チップ工業株式会社", "木材チップ有限会社", "バイオ燃料株式会社"),
    "trader": ("木材市場株式会社", "木材販売株式会社", "林材流通有限会社"),
    "sawmill": ("製材所", "製材株式会社", "木工株式会社"),
    "plant": ("バイオマス発電所", "木質発電合同会社"),
    "forest_office": ("森林管理署",),
}
_BODIES = (
    *("長野県木材協同組合連合会", "長野県素材生産業協同組合連合会", "長野県木材チップ工業会"),
    *("中部木質燃料協会", "信州森林組合連合会"),
)
_SURNAMES = (
    *("山田", "佐藤", "小林", "中村", "伊藤", "柳沢", "宮下", "丸山", "百瀬", "原", "加藤", "清水", "上條", "青木"),
    *("小口", "北原", "竹内", "滝沢", "武田", "大久保"),
)
_GIVEN = ("太郎", "一郎", "正", "茂", "清", "実", "勇", "花子", "幸子", "和子", "節子", "恵子")

SOFTWOODS = (("スギ",), ("ヒノキ",), ("スギ", "ヒノキ"), ("カラマツ",), ("アカマツ",), ("スギ", "アカマツ"))
HARDWOODS = (("コナラ",), ("ミズナラ", "ブナ"), ("クリ", "コナラ"), ("広葉樹",))
PLATES = ("長野100は", "松本130あ", "岐阜100い", "飛騨130う")


def firm(trade: str, number: int) -> str:
    """The name of the number-th firm of a trade, from 0; no two have the same."""
    kinds = _OF_TRADE[trade]
    again, place = divmod(number, len(_FIRST) * len(kinds))
    name = _FIRST[place % len(_FIRST)] + kinds[place // len(_FIRST)]
    return f"{name}（{again + 1}）" if again else name


def body(number: int) -> str:
    """The name of the number-th accrediting body, from 0."""
    again, place = divmod(number, len(_BODIES))
    return f"{_BODIES[place]}（{again + 1}）" if again else _BODIES[place]


def person(number: int) -> str:
    """The name of the number-th person, from 0; no two have the same."""
    again, place = divmod(number, len(_SURNAMES) * len(_GIVEN))
    name = _SURNAMES[place % len(_SURNAMES)] + _GIVEN[place // len(_SURNAMES)]
    return f"{name}（{again + 1}）" if again else name


def in_era(year: int) -> str:
    """A year as papers number it: R3 for 2021."""
    return f"R{year - 2018}"
