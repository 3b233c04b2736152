"""By what a plant's biomass ratio is worked out: bone-dry weight, kWh per bone-dry tonne, or kWh as measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm

from biotrace.errors import UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text, join, same
from biotrace.verify.biomass_ratio import Burned

from .report_parts import CLASS_NAMES


@dataclass(frozen=True, slots=True)
class Basis:
    """What the plant states of its kWh. ``per_tonne``: kWh per bone-dry tonne, by class; ``measured``: kWh of a month.

    A month that neither speaks of goes by bone-dry weight.
    """

    per_tonne: Mapping[FuelClass, Decimal]
    measured: Mapping[tuple[date, FuelClass], int]

    @property
    def told(self) -> Text:
        """What it is, for people."""
        if self.measured:
            return Text("区分ごとの発電量（kWh）、ない月は重量による", "kWh of each class, by weight in other months")
        if self.per_tonne:
            said = [CLASS_NAMES[c] + same(f" {value} kWh/t") for c, value in self.per_tonne.items()]
            return Text("全乾重量 × ", "bone-dry weight × ") + join(said)
        return Text("全乾重量（発電量は重量に比例するとみなす）", "bone-dry weight, taking kWh to be in proportion")

    def weights(self, month: Sequence[Burned]) -> Mapping[FuelClass, int | None]:
        """Whole numbers in the proportion of the shares of what burned in one month; None: no factor tells.

        Raises UsageError where something is stated of some of its classes only, or of others.
        """
        burned = {b.fuel_class for b in month}
        metered = {c: kwh for (m, c), kwh in self.measured.items() if m == month[0].month}
        if metered:
            _require(metered.keys() == burned, month, "--kwh")
            return {b.fuel_class: metered[b.fuel_class] for b in month}
        if not self.per_tonne:
            return {b.fuel_class: b.grams for b in month}
        _require(self.per_tonne.keys() >= burned, month, "--kwh-per-t")
        exact = {c: Fraction(value) for c, value in self.per_tonne.items()}
        scale = lcm(*(value.denominator for value in exact.values()))
        grams = {b.fuel_class: b.grams for b in month}
        return {c: None if g is None else int(g * exact[c] * scale) for c, g in grams.items()}


BY_WEIGHT = Basis({}, {})


def _require(fine: bool, month: Sequence[Burned], option: str) -> None:
    if fine:
        return
    when, which = f"{month[0].month:%Y-%m}", join([CLASS_NAMES[b.fuel_class] for b in month])
    raise UsageError(
        Text(f"{option}: {when} に使用した区分は ", f"{option}: what burned in {when} is ") + which,
        Text("使用した区分のすべてについて指定してください", "state it for every class that burned"),
        code="kwh",
    )
