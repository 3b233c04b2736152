"""Felling places as they stand on the paper, and the tables that link two notations of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Place:
    """One location entry as written. Comparing places is the work of ``biotrace.verify.places``.

    ``parcels`` are 地番, ``compartments`` 林班・小班. A ``landing`` (土場) is where logs were stacked, which is
    no felling place. ``annex``: the paper says that the places stand on an annex.
    """

    prefecture: str | None = None
    municipality: str | None = None
    oaza: str | None = None
    aza: str | None = None
    parcels: tuple[str, ...] = ()
    compartments: tuple[str, ...] = ()
    landing: str | None = None
    annex: bool = False

    def __str__(self) -> str:
        area = "".join(p for p in (self.prefecture, self.municipality, self.oaza, self.aza) if p)
        units = "、".join((*self.parcels, *self.compartments))
        landing = f"（土場: {self.landing}）" if self.landing else ""
        return (area + (" " if area and units else "") + units + landing) or "（記載なし）"


@dataclass(frozen=True, slots=True)
class Link:
    """One compartment and the parcels that lie in it."""

    compartment: str
    parcels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concordance:
    """A table 林班 ↔ 地番 that someone vouches for."""

    id: str
    vouched_by: str
    date: date
    pairs: tuple[Link, ...]
    prefecture: str | None = None
    municipality: str | None = None
    oaza: str | None = None
    aza: str | None = None
