"""The classes by which electricity from wood is paid (G2, N)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from .text import Text


class FuelClass(StrEnum):
    """What a lot of wood counts as. Order of definition: from the highest class to the lowest."""

    THINNED = "thinned"
    GENERAL = "general"
    GENERAL_WASTE = "general_waste"
    CONSTRUCTION_WASTE = "construction_waste"

    def __init__(self, _: str) -> None:
        self.rank = len(type(self).__members__)
        """0 for the highest class, 3 for the lowest."""

    @property
    def label(self) -> Text:
        """The guideline's name of the class."""
        return _LABEL[self]


_LABEL = {
    FuelClass.THINNED: Text("間伐材等由来の木質バイオマス", "thinned wood (間伐材等由来)"),
    FuelClass.GENERAL: Text("一般木質バイオマス", "general wood (一般木質)"),
    FuelClass.GENERAL_WASTE: Text("一般廃棄物", "general waste (一般廃棄物)"),
    FuelClass.CONSTRUCTION_WASTE: Text("建設資材廃棄物", "construction waste (建設資材廃棄物)"),
}


def lowest(classes: Iterable[FuelClass]) -> FuelClass:
    """The lowest of some classes (worst wins). Raises ValueError when there are none."""
    return max(classes, key=lambda c: c.rank)
