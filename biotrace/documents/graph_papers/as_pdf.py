"""A graph on sheets of A4, for a report: the same picture, in pieces where one sheet would make it too small."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from biotrace.documents import typeface
from biotrace.model.showing import showable_lines
from biotrace.model.text import Lang, Text

from . import words
from .graph import Graph, Standing
from .layout import BOX_WIDE, HEAD, INDENT, PAD, ROOM, Band, Box, Laid, laid
from .legend import Entry, Sample, placed
from .paints import EDGE, INK, PAINTS, PALE_INK
from .pdf_pen import Pen
from .sheets import Piece, pieces

_WIDE, _HIGH, _MARGIN = 297 * mm, 210 * mm, 12 * mm
_INNER, _FOOT = _WIDE - 2 * _MARGIN, 7 * mm
_ROOM = _HIGH - 2 * _MARGIN - _FOOT
"""Points between the margins, above the foot."""
_MOST, _LEAST = 0.72, 0.5
"""Points in a pixel: words of 10 points at most, of 7 at least."""
_HEAD_SCALE = 0.65
"""Points in a pixel of title, head, legend and notes."""
_PIXELS = int(_INNER / _HEAD_SCALE)
"""Between the margins, in pixels of title, head, legend and notes."""


def pdf(graph: Graph, lang: Lang) -> bytes:
    """The picture on landscape sheets of A4, fonts embedded, its words as text. The same values give the same bytes.

    A character that cannot be printed stands as 〓, and a note says so.
    """
    typeface.register()
    target = io.BytesIO()
    canvas = Canvas(
        target,
        pagesize=(_WIDE, _HIGH),
        invariant=1,
        pageCompression=1,
        initialFontName=typeface.REGULAR,  # type: ignore[arg-type]  # the stub says float
        lang=lang,
    )
    canvas.setTitle(showable_lines(graph.title.get(lang)))
    canvas.setSubject(showable_lines(graph.name))
    canvas.setCreator("biotrace")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    draw_pages(canvas, graph, lang)
    canvas.save()
    return target.getvalue()


def draw_pages(canvas: Canvas, graph: Graph, lang: Lang) -> int:
    """The pages on a canvas whose sheets are landscape A4, each ended by ``showPage``. Returns how many."""
    picture = laid(graph)
    sheets: list[list[tuple[float, Block]]] = []
    y = 0.0
    for block in _blocks(canvas, picture, lang):
        if not sheets or y + block.high > _ROOM + 1:
            sheets.append([])
            y = 0.0
        sheets[-1].append((_HIGH - _MARGIN - y, block))
        y += block.high
    for number, sheet in enumerate(sheets, 1):
        for top, block in sheet:
            block.draw(top)
        _end(canvas, graph, number, len(sheets), lang)
    return len(sheets)


@dataclass(frozen=True, slots=True)
class Block:
    """What stays together on a sheet. ``high`` in points; ``draw`` takes its upper edge."""

    high: float
    draw: Callable[[float], None]


def _blocks(canvas: Canvas, picture: Laid, lang: Lang) -> list[Block]:
    """Title, head, legend, the picture or its pieces, and the notes, from above."""
    graph = picture.graph
    title = [_line(canvas, line, 28, 20) for line in words.wrapped(graph.title.get(lang), _PIXELS, 20)]
    head = [_line(canvas, line, words.LINE) for name, said in graph.facts for line in _fact_lines(name, said, lang)]
    entries, high = placed(picture, lang, _PIXELS)
    legend = Block((high + 14) * _HEAD_SCALE, lambda top: _legend(canvas, entries, top))
    notes = [_line(canvas, line, words.LINE) for line in _note_lines(picture, lang)]
    used, below = (sum(block.high for block in blocks) for blocks in ([*title, *head, legend], notes))
    scale, parts = _pieces(picture, used, below)
    return [*title, *head, legend, *(_shown(canvas, picture, piece, scale, lang) for piece in parts), *notes]


def _fact_lines(name: Text, said: Text, lang: Lang) -> list[str]:
    return words.wrapped(f"{name.get(lang)}  {said.get(lang)}", _PIXELS)


def _line(canvas: Canvas, text: str, high: int, size: int = words.SIZE) -> Block:
    title = size > words.SIZE

    def draw(top: float) -> None:
        pen = Pen(canvas, _HEAD_SCALE, _MARGIN, top)
        pen.text(text, 0, high - 6, size, bold=title, ink=INK if title else PALE_INK)

    return Block(high * _HEAD_SCALE, draw)


def _shown(canvas: Canvas, picture: Laid, piece: Piece, scale: float, lang: Lang) -> Block:
    return Block(piece.high * scale, lambda top: _piece(canvas, picture, piece, scale, top, lang))


def _pieces(picture: Laid, used: float, below: float) -> tuple[float, tuple[Piece, ...]]:
    """The largest scale at which it fits one sheet, with its notes or without, if that is legible.

    Else pieces as wide as a sheet.
    """
    for high in (_ROOM - used - below, _ROOM - used):
        scale = min(_INNER / picture.wide, high / picture.high, _MOST)
        if scale >= _LEAST:
            return scale, (Piece(0, 0, picture.wide, picture.high),)
    scale = max(_LEAST, min(_MOST, _INNER / picture.wide))
    first = max(_ROOM - used, _ROOM / 3)
    return scale, pieces(picture, int(_INNER / scale), int(_ROOM / scale), int(first / scale))


def _legend(canvas: Canvas, entries: Sequence[tuple[int, int, Entry]], top: float) -> None:
    pen = Pen(canvas, _HEAD_SCALE, _MARGIN, top)
    for x, y, entry in entries:
        _sample(pen, entry, x, y + 6)
        pen.text(entry.said, x + entry.indent, y + 24, words.SIZE)


def _sample(pen: Pen, entry: Entry, x: int, y: int) -> None:
    line = [(x, y + 12), (x + 28, y + 12)]
    match entry.sample:
        case Sample.VERDICT:
            pen.sign(entry.standing, x + 10, y + 12)
            pen.swatch(entry.standing, x + 24, y + 5, 28, 14)
        case Sample.MARK:
            pen.text(words.MARKED, x, y + 18, words.SIZE)
        case Sample.POOLED:
            frame = [(x, y + 6), (x + 28, y + 6), (x + 28, y + 18), (x, y + 18), (x, y + 6)]
            pen.corners(frame, PALE_INK, 1, (6, 4))
        case Sample.UNTOLD:
            pen.corners(line, PALE_INK, 2, (2, 4))
        case Sample.BACK:
            pen.corners(line, PAINTS[Standing.FLAWED].strong, 2, (8, 4))
        case Sample.SCALE:
            top, bottom = y + 12 - entry.pixels // 2, y + 12 - entry.pixels // 2 + entry.pixels
            for ends in (
                [(x + 2, top), (x + 12, top)],
                [(x + 7, top), (x + 7, bottom)],
                [(x + 2, bottom), (x + 12, bottom)],
            ):
                pen.corners(ends, INK, 1)
        case Sample.NOTHING:
            pass


def _note_lines(picture: Laid, lang: Lang) -> list[str]:
    found = []
    odd = (words.NO_GLYPH,) if _is_odd(picture.graph, lang) else ()
    for note in (*picture.graph.notes, *picture.notes, *odd):
        found += words.wrapped(f"・{note.get(lang)}", _PIXELS)
    return found


def _end(canvas: Canvas, graph: Graph, number: int, count: int, lang: Lang) -> None:
    pen = Pen(canvas, _HEAD_SCALE, _MARGIN, _MARGIN + 2)
    pen.text(words.shortened(graph.title.get(lang), _PIXELS * 3 // 4), 0, 0, words.SIZE, ink=PALE_INK)
    pen.text(f"{number} / {count}", _PIXELS, 0, words.SIZE, ink=PALE_INK, align="right")
    canvas.showPage()


def _piece(canvas: Canvas, picture: Laid, piece: Piece, scale: float, top: float, lang: Lang) -> None:
    """A part of the picture, nothing beyond its edges."""
    left = _MARGIN + (_INNER - piece.wide * scale) / 2
    canvas.saveState()
    edge = canvas.beginPath()
    edge.rect(left, top - piece.high * scale, piece.wide * scale, piece.high * scale)
    canvas.clipPath(edge, stroke=0, fill=0)
    pen = Pen(canvas, scale, left - piece.x * scale, top + piece.y * scale)
    for middle, name in picture.heads:
        if piece.shows(middle, 0, middle + 1, HEAD):
            pen.text(name.get(lang), middle, HEAD - 18, words.SIZE, bold=True, ink=PALE_INK, align="middle")
    for band in picture.bands:
        _band(pen, band, picture.boxes[band.source].stop.standing)
    for box in picture.boxes:
        if piece.shows(box.x, box.y, box.right, box.bottom):
            _box(pen, box, lang)
    for band in picture.bands:
        if band.label and piece.shows(band.label[0] - 1, band.label[1] - words.SIZE, *band.label):
            pen.label(words.tonnes(band.flow.grams, lang), *band.label, words.SIZE)
    canvas.restoreState()


def _band(pen: Pen, band: Band, standing: Standing) -> None:
    if band.back:
        pen.corners(band.way, PAINTS[Standing.FLAWED].strong, 2, (8, 4))
    elif band.flow.grams is None:
        pen.curve(band, PAINTS[standing].strong, (6, 4) if band.flow.pooled else (2, 4))
    else:
        pen.band(band, standing)


def _box(pen: Pen, box: Box, lang: Lang) -> None:
    paint = PAINTS[box.stop.standing]
    if len(box.members) > 1:
        pen.box(box.x + 5, box.y + 5, BOX_WIDE, box.high, EDGE)
    edge, thick = (INK, 3) if box.stop.marked else (paint.strong, 1)
    pen.box(box.x, box.y, BOX_WIDE, box.high, paint.tint, edge, thick)
    pen.box(box.x, box.y, 5, box.high, paint.strong)
    pen.sign(box.stop.standing, box.right - PAD - 9, box.y + PAD + 9)
    y = box.y + PAD + 15
    for line in words.lines(box.stop, lang, ROOM):
        pen.text(line.text, box.x + INDENT, y, words.SIZE, bold=line.bold, ink=PALE_INK if line.pale else INK)
        if line.end:
            pen.text(line.end, box.right - PAD, y, words.SIZE, bold=True, align="right")
        y += words.LINE


def _is_odd(graph: Graph, lang: Lang) -> bool:
    """Whether something that is printed cannot be printed as it is written."""
    said = [graph.title, *(text for fact in graph.facts for text in fact), *graph.notes]
    said += [stop.title for stop in graph.stops]
    shown = [text.get(lang) for text in said] + [stop.party + stop.place for stop in graph.stops]
    return any(map(typeface.is_odd, shown))
