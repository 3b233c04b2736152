"""Protection forests that papers at hand show: whoever holds a permit for a parcel shows that it lies in one (H318).

No register of protection forests is public as data, so what is known is what protection-forest papers name. Such a
register shows that a place is protected, never that it is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from biotrace.model.document import Document, DocumentContent, DocumentKind

from .places import Notation, Spot, name_places

PROTECTION_KINDS = (
    DocumentKind.PROTECTION_PERMIT,
    DocumentKind.PROTECTION_THINNING_NOTICE,
    DocumentKind.PROTECTION_SELECTION_NOTICE,
)
"""Papers that exist for places in protection forests only (Forest Act art. 34 to 34-3)."""

Where = tuple[Notation, str, str, str]
"""Municipality, 大字 (of parcels) and the first part of a parcel or compartment: where to look for a place."""


@dataclass(frozen=True, slots=True)
class Protected:
    """A place that a paper shows to be protected. ``day``: of that paper, None where not stated."""

    spot: Spot
    paper: str
    day: date | None


ProtectedPlaces = dict[Where, list[Protected]]
"""Protected places, to be found again. Those without a municipality are left out."""


def add_protected(places: ProtectedPlaces, document: Document) -> None:
    """Take what a protection-forest paper names; other papers, and cover pages, show nothing."""
    if document.kind not in PROTECTION_KINDS or document.content is not DocumentContent.FULL:
        return
    for spot in name_places(document.locations).spots:
        where = _where(spot)
        if where is None:
            continue
        shown = Protected(spot, document.number or document.id[:12], document.accepted or document.filed)
        known = places.setdefault(where, [])
        if not any(k.spot == spot and _no_later(k.day, shown.day) for k in known):
            known.append(shown)


def find_protected(places: ProtectedPlaces, spot: Spot, day: date) -> Protected | None:
    """A protected place that overlaps with ``spot``, by a paper not dated after ``day``."""
    where = _where(spot)
    known = places.get(where, ()) if where is not None else ()
    return next((p for p in known if _no_later(p.day, day) and spot.touches(p.spot)), None)


def protected_by(documents: Iterable[Document]) -> ProtectedPlaces:
    """The places that these papers show to be protected."""
    places: ProtectedPlaces = {}
    for document in documents:
        add_protected(places, document)
    return places


def _no_later(one: date | None, other: date | None) -> bool:
    return one is None or (other is not None and one <= other)


def _where(spot: Spot) -> Where | None:
    if spot.area.municipality is None:
        return None
    oaza = (spot.area.oaza or "") if spot.notation is Notation.PARCEL else ""
    return spot.notation, spot.area.municipality, oaza, spot.unit[0]
