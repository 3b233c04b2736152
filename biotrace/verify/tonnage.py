"""Bone-dry grams: conversions with named factors, and splitting them so that nothing is lost.

All comparisons between units are made at 0 % moisture, as the audit of 2017 did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from biotrace.model.fuel_class import FuelClass, lowest
from biotrace.model.quantity import PARTS, Quantity, Unit

from .profile import Profile
from .species import WoodGroup


def split(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in integer parts proportional to ``weights``, by largest remainder, ties in order.

    The parts sum to ``total``. All-zero weights count as equal ones. Raises ValueError when there are none.
    """
    if not weights:
        raise ValueError("nothing to split over")
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
    """Bone-dry grams of a quantity. ``factor``: the default factor that was needed, if any (Q604, Q605)."""

    grams: int
    factor: str | None = None


def bone_dry(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> Dry | None:
    """Bone-dry grams at the profile's default factors; None for stacked m³, for which no source gives a factor.

    Unknown or mixed species count as softwood: the factor that makes less of a cubic metre.
    """
    if quantity.unit.is_mass:
        moisture = profile.default_moisture if quantity.moisture is None else quantity.moisture
        return Dry(
            _round(Fraction(quantity.amount * (PARTS - moisture), PARTS)),
            None if quantity.moisture is not None else f"moisture {profile.default_moisture}/{PARTS}",
        )
    solid = _solid_cm3(quantity, profile)
    if solid is None:
        return None
    factor = _m3_per_t(group or WoodGroup.SOFTWOOD, profile)
    return Dry(_round(solid / factor), f"{float(factor)} m3/BDt")


def most_bone_dry(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> Fraction | None:
    """The most bone-dry grams that a quantity can hold within the profile's range: Q602's incoming side."""
    if quantity.unit.is_mass:
        return Fraction(quantity.amount * (PARTS - (quantity.moisture or 0)), PARTS)
    loose = quantity.unit is Unit.M3_LOOSE
    solid = Fraction(quantity.amount) / profile.loose_m3_per_m3_best if loose else _solid_cm3(quantity, profile)
    return None if solid is None else solid / _m3_per_t(group or WoodGroup.HARDWOOD, profile)


def solid_volume(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> int | None:
    """The roundwood behind a quantity in cm³, at default factors; None for stacked m³."""
    if not quantity.unit.is_mass:
        solid = _solid_cm3(quantity, profile)
        return None if solid is None else _round(solid)
    dry = bone_dry(quantity, group, profile)
    return None if dry is None else _round(dry.grams * _m3_per_t(group or WoodGroup.SOFTWOOD, profile))


def _solid_cm3(quantity: Quantity, profile: Profile) -> Fraction | None:
    if quantity.unit is Unit.M3:
        return Fraction(quantity.amount)
    return Fraction(quantity.amount) / profile.loose_m3_per_m3 if quantity.unit is Unit.M3_LOOSE else None


def _m3_per_t(group: WoodGroup, profile: Profile) -> Fraction:
    # cm³ over (m³/t) gives grams: both scales are 1,000,000.
    softwood = group is WoodGroup.SOFTWOOD
    return profile.m3_per_bone_dry_t_softwood if softwood else profile.m3_per_bone_dry_t_hardwood


def _round(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Composition:
    """How the grams of a record divide into confirmed classes.

    ``lowest`` is kept beside the grams: a share too small for a gram still decides the class of a lot of
    which the certificate says "all of it".
    """

    grams: Mapping[FuelClass, int]
    lowest: FuelClass

    @classmethod
    def pure(cls, fuel_class: FuelClass, grams: int) -> Composition:
        """All of one class."""
        return cls({fuel_class: grams}, fuel_class)

    @property
    def total(self) -> int:
        """Bone-dry grams in all."""
        return sum(self.grams.values())

    def scaled(self, total: int) -> Composition:
        """The same mixture with another total."""
        classes = list(self.grams)
        return Composition(dict(zip(classes, split(total, [self.grams[c] for c in classes]), strict=True)), self.lowest)

    def capped(self, cap: FuelClass) -> Composition:
        """Nothing in it higher than ``cap`` (a class falls and never rises)."""
        return Composition(_merge([(lowest((c, cap)), g) for c, g in self.grams.items()]), lowest((self.lowest, cap)))

    def capped_by_shares(self, shares: Mapping[FuelClass, int]) -> Composition:
        """At most the certified share of each class; what lies above falls to the next lower class certified.

        For a lot under the single-plant exemption. ``shares`` in 1/10,000; grams beyond every share stay in
        the lowest class.
        """
        room = {c: split(self.total, [shares.get(c, 0), PARTS - shares.get(c, 0)])[0] for c in FuelClass}
        placed: list[tuple[FuelClass, int]] = []
        carried = 0
        for fuel_class in FuelClass:
            here = self.grams.get(fuel_class, 0) + carried
            kept = here if fuel_class is FuelClass.CONSTRUCTION_WASTE else min(here, room[fuel_class])
            placed.append((fuel_class, kept))
            carried = here - kept
        grams = {c: g for c, g in _merge(placed).items() if g}
        return Composition(grams or {self.lowest: 0}, lowest((*grams, self.lowest)))

    def with_excess(self, grams: int) -> Composition:
        """``grams`` of it unproven, spread pro rata over the record; all of it where it holds less."""
        if grams <= 0:
            return self
        good = self.scaled(self.total - min(grams, self.total))
        waste = FuelClass.CONSTRUCTION_WASTE
        return Composition(_merge([*good.grams.items(), (waste, self.total - good.total)]), waste)


def combined(parts: Sequence[Composition]) -> Composition:
    """Several mixtures as one. Raises ValueError when there are none."""
    return Composition(
        _merge([item for part in parts for item in part.grams.items()]), lowest(part.lowest for part in parts)
    )


def _merge(items: Sequence[tuple[FuelClass, int]]) -> dict[FuelClass, int]:
    merged: dict[FuelClass, int] = {}
    for fuel_class, grams in items:
        merged[fuel_class] = merged.get(fuel_class, 0) + grams
    return {c: merged[c] for c in FuelClass if c in merged}
