"""A report as an xlsx file or a csv file."""

from __future__ import annotations

import re
from datetime import date

from biotrace.documents.workbook.cells import Value
from biotrace.documents.workbook.write_csv import csv_files
from biotrace.documents.workbook.write_xlsx import xlsx_bytes
from biotrace.documents.workbook.writing import Heading
from biotrace.documents.workbook.writing import Table as Written
from biotrace.model.showing import showable
from biotrace.model.text import Lang, Text, same

from .report import Cell, Column, Kind, Report, Table

_ABOUT = Text("説明", "about")
_WIDTH = {Kind.TEXT: 18, Kind.DAY: 12, Kind.COUNT: 9}
_NUMBER_WIDTH = 14
_SHEET_NAME = 31
"""Characters that Excel allows for the name of a sheet."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]+")


def xlsx(report: Report, lang: Lang) -> bytes:
    """A sheet for each table, one for the records behind them, and one that says what it is."""
    tables = [_written(table, lang) for table in (*report.tables, report.evidence)]
    return xlsx_bytes([*tables, _about(report, lang)])


def csv(report: Report, lang: Lang) -> bytes:
    """The main table alone, as UTF-8 that Excel knows."""
    (data,) = csv_files([_written(report.tables[report.main], lang)], "utf-8-sig").values()
    return data


def _written(table: Table, lang: Lang) -> Written:
    headings = tuple(_heading(column, lang) for column in table.columns)
    rows = tuple(
        tuple(_value(cell, column, lang) for cell, column in zip(row, table.columns, strict=True)) for row in table.rows
    )
    return Written(_NOT_IN_NAMES.sub(" ", showable(table.title.get(lang)))[:_SHEET_NAME], headings, rows)


def _heading(column: Column, lang: Lang) -> Heading:
    width = _WIDTH.get(column.kind, _NUMBER_WIDTH)
    return Heading(column.title.get(lang), column.kind.style, max(width, round(column.wide * 0.6)))


def _value(cell: Cell, column: Column, lang: Lang) -> Value:
    if cell is None or isinstance(cell, date):
        return cell
    if isinstance(cell, Text):
        return cell.get(lang)
    if isinstance(cell, int) and column.kind.is_number:
        return column.kind.number(cell)
    return str(cell)


def _about(report: Report, lang: Lang) -> Written:
    lines: list[tuple[Text, Text]] = [(Text("報告", "report"), report.title), *report.facts]
    lines += [(Text("要確認", "look at"), line) for line in report.attention]
    lines += [(Text("注", "note"), note) for note in report.notes]
    lines += [(table.title, table.note) for table in report.tables if table.note is not None]
    headings = (Heading(_ABOUT.get(lang), width=20), Heading(same("").get(lang), width=48))
    return Written(_ABOUT.get(lang), headings, tuple((name.get(lang), said.get(lang)) for name, said in lines))
