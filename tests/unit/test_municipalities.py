"""The table of municipalities that the product ships, and looking names up in it."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from biotrace.services.shipped import municipalities
from biotrace.verify.places import NO_TABLE
from biotrace.verify.places.municipalities import one_municipality

DATA = Path(__file__).resolve().parents[2] / "data"
ROWS = list(csv.DictReader((DATA / "municipalities.csv").read_text(encoding="utf-8").splitlines()))
TABLE = municipalities()
WARD = re.compile("市(?!市).+区$")

CHANGED = [
    ("岩手県", "岩手郡滝沢村", "滝沢市", date(2014, 1, 1)),
    ("宮城県", "黒川郡富谷町", "富谷市", date(2016, 10, 10)),
    ("栃木県", "下都賀郡岩舟町", "栃木市", date(2014, 4, 5)),
    ("埼玉県", "南埼玉郡白岡町", "白岡市", date(2012, 10, 1)),
    ("千葉県", "山武郡大網白里町", "大網白里市", date(2013, 1, 1)),
    ("愛知県", "愛知郡長久手町", "長久手市", date(2012, 1, 4)),
    ("兵庫県", "篠山市", "丹波篠山市", date(2019, 5, 1)),
    ("福岡県", "筑紫郡那珂川町", "那珂川市", date(2018, 10, 1)),
    ("静岡県", "浜松市浜北区", "浜松市浜名区", date(2024, 1, 1)),
]
"""Every municipality that changed its name or ceased from 2012 on, and one of the wards that did."""


def test_what_stands_today_is_all_of_japan() -> None:
    standing = [row for row in ROWS if not row["ended"]]
    towns = [row for row in standing if not WARD.search(row["name"])]
    special_wards = [row for row in towns if row["prefecture"] == "東京都" and row["name"].endswith("区")]
    # 総務省: 1,718 municipalities since 2014-04-05, and 23 special wards. The six villages of the north are left out.
    assert (len(towns) - len(special_wards), len(special_wards)) == (1718, 23)
    assert len({row["code"] for row in standing}) == len(standing)


def test_what_ended_belongs_to_something_that_stands() -> None:
    standing = {row["code"] for row in ROWS if not row["ended"]}
    for row in ROWS:
        assert bool(row["ended"]) == bool(row["today"]), row
        assert set(filter(None, row["today"].split("/"))) <= standing, row
        assert not (row["from"] and row["ended"]) or row["from"] < row["ended"], row
        assert re.fullmatch(r"\d{5}", row["code"]), row


def test_every_row_names_its_source_and_the_readme_says_what_it_is() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    for source in {part for row in ROWS for part in row["source"].split(", ")}:
        assert f"`{source}`" in readme


def test_the_changes_since_2012_are_these() -> None:
    ended = {row["name"] for row in ROWS if row["ended"] >= "2012" and not row["name"].startswith("浜松市")}
    assert ended == {name for _, name, _, _ in CHANGED if not name.startswith("浜松市")} | {"熊本市"}


@pytest.mark.parametrize(("prefecture", "old", "new", "day"), CHANGED)
def test_an_old_name_and_the_new_one(prefecture: str, old: str, new: str, day: date) -> None:
    before = date(day.year - 1, day.month, 1)
    assert [m.ended for m in TABLE.resolve(prefecture, old, before)] == [day]
    assert one_municipality(TABLE, (prefecture, old, before), (prefecture, new, day)) is not None
    assert one_municipality(TABLE, (prefecture, new, day), (prefecture, old, before)) is not None
    assert one_municipality(TABLE, (prefecture, old, day), (None, new, None)) is not None
    assert one_municipality(NO_TABLE, (prefecture, old, before), (prefecture, new, day)) is None


def test_a_town_is_not_part_of_a_city_before_the_merger() -> None:
    old, then, later = ("栃木県", "岩舟町", date(2013, 6, 1)), date(2014, 4, 4), date(2014, 4, 5)
    assert one_municipality(TABLE, old, ("栃木県", "栃木市", then)) is None
    assert one_municipality(TABLE, old, ("栃木県", "栃木市", later)) is not None


def test_two_towns_that_became_one_city_are_two() -> None:
    assert one_municipality(TABLE, ("栃木県", "岩舟町", None), ("栃木県", "大平町", None)) is None


def test_a_name_that_was_borne_twice_is_looked_up_by_day() -> None:
    old, new = TABLE.resolve("静岡県", "浜松市", date(2004, 1, 1)), TABLE.resolve("静岡県", "浜松市", date(2014, 1, 1))
    assert [(m.code, m.ended) for m in (*old, *new)] == [("22202", date(2007, 4, 1)), ("22130", None)]
    assert len(TABLE.resolve("静岡県", "浜松市")) == 2


def test_an_old_name_on_a_later_paper_is_who_bore_it_last() -> None:
    assert [m.code for m in TABLE.resolve("静岡県", "天竜市", date(2020, 1, 1))] == ["22217"]


@pytest.mark.parametrize(
    ("prefecture", "name", "found"),
    [
        ("長野県", "北佐久郡軽井沢町", 1),
        ("長野県", "軽井沢町", 1),
        ("岐阜県", "軽井沢町", 0),
        (None, "府中市", 2),
        ("東京都", "府中市", 1),
        ("高知県", "檮原町", 1),
        ("高知県", "高岡郡梼原町", 1),
        ("茨城県", "竜ヶ崎市", 1),
        ("岐阜県", "郡上市", 1),
        (None, "みどり沢町", 0),
    ],
)
def test_a_name_in_any_form(prefecture: str | None, name: str, found: int) -> None:
    assert len([m for m in TABLE.resolve(prefecture, name, date(2026, 1, 1)) if m.ended is None]) == found
