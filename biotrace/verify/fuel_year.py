"""What reached a plant, lot by lot, and what each class of it amounts to over a span: the fuel part of its report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from biotrace.model.certificate import Goods
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS

from .movements import Move, Trade, parts
from .tonnage import split
from .verdict import LotVerdict


@dataclass(frozen=True, slots=True)
class Arrival:
    """One class of a lot that reached the plant. Grams; ``wet`` None: not weighed, ``dry`` None: no factor.

    ``confirmed``: bone-dry grams by the class that the verdict confirms; None where unknown, or no lot. ``open``: the
    verdict is not complete. ``yen``: its price, where disclosed.
    """

    trade: Trade
    fuel_class: FuelClass
    wet: int | None
    dry: int | None
    confirmed: Mapping[FuelClass, int] | None
    open: bool
    yen: int | None


@dataclass(frozen=True)
class FuelKind:
    """A class over a span. Everything is a sum over ``arrivals``; what is not known of one is in none of them."""

    fuel_class: FuelClass
    arrivals: tuple[Arrival, ...]

    @cached_property
    def wet(self) -> int:
        """Grams as received, of what was weighed."""
        return sum(a.wet for a in self.arrivals if a.wet is not None)

    @cached_property
    def dry(self) -> int:
        """Bone-dry grams, of what a factor tells."""
        return sum(a.dry for a in self.arrivals if a.dry is not None)

    @cached_property
    def moisture(self) -> int | None:
        """Water ÷ wet mass of what was weighed, in 1/10,000; None where nothing was."""
        dry = sum(a.dry or 0 for a in self.arrivals if a.wet is not None)
        return round(Fraction((self.wet - dry) * PARTS, self.wet)) if self.wet else None

    @cached_property
    def confirmed(self) -> Mapping[FuelClass, int]:
        """Bone-dry grams by confirmed class."""
        found = dict.fromkeys(FuelClass, 0)
        for arrival in self.arrivals:
            for fuel_class, grams in (arrival.confirmed or {}).items():
                found[fuel_class] += grams
        return found

    @property
    def priced(self) -> tuple[Arrival, ...]:
        """The arrivals whose price is disclosed."""
        return tuple(a for a in self.arrivals if a.yen is not None)

    @property
    def yen(self) -> int:
        """What those cost, without tax."""
        return sum(a.yen for a in self.priced if a.yen is not None)

    @property
    def yen_per_tonne(self) -> int | None:
        """Whole yen per tonne as received, over those of them that were weighed; None where there are none."""
        weighed = [a for a in self.priced if a.wet]
        grams = sum(a.wet or 0 for a in weighed)
        return round(Fraction(sum(a.yen or 0 for a in weighed) * 1_000_000, grams)) if grams else None

    @property
    def goods(self) -> tuple[Goods, ...]:
        """What was delivered, as far as papers say."""
        return tuple(dict.fromkeys(a.trade.goods for a in self.arrivals if a.trade.goods is not None))


def arrivals(
    trades: Iterable[Trade], verdicts: Mapping[str, LotVerdict], prices: Mapping[str, int]
) -> tuple[Arrival, ...]:
    """What came to the plant, each class of a mixed lot apart.

    ``prices``: yen of a certificate's goods, by its record. Where several deliveries came under one certificate, each
    bears its part by quantity, so that the parts add up to the price.
    """
    came = [t for t in trades if t.move is Move.IN]
    yen = _prices(came, prices)
    return tuple(a for t in came for a in _of(t, verdicts.get(t.record), yen.get(t.record)))


def by_class(found: Iterable[Arrival]) -> tuple[FuelKind, ...]:
    """The arrivals by the class that their papers declare."""
    kinds: dict[FuelClass, list[Arrival]] = {}
    for arrival in found:
        kinds.setdefault(arrival.fuel_class, []).append(arrival)
    return tuple(FuelKind(c, tuple(kinds[c])) for c in FuelClass if c in kinds)


def _prices(came: Iterable[Trade], prices: Mapping[str, int]) -> Mapping[str, int]:
    of_certificate: dict[str, list[Trade]] = {}
    for trade in came:
        if trade.certificate in prices:
            of_certificate.setdefault(trade.certificate or "", []).append(trade)
    found: dict[str, int] = {}
    for certificate, lots in of_certificate.items():
        alike = all(t.quantity.same_measure(lots[0].quantity) for t in lots)
        weights = [t.quantity.amount if alike else t.grams or 0 for t in lots]
        for trade, part in zip(lots, split(prices[certificate], weights), strict=True):
            found[trade.record] = part
    return found


def _of(trade: Trade, verdict: LotVerdict | None, yen: int | None) -> list[Arrival]:
    wet = trade.quantity.amount if trade.quantity.unit.is_mass else None
    wets, drys, yens = (
        [None] * len(trade.classes) if total is None else [part for _, part in parts(total, trade.classes)]
        for total in (wet, trade.grams, yen)
    )
    return [
        Arrival(
            trade=trade,
            fuel_class=fuel_class,
            wet=wet_part,
            dry=dry_part,
            confirmed=None if verdict is None else _confirmed(verdict, trade, fuel_class, dry_part),
            open=verdict is not None and verdict.if_passed is not None,
            yen=yen_part,
        )
        for (fuel_class, _), wet_part, dry_part, yen_part in zip(trade.classes, wets, drys, yens, strict=True)
    ]


def _confirmed(
    verdict: LotVerdict, trade: Trade, fuel_class: FuelClass, dry: int | None
) -> Mapping[FuelClass, int] | None:
    """Outside the exemption all of a lot is paid as the lowest class in it; under it, by class.

    Of a mixed lot each class keeps what is confirmed of it; what falls to a lower class is spread over those that lost.
    """
    if dry is None or verdict.by_class is None:
        return None
    if not trade.mixed:
        return {verdict.confirmed: dry}
    return _placed(verdict.by_class, trade)[fuel_class]


def _placed(by_class: Mapping[FuelClass, int], trade: Trade) -> Mapping[FuelClass, Mapping[FuelClass, int]]:
    """By declared class what is confirmed of it, so that both the declared and the confirmed grams add up."""
    left = dict(by_class)
    placed: dict[FuelClass, dict[FuelClass, int]] = {}
    wanted = dict(parts(trade.grams or 0, trade.classes))
    for declared, grams in wanted.items():
        own = min(grams, left.get(declared, 0))
        placed[declared] = {declared: own} if own else {}
        left[declared] = left.get(declared, 0) - own
        wanted[declared] = grams - own
    for declared, missing in wanted.items():
        for confirmed in FuelClass:
            taken = min(missing, left.get(confirmed, 0))
            if taken:
                placed[declared][confirmed] = placed[declared].get(confirmed, 0) + taken
                left[confirmed] -= taken
                missing -= taken  # what is still to be placed of this class
    return placed
