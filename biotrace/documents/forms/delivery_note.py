"""別記2-2: the lines of the delivery note, its table, and the sentence below it."""

from __future__ import annotations

from itertools import accumulate

from biotrace.documents.typeface import check_glyphs

from . import table
from .content import Column, Entry, FormContent
from .flow import Flow
from .sheet import BODY, LEFT, RIGHT, Style

_WIDE = RIGHT - LEFT
_HEAD = Style(9.5, leading=1.4, align="center")
_CELL = Style(9, leading=1.4)
_NUMBER = Style(9, leading=1.4, align="right")
_SENTENCE = Style(10.5, leading=1.6)
_LEAST = 16.0  # the table's row: 納品書 leave room to write
_SIGN = 6.0
_SITE = 38.0  # where the names of the sites start


def write(flow: Flow, content: FormContent) -> None:
    """発地 and 着地, the table with its one row, and the sentence under ※."""
    for entry in content.entries:
        _site(flow, entry)
    flow.gap(3)
    _table(flow, content.columns)
    flow.gap(3)
    flow.room(3 * _SENTENCE.line)
    flow.sheet.write("※", LEFT, flow.y, _SIGN, _SENTENCE)
    flow.paragraph(content.sentence, LEFT + _SIGN, _WIDE - _SIGN, _SENTENCE)


def _site(flow: Flow, entry: Entry) -> None:
    flow.room(BODY.line)
    flow.sheet.write(entry.name.ja, LEFT, flow.y, _SITE, BODY)
    for paragraph in entry.paragraphs:
        check_glyphs(paragraph, entry.name)
        flow.paragraph(paragraph, LEFT + _SITE, _WIDE - _SITE, BODY)
    flow.gap(0.8)


def _table(flow: Flow, columns: tuple[Column, ...]) -> None:
    edges = list(accumulate((column.wide for column in columns), initial=LEFT))
    styles = [_NUMBER if column.number else _CELL for column in columns]
    cells = [_cell(column, style) for column, style in zip(columns, styles, strict=True)]
    heads = [_HEAD for _ in columns]
    names = [[column.name.ja] for column in columns]
    flow.room(table.height(names, heads) + table.height(cells, styles, _LEAST))
    table.row(flow, edges, names, heads)
    table.row(flow, edges, cells, styles, _LEAST)


def _cell(column: Column, style: Style) -> list[str]:
    for paragraph in column.paragraphs:
        check_glyphs(paragraph, column.name)
    return [line for paragraph in column.paragraphs for line in table.wrapped(paragraph, column.wide, style)]
