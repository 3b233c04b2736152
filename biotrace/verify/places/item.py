"""What one item of a list names."""

from __future__ import annotations

from dataclasses import dataclass

from .area import Area

PART = "一部"
"""Last part of a unit of which only a part is meant."""
UNREAD = "?"
"""First part of a unit whose text was not understood: it is the same place only where the other paper says the same."""

Unit = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One item as ``written``. ``units``: parcels or compartments it names, in an ``area``.

    ``hides``: it means more than it names (外3筆), or names nothing. ``unclear``: it can mean two things, of which
    nobody may choose one (236-2・3: 236-3, or 3?).
    """

    written: str
    area: Area
    units: tuple[Unit, ...]
    hides: bool = False
    unclear: bool = False
