"""Where everything stands: boxes in layers from forest to plant, bands between them as wide as their tonnage.

Whole pixels throughout; the same graph gives the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from biotrace.model.text import Text, join

from . import words
from .graph import Flow, Graph, Stop
from .grouping import MOST_IN_LAYER, Drawn, drawn
from .order import Slots, heights, ordered

BOX_WIDE = 204
GAP_WIDE = 112
"""Between layers: room for a band to bend, and for its tonnes."""
MARGIN = 20
HEAD = 34
"""Above the boxes, for the names of the layers."""
PAD = 10
"""Between a box's edge and its words."""
INDENT = PAD + 4
"""The words stand right of a strip in the verdict's colour."""
ROOM = BOX_WIDE - INDENT - PAD
WIDEST = 160
"""Pixels of the most that comes into one box, or leaves it."""
NARROWEST = 2
HAIRLINE = 1
"""Of a flow whose amount nobody can tell; drawn dotted."""
_GAP_HIGH = 16
_PORT = 18
"""Room at a box's edge for a band's tonnes."""
_MOST_ROOM = 8
"""Bands into one box that get this room even where the box grows by it."""
_LANE = 12


@dataclass(frozen=True, slots=True)
class Box:
    """A stop's box. ``members``: positions in the graph of the stops that it stands for."""

    stop: Stop
    members: tuple[int, ...]
    layer: int
    x: int
    y: int
    high: int

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.x + BOX_WIDE

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.high


@dataclass(frozen=True, slots=True)
class Band:
    """A flow between two boxes, by their positions.

    ``way``: points on its upper edge, from left to right; each second stretch passes a layer level. A flow that closes
    a circle (``back``) is a line, and its way has the corners. ``label``: right end of its tonnes' baseline; None
    where there is no room for them, and of wood that may have come from a yard, of which nobody knows how much.
    """

    flow: Flow
    source: int
    target: int
    wide: int
    way: tuple[tuple[int, int], ...]
    label: tuple[int, int] | None
    back: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """A graph laid out. ``heads``: middle and name of each layer; ``largest``: grams that WIDEST pixels stand for."""

    graph: Graph
    wide: int
    high: int
    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]
    heads: tuple[tuple[int, Text], ...]
    largest: int
    notes: tuple[Text, ...]


def laid(graph: Graph, most: int = MOST_IN_LAYER) -> Laid:
    """The graph laid out, the small stops of crowded layers put together (see ``grouping``)."""
    shown = drawn(graph, most)
    largest = _largest(shown)
    wide = [_pixels(link.flow.grams, largest) for link in shown.links]
    slots, ways = _slots(shown, wide)
    layers = ordered(slots)
    top = [y + HEAD for y in heights(slots, layers, _GAP_HIGH)]
    boxes = tuple(
        Box(node.stop, node.members, node.layer, left_of(node.layer), top[i], slots.high[i])
        for i, node in enumerate(shown.nodes)
    )
    bands = _bands(shown, wide, ways, boxes, top)
    bottom = max([y + high for y, high in zip(top, slots.high, strict=True)], default=HEAD)
    lanes = sum(link.back for link in shown.links)
    return Laid(
        graph=graph,
        wide=left_of(len(layers)) - GAP_WIDE + MARGIN,
        high=bottom + lanes * _LANE + MARGIN,
        boxes=boxes,
        bands=bands,
        heads=_heads(shown, len(layers)),
        largest=largest,
        notes=shown.notes,
    )


def left_of(layer: int) -> int:
    """The left edge of a layer's boxes."""
    return MARGIN + layer * (BOX_WIDE + GAP_WIDE)


def _largest(shown: Drawn) -> int:
    """The most grams that come into a box or leave it; without flows nothing has a width."""
    through = []
    for ends in (_by_end(shown, to_right=True), _by_end(shown, to_right=False)):
        through += [sum(shown.links[i].flow.grams or 0 for i in numbers) for numbers in ends]
    return max(through, default=0)


def _pixels(grams: int | None, largest: int) -> int:
    if grams is None:
        return HAIRLINE
    return max(NARROWEST, grams * WIDEST // largest) if largest else NARROWEST


def _by_end(shown: Drawn, *, to_right: bool) -> list[list[int]]:
    """By node, the links that leave it to the right, or come to it."""
    ends: list[list[int]] = [[] for _ in shown.nodes]
    for number, link in enumerate(shown.links):
        if not link.back:
            ends[link.source if to_right else link.target].append(number)
    return ends


def _slots(shown: Drawn, wide: Sequence[int]) -> tuple[Slots, list[list[int]]]:
    """The nodes, then the places where bands pass a layer; and for each link its slots from source to target."""
    high = _box_heights(shown, wide)
    layers: list[list[int]] = [[] for _ in range(max((n.layer for n in shown.nodes), default=-1) + 1)]
    for number, node in enumerate(shown.nodes):
        layers[node.layer].append(number)
    ways: list[list[int]] = []
    for number, link in enumerate(shown.links):
        way = [link.source]
        if not link.back:
            for layer in range(shown.nodes[link.source].layer + 1, shown.nodes[link.target].layer):
                way.append(len(high))
                layers[layer].append(len(high))
                high.append(wide[number])
        ways.append([*way, link.target])
    left: list[list[int]] = [[] for _ in high]
    right: list[list[int]] = [[] for _ in high]
    for way, link in zip(ways, shown.links, strict=True):
        for a, b in pairwise(way):
            if not link.back:
                right[a].append(b)
                left[b].append(a)
    return Slots(layers, high, left, right), ways


def _box_heights(shown: Drawn, wide: Sequence[int]) -> list[int]:
    """Room for the words, for the bands on either side, and for the tonnes of few that come in."""
    high = [2 * PAD + words.LINE * words.count_lines(node.stop, ROOM) for node in shown.nodes]
    for to_right in (True, False):
        for position, links in enumerate(_by_end(shown, to_right=to_right)):
            room = _PORT if len(links) <= _MOST_ROOM and not to_right else 0
            high[position] = max(high[position], sum(max(wide[i], room) for i in links))
    return high


def _bands(
    shown: Drawn, wide: Sequence[int], ways: Sequence[Sequence[int]], boxes: Sequence[Box], top: Sequence[int]
) -> tuple[Band, ...]:
    starts = _ports(shown, wide, ways, boxes, top, to_right=True)
    ends = _ports(shown, wide, ways, boxes, top, to_right=False)
    bands = []
    lane = max((box.bottom for box in boxes), default=0)
    for number, link in enumerate(shown.links):
        source, target = boxes[link.source], boxes[link.target]
        if link.back:
            lane += _LANE
            bands.append(Band(link.flow, link.source, link.target, HAIRLINE, _around(source, target, lane), None, True))
            continue
        way = [(source.right, starts[number][0])]
        for layer, slot in enumerate(ways[number][1:-1], source.layer + 1):
            way += [(left_of(layer), top[slot]), (left_of(layer) + BOX_WIDE, top[slot])]
        y, room = ends[number]
        way.append((target.x, y))
        silent = link.flow.pooled and link.flow.grams is None
        label = (target.x - 6, _baseline(y, wide[number])) if room >= _PORT and not silent else None
        bands.append(Band(link.flow, link.source, link.target, wide[number], tuple(way), label))
    return tuple(bands)


def _baseline(y: int, wide: int) -> int:
    """In the middle of a band that has room for words, above any other."""
    return y + wide // 2 + 5 if wide >= _PORT else y - 4


def _ports(
    shown: Drawn,
    wide: Sequence[int],
    ways: Sequence[Sequence[int]],
    boxes: Sequence[Box],
    top: Sequence[int],
    *,
    to_right: bool,
) -> dict[int, tuple[int, int]]:
    """For each link its upper edge where it meets its box, and the room it has there; in order of where it goes."""
    ports: dict[int, tuple[int, int]] = {}
    for box, links in zip(boxes, _by_end(shown, to_right=to_right), strict=True):
        beside = {i: ways[i][1] if to_right else ways[i][-2] for i in links}
        rooms = {i: max(wide[i], _PORT) for i in links}
        if sum(rooms.values()) > box.high:
            rooms = {i: wide[i] for i in links}
        spare = (box.high - sum(rooms.values())) // len(links) if links else 0
        y = box.y
        for i in sorted(links, key=lambda i: (top[beside[i]], i)):
            room = rooms[i] + spare
            ports[i] = (y + (room - wide[i]) // 2, room)
            y += room
    return ports


def _around(source: Box, target: Box, lane: int) -> tuple[tuple[int, int], ...]:
    """Out at the right, below everything, and in at the left."""
    out, into = source.right + _LANE, target.x - _LANE
    start, end = source.y + source.high // 2, target.y + target.high // 2
    return ((source.right, start), (out, start), (out, lane), (into, lane), (into, end), (target.x, end))


def _heads(shown: Drawn, count: int) -> tuple[tuple[int, Text], ...]:
    heads = []
    for layer in range(count):
        columns = {node.stop.column for node in shown.nodes if node.layer == layer}
        names = [words.COLUMNS[column] for column in words.COLUMNS if column in columns]
        heads.append((left_of(layer) + BOX_WIDE // 2, join(names, "／", " / ")))
    return tuple(heads)
