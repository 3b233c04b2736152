"""Bone-dry grams: conversions with named factors, and splitting them so that nothing is lost.

All comparisons between units are made at 0 % moisture, as the audit of 2017 did.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from biotrace.model.fuel_class import FuelClass, lowest
from biotrace.model.quantity import PARTS, Quantity, Unit

from .profile import Factor, Profile
from .species import WoodGroup


def split(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in integer parts proportional to ``weights``, by largest remainder, ties in order.

    The parts sum to ``total``. All-zero weights count as equal ones. Raises ValueError when there are none.
    """
    if not weights:
        raise ValueError("nothing to split over")
    if len(weights) == 1:
        return [total]
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    parts = [total * w // whole for w in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Dry:
    """Bone-dry grams of a quantity. ``assumed``: the default factors that were needed (Q604, Q605)."""

    grams: int
    assumed: tuple[Factor, ...] = ()


def bone_dry(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> Dry | None:
    """Bone-dry grams at the profile's default factors; None for stacked m³, for which no source gives a factor.

    Unknown or mixed species count as softwood: the factor that makes less of a cubic metre.
    """
    if quantity.unit.is_mass and quantity.moisture is not None:  # the usual case, in whole numbers
        return Dry(_rounded(quantity.amount * (PARTS - quantity.moisture), PARTS))
    exact = _bone_dry(quantity, group, profile)
    return None if exact is None else Dry(_rounded(*exact), _assumed(quantity, group, profile))


def exact_bone_dry(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> Fraction | None:
    """The same, not rounded to whole grams."""
    exact = _bone_dry(quantity, group, profile)
    return None if exact is None else Fraction(*exact)


def added(values: Sequence[Fraction]) -> Fraction:
    """Their sum. One alone, the usual case, is not added to anything."""
    return sum(values[1:], values[0]) if values else Fraction(0)


def _bone_dry(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> tuple[int, int] | None:
    """Numerator and denominator: most of what asks for it rounds it, and whole numbers are a lot faster."""
    if quantity.unit.is_mass:
        moisture = profile.default_moisture if quantity.moisture is None else quantity.moisture
        return quantity.amount * (PARTS - moisture), PARTS
    solid = _solid_cm3(quantity, profile)
    if solid is None:
        return None
    per_tonne = _m3_per_t(group or WoodGroup.SOFTWOOD, profile).value
    return solid[0] * per_tonne.denominator, solid[1] * per_tonne.numerator


def _assumed(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> tuple[Factor, ...]:
    if quantity.unit.is_mass:
        return () if quantity.moisture is not None else (profile.moisture,)
    per_tonne = _m3_per_t(group or WoodGroup.SOFTWOOD, profile)
    return (profile.loose_m3_per_m3, per_tonne) if quantity.unit is Unit.M3_LOOSE else (per_tonne,)


def most_bone_dry(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> Fraction:
    """The most bone-dry grams that a quantity can hold at the most favourable factors: Q602's incoming side.

    A stack holds at most as much wood as it takes up room.
    """
    if quantity.unit.is_mass:
        moisture = profile.moisture.best * PARTS if quantity.moisture is None else quantity.moisture
        return Fraction(quantity.amount * (PARTS - moisture), PARTS)
    per_tonne = _m3_per_t(group or WoodGroup.HARDWOOD, profile).best
    return _divided(quantity.amount, per_tonne, profile.loose_m3_per_m3.best if quantity.unit is Unit.M3_LOOSE else 1)


def most_grams(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> int:
    """The same in whole grams, rounded up."""
    if quantity.unit.is_mass and quantity.moisture is not None:
        return -(-quantity.amount * (PARTS - quantity.moisture) // PARTS)
    return math.ceil(most_bone_dry(quantity, group, profile))


def least_bone_dry(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> Fraction:
    """The least bone-dry grams that a quantity can hold within the profile's ranges: Q602's outgoing side.

    Without a moisture, at the highest one. Piled logs hold at least as much wood as chips poured into the same room.
    """
    if quantity.unit.is_mass:
        moisture = profile.moisture.high * PARTS if quantity.moisture is None else quantity.moisture
        return Fraction(quantity.amount * (PARTS - moisture), PARTS)
    per_tonne = _m3_per_t(group or WoodGroup.SOFTWOOD, profile).high
    return _divided(quantity.amount, per_tonne, 1 if quantity.unit is Unit.M3 else profile.loose_m3_per_m3.high)


def solid_volume(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> int | None:
    """The roundwood behind a quantity in cm³, at default factors; None for stacked m³."""
    if not quantity.unit.is_mass:
        solid = _solid_cm3(quantity, profile)
        return None if solid is None else _rounded(*solid)
    dry = bone_dry(quantity, group, profile)
    per_tonne = _m3_per_t(group or WoodGroup.SOFTWOOD, profile).value
    return None if dry is None else _rounded(dry.grams * per_tonne.numerator, per_tonne.denominator)


def least_solid_volume(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> int:
    """The least roundwood behind a quantity in cm³, within the profile's ranges.

    Unknown or mixed species may be the densest wood.
    """
    if quantity.unit is Unit.M3:
        return quantity.amount
    if not quantity.unit.is_mass:
        return int(quantity.amount / profile.loose_m3_per_m3.high)
    groups = WoodGroup if group is None else (group,)
    return int(least_bone_dry(quantity, group, profile) * min(_m3_per_t(g, profile).low for g in groups))


def _solid_cm3(quantity: Quantity, profile: Profile) -> tuple[int, int] | None:
    """Numerator and denominator, as in ``_bone_dry``."""
    if quantity.unit is Unit.M3:
        return quantity.amount, 1
    loose = profile.loose_m3_per_m3.value
    return (quantity.amount * loose.denominator, loose.numerator) if quantity.unit is Unit.M3_LOOSE else None


def _divided(amount: int, per_tonne: Fraction, loose: Fraction | int) -> Fraction:
    """``amount`` by both, brought to lowest terms once."""
    return Fraction(amount * per_tonne.denominator * loose.denominator, per_tonne.numerator * loose.numerator)


def _m3_per_t(group: WoodGroup, profile: Profile) -> Factor:
    # cm³ over (m³/t) gives grams: both scales are 1,000,000.
    softwood = group is WoodGroup.SOFTWOOD
    return profile.m3_per_bone_dry_t_softwood if softwood else profile.m3_per_bone_dry_t_hardwood


def _rounded(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


class Composition(NamedTuple):
    """How the grams of a record divide into confirmed classes: ``parts``, each class once, the highest first.

    ``lowest`` is kept beside the grams: a share too small for a gram still decides the class of a lot of
    which the certificate says "all of it".
    """

    parts: tuple[tuple[FuelClass, int], ...]
    lowest: FuelClass

    @classmethod
    def of(cls, grams: Mapping[FuelClass, int], lowest_of_all: FuelClass) -> Composition:
        """These grams by class."""
        return cls(tuple(grams.items()), lowest_of_all)

    @classmethod
    def pure(cls, fuel_class: FuelClass, grams: int) -> Composition:
        """All of one class."""
        return cls(((fuel_class, grams),), fuel_class)

    @property
    def grams(self) -> dict[FuelClass, int]:
        """Bone-dry grams by class."""
        return dict(self.parts)

    @property
    def total(self) -> int:
        """Bone-dry grams in all."""
        return sum([grams for _, grams in self.parts])

    @property
    def mixture(self) -> Composition:
        """The same, where only its proportions count: all that is pure of a class is one value, for it is kept often.

        What ``scaled`` makes of it is the same.
        """
        if len(self.parts) == 1:
            ((fuel_class, _),) = self.parts
            return _UNWEIGHED[fuel_class, self.lowest]
        return self

    def scaled(self, total: int) -> Composition:
        """The same mixture with another total."""
        if len(self.parts) == 1:  # the usual case
            return Composition(((self.parts[0][0], total),), self.lowest)
        amounts = split(total, [grams for _, grams in self.parts])
        return Composition(tuple(zip([c for c, _ in self.parts], amounts, strict=True)), self.lowest)

    def capped(self, cap: FuelClass) -> Composition:
        """Nothing in it higher than ``cap`` (a class falls and never rises)."""
        if cap.rank <= min([c.rank for c, _ in self.parts]):
            return self
        return Composition(_merge([(lowest((c, cap)), g) for c, g in self.parts]), lowest((self.lowest, cap)))

    def capped_by_shares(self, shares: Mapping[FuelClass, int]) -> Composition:
        """Of each class, and of those above it together, at most what is certified; the rest falls to a lower class.

        For a lot under the single-plant exemption. ``shares`` in 1/10,000; grams beyond every share stay in
        the lowest class.
        """
        placed: list[tuple[FuelClass, int]] = []
        held, total = self.grams, self.total
        carried = certified = 0
        for fuel_class in FuelClass:
            here = held.get(fuel_class, 0) + carried
            certified = min(PARTS, certified + shares.get(fuel_class, 0))
            room = split(total, [certified, PARTS - certified])[0] - sum(grams for _, grams in placed)
            kept = here if fuel_class is FuelClass.CONSTRUCTION_WASTE else min(here, room)
            placed.append((fuel_class, kept))
            carried = here - kept
        parts = tuple((c, g) for c, g in _merge(placed) if g)
        return Composition(parts or ((self.lowest, 0),), lowest((*(c for c, _ in parts), self.lowest)))

    def with_excess(self, grams: int) -> Composition:
        """``grams`` of it unproven, spread pro rata over the record; all of it where it holds less."""
        if grams <= 0:
            return self
        total = self.total
        good = self.scaled(total - min(grams, total))
        waste = FuelClass.CONSTRUCTION_WASTE
        return Composition(_merge([*good.parts, (waste, total - good.total)]), waste)


_UNWEIGHED = {(c, low): Composition(((c, 0),), low) for c in FuelClass for low in FuelClass}


def combined(parts: Sequence[Composition]) -> Composition:
    """Several mixtures as one. Raises ValueError when there are none."""
    if len(parts) == 1:
        return parts[0]
    return Composition(_merge([item for part in parts for item in part.parts]), lowest(part.lowest for part in parts))


def _merge(items: Sequence[tuple[FuelClass, int]]) -> tuple[tuple[FuelClass, int], ...]:
    if len(items) == 1:
        return tuple(items)
    merged: dict[FuelClass, int] = {}
    for fuel_class, grams in items:
        merged[fuel_class] = merged.get(fuel_class, 0) + grams
    return tuple((c, merged[c]) for c in FuelClass if c in merged)
