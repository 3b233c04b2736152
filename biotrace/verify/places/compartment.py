"""Compartments 林班・小班 as written: 12い-3, １２林班い小班３, 12-ア-い-3, 霧山国有林123林班ろ1小班.

Also lists and ranges of them: 12林班い、ろ小班, 12林班い〜は小班.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .area import Area, extended
from .item import PART, UNREAD, Item, Unit, counts_places
from .municipalities import NO_TABLE, Municipalities
from .sequence import between
from .writing import number_key

_LISTED = re.compile(r"[、,，;；\n]|及び|および|並びに|ならびに|(?<=班)と(?=[0-9０-９])")
_LETTER = "[ぁ-んァ-ヶA-Za-z甲乙丙丁]"
# 12い・ろ and 1・2 are lists; 12・い・3 and 12・ア・い are one compartment.
_DOT_LISTS = re.compile(r"(?<=\d)[・･/](?=\d)|(?<=[ぁ-ん])[・･/](?=[ぁ-ん])|(?<=[ァ-ヶ])[・･/](?=[ァ-ヶ])")
_OTHERS = re.compile(r"\(?(?:他|外|ほか|など|等)(?:\d+(?:箇所|か所|ケ所|小班|林班|筆))?\)?$")
_ASIDE = re.compile(r"\(?(?:の?全部|全域|全|のみ|1円)\)?$")
_PART = re.compile(r"\(?(?:の|ノ)?(?:1部|内|うち)\)?$")
_RANGE = re.compile("~|から")
_OFFICE = re.compile("^.*(?:森林管理署|森林管理事務所|管理署|支署|森林事務所|営林署)(?:管内)?")
_FOREST = re.compile("^(.*?(?:国有林|官行造林地?|民有林|公有林|[都道府県市町村]有林|財産区有?林))の?")
_COMPARTMENT = re.compile(r"^(.*?)(?:第)?(\d+林班.*)$")
_FROM_DIGIT = re.compile(r"^(\D{2,}?|大?字\D+)(?:第)?(\d.*)$")
_NAME = re.compile(r"[^\d~・からのと第-]")
_NO_NAME = re.compile(r"[()]|\d-\d|\d番")
_NOT_FIRST = re.compile(r"^(?!\d+林班).*(?<!準)林班")
_WORD = re.compile("準林班|林小班|林班|小班|枝番|班|号")
_BETWEEN = re.compile("-|・|/")
_AFTER_SUB = re.compile("(?<=小班|枝番)の(?=\\d)|(?<=林班)の(?=[ぁ-んァ-ヶ](?:小班|準林班|-|\\d|$))")
_PIECE = re.compile(r"\d+|[ぁ-ん]+|[ァ-ヶ]+|[^\dぁ-んァ-ヶ]+")
_ONE_LETTER = re.compile(f"^{_LETTER}$")
_UNCLEAR_NO = re.compile(r"(?:\d|林班)の\d")
_LEVELS = 5
"""林班, 準林班, 小班, 枝番, and one more that some registers have."""


def read_compartments(text: str, area: Area, table: Municipalities = NO_TABLE) -> Iterator[Item]:
    """The items of a text that names compartments in ``area``, or says itself where they lie."""
    before: Unit = ()
    in_words = False
    parts = [part.strip() for listed in _LISTED.split(text) for part in _DOT_LISTS.split(listed)]
    for position, written in enumerate(parts):
        plain = "".join(number_key(written).split())
        if not plain:
            continue
        named = _ASIDE.sub("", _OTHERS.sub("", plain))
        area, named = _where(named, area, table)
        in_words = in_words or "林班" in named
        sub = in_words or any("小班" in later for later in parts[position + 1 :])
        whole = _PART.sub("", named)
        units, unclear = _units(whole, before, sub)
        before = units[-1] if units else ()
        if unclear:
            yield Item(text.strip(), area, (), unclear=True)
            continue
        if not units and counts_places(named):
            yield Item(written, area, (), hides=True)
            continue
        if not units and any(c.isdecimal() for c in named):
            yield Item(written, area, ((UNREAD, named),), hides=bool(_OTHERS.search(plain)))
            continue
        tail = (PART,) if whole != named else ()
        keys = tuple((*unit, *tail) for unit in units)
        yield Item(written, area, keys, hides=not units or bool(_OTHERS.search(plain)))


def compartment_key(text: str) -> Unit:
    """A compartment's parts for comparison: １２林班い小班３ → ("12", "い", "3"). Empty where it names none."""
    return _pieces(_where("".join(number_key(text).split()), Area(), NO_TABLE)[1])


def _where(text: str, area: Area, table: Municipalities) -> tuple[Area, str]:
    """The area with what stands before the number, and the text from the number on."""
    text = _OFFICE.sub("", text)
    forest = _FOREST.match(text)
    if forest is not None:
        area, text = replace(area, forest=forest.group(1)), text[forest.end() :]
    found = _COMPARTMENT.match(text) or _FROM_DIGIT.match(text)
    if found is None or not _NAME.search(found.group(1)) or _NO_NAME.search(found.group(1)):
        return area, text.removeprefix("第")
    return extended(area, found.group(1), table), found.group(2)


def _units(text: str, before: Unit, sub: bool) -> tuple[list[Unit], bool]:
    """What a text names, and whether it is unclear which of two things is meant."""
    if _UNCLEAR_NO.search(text):
        return [], True  # 12の3: the letter の, or 3 of 12?
    start, *ends = _RANGE.split(text.removesuffix("まで"))
    first, unclear = _one(start, before, sub)
    if not ends or not first:
        return ([first] if first else []), unclear
    last, unclear = _one(ends[-1], first, True)
    found = between(first, last) if len(ends) == 1 else []
    return found, not found


def _one(text: str, before: Unit, sub: bool) -> tuple[Unit, bool]:
    parts = _parts(text)
    if not parts:
        return (), False
    explicit = "小班" in text or "枝番" in text or text.startswith("-")
    if not parts[0].isdecimal():
        return _from_letter(parts, before)
    if len(parts) == 1 and len(before) > 1 and "林班" not in text:
        told = (explicit or sub) and before[-1].isdecimal()
        return ((*before[:-1], parts[0]), False) if told else ((), True)
    return parts, False


def _from_letter(parts: Unit, before: Unit) -> tuple[Unit, bool]:
    """い, ろ1: of the compartment before, from its letter on."""
    letters = [place for place, part in enumerate(before) if not part.isdecimal()]
    if not before or len(letters) > 1:
        return (), bool(before)
    return (*(before[: letters[0]] if letters else before), *parts), False


def _pieces(text: str) -> Unit:
    parts = _parts(text)
    return parts if parts and parts[0].isdecimal() else ()


def _parts(text: str) -> Unit:
    """Numbers and letters between words and dashes; empty where there is anything else, or too much."""
    plain = _AFTER_SUB.sub("", text)
    if _NOT_FIRST.search(plain):
        return ()
    found = [
        part
        for words in _WORD.split(plain)
        for piece in _BETWEEN.split(words)
        for part in _PIECE.findall(piece)
        if part
    ]
    if not 0 < len(found) <= _LEVELS or not all(p.isdecimal() or _ONE_LETTER.match(p) for p in found):
        return ()
    found = [p.lstrip("0") or "0" if p.isdecimal() else p for p in found]
    while len(found) > 1 and found[-1] == "0":
        found.pop()
    return tuple(found)
