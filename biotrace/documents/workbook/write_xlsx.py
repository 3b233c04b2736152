"""Tables as an xlsx file: numbers of papers as text, nothing that Excel would take for a formula."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from biotrace.model.showing import showable_lines

from .cells import Value
from .kinds import PLAIN
from .writing import Heading, Table

FONT = "游ゴシック"
_HEAD_FILL = PatternFill("solid", fgColor="FFDDEBDD")
_LINE = Border(bottom=Side(style="thin", color="FF7F9F7F"))
_LONGEST = 32_767
"""Characters that a cell of a workbook holds."""
MAX_WIDTH = 48
_LOOKED_AT = 200
"""Rows by whose texts a column is made wide enough."""


def xlsx_bytes(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        add_sheet(book, table)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The workbook as a file."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def add_sheet(book: Workbook, table: Table) -> Worksheet:
    """A sheet with its header frozen, and a filter on it."""
    sheet: Worksheet = book.create_sheet(table.title)
    for number, heading in enumerate(table.headings, 1):
        _write_heading(sheet, number, heading)
    for row_number, row in enumerate(table.rows, 2):
        for number, (value, heading) in enumerate(zip(row, table.headings, strict=True), 1):
            if value is not None:
                put(sheet, row_number, number, value, heading.style)
    sheet.freeze_panes = "B2"
    last = get_column_letter(len(table.headings))
    sheet.auto_filter.ref = f"A1:{last}{max(len(table.rows) + 1, 2)}"
    sheet.row_dimensions[1].height = 32
    for number, heading in enumerate(table.headings, 1):
        texts = (row[number - 1] for row in table.rows[:_LOOKED_AT])
        widest = max((width_of(text) for text in texts if isinstance(text, str)), default=0)
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = min(max(heading.width, width_of(heading.text) + 3, widest + 2), MAX_WIDTH)
    return sheet


def put(sheet: Worksheet, row: int, column: int, value: Value, style: str) -> None:
    """A value in its cell; text is text, whatever it begins with."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # sheets of our own have no merged cells
    cell.number_format = style
    if isinstance(value, str):
        cell.value = showable_lines(value)[:_LONGEST]
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "'")
        if "\n" in value:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        cell.value = int(value) if whole else float(value)
        if whole and style.startswith(("#,##0.", "0.#")):
            cell.number_format = style.split(".")[0] if style != PLAIN else style  # 100. would be shown for 100
    else:
        cell.value = value


def width_of(text: str) -> int:
    """The widest line in half-width characters."""
    return max(sum(2 if unicodedata.east_asian_width(c) in "FWA" else 1 for c in line) for line in text.split("\n"))


def _write_heading(sheet: Worksheet, number: int, heading: Heading) -> None:
    cell = sheet.cell(1, number)
    put(sheet, 1, number, heading.text, "@")
    cell.font = Font(name=FONT, bold=True)
    cell.fill = _HEAD_FILL
    cell.border = _LINE
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    if heading.meaning is not None:
        cell.comment = note(f"{heading.meaning.ja}\n{heading.meaning.en}")


def note(text: str) -> Comment:
    """A comment large enough for its text."""
    comment = Comment(text, "biotrace")
    comment.width = 320
    comment.height = 22 * (2 + sum(1 + width_of(line) // 40 for line in text.split("\n")))
    return comment
