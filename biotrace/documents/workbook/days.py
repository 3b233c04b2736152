"""Kinds of columns that hold days and times."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from biotrace.documents.problems import shown
from biotrace.model.dates import PastEraError, parse_date
from biotrace.model.text import Text

from .cells import Cell, CellError, Value
from .kinds import Head

_CLOCK = Text("時刻（8:40、8時40分 など）", "a time such as 8:40")
_DAY = Text(
    "実在する日付（2014/6/27、2014年6月27日、平成26年6月27日、H26.6.27 など）",
    "a real date (2014/6/27, 平成26年6月27日, H26.6.27 or the like)",
)
_WESTERN = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_EIGHT = re.compile(r"(19|20)(\d\d)(\d\d)(\d\d)")
_AFTER = re.compile(r"\s*(\([月火水木金土日]\)|[月火水木金土日]曜日?)?\s*(\d{1,2}\s*[:時]\s*(\d{1,2}分?)?(:\d\d)?)?$")
_FIRST_SERIAL, _LAST_SERIAL = 29_221, 73_415
"""1980 to 2100 as Excel counts days."""
EXCEL_DAY_0 = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Day:
    """A date. ``through``: 平成32年 means 2020, as on papers printed before 2019."""

    through: bool = False
    expected: Text = _DAY
    style: str = "yyyy/mm/dd"
    options: tuple[str, ...] = ()

    def read(self, cell: Cell, head: Head) -> date:  # noqa: ARG002  # the signature of all kinds
        value = cell.value
        if isinstance(value, datetime):
            return self._modern(value.date(), cell)
        if isinstance(value, date):
            return self._modern(value, cell)
        if isinstance(value, int | float) and not isinstance(value, bool) and _FIRST_SERIAL <= value <= _LAST_SERIAL:
            return EXCEL_DAY_0 + timedelta(days=int(value))
        return self._from_text(cell)

    def _modern(self, day: date, cell: Cell) -> date:
        if day.year < 1900:
            raise CellError(shown(cell.text) + Text("は古すぎます", " is too long ago"), self.expected)
        return day

    def _from_text(self, cell: Cell) -> date:
        text = unicodedata.normalize("NFKC", cell.text).strip()
        bare = _AFTER.sub("", text)
        western = _WESTERN.fullmatch(bare) or _EIGHT.fullmatch(bare)
        try:
            if western is not None:
                found = western.groups()
                year, month, day = found if len(found) == 3 else (found[0] + found[1], *found[2:])
                return date(int(year), int(month), int(day))
            return parse_date(bare, read_through_era_end=self.through)
        except PastEraError:
            day = parse_date(bare, read_through_era_end=True)
            raise CellError(
                shown(cell.text) + Text("は元号が終わった後の日付です", " lies after its era ended"),
                self.expected,
                Text(f"確かにその日なら {day} と書いてください", f"if that day is truly meant, write {day}"),
            ) from None
        except (ValueError, OverflowError):
            message = shown(cell.text) + Text("は日付ではありません", " is not a date")
            raise CellError(message, self.expected, self._hint(bare)) from None

    def _hint(self, text: str) -> Text | None:
        if re.fullmatch(r"\d{1,2}[-/.月]\d{1,2}日?", text):
            return Text("年も書いてください", "write the year too")
        if re.fullmatch(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?", text):
            return Text(
                "年が西暦か元号か分かりません。H26.6.27 か 2014/6/27 のように書いてください",
                "it does not say which era or century: write 2014/6/27",
            )
        return None

    def write(self, value: date) -> Value:
        return value


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, kept as "08:40"."""

    expected: Text = _CLOCK
    style: str = "hh:mm"
    options: tuple[str, ...] = ()

    def read(self, cell: Cell, head: Head) -> str:  # noqa: ARG002  # the signature of all kinds
        value = cell.value
        if isinstance(value, datetime | time):
            return f"{value.hour:02}:{value.minute:02}"
        if isinstance(value, timedelta):
            value = value / timedelta(days=1)
        if isinstance(value, float) and 0 <= value < 1:
            minutes = round(value * 24 * 60)
            if minutes < 24 * 60:
                return f"{minutes // 60:02}:{minutes % 60:02}"
        text = unicodedata.normalize("NFKC", cell.text)
        match = re.search(r"(?:^|\s|午前|午後)(\d{1,2})\s*[:時]\s*(\d{1,2})?\s*分?(?::\d\d)?$", text)
        hour, minute = (int(match.group(1)), int(match.group(2) or 0)) if match else (99, 0)
        hour += 12 if "午後" in text and hour < 12 else 0
        if hour > 23 or minute > 59:
            raise CellError(shown(cell.text) + Text("は時刻ではありません", " is not a time of day"), self.expected)
        return f"{hour:02}:{minute:02}"

    def write(self, value: str) -> Value:
        return value
