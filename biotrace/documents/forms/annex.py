"""別紙: the felling places that the form has no room for, one parcel or compartment a row, numbered."""

from __future__ import annotations

from biotrace.documents.typeface import BOLD

from . import table
from .content import Entry, Row
from .flow import Flow
from .sheet import LEFT, RIGHT, Style

_TITLE = Style(14, BOLD, align="center")
_NAME = Style(10.5, align="center")
_CELL = Style(9.5, leading=1.4)
_HEAD = Style(9.5, BOLD, leading=1.4, align="center")
_NUMBER = Style(9.5, leading=1.4, align="center")
_EDGES = (LEFT, LEFT + 14.0, LEFT + 100.0, RIGHT)
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
    table.row(flow, _EDGES, [[name] for name in _NAMES], (_HEAD, _HEAD, _HEAD))


def _row(flow: Flow, number: int, row: Row) -> None:
    wide = (_EDGES[2] - _EDGES[1], _EDGES[3] - _EDGES[2])
    cells = [[str(number)], table.wrapped(row.area, wide[0], _CELL), table.wrapped(row.unit, wide[1], _CELL)]
    styles = (_NUMBER, _CELL, _CELL)
    before = len(flow.sheets)
    flow.room(table.height(cells, styles))
    if len(flow.sheets) > before:
        _head(flow)
    table.row(flow, _EDGES, cells, styles)
