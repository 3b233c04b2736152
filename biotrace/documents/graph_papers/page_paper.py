"""How a page is printed: which way round the sheets lie, and a large picture in pieces over several of them."""

from __future__ import annotations

from dataclasses import dataclass

from .layout import Laid
from .markup import Markup, element, empty
from .paints import FONTS, INK
from .sheets import Piece, pieces
from .svg import DRAWING
from .words import SIZE

_LONG, _SHORT = 1028, 699
"""Pixels between margins of 12 mm on A4, rounded down."""
_HEAD, _FACT, _NARROW = 116, 20, 26
"""Pixels of title and legend, of two facts beside each other, and what more they take on an upright sheet."""
_LEGIBLE = 55
"""Per cent of its own size: no picture is printed smaller."""


@dataclass(frozen=True, slots=True)
class Paper:
    """``style``: what the style sheet lacks; ``pieces``: the picture in pieces, which take its place in print."""

    style: str
    pieces: Markup


def on_paper(picture: Laid) -> Paper:
    """One sheet if the picture stays legible there, else several, each as wide as it can be."""
    head = _HEAD + _FACT * ((len(picture.graph.facts) + 1) // 2)
    across, down = (_LONG, _SHORT - head), (_SHORT, _LONG - head - _NARROW)
    parts = {way: min(100 * way[0] // picture.wide, 100 * way[1] // picture.high, 100) for way in (across, down)}
    best = max(parts, key=lambda way: parts[way])
    if parts[best] >= _LEGIBLE:
        return Paper(_style(best is across, best[1]), Markup())
    landscape = 100 * _SHORT // picture.wide < 75
    wide, high = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
    percent = max(_LEGIBLE, min(100, 100 * wide // picture.wide))
    room = [100 * pixels // percent for pixels in (wide, high, high - head - (0 if landscape else _NARROW))]
    shown = [_piece(piece, percent) for piece in pieces(picture, *room)]
    return Paper(_style(landscape, high), element("div", *shown, class_="pieces", aria_hidden="true"))


def _style(landscape: bool, high: int) -> str:
    size = "landscape" if landscape else "portrait"
    return f"@page {{ size: A4 {size}; margin: 12mm; }}\n:root {{ --high: {high}px; }}\n"


def _piece(piece: Piece, percent: int) -> Markup:
    return element(
        "svg",
        empty("use", href=f"#{DRAWING}"),
        width=piece.wide * percent // 100,
        height=piece.high * percent // 100,
        viewBox=f"{piece.x} {piece.y} {piece.wide} {piece.high}",
        font_family=FONTS,
        font_size=SIZE,
        fill=INK,
    )
