"""What is usual of a row of figures when some of them are not: median and median distance from it, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

_AS_DEVIATION = Fraction(3, 2)
"""Median distances to a standard deviation, about (1.4826 for figures that scatter normally)."""


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle one, or the mean of the middle two. Raises ValueError where there is none."""
    if not values:
        raise ValueError("no values")
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def spread(values: Sequence[Fraction], least: Fraction) -> Fraction:
    """How far the values usually lie from their median: a standard deviation's stand-in, never below ``least``."""
    middle = median(values)
    return max(least, median([abs(value - middle) for value in values]) * _AS_DEVIATION)
