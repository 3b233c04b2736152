"""Who takes part, and what each of them holds at the moment. What is used up is forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from biotrace.model.certificate import Form, Goods, Origin, Permit
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Role
from biotrace.model.place import Place
from biotrace.model.quantity import PARTS, Quantity, Unit

CENTI = 10_000
"""Amounts are written to 0.01 m³ or 0.01 t."""
_SOFT, _HARD = 22, 17
"""Tenths of a cubic metre of logs to a bone-dry tonne."""


@dataclass(eq=False, slots=True)
class Lot:
    """What is left of a certificate. ``left``: g or cm³. ``drawers``: ids of the records that took from it.

    ``hops``: processing-stage certificates on the longest way back to a forest.
    """

    id: str
    fuel_class: FuelClass
    form: Form
    unit: Unit
    moisture: int | None
    left: int
    hard: bool
    species: tuple[str, ...]
    day: date
    seller: str
    goods: Goods | None = None
    hops: int = 0
    drawers: list[str] = field(default_factory=list)

    @property
    def dry(self) -> int:
        """Bone-dry grams that are left."""
        if self.unit.is_mass:
            return self.left * (PARTS - (self.moisture or 0)) // PARTS
        return self.left * 10 // (_HARD if self.hard else _SOFT)

    def amount(self, dry: int) -> int:
        """What holds so many bone-dry grams, rounded up as it would be written, and at most all that is left."""
        parts = PARTS - (self.moisture or 0)
        exact = dry * PARTS // parts if self.unit.is_mass else dry * (_HARD if self.hard else _SOFT) // 10
        written = (exact // CENTI + 1) * CENTI
        return self.left if written * 20 > self.left * 19 else written

    def quantity(self, amount: int) -> Quantity:
        """So much of it, as a draw states it."""
        return Quantity(amount, self.unit, self.moisture)


@dataclass(eq=False, slots=True)
class Stand:
    """A felling in progress. ``left``: cm³ that may still be certified on ``documents`` (record ids)."""

    form: Form
    fuel_class: FuelClass
    origin: Origin
    documents: tuple[str, ...]
    places: tuple[Place, ...]
    permit: Permit | None
    area: int
    species: tuple[str, ...]
    hard: bool
    start: date
    until: date
    volume: int
    left: int
    forest_office: str | None = None
    country: str | None = "JP"


@dataclass(eq=False, slots=True)
class Actor:
    """A party of the region. ``key``: name of the key it signs with; ``number``: of its accreditation.

    ``until``: the last day of that, and ``grant`` the record that says so; ``renewed``: the next one has been applied
    for. ``yard``: id of its only site; ``yards``: of those for one class each. ``issued``: certificates so far.
    """

    id: str
    name: str
    role: Role
    key: str
    address: str = ""
    number: str | None = None
    body: Actor | None = None
    grant: str = ""
    until: date | None = None
    applied: bool = False
    active: bool = True
    as_business: bool = True
    yard: str | None = None
    yards: dict[FuelClass, str] = field(default_factory=dict)
    issued: int = 0
    stands: dict[FuelClass, Stand] = field(default_factory=dict)
    stock: dict[FuelClass, list[Lot]] = field(default_factory=dict)

    def lots(self, fuel_class: FuelClass) -> list[Lot]:
        """Its open lots of a class, the oldest first."""
        return self.stock.setdefault(fuel_class, [])

    def dry(self, fuel_class: FuelClass) -> int:
        """Bone-dry grams of a class that it holds."""
        return sum(lot.dry for lot in self.lots(fuel_class))

    def near(self, fuel_class: FuelClass, hops: int) -> list[Lot]:
        """Its lots with fewer than so many ``hops`` behind them."""
        return [lot for lot in self.lots(fuel_class) if lot.hops < hops]
