"""Times of the log as days and clock times in Japan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

TOKYO = timezone(timedelta(hours=9), "Asia/Tokyo")


def day_of(seconds: int) -> date:
    """The day in Japan of a time in seconds since 1970-01-01 UTC."""
    return _local(seconds).date()


def local_time(seconds: int) -> str:
    """The clock time in Japan, such as 2026-11-21 22:30:05."""
    return _local(seconds).strftime("%Y-%m-%d %H:%M:%S")


def _local(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(TOKYO)
