"""An empty workbook to fill in: headers with notes, one grey example row, and lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .cells import Value
from .columns import Column, Sheet
from .rows import EXAMPLE
from .sheets import LISTS
from .write_csv import csv_files
from .write_xlsx import FONT, add_sheet, put, saved
from .writing import Table, heading

_GREY = Font(name=FONT, italic=True, color="FF9A9A9A")
_NEEDED = PatternFill("solid", fgColor="FFFFE7A8")
ROWS = 1_000
"""Rows in which a list is offered."""
Offered = Mapping[tuple[str, str], Sequence[str]]
"""Words to choose from, by sheet and column, beside those of the columns themselves: names of partners."""
_MARKED = ("name", "seller", "buyer", "site")
"""In one of these, the first that a sheet has, the example row says that it is one."""


def template_xlsx(sheets: Sequence[Sheet], offered: Offered) -> bytes:
    """A workbook with these sheets. Columns that must be filled have a yellow header."""
    book = Workbook()
    book.remove(book.worksheets[0])
    lists: list[tuple[str, Sequence[str]]] = []
    for sheet in sheets:
        made = add_sheet(book, _table(sheet))
        made.auto_filter.ref = None
        for number, column in enumerate(sheet.columns, 1):
            _make_ready(made, number, column, offered.get((sheet.key, column.key), ()), lists)
    _write_lists(book, lists)
    book.active = 0
    return saved(book)


def template_csv(sheet: Sheet, encoding: str) -> bytes:
    """The headers and the example row of one sheet."""
    (data,) = csv_files([_table(sheet)], encoding).values()
    return data


def example(sheet: Sheet) -> tuple[Value, ...]:
    """The example row; the import knows it by its mark and passes it over."""
    marked = next(key for key in _MARKED if key in sheet.by_key)
    return tuple(f"{EXAMPLE}{c.example}" if c.key == marked else c.example for c in sheet.columns)


def _table(sheet: Sheet) -> Table:
    return Table(sheet.title, tuple(map(heading, sheet.columns)), (example(sheet),))


def _make_ready(
    sheet: Worksheet, number: int, column: Column, names: Sequence[str], lists: list[tuple[str, Sequence[str]]]
) -> None:
    """Formats for the rows to come, the example in grey, and the list."""
    letter = get_column_letter(number)
    if column.required:
        sheet.cell(1, number).fill = _NEEDED
    sheet.cell(2, number).font = _GREY
    sheet.column_dimensions[letter].number_format = column.kind.style
    words = tuple(names) or column.kind.options
    if not words:
        return
    position = next((i for i, (_, known) in enumerate(lists) if known == words), len(lists))
    if position == len(lists):
        lists.append((column.title, words))
    source = get_column_letter(position + 1)
    choice = DataValidation("list", f"{LISTS}!${source}$2:${source}${len(words) + 1}", allow_blank=True)
    choice.errorStyle = "warning"
    choice.errorTitle = column.title
    choice.error = "一覧にない語です。このまま入力してよいですか。"
    choice.showErrorMessage = not names  # a new partner is no mistake
    choice.add(f"{letter}3:{letter}{ROWS + 1}")
    sheet.add_data_validation(choice)


def _write_lists(book: Workbook, lists: Sequence[tuple[str, Sequence[str]]]) -> None:
    if not lists:
        return
    sheet: Worksheet = book.create_sheet(LISTS)
    for number, (title, words) in enumerate(lists, 1):
        put(sheet, 1, number, title, "@")
        for row, word in enumerate(words, 2):
            put(sheet, row, number, word, "@")
        sheet.column_dimensions[get_column_letter(number)].width = 30
    sheet.sheet_state = "hidden"
