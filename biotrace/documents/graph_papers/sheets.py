"""A picture cut into pieces that fit sheets of paper, through as few boxes as can be."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from .layout import BOX_WIDE, GAP_WIDE, Laid, left_of

_FULL = 60
"""Per cent of a sheet that a piece fills at least, before it is cut shorter to spare a box."""
_BELOW = 8
"""A cut that spares a box goes so far below it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a picture, in its own pixels."""

    x: int
    y: int
    wide: int
    high: int

    def shows(self, left: int, top: int, right: int, bottom: int) -> bool:
        """Whether some of a rectangle lies in it."""
        return self.x < right and left < self.x + self.wide and self.y < bottom and top < self.y + self.high


def pieces(picture: Laid, wide: int, high: int, first: int) -> tuple[Piece, ...]:
    """Pieces at most ``wide`` by ``high``, row by row, which together are the picture; the first row is ``first`` high.

    Cut between layers, and where it can be between boxes. A layer that is wider than ``wide`` is a piece anyway.
    """
    columns = [*_between_layers(picture, wide), picture.wide]
    rows = [*_between_boxes(picture, high, first), picture.high]
    return tuple(Piece(x, y, right - x, bottom - y) for y, bottom in pairwise(rows) for x, right in pairwise(columns))


def _between_layers(picture: Laid, wide: int) -> list[int]:
    """Left edges of the columns, each in the middle of the gap before a layer."""
    if picture.wide <= wide:
        return [0]
    each = max(1, wide // (BOX_WIDE + GAP_WIDE))
    return [left_of(layer) - GAP_WIDE // 2 if layer else 0 for layer in range(0, len(picture.heads), each)]


def _between_boxes(picture: Laid, high: int, first: int) -> list[int]:
    """Upper edges of the rows."""
    rows, room = [0], first
    while picture.high - rows[-1] > room:
        most = rows[-1] + room
        least = rows[-1] + room * _FULL // 100
        below = {box.bottom + _BELOW for box in picture.boxes}
        rows.append(min(({most} | {y for y in below if least <= y < most}), key=lambda y: (_cut(picture, y), -y)))
        room = high
    return rows


def _cut(picture: Laid, y: int) -> int:
    """How many boxes a cut at this height goes through."""
    return sum(box.y < y < box.bottom for box in picture.boxes)
