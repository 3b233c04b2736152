"""Felling-stage certificates, and those of wood that needs no felling procedure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from biotrace.chain.kinds import RecordKind
from biotrace.model.certificate import Certificate, Form, Goods, Origin, Statement
from biotrace.model.document import Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit

from . import forest
from .actors import CENTI, Actor, Lot, Stand
from .names import HARDWOODS, SOFTWOODS, in_era
from .statement import Story
from .world import World

Alter = Callable[[Certificate], Certificate]
"""What is different about a certificate."""
BOTH = (Statement.ALL_OF_CLASS, Statement.SEGREGATED)
_M3 = 1_000_000
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Made:
    """A certificate as said, and the wood in its buyer's hands."""

    certificate: Certificate
    lot: Lot


def as_is(certificate: Certificate) -> Certificate:
    """No change."""
    return certificate


def supply(w: World, buyer: Actor, fuel_class: FuelClass) -> Story[Lot]:
    """A load of logs from a forest to the buyer, with the papers of a new felling where none is open."""
    producer = w.active(w.people.producers)
    stand = yield from stand_of(w, producer, fuel_class)
    return (yield from fell(w, producer, buyer, stand))


def by_office(w: World, buyer: Actor) -> Story[Lot]:
    """National-forest wood that the forest office certifies itself: that is certificate and document in one."""
    office = w.rng.choice(w.people.offices)
    return (yield from fell(w, office, buyer, forest.own_stand(w, office)))


def by_town(w: World, buyer: Actor) -> Story[Lot]:
    """A small owner's thinnings, which the town certifies."""
    owner, town = w.rng.choice(w.people.owners), w.rng.choice(w.people.municipalities)
    stand = yield from forest.open_stand(w, town, forest.THINNING, lambda d: replace(d, applicant=owner.name))
    load = Quantity(w.rng.randrange(8 * _M3, 24 * _M3, CENTI), Unit.M3)
    certificate = replace(certificate_of(w, owner, buyer, stand, load), issuer_party=town.id)
    return (yield from issue(w, town, buyer, certificate, stand.hard))


def stand_of(w: World, producer: Actor, fuel_class: FuelClass, least: int = 8 * _M3) -> Story[Stand]:
    """The producer's felling of a class, or a new one where less than ``least`` cm³ is left of it."""
    stand = producer.stands.get(fuel_class)
    if stand is None or stand.until < w.day or stand.left < least:
        stand = yield from forest.open_stand(w, producer, forest.any_way(w, fuel_class))
        producer.stands[fuel_class] = stand
    return stand


def fell(
    w: World,
    producer: Actor,
    buyer: Actor,
    stand: Stand,
    alter: Alter = as_is,
    volume: int = 0,
    yard: str | None = None,
) -> Story[Lot]:
    """A certificate for logs of a stand, with ``alter`` made to it. ``volume``: in cm³; 0: as a load comes.

    ``yard``: to which of the buyer's; None: the usual one, where the paper says so at all.
    """
    load = volume or min(stand.left, w.rng.randrange(8 * _M3, 40 * _M3, CENTI))
    stand.left -= load
    certificate = certificate_of(w, producer, buyer, stand, Quantity(load, Unit.M3))
    site = yard or (buyer.yards.get(stand.fuel_class) if w.chance(0.25) else None)
    return (yield from issue(w, producer, buyer, alter(replace(certificate, to_site=site)), stand.hard))


def issue(
    w: World, issuer: Actor, buyer: Actor, certificate: Certificate, hard: bool, copied_by: Actor | None = None
) -> Story[Lot]:
    """Say a certificate of wood that enters the chain, and put the wood into the buyer's stock.

    ``copied_by``: who transcribes the issuer's paper.
    """
    record = yield from w.say(
        *(copied_by or issuer, RecordKind.CERTIFICATE, f"c-{w.said}", certificate),
        names=(issuer, buyer),
        transcribed=copied_by is not None,
    )
    lot = lot_of(record, certificate, hard)
    buyer.lots(lot.fuel_class).append(lot)
    return lot


def lot_of(record: str, certificate: Certificate, hard: bool) -> Lot:
    """All of a certificate, as its buyer holds it."""
    c = certificate
    return Lot(
        *(record, c.fuel_class, c.form, c.quantity.unit, c.quantity.moisture, c.quantity.amount),
        *(hard, c.species, c.date, c.seller, c.goods),
    )


def numbered(w: World, issuer: Actor) -> str:
    """The issuer's next certificate number."""
    issuer.issued += 1
    return f"{in_era(w.day.year)}-{issuer.issued:04d}"


def certificate_of(w: World, producer: Actor, buyer: Actor, stand: Stand, quantity: Quantity) -> Certificate:
    """What the producer writes for so much of a stand."""
    until = max(stand.start, w.day - w.rng.randrange(1, 10) * _DAY)
    start = max(stand.start, until - w.rng.randrange(3, 20) * _DAY)
    return Certificate(
        id="",
        form=stand.form,
        fuel_class=stand.fuel_class,
        date=w.day,
        seller=producer.id,
        quantity=quantity,
        buyer=buyer.id,
        origins=(stand.origin,),
        number=numbered(w, producer),
        accreditation_number=producer.number,
        permit=stand.permit,
        forest_office=stand.forest_office,
        locations=tuple(forest.as_written(w, place) for place in stand.places),
        country=stand.country,
        area=stand.area,
        species=stand.species,
        felled=Period(start, until),
        documents=stand.documents,
        statements=BOTH,
        goods=Goods.LOGS,
    )


def fell_by_weight(w: World, producer: Actor, plant: Actor, stand: Stand, quantity: Quantity) -> Story[Made]:
    """Logs that a plant takes as they come from the forest."""
    certificate = certificate_of(w, producer, plant, stand, quantity)
    stand.left = 0
    record = yield from w.say(producer, RecordKind.CERTIFICATE, f"c-{w.said}", certificate, names=(producer, plant))
    return Made(certificate, lot_of(record, certificate, stand.hard))


_NO_PROCEDURE = (
    *(Origin.HOMESTEAD, Origin.HOMESTEAD, Origin.ORCHARD_PRUNING, Origin.ORCHARD_PRUNING, Origin.BAMBOO),
    *(Origin.DAM_DRIFTWOOD, Origin.SITE_CLEARING, Origin.STREET_PRUNING),
)
_NO_PROCEDURE_STATEMENTS = (Statement.ALL_OF_CLASS, Statement.NO_CONSTRUCTION_WASTE, Statement.LAWFUL)


def no_procedure(w: World, buyer: Actor, alter: Alter = as_is) -> Story[Lot]:
    """Wood that needed no felling procedure: its owner's paper (1-2), copied by the buyer."""
    owner = w.rng.choice(w.people.owners)
    hard = w.chance(0.6)
    moisture = w.rng.randrange(3_800, 5_400, 100)
    town = w.rng.choice(w.people.municipalities)
    origin = w.rng.choice(_NO_PROCEDURE)
    views: tuple[str, ...] = ()
    if origin is Origin.STREET_PRUNING:
        views = ((yield from forest.no_waste(w, buyer, town)),)
    certificate = Certificate(
        id="",
        form=Form.F1_2,
        fuel_class=FuelClass.GENERAL,
        date=w.day,
        seller=owner.id,
        quantity=Quantity(w.rng.randrange(2 * _M3, 9 * _M3, CENTI), Unit.T, moisture),
        buyer=buyer.id,
        origins=(origin,),
        number=numbered(w, owner),
        locations=(forest.parcels(w, town),),
        country="JP",
        species=w.rng.choice(HARDWOODS if hard else SOFTWOODS),
        felled=Period(w.day - 20 * _DAY, w.day - 2 * _DAY),
        documents=views,
        statements=_NO_PROCEDURE_STATEMENTS,
        goods=Goods.LOGS,
    )
    return (yield from issue(w, owner, buyer, alter(certificate), hard, copied_by=buyer))
