"""Prefectures of places and addresses: what is written tells, names that several prefectures know do not."""

from __future__ import annotations

from datetime import date

import pytest

from biotrace.model.place import Place
from biotrace.services.shipped import municipalities
from biotrace.verify.places import (
    ABROAD,
    PREFECTURES,
    Told,
    Untold,
    by_code,
    one_prefecture,
    prefecture_of_text,
    rank_of,
)
from biotrace.verify.places.prefecture import prefecture_of_place

TABLE = municipalities()
DAY = date(2014, 6, 27)


@pytest.mark.parametrize(
    ("text", "prefecture"),
    [
        ("長野県〇〇市大字甲1", "長野県"),
        ("京都府京都市左京区", "京都府"),
        ("東京都", "東京都"),
        ("大町市大字平1", "長野県"),
        ("郡山市湖南町", "福島県"),
        ("東村山郡山辺町1", "山形県"),
        ("南佐久郡川上村大字原", "長野県"),
        ("札幌市中央区北1条", "北海道"),
        ("岩舟町静", "栃木県"),
        ("千葉県〇〇市", "千葉県"),
        ("神奈川縣横浜市", "神奈川県"),
    ],
)
def test_an_address_tells_its_prefecture(text: str, prefecture: str | None) -> None:
    assert prefecture_of_text(text, TABLE, DAY).prefecture == prefecture


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("府中市", Untold.AMBIGUOUS),
        ("伊達市梁川町", Untold.AMBIGUOUS),
        ("川上村", Untold.AMBIGUOUS),
        ("中央区", Untold.AMBIGUOUS),
        ("〇〇市大字甲", Untold.UNKNOWN),
        ("北信森林管理署", Untold.UNKNOWN),
        ("", Untold.NOT_STATED),
        ("　", Untold.NOT_STATED),
    ],
)
def test_what_does_not_tell_says_why(text: str, why: Untold) -> None:
    assert prefecture_of_text(text, TABLE, DAY) == Told(None, why, text if text.strip() else "")


def test_the_day_tells_which_town_of_a_name_was_meant() -> None:
    assert prefecture_of_text("伊達市", TABLE, date(2005, 12, 31)).prefecture == "北海道"
    assert prefecture_of_text("伊達市", TABLE, date(2006, 1, 1)).why is Untold.AMBIGUOUS


def test_without_the_table_only_a_stated_prefecture_tells() -> None:
    assert prefecture_of_text("大町市").why is Untold.UNKNOWN
    assert prefecture_of_text("長野県大町市").prefecture == "長野県"


@pytest.mark.parametrize(
    ("place", "prefecture"),
    [
        (Place("長野県", "〇〇市", "大字甲", parcels=("236-2",)), "長野県"),
        (Place("長野", "大町市"), "長野県"),
        (Place(municipality="大町市", oaza="平"), "長野県"),
        (Place(municipality="長野県大町市"), "長野県"),
        (Place(oaza="長野県大町市大字平"), "長野県"),
        (Place(parcels=("長野県大町市平236-2",)), "長野県"),
        (Place("長野県", "府中市"), "長野県"),
        (Place(municipality="府中市", oaza="甲"), None),
        (Place(municipality="長野県大町市", oaza="群馬県境"), None),
        (Place(parcels=("236-2",)), None),
        (Place(landing="〇〇土場"), None),
    ],
)
def test_a_place_tells_its_prefecture_in_any_box(place: Place, prefecture: str | None) -> None:
    assert prefecture_of_place(place, TABLE, DAY).prefecture == prefecture


NAGANO, GUNMA, FUCHU = Place("長野県", "大町市"), Place("群馬県", "沼田市"), Place(municipality="府中市")


@pytest.mark.parametrize(
    ("places", "prefecture", "why"),
    [
        ((NAGANO,), "長野県", None),
        ((NAGANO, Place(oaza="平", parcels=("1",))), "長野県", None),
        ((NAGANO, Place(municipality="同上", parcels=("2",))), "長野県", None),
        ((NAGANO, GUNMA), None, Untold.SEVERAL),
        ((NAGANO, FUCHU), None, Untold.AMBIGUOUS),
        ((FUCHU,), None, Untold.AMBIGUOUS),
        ((Place(parcels=("1",)),), None, Untold.UNKNOWN),
        ((Place(landing="土場"),), None, Untold.NOT_STATED),
        ((), None, Untold.NOT_STATED),
    ],
)
def test_all_places_of_a_paper_lie_in_one_or_it_is_not_told(
    places: tuple[Place, ...], prefecture: str | None, why: Untold | None
) -> None:
    told = one_prefecture(places, TABLE, DAY)
    assert (told.prefecture, told.why) == (prefecture, why)


def test_several_are_named_from_north_to_south() -> None:
    assert one_prefecture((NAGANO, GUNMA), TABLE).written == "群馬県、長野県"
    assert by_code(["沖縄県", "北海道", "長野県"]) == ["北海道", "長野県", "沖縄県"]
    assert rank_of("沖縄県") < rank_of(ABROAD) < rank_of(None)


def test_there_are_47_and_the_table_knows_no_other() -> None:
    assert len(set(PREFECTURES)) == 47
    for name in PREFECTURES:
        assert prefecture_of_text(f"{name}〇〇市").prefecture == name


def test_wood_from_abroad_has_a_key_of_its_own() -> None:
    assert Told(None, Untold.ABROAD).key == ABROAD
    assert Told(None, Untold.UNKNOWN).key is None
    assert Told("長野県").key == "長野県"


def test_every_reason_is_said_in_both_languages() -> None:
    assert len({why.value.ja for why in Untold}) == len({why.value.en for why in Untold}) == len(Untold)
