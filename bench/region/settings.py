"""What a region is made from: the same settings give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

FIRST_DAY = date(2021, 4, 1)
LAST_DAY = date(2026, 3, 31)
"""Five fiscal years: as long as papers are kept, so that all of them can still be asked for on the last day."""
FULL_SIZE = 1_000_000
"""Records of a region of full size: about twelve plants. Smaller ones have fewer people, not fewer years."""
SMALLEST = 1_000


@dataclass(frozen=True, slots=True)
class Settings:
    """``records``: how many in all, at least ``SMALLEST`` (ValueError).

    ``defects``: code -> how many of it per million records; each named code is planted once at least. ``depth``: most
    traders between a forest and a chipper. ``width``: how many certificates stand behind each of ``wide_lots`` lots.
    ``key_changes``: parties that come to sign with a new key.
    """

    records: int
    seed: int = 1
    defects: Mapping[str, float] = field(default_factory=dict)
    depth: int = 6
    width: int = 500
    wide_lots: int = 3
    key_changes: int = 2

    def __post_init__(self) -> None:
        if self.records < SMALLEST:
            raise ValueError(f"a region has {SMALLEST} records or more, not {self.records}")

    @property
    def behind_wide(self) -> int:
        """``width``, or a fiftieth of all records where that is less."""
        return min(self.width, self.records // 50)

    def scaled(self, at_full_size: float, least: int) -> int:
        """How many of something a region of this size has."""
        return max(least, round(at_full_size * self.records / FULL_SIZE))

    def count(self, code: str) -> int:
        """How often a defect is planted."""
        return max(1, round(self.defects[code] * self.records / 1_000_000))
