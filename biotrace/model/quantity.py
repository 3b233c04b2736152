"""Quantities as integers in base units, beside the unit in which they were written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PARTS = 10_000
"""Moisture, rates and shares are whole numbers of 1/10,000."""


class Unit(StrEnum):
    """A unit as papers use it. Volumes are kept in cm³, masses in grams."""

    M3 = "m3"  # solid
    M3_LOOSE = "m3_loose"
    M3_STACKED = "m3_stacked"
    T = "t"
    KG = "kg"

    def __init__(self, name: str) -> None:
        # Asked some twenty times for each record of an audit: attributes, no properties.
        self.is_mass = name in ("t", "kg")
        """True for t and kg."""
        self.scale = 1_000 if name == "kg" else 1_000_000
        """Base units (grams or cm³) in one of this unit."""
        self.sign = {"m3": "㎥", "m3_loose": "㎥(チップ層積)", "m3_stacked": "㎥(層積)"}.get(name, name)
        """The unit as printed."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of wood.

    ``amount``: grams for t and kg, cm³ for the volumes, always > 0. ``moisture``: water ÷ wet mass in
    1/10,000, or None where the paper states none.
    """

    amount: int
    unit: Unit
    moisture: int | None = None

    @property
    def value(self) -> Decimal:
        """The number in the written unit, exact."""
        return Decimal(self.amount) / self.unit.scale

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit.sign}"

    def same_measure(self, other: Quantity) -> bool:
        """Whether two amounts may be compared without conversion (t and kg may)."""
        return self.unit is other.unit or (self.unit.is_mass and other.unit.is_mass)


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros, with thousands separated: 2,575 or 6.58."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_base(value: Decimal, scale: int) -> int:
    """``value`` in base units. Raises ValueError when it is finer than one base unit."""
    scaled = value * scale
    if scaled != scaled.to_integral_value():
        raise ValueError(f"finer than 1/{scale}")
    return int(scaled)
