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

Where = tuple[str, ...]
"""Municipality, 大字 (of parcels) and number: where to look for a place; with ``_WITHIN`` behind, for its parts."""
_WITHIN = "/"


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
        area = _area(spot)
        if area is None:
            continue
        shown = Protected(spot, document.number or document.id[:12], document.accepted or document.filed)
        path = spot.path
        known = places.setdefault((*area, *path), [])
        if not any(k.spot == spot and _no_later(k.day, shown.day) for k in known):
            known.append(shown)
            for length in range(1, len(path)):
                places.setdefault((*area, *path[:length], _WITHIN), []).append(shown)


def find_protected(places: ProtectedPlaces, spot: Spot, day: date) -> Protected | None:
    """A protected place that overlaps with ``spot``, by a paper not dated after ``day``."""
    area = _area(spot) if places else None
    if area is None:
        return None
    path = spot.path
    where = (*((*area, *path[: length + 1]) for length in range(len(path))), (*area, *path, _WITHIN))
    known = (p for key in where for p in places.get(key, ()))
    return next((p for p in known if _no_later(p.day, day) and spot.touches(p.spot)), None)


def protected_by(documents: Iterable[Document]) -> ProtectedPlaces:
    """The places that these papers show to be protected."""
    places: ProtectedPlaces = {}
    for document in documents:
        add_protected(places, document)
    return places


def _no_later(one: date | None, other: date | None) -> bool:
    return one is None or (other is not None and one <= other)


def _area(spot: Spot) -> tuple[str, str] | None:
    if spot.area.municipality is None:
        return None
    return spot.area.municipality, (spot.area.oaza or "") if spot.notation is Notation.PARCEL else ""
