"""Rounding for print, where what is printed must still add up."""

from __future__ import annotations

from collections.abc import Sequence


def rounded(amount: int, step: int) -> int:
    """The nearest multiple of ``step``, halves away from zero."""
    size = (2 * abs(amount) + step) // (2 * step) * step
    return size if amount >= 0 else -size


def rounded_parts(parts: Sequence[int], step: int, whole: int | None = None) -> list[int]:
    """Multiples of ``step`` that add up to their rounded sum, each less than a step from its part (largest remainder).

    ``whole``: the sum as it is printed elsewhere, itself less than a step from theirs. Ties in order. Raises ValueError
    for a negative part.
    """
    if any(part < 0 for part in parts):
        raise ValueError("a part below 0")
    floors = [part // step * step for part in parts]
    missing = ((rounded(sum(parts), step) if whole is None else whole) - sum(floors)) // step
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(parts[i] - floors[i]), i))
    for i in by_remainder[:missing]:
        floors[i] += step
    return floors
