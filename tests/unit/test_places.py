"""Felling places: many notations of one place, and places that only look alike."""

from __future__ import annotations

from datetime import date

import pytest

from biotrace.model.place import Concordance, Link, Place
from biotrace.verify.places import (
    NO_TABLE,
    Area,
    Fit,
    Ground,
    Level,
    Links,
    area_of,
    compartment_key,
    match,
    name_places,
    parcel_key,
)
from biotrace.verify.places.area import difference

PARCELS = [
    ("236-2", "236-2"),
    ("２３６－２", "236-2"),
    ("２３６‐２", "236-2"),
    ("236−2", "236-2"),
    ("236ー2", "236-2"),
    ("236番2", "236-2"),
    ("236番地2", "236-2"),
    ("236番地の2", "236-2"),
    ("236番の2", "236-2"),
    ("236の2", "236-2"),
    ("236ノ2", "236-2"),
    ("236之2", "236-2"),
    ("236番2号", "236-2"),
    ("236 番地 2", "236-2"),
    ("二三六番地の２", "236-2"),
    ("二百三十六番地二", "236-2"),
    ("一〇四番", "104"),
    ("千二十三番地", "1023"),
    ("396番地", "396"),
    ("396番", "396"),
    ("396", "396"),
    ("395番地1-3", "395-1-3"),
]
COMPARTMENTS = [
    ("12い-3", ("12", "い", "3")),
    ("12い3", ("12", "い", "3")),
    ("１２林班い小班３", ("12", "い", "3")),
    ("12林班い3小班", ("12", "い", "3")),
    ("12林班 い小班 3", ("12", "い", "3")),
    ("十二林班い小班三", ("12", "い", "3")),
    ("12林班い準林班3小班", ("12", "い", "3")),
    ("12-い-3", ("12", "い", "3")),
    ("12・い・3", ("12", "い", "3")),
    ("国有林123林班ろ1小班", ("123", "ろ", "1")),
    ("123林班", ("123",)),
    ("12林班い小班", ("12", "い")),
    ("12い", ("12", "い")),
    ("12林班3小班", ("12", "3")),
    ("12-3", ("12", "3")),
    ("12い-3-1", ("12", "い", "3", "1")),
    ("12林班い小班3-1", ("12", "い", "3", "1")),
]
AREAS = [
    (("長野県", "〇〇市", "大字甲", "字乙"), ("長野県", "〇〇市", "甲", "乙")),
    (("長野県", "〇〇市", "大字甲字乙", None), ("長野県", "〇〇市", "甲", "乙")),
    (("長野県", "〇〇市", "大字甲", "小字乙"), ("長野県", "〇〇市", "甲", "乙")),
    (("長野県", "長野県〇〇市", "甲", None), ("長野県", "〇〇市", "甲", None)),
    (("長野県", "北科野郡みどり沢町", None, None), ("長野県", "みどり沢町", None, None)),
    (("石川県", "鳳珠郡 能登町", None, None), ("石川県", "能登町", None, None)),
    (("山口県", "吉敷郡小郡町", None, None), ("山口県", "小郡町", None, None)),
    (("新潟県", "十日町市", "大字 四日町", None), ("新潟県", "10日町市", "4日町", None)),
    ((None, "　〇〇市　", "", None), (None, "〇〇市", None, None)),
]
APART = [("岐阜県", "郡上市"), ("福岡県", "小郡市"), ("奈良県", "大和郡山市")]


@pytest.mark.parametrize(("text", "key"), PARCELS)
def test_one_parcel_in_many_notations(text: str, key: str) -> None:
    assert parcel_key(text) == key


@pytest.mark.parametrize(("text", "key"), COMPARTMENTS)
def test_one_compartment_in_many_notations(text: str, key: tuple[str, ...]) -> None:
    assert compartment_key(text) == key


@pytest.mark.parametrize(("one", "other"), AREAS)
def test_one_area_in_many_notations(one: tuple[str | None, ...], other: tuple[str | None, ...]) -> None:
    assert area_of(*one) == area_of(*other)


@pytest.mark.parametrize(("prefecture", "municipality"), APART)
def test_a_city_keeps_the_sign_of_a_district_in_its_name(prefecture: str, municipality: str) -> None:
    assert area_of(prefecture, municipality, None, None).municipality == municipality


def apart(one: Area, other: Area, *, by_parcel: bool = True) -> Level | None:
    """What two areas differ in, which is the same from both sides."""
    level = difference(one, other, (None, None), NO_TABLE, by_parcel=by_parcel)
    assert difference(other, one, (None, None), NO_TABLE, by_parcel=by_parcel) is level
    return level


def test_what_distinguishes_an_area() -> None:
    full = area_of("長野県", "〇〇市", "甲", "乙")
    for omitted in ((None, "〇〇市", "甲", "乙"), ("長野県", None, "甲", "乙"), ("長野県", "〇〇市", "甲", None)):
        assert apart(full, area_of(*omitted)) is None
    for level, other in (
        (Level.PREFECTURE, ("岐阜県", "〇〇市", "甲", "乙")),
        (Level.MUNICIPALITY, ("長野県", "別市", "甲", "乙")),
        (Level.OAZA, ("長野県", "〇〇市", "丙", "乙")),
        (Level.OAZA, ("長野県", "〇〇市", None, "乙")),
        (Level.AZA, ("長野県", "〇〇市", "甲", "丁")),
    ):
        assert apart(full, area_of(*other)) is level
    assert apart(full, area_of("長野県", "〇〇市", None, None), by_parcel=False) is None


def test_a_prefecture_before_the_municipality_is_no_other_municipality() -> None:
    assert apart(area_of(None, "長野県〇〇市", "甲", None), area_of("長野県", "〇〇市", "甲", None)) is None


@pytest.mark.parametrize(
    "text", ["236-2 外3筆", "236-2外三筆", "236-2ほか３筆", "236-2他", "236-2（外3筆）", "236-2等"]
)
def test_and_others_names_one_parcel_and_hides_more(text: str) -> None:
    named = name_places([Place(parcels=(text,))])
    assert [spot.unit for spot in named.spots] == [("236-2",)]
    assert named.vague == (text,)


def test_a_paper_may_list_parcels_in_one_line() -> None:
    named = name_places([Place(parcels=("236-2、237番1，238, 239",))])
    assert [spot.unit for spot in named.spots] == [("236-2",), ("237-1",), ("238",), ("239",)]


@pytest.mark.parametrize("text", ["236-2・237-1", "236-2及び237-1", "236-2 237-1"])
def test_a_list_that_is_not_understood_is_never_one_parcel(text: str) -> None:
    named = name_places([Place(parcels=(text,))])
    assert named.vague or [spot.unit for spot in named.spots] == [("236-2",), ("237-1",)]


@pytest.mark.parametrize("text", ["\U00010a40～\U00010a40", "2" * 5_000 + "～5", "1～" + "9" * 5_000])
def test_a_range_that_is_none_brings_nothing_down(text: str) -> None:
    for units in (Place(parcels=(text,)), Place(compartments=(text,))):
        assert name_places([units]).vague or name_places([units]).spots


def test_a_paper_may_list_compartments_in_one_line() -> None:
    named = name_places([Place(compartments=("12い-3、12い-4",))])
    assert [spot.unit for spot in named.spots] == [("12", "い", "3"), ("12", "い", "4")]


def test_what_a_paper_names() -> None:
    named = name_places(
        [
            Place("長野県", "〇〇市"),
            Place(landing="甲土場"),
            Place(annex=True),
            Place(),
            Place(compartments=("12い-3",)),
        ]
    )
    assert named.vague == ("長野県〇〇市",)
    assert named.landings == ("甲土場",)
    assert named.annex
    assert [spot.written for spot in named.spots] == ["12い-3"]
    assert name_places([]).nothing
    assert name_places([Place()]).nothing
    assert not named.nothing


@pytest.mark.parametrize("text", ["国有林", "林班", "小班", "-"])
def test_words_without_a_number_name_no_compartment(text: str) -> None:
    assert name_places([Place("長野県", "〇〇市", compartments=(text,))]).spots == ()


def place(oaza: str | None = "甲", aza: str | None = "乙", **units: tuple[str, ...]) -> Place:
    """Parcels or compartments in one municipality."""
    return Place("長野県", "〇〇市", oaza, aza, units.get("parcels", ()), units.get("compartments", ()))


def table(*pairs: tuple[str, tuple[str, ...]], oaza: str | None = "大字甲") -> Concordance:
    """A concordance of that municipality."""
    links = tuple(Link(compartment, parcels) for compartment, parcels in pairs)
    return Concordance("k-1", "〇〇市", date(2014, 4, 1), links, None, "〇〇市", oaza)


def fit(mine: Place, theirs: Place, *tables: Concordance) -> Fit:
    """How the only spot of one place fits the other place."""
    (spot,) = name_places([mine]).spots
    return match(spot, Ground(name_places([theirs]).spots), Links(tables)).fit


P2, P3, C3 = place(parcels=("236-2",)), place(parcels=("237",)), place(compartments=("12い-3",))
P23 = place(parcels=("236-2", "237"))
DIRECT = [
    ("same", P2, place(parcels=("二三六番地の２",)), Fit.INSIDE),
    ("one of two", P2, P23, Fit.INSIDE),
    ("other parcel", P2, P3, Fit.OUTSIDE),
    ("mother parcel", P2, place(parcels=("236",)), Fit.OUTSIDE),
    ("other 大字", P2, place(oaza="丙", parcels=("236-2",)), Fit.OUTSIDE),
    ("大字 omitted", P2, place(oaza=None, parcels=("236-2",)), Fit.OUTSIDE),
    ("字 omitted", P2, place(aza=None, parcels=("236-2",)), Fit.INSIDE),
    ("other 字", P2, place(aza="丁", parcels=("236-2",)), Fit.OUTSIDE),
    ("sub-compartment", C3, place(compartments=("12い",)), Fit.INSIDE),
    ("compartment", place(compartments=("12い",)), C3, Fit.PARTLY),
    ("branch", place(compartments=("12い-3-1",)), C3, Fit.INSIDE),
    ("number that starts alike", place(compartments=("12い-31",)), C3, Fit.OUTSIDE),
    ("numeric sub-compartment", place(compartments=("12林班3小班",)), place(compartments=("12林班",)), Fit.INSIDE),
    ("digits that run together", place(compartments=("12林班3小班",)), place(compartments=("123林班",)), Fit.OUTSIDE),
    ("の is a letter of compartments", place(compartments=("12の-3",)), place(compartments=("12-3",)), Fit.OUTSIDE),
    ("name of the forest omitted", place(compartments=("霧山国有林12い-3",)), C3, Fit.INSIDE),
    ("other notation", P2, C3, Fit.OTHER_NOTATION),
    ("other notation, other way", C3, P2, Fit.OTHER_NOTATION),
    ("part of a parcel", place(parcels=("236-2の一部",)), P2, Fit.INSIDE),
    ("part of a parcel, in other words", place(parcels=("236-2の内",)), P2, Fit.INSIDE),
    ("part of a parcel, in kana", place(parcels=("236-2のうち",)), P2, Fit.INSIDE),
    ("the document allows a part", P2, place(parcels=("236-2の一部",)), Fit.PARTLY),
    ("within a range", P2, place(parcels=("236-1～236-3",)), Fit.INSIDE),
    ("within a range in words", P2, place(parcels=("236-1から236-3まで",)), Fit.INSIDE),
    ("outside a range", P2, place(parcels=("236-3～236-5",)), Fit.OUTSIDE),
    ("within a range of compartments", C3, place(compartments=("12い-1～12い-3",)), Fit.INSIDE),
]
IN_ONE, IN_TWO = table(("12い-3", ("236-2",))), table(("12い-3", ("236-2", "237")))
OVER_TWO = table(("12い-3", ("236-2",)), ("12い-4", ("236-2",)))
LINKED = [
    ("compartment to its parcel", C3, P2, IN_ONE, Fit.INSIDE),
    ("compartment to both its parcels", C3, P23, IN_TWO, Fit.INSIDE),
    ("compartment, one of its parcels", C3, P2, IN_TWO, Fit.PARTLY),
    ("compartment, other parcels", C3, P3, IN_ONE, Fit.OUTSIDE),
    ("parcel to its compartment", P2, C3, IN_ONE, Fit.INSIDE),
    ("parcel to the compartment around", P2, place(compartments=("12い",)), IN_ONE, Fit.INSIDE),
    ("parcel over two compartments", P2, C3, OVER_TWO, Fit.PARTLY),
    ("parcel over two, both allowed", P2, place(compartments=("12い-3", "12い-4")), OVER_TWO, Fit.INSIDE),
    ("parcel in other words", place(parcels=("236番地2",)), C3, IN_ONE, Fit.INSIDE),
    ("parcel not in the table", P3, C3, IN_ONE, Fit.OTHER_NOTATION),
    ("table of another 大字", P2, C3, table(("12い-3", ("236-2",)), oaza="丙"), Fit.OTHER_NOTATION),
    ("table of a part of the compartment", place(compartments=("12い",)), P2, IN_ONE, Fit.OTHER_NOTATION),
    ("table of the compartment around", C3, P23, table(("12い", ("236-2", "237"))), Fit.INSIDE),
    ("table not needed", P2, P2, IN_ONE, Fit.INSIDE),
]


@pytest.mark.parametrize(("mine", "theirs", "expected"), [row[1:] for row in DIRECT], ids=[row[0] for row in DIRECT])
def test_fit(mine: Place, theirs: Place, expected: Fit) -> None:
    assert fit(mine, theirs) is expected


@pytest.mark.parametrize(
    ("mine", "theirs", "concordance", "expected"), [row[1:] for row in LINKED], ids=[row[0] for row in LINKED]
)
def test_fit_through_a_concordance(mine: Place, theirs: Place, concordance: Concordance, expected: Fit) -> None:
    assert fit(mine, theirs, concordance) is expected


def test_a_match_names_the_tables_that_it_needed() -> None:
    (spot,) = name_places([P2]).spots
    second = Concordance("k-2", "〇〇市", date(2014, 4, 1), (Link("12い-4", ("236-2",)),), None, "〇〇市", "甲")
    allowed, links = Ground(name_places([place(compartments=("12い",))]).spots), Links((IN_ONE, second))
    assert match(spot, allowed, links).via == ("k-1", "k-2")
    assert match(spot, Ground(name_places([P2]).spots), links).via == ()


def test_a_very_long_number_is_read_like_any_other() -> None:
    assert parcel_key("二" * 5_000) == "2" * 5_000
