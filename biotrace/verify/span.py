"""Spans of days: fiscal years from April to March, months, and anything between two days."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Span:
    """From its first day to its last. Raises ValueError for one that ends before it begins."""

    start: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.start:
            raise ValueError(f"{self.until} lies before {self.start}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.until

    def __str__(self) -> str:
        return f"{self.start} – {self.until}"

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of every month that any day of it lies in."""
        first, last = (day.year * MONTHS_A_YEAR + day.month - 1 for day in (self.start, self.until))
        return tuple(date(n // MONTHS_A_YEAR, n % MONTHS_A_YEAR + 1, 1) for n in range(first, last + 1))


def fiscal_span(year: int) -> Span:
    """The fiscal year (年度) that begins in ``year``: 1 April to 31 March."""
    return Span(date(year, 4, 1), date(year + 1, 3, 31))


def month_span(day: date) -> Span:
    """The month that a day lies in."""
    return Span(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))
