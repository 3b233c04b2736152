"""The page on workbooks is up to date with the sheets, and names every column."""

from __future__ import annotations

from biotrace.documents.workbook.sheets import SHEETS
from tools import make_workbook_doc as tool

PAGE = tool.TARGET.read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert tool.written(PAGE) == PAGE


def test_every_column_is_there_with_its_meaning_in_both_languages() -> None:
    for sheet in SHEETS:
        for column in sheet.columns:
            assert f"| {column.header} | `{column.key}` |" in PAGE
            assert column.meaning.ja in PAGE
            assert column.meaning.en in PAGE
