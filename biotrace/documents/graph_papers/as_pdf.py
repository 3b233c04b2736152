"""A graph on sheets of A4, for a report: the same picture, in pieces where one sheet would make it too small."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from biotrace.documents import typeface
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
_MOST, _LEAST = 0.72, 0.5
"""Points in a pixel: words of 10 points at most, of 7 at least."""
_HEAD_SCALE = 0.65
"""Points in a pixel of title, head, legend and notes."""
_PIXELS = int(_INNER / _HEAD_SCALE)
"""Between the margins, in pixels of title, head, legend and notes."""
_PICTURE = Text("図", "picture")


def pdf(graph: Graph, lang: Lang) -> bytes:
    """The picture on landscape sheets of A4, fonts embedded, its words as text. The same values give the same bytes.

    Raises UsageError for a character that cannot be printed.
    """
    _require_glyphs(graph, lang)
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
    canvas.setTitle(words.plain(graph.title.get(lang)))
    canvas.setSubject(words.plain(graph.name))
    canvas.setCreator("biotrace")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    draw_pages(canvas, graph, lang)
    canvas.save()
    return target.getvalue()


def draw_pages(canvas: Canvas, graph: Graph, lang: Lang) -> int:
    """The pages on a canvas whose sheets are landscape A4, each ended by ``showPage``. Returns how many."""
    picture = laid(graph)
    head = _head_lines(picture, lang)
    used = (_heading_high(head) + placed(picture, lang, _PIXELS)[1] + 8) * _HEAD_SCALE
    room = _HIGH - 2 * _MARGIN - _FOOT
    notes = _note_lines(picture, lang)
    below = (len(notes) * words.LINE + 8) * _HEAD_SCALE if notes else 0.0
    scale, parts = _pieces(picture, room, used, below)
    last = room - parts[-1].high * scale - (used if len(parts) == 1 else 0.0)
    own_sheet = last < below
    count = len(parts) + own_sheet
    for number, piece in enumerate(parts, 1):
        top = _HIGH - _MARGIN
        if number == 1:
            _heading(canvas, picture, head, lang)
            top -= used
        _piece(canvas, picture, piece, scale, top, lang)
        if number == len(parts) and not own_sheet:
            _notes(canvas, notes, top - piece.high * scale)
        _end(canvas, graph, number, count, lang)
    if own_sheet:
        _notes(canvas, notes, _HIGH - _MARGIN)
        _end(canvas, graph, count, count, lang)
    return count


def _pieces(picture: Laid, room: float, used: float, below: float) -> tuple[float, tuple[Piece, ...]]:
    """The largest scale at which it fits one sheet, with its notes or without, if that is legible.

    Else pieces as wide as a sheet.
    """
    for high in (room - used - below, room - used):
        scale = min(_INNER / picture.wide, high / picture.high, _MOST)
        if scale >= _LEAST:
            return scale, (Piece(0, 0, picture.wide, picture.high),)
    scale = max(_LEAST, min(_MOST, _INNER / picture.wide))
    first = max(room - used, room / 3)
    return scale, pieces(picture, int(_INNER / scale), int(room / scale), int(first / scale))


def _head_lines(picture: Laid, lang: Lang) -> list[tuple[str, bool]]:
    """Title and head as lines, and which of them are the title's."""
    graph = picture.graph
    lines = [(line, True) for line in words.wrapped(graph.title.get(lang), _PIXELS, 20)]
    for name, said in graph.facts:
        lines += [(line, False) for line in words.wrapped(f"{name.get(lang)}  {said.get(lang)}", _PIXELS)]
    return lines


def _heading_high(lines: Sequence[tuple[str, bool]]) -> int:
    return sum(28 if title else words.LINE for _, title in lines) + 6


def _heading(canvas: Canvas, picture: Laid, lines: Sequence[tuple[str, bool]], lang: Lang) -> None:
    pen = Pen(canvas, _HEAD_SCALE, _MARGIN, _HIGH - _MARGIN)
    y = 0
    for line, title in lines:
        y += 28 if title else words.LINE
        pen.text(line, 0, y - 8, 20 if title else words.SIZE, bold=title, ink=INK if title else PALE_INK)
    found, _ = placed(picture, lang, _PIXELS)
    for x, y, entry in found:
        top = _heading_high(lines) + y
        _sample(pen, entry, x, top)
        pen.text(entry.said, x + entry.indent, top + 18, words.SIZE)


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
    for note in (*picture.graph.notes, *picture.notes):
        first, *more = words.wrapped(f"・{note.get(lang)}", _PIXELS)
        found += [first, *more]
    return found


def _notes(canvas: Canvas, lines: Sequence[str], top: float) -> None:
    pen = Pen(canvas, _HEAD_SCALE, _MARGIN, top)
    for number, line in enumerate(lines, 1):
        pen.text(line, 0, number * words.LINE, words.SIZE, ink=PALE_INK)


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
        if (
            piece.x < box.right
            and box.x < piece.x + piece.wide
            and piece.y < box.bottom
            and box.y < piece.y + piece.high
        ):
            _box(pen, box, lang)
    for band in picture.bands:
        if band.label and piece.shows(band.label[0] - 1, band.label[1] - words.SIZE, *band.label):
            pen.label(words.tonnes(band.flow.grams, lang), *band.label, words.SIZE)
    canvas.restoreState()


def _band(pen: Pen, band: Band, standing: Standing) -> None:
    if band.back:
        pen.corners(band.way, PAINTS[Standing.FLAWED].strong, 2, (8, 4))
    elif band.flow.grams is None:
        pen.curve(band, PAINTS[standing].strong, (2, 4))
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


def _require_glyphs(graph: Graph, lang: Lang) -> None:
    """All that is printed can be."""
    said = [graph.title, *(text for fact in graph.facts for text in fact), *graph.notes]
    for text in (*said, *(stop.title for stop in graph.stops)):
        typeface.check_glyphs(words.plain(text.get(lang)), _PICTURE)
    for stop in graph.stops:
        typeface.check_glyphs(words.plain(stop.party + stop.place), _PICTURE)
