"""The words and signs of a picture, in every format the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from biotrace.documents.forms.wrap import MM_PER_POINT, wrap
from biotrace.documents.typeface import BOLD, REGULAR, width
from biotrace.model.fuel_class import FuelClass
from biotrace.model.rounding import rounded
from biotrace.model.showing import showable_lines
from biotrace.model.text import Lang, Text, same

from .graph import Column, Standing, Stop

SIGNS: Mapping[Standing, str] = {
    Standing.OK: "○",
    Standing.NOTICE: "△",
    Standing.FLAWED: "×",
    Standing.INCOMPLETE: "？",
    Standing.UNKNOWN: "－",
}
"""Colour never carries a meaning alone."""
STANDINGS: Mapping[Standing, Text] = {
    Standing.OK: Text("適合", "in order (適合)"),
    Standing.NOTICE: Text("注意", "notice (注意)"),
    Standing.FLAWED: Text("指摘あり", "findings (指摘)"),
    Standing.INCOMPLETE: Text("未完", "incomplete (未完)"),
    Standing.UNKNOWN: Text("判定なし", "not judged"),
}
MEANINGS: Mapping[Standing, Text] = {
    **STANDINGS,
    Standing.NOTICE: Text("注意（区分はそのまま）", "notice, the class stays (注意)"),
    Standing.INCOMPLETE: Text("未完（検査できない項目あり）", "incomplete, something could not be checked (未完)"),
}
"""As a legend explains them."""
COLUMNS: Mapping[Column, Text] = {
    Column.FOREST: Text("森林", "forest"),
    Column.FELLING: Text("伐採段階", "felling stage"),
    Column.TRADE: Text("加工・流通段階", "processing and trade"),
    Column.PLANT: Text("発電所", "power plant"),
    Column.STOCK: Text("在庫など", "stock and other"),
}
CLASSES: Mapping[FuelClass, Text] = {
    FuelClass.THINNED: Text("間伐材等", "thinned"),
    FuelClass.GENERAL: Text("一般木質", "general"),
    FuelClass.GENERAL_WASTE: Text("一般廃棄物", "general waste"),
    FuelClass.CONSTRUCTION_WASTE: Text("建設廃棄物", "constr. waste"),
}
"""Short enough for a box; a table has the class by its full name."""
MARKED = "◆"
SUBJECT = Text("この図の対象", "what this is about")
POOLED = Text("置場で混ざり得たもの（由来の可能性）", "may have come from there (lay in the same yard)")
UNTOLD = Text("量不明", "unknown")
UNTOLD_BAND = Text("量不明", "amount unknown")
UNIT = Text("数量は全乾トン（水分0％）", "bone-dry tonnes (全乾, moisture 0 %)")
GOES_BACK = Text("循環（前の段階へ戻る引き当て）", "circle: drawn on by what comes before it")
NAME = Text("名称", "name")
STANDING = Text("判定", "verdict")
STAGE = Text("段階", "stage")
PARTY = Text("事業者", "party")
PLACE = Text("場所", "place")
DAY = Text("日付", "date")
DECLARED = Text("申告の区分", "class declared")
CONFIRMED = Text("確認した区分", "class confirmed")
DRY = Text("全乾t", "bone-dry t")
SOURCE = Text("どこから", "from")
TARGET = Text("どこへ", "to")
KIND = Text("つながり", "link")
NOTE = Text("備考", "note")
DRAWN = Text("書類による", "by the papers")
NOTES = Text("注", "Notes")
NO_GLYPH = Text(
    "印刷できない文字は 〓 で示した（HTML・CSV・JSON には、もとの文字がある）",
    "characters that cannot be printed stand as 〓 (HTML, CSV and JSON have them)",
)
SCALE = Text("帯の幅", "width of a band")

_KG = 1_000
_T = 1_000_000


def tonnes(grams: int | None, lang: Lang) -> str:
    """Bone-dry tonnes to the kilogram, as people read them."""
    if grams is None:
        return UNTOLD.get(lang)
    if 0 < grams < _KG // 2:
        return {"ja": "0.001 t 未満", "en": "< 0.001 t"}[lang]
    kg = rounded(grams, _KG) // _KG
    return f"{kg * _KG // _T:,}.{kg % 1_000:03d} t"


def round_tonnes(grams: int) -> str:
    """A round amount of the scale, without decimals that say nothing."""
    whole, rest = divmod(grams, _T)
    return f"{whole:,}" + (f".{rest:06d}".rstrip("0") if rest else "") + " t"


def day(value: date | None) -> str:
    """A day as people read it; nothing where there is none."""
    return "" if value is None else value.strftime("%Y/%m/%d")


def classes(stop: Stop) -> Text | None:
    """The class declared and, where it differs, what is confirmed; None where nobody declared one."""
    if stop.declared is None:
        return None if stop.confirmed is None else CLASSES[stop.confirmed]
    declared = CLASSES[stop.declared]
    if stop.confirmed is None or stop.confirmed is stop.declared:
        return declared
    return declared + same(" → ") + CLASSES[stop.confirmed]


def spoken(stop: Stop, lang: Lang) -> str:
    """A stop in one line, for who cannot see the picture."""
    said = classes(stop)
    parts = (
        stop.title.get(lang),
        stop.party,
        stop.place,
        day(stop.day),
        said.get(lang) if said else "",
        tonnes(stop.grams, lang),
        f"{SIGNS[stop.standing]} {STANDINGS[stop.standing].get(lang)}",
        SUBJECT.get(lang) if stop.marked else "",
    )
    return showable_lines("、".join(p for p in parts if p) if lang == "ja" else ", ".join(p for p in parts if p))


SIZE = 14
"""Characters in a box, in pixels. Nothing in a picture is smaller."""
LINE = 20
_WIDER = 1.07
"""Other typefaces than ours set Latin letters wider."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line in a box. ``bold`` and ``pale`` say how it stands; ``end``: what stands at its right end, bold."""

    text: str
    bold: bool = False
    pale: bool = False
    end: str = ""


def lines(stop: Stop, lang: Lang, room: int) -> list[Line]:
    """What stands in a stop's box of so many pixels; the first line leaves room for the sign."""
    said = classes(stop)
    changed = said is not None and stop.confirmed not in (None, stop.declared)
    title = f"{MARKED} {stop.title.get(lang)}" if stop.marked else stop.title.get(lang)
    found = [Line(shortened(title, room - 26, bold=True), bold=True)]
    if stop.party:
        found.append(Line(shortened(stop.party, room)))
    found += [Line(line, pale=True) for line in _place(stop, room)]
    if said is not None:
        found.append(Line(shortened(said.get(lang), room, bold=changed), bold=changed))
    return [*found, Line(day(stop.day), pale=True, end=tonnes(stop.grams, lang))]


def count_lines(stop: Stop, room: int) -> int:
    """How many lines ``lines`` gives, in either language."""
    return 2 + bool(stop.party) + len(_place(stop, room)) + (classes(stop) is not None)


def _place(stop: Stop, room: int) -> list[str]:
    """The place on two lines at most: parcels stand at its end, and are what people look for."""
    first, *more = wrapped(" ".join(showable_lines(stop.place).split()), room)
    if not more:
        return [first] if first else []
    return [first, shortened("".join(more), room)]


def wrapped(text: str, room: int, size: int = SIZE) -> list[str]:
    """``text`` in lines no wider than ``room`` pixels, broken as Japanese is."""
    return wrap(showable_lines(text), REGULAR, size, room / _WIDER * MM_PER_POINT)


def wide(text: str, size: int = SIZE, *, bold: bool = False) -> int:
    """How many pixels a text takes at most, in whatever typeface it is shown."""
    return int(width(text, BOLD if bold else REGULAR, size) * _WIDER) + 1


def shortened(text: str, most: int, *, bold: bool = False) -> str:
    """``text`` on one line, cut with … where it is wider than ``most`` pixels."""
    text = " ".join(showable_lines(text).split())
    if wide(text, bold=bold) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if wide(f"{text[:middle]}…", bold=bold) <= most else (low, middle - 1)
    return f"{text[:low].rstrip()}…"
