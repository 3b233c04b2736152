"""What frauds a region holds, and what is told of each: kept apart from ``Settings``, which without them stay the same.

A fraud is not one wrong record but a habit that sound-looking papers show together. Beside each kind go look-alikes:
honest people whose papers come near to showing the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

CODES = (
    *("permit-volume", "same-minute", "municipality-only", "per-hectare"),
    *("yield-jump", "class-shift", "dated-after"),
)
"""Those of ``biotrace.verify.patterns`` that look for them."""


@dataclass(frozen=True, slots=True)
class Frauds:
    """``counts``: code -> how many. ``honest``: look-alikes of each code. ``subtle``: hardly beyond what is usual.

    ``price_change``: the day on which those who go by prices change what they sell. No table knows it: it is made up.
    """

    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(CODES, 1))
    honest: int = 1
    price_change: date = date(2023, 4, 1)
    subtle: bool = False

    def __post_init__(self) -> None:
        if unknown := self.counts.keys() - set(CODES):
            raise ValueError(f"no such fraud: {', '.join(sorted(unknown))}")

    @property
    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "price_change": str(self.price_change)}


@dataclass(frozen=True, slots=True)
class Staged:
    """A fraud, or a look-alike: ``about``: a party's id, a document's record id, or a truck as it is compared."""

    code: str
    about: str
    fraud: bool
    what: str
