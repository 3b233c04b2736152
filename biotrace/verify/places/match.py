"""Comparing two sets of places, directly or through concordances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from .links import NO_LINKS, Links
from .read import Notation, Spot


class Fit(Enum):
    """How one spot of the certificate stands to the document's."""

    INSIDE = "inside"
    PARTLY = "partly"
    OUTSIDE = "outside"
    OTHER_NOTATION = "other notation"


@dataclass(frozen=True, slots=True)
class Match:
    """How a spot fits. ``linked``: the spots of the other notation that stand for it, by the concordances ``via``."""

    spot: Spot
    fit: Fit
    via: tuple[str, ...] = ()
    linked: tuple[Spot, ...] = ()


class Ground:
    """The spots that a paper allows, found by number: a thousand parcels on both papers are still compared at once."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        self._by_number: dict[tuple[Notation, str], list[Spot]] = defaultdict(list)
        for spot in spots:
            self._by_number[spot.notation, spot.unit[0]].append(spot)
        self.notations = frozenset(notation for notation, _ in self._by_number)

    def near(self, spot: Spot) -> Sequence[Spot]:
        """Those whose number begins as the spot's does: no other can overlap it."""
        return self._by_number.get((spot.notation, spot.unit[0]), ())


def match(spot: Spot, allowed: Ground, links: Links = NO_LINKS) -> Match:
    """How ``spot`` fits the spots that a document allows, directly or through a concordance."""
    table = links.municipalities
    if any(spot.within(a, table) for a in allowed.near(spot)):
        return Match(spot, Fit.INSIDE)
    linked, via = links.translate(spot)
    if linked and all(any(t.within(a, table) for a in allowed.near(t)) for t in linked):
        return Match(spot, Fit.INSIDE, via, linked)
    if any(spot.touches(a, table) for a in allowed.near(spot)):
        return Match(spot, Fit.PARTLY)
    if any(t.touches(a, table) for t in linked for a in allowed.near(t)):
        return Match(spot, Fit.PARTLY, via, linked)
    comparable = spot.notation in allowed.notations or bool(linked)
    return Match(spot, Fit.OUTSIDE if comparable else Fit.OTHER_NOTATION, via, linked)
