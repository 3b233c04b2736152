"""Words and signs in SVG."""

from __future__ import annotations

from .graph import Standing
from .markup import Attributes, Markup, element, empty, joined
from .paints import PAINTS

_HALO: Attributes = {"stroke": "#ffffff", "stroke_width": 3, "stroke_linejoin": "round", "paint_order": "stroke"}


def words_at(
    text: str,
    x: int,
    y: int,
    *,
    size: int | None = None,
    bold: bool = False,
    fill: str | None = None,
    anchor: str | None = None,
    halo: bool = False,
    **more: str | int,
) -> Markup:
    """A line of text. ``y`` is its baseline; ``halo`` keeps it legible on a band; ``anchor``: which end is at ``x``."""
    around = _HALO if halo else {}
    weight = "bold" if bold else None
    return element(
        "text", text, x=x, y=y, font_size=size, font_weight=weight, fill=fill, text_anchor=anchor, **around, **more
    )


def sign(standing: Standing, x: int, y: int) -> Markup:
    """The verdict's sign on its colour, 18 pixels wide, drawn around a point."""
    disc = empty("circle", cx=x, cy=y, r=9, fill=PAINTS[standing].strong)
    line: Attributes = {"fill": "none", "stroke": "#ffffff", "stroke_width": 2}
    match standing:
        case Standing.OK:
            drawn = empty("circle", cx=x, cy=y, r="4.5", **line)
        case Standing.NOTICE:
            drawn = empty("path", d=f"M{x} {y - 5}L{x + 5} {y + 4}H{x - 5}Z", **line)
        case Standing.FLAWED:
            drawn = empty("path", d=f"M{x - 4} {y - 4}L{x + 4} {y + 4}M{x + 4} {y - 4}L{x - 4} {y + 4}", **line)
        case Standing.INCOMPLETE:
            drawn = words_at("?", x, y + 5, anchor="middle", bold=True, fill="#ffffff")
        case Standing.UNKNOWN:
            drawn = empty("path", d=f"M{x - 4} {y}H{x + 4}", **line)
    return joined(disc, drawn)
