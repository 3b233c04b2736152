"""Workbooks as people fill them in, for tests."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from biotrace.documents.workbook.reading import read_book
from biotrace.documents.workbook.rows import SheetRows

RECEIVED_ROW: dict[str, Any] = {
    "証明日": "2014-06-27",
    "仕入先": "甲成林産有限会社",
    "様式": "別記1例1",
    "区分": "間伐材等由来",
    "証明書番号": "第26-100号",
    "認定番号": "長木-012",
    "由来": "間伐材",
    "樹種": "スギ",
    "数量": 20,
    "単位": "㎥",
    "許可・届出年月日": "平成26年5月8日",
    "許可書発行者": "〇〇市長",
    "許可番号": "26-200",
    "伐採箇所": "長野県〇〇市大字甲字乙236-2、237-1",
    "伐採面積": "23.611",
    "根拠書類": "伐採届",
    "書類の伐採箇所": "同じ",
    "書類の面積": "23.611",
    "書類の材積": 1000,
    "書類の樹種": "スギ",
    "伐採方法": "間伐",
    "伐採率": "30%",
    "伐採期間（始）": "H26.5.27",
    "伐採期間（終）": "H27.3.31",
}
"""A felling certificate of kousei (``tests.casebooks``) that the rules confirm."""
ISSUED_ROW: dict[str, Any] = {
    "証明日": "2014-11-19",
    "証明書番号": "26-001",
    "販売先": "第八バイオマス発電所",
    "区分": "間伐材等由来",
    "数量": "6.58 t",
    "含水率": "42%",
}


def sheet(rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Rows as a table under the headers that any of them has."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    return [headers, *([row.get(header) for header in headers] for row in rows)]


def book(**sheets: Sequence[Sequence[Any]]) -> Workbook:
    """A workbook with these sheets, cell by cell."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        one: Worksheet = made.create_sheet(title)
        for row in rows:
            one.append(list(row))
    return made


def xlsx(made: Workbook) -> bytes:
    """Its file."""
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def save(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """A workbook with these sheets as a file."""
    path.write_bytes(xlsx(book(**sheets)))
    return path


def received_sheet(*changes: Mapping[str, Any]) -> list[list[Any]]:
    """The sheet 入荷 with a row like RECEIVED_ROW for each of ``changes``."""
    return sheet([RECEIVED_ROW | dict(change) for change in changes])


def issued_sheet(*changes: Mapping[str, Any]) -> list[list[Any]]:
    """The sheet 出荷 with a row like ISSUED_ROW for each of ``changes``."""
    return sheet([ISSUED_ROW | dict(change) for change in changes])


def read_one(made: Workbook | bytes, name: str = "a.xlsx") -> SheetRows:
    """What was read of a file with one sheet."""
    (found,) = read_book(made if isinstance(made, bytes) else xlsx(made), name).sheets
    return found


def said(read: SheetRows) -> list[str]:
    """The problems and notes as people read them, in Japanese."""
    problems = [line for problem in read.problems for line in problem.lines("ja")]
    return [*problems, *(note.ja for note in read.notes)]


def reopened(path: Path) -> Workbook:
    """The workbook that a command wrote."""
    return load_workbook(path)
