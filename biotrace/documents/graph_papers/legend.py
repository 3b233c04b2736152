"""What signs, patterns and widths in a picture mean: only those that are in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from biotrace.model.text import Lang

from . import words
from .graph import Standing
from .layout import WIDEST, Laid

ROW = 26
"""Height of a line of the legend in pixels; a sample is drawn around its middle, 12 below the upper edge."""
_BAR_MOST = WIDEST // 8
"""Pixels of the scale's bar at most: the room in a row."""
_AFTER = 22


class Sample(Enum):
    """What stands before the words."""

    VERDICT = auto()
    MARK = auto()
    POOLED = auto()
    UNTOLD = auto()
    BACK = auto()
    SCALE = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend. ``indent``: pixels of the sample; ``pixels``: the height of the scale's bar."""

    sample: Sample
    indent: int
    said: str
    standing: Standing = Standing.UNKNOWN
    pixels: int = 0


def entries(picture: Laid, lang: Lang) -> list[Entry]:
    """Verdicts, kinds of bands, the scale and the unit."""
    met = {box.stop.standing for box in picture.boxes}
    found = [Entry(Sample.VERDICT, 58, words.MEANINGS[s].get(lang), s) for s in Standing if s in met]
    if any(box.stop.marked for box in picture.boxes):
        found.append(Entry(Sample.MARK, 20, words.SUBJECT.get(lang)))
    if any(band.flow.pooled for band in picture.bands):
        found.append(Entry(Sample.POOLED, 36, words.POOLED.get(lang)))
    if any(band.flow.grams is None and not band.flow.pooled for band in picture.bands):
        found.append(Entry(Sample.UNTOLD, 36, words.UNTOLD_BAND.get(lang)))
    if any(band.back for band in picture.bands):
        found.append(Entry(Sample.BACK, 36, words.GOES_BACK.get(lang)))
    if scale := bar(picture.largest):
        pixels, grams = scale
        said = f"{words.SCALE.get(lang)} = {words.round_tonnes(grams)}"
        found.append(Entry(Sample.SCALE, 20, said, pixels=pixels))
    return [*found, Entry(Sample.NOTHING, 0, words.UNIT.get(lang))]


def placed(picture: Laid, lang: Lang, room: int) -> tuple[list[tuple[int, int, Entry]], int]:
    """The entries in rows no wider than ``room`` pixels, each by its upper left corner, and the height of all."""
    found = []
    x, y = 0, 0
    for entry in entries(picture, lang):
        wide = entry.indent + words.wide(entry.said) + _AFTER
        if x and x + wide > room:
            x, y = 0, y + ROW
        found.append((x, y, entry))
        x += wide
    return found, y + ROW


def bar(largest: int) -> tuple[int, int] | None:
    """Pixels and grams of the scale: the largest round amount that fits a row; None where none does."""
    amounts = (factor * 10**power for power in range(len(str(largest))) for factor in (1, 2, 5))
    bars = [(grams * WIDEST // largest, grams) for grams in amounts if largest]
    return next((found for found in reversed(bars) if 0 < found[0] <= _BAR_MOST), None)
