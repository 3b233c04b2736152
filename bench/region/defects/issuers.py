"""Defects of who issues (family A, T992), of wood on 1-2 (family W), and of keeping papers (D903)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from biotrace.chain.kinds import RecordKind
from biotrace.model.certificate import Certificate, Origin, Permit
from biotrace.model.document import Document, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.retention import Deleted, Tombstone

from .. import felling, forest
from ..actors import Actor
from ..felling import Alter
from ..statement import Story
from ..world import People, World
from .felling import spoiled
from .plant import Plant

_FILED, _ACCEPTED = date(2012, 5, 1), date(2012, 5, 9)
_FELLED = Period(date(2012, 7, 2), date(2012, 7, 20))
_ISSUED = date(2012, 8, 10)
"""Before any body had its code."""
_LOAD = 22_000_000


def _by(code: str, who: Callable[[People], list[Actor]]) -> Plant:
    """A felling certificate in which nothing is wrong but its issuer."""

    def plant(w: World) -> Story[bool]:
        producer = w.rng.choice(who(w.people))
        stand = yield from forest.open_stand(w, producer, forest.THINNING)
        lot = yield from felling.fell(w, producer, w.active(w.people.chippers), stand)
        w.expect(code, lot.id)
        return True

    return plant


def _borrowed_number(w: World) -> Story[bool]:
    """A202: a producer states the number of a chipper."""
    number = w.rng.choice(w.people.chippers).number
    wrong = spoiled("A202", forest.THINNING, lambda c: replace(c, accreditation_number=number))
    return (yield from wrong(w))


def _old_paper(w: World) -> Story[bool]:
    """T992: a paper from before the bodies' codes, copied now, that does not say that the wood was held then."""
    producer, chipper = w.active(w.people.producers), w.active(w.people.chippers)

    def old(document: Document) -> Document:
        assert document.felling is not None
        facts = replace(document.felling, start=date(2012, 6, 20), until=date(2013, 3, 31))
        return replace(document, filed=_FILED, accepted=_ACCEPTED, number=f"24-{w.said}", felling=facts)

    stand = yield from forest.open_stand(w, producer, forest.THINNING, old)
    paper = felling.certificate_of(w, producer, chipper, stand, Quantity(_LOAD, Unit.M3))
    permit = None if paper.permit is None else Permit(_ACCEPTED, paper.permit.issuer, paper.permit.number)
    paper = replace(paper, date=_ISSUED, felled=_FELLED, accreditation_number=None, permit=permit)
    lot = yield from felling.issue(w, producer, chipper, paper, stand.hard, copied_by=chipper)
    w.expect("T992", lot.id)
    return True


def _no_procedure(code: str, alter: Alter) -> Plant:
    def plant(w: World) -> Story[bool]:
        lot = yield from felling.no_procedure(w, w.active(w.people.chippers), alter)
        w.expect(code, lot.id)
        return True

    return plant


def _of(origin: Origin) -> Alter:
    def alter(certificate: Certificate) -> Certificate:
        return replace(certificate, origins=(origin,), documents=())

    return alter


def _deleted(w: World) -> Story[bool]:
    """D903: a chipper deletes its scan of a certificate years too early."""
    chipper = w.active(w.people.chippers)
    lot = yield from felling.supply(w, chipper, FuelClass.THINNED)
    gone = Tombstone(lot.id, w.day, (Deleted.FILES,), "保存場所の整理")
    yield from w.say(chipper, RecordKind.TOMBSTONE, f"tombstone-{w.said}", gone)
    w.expect("D903", lot.id)
    return True


PLANTS: dict[str, Plant] = {
    "A201": spoiled("A201", forest.THINNING, lambda c: replace(c, accreditation_number=None)),
    "A202": _borrowed_number,
    "A203": _by("A203", lambda people: people.lapsed),
    "A204": _by("A204", lambda people: people.strangers),
    "A205": _by("A205", lambda people: people.unaudited),
    "D903": _deleted,
    "T992": _old_paper,
    "W801": _no_procedure("W801", lambda c: replace(c, origins=(Origin.HOMESTEAD,), documents=(), locations=())),
    "W802": _no_procedure("W802", _of(Origin.STREET_PRUNING)),
    "W803": _no_procedure("W803", _of(Origin.DRIFTWOOD)),
    "W804": _no_procedure("W804", _of(Origin.LANDSCAPING_PRUNING)),
}
