"""Dates as papers write them: 2014-06-27, 平成26年6月27日, H26.6.27, 令和元年5月1日.

Own table: libraries accept 平成32年 without a word, or answer with lists.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from .numerals import ascii_digits

_ERAS: tuple[tuple[str, str, date, date | None], ...] = (
    ("明治", "M", date(1868, 1, 25), date(1912, 7, 29)),
    ("大正", "T", date(1912, 7, 30), date(1926, 12, 24)),
    ("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    ("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    ("令和", "R", date(2019, 5, 1), None),
)
FIRST_DAY = _ERAS[0][2]
"""The first day of Meiji: papers of an earlier day are none that this is about."""
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ERA = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR])\s*(\d{1,3})\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?")


class PastEraError(ValueError):
    """The date lies after its era ended, such as 平成32年."""


def parse_date(text: str, *, read_through_era_end: bool = False) -> date:
    """The day that ``text`` names.

    ``read_through_era_end``: take 平成32年 as 2020, as papers printed before 2019 mean it. Raises PastEraError
    (a ValueError) otherwise, and ValueError for anything that is no date.
    """
    plain = ascii_digits(text.strip().replace("元年", "1年"))
    if iso := _ISO.fullmatch(plain):
        stated = date(*(int(part) for part in iso.groups()))
        if stated < FIRST_DAY:
            raise ValueError(f"{text!r} lies before {_ERAS[0][0]} began: a slip in the year?")
        return stated
    match = _ERA.fullmatch(plain.upper())
    if match is None:
        raise ValueError(f"no date: {text!r}")
    name, year, month, day = match.group(1), *(int(part) for part in match.groups()[1:])
    for kanji, letter, start, end in _ERAS:
        if name not in (kanji, letter):
            continue
        if year < 1:
            raise ValueError(f"no year 0 in an era: {text!r}")
        found = date(start.year + year - 1, month, day)
        if found < start:
            raise ValueError(f"{text!r} lies before {kanji} began ({start.isoformat()})")
        if end is not None and found > end and not read_through_era_end:
            raise PastEraError(f"{text!r} lies after {kanji} ended ({end.isoformat()})")
        return found
    raise AssertionError(name)


def in_era(day: date) -> str:
    """The day in its era, as official forms print it: 平成26年6月27日."""
    for kanji, _, start, _ in reversed(_ERAS):
        if day >= start:
            year = day.year - start.year + 1
            return f"{kanji}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    raise ValueError(f"before Meiji: {day.isoformat()}")


def last_day(first: date, years: int) -> date:
    """The last of so many years that begin with the day ``first`` (民法143条): the day before the same day of its year.

    Where that year has no such day, the last of its month: 28 February for three years from 29 February 2012. Never
    later than ``date.max``.
    """
    year = first.year + years
    if year > date.max.year:
        return date.max
    try:
        return first.replace(year=year) - timedelta(days=1)
    except ValueError:
        return first.replace(year=year, day=28)


def month_before(day: date) -> date:
    """The same day of the month before, or that month's last: 28 February for 31 March of a common year."""
    first = day.replace(day=1)
    if first == date.min:
        return first
    last = first - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))
