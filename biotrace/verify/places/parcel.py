"""Parcels 地番 as written: 236-2, 二百三十六番地の二, 大字甲字乙236番2, 236-2、237-2外3筆, 12番地の1〜3."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .area import Area, extended
from .item import PART, UNREAD, Item, Unit, counts_places
from .municipalities import NO_TABLE, Municipalities
from .sequence import between, whole
from .writing import hiragana, number_key

_SIZE = r"[0-9０-９][0-9０-９.．,，]*\s*(?:ha|HA|ｈａ|㏊|ヘクタール|㎡|m2|m²|平方メートル|平米|アール)"
_SIZE_SAID = re.compile(rf"[(（]\s*(?:面積)?{_SIZE}\s*[)）]|(?:(?<=\s)|面積){_SIZE}")
_LISTED = re.compile(
    r"[、,，・･;；/／\n]|及び|および|並びに|ならびに|と(?=[0-9０-９])|(?<=[0-9０-９])[^\S\n]+(?=[0-9０-９])"
    r"|(?<=[0-9０-９地番号])[^\S\n]+(?=大?字)"
)
_ASIDE = re.compile(
    r"\(?(?:山林|保安林|原野|雑種地|畑|田|の?全部|全域|全筆|のみ|1円|以下余白)\)?$|^(?:山林|保安林|原野)"
)
_OTHERS = re.compile(r"\(?(?:他|外|ほか|など|等)(?:\d*筆)?(?:合?計\d+筆)?\)?$")
_COUNT = re.compile(r"\(?合?計\d+筆\)?$")
_PART = re.compile(r"\(?(?:の|ノ)?(?:1部|内|うち)\)?$")  # 一部, after its numeral became a digit
_SAME = re.compile("^(?:同所|同上|同大字|同字|同|〃)")
_RANGE = re.compile("~|から")

_JOINER = "(?:番地の|番地ノ|番地之|番地|番の|番ノ|番之|番|号の|号|の|ノ|之|-)"
_SIGN = "(?:[甲乙丙丁戊己庚辛壬癸]|[ァ-ネハ-ヶ]|[ぁ-ねは-ん]|[A-Za-z])"  # without の and ノ, which join
_REST = f"(?:{_JOINER}(?:\\d+|{_SIGN})|{_SIGN})*(?:番地|番|号)?"
_ALONE = re.compile(f"^(?:地番:?)?第?(?:{_SIGN}-?)?\\d+{_REST}$")
_AFTER_NAME = re.compile(f"^(?P<name>.+?)(?:地番:?)?第?(?P<number>\\d+{_REST})$")
_NO_NAME = re.compile(r"\d-\d|番地|\d番\d|筆")
_BRANCH = re.compile(f"^{_JOINER}(\\d+)(?:番地|番|号)?$")
_PIECE = re.compile(f"\\d+|{_SIGN}")
_PLAIN = re.compile(r"[1-9][0-9]*(?:-[1-9][0-9]*)*")
"""As most are written; it needs no second look."""
_NEAR = 9


def read_parcels(text: str, area: Area, table: Municipalities = NO_TABLE) -> Iterator[Item]:
    """The items of a text that names parcels in ``area``, or says itself where they lie."""
    if _PLAIN.fullmatch(text):
        yield Item(text, area, ((text,),))
        return
    before: Unit = ()
    for part in _LISTED.split(_SIZE_SAID.sub(" ", text)):
        written = part.strip()
        plain = _COUNT.sub("", "".join(number_key(written).split()))
        if not plain:
            continue
        named = _ASIDE.sub("", _OTHERS.sub("", plain))
        whole = _PART.sub("", named)
        area, units, unclear = _units(_SAME.sub("", whole), before, area, table)
        before = units[-1] if units else ()
        if unclear:
            yield Item(text.strip(), area, (), unclear=True)
            continue
        if not units and counts_places(named):
            yield Item(written, area, (), hides=True)
            continue
        if not units and any(c.isdecimal() for c in named):
            yield Item(written, area, ((UNREAD, named),), hides=named != _ASIDE.sub("", plain))
            continue
        tail = (PART,) if whole != named else ()
        keys = tuple(("-".join(unit), *tail) for unit in units)
        yield Item(written, area, keys, hides=not units or bool(_OTHERS.search(plain)))


def parcel_key(text: str) -> str:
    """A parcel number for comparison: 二三六番地の２ → 236-2. Empty where the text is not just a number."""
    return "-".join(_pieces("".join(number_key(text).split())))


def _units(text: str, before: Unit, area: Area, table: Municipalities) -> tuple[Area, list[Unit], bool]:
    """Where, what, and whether it is unclear which of two things is meant (236-2・3: 236-3, or 3?)."""
    start, *ends = _RANGE.split(text.removesuffix("まで"))
    first = _pieces(start) or _branch(start, before)
    if not first:
        named = _AFTER_NAME.match(start)
        if named is None or _NO_NAME.search(named["name"]):
            return area, [], False
        area, first = extended(area, named["name"], table), _pieces(named["number"])
    elif _may_be_branch(whole(start), before):
        return area, [], True
    if not ends:
        return area, [first], False
    end = ends[-1]
    last = _branch(end, first) or (_last(end, first) if end.isdecimal() else _pieces(end))
    if not last:
        named = _AFTER_NAME.match(end)
        last = _pieces(named["number"]) if named and extended(area, named["name"], table) == area else ()
    found = between(first, last) if len(ends) == 1 else []
    return area, found, not found


def _pieces(text: str) -> Unit:
    """The parts of a parcel number without names; a branch 0 is none."""
    if not _ALONE.match(text):
        return ()
    parts = [_plain(part) for part in _PIECE.findall(text.removeprefix("地番"))]
    while len(parts) > 1 and parts[-1] == "0":
        parts.pop()
    return tuple(parts)


def _plain(part: str) -> str:
    return part.lstrip("0") or "0" if part.isdecimal() else hiragana(part).casefold()


def _branch(text: str, before: Unit) -> Unit:
    """A branch of the parcel before: の3, -3."""
    found = _BRANCH.match(text)
    return (*before[:-1], _plain(found.group(1))) if found and len(before) > 1 else ()


def _last(end: str, first: Unit) -> Unit:
    """The end of a range that is a number alone: a branch where it can be no parcel; neither where it can be both."""
    if len(first) == 1:
        return (_plain(end),)
    parent, branch, number = whole(first[-2]), whole(first[-1]), whole(end)
    if parent is None or branch is None or number is None or not branch < number < parent:
        return ()
    return (*first[:-1], str(number))


def _may_be_branch(number: int | None, before: Unit) -> bool:
    parent, branch = (whole(part) for part in before[-2:]) if len(before) > 1 else (None, None)
    if number is None or parent is None or branch is None:
        return False
    return branch < number <= branch + _NEAR and number < parent
