"""What arrived at a gate, with or without a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .certificate import Goods
from .fuel_class import FuelClass
from .quantity import Quantity


@dataclass(frozen=True, slots=True)
class Delivery:
    """An arrival. ``at`` and ``sender`` are party ids; ``time`` is "HH:MM"."""

    id: str
    at: str
    date: date
    quantity: Quantity
    time: str | None = None
    sender: str | None = None
    certificate: str | None = None
    fuel_class: FuelClass | None = None
    goods: Goods | None = None
    vehicle: str | None = None
