"""Yards, what lies in them, and what a plant burned and planned to burn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .fuel_class import FuelClass
from .quantity import Quantity


@dataclass(frozen=True, slots=True)
class Site:
    """A yard or store, for one class where it is declared so."""

    id: str
    party: str
    fuel_class: FuelClass | None = None


class StockKind(StrEnum):
    """Opening stock, a stocktake, or wood that left the chain."""

    OPENING = "opening"
    STOCKTAKE = "stocktake"
    WITHDRAWAL = "withdrawal"


class WithdrawnTo(StrEnum):
    """Where withdrawn wood went."""

    SOLD_ELSEWHERE = "sold_elsewhere"
    SAWN = "sawn"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class StockEntry:
    """One line about a yard's stock."""

    site: str
    date: date
    fuel_class: FuelClass
    quantity: Quantity
    kind: StockKind
    to: WithdrawnTo | None = None


@dataclass(frozen=True, slots=True)
class Consumption:
    """What a plant burned of a class in a month (first day of it); ``ratio`` in 1/10,000."""

    plant: str
    month: date
    fuel_class: FuelClass
    quantity: Quantity
    ratio: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plant planned to burn of a class in a fiscal year."""

    plant: str
    year: int
    fuel_class: FuelClass
    quantity: Quantity
