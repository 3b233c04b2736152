"""What one item of a list names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .area import Area

PART = "一部"
"""Last part of a unit of which only a part is meant."""
UNREAD = "?"
"""First part of a unit whose text was not understood: it is the same place only where the other paper says the same."""

Unit = tuple[str, ...]

_COUNT = re.compile(r"\d(?:箇所|[かヶケカ]所|団地|筆|区画)|1円|のとおり|の通り|参照|別[紙添表記図]|契約")


def counts_places(text: str) -> bool:
    """Whether a text whose digits are no place's number counts places or points elsewhere: 市内30箇所, 第3号契約."""
    return _COUNT.search(text) is not None


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
