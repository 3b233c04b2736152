"""Figures of real papers that the audit printed. They stand in the casebook as they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Example:
    """Figures of a real paper that the audit printed; the generator leaves them as they are."""

    filed: date
    accepted: date
    allowed: tuple[date, date]
    felled: tuple[date, date]
    certified: date
    parcels: tuple[str, ...]
    area: Decimal
    quantity: Decimal
    number: str
    rate: Decimal
    age: int
    species: tuple[str, ...]
    arrivals: tuple[tuple[date, str], ...] = ()
    kilograms: tuple[int, ...] = ()
    truck: str = ""
    log_truck: str = ""


EXAMPLES: dict[str, Example] = {
    "c1": Example(
        date(2014, 5, 7), date(2014, 5, 8), (date(2014, 5, 27), date(2015, 3, 31)),
        (date(2014, 5, 27), date(2014, 6, 20)), date(2014, 6, 27), ("236-2", "237-2", "237-1"),
        Decimal("23.6110"), Decimal(2575), "26-14", Decimal("0.30"), 45, ("スギ", "ヒノキ"),
        ((date(2014, 11, 19), "08:40"), (date(2014, 11, 24), "07:17")), (6580, 5790), "28-58", "長野100は14-99",
    ),
    "h1": Example(
        date(2015, 1, 20), date(2015, 1, 21), (date(2015, 2, 20), date(2016, 2, 19)),
        (date(2015, 2, 20), date(2015, 4, 10)), date(2015, 12, 3), ("62",),
        Decimal("0.60"), Decimal(28500), "010104", Decimal("1.0"), 45, ("スギ",),
    ),
}  # fmt: skip
CASH_DAYS = (date(2013, 3, 11), date(2013, 3, 12), date(2013, 3, 13))
"""The three days of route k1, which lie outside its plant's observed period."""
