"""All patterns at once, entry after entry."""

from __future__ import annotations

from collections.abc import Callable

from biotrace.model.text import Text

from ..case import Entry
from .around import Around
from .class_shift import ClassShift
from .dated_after import DatedAfter
from .municipality_only import MunicipalityOnly
from .per_hectare import PerHectare
from .permit_volume import PermitVolume
from .same_minute import SameMinute
from .sighting import Kind, Pattern, Sighting
from .yield_jump import YieldJump

_MAKERS: tuple[Callable[[Around], Pattern], ...] = (
    PermitVolume,
    SameMinute,
    MunicipalityOnly,
    PerHectare,
    YieldJump,
    ClassShift,
    DatedAfter,
)
PATTERNS: tuple[Kind, ...] = tuple(
    each.kind for each in (PermitVolume, SameMinute, MunicipalityOnly, PerHectare, YieldJump, ClassShift, DatedAfter)
)
"""What is looked for."""


class Looking:
    """Shows every entry to every pattern."""

    def __init__(self, around: Around) -> None:
        self._patterns = [make(around) for make in _MAKERS]
        self.taken = 0

    def take(self, entry: Entry) -> None:
        """The next entry, in the order of the log."""
        self.taken += 1
        for pattern in self._patterns:
            pattern.take(entry)

    def sightings(self) -> list[Sighting]:
        """Everything that was seen and scores, the highest score first."""
        found = (sighting for pattern in self._patterns for sighting in pattern.sightings())
        return sorted((s for s in found if s.score > 0), key=lambda s: s.rank)

    def unchecked(self) -> list[tuple[Kind, Text]]:
        """What could not be looked at, by pattern."""
        return [(pattern.kind, said) for pattern in self._patterns for said in pattern.unchecked()]
