"""Reports on a terminal: tables aligned by the width of their characters, and what to look at."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from biotrace.documents.report_papers.report import Kind, Report, Table, shown

from .console import Console

_MOST = 60
_WIDEST = 40


def show_report(c: Console, report: Report, written: Sequence[Path]) -> None:
    """Its facts, tables, and what needs a look; records are in the files and in JSON."""
    c.say(report.title)
    for name, said in report.facts:
        c.say(f"  {name.get(c.lang)}: {said.get(c.lang)}")
    for table in report.tables:
        if all(column.kind is not Kind.RECORD for column in table.columns):
            _table(c, table)
    for line in report.attention:
        c.say(c.t("要確認: ", "look at: ") + line.get(c.lang))
    records = len({row[-1] for row in report.evidence.rows})
    if records and any(column.kind is Kind.RECORD for column in report.evidence.columns):
        c.say(
            c.t(
                f"根拠の記録 {records:,} 件（--format json か --out 名前.xlsx で、数字ごとに）",
                f"{records:,} records behind it (by figure with --format json or --out NAME.xlsx)",
            )
        )
    for path in written:
        c.say(c.t(f"書きました: {path}", f"written: {path}"))


def _table(c: Console, table: Table) -> None:
    if not table.rows:
        return
    c.say()
    c.say(table.title)
    lines = [[column.title.get(c.lang) for column in table.columns]]
    for row in table.rows[:_MOST]:
        cells = (shown(cell, column, c.lang) for cell, column in zip(row, table.columns, strict=True))
        lines.append([cell.replace("\n", " ") for cell in cells])
    widths = [min(max(map(_width, column)), _WIDEST) for column in zip(*lines, strict=True)]
    numbers = [column.kind.is_number for column in table.columns]
    for line in lines:
        padded = (_padded(*of) for of in zip(line, widths, numbers, strict=True))
        c.say("  " + "  ".join(padded).rstrip())
    if len(table.rows) > _MOST:
        more = len(table.rows) - _MOST
        c.say(c.t(f"  … ほか {more} 行（--out で全部）", f"  … {more} more rows (all with --out)"))


def _padded(text: str, width: int, number: bool) -> str:
    space = " " * max(0, width - _width(text))
    return space + text if number else text + space


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "FWA" else 1 for sign in text)
