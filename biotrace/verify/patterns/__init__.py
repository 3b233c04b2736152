"""Patterns worth a look: what sound papers can show when they are looked at together. Never an accusation.

A rule judges one record; a pattern is seen over many of them: of a document, a truck, a producer, a mill. Each is an
object that takes the entries one after another in the order of the log, keeps no more than a few figures for each such
subject, and tells at the end what it saw: see ``sighting``. How scores are made, so that they can be compared between
patterns: see ``chance``.
"""

from .around import PRICE_CHANGES, Around, PriceChange
from .chance import DEFAULT_SCORE, MOST
from .looking import PATTERNS, Looking
from .sighting import Kind, Sighting

__all__ = [
    "DEFAULT_SCORE",
    "MOST",
    "PATTERNS",
    "PRICE_CHANGES",
    "Around",
    "Kind",
    "Looking",
    "PriceChange",
    "Sighting",
]
