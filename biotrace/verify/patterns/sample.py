"""The records behind a sighting: the earliest of them, however many there are, whatever order they come in."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

KEPT = 40
"""Records that are named. Of more the number is told."""


@dataclass(slots=True)
class Sample:
    """Records by day and id. ``count``: how many there are in all; ``last``: the day of the last."""

    kept: list[tuple[date, str]] = field(default_factory=list)
    count: int = 0
    last: date = date.min

    def add(self, day: date, record: str) -> None:
        """One more."""
        self.count += 1
        self.last = max(self.last, day)
        self._keep(day, record)

    def take(self, other: Sample) -> None:
        """All of another."""
        self.count += other.count
        self.last = max(self.last, other.last)
        for day, record in other.kept:
            self._keep(day, record)

    def _keep(self, day: date, record: str) -> None:
        if len(self.kept) < KEPT or (day, record) < self.kept[-1]:
            insort(self.kept, (day, record))
            del self.kept[KEPT:]

    @property
    def first(self) -> date:
        """The day of the first. Raises IndexError where there is none."""
        return self.kept[0][0]

    @property
    def records(self) -> tuple[str, ...]:
        """Their ids, the earliest first."""
        return tuple(record for _, record in self.kept)


def together(samples: Iterable[Sample]) -> Sample:
    """Several as one."""
    found = Sample()
    for sample in samples:
        found.take(sample)
    return found
