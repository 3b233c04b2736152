"""Felling places: read as people write them, made sets of parcels or compartments, compared (audit 2017, finding 3).

``read`` turns entries into what they name, with ``area``, ``parcel`` and ``compartment`` for the parts of a text and
``writing`` for its letters; ``match`` compares two sets, through ``links`` where the notations differ and through
``municipalities`` where names changed; ``why`` says the outcome in a sentence; ``prefecture`` tells where a place or an
address is; ``numbers`` finds papers that may name a place among very many. What is signed and shown is always the
original text; what is made here is for comparison only.
"""

from .area import Area, Level, area_of, town_key
from .compartment import compartment_key
from .links import NO_LINKS, Links
from .match import Fit, Ground, Match, match
from .municipalities import NO_TABLE, Municipalities, Municipality
from .numbers import RANGE, first_number, numbers_in
from .parcel import parcel_key
from .prefecture import ABROAD, PREFECTURES, Told, Untold, by_code, one_prefecture, prefecture_of_text, rank_of
from .read import MANY, Named, Notation, Spot, name_places, together
from .remembered import Remembered
from .writing import dashed

__all__ = [
    "ABROAD",
    "MANY",
    "NO_LINKS",
    "NO_TABLE",
    "PREFECTURES",
    "RANGE",
    "Area",
    "Fit",
    "Ground",
    "Level",
    "Links",
    "Match",
    "Municipalities",
    "Municipality",
    "Named",
    "Notation",
    "Remembered",
    "Spot",
    "Told",
    "Untold",
    "area_of",
    "by_code",
    "compartment_key",
    "dashed",
    "first_number",
    "match",
    "name_places",
    "numbers_in",
    "one_prefecture",
    "parcel_key",
    "prefecture_of_text",
    "rank_of",
    "together",
    "town_key",
]
