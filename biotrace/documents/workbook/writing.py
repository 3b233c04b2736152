"""Rows of values as tables of cells, and back: what is written is what would be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from biotrace.model.showing import showable_lines
from biotrace.model.text import Text

from .cells import Cell, CellError, Value
from .columns import Column, Sheet, Values
from .kinds import AS_TEXT, Head, written


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table to be written. ``style``: Excel's number format; ``width`` in half-width characters."""

    text: str
    style: str = AS_TEXT
    width: int = 14
    meaning: Text | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet to be written."""

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Value, ...], ...]


def heading(column: Column) -> Heading:
    """The heading of one of our columns."""
    return Heading(column.header, column.kind.style, column.width, column.meaning)


def table(sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> Table:
    """Rows of values as a sheet that can be read again."""
    written_rows = tuple(tuple(cells_of(sheet, values).get(c.key) for c in sheet.columns) for values in rows)
    return Table(sheet.title, tuple(heading(column) for column in sheet.columns), written_rows)


def cells_of(sheet: Sheet, values: Mapping[str, Any]) -> dict[str, Value]:
    """What the cells of a row hold. A hidden sign is written as its code point."""
    return {key: _shown(written(sheet.by_key[key].kind, value)) for key, value in sheet.apart(values).items()}


def _shown(value: Value) -> Value:
    return showable_lines(value) if isinstance(value, str) else value


def as_read(sheet: Sheet, values: Mapping[str, Any]) -> Values:
    """The values as they would be read again from the cells that they are written to.

    So a record can be compared with a row, whatever writing people or earlier releases left in it. What cannot be
    read again, such as a text of many pages, is left out.
    """
    said: Values = {}
    for key, value in cells_of(sheet, values).items():
        cell = Cell(value)
        if cell.blank:
            continue
        column = sheet.by_key[key]
        try:
            said[key] = column.kind.read(cell, Head(column.header, column.unit))
        except CellError:
            continue
    return sheet.together(said, [])
