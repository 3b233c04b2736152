"""Concordances 林班 ↔ 地番, read once and found by number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from biotrace.model.place import Concordance, Place

from .municipalities import NO_TABLE, Municipalities
from .numbers import first_number
from .read import Named, Notation, Spot, name_places


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a concordance. ``id``: the concordance's. ``complete``: it names all the parcels (no 外3筆)."""

    id: str
    spots: Mapping[Notation, tuple[Spot, ...]]
    complete: bool


class Links:
    """All concordances at hand. ``municipalities``: the table by which names of places are compared."""

    def __init__(self, concordances: Iterable[Concordance] = (), municipalities: Municipalities = NO_TABLE) -> None:
        self.municipalities = municipalities
        self._lines: list[Line] = []
        self._naming: dict[tuple[str, ...], dict[int, list[Spot]]] = defaultdict(dict)
        for concordance in concordances:
            for line in _lines(concordance, municipalities):
                for spot in (spot for spots in line.spots.values() for spot in spots):
                    self._naming[spot.path].setdefault(len(self._lines), []).append(spot)
                self._lines.append(line)

    def naming(self, spot: Spot) -> frozenset[str]:
        """The concordances that name a spot of that number, or one it lies in, wherever: no others can translate it."""
        return frozenset(self._lines[number].id for number in self._near(spot))

    def translate(self, spot: Spot) -> tuple[tuple[Spot, ...], tuple[str, ...]]:
        """All spots of the other notation that together cover ``spot``, and the concordances that say so."""
        found: list[Spot] = []
        via: dict[str, None] = {}
        for number, here in sorted(self._near(spot).items()):
            line = self._lines[number]
            whole = spot.notation is Notation.PARCEL or line.complete
            if whole and any(spot.within(s, self.municipalities) for s in here):
                found += line.spots[spot.notation.other]
                via[line.id] = None
        return tuple(found), tuple(via)

    def numbers_beside(self, numbers: Collection[str]) -> frozenset[str]:
        """The first numbers (see ``numbers``) of all lines on which one of these stands."""
        lines = ({first_number(s) for spots in line.spots.values() for s in spots} for line in self._lines)
        return frozenset(n for line in lines if not line.isdisjoint(numbers) for n in line if n is not None)

    def _near(self, spot: Spot) -> dict[int, list[Spot]]:
        """By line, what it names that the spot may lie in."""
        path = spot.path
        found: dict[int, list[Spot]] = {}
        for length in range(1, len(path) + 1):
            for number, spots in self._naming.get(path[:length], {}).items():
                found.setdefault(number, []).extend(spots)
        return found


NO_LINKS = Links()


def _lines(concordance: Concordance, table: Municipalities) -> Iterable[Line]:
    area = (concordance.prefecture, concordance.municipality, concordance.oaza, concordance.aza)
    for pair in concordance.pairs:
        compartments = name_places([Place(*area, compartments=(pair.compartment,))], table, on=concordance.date)
        parcels = name_places([Place(*area, parcels=pair.parcels)], table, on=concordance.date)
        if _all_named(compartments) and any(not spot.unread for spot in parcels.spots):
            spots = {Notation.COMPARTMENT: compartments.spots, Notation.PARCEL: parcels.spots}
            yield Line(concordance.id, spots, complete=_all_named(parcels))


def _all_named(named: Named) -> bool:
    hidden = named.vague or named.unclear or any(spot.unread for spot in named.spots)
    return bool(named.spots) and not hidden
