"""Pages as lists of marks: words, lines, frames, pictures and QR codes, placed in mm from the top left of an A4 sheet.

Placing is kept apart from painting so that the number of pages is known before the first is painted, and so
that a test can ask whether two marks overlap.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from biotrace.documents.qr import Symbol
from biotrace.documents.typeface import REGULAR, width

from .wrap import MM_PER_POINT, wrap

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 25.0, 185.0, 15.0, 282.0
BLACK, GREY, PALE = 0.0, 0.35, 0.92

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text. ``x`` is its left end and ``y`` its baseline; ``grey`` from 0 (black) to 1."""

    x: float
    y: float
    text: str
    font: str
    size: float
    grey: float = BLACK

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the characters' em boxes."""
        em = self.size * MM_PER_POINT
        wide = width(self.text, self.font, self.size) * MM_PER_POINT
        return self.x, self.y - 0.88 * em, self.x + wide, self.y + 0.12 * em


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line between two points."""

    x1: float
    y1: float
    x2: float
    y2: float
    grey: float = GREY


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle by its upper left corner; filled with ``fill`` where given, dashed where asked."""

    x: float
    y: float
    wide: float
    high: float
    grey: float = GREY
    fill: float | None = None
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """The QR code by the upper left corner of its symbol; its quiet zone lies around it."""

    x: float
    y: float
    side: float
    symbol: Symbol


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG by its upper left corner, stretched to a size in mm."""

    x: float
    y: float
    wide: float
    high: float
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Watermark:
    """A large pale word across the middle of the page."""

    text: str


Mark = Words | Rule | Frame | Code | Picture | Watermark


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set. ``size`` in points, ``leading`` in sizes."""

    size: float
    font: str = REGULAR
    leading: float = 1.5
    grey: float = BLACK
    align: Align = "left"

    @property
    def line(self) -> float:
        """The height of a line in mm."""
        return self.size * self.leading * MM_PER_POINT


BODY = Style(10.5)
SMALL = Style(8, leading=1.45)


@dataclass(slots=True)
class Sheet:
    """One page while it fills up."""

    marks: list[Mark] = field(default_factory=list)

    def write(self, line: str, x: float, y: float, wide: float, style: Style) -> None:
        """One line whose line box starts at ``y``, aligned within ``wide``."""
        slack = wide - width(line, style.font, style.size) * MM_PER_POINT
        shift = {"left": 0.0, "center": slack / 2, "right": slack}[style.align]
        em = style.size * MM_PER_POINT
        baseline = y + (style.line - em) / 2 + 0.88 * em
        self.marks.append(Words(x + shift, baseline, line, style.font, style.size, style.grey))

    def block(self, text: str, x: float, y: float, wide: float, style: Style) -> float:
        """A wrapped paragraph that stays on this page. Returns the y below it."""
        for line in wrap(text, style.font, style.size, wide):
            self.write(line, x, y, wide, style)
            y += style.line
        return y
