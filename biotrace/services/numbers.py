"""The next number of a series that a seller runs by the fiscal year: after 26-001 comes 26-002, and 27-001 in April."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from biotrace.verify.stock_book import fiscal_year

_SERIES = re.compile(r"(.*?)(\d{1,4})(\D{1,3}?)(\d+)(\D*)", re.DOTALL)
_COUNTED = re.compile(r"(.*?)(\d+)(\D*)", re.DOTALL)
_HEISEI, _LAST_HEISEI, _REIWA = 1988, 2018, 2018


@dataclass(frozen=True, slots=True)
class _Series:
    """A number taken apart. ``year``: as its fiscal year is written, empty where it names none; ``count``: its last."""

    head: str
    year: str
    between: str
    count: str
    tail: str

    @property
    def text(self) -> str:
        return f"{self.head}{self.year}{self.between}{self.count}{self.tail}"

    def follows(self, other: _Series) -> bool:
        """Whether both are of one series and year."""
        return (self.head, self.year, self.between, self.tail) == (other.head, other.year, other.between, other.tail)


def next_number(day: date, used: Iterable[tuple[date, str]]) -> str:
    """The number after the last one used, for a certificate of ``day``.

    ``used``: dates and numbers of the seller's certificates, in the order in which they were made. Of them the last one
    counts that names its fiscal year (2026-0001, 26-001, 第8-017号), and runs on in it; in a new year its count begins
    at 1. Where none does, the last count goes on (乙-77, 乙-78); without any number, 2026-0001.
    """
    known = list(used)
    taken = {number for _, number in known}
    of_year = [(d, s) for d, number in known if (s := _yearly(d, number)) is not None]
    if of_year:
        last_day, last = of_year[-1]
        year = _written(last.year, _notation(last_day, last.year), fiscal_year(day))
        this = _Series(last.head, year, last.between, last.count, last.tail)
        counts = [int(s.count) for _, s in of_year if s.follows(this)]
        return _free(this, max(counts, default=0), taken)
    counted = [m for _, number in known if (m := _COUNTED.fullmatch(number))]
    if counted:
        head, count, tail = counted[-1].groups()
        return _free(_Series(head, "", "", count, tail), int(count), taken)
    return _free(_Series("", str(fiscal_year(day)), "-", "0000", ""), 0, taken)


def _free(series: _Series, count: int, taken: set[str]) -> str:
    while True:
        count += 1
        text = _Series(series.head, series.year, series.between, str(count).zfill(len(series.count)), series.tail).text
        if text not in taken:
            return text


def _yearly(day: date, number: str) -> _Series | None:
    match = _SERIES.fullmatch(number)
    if match is None:
        return None
    series = _Series(*match.groups())
    return series if _notation(day, series.year) is not None else None


def _notation(day: date, year: str) -> int | None:
    """What is taken off the fiscal year of ``day`` to write it so; None where it is not written here."""
    fiscal = fiscal_year(day)
    return next((off for off in _offsets(fiscal) if int(year) == fiscal - off), None)


def _offsets(fiscal: int) -> Iterator[int]:
    """Western, its last two digits, and the era's."""
    yield from (0, fiscal // 100 * 100)
    yield _HEISEI if fiscal <= _LAST_HEISEI else _REIWA


def _written(like: str, off: int | None, fiscal: int) -> str:
    if off == _HEISEI and fiscal > _LAST_HEISEI:
        off = _REIWA
    return str(fiscal - (off or 0)).zfill(len(like))
