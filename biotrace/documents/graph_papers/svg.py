"""A graph as SVG: on its own, for a report, or with links, within a page."""

from __future__ import annotations

from biotrace.model.text import Lang

from . import words
from .graph import Graph, Standing
from .layout import BOX_WIDE, HEAD, INDENT, MARGIN, PAD, ROOM, Band, Box, Laid, laid
from .legend_svg import key
from .markup import Attributes, Markup, element, empty, joined
from .paints import EDGE, FONTS, INK, PAINTS, PALE_INK, Pattern
from .shapes import sign, words_at

_LEAST_WIDE = 860
_TITLE_SIZE = 20
DRAWING = "drawing"


def svg(graph: Graph, lang: Lang) -> str:
    """The picture as a file of its own: title, head, graph, legend and notes. Well-formed XML, no reference outside."""
    picture = laid(graph)
    wide = max(picture.wide, _LEAST_WIDE)
    room = wide - 2 * MARGIN
    y = MARGIN + _TITLE_SIZE
    parts = []
    for line in words.wrapped(graph.title.get(lang), room, _TITLE_SIZE):
        parts.append(words_at(line, MARGIN, y, size=_TITLE_SIZE, bold=True))
        y += 28
    for name, said in graph.facts:
        for line in words.wrapped(f"{name.get(lang)}  {said.get(lang)}", room):
            parts.append(words_at(line, MARGIN, y, fill=PALE_INK))
            y += words.LINE
    legend, high = key(picture, lang, room)
    parts.append(element("g", legend, transform=f"translate({MARGIN} {y})"))
    y += high + 6
    shift = (wide - picture.wide) // 2
    parts.append(element("g", drawing(picture, lang), transform=f"translate({shift} {y})"))
    y += picture.high + words.SIZE
    for note in (*graph.notes, *picture.notes):
        for number, line in enumerate(words.wrapped(note.get(lang), room - words.SIZE)):
            parts.append(
                words_at(line if number else f"・{line}", MARGIN + (words.SIZE if number else 0), y, fill=PALE_INK)
            )
            y += words.LINE
    white = empty("rect", width=wide, height=y + MARGIN, fill="#ffffff")
    title = element("title", graph.title.get(lang))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n' + _root(joined(title, white, *parts), wide, y + MARGIN, lang) + "\n"
    )


def inline(picture: Laid, lang: Lang) -> Markup:
    """The graph alone, for a page: each box links to ``#record-n``, or ``#group-n`` by its position in the picture.

    Its content has the id ``drawing``, for what shows a part of it.
    """
    content = element("g", drawing(picture, lang, links=True), id=DRAWING)
    return _root(content, picture.wide, picture.high, lang, label=picture.graph.title.get(lang))


def anchor(box: Box, position: int) -> str:
    """What a page calls the record of a box."""
    return f"record-{box.members[0]}" if len(box.members) == 1 else f"group-{position}"


def _root(content: Markup, wide: int, high: int, lang: Lang, label: str | None = None) -> Markup:
    return element(
        "svg",
        content,
        xmlns="http://www.w3.org/2000/svg",
        width=wide,
        height=high,
        viewBox=f"0 0 {wide} {high}",
        font_family=FONTS,
        font_size=words.SIZE,
        fill=INK,
        lang=lang,
        role="group" if label else "img",
        aria_label=label,
        style=f"max-width:{wide}px" if label else None,
    )


def drawing(picture: Laid, lang: Lang, *, links: bool = False) -> Markup:
    """Layers' names, bands and boxes, from the picture's own upper left corner."""
    heads = [
        words_at(name.get(lang), middle, HEAD - 18, anchor="middle", fill=PALE_INK, bold=True)
        for middle, name in picture.heads
    ]
    bands = [_band(band, picture, lang) for band in picture.bands]
    labels = [_label(band, lang) for band in picture.bands if band.label]
    boxes = [_box(box, position, lang, links=links) for position, box in enumerate(picture.boxes)]
    return joined(
        _patterns(),
        element("g", *heads),
        element("g", *bands, class_="bands"),
        element("g", *boxes, class_="boxes"),
        element("g", *labels, class_="labels", pointer_events="none"),
    )


def _patterns() -> Markup:
    marks = {
        Pattern.DOTS: empty("circle", cx=5, cy=5, r="1.3", fill="{}", fill_opacity="0.55"),
        Pattern.HATCH: empty("path", d="M-2 2L2 -2M0 10L10 0M8 12L12 8", stroke="{}", stroke_opacity="0.5"),
        Pattern.BARS: empty("path", d="M5 0V10", stroke="{}", stroke_opacity="0.5"),
        Pattern.LINES: empty("path", d="M0 5H10", stroke="{}", stroke_opacity="0.4"),
    }
    found = []
    for standing, paint in PAINTS.items():
        ground = empty("rect", width=10, height=10, fill=paint.band)
        mark = Markup(marks[paint.pattern].format(paint.strong)) if paint.pattern in marks else Markup()
        found.append(
            element("pattern", ground, mark, id=f"band-{standing}", width=10, height=10, patternUnits="userSpaceOnUse")
        )
    return element("defs", *found)


def _band(band: Band, picture: Laid, lang: Lang) -> Markup:
    source, target = picture.boxes[band.source], picture.boxes[band.target]
    paint = PAINTS[source.stop.standing]
    said = f"{source.stop.title.get(lang)} → {target.stop.title.get(lang)}: {words.tonnes(band.flow.grams, lang)}"
    for note in (band.flow.note, words.POOLED if band.flow.pooled else None, words.GOES_BACK if band.back else None):
        said += f"\n{note.get(lang)}" if note else ""
    tip = element("title", said)
    common: Attributes = {"class_": "band", "data_from": band.source, "data_to": band.target}
    if band.back:
        corners = "L".join(f"{x} {y}" for x, y in band.way)
        line: Attributes = {"stroke": PAINTS[Standing.FLAWED].strong, "stroke_width": 2, "stroke_dasharray": "8 4"}
        return element("path", tip, d=f"M{corners}", fill="none", **line, **common)
    if band.flow.grams is None:
        dashes = "6 4" if band.flow.pooled else "2 4"
        line = {"stroke": paint.strong, "stroke_width": 2, "stroke_dasharray": dashes}
        return element("path", tip, d=_upper(band), fill="none", **line, **common)
    fill = f"url(#band-{source.stop.standing})"
    shape: Attributes = {"d": outline(band), "stroke": paint.strong, "stroke_width": 1}
    if band.flow.pooled:
        return element("path", tip, fill=fill, fill_opacity="0.35", stroke_dasharray="6 4", **shape, **common)
    return element("path", tip, fill=fill, stroke_opacity="0.45", **shape, **common)


def _upper(band: Band, shift: int = 0) -> str:
    """The band's upper edge as a path: bends between layers, level where it passes one."""
    (x, y), *rest = band.way
    path = [f"M{x} {y + shift}"]
    for number, (to_x, to_y) in enumerate(rest):
        middle = (x + to_x) // 2
        bend = f"C{middle} {y + shift} {middle} {to_y + shift} {to_x} {to_y + shift}"
        path.append(bend if number % 2 == 0 else f"H{to_x}")
        x, y = to_x, to_y
    return "".join(path)


def outline(band: Band) -> str:
    """The whole band as a closed path: along its upper edge and back along the lower."""
    wide = band.wide
    path = [_upper(band)]
    points = band.way[::-1]
    x, y = points[0]
    path.append(f"V{y + wide}")
    for number, (to_x, to_y) in enumerate(points[1:]):
        middle = (x + to_x) // 2
        bend = f"C{middle} {y + wide} {middle} {to_y + wide} {to_x} {to_y + wide}"
        path.append(bend if number % 2 == 0 else f"H{to_x}")
        x, y = to_x, to_y
    return "".join(path) + "Z"


def _label(band: Band, lang: Lang) -> Markup:
    x, y = band.label or (0, 0)
    return words_at(
        words.tonnes(band.flow.grams, lang),
        x,
        y,
        anchor="end",
        halo=True,
        class_="amount",
        data_from=band.source,
        data_to=band.target,
    )


def _box(box: Box, position: int, lang: Lang, *, links: bool) -> Markup:
    paint = PAINTS[box.stop.standing]
    spoken = words.spoken(box.stop, lang)
    parts = [element("title", spoken)] if not links else []
    if len(box.members) > 1:
        parts.append(_frame(box, 5, EDGE))
    parts.append(_frame(box, 0, paint.tint, INK if box.stop.marked else paint.strong, 3 if box.stop.marked else 1))
    parts.append(empty("rect", x=box.x, y=box.y, width=5, height=box.high, fill=paint.strong))
    parts.append(sign(box.stop.standing, box.right - PAD - 9, box.y + PAD + 9))
    y = box.y + PAD + 15
    for line in words.lines(box.stop, lang, ROOM):
        if line.text:
            parts.append(words_at(line.text, box.x + INDENT, y, bold=line.bold, fill=PALE_INK if line.pale else None))
        if line.end:
            parts.append(words_at(line.end, box.right - PAD, y, bold=True, anchor="end"))
        y += words.LINE
    if not links:
        return element("g", *parts, class_="stop")
    return element(
        "a",
        *parts,
        class_="stop",
        href=f"#{anchor(box, position)}",
        data_box=position,
        data_members=" ".join(f"#record-{member}" for member in box.members),
        data_marked="" if box.stop.marked else None,
        aria_label=spoken,
    )


def _frame(box: Box, shift: int, fill: str, stroke: str | None = None, wide: int = 1) -> Markup:
    return empty(
        "rect",
        x=box.x + shift,
        y=box.y + shift,
        width=BOX_WIDE,
        height=box.high,
        rx=3,
        fill=fill,
        stroke=stroke,
        stroke_width=wide if stroke else None,
        class_="frame" if stroke else None,
    )
