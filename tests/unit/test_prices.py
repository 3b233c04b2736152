"""What a kWh is paid: bounds of output, years, the day in 2017; what has no row has no price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from biotrace.model.fuel_class import FuelClass
from biotrace.services.shipped import fit_prices
from biotrace.verify.prices import Approval, NotPriced, Price, price_table

THINNED, GENERAL = FuelClass.THINNED, FuelClass.GENERAL
OTHER_WASTE, WASTE = FuelClass.GENERAL_WASTE, FuelClass.CONSTRUCTION_WASTE


def price(approval: Approval | int, fuel_class: FuelClass, kw: str) -> Price | NotPriced:
    """As the shipped tables have it."""
    when = Approval(approval) if isinstance(approval, int) else approval
    return fit_prices().price(when, fuel_class, Decimal(kw))


@pytest.mark.parametrize(
    ("year", "fuel_class", "kw", "yen"),
    [
        (2013, THINNED, "1999", 32),
        (2014, GENERAL, "50000", 24),
        (2014, WASTE, "1", 13),
        (2015, THINNED, "1999", 40),
        (2015, THINNED, "1999.999", 40),
        (2015, THINNED, "2000", 32),
        (2016, THINNED, "2000.001", 32),
        (2016, OTHER_WASTE, "5000", 17),
        (2016, WASTE, "5000", 13),
        (2017, THINNED, "1999", 40),
        (2017, GENERAL, "19999.9", 24),
        (2018, GENERAL, "9999", 24),
        (2023, THINNED, "2000", 32),
    ],
)
def test_the_row_of_the_year_class_and_output(year: int, fuel_class: FuelClass, kw: str, yen: int) -> None:
    found = price(year, fuel_class, kw)
    assert isinstance(found, Price)
    assert found.low == found.high == yen
    assert not found.is_range
    assert found.sources.endswith("[seen]")


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2015, 3, 31), 2014), (date(2015, 4, 1), 2015), (date(2016, 3, 31), 2015), (date(2016, 12, 31), 2016)],
)
def test_a_day_is_of_its_fiscal_year(day: date, year: int) -> None:
    assert Approval.on(day) == Approval(year, day)


def test_forty_yen_began_on_the_first_of_april_2015() -> None:
    before, after = (price(Approval.on(day), THINNED, "1990") for day in (date(2015, 3, 31), date(2015, 4, 1)))
    assert isinstance(before, Price)
    assert isinstance(after, Price)
    assert before.low == 32
    assert after.low == 40


@pytest.mark.parametrize(
    ("day", "low", "high"),
    [
        (date(2017, 4, 1), 24, 24),
        (date(2017, 9, 30), 24, 24),
        (date(2017, 10, 1), 21, 21),
        (date(2018, 3, 31), 21, 21),
        (None, 21, 24),
    ],
)
def test_in_2017_the_day_decides_and_without_it_both_are_told(day: date | None, low: int, high: int) -> None:
    found = price(Approval(2017, day), GENERAL, "20000")
    assert isinstance(found, Price)
    assert found.low == low
    assert found.high == high
    assert found.is_range is (day is None)
    assert found.said == ("21–24" if day is None else str(low))


@pytest.mark.parametrize(
    ("year", "fuel_class", "kw", "why"),
    [
        (2012, THINNED, "5000", "no table for fiscal year 2012"),
        (2019, GENERAL, "5000", "no table for fiscal year 2019"),
        (2024, THINNED, "5000", "no table for fiscal year 2024"),
        (2017, WASTE, "5000", "no table, that of fiscal year 2017 has no row"),
        (2018, WASTE, "5000", "no table, that of fiscal year 2018 has no row"),
        (2015, OTHER_WASTE, "5000", "no table, that of fiscal year 2015 has no row"),
        (2018, GENERAL, "10000", "by tender"),
        (2022, GENERAL, "10000", "by tender"),
    ],
)
def test_without_a_row_there_is_no_price_and_it_says_why(year: int, fuel_class: FuelClass, kw: str, why: str) -> None:
    found = price(year, fuel_class, kw)
    assert isinstance(found, NotPriced)
    assert found.why.en.startswith("not priced: ")
    assert why in found.why.en
    assert found.why.ja.startswith("単価なし: ")


def test_no_class_is_paid_more_than_the_one_above_it() -> None:
    """A class never rises, so an overpayment is never below 0: as long as prices fall with the class."""
    for year in range(2012, 2026):
        for kw in ("1", "1999.9", "2000", "9999", "10000", "19999", "20000", "75000"):
            known = [found for c in FuelClass if isinstance(found := price(year, c, kw), Price)]
            assert all(higher.low >= lower.high for higher, lower in pairwise(known)), (year, kw)


def test_rows_do_not_overlap() -> None:
    """Of one day no output has two prices."""
    table = fit_prices()
    for year in table.years:
        for day in (date(year, 4, 1), date(year, 9, 30), date(year, 10, 1), date(year + 1, 3, 31)):
            for fuel_class in FuelClass:
                for kw in ("1", "1999.9", "2000", "9999", "10000", "19999", "20000"):
                    found = table.price(Approval.on(day), fuel_class, Decimal(kw))
                    assert isinstance(found, NotPriced) or len(found.rows) == 1


def test_a_row_that_is_none_is_refused() -> None:
    row = {"approval_fiscal_year": "2016", "class": "wood", "output_kw_min": "0"}
    with pytest.raises(ValueError, match="wood"):
        price_table([row])
