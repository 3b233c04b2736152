"""別記4: what a business took in and sent out in a fiscal year, in m³ of solid wood, as its papers certify it.

In (原木（原料）入荷) counts all wood that came to it: what is certified to it, what it felled itself and sold, and what
was delivered without any paper. Out (チップ等出荷) counts all that it certified to others, whatever the goods. What it
certifies to itself has gone nowhere. Logs that are felled and sold count on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit

from .movements import Move, Trade, parts
from .profile import Factor, Profile
from .span import Span
from .species import WoodGroup
from .tonnage import solid_volume

IN, OUT = True, False
CERTIFIED = (FuelClass.THINNED, FuelClass.GENERAL)
"""The classes of which the paper asks; anything else counts in the total alone."""
_SIDES = {Move.IN: (IN,), Move.THROUGH: (IN, OUT), Move.OUT: (OUT,)}


@dataclass(frozen=True, slots=True)
class Handled:
    """One trade on one side, of one class (None: neither thinned nor general, or on no paper).

    ``cm3`` of solid wood; None: no source gives a factor. ``factors``: what it took to turn it into m³.
    """

    trade: Trade
    side: bool
    fuel_class: FuelClass | None
    quantity: Quantity
    cm3: int | None
    factors: tuple[Factor, ...]

    @property
    def month(self) -> date:
        """The first day of its month."""
        return self.trade.day.replace(day=1)


@dataclass(frozen=True)
class HandledYear:
    """All that was handled in a span of days; volumes in cm³."""

    span: Span
    entries: tuple[Handled, ...]

    @property
    def not_counted(self) -> tuple[Handled, ...]:
        """What cannot be told in solid m³, and so is in no volume."""
        return tuple(entry for entry in self.entries if entry.cm3 is None)

    def volume(self, side: bool, fuel_class: FuelClass | None, month: date | None = None) -> int:
        """What was handled of a class on one side, in the whole span or one month of it (its first day)."""
        if month is not None:
            return self._volumes.get((side, fuel_class, month), 0)
        return sum(self.volume(side, fuel_class, each) for each in self.span.months)

    def total(self, side: bool, month: date | None = None) -> int:
        """The same of all classes, and of what is on no paper."""
        return sum(self.volume(side, fuel_class, month) for fuel_class in (*CERTIFIED, None))

    @cached_property
    def _volumes(self) -> Mapping[tuple[bool, FuelClass | None, date], int]:
        found: dict[tuple[bool, FuelClass | None, date], int] = {}
        for entry in self.entries:
            key = entry.side, entry.fuel_class, entry.month
            found[key] = found.get(key, 0) + (entry.cm3 or 0)
        return found


def handled_in(trades: Iterable[Trade], party: str, span: Span, profile: Profile) -> HandledYear:
    """What ``party`` handled within the span, by the day of the paper or delivery."""
    found: list[Handled] = []
    for trade in trades:
        if trade.day in span and trade.partner != party:
            for side in _SIDES.get(trade.move, ()):
                found += _of(trade, side, profile)
    return HandledYear(span, tuple(sorted(found, key=lambda h: (h.trade.day, h.trade.order))))


def factors_to_m3(quantity: Quantity, group: WoodGroup | None, profile: Profile) -> tuple[Factor, ...]:
    """The default factors by which ``solid_volume`` turns a quantity into m³; none for m³, nor for what it cannot."""
    if quantity.unit is Unit.M3_LOOSE:
        return (profile.loose_m3_per_m3,)
    if not quantity.unit.is_mass:
        return ()
    softwood = (group or WoodGroup.SOFTWOOD) is WoodGroup.SOFTWOOD
    per_tonne = profile.m3_per_bone_dry_t_softwood if softwood else profile.m3_per_bone_dry_t_hardwood
    return (per_tonne,) if quantity.moisture is not None else (profile.moisture, per_tonne)


def _of(trade: Trade, side: bool, profile: Profile) -> list[Handled]:
    shares = trade.certified or ((FuelClass.CONSTRUCTION_WASTE, Fraction(1)),)
    cm3 = solid_volume(trade.quantity, trade.group, profile)
    amounts = parts(trade.quantity.amount, shares)
    volumes = [(c, None) for c, _ in shares] if cm3 is None else parts(cm3, shares)
    factors = factors_to_m3(trade.quantity, trade.group, profile)
    return [
        Handled(
            trade=trade,
            side=side,
            fuel_class=fuel_class if fuel_class in CERTIFIED else None,
            quantity=Quantity(amount, trade.quantity.unit, trade.quantity.moisture),
            cm3=volume,
            factors=factors,
        )
        for (fuel_class, amount), (_, volume) in zip(amounts, volumes, strict=True)
    ]
