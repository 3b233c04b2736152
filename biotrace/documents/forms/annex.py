"""別紙: the felling places that the form has no room for, one parcel or compartment a row, numbered."""

from __future__ import annotations

from itertools import pairwise

from biotrace.documents.typeface import BOLD

from .content import Entry, Row
from .flow import Flow
from .sheet import LEFT, RIGHT, Rule, Style
from .wrap import wrap

_TITLE = Style(14, BOLD, align="center")
_NAME = Style(10.5, align="center")
_CELL = Style(9.5, leading=1.4)
_HEAD = Style(9.5, BOLD, leading=1.4, align="center")
_NUMBER = Style(9.5, leading=1.4, align="center")
_PAD = 1.5
_COLUMNS = (LEFT, LEFT + 14.0, LEFT + 100.0, RIGHT)
_NAMES = ("番号", "所在（市町村・大字・字）", "地番・林班")


def write(flow: Flow, entry: Entry) -> None:
    """A table of all rows of ``entry``, starting on a page of its own and as long as it takes."""
    flow.new_page()
    flow.line("別紙", LEFT, RIGHT - LEFT, _TITLE)
    flow.line(f"{entry.name.ja}（全{len(entry.rows)}箇所）", LEFT, RIGHT - LEFT, _NAME)
    flow.gap(3)
    _head(flow)
    for number, row in enumerate(entry.rows, start=1):
        _row(flow, number, row)


def _head(flow: Flow) -> None:
    _ruled(flow, [[name] for name in _NAMES], _HEAD, _HEAD, _HEAD)


def _row(flow: Flow, number: int, row: Row) -> None:
    cells = [[str(number)], _wrapped(row.area, 1), _wrapped(row.unit, 2)]
    before = len(flow.sheets)
    flow.room(_height(cells))
    if len(flow.sheets) > before:
        _head(flow)
    _ruled(flow, cells, _NUMBER, _CELL, _CELL)


def _wrapped(text: str, column: int) -> list[str]:
    return wrap(text, _CELL.font, _CELL.size, _COLUMNS[column + 1] - _COLUMNS[column] - 2 * _PAD)


def _height(cells: list[list[str]]) -> float:
    return max(len(cell) for cell in cells) * _CELL.line + _PAD


def _ruled(flow: Flow, cells: list[list[str]], *styles: Style) -> None:
    """One table row with its rules; the rule above the head is drawn by the head itself."""
    top, high = flow.y, _height(cells)
    for (x, right), cell, style in zip(pairwise(_COLUMNS), cells, styles, strict=True):
        for index, line in enumerate(cell):
            y = top + _PAD / 2 + index * style.line
            flow.sheet.write(line, x + _PAD, y, right - x - 2 * _PAD, style)
    marks = flow.sheet.marks
    marks += [Rule(LEFT, y, RIGHT, y) for y in (top, top + high)]
    marks += [Rule(x, top, x, top + high) for x in _COLUMNS]
    flow.y = top + high
