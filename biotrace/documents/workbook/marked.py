"""A copy of a workbook in which the cells to mend are red and say why."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from .cells import CellProblem
from .open_csv import open_csv
from .open_xlsx import is_xlsx
from .write_xlsx import note, put, saved

_RED = PatternFill("solid", fgColor="FFFFC7CE")


def marked_copy(data: bytes, name: str, problems: Sequence[CellProblem]) -> bytes:
    """The workbook, or the csv file as one, with a red cell and a comment for each problem.

    Pictures and charts are not carried over. Raises UnreadableError as reading does.
    """
    book = _opened(data) if is_xlsx(data) else _of_csv(data, name)
    said: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        title = problem.spot.sheet if problem.spot.sheet is not None else book.worksheets[0].title
        said.setdefault((title, problem.spot.address), []).extend(_words(problem))
    for (title, address), lines in said.items():
        _mark(book[title], address, "\n".join(lines))
    return saved(book)


def _opened(data: bytes) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that it leaves out
        return load_workbook(io.BytesIO(data))


def _of_csv(data: bytes, name: str) -> Workbook:
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    for row, cells in open_csv(data, name).rows.items():
        for column, cell in cells.items():
            put(sheet, row, column, cell.text, "@")
    return book


def _mark(sheet: Worksheet, address: str, text: str) -> None:
    cell = sheet[address]
    if isinstance(cell, MergedCell):  # only the first of merged cells can hold a comment
        whole = next(found for found in sheet.merged_cells.ranges if address in found)
        cell = sheet.cell(whole.min_row, whole.min_col)
    cell.fill = _RED
    before = f"{cell.comment.text}\n" if cell.comment is not None else ""
    cell.comment = note(before + text)


def _words(problem: CellProblem) -> list[str]:
    lines = [problem.message.ja]
    if problem.expected is not None:
        lines.append(f"正しい形: {problem.expected.ja}")
    if problem.remedy is not None:
        lines.append(f"対処: {problem.remedy.ja}")
    return lines
