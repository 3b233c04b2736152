"""What planting a defect is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..statement import Story
from ..world import World

Plant: TypeAlias = Callable[[World], Story[bool]]
"""Says what is wrong and tells the world what a check must find. False: not possible now, nothing was said."""
