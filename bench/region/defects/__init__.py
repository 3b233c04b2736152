"""Defects that can be planted, by the code of the rule that must fire."""

from __future__ import annotations

from . import felling, issuers, trade, yards
from .plant import Plant

PLANTS: dict[str, Plant] = felling.PLANTS | issuers.PLANTS | trade.PLANTS | yards.PLANTS
"""Each stands for itself: what it says is wrong in that respect and no other."""
