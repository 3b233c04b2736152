"""Dates as papers write them."""

from __future__ import annotations

from datetime import date

import pytest

from biotrace.model.dates import PastEraError, in_era, last_day, month_before, parse_date

READ = [
    ("2014-06-27", date(2014, 6, 27)),
    ("２０１４－０６－２７", date(2014, 6, 27)),
    (" 2014-06-27 ", date(2014, 6, 27)),
    ("平成26年6月27日", date(2014, 6, 27)),
    ("平成２６年６月２７日", date(2014, 6, 27)),
    ("平成二十六年六月二十七日", date(2014, 6, 27)),
    ("平成 26年 6月 27日", date(2014, 6, 27)),
    ("H26.6.27", date(2014, 6, 27)),
    ("h26.6.27", date(2014, 6, 27)),
    ("Ｈ２６．６．２７", date(2014, 6, 27)),
    ("H26-06-27", date(2014, 6, 27)),
    ("H26/6/27", date(2014, 6, 27)),
    ("令和元年5月1日", date(2019, 5, 1)),
    ("R1.5.1", date(2019, 5, 1)),
    ("平成31年4月30日", date(2019, 4, 30)),
    ("平成元年1月8日", date(1989, 1, 8)),
    ("昭和64年1月7日", date(1989, 1, 7)),
    ("昭和元年12月25日", date(1926, 12, 25)),
    ("平成24年2月29日", date(2012, 2, 29)),
]
NO_DATES = [
    *("", "2014", "2014-6-27", "2014/06/27", "27.6.2014", "26年6月27日", "平成26年", "平成26年6月", "来月1日"),
    *("2014-02-29", "平成26年2月29日", "平成26年13月1日", "平成0年1月1日", "平成26年6月27日まで", "2014-06-27T00:00"),
    *("令和元年4月30日", "平成元年1月7日", "X26.6.27"),
]
PAST_THEIR_ERA = [
    ("平成32年3月31日", date(2020, 3, 31)),
    ("H31.5.1", date(2019, 5, 1)),
    ("昭和64年1月8日", date(1989, 1, 8)),
]
SHOWN = [
    (date(2014, 6, 27), "平成26年6月27日"),
    (date(2019, 4, 30), "平成31年4月30日"),
    (date(2019, 5, 1), "令和元年5月1日"),
    (date(2020, 1, 1), "令和2年1月1日"),
    (date(1989, 1, 7), "昭和64年1月7日"),
    (date(1989, 1, 8), "平成元年1月8日"),
]


@pytest.mark.parametrize(("text", "day"), READ)
def test_a_date_is_read(text: str, day: date) -> None:
    assert parse_date(text) == day
    assert parse_date(text, read_through_era_end=True) == day


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_date(text)
    with pytest.raises(ValueError, match=r"."):
        parse_date(text, read_through_era_end=True)


@pytest.mark.parametrize(("text", "day"), PAST_THEIR_ERA)
def test_a_day_past_its_era_is_read_only_where_papers_truly_say_so(text: str, day: date) -> None:
    with pytest.raises(PastEraError):
        parse_date(text)
    assert parse_date(text, read_through_era_end=True) == day


@pytest.mark.parametrize(("day", "text"), SHOWN)
def test_a_day_is_shown_in_its_era_and_reads_back(day: date, text: str) -> None:
    assert in_era(day) == text
    assert parse_date(text) == day


def test_before_meiji_no_era_is_known() -> None:
    with pytest.raises(ValueError, match="Meiji"):
        in_era(date(1868, 1, 24))


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2014, 4, 1), 3, date(2017, 3, 31)),
        (date(2014, 3, 31), 3, date(2017, 3, 30)),
        (date(2012, 2, 28), 3, date(2015, 2, 27)),
        (date(2012, 2, 29), 3, date(2015, 2, 28)),
        (date(2012, 2, 29), 4, date(2016, 2, 28)),
        (date(2012, 3, 1), 3, date(2015, 2, 28)),
        (date(2013, 3, 1), 3, date(2016, 2, 29)),
        (date(2014, 1, 1), 5, date(2018, 12, 31)),
    ],
    ids=str,
)
def test_years_end_on_the_day_before_their_anniversary(first: date, years: int, last: date) -> None:
    assert last_day(first, years) == last


def test_a_month_before_on_the_same_day_or_the_months_last() -> None:
    assert month_before(date(2017, 4, 30)) == date(2017, 3, 30)
    assert month_before(date(2017, 3, 31)) == date(2017, 2, 28)
    assert month_before(date(2017, 1, 15)) == date(2016, 12, 15)


def test_days_at_the_calendars_ends_stay_in_it() -> None:
    assert last_day(date(9998, 1, 1), 3) == date.max
    assert month_before(date(1, 1, 15)) == date.min
