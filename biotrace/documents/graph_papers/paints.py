"""Colours and patterns of the verdicts, for a screen and for paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .graph import Standing


class Pattern(StrEnum):
    """What fills a band beside its colour, so that a grey copy can be read as well."""

    PLAIN = "plain"
    DOTS = "dots"
    HATCH = "hatch"
    BARS = "bars"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Paint:
    """How a verdict looks: ``strong`` for signs and edges, ``tint`` behind words, ``band`` for wood on its way."""

    strong: str
    tint: str
    band: str
    pattern: Pattern


PAINTS: Mapping[Standing, Paint] = {
    Standing.OK: Paint("#1d6596", "#eef5fa", "#bcd6e8", Pattern.PLAIN),
    Standing.NOTICE: Paint("#8a5f00", "#fdf6e3", "#eed9a0", Pattern.DOTS),
    Standing.FLAWED: Paint("#b3261e", "#fdefed", "#f0bdb8", Pattern.HATCH),
    Standing.INCOMPLETE: Paint("#67478f", "#f4effa", "#d5c6e8", Pattern.BARS),
    Standing.UNKNOWN: Paint("#5a6672", "#f4f6f7", "#d3d9de", Pattern.LINES),
}
"""Each ``strong`` stands out from white and from its tint by 4.5 to 1 or more."""
INK = "#1c2329"
PALE_INK = "#56616b"
EDGE = "#c5ccd3"
FONTS = "'Noto Sans JP','Noto Sans CJK JP','Yu Gothic','YuGothic','Meiryo','Hiragino Sans',sans-serif"
