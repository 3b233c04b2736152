"""Scores: how seldom sound trade would show what was seen, by what is usual.

A score of 50 stands for one halving of that chance, so 500 for one in a thousand (2 to the 10th) and 1,000, the most
there is, for one in a million. What is usual is stated with each pattern, and so is what a halving stands for where no
rate is known: so much further beyond the usual bound. That makes scores comparable between patterns. They rank; they
are no probability that anybody did wrong, for sound trade has reasons that no rate knows of.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

POINTS = 50
"""Points for each halving of the chance."""
MOST = 1_000
DEFAULT_SCORE = 500
"""From which on a sighting is listed unless asked otherwise: one in a thousand."""
_FINE = 64
"""Bits behind the point in which a chance is worked out."""


def score(halvings: Fraction | int) -> int:
    """So many halvings as points, rounded down; at least 0, at most ``MOST``."""
    return max(0, min(MOST, int(halvings * POINTS)))


def halvings(chance: Fraction) -> Fraction:
    """How often 1 has to be halved to come to ``chance``, down to 1/50; no more than a score can tell.

    Raises ValueError for what is no chance (not above 0, or above 1).
    """
    if not 0 < chance <= 1:
        raise ValueError(f"no chance: {chance}")
    most = MOST // POINTS
    if chance.denominator >> most >= chance.numerator:
        return Fraction(most)
    odds = (chance.denominator << _FINE) // chance.numerator
    return Fraction((odds**POINTS).bit_length() - 1 - _FINE * POINTS, POINTS)


def at_least(seen: int, of: int, rate: Fraction) -> Fraction:
    """A bound on the chance of ``seen`` or more out of ``of``, each with the chance ``rate`` (Chernoff's).

    1 where no more were seen than that rate lets expect. It is exact where all were.
    """
    if seen <= of * rate:
        return Fraction(1)
    if seen == of:
        return rate**of
    return (of * rate / seen) ** seen * (of * (1 - rate) / (of - seen)) ** (of - seen)


def shifted(before: Sequence[Fraction], after: Sequence[Fraction]) -> Fraction:
    """The chance that chance alone puts ``after`` as far above ``before`` as they are, by rank (Mann and Whitney).

    All orders being alike: how many of them have as many pairs in which one after lies above one before. Equal values
    count as not above.
    """
    above = sum(b < a for b in before for a in after)
    counts = _orders(len(before), len(after))
    return Fraction(sum(counts[above:]), sum(counts))


@lru_cache(maxsize=256)
def _orders(before: int, after: int) -> tuple[int, ...]:
    """By number of pairs with one after above one before: in how many orders of so many values they have it."""
    if not before or not after:
        return (1,)
    # The greatest of all is one after (above each before), or one before.
    found = [0] * (before * after + 1)
    for pairs, orders in enumerate(_orders(before, after - 1)):
        found[pairs + before] += orders
    for pairs, orders in enumerate(_orders(before - 1, after)):
        found[pairs] += orders
    return tuple(found)
