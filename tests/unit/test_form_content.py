"""Values as the forms write them."""

from dataclasses import replace
from datetime import date

import pytest

from biotrace.documents.forms.content import Row, area_text, origin_text, permit_lines, places_entry
from biotrace.documents.forms.page import PageData
from biotrace.model.certificate import Certificate, Form, Origin, Permit
from biotrace.model.document import Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party
from biotrace.model.place import Place
from biotrace.model.quantity import Quantity, Unit

FELLING = Certificate(
    id="c-1",
    form=Form.F1_PRIVATE,
    fuel_class=FuelClass.THINNED,
    date=date(2014, 6, 27),
    seller="kousei",
    quantity=Quantity(2_575_000_000, Unit.M3),
)
KOUSEI = Party("kousei", "甲成林産有限会社", ())
PAGE = PageData(seller=KOUSEI, buyer=None, issuer=KOUSEI, record_id="ab12" * 16, qr_text="BT1:X")


@pytest.mark.parametrize(
    ("origins", "includes_weeding", "expected"),
    [
        ((Origin.THINNING,), False, "間伐材"),
        ((Origin.THINNING,), True, "間伐材（除伐によるものを含む。）"),
        ((Origin.THINNING, Origin.WEEDING), False, "間伐材（除伐によるものを含む。）"),
        ((Origin.WEEDING,), False, "間伐材（除伐によるもの）"),
        ((Origin.WEEDING,), True, "間伐材（除伐によるもの）"),
        ((Origin.MANAGEMENT_PLAN,), False, "森林経営計画対象森林から出材された木材"),
        (
            (Origin.THINNING, Origin.PROTECTION_FOREST),
            False,
            "間伐材、保安林から出材された木材",
        ),
        ((), False, "（記載なし）"),
    ],
)
def test_kinds_of_origin(origins: tuple[Origin, ...], includes_weeding: bool, expected: str) -> None:
    certificate = replace(FELLING, origins=origins, includes_weeding=includes_weeding)
    assert origin_text(certificate) == expected


@pytest.mark.parametrize(
    ("square_metres", "expected"),
    [(236_110, "23.6110 ha"), (6_000, "0.60 ha"), (1, "0.0001 ha"), (12_345_600, "1,234.56 ha")],
)
def test_area_in_hectares(square_metres: int, expected: str) -> None:
    assert area_text(square_metres) == expected


def test_permit_data_that_is_partly_missing_says_what_is_missing() -> None:
    assert permit_lines(Permit(date(2014, 5, 7), "北信林業事務所"), PAGE) == (
        "年月日　平成26年5月7日",
        "発行者　北信林業事務所",
        "番号　　（記載なし）",
    )
    assert permit_lines(None, PAGE) == ("（記載なし）",)


def test_an_annex_has_a_row_for_each_parcel_compartment_and_landing() -> None:
    places = (
        Place("長野県", "飯山市", "大字甲", "字乙", ("236-2", "237-2"), ("12い-3",), "鍋倉土場"),
        Place("長野県", "飯山市"),
        Place(annex=True),
    )
    area = "長野県飯山市大字甲字乙"
    assert places_entry(replace(FELLING, locations=places)).rows == (
        Row(area, "236-2"),
        Row(area, "237-2"),
        Row(area, "12い-3"),
        Row(area, "土場: 鍋倉土場"),
        Row("長野県飯山市", "（記載なし）"),
        Row("別紙に記載（別紙の内容は記録されていない）", ""),
    )


def test_dates_stand_in_their_era_or_by_setting_in_western_years() -> None:
    western = replace(PAGE, western_dates=True)
    assert PAGE.day(date(2019, 5, 1)) == "令和元年5月1日"
    assert western.day(date(2019, 5, 1)) == "2019年5月1日"
    assert permit_lines(Permit(date(2014, 5, 7)), western)[0] == "年月日　2014年5月7日"
    assert western.period(Period(None, date(2014, 6, 20))) == "～2014年6月20日"
