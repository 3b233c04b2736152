"""Times of the log as days and clock times in Japan."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

TOKYO = timezone(timedelta(hours=9), "Asia/Tokyo")

_CLOCK_TIME = "%Y-%m-%d %H:%M:%S"
_LAST = int(datetime.max.replace(microsecond=0, tzinfo=TOKYO).timestamp())


def day_of(seconds: int) -> date:
    """The day in Japan of a time in seconds since 1970-01-01 UTC."""
    return _local(seconds).date()


def local_time(seconds: int) -> str:
    """The clock time in Japan, such as 2026-11-21 22:30:05."""
    return _local(seconds).strftime(_CLOCK_TIME)


def last_second(day: date) -> int:
    """The last second of a day in Japan, in seconds since 1970-01-01 UTC."""
    return int(datetime.combine(day, time(23, 59, 59), TOKYO).timestamp())


def from_local(text: str) -> int:
    """The time that ``local_time`` would show so. Raises ValueError for any other text."""
    return int(datetime.strptime(text, _CLOCK_TIME).replace(tzinfo=TOKYO).timestamp())


def _local(seconds: int) -> datetime:
    """The nearest time that there is: a database that was tampered with may hold any number."""
    return datetime.fromtimestamp(min(max(seconds, 0), _LAST), UTC).astimezone(TOKYO)
