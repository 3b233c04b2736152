"""Single cells of a workbook, as people really fill them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from biotrace.documents.workbook.amounts import (
    CUBIC_METRES,
    HECTARES,
    MOISTURE,
    YEARS,
    YEN,
    Amount,
    Measured,
    Share,
)
from biotrace.documents.workbook.cells import Cell, CellError, CellProblem, Spot, letters, runs
from biotrace.documents.workbook.days import Clock, Day
from biotrace.documents.workbook.kinds import Choice, Choices, Code, Flag, Head, Kind, Line, Lines, Names
from biotrace.documents.workbook.sheet_parties import CorporateNumber, is_corporate_number
from biotrace.documents.workbook.words import CLASSES, DOCUMENT_KINDS, FORMS, GOODS, ORIGINS, UNITS
from biotrace.model.certificate import Form, Goods, Origin
from biotrace.model.document import DocumentKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Unit
from biotrace.model.text import same

CLASS, FORM, UNIT = Choice(CLASSES), Choice(FORMS), Choice(UNITS)
T, M3 = Head("重量(t)", "t"), Head("材積(m3)", "m3")
PERCENT = Head("含水率（%）", "%")


def read(kind: Kind, value: Any, head: Head | None = None, style: str = "General") -> Any:
    """What a cell says, or why it cannot be taken, in Japanese."""
    try:
        return kind.read(Cell(value, style), head or Head())
    except CellError as error:
        return error.message.ja


@pytest.mark.parametrize(
    "value",
    [
        "平成26年6月27日",
        "平成２６年６月２７日",
        "H26.6.27",
        "Ｈ２６．６．２７",
        "h26/6/27",
        "2014/6/27",
        "2014-06-27",
        "２０１４／６／２７",
        "2014年6月27日",
        "2014.6.27",
        "20140627",
        20140627,
        41817,
        41817.5,
        "2014/6/27(金)",
        "2014年6月27日 金曜日",
        "平成26年6月27日 8時40分",
        " 2014/6/27 ",
        date(2014, 6, 27),
        datetime(2014, 6, 27, 8, 40),
    ],
)
def test_one_day_in_many_dresses(value: Any) -> None:
    assert read(Day(), value) == date(2014, 6, 27)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("31/13/2026", "「31/13/2026」は日付ではありません"),
        ("6/27", "「6/27」は日付ではありません"),
        ("26.6.27", "「26.6.27」は日付ではありません"),
        ("6/27/2014", "「6/27/2014」は日付ではありません"),
        ("2014/2/30", "「2014/2/30」は日付ではありません"),
        ("平成32年1月1日", "「平成32年1月1日」は元号が終わった後の日付です"),
        ("6月末", "「6月末」は日付ではありません"),
        (26, "「26」は日付ではありません"),
        (True, "「TRUE」は日付ではありません"),
        (time(8, 40), "「08:40:00」は日付ではありません"),
    ],
)
def test_what_is_no_day(value: Any, said: str) -> None:
    assert read(Day(), value) == said


def test_a_day_without_year_or_era_is_asked_for() -> None:
    for value, remedy in (("6/27", "年も書いてください"), ("26.6.27", "年が西暦か元号か分かりません")):
        with pytest.raises(CellError) as caught:
            Day().read(Cell(value), Head())
        assert caught.value.remedy is not None
        assert remedy in caught.value.remedy.ja


def test_the_end_of_a_paper_printed_before_2019_is_read_through() -> None:
    assert read(Day(through=True), "平成32年3月31日") == date(2020, 3, 31)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("8:40", "08:40"),
        ("８：４０", "08:40"),
        ("8時40分", "08:40"),
        ("午後1時5分", "13:05"),
        ("8時", "08:00"),
        (time(8, 40), "08:40"),
        (datetime(2014, 11, 19, 8, 40), "08:40"),
        (timedelta(hours=8, minutes=40), "08:40"),
        (0.3611111111, "08:40"),
        ("24:00", "「24:00」は時刻ではありません"),
        ("朝", "「朝」は時刻ではありません"),
        (8, "「8」は時刻ではありません"),
    ],
)
def test_times(value: Any, expected: str) -> None:
    assert read(Clock(), value) == expected


@pytest.mark.parametrize(
    ("value", "head", "expected"),
    [
        (6.58, None, Measured(Decimal("6.58"))),
        (0.1 + 0.2, None, Measured(Decimal("0.3"))),
        (7, None, Measured(Decimal(7))),
        ("6.58 t", None, Measured(Decimal("6.58"), Unit.T)),
        ("６．５８ｔ", None, Measured(Decimal("6.58"), Unit.T)),
        ("28,500kg", None, Measured(Decimal(28500), Unit.KG)),
        ("28，500㎏", None, Measured(Decimal(28500), Unit.KG)),
        ("2,575 ㎥", None, Measured(Decimal(2575), Unit.M3)),
        ("2575m³", None, Measured(Decimal(2575), Unit.M3)),
        ("2575立米", None, Measured(Decimal(2575), Unit.M3)),
        ("12 ㎥（チップ層積）", None, Measured(Decimal(12), Unit.M3_LOOSE)),
        (6.58, T, Measured(Decimal("6.58"), Unit.T)),
        ("6.58トン", T, Measured(Decimal("6.58"), Unit.T)),
        (".5", M3, Measured(Decimal("0.5"), Unit.M3)),
        ("6.58 t", M3, "「6.58 t」の単位は t ですが、見出しは ㎥ です"),
        ("6.58 斤", None, "「斤」という語は使えません"),
        ("約6.5t", None, "「約6.5t」は数として読めません"),
        ("1,23", None, "「,23」という語は使えません"),
        (0, None, "「0」は範囲の外です"),
        ("-5t", None, "「-5t」は範囲の外です"),
        (10_000_001, None, "「10000001」は範囲の外です"),
        (date(2014, 6, 5), None, "「2014-06-05」は数ではありません（日付などになっています）"),
        (True, None, "「TRUE」は数ではありません（日付などになっています）"),
        ("なし", None, "「なし」は数として読めません"),
    ],
)
def test_quantities(value: Any, head: Head | None, expected: object) -> None:
    assert read(Amount(), value, head) == expected


@pytest.mark.parametrize(
    ("value", "head", "style", "expected"),
    [
        (0.42, None, "General", 4200),
        (0.42, None, "0%", 4200),
        ("42%", None, "General", 4200),
        ("４２％", None, "General", 4200),
        (42, None, "General", 4200),
        (42, PERCENT, "General", 4200),
        ("42", PERCENT, "General", 4200),
        (38.25, PERCENT, "General", 3825),
        (0, PERCENT, "General", 0),
        (0.42, PERCENT, "0.0%", 4200),
        (0.42, PERCENT, "General", "「0.42」は、百分率の列にしては小さすぎます"),
        (100, PERCENT, "General", "「100」は範囲の外です"),
        (-1, None, "General", "「-1」は範囲の外です"),
        ("38.255%", None, "General", "「38.255%」は範囲の外です"),
        ("42度", None, "General", "「42度」は割合として読めません"),
    ],
)
def test_moisture(value: Any, head: Head | None, style: str, expected: object) -> None:
    assert read(MOISTURE, value, head, style) == expected


def test_a_felling_rate_may_be_all_of_it() -> None:
    assert read(Share(whole=True), "100%") == 10_000


@pytest.mark.parametrize(
    ("kind", "value", "head", "expected"),
    [
        (HECTARES, 0.6, None, 6_000),
        (HECTARES, "23.6110ha", None, 236_110),
        (HECTARES, "0.60 ヘクタール", None, 6_000),
        (HECTARES, 60, Head("面積(a)", "a"), 6_000),
        (HECTARES, "6000㎡", None, 6_000),
        (HECTARES, "1.23456", None, "「1.23456」は読めません"),
        (HECTARES, "1町", None, "「1町」は読めません"),
        (CUBIC_METRES, "2,575 m3", None, 2_575_000_000),
        (YEARS, "45年", None, 45),
        (YEARS, 45.5, None, "「45.5」は読めません"),
        (YEN, "12,000円", None, 12_000),
    ],
)
def test_other_measures(kind: Kind, value: Any, head: Head | None, expected: object) -> None:
    assert read(kind, value, head) == expected


@pytest.mark.parametrize(
    ("value", "style", "expected"),
    [
        ("第26-017号", "@", "第26-017号"),
        (26, "General", "26"),
        (26.0, "General", "26"),
        (10104, "000000", "010104"),
        ("010104", "@", "010104"),
        ("=1+1", "@", "=1+1"),
        (datetime(2026, 1, 26), "m月d日", "「2026-01-26」は、Excel が番号を日付に変えたもののようです"),
        (1.2345678901234567e17, "0", "「123456789012346000」は桁が多すぎて、Excel が数を丸めています"),
        ("a\x07b", "@", "目に見えない制御文字 U+0007 が混じっています"),
        ("x" * 2_001, "@", "長すぎます（2001 文字）"),
    ],
)
def test_numbers_of_papers(value: Any, style: str, expected: str) -> None:
    assert read(Code(), value, style=style) == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (CLASS, "間伐材等由来の木質バイオマス", FuelClass.THINNED),
        (CLASS, "①.間伐材等由来(32円/kwh対象材)", FuelClass.THINNED),
        (CLASS, "2. 一般木質バイオマス(24円/kwh対象材)", FuelClass.GENERAL),
        (CLASS, " 未利用材 ", FuelClass.THINNED),
        (CLASS, "thinned", FuelClass.THINNED),
        (CLASS, "間伐財", "「間伐財」という語は使えません"),
        (FORM, "別記2-1", Form.F2_1),
        (FORM, "２－１", Form.F2_1),
        (FORM, "1-private", Form.F1_PRIVATE),
        (FORM, datetime(2026, 2, 1), Form.F2_1),  # Excel made a date of 2-1
        (FORM, datetime(2026, 1, 2), Form.F1_2),
        (FORM, datetime(2026, 6, 27), "「6-27」という語は使えません"),
        (UNIT, "㎥", Unit.M3),
        (UNIT, "トン", Unit.T),
        (UNIT, "㌧", Unit.T),
        (Choice(GOODS), "①.切削チップ", Goods.CUTTING_CHIPS),
        (Choice(DOCUMENT_KINDS), "保安林内間伐届", DocumentKind.PROTECTION_THINNING_NOTICE),
        (Choices(ORIGINS), "間伐材、保安林", (Origin.THINNING, Origin.PROTECTION_FOREST)),
        (Choices(ORIGINS), "なし", ()),
        (Choices(ORIGINS), "間伐材、火星", "「火星」という語は使えません"),
        (Flag(), "○", True),
        (Flag(), "×", False),
        (Flag(), True, True),
        (Flag(), "たぶん", "「たぶん」は はい・いいえ ではありません"),
        (Names(), "①スギ・ヒノキ", ("①スギ", "ヒノキ")),
        (Names(), "杉、 桧\n杉", ("杉", "桧")),
        (Lines(), "236-2\n237-1", ("236-2", "237-1")),
        (Line(), "　甲林産　", "甲林産"),
    ],
)
def test_words(kind: Kind, value: Any, expected: object) -> None:
    assert read(kind, value) == expected


def test_corporate_numbers_have_a_check_digit() -> None:
    assert is_corporate_number("5000012080001")  # 林野庁
    kind = CorporateNumber(same("13"))
    assert read(kind, 5000012080001) == "5000012080001"
    assert read(kind, "5000-01-2080001") == "5000012080001"
    assert read(kind, "５０００012080001") == "5000012080001"
    assert read(kind, "6000012080001") == "「6000012080001」は法人番号ではありません"
    assert read(kind, "123") == "「123」は法人番号ではありません"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Day(), date(2014, 6, 27)),
        (Clock(), "08:40"),
        (MOISTURE, 4_225),
        (HECTARES, 236_110),
        (CUBIC_METRES, 2_575_123_456),
        (Flag(), False),
        (Names(), ("スギ", "ヒノキ")),
        (Choices(ORIGINS), (Origin.WEEDING, Origin.OFFCUTS)),
        *((Choice(CLASSES), value) for value in FuelClass),
        *((Choice(FORMS), value) for value in Form),
        *((Choice(UNITS), value) for value in Unit),
        *((Choice(DOCUMENT_KINDS), value) for value in DocumentKind),
    ],
)
def test_what_is_written_is_read_again(kind: Kind, value: Any) -> None:
    assert kind.read(Cell(kind.write(value)), Head("", "%" if kind is MOISTURE else "")) == value


def test_places_are_named_as_excel_does() -> None:
    assert [letters(n) for n in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]
    assert Spot("a.xlsx", "入荷", 12, 4, "数量").where.ja == "シート「入荷」D12（数量）"
    assert Spot("a.csv", None, 12, 4, "数量").where.en == "a.csv D12 (数量)"
    assert Spot("a.xlsx", "入荷", 12).where.ja == "シート「入荷」12行目"
    assert runs([9, 3, 5, 4]) == "3–5, 9"


def test_a_problem_says_where_what_and_what_to_do_in_both_languages() -> None:
    problem = CellProblem(Spot("a.xlsx", "入荷", 12, 4), same("x"), same("y"), same("z"))
    assert problem.lines("ja") == ["シート「入荷」D12: x。正しい形: y", "  対処: z"]
    assert problem.lines("en") == ["sheet 入荷 D12: x; expected: y", "  what to do: z"]
