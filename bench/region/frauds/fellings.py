"""Permits used again and again, areas too small for their wood, places that stop at the town."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.place import Place

from .. import felling, forest
from ..actors import CENTI, Actor, Stand
from ..felling import Alter, as_is
from ..fraud import Staged
from ..statement import Story
from ..world import World
from .when import day_between, strength

_DAY = timedelta(1)
_M3 = 1_000_000
_LOADS = 6
_MEAN_STOCK = 324
"""m³ per hectare of planted forest (林野庁「森林資源の現況」平成29年3月31日現在)."""


def permit(w: World, fraud: bool) -> Story[None]:
    """A thinning notice behind loads to several buyers, each within its volume; or a little beyond it to one or two."""
    producer = w.active(w.people.producers)
    stand = yield from forest.open_stand(w, producer, forest.THINNING)
    whole = stand.volume * strength(w, fraud, (140, 230), (115, 140), (102, 116)) // 100
    buyers = w.rng.sample(w.people.chippers, w.rng.randrange(2, 5) if fraud else w.rng.randrange(1, 3))
    _fell_all(w, producer, buyers, stand, whole, Staged("permit-volume", stand.documents[0], fraud, f"{whole} cm3"))


def hectare(w: World, fraud: bool) -> Story[None]:
    """A felling under a plan whose area is far too small for it; or an old stand that really holds that much."""
    producer = w.active(w.people.producers)
    held = _MEAN_STOCK * strength(w, fraud, (420, 900), (240, 420), (170, 230)) // 100
    stand = yield from forest.open_stand(w, producer, forest.PLANNED, partial(_on_less, held))
    stand.area = stand.volume // 100 // held
    buyers = w.rng.sample(w.people.chippers, 2)
    told = Staged("per-hectare", stand.documents[0], fraud, f"{held} m3/ha")
    _fell_all(w, producer, buyers, stand, stand.left, told)


def _on_less(held: int, document: Document) -> Document:
    facts = document.felling
    assert facts is not None
    assert facts.volume is not None
    return replace(document, felling=replace(facts, area=facts.volume // 100 // held))


def _fell_all(w: World, producer: Actor, buyers: list[Actor], stand: Stand, whole: int, told: Staged) -> None:
    """Certify ``whole`` cm³ of the stand to the buyers in turn, within two months; it is told with the last load."""
    each = max(_M3, whole // _LOADS // CENTI * CENTI)
    for turn in range(_LOADS):
        buyer, day = buyers[turn % len(buyers)], w.day + (8 * turn + w.rng.randrange(1, 8)) * _DAY
        w.on(day, partial(_load, w, producer, buyer, stand, each, told if turn == _LOADS - 1 else None))


def _load(w: World, producer: Actor, buyer: Actor, stand: Stand, cm3: int, told: Staged | None) -> Story[None]:
    yield from felling.fell(w, producer, buyer, stand, volume=cm3)
    if told is not None:
        w.staged.append(told)


def municipality(w: World, producer: Actor, fraud: bool) -> None:
    """A producer who never names more than the town; or who often does not."""
    count = strength(w, fraud, (7, 16), (4, 8), (8, 16))
    often = strength(w, fraud, (100, 101), (85, 101), (30, 60)) / 100
    days = sorted(day_between(w, 0.05, 0.9) for _ in range(count))
    told = Staged("municipality-only", producer.id, fraud, f"{count} certificates, {often:.0%}")
    for number, day in enumerate(days):
        alter = _town_only if w.chance(often) else as_is
        w.on(day, partial(_one_stand, w, producer, alter, told if number == count - 1 else None))


def _one_stand(w: World, producer: Actor, alter: Alter, told: Staged | None) -> Story[None]:
    stand = yield from forest.open_stand(w, producer, forest.THINNING)
    yield from felling.fell(w, producer, w.active(w.people.chippers), stand, alter)
    if told is not None:
        w.staged.append(told)


def _town_only(certificate: Certificate) -> Certificate:
    towns = tuple(Place(p.prefecture, p.municipality) for p in certificate.locations)
    return replace(certificate, locations=towns)
