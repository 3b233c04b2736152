"""A plant's biomass ratio, month by month: each class's share of what was burned, bone-dry or by kWh.

Worked out at least once a month and kept with its basis (rules of the renewable energy act, art. 5(1)11(i)). The ledger
knows wood alone: where other fuel burned too, the shares here are shares of the wood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.stock import Consumption

from .case import Booked
from .profile import Factor, Profile
from .tonnage import bone_dry, split


@dataclass(frozen=True, slots=True)
class Burned:
    """What the plant's book says it burned of a class in a month (its first day).

    ``grams``: bone-dry; None where no factor tells of some of it. ``stated``: the ratio that stands in the book, the
    last one where several do, in 1/10,000. ``factors``: defaults that it took.
    """

    month: date
    fuel_class: FuelClass
    quantities: tuple[Quantity, ...]
    grams: int | None
    stated: int | None
    factors: tuple[Factor, ...]
    records: tuple[str, ...]


def burned(bookings: Iterable[Booked], plant: str, profile: Profile) -> tuple[Burned, ...]:
    """The plant's lines, those of one month and class together, by month and class."""
    found: dict[tuple[date, FuelClass], list[tuple[str, Consumption]]] = {}
    for booked in bookings:
        entry = booked.value
        if isinstance(entry, Consumption) and entry.plant == plant:
            key = entry.month.replace(day=1), entry.fuel_class
            found.setdefault(key, []).append((booked.id, entry))
    return tuple(
        _burned(month, fuel_class, found[month, fuel_class], profile)
        for month, fuel_class in sorted(found, key=lambda k: (k[0], k[1].rank))
    )


def shares(weights: Mapping[FuelClass, int | None]) -> Mapping[FuelClass, int] | None:
    """The classes' shares in 1/10,000, which add up to 10,000; None where a weight is unknown, or all are 0.

    ``weights``: bone-dry grams, or kWh.
    """
    known = [weight for weight in weights.values() if weight is not None]
    if len(known) < len(weights) or not sum(known):
        return None
    return dict(zip(weights, split(PARTS, known), strict=True))


def _burned(month: date, fuel_class: FuelClass, lines: Sequence[tuple[str, Consumption]], profile: Profile) -> Burned:
    dry = [bone_dry(entry.quantity, None, profile) for _, entry in lines]
    known = [d for d in dry if d is not None]
    stated = [entry.ratio for _, entry in lines if entry.ratio is not None]
    return Burned(
        month=month,
        fuel_class=fuel_class,
        quantities=tuple(entry.quantity for _, entry in lines),
        grams=sum(d.grams for d in known) if len(known) == len(dry) else None,
        stated=stated[-1] if stated else None,
        factors=tuple(dict.fromkeys(factor for d in known for factor in d.assumed)),
        records=tuple(record for record, _ in lines),
    )
