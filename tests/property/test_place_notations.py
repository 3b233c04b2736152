"""However a place is written, the answer is the same, and it is the same from both sides."""

from __future__ import annotations

import string
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.model.place import Place
from biotrace.services.shipped import municipalities
from biotrace.verify.place_family import compare_places
from biotrace.verify.places import Links, Named, Notation, name_places
from biotrace.verify.places.sequence import MOST_IN_RANGE

TABLE = municipalities()
LINKS = Links((), TABLE)
WIDE = str.maketrans(string.digits + "-", "０１２３４５６７８９－")
KANJI = "〇一二三四五六七八九"
TOWNS = [("栃木県", "", "栃木市"), ("栃木県", "下都賀郡", "壬生町"), ("長野県", "", "〇〇市"), ("岐阜県", "", "郡上市")]
OAZA, AZA = ["甲沢", "一之瀬", "霞ケ丘", "四日町"], [None, "乙", "竜ノ口"]
LETTERS = "いろはにほへと"


@dataclass(frozen=True)
class Stand:
    """A place as it is, free of notation: parcels or compartments by their parts."""

    town: tuple[str, str, str]
    oaza: str
    aza: str | None
    units: tuple[tuple[str, ...], ...]
    notation: Notation

    def plain(self) -> Place:
        """Written as simply as can be."""
        prefecture, _, town = self.town
        texts = tuple("-".join(unit) for unit in self.units)
        by_parcel = self.notation is Notation.PARCEL
        place = Place(prefecture, town, self.oaza, self.aza)
        return replace(place, parcels=texts) if by_parcel else replace(place, compartments=texts)


numbers = st.integers(1, 320).map(str)
parcels = st.one_of(
    st.tuples(numbers),
    st.tuples(numbers, st.integers(1, 12).map(str)),
    st.tuples(numbers, st.integers(1, 12).map(str), st.integers(1, 3).map(str)),
    st.tuples(numbers, st.sampled_from("イロ")),
)
compartments = st.one_of(
    st.tuples(st.integers(10, 13).map(str)),
    st.tuples(st.integers(10, 13).map(str), st.sampled_from(LETTERS)),
    st.tuples(st.integers(10, 13).map(str), st.sampled_from(LETTERS), st.integers(1, 3).map(str)),
    st.tuples(st.integers(10, 13).map(str), st.sampled_from("アイ"), st.sampled_from(LETTERS), st.just("1")),
)


@st.composite
def stands(draw: st.DrawFn, notation: Notation | None = None) -> Stand:
    """Places that often overlap."""
    kind = notation or draw(st.sampled_from(Notation))
    unit = parcels if kind is Notation.PARCEL else compartments
    return Stand(
        draw(st.sampled_from(TOWNS)),
        draw(st.sampled_from(OAZA)),
        draw(st.sampled_from(AZA)),
        tuple(draw(st.lists(unit, min_size=1, max_size=4, unique=True))),
        kind,
    )


def in_kanji(digits: str) -> str:
    """236 → 二百三十六."""
    written = ""
    for digit, unit in zip(digits, ("千", "百", "十", "")[-len(digits) :], strict=True):
        if digit != "0":
            written += ("" if digit == "1" and unit else KANJI[int(digit)]) + unit
    return written


@st.composite
def numbers_written(draw: st.DrawFn, digits: str) -> str:
    """A number in any figures."""
    ways = [digits, digits.translate(WIDE), "".join(KANJI[int(d)] for d in digits), in_kanji(digits), digits.zfill(4)]
    return draw(st.sampled_from(ways))


@st.composite
def parcels_written(draw: st.DrawFn, unit: tuple[str, ...]) -> str:
    """A parcel in any notation. A number alone keeps its 番, as it must in a list behind a branch."""
    parts = [draw(numbers_written(part)) if part.isdecimal() else part for part in unit]
    first = draw(st.sampled_from(["-", "－", "番", "番地", "番地の", "番の", "の", "ノ", "之", "ー"]))
    others = draw(st.sampled_from(["-", "の", "－"]))
    if len(parts) == 1:
        return draw(st.sampled_from(["第", ""])) + parts[0] + draw(st.sampled_from(["番", "番地"]))
    return parts[0] + first + others.join(parts[1:]) + draw(st.sampled_from(["", "全部", "（山林）", "（0.52ha）"]))


@st.composite
def compartments_written(draw: st.DrawFn, unit: tuple[str, ...]) -> str:
    """A compartment in any notation. A number alone keeps its 林班, as it must in a list behind a 小班."""
    parts = [draw(numbers_written(part)) if part.isdecimal() else part for part in unit]
    separator = draw(st.sampled_from(["-", "－", "・"]))
    words = [parts[0] + "林班", *parts[1:]]
    if len(words) > 2:
        words[-2] += draw(st.sampled_from(["小班", "準林班", "小班の", "-"]))
    elif len(words) == 2:
        words[-1] += draw(st.sampled_from(["小班", ""]))
    else:
        return words[0]
    return draw(st.sampled_from([separator.join(parts), "".join(words), "第" + " ".join(words)]))


@st.composite
def written(draw: st.DrawFn, stand: Stand) -> list[Place]:
    """The place as somebody might write it, in one entry or several."""
    prefecture, district, town = stand.town
    one = parcels_written if stand.notation is Notation.PARCEL else compartments_written
    texts = [draw(one(unit)) for unit in stand.units]
    if draw(st.booleans()):
        texts = [draw(st.sampled_from(["、", "；", "及び", "，"])).join(texts)]
    town = draw(st.sampled_from([district, ""])) + town
    oaza = draw(st.sampled_from(["大字", ""])) + stand.oaza.replace("ケ", draw(st.sampled_from("ケヶが")))
    oaza = oaza.replace("之", draw(st.sampled_from("之ノの"))).replace("四", draw(st.sampled_from("四４")))
    aza = stand.aza and draw(st.sampled_from(["字", "小字", ""])) + stand.aza.replace(
        "竜", draw(st.sampled_from("竜龍"))
    )
    entry = draw(
        st.sampled_from(
            [
                Place(prefecture, town, oaza, aza),
                Place(None, prefecture + town, oaza, aza),
                Place(prefecture, f"　{town} ", f"大字 {stand.oaza}", aza),
                Place(prefecture, town, town + "大字" + stand.oaza, aza),
                Place(None, None, prefecture + town + "大字" + stand.oaza, aza),
                Place(prefecture, town, f"大字{stand.oaza}" + (f"字{stand.aza}" if stand.aza else ""), None),
                Place(prefecture, town + "大字" + stand.oaza, None, aza),
            ]
        )
    )
    entries = [replace(entry, parcels=(t,)) for t in texts]
    if stand.notation is Notation.COMPARTMENT:
        entries = [replace(entry, compartments=(t,)) for t in texts]
    if draw(st.booleans()):
        boxes = tuple(texts)
        is_parcel = stand.notation is Notation.PARCEL
        entries = [replace(entry, parcels=boxes) if is_parcel else replace(entry, compartments=boxes)]
    return entries


def read(*places: Place) -> Named:
    """What a paper of no known day names."""
    return name_places(places, TABLE)


def answer(one: Named, other: Named) -> str | None:
    """The code of family L, None where all is inside."""
    found = compare_places(one, other, LINKS).answer
    return found.code if found is not None else None


@settings(deadline=None)
@given(st.data(), stands())
def test_every_notation_names_the_same_units(data: st.DataObject, stand: Stand) -> None:
    simple, found = read(stand.plain()), read(*data.draw(written(stand)))
    assert found.vague == found.unclear == found.landings == ()
    assert {(s.notation, s.unit) for s in found.spots} == {(s.notation, s.unit) for s in simple.spots}
    assert all(a.apart_in(b, TABLE) is None for a in found.spots for b in simple.spots)


@settings(deadline=None)
@given(st.data(), stands(), stands())
def test_the_answer_does_not_depend_on_the_notation(data: st.DataObject, one: Stand, other: Stand) -> None:
    expected = answer(read(one.plain()), read(other.plain()))
    assert answer(read(*data.draw(written(one))), read(*data.draw(written(other)))) == expected


@settings(deadline=None)
@given(st.data(), stands())
def test_a_place_is_inside_itself_however_written(data: st.DataObject, stand: Stand) -> None:
    one, other = read(*data.draw(written(stand))), read(*data.draw(written(stand)))
    assert answer(one, other) is None
    assert answer(other, one) is None


@settings(deadline=None)
@given(st.data(), stands(), stands())
def test_what_lies_in_both_touches_from_both_sides(data: st.DataObject, one: Stand, other: Stand) -> None:
    mine, theirs = read(*data.draw(written(one))).spots, read(*data.draw(written(other))).spots
    assert [a.touches(b, TABLE) for a in mine for b in theirs] == [b.touches(a, TABLE) for a in mine for b in theirs]
    apart = {answer(read(one.plain()), read(other.plain())), answer(read(other.plain()), read(one.plain()))}
    assert ("L404" in apart) == (apart == {"L404"})
    assert ("L403" in apart) == (apart == {"L403"})


@settings(deadline=None)
@given(numbers, st.integers(1, 30), st.integers(0, 20))
def test_a_range_names_what_lies_between_its_ends(parent: str, first: int, more: int) -> None:
    listed = tuple(f"{parent}-{n}" for n in range(first, first + more + 1))
    units = {s.unit for s in read(Place(parcels=(f"{parent}番{first}～{parent}番{first + more}",))).spots}
    assert units == {(text,) for text in listed}
    assert more < MOST_IN_RANGE


SCRAPS = [
    "大字",
    "字",
    "小字",
    "番地",
    "番",
    "の",
    "-",
    "～",
    "、",
    "・",
    "外",
    "3筆",
    "林班",
    "小班",
    "準林班",
    "い",
    "ロ",
    "国有林",
]
SCRAPS += [
    "12",
    "３",
    "二百",
    "〇〇市",
    "下都賀郡",
    "岩舟町",
    "(",
    ")",
    " ",
    "ha",
    "土場",
    "甲",
    "から",
    "まで",
    "同",
    "第",
    "一部",
    "内",
]
texts = st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=9).map("".join) | st.text(max_size=12)
anything = st.builds(
    Place,
    st.none() | st.just("栃木県"),
    st.none() | texts,
    st.none() | texts,
    st.none() | texts,
    st.lists(texts, max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
)


@settings(deadline=None, max_examples=300)
@given(anything, anything)
def test_nothing_that_may_stand_on_a_paper_breaks_anything(one: Place, other: Place) -> None:
    mine, theirs = read(one), read(other)
    assert answer(mine, mine) in (None, "L401", "L402")
    assert [a.touches(b, TABLE) for a in mine.spots for b in theirs.spots] == [
        b.touches(a, TABLE) for a in mine.spots for b in theirs.spots
    ]
    assert compare_places(mine, theirs, LINKS).why.ja


@settings(deadline=None)
@given(texts)
def test_no_text_is_passed_over(text: str) -> None:
    named = read(Place("栃木県", "栃木市", parcels=(text,)))
    assert not named.nothing or named.landings
