"""A cell as a workbook holds it, and what is wrong with one, cell by cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from biotrace.documents.problems import visible
from biotrace.model.text import Lang, Text

Value = str | int | float | bool | Decimal | datetime | date | time | timedelta | None
"""What a cell can hold."""

_ZEROS = re.compile("0{2,}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell. ``style``: its number format. ``error``: #REF! and such; ``uncalculated``: a formula without value."""

    value: Value = None
    style: str = "General"
    error: bool = False
    uncalculated: bool = False

    @property
    def blank(self) -> bool:
        """Nothing is written in it."""
        return not (self.uncalculated or self.error) and (self.value is None or not self.text)

    @property
    def text(self) -> str:
        """What stands in the cell, without spaces around it; numbers in plain digits, as far as Excel keeps them."""
        value = self.value
        if value is None:
            return ""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int | float | Decimal):
            return self._digits(plain_number(value))
        if isinstance(value, datetime):
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        return str(value).replace("\r\n", "\n").strip()

    def _digits(self, number: Decimal) -> str:
        """With the zeros in front that a format such as 000000 shows."""
        text = f"{number:f}"
        width = len(self.style) if _ZEROS.fullmatch(self.style) else 0
        return text.zfill(width) if number >= 0 and number == number.to_integral_value() else text


BLANK = Cell()


def plain_number(value: int | float | Decimal) -> Decimal:
    """The number with the 15 digits that a spreadsheet keeps: 0.1 + 0.2 is 0.3. Raises ValueError for infinity."""
    if isinstance(value, Decimal):
        return value
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    if not number.is_finite():
        raise ValueError("no number")
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


class CellError(Exception):
    """A cell that cannot be taken: what is wrong, what was expected, what to do. Caught by whoever reads the row."""

    def __init__(self, message: Text, expected: Text | None = None, remedy: Text | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.expected = expected
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a workbook. ``sheet`` None: a csv file has but one. ``column`` counts from 1; None: the whole row."""

    file: str
    sheet: str | None
    row: int
    column: int | None = None
    title: str = ""

    @property
    def address(self) -> str:
        """D12."""
        return f"{letters(self.column or 1)}{self.row}"

    @property
    def where(self) -> Text:
        """シート「入荷」D12（数量）."""
        ja, en = (
            (f"シート「{self.sheet}」", f"sheet {self.sheet} ") if self.sheet is not None else (f"{self.file} ",) * 2
        )
        if self.column is None:
            return Text(f"{ja}{self.row}行目", f"{en}row {self.row}")
        title = f"（{visible(self.title)}）" if self.title else ""
        return Text(
            f"{ja}{self.address}{title}", f"{en}{self.address}" + (f" ({visible(self.title)})" if title else "")
        )


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing to mend, in its place."""

    spot: Spot
    message: Text
    expected: Text | None = None
    remedy: Text | None = None

    def lines(self, lang: Lang) -> list[str]:
        """What is wrong, on one line, and what to do, on a second where there is more to say."""
        line = f"{self.spot.where.get(lang)}: {self.message.get(lang)}"
        if self.expected is not None:
            line += ("。正しい形: " if lang == "ja" else "; expected: ") + self.expected.get(lang)
        more = (
            [] if self.remedy is None else [("  対処: " if lang == "ja" else "  what to do: ") + self.remedy.get(lang)]
        )
        return [line, *more]


def letters(column: int) -> str:
    """1 → A, 27 → AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def form(text: str) -> str:
    """A word for comparison: without width, spaces and line breaks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


def runs(numbers: Iterator[int] | list[int]) -> str:
    """3, 4, 5, 9 → 3–5, 9."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in parts)
