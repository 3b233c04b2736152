"""Defects of felling-stage certificates and of their documents (families H and D, T991, and P507)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from biotrace.model.certificate import Certificate, Statement
from biotrace.model.document import Document, DocumentCopy, DocumentKind, FellingFacts, FellingMethod, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.place import Place

from .. import felling, forest
from ..actors import Stand
from ..felling import Alter, as_is
from ..forest import Change, Under
from ..statement import Story
from ..world import World
from .plant import Plant

_DAY = timedelta(1)
_LONG_AGO = date(2012, 4, 2)


def spoiled(code: str, under: Under, alter: Alter = as_is, change: Change = forest.same) -> Plant:
    """A felling of its own, with ``change`` made to its document and ``alter`` to its certificate."""

    def plant(w: World) -> Story[bool]:
        producer, chipper = w.active(w.people.producers), w.active(w.people.chippers)
        stand = yield from forest.open_stand(w, producer, under, change)
        lot = yield from felling.fell(w, producer, chipper, stand, alter)
        w.expect(code, lot.id)
        return True

    return plant


def _facts(document: Document) -> FellingFacts:
    assert document.felling is not None
    return document.felling


def _clear_felling(document: Document) -> Document:
    facts = replace(
        _facts(document),
        method=FellingMethod.CLEAR,
        rate=10_000,
        canopy_closed_before=None,
        closes_again_in_years=None,
    )
    return replace(document, felling=facts)


def _much(document: Document) -> Document:
    return replace(document, felling=replace(_facts(document), rate=4_200))


def _open_canopy(document: Document) -> Document:
    return replace(document, felling=replace(_facts(document), canopy_closed_before=False))


def _contract_only(document: Document) -> Document:
    return replace(document, kind=DocumentKind.PRIVATE_CONTRACT, issuer=document.applicant)


def _run_out(document: Document) -> Document:
    assert document.accepted is not None
    start = document.accepted - 6 * 365 * _DAY
    return replace(document, accepted=start, filed=start - 9 * _DAY, valid=Period(start, start + 5 * 365 * _DAY))


def _too_early(certificate: Certificate) -> Certificate:
    """Felled in the days between acceptance and the first day of the notice's period."""
    assert certificate.permit is not None
    assert certificate.permit.date is not None
    return replace(certificate, felled=Period(certificate.permit.date, certificate.permit.date + 6 * _DAY))


def _standing(certificate: Certificate) -> Certificate:
    """The felling that is certified begins some days later."""
    return replace(certificate, felled=Period(certificate.date + 3 * _DAY, certificate.date + 20 * _DAY))


def _backwards(certificate: Certificate) -> Certificate:
    """The first and the last day of felling changed places."""
    felled = certificate.felled
    assert felled is not None
    assert felled.start is not None
    return replace(certificate, felled=Period(felled.start, felled.start - _DAY))


def _not_felled(w: World) -> Story[bool]:
    """H321, either way."""
    return (yield from spoiled("H321", forest.THINNING, _standing if w.chance(0.5) else _backwards)(w))


def _long_ago(document: Document) -> Document:
    facts = replace(_facts(document), start=_LONG_AGO, until=_LONG_AGO + 300 * _DAY)
    return replace(document, filed=_LONG_AGO - 50 * _DAY, accepted=_LONG_AGO - 40 * _DAY, felling=facts)


def _felled_long_ago(certificate: Certificate) -> Certificate:
    return replace(certificate, felled=Period(_LONG_AGO + 5 * _DAY, _LONG_AGO + 40 * _DAY))


def _other_parcel(certificate: Certificate) -> Certificate:
    return replace(certificate, locations=tuple(replace(p, parcels=("9001-1",)) for p in certificate.locations))


def _parcel_more(certificate: Certificate) -> Certificate:
    more = (replace(p, parcels=(*p.parcels, "9001-1")) for p in certificate.locations)
    return replace(certificate, locations=tuple(more))


def _town_only(certificate: Certificate) -> Certificate:
    towns = tuple(Place(p.prefecture, p.municipality) for p in certificate.locations)
    return replace(certificate, locations=towns)


def _compartments(certificate: Certificate) -> Certificate:
    told = (Place(p.prefecture, p.municipality, compartments=("9001い-1",)) for p in certificate.locations)
    return replace(certificate, locations=tuple(told))


def _beyond_document(w: World) -> Story[bool]:
    """H314: two loads on one document, of which the second is far more than it allows."""
    producer, chipper = w.active(w.people.producers), w.active(w.people.chippers)
    stand: Stand = yield from forest.open_stand(w, producer, forest.THINNING)
    first = yield from felling.fell(w, producer, chipper, stand)
    lot = yield from felling.fell(w, producer, chipper, stand, volume=stand.left + stand.volume // 4)
    # Nobody gets hold of these: were one cancelled later, the other would be within the volume.
    for kept in (first, lot):
        chipper.lots(kept.fuel_class).remove(kept)
    w.expect("H314", lot.id)
    return True


def _unkept(w: World) -> Story[bool]:
    """D901, late enough to be asked for as long after the last day as can be."""
    if w.day < date(2025, 1, 1):
        return False
    missing = spoiled("D901", forest.PROTECTED, change=lambda d: replace(d, copy=DocumentCopy.MISSING))
    return (yield from missing(w))


def _not_segregated(certificate: Certificate) -> Certificate:
    return replace(certificate, statements=(Statement.ALL_OF_CLASS,))


PLANTS: dict[str, Plant] = {
    "H302": spoiled("H302", forest.PROTECTED, lambda c: replace(c, documents=())),
    "H303": spoiled("H303", forest.THINNING, change=_contract_only),
    "H304": spoiled("H304", forest.THINNING, change=_clear_felling),
    "H305": spoiled("H305", forest.THINNING, change=_much),
    "H306": spoiled("H306", forest.THINNING, change=_open_canopy),
    "H307": spoiled("H307", forest.THINNING, lambda c: replace(c, includes_weeding=True)),
    "H308": spoiled("H308", forest.PLANNED, change=lambda d: replace(d, remains_forest=False)),
    "H309": spoiled("H309", forest.NATIONAL, lambda c: replace(c, documents=())),
    "H310": spoiled("H310", forest.IMPORTED, lambda c: replace(c, fuel_class=FuelClass.THINNED)),
    "H311": spoiled("H311", forest.PLANNED, change=_run_out),
    "H312": spoiled("H312", forest.THINNING, _too_early),
    "H314": _beyond_document,
    "H316": spoiled("H316", forest.SELECTED, lambda c: replace(c, area=None)),
    "H321": _not_felled,
    "L401": spoiled("L401", forest.PERMITTED, lambda c: replace(c, locations=())),
    "L402": spoiled("L402", forest.THINNING, _town_only),
    "L403": spoiled("L403", forest.PROTECTED, _compartments),
    "L404": spoiled("L404", forest.THINNING, _other_parcel),
    "L405": spoiled("L405", forest.PLANNED, _parcel_more),
    "P507": spoiled("P507", forest.THINNING, _not_segregated),
    "D901": _unkept,
    "T991": spoiled("T991", forest.THINNING, _felled_long_ago, _long_ago),
}
