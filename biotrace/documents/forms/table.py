"""Ruled tables: rows of wrapped cells between vertical rules, each row whole on one page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .flow import Flow
from .sheet import Rule, Style
from .wrap import wrap

PAD = 1.5
"""Clear mm at both sides of a cell's text; above and below it is half as much."""

Cell = Sequence[str]
"""The lines of a cell."""


def wrapped(text: str, wide: float, style: Style) -> list[str]:
    """The text as a cell of a column ``wide`` mm wide."""
    return wrap(text, style.font, style.size, wide - 2 * PAD)


def height(cells: Sequence[Cell], styles: Sequence[Style], least: float = 0.0) -> float:
    """How high a row stands, in mm."""
    return max(least, *(len(cell) * style.line + PAD for cell, style in zip(cells, styles, strict=True)))


def row(flow: Flow, edges: Sequence[float], cells: Sequence[Cell], styles: Sequence[Style], least: float = 0.0) -> None:
    """One row at the flow's height, its cells centred vertically, with the rules around them.

    ``edges``: where the vertical rules stand, one more than cells. The caller has seen to it that there is room.
    """
    top, high = flow.y, height(cells, styles, least)
    for (x, right), cell, style in zip(pairwise(edges), cells, styles, strict=True):
        y = top + (high - len(cell) * style.line) / 2
        for line in cell:
            flow.sheet.write(line, x + PAD, y, right - x - 2 * PAD, style)
            y += style.line
    marks = flow.sheet.marks
    marks += [Rule(edges[0], y, edges[-1], y) for y in (top, top + high)]
    marks += [Rule(x, top, x, top + high) for x in edges]
    flow.y = top + high
