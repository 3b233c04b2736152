"""Who stands above whom in a layer, and how high: few crossings, short ways, nothing on top of anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 12
_FINE = 1 << 20
"""Means are whole numbers of this part, so that every machine orders alike."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Places to be given: boxes, and the room that a band takes in each layer that it only passes.

    ``layers``: slots by layer, in order; ``high``: of each slot, in pixels; ``left`` and ``right``: the slots that each
    is tied to in the layers beside its own.
    """

    layers: list[list[int]]
    high: Sequence[int]
    left: Sequence[Sequence[int]]
    right: Sequence[Sequence[int]]


def ordered(slots: Slots) -> list[list[int]]:
    """The layers with few crossings, by barycentres from the left and from the right. The same in, the same out."""
    layers = [list(layer) for layer in slots.layers]
    best, fewest = [list(layer) for layer in layers], _crossings(layers, slots)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        to_right = sweep % 2 == 0
        ties = slots.left if to_right else slots.right
        numbers = range(1, len(layers)) if to_right else range(len(layers) - 2, -1, -1)
        for number in numbers:
            beside = {slot: at for at, slot in enumerate(layers[number - 1 if to_right else number + 1])}
            own = {slot: at for at, slot in enumerate(layers[number])}
            middle = {
                slot: _FINE * sum(beside[t] for t in ties[slot]) // len(ties[slot]) if ties[slot] else None
                for slot in layers[number]
            }
            layers[number] = _merged(layers[number], middle, own)
        _switch(layers, slots)
        crossings = _crossings(layers, slots)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    return best


def _merged(layer: Sequence[int], middle: dict[int, int | None], own: dict[int, int]) -> list[int]:
    """By barycentre; what is tied to nothing keeps its place."""
    tied = sorted((s for s in layer if middle[s] is not None), key=lambda s: (middle[s], own[s]))
    rest = iter(tied)
    return [slot if middle[slot] is None else next(rest) for slot in layer]


def _switch(layers: Sequence[list[int]], slots: Slots) -> None:
    """Swap neighbours wherever that takes crossings away, layer by layer."""
    at = {slot: position for layer in layers for position, slot in enumerate(layer)}
    for layer in layers:
        for position in range(len(layer) - 1):
            upper, lower = layer[position], layer[position + 1]
            if _clashes(upper, lower, slots, at) > _clashes(lower, upper, slots, at):
                layer[position : position + 2] = [lower, upper]
                at[upper], at[lower] = position + 1, position


def _clashes(upper: int, lower: int, slots: Slots, at: dict[int, int]) -> int:
    """Crossings of the ties of one slot with those of another below it."""
    return sum(at[a] > at[b] for ties in (slots.left, slots.right) for a in ties[upper] for b in ties[lower])


def _crossings(layers: Sequence[Sequence[int]], slots: Slots) -> int:
    return sum(_between(left, right, slots.right) for left, right in pairwise(layers))


def _between(left: Sequence[int], right: Sequence[int], ties: Sequence[Sequence[int]]) -> int:
    """Pairs of ties that cross, counted with a Fenwick tree over the right layer."""
    at = {slot: position for position, slot in enumerate(right)}
    tree = [0] * (len(right) + 1)
    crossings = met = 0
    for slot in left:
        ends = sorted(at[target] for target in ties[slot])
        for end in ends:
            crossings += met - _up_to(tree, end)
        for end in ends:
            met += 1
            position = end + 1
            while position < len(tree):
                tree[position] += 1
                position += position & -position
    return crossings


def _up_to(tree: Sequence[int], end: int) -> int:
    total, position = 0, end + 1
    while position:
        total += tree[position]
        position -= position & -position
    return total


def heights(slots: Slots, layers: Sequence[Sequence[int]], gap: int) -> list[int]:
    """The upper edge of each slot in pixels from 0, in the order given, ``gap`` apart, near what it is tied to."""
    top = [0] * len(slots.high)
    for layer in layers:
        y = 0
        for slot in layer:
            top[slot] = y
            y += slots.high[slot] + gap
    for sweep in range(_SWEEPS):
        to_right = sweep % 2 == 0
        for layer in layers if to_right else reversed(layers):
            ties = slots.left if to_right else slots.right
            _settle(
                layer,
                [_wish(slot, ties[slot] or slots.right[slot] or slots.left[slot], top, slots.high) for slot in layer],
                top,
                slots.high,
                gap,
            )
    lowest = min(top, default=0)
    return [y - lowest for y in top]


def _wish(slot: int, tied: Sequence[int], top: Sequence[int], high: Sequence[int]) -> int:
    """The upper edge that puts a slot level with what it is tied to."""
    if not tied:
        return top[slot]
    return (sum(2 * top[t] + high[t] for t in tied) // len(tied) - high[slot]) // 2


def _settle(layer: Sequence[int], wishes: Sequence[int], top: list[int], high: Sequence[int], gap: int) -> None:
    """The places nearest to the wishes that keep order and gap (least squares: neighbours that clash move as one)."""
    offset = 0
    offsets = []
    blocks: list[tuple[int, int]] = []  # sum of wishes less offsets, and how many
    for slot, wish in zip(layer, wishes, strict=True):
        offsets.append(offset)
        total, count = wish - offset, 1
        while blocks and blocks[-1][0] * count > total * blocks[-1][1]:
            earlier, number = blocks.pop()
            total, count = total + earlier, count + number
        blocks.append((total, count))
        offset += high[slot] + gap
    places = (total // count for total, count in blocks for _ in range(count))
    for slot, place, shift in zip(layer, places, offsets, strict=True):
        top[slot] = place + shift
