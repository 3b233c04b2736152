"""The next number of a seller's series."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biotrace.services.numbers import next_number

NOVEMBER_2014, APRIL_2015, MARCH_2015 = date(2014, 11, 19), date(2015, 4, 1), date(2015, 3, 31)
NOVEMBER_2026, APRIL_2027 = date(2026, 11, 22), date(2027, 4, 1)


@pytest.mark.parametrize(
    ("day", "used", "expected"),
    [
        (NOVEMBER_2014, [], "2014-0001"),
        (MARCH_2015, [], "2014-0001"),
        (NOVEMBER_2014, [(NOVEMBER_2014, "2014-0002")], "2014-0003"),
        (APRIL_2015, [(NOVEMBER_2014, "2014-0002")], "2015-0001"),
        (NOVEMBER_2014, [(NOVEMBER_2014, "26-001")], "26-002"),  # 平成26年度
        (APRIL_2015, [(NOVEMBER_2014, "第26-017号")], "第27-001号"),
        (MARCH_2015, [(NOVEMBER_2014, "第26-017号")], "第26-018号"),
        (NOVEMBER_2026, [(NOVEMBER_2026, "26-001")], "26-002"),  # 2026
        (APRIL_2027, [(NOVEMBER_2026, "26-999")], "27-001"),
        (APRIL_2027, [(NOVEMBER_2026, "令和8-009")], "令和9-001"),
        (NOVEMBER_2026, [(NOVEMBER_2026, "R08-9")], "R08-10"),
        (NOVEMBER_2014, [(NOVEMBER_2014, "2014-9999")], "2014-10000"),
        (NOVEMBER_2014, [(NOVEMBER_2014, "乙-77")], "乙-78"),
        (NOVEMBER_2014, [(NOVEMBER_2014, "A009")], "A010"),
        (NOVEMBER_2014, [(NOVEMBER_2014, "無番")], "2014-0001"),
        # One of another kind in between does not change the series; two of one year run apart.
        (NOVEMBER_2014, [(NOVEMBER_2014, "2014-0002"), (NOVEMBER_2014, "乙-77")], "2014-0003"),
        (NOVEMBER_2014, [(NOVEMBER_2014, "2014-0002"), (NOVEMBER_2014, "26-001")], "26-002"),
        (NOVEMBER_2014, [(NOVEMBER_2014, "26-003"), (NOVEMBER_2014, "26-001")], "26-004"),
    ],
)
def test_numbers_run_on(day: date, used: list[tuple[date, str]], expected: str) -> None:
    assert next_number(day, used) == expected


@given(st.lists(st.tuples(st.dates(date(2012, 6, 18), date(2040, 1, 1)), st.text(min_size=1, max_size=12)), max_size=8))
def test_a_number_is_never_given_twice(used: list[tuple[date, str]]) -> None:
    assert next_number(NOVEMBER_2026, used) not in {number for _, number in used}
