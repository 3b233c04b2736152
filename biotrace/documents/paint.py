"""Placed marks painted into a PDF: the same marks give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from biotrace.model.showing import showable

from . import qr, typeface
from .forms.sheet import HEIGHT, PALE, WIDTH, Code, Frame, Mark, Picture, Rule, Sheet, Watermark, Words

_THIN = 0.5  # points
_WATERMARK_SIZE = 150


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the PDF says about itself."""

    title: str
    author: str
    subject: str


def paint(sheets: Sequence[Sheet], metadata: Metadata) -> bytes:
    """The sheets as a PDF in Japanese, fonts embedded as subsets."""
    typeface.register()
    target = io.BytesIO()
    # invariant: no clock and no random ids. initialFontName: reportlab would name Helvetica, unembedded, otherwise.
    canvas = Canvas(
        target,
        pagesize=(WIDTH * mm, HEIGHT * mm),
        invariant=1,
        pageCompression=1,
        initialFontName=typeface.REGULAR,  # type: ignore[arg-type]  # the stub says float
        lang="ja",
    )
    canvas.setTitle(showable(metadata.title))
    canvas.setAuthor(showable(metadata.author))
    canvas.setSubject(showable(metadata.subject))
    canvas.setCreator("biotrace")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for sheet in sheets:
        for mark in sheet.marks:
            _mark(canvas, mark)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _mark(canvas: Canvas, mark: Mark) -> None:
    match mark:
        case Words():
            canvas.setFillGray(mark.grey)
            canvas.setFont(mark.font, mark.size)
            canvas.drawString(mark.x * mm, _up(mark.y), mark.text)
        case Rule():
            canvas.setStrokeGray(mark.grey)
            canvas.setLineWidth(_THIN)
            canvas.line(mark.x1 * mm, _up(mark.y1), mark.x2 * mm, _up(mark.y2))
        case Frame():
            _frame(canvas, mark)
        case Code():
            qr.draw(canvas, mark.symbol, mark.x * mm, _up(mark.y + mark.side), mark.side)
        case Picture():
            # A JPEG goes into the file as it is.
            image = ImageReader(io.BytesIO(mark.jpeg))
            canvas.drawImage(image, mark.x * mm, _up(mark.y + mark.high), mark.wide * mm, mark.high * mm)
        case Watermark():
            _watermark(canvas, mark)


def _frame(canvas: Canvas, mark: Frame) -> None:
    canvas.saveState()
    canvas.setStrokeGray(mark.grey)
    canvas.setLineWidth(_THIN)
    if mark.dashed:
        canvas.setDash(2, 2)
    if mark.fill is not None:
        canvas.setFillGray(mark.fill)
    canvas.rect(
        mark.x * mm, _up(mark.y + mark.high), mark.wide * mm, mark.high * mm, stroke=1, fill=mark.fill is not None
    )
    canvas.restoreState()


def _watermark(canvas: Canvas, mark: Watermark) -> None:
    canvas.saveState()
    canvas.setFillGray(PALE)
    canvas.setFont(typeface.BOLD, _WATERMARK_SIZE)
    canvas.translate(WIDTH / 2 * mm, HEIGHT / 2 * mm)
    canvas.rotate(35)
    canvas.drawCentredString(0, -0.38 * _WATERMARK_SIZE, mark.text)
    canvas.restoreState()


def _up(y: float) -> float:
    """mm from the top of the page as points from its bottom."""
    return (HEIGHT - y) * mm
