"""Comparing two sets of places, directly or through concordances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from .links import NO_LINKS, Links
from .read import Spot


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
    """The spots that a paper allows, found by number: a thousand places on both papers are still compared at once."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        self._at: dict[tuple[str, ...], list[Spot]] = {}
        self._in: dict[tuple[str, ...], list[Spot]] = {}
        notations = set()
        for spot in spots:
            notations.add(spot.notation)
            path = spot.path
            self._at.setdefault(path, []).append(spot)
            for length in range(1, len(path)):
                self._in.setdefault(path[:length], []).append(spot)
        self.notations = frozenset(notations)

    def near(self, spot: Spot) -> Sequence[Spot]:
        """Those whose number contains the spot's, or is it, or lies in it: no other can overlap it."""
        path = spot.path
        here, inside = self._at.get(path, ()), self._in.get(path, ())
        if len(path) == 1 and not inside:
            return here
        around = (other for length in range(1, len(path)) for other in self._at.get(path[:length], ()))
        return [*around, *here, *inside]


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
