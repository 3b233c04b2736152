"""Concordances 林班 ↔ 地番, read once and found by number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from biotrace.model.place import Concordance, Place

from .municipalities import NO_TABLE, Municipalities
from .read import Named, Notation, Spot, name_places


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a concordance. ``id``: the concordance's. ``complete``: it names all the parcels (no 外3筆)."""

    id: str
    compartments: tuple[Spot, ...]
    parcels: tuple[Spot, ...]
    complete: bool


class Links:
    """All concordances at hand. ``municipalities``: the table by which names of places are compared."""

    def __init__(self, concordances: Iterable[Concordance] = (), municipalities: Municipalities = NO_TABLE) -> None:
        self.municipalities = municipalities
        self._lines: dict[tuple[Notation, str], list[Line]] = defaultdict(list)
        for concordance in concordances:
            for line in _lines(concordance, municipalities):
                heads = {(spot.notation, spot.unit[0]): None for spot in (*line.compartments, *line.parcels)}
                for head in heads:
                    self._lines[head].append(line)

    def naming(self, spot: Spot) -> frozenset[str]:
        """The concordances that name a spot of that number, wherever: no others can translate it."""
        return frozenset(line.id for line in self._lines.get((spot.notation, spot.unit[0]), ()))

    def translate(self, spot: Spot) -> tuple[tuple[Spot, ...], tuple[str, ...]]:
        """All spots of the other notation that together cover ``spot``, and the concordances that say so."""
        found: list[Spot] = []
        via: dict[str, None] = {}
        for line in self._lines.get((spot.notation, spot.unit[0]), ()):
            by_parcel = spot.notation is Notation.PARCEL
            here, there = (line.parcels, line.compartments) if by_parcel else (line.compartments, line.parcels)
            if (by_parcel or line.complete) and any(spot.within(s, self.municipalities) for s in here):
                found += there
                via[line.id] = None
        return tuple(found), tuple(via)


NO_LINKS = Links()


def _lines(concordance: Concordance, table: Municipalities) -> Iterable[Line]:
    area = (concordance.prefecture, concordance.municipality, concordance.oaza, concordance.aza)
    for pair in concordance.pairs:
        compartments = name_places([Place(*area, compartments=(pair.compartment,))], table, on=concordance.date)
        parcels = name_places([Place(*area, parcels=pair.parcels)], table, on=concordance.date)
        if _all_named(compartments) and any(not spot.unread for spot in parcels.spots):
            yield Line(concordance.id, compartments.spots, parcels.spots, complete=_all_named(parcels))


def _all_named(named: Named) -> bool:
    hidden = named.vague or named.unclear or any(spot.unread for spot in named.spots)
    return bool(named.spots) and not hidden
