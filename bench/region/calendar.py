"""Working days in Japan, how much happens on each, and the clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from biotrace.services.times import TOKYO

_SUNDAY = 6
_OPENS, _HOURS = time(8), 9
_BUSY = (1.2, 1.2, 1.1, 0.9, 0.9, 0.8, 0.8, 0.8, 0.9, 1.1, 1.2, 1.1)
"""By month: wood is felled and burned most in winter."""
FELLING = (1.6, 1.5, 1.2, 0.9, 0.7, 0.5, 0.5, 0.5, 0.8, 1.2, 1.5, 1.6)
"""By month: how much stock yards hold, against the year's mean."""


def working_days(first: date, last: date) -> list[date]:
    """Every day but Sundays and the days around New Year."""
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() != _SUNDAY and not _new_year(day)]


def _new_year(day: date) -> bool:
    return (day.month, day.day) >= (12, 30) or (day.month, day.day) <= (1, 3)


def shares(days: list[date]) -> list[float]:
    """For each day, the share of all that has happened by its end; 1 for the last."""
    done, total = [], 0.0
    for day in days:
        total += _BUSY[day.month - 1]
        done.append(total)
    return [part / total for part in done]


def opening(day: date) -> int:
    """When the day's work begins, in seconds since 1970-01-01 UTC."""
    return int(datetime.combine(day, _OPENS, TOKYO).timestamp())


def second(day: date, part: float) -> int:
    """A time of the working day; ``part`` from 0 to 1, and never beyond its end."""
    return opening(day) + int(min(part, 1.0) * _HOURS * 3600)


def month_before(day: date) -> date:
    """First day of the month before."""
    return (day.replace(day=1) - timedelta(1)).replace(day=1)
