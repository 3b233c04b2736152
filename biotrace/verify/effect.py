"""What a finding does to the wood it concerns (the catalogue's "How a verdict is made")."""

from __future__ import annotations

from enum import StrEnum

from biotrace.model.fuel_class import FuelClass


class Effect(StrEnum):
    """Effects, in the words of the catalogue."""

    VOID = "void"
    UNPROVEN = "unproven"
    GENERAL = "general"
    GENERAL_WASTE = "general_waste"
    CONSTRUCTION_WASTE = "construction_waste"
    INPUT_CLASS = "input_class"
    NOTICE = "notice"

    @property
    def lowers_to(self) -> FuelClass | None:
        """The class that wood under this effect falls to; None where the effect itself does not say."""
        return _LOWERS_TO.get(self)


_LOWERS_TO = {
    Effect.VOID: FuelClass.CONSTRUCTION_WASTE,
    Effect.UNPROVEN: FuelClass.CONSTRUCTION_WASTE,  # N remark 3
    Effect.GENERAL: FuelClass.GENERAL,
    Effect.GENERAL_WASTE: FuelClass.GENERAL_WASTE,
    Effect.CONSTRUCTION_WASTE: FuelClass.CONSTRUCTION_WASTE,
}
