"""The legend's samples in SVG."""

from __future__ import annotations

from biotrace.model.text import Lang

from . import words
from .graph import Standing
from .layout import Laid
from .legend import Entry, Sample, placed
from .markup import Markup, element, empty, joined
from .paints import INK, PAINTS, PALE_INK
from .shapes import sign, words_at


def key(picture: Laid, lang: Lang, room: int) -> tuple[Markup, int]:
    """The legend in rows no wider than ``room``, and its height."""
    found, high = placed(picture, lang, room)
    rows = [
        element("g", sample(entry), words_at(entry.said, entry.indent, 18), transform=f"translate({x} {y})")
        for x, y, entry in found
    ]
    return joined(*rows), high


def sample(entry: Entry) -> Markup:
    """What stands before the words, 24 pixels high."""
    match entry.sample:
        case Sample.VERDICT:
            line = PAINTS[entry.standing].strong
            band = empty("rect", x=24, y=5, width=28, height=14, fill=f"url(#band-{entry.standing})", stroke=line)
            return joined(sign(entry.standing, 10, 12), band)
        case Sample.MARK:
            return words_at(words.MARKED, 0, 18)
        case Sample.POOLED:
            return empty("rect", y=6, width=28, height=12, fill="#f4f6f7", stroke=PALE_INK, stroke_dasharray="6 4")
        case Sample.UNTOLD:
            return _line(PALE_INK, "2 4")
        case Sample.BACK:
            return _line(PAINTS[Standing.FLAWED].strong, "8 4")
        case Sample.SCALE:
            y = 12 - entry.pixels // 2
            bracket = f"M2 {y}H12M7 {y}V{y + entry.pixels}M2 {y + entry.pixels}H12"
            return empty("path", d=bracket, stroke=INK, fill="none")
        case Sample.NOTHING:
            return Markup()


def _line(colour: str, dashes: str) -> Markup:
    return empty("path", d="M0 12H28", stroke=colour, stroke_width=2, stroke_dasharray=dashes)
