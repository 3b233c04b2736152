"""A report as a PDF: title, whose it is, tables over as many pages as they take, and the records behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

from biotrace.documents.forms import table as ruled
from biotrace.documents.forms.flow import Flow, Heading
from biotrace.documents.forms.sheet import LEFT, RIGHT, Frame, Sheet, Style
from biotrace.documents.forms.wrap import MM_PER_POINT
from biotrace.documents.paint import Metadata, paint
from biotrace.documents.typeface import BOLD, is_odd, printable, width
from biotrace.model.text import Lang, Text

from .report import Cell, Column, Kind, Report, Table, shown

MOST_LISTED = 300
"""Records that are listed one by one on paper; of more their count is told, and where to find them."""
SHORT_ID = 12
"""Digits of a record's id on paper, as ``biotrace show`` takes them."""
_WIDE = RIGHT - LEFT
_TITLE = Style(14, BOLD, leading=1.5, align="center")
_SECTION = Style(10, BOLD)
_FACT = Style(8.5, leading=1.45)
_HEAD = Style(7, BOLD, leading=1.35, align="center")
_CELL = Style(7.2, leading=1.35)
_NUMBER = Style(6.8, leading=1.43, align="right")
_STRONG = Style(7.2, BOLD, leading=1.35)
_STRONG_NUMBER = Style(6.8, BOLD, leading=1.43, align="right")
_LEAST_NUMBER = 4.0
"""Points of a number that is too wide for its column otherwise."""
_NOTE = Style(7.5, leading=1.45)
_HEAD_GREY = 0.92
_FACT_INDENT = 28.0
_MARGIN = 5.0
_GOES_ON = Text("（続き）", " (continued)")
_ODD = Text(
    "印刷できない文字は 〓 で示した（xlsx・csv・JSON には、もとの文字がある）",
    "characters that cannot be printed stand as 〓 (xlsx, csv and JSON have them)",
)
_LOOK = Text("要確認", "To be looked at")
_NOTES = Text("注", "Notes")


def pdf(report: Report, lang: Lang, first: Sequence[Sheet] = ()) -> bytes:
    """The PDF. ``first``: pages that stand before it, such as an official form. The same values give the same bytes.

    A character that cannot be printed stands as 〓, and a note says so: it is in somebody's name, and does not keep a
    report about everybody from being made.
    """
    title = printable(report.title.get(lang))
    flow = Flow(Heading(title, "", None))
    flow.gap(6)
    flow.paragraph(title, LEFT, _WIDE, _TITLE)
    flow.gap(3)
    for name, said in report.facts:
        _fact(flow, printable(name.get(lang)), printable(said.get(lang)))
    _list(flow, _LOOK.get(lang), [line.get(lang) for line in report.attention])
    for table in report.tables if report.paper is None else report.paper:
        _table(flow, table, lang)
    notes = [*report.notes, _ODD] if _is_odd(report, lang) else report.notes
    _list(flow, _NOTES.get(lang), [note.get(lang) for note in notes])
    if report.listed:
        _evidence(flow, report.evidence, lang)
    author = report.facts[0][1].get(lang) if report.facts else ""
    return paint([*first, *flow.finish(None)], Metadata(title, author, report.name))


def _fact(flow: Flow, name: str, said: str) -> None:
    flow.room(_FACT.line)
    flow.sheet.write(name, LEFT, flow.y, _FACT_INDENT, _FACT)
    flow.paragraph(said, LEFT + _FACT_INDENT, _WIDE - _FACT_INDENT, _FACT)


def _list(flow: Flow, name: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    flow.gap(3)
    flow.room(3 * _SECTION.line)
    flow.line(name, LEFT, _WIDE, _SECTION)
    for line in lines:
        flow.room(_NOTE.line)
        flow.sheet.write("・", LEFT, flow.y, _MARGIN, _NOTE)
        flow.paragraph(printable(line), LEFT + _MARGIN, _WIDE - _MARGIN, _NOTE)


def _evidence(flow: Flow, table: Table, lang: Lang) -> None:
    if len(table.rows) <= MOST_LISTED:
        _table(flow, table, lang)
        return
    many = Text(
        f"根拠の記録は {len(table.rows):,} 件あり、ここには載せていません。"
        "--out 名前.xlsx の「根拠」のシート、または --format json で、数字ごとの記録IDが得られます",
        f"{len(table.rows):,} records stand behind these figures, too many to list here: "
        "--out NAME.xlsx has them on a sheet of their own, --format json beside each figure",
    )
    _list(flow, table.title.get(lang), [many.get(lang)])


def _table(flow: Flow, table: Table, lang: Lang) -> None:
    """The table under its title, its head on every page that it runs over."""
    edges = [LEFT, *accumulate([c.wide for c in table.columns], initial=LEFT)][1:]
    flow.gap(4)
    flow.room(_SECTION.line + 16)
    title = printable(table.title.get(lang))
    flow.line(title, LEFT, _WIDE, _SECTION)
    if table.note is not None:
        flow.paragraph(printable(table.note.get(lang)), LEFT, _WIDE, _NOTE)
    flow.gap(1)
    if not table.rows:
        flow.line({"ja": "（なし）", "en": "(none)"}[lang], LEFT, _WIDE, _NOTE)
        return
    _head(flow, table.columns, edges, lang)
    for number, row in enumerate(table.rows):
        strong = number in table.strong
        texts = [_on_paper(cell, column, lang) for cell, column in zip(row, table.columns, strict=True)]
        styles = [_style(column, strong, text) for column, text in zip(table.columns, texts, strict=True)]
        cells = [_lines(text, c.wide, style) for text, c, style in zip(texts, table.columns, styles, strict=True)]
        page = len(flow.sheets)
        flow.room(ruled.height(cells, styles))
        if len(flow.sheets) > page:
            flow.line(title + _GOES_ON.get(lang), LEFT, _WIDE, _FACT)
            _head(flow, table.columns, edges, lang)
        ruled.row(flow, edges, cells, styles)


def _head(flow: Flow, columns: Sequence[Column], edges: Sequence[float], lang: Lang) -> None:
    styles = [_HEAD] * len(columns)
    cells = [ruled.wrapped(c.title.get(lang), c.wide, _HEAD) for c in columns]
    high = ruled.height(cells, styles)
    flow.room(high)
    flow.sheet.marks.append(Frame(edges[0], flow.y, edges[-1] - edges[0], high, fill=_HEAD_GREY))
    ruled.row(flow, edges, cells, styles)


def _style(column: Column, strong: bool, text: str) -> Style:
    if not column.kind.is_number:
        return _STRONG if strong else _CELL
    style = _STRONG_NUMBER if strong else _NUMBER
    room = (column.wide - 2 * ruled.PAD) / MM_PER_POINT
    needed = width(text, style.font, style.size)
    return style if needed <= room else _smaller(style, max(_LEAST_NUMBER, style.size * room / needed))


def _smaller(style: Style, size: float) -> Style:
    """A number in two lines would be read as two. The line stays as high as its neighbours'."""
    tenths = int(size * 10) / 10
    return replace(style, size=tenths, leading=style.size * style.leading / tenths)


@lru_cache(maxsize=8_192)
def _lines(text: str, wide: float, style: Style) -> list[str]:
    """A cell's lines; the same partners, days and goods come up all the time."""
    return ruled.wrapped(text, wide, style)


def _on_paper(cell: Cell, column: Column, lang: Lang) -> str:
    text = printable(shown(cell, column, lang))
    return text[:SHORT_ID] if column.kind is Kind.RECORD else text


def _is_odd(report: Report, lang: Lang) -> bool:
    """Whether something on it cannot be printed as it is written."""
    tables = report.tables if report.paper is None else report.paper
    listed = (report.evidence,) if report.listed and len(report.evidence.rows) <= MOST_LISTED else ()
    said = [text for fact in report.facts for text in fact]
    said += [report.title, *report.attention, *report.notes, *(table.title for table in tables)]
    cells = (cell for table in (*tables, *listed) for row in table.rows for cell in row)
    words = (cell.get(lang) if isinstance(cell, Text) else cell for cell in (*said, *cells))
    return any(is_odd(word) for word in words if isinstance(word, str))
