"""Drawing a picture on a PDF page, in the picture's own pixels from its upper left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from biotrace.documents import typeface
from biotrace.model.showing import showable_lines

from .graph import Standing
from .layout import Band
from .paints import INK, PAINTS, Pattern
from .words import wide

_STEP = 10
"""Pixels between the marks of a pattern."""
_CLEAR = 0.5


@dataclass(frozen=True, slots=True)
class Pen:
    """``scale``: points in a pixel; ``left`` and ``top``: where the picture's corner stands on the page, in points."""

    canvas: Canvas
    scale: float
    left: float
    top: float

    def x(self, pixels: float) -> float:
        """A place from the left, in points."""
        return self.left + pixels * self.scale

    def y(self, pixels: float) -> float:
        """A place from above, in points from the foot of the page."""
        return self.top - pixels * self.scale

    def text(
        self, said: str, x: float, y: float, size: int, *, bold: bool = False, ink: str = INK, align: str = "left"
    ) -> None:
        """A line of text whose baseline is at ``y``. ``align``: left, middle or right of ``x``."""
        font = typeface.BOLD if bold else typeface.REGULAR
        shown = typeface.printable(said)
        points = size * self.scale
        back = {"left": 0.0, "middle": 0.5, "right": 1.0}[align] * typeface.width(shown, font, points)
        self.canvas.setFillColor(HexColor(ink))
        self.canvas.setFont(font, points)
        self.canvas.drawString(self.x(x) - back, self.y(y), shown)

    def box(
        self, x: float, y: float, wide: float, high: float, fill: str | None, line: str | None = None, thick: float = 1
    ) -> None:
        """A rectangle by its upper left corner."""
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        if line:
            self._line(line, thick)
        self.canvas.rect(
            self.x(x), self.y(y + high), wide * self.scale, high * self.scale, stroke=bool(line), fill=bool(fill)
        )

    def corners(
        self, points: Sequence[tuple[float, float]], ink: str, thick: float, dashes: tuple[int, ...] = ()
    ) -> None:
        """A line by its corners."""
        path = self.canvas.beginPath()
        path.moveTo(self.x(points[0][0]), self.y(points[0][1]))
        for x, y in points[1:]:
            path.lineTo(self.x(x), self.y(y))
        self.canvas.saveState()
        self._line(ink, thick, dashes)
        self.canvas.drawPath(path)
        self.canvas.restoreState()

    def curve(self, band: Band, ink: str, dashes: tuple[int, ...]) -> None:
        """A band of unknown width, as a line."""
        self.canvas.saveState()
        self._line(ink, 2, dashes)
        path = self.canvas.beginPath()
        self._edge(path, band.way, 0, starts=True)
        self.canvas.drawPath(path)
        self.canvas.restoreState()

    def band(self, band: Band, standing: Standing) -> None:
        """A band in the colour and pattern of a verdict; dashed and pale where the wood only may have gone so."""
        paint = PAINTS[standing]
        path = self.canvas.beginPath()
        self._edge(path, band.way, 0, starts=True)
        self._edge(path, band.way[::-1], band.wide, starts=False)
        path.close()
        self.canvas.saveState()
        self.canvas.setFillColor(HexColor(paint.band))
        self.canvas.setFillAlpha(0.35 if band.flow.pooled else 1)
        self.canvas.drawPath(path, stroke=0, fill=1)
        self.canvas.saveState()
        self.canvas.clipPath(path, stroke=0, fill=0)
        left, right = band.way[0][0], band.way[-1][0]
        top, bottom = min(y for _, y in band.way), max(y for _, y in band.way) + band.wide
        self._pattern(left, top, right, bottom, standing)
        self.canvas.restoreState()
        self._line(paint.strong, 1, (6, 4) if band.flow.pooled else ())
        self.canvas.setStrokeAlpha(1 if band.flow.pooled else _CLEAR)
        self.canvas.drawPath(path, stroke=1, fill=0)
        self.canvas.restoreState()

    def sign(self, standing: Standing, x: float, y: float) -> None:
        """The verdict's sign on its colour, around a point."""
        self.canvas.setFillColor(HexColor(PAINTS[standing].strong))
        self.canvas.circle(self.x(x), self.y(y), 9 * self.scale, stroke=0, fill=1)
        white = "#ffffff"
        match standing:
            case Standing.OK:
                self._line(white, 2)
                self.canvas.circle(self.x(x), self.y(y), 4.5 * self.scale, stroke=1, fill=0)
            case Standing.NOTICE:
                self.corners([(x, y - 5), (x + 5, y + 4), (x - 5, y + 4), (x, y - 5), (x + 5, y + 4)], white, 2)
            case Standing.FLAWED:
                self.corners([(x - 4, y - 4), (x + 4, y + 4)], white, 2)
                self.corners([(x + 4, y - 4), (x - 4, y + 4)], white, 2)
            case Standing.INCOMPLETE:
                self.text("?", x, y + 5, 14, bold=True, ink=white, align="middle")
            case Standing.UNKNOWN:
                self.corners([(x - 4, y), (x + 4, y)], white, 2)

    def label(self, said: str, right: float, y: float, size: int) -> None:
        """Text that ends at ``right``, on a pale ground that keeps it legible on a band."""
        room = wide(showable_lines(said), size)
        self.canvas.saveState()
        self.canvas.setFillAlpha(0.75)
        self.box(right - room - 1, y - size + 1, room + 3, size + 2, "#ffffff")
        self.canvas.restoreState()
        self.text(said, right, y, size, align="right")

    def _edge(self, path: PDFPathObject, way: tuple[tuple[int, int], ...], shift: int, *, starts: bool) -> None:
        (x, y), *rest = way
        (path.moveTo if starts else path.lineTo)(self.x(x), self.y(y + shift))
        for number, (to_x, to_y) in enumerate(rest):
            if number % 2:
                path.lineTo(self.x(to_x), self.y(to_y + shift))
            else:
                middle = self.x((x + to_x) / 2)
                path.curveTo(
                    middle, self.y(y + shift), middle, self.y(to_y + shift), self.x(to_x), self.y(to_y + shift)
                )
            x, y = to_x, to_y

    def swatch(self, standing: Standing, x: int, y: int, wide: int, high: int) -> None:
        """A sample of a band."""
        paint = PAINTS[standing]
        edge = self.canvas.beginPath()
        edge.rect(self.x(x), self.y(y + high), wide * self.scale, high * self.scale)
        self.canvas.saveState()
        self.canvas.clipPath(edge, stroke=0, fill=0)
        self.box(x, y, wide, high, paint.band)
        self._pattern(x, y, x + wide, y + high, standing)
        self.canvas.restoreState()
        self.box(x, y, wide, high, None, paint.strong)

    def _pattern(self, left: int, top: int, right: int, bottom: int, standing: Standing) -> None:
        """The marks of a verdict over a rectangle; the caller clips them."""
        ink = PAINTS[standing].strong
        high = bottom - top
        self.canvas.setStrokeAlpha(_CLEAR)
        self.canvas.setFillAlpha(_CLEAR)
        self._line(ink, 1)
        lines: list[tuple[float, float, float, float]] = []
        match PAINTS[standing].pattern:
            case Pattern.HATCH:
                lines = [(x, bottom, x + high, top) for x in range(left - high, right, _STEP)]
            case Pattern.BARS:
                lines = [(x, top, x, bottom) for x in range(left, right, _STEP)]
            case Pattern.LINES:
                lines = [(left, y, right, y) for y in range(top, bottom, _STEP)]
            case Pattern.DOTS:
                self._line(ink, 2.6, (0, _STEP), round_ends=True)
                lines = [(left, y, right, y) for y in range(top - top % _STEP, bottom, _STEP)]
            case Pattern.PLAIN:
                return
        self.canvas.lines([(self.x(a), self.y(b), self.x(c), self.y(d)) for a, b, c, d in lines])

    def _line(self, ink: str, thick: float, dashes: tuple[int, ...] = (), *, round_ends: bool = False) -> None:
        self.canvas.setStrokeColor(HexColor(ink))
        self.canvas.setLineWidth(thick * self.scale)
        self.canvas.setLineCap(1 if round_ends else 0)
        self.canvas.setDash([length * self.scale for length in dashes])
