"""Defects of processing and distribution (families P, Q, G, and H301)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from biotrace.model.certificate import Goods, Process, Statement
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit

from .. import felling, later, market
from ..actors import Actor, Lot
from ..drawing import Taken, certify, take
from ..market import Load
from ..statement import Story
from ..world import World
from .plant import Plant

_THINNED, _GENERAL = FuelClass.THINNED, FuelClass.GENERAL
_T = 1_000_000
_DAY = timedelta(1)
_FEW_DRAWERS = 6


def _plant(w: World) -> Actor:
    return w.rng.choice(w.people.plants)


def _chipper(w: World) -> Actor:
    return w.active(w.people.chippers)


def _stocked(w: World, chipper: Actor, fuel_class: FuelClass, truck: Load) -> Story[list[Taken]]:
    """What goes into the chipper, out of one lot of a load of its own that has just come."""
    lot = yield from _load(w, chipper, fuel_class)
    return take([lot], truck.dry * 100 // 95, 1)


def _load(w: World, chipper: Actor, fuel_class: FuelClass) -> Story[Lot]:
    """A load of logs that has just come to a chipper from a forest, and is enough for a truckload of chips."""
    producer = w.active(w.people.producers)
    stand = yield from felling.stand_of(w, producer, fuel_class, 30 * _T)
    return (yield from felling.fell(w, producer, chipper, stand, volume=24 * _T))


def _truck(w: World) -> Load:
    truck = market.load(w)
    return Load(min(truck.wet, 11 * _T), max(truck.moisture, 4_000))


def _raised(w: World) -> Story[bool]:
    """P504: chips of general logs as thinned wood."""
    chipper, truck = _chipper(w), _truck(w)
    taken = yield from _stocked(w, chipper, _GENERAL, truck)
    made = yield from market.chips(w, _plant(w), chipper, _THINNED, truck, taken)
    w.expect("P504", made.lot.id)
    return True


def _logs_as_chips(w: World) -> Story[bool]:
    """P501: a truckload of chips that comes with the log producer's certificate only."""
    chipper, plant = _chipper(w), _plant(w)
    lot = yield from _load(w, chipper, _THINNED)
    chipper.lots(_THINNED).remove(lot)
    truck = _truck(w)
    delivery = market.arrival(w, plant, chipper, truck.quantity, lot.id, Goods.CUTTING_CHIPS, market.plate(w))
    record = yield from market.take_in(w, plant, delivery, lot)
    w.expect("P501", record)
    return True


def _anothers(w: World) -> Story[bool]:
    """P502: chips of logs that were certified to another chipper. The draw takes nothing from them."""
    owner, chipper = w.rng.sample(w.people.chippers, 2)
    truck = _truck(w)
    taken = yield from _stocked(w, owner, _THINNED, truck)
    made = yield from market.chips(w, _plant(w), chipper, _THINNED, truck, taken, owner=owner)
    w.expect("P502", made.lot.id)
    return True


def _before(w: World) -> Story[bool]:
    """P503: chips dated before the logs."""
    chipper, truck = _chipper(w), _truck(w)
    taken = yield from _stocked(w, chipper, _THINNED, truck)
    day = w.day - 4 * _DAY
    made = yield from market.chips(w, _plant(w), chipper, _THINNED, truck, taken, lambda c: replace(c, date=day))
    w.expect("P503", made.lot.id)
    return True


def _residues_as_thinned(w: World) -> Story[bool]:
    """P505: a sawmill's sawdust as thinned wood."""
    sawmill, chipper = w.active(w.people.sawmills), _chipper(w)
    lot = yield from _load(w, sawmill, _THINNED)
    quantity = Quantity(5 * _T, Unit.T, 4_500)
    made = yield from certify(
        *(w, sawmill, chipper, _THINNED, quantity, take([lot], quantity.amount * 55 // 50, 1)),
        goods=Goods.SAWDUST,
        process=Process.SAWING,
    )
    chipper.lots(_THINNED).append(made.lot)
    w.expect("P505", made.lot.id)
    return True


def _cancelled(w: World) -> Story[bool]:
    """P508: chips of logs of which the certificate had been cancelled."""
    chipper, truck = _chipper(w), _truck(w)
    lot = yield from _load(w, chipper, _THINNED)
    yield from later.correct(w, w.by_id[lot.seller], lot, Action.CANCEL, "伐採届の取下げ")
    taken = take([lot], truck.dry * 100 // 95, 1)
    made = yield from market.chips(w, _plant(w), chipper, _THINNED, truck, taken)
    if lot.left:
        chipper.lots(_THINNED).remove(lot)
    w.expect("P508", made.lot.id)
    return True


def _cancelled_later(w: World) -> Story[bool]:
    """P511: a certificate is cancelled after others drew on it; all of these are told."""
    chipper = _chipper(w)
    lots = [lot for lot in chipper.lots(_THINNED) if _is_felled(w, lot) and 0 < len(lot.drawers) <= _FEW_DRAWERS]
    if not lots:
        return False
    lot = w.rng.choice(lots)
    chipper.lots(_THINNED).remove(lot)
    yield from later.correct(w, w.by_id[lot.seller], lot, Action.CANCEL, "伐採箇所の誤り")
    for record in lot.drawers:
        w.expect("P511", record)
    return True


def _is_felled(w: World, lot: Lot) -> bool:
    return lot.form.is_felling and w.by_id[lot.seller] in w.people.producers


def _other_plant(w: World) -> Story[bool]:
    """P509: a truckload that unloads at another plant."""
    made_out_to, plant = w.rng.sample(w.people.plants, 2)
    chipper, truck = _chipper(w), _truck(w)
    taken = yield from _stocked(w, chipper, _THINNED, truck)
    made = yield from market.chips_certified(w, made_out_to, chipper, _THINNED, truck, taken)
    record = yield from market.take_in(w, plant, market.arrival_of(w, plant, made), made.lot)
    w.expect("P509", record)
    return True


def _no_log_statement(w: World) -> Story[bool]:
    """P512."""
    said = (Statement.ALL_OF_CLASS, Statement.SEGREGATED)
    made = yield from market.residues(w, _chipper(w), lambda c: replace(c, statements=said))
    w.expect("P512", made.lot.id)
    return True


def _drawn_twice(w: World) -> Story[bool]:
    """Q601: two truckloads of chips, each of most of one lot of logs."""
    chipper = _chipper(w)
    lot = yield from _load(w, chipper, _THINNED)
    chipper.lots(_THINNED).remove(lot)
    whole = lot.left
    for turn in range(2):
        taken = Taken(lot, whole * 3 // 5)
        truck = Load(taken.dry * 100 // 60 * 95 // 100, 4_000)
        lot.left = whole
        made = yield from market.chips(w, _plant(w), chipper, _THINNED, truck, [taken])
        if turn:
            w.expect("Q601", made.lot.id)
    return True


def _too_much_weighed(w: World) -> Story[bool]:
    """Q601 on a delivery: a tenth more arrives than was certified."""
    chipper, plant, truck = _chipper(w), _plant(w), _truck(w)
    taken = yield from _stocked(w, chipper, _THINNED, truck)
    made = yield from market.chips_certified(w, plant, chipper, _THINNED, truck, taken)
    delivery = market.arrival_of(w, plant, made)
    heavy = replace(delivery, quantity=replace(truck.quantity, amount=truck.wet * 11 // 10))
    record = yield from market.take_in(w, plant, heavy, made.lot)
    w.expect("Q601", record)
    return True


def _too_dry(w: World) -> Story[bool]:
    """Q606: what was certified as wet chips arrives with the same weight, and 20 points drier."""
    chipper, plant, truck = _chipper(w), _plant(w), _truck(w)
    taken = yield from _stocked(w, chipper, _THINNED, truck)
    made = yield from market.chips_certified(w, plant, chipper, _THINNED, truck, taken)
    delivery = market.arrival_of(w, plant, made)
    dry = replace(delivery, quantity=replace(truck.quantity, moisture=truck.moisture - 2_000))
    record = yield from market.take_in(w, plant, dry, made.lot)
    w.expect("Q606", record)
    return True


def _overdrawn(w: World) -> Story[bool]:
    return (yield from (_drawn_twice if w.chance(0.5) else _too_much_weighed)(w))


def _more_out(w: World) -> Story[bool]:
    """Q602: twice as much chips as the logs can have given."""
    chipper, truck = _chipper(w), _truck(w)
    lot = yield from _load(w, chipper, _THINNED)
    taken = take([lot], truck.dry // 2, 1)
    made = yield from market.chips(w, _plant(w), chipper, _THINNED, truck, taken)
    w.expect("Q602", made.lot.id)
    return True


def _of_both(w: World) -> Story[bool]:
    """G701: one truckload of chips of thinned and of general logs, as thinned."""
    chipper, truck = _chipper(w), _truck(w)
    taken = []
    for fuel_class in (_THINNED, _GENERAL):
        lot = yield from _load(w, chipper, fuel_class)
        taken += take([lot], truck.dry * 55 // 100, 1)
    made = yield from market.chips(w, _plant(w), chipper, _THINNED, truck, taken)
    w.expect("G701", made.lot.id)
    return True


def _with_demolition(w: World) -> Story[bool]:
    """G704, and P504 with it: demolition wood among what is certified as thinned."""
    chipper, truck = _chipper(w), _truck(w)
    waste = yield from market.demolition(w, chipper)
    lot = yield from _load(w, chipper, _THINNED)
    taken = [*take([lot], truck.dry * 70 // 100, 1), *take([waste.lot], truck.dry * 40 // 100, 1)]
    chipper.lots(waste.lot.fuel_class).append(waste.lot)
    made = yield from market.chips(w, _plant(w), chipper, _THINNED, truck, taken)
    chipper.lots(waste.lot.fuel_class).clear()
    w.expect("G704", made.lot.id)
    w.expect("P504", made.lot.id)
    return True


def _from_nowhere(w: World) -> Story[bool]:
    """H301: chips of which nothing says where the logs came from."""
    made = yield from market.chips(w, _plant(w), _chipper(w), _THINNED, _truck(w), [])
    w.expect("H301", made.lot.id)
    return True


def _false_shares(w: World) -> Story[bool]:
    """G702: a mixed lot of which more is certified as thinned than was drawn."""
    made = yield from market.mixed_load(w, _plant(w), _chipper(w), claimed=3_000)
    w.expect("G702", made.lot.id)
    return True


PLANTS: dict[str, Plant] = {
    "H301": _from_nowhere,
    "P501": _logs_as_chips,
    "P502": _anothers,
    "P503": _before,
    "P504": _raised,
    "P505": _residues_as_thinned,
    "P508": _cancelled,
    "P509": _other_plant,
    "P511": _cancelled_later,
    "P512": _no_log_statement,
    "Q601": _overdrawn,
    "Q602": _more_out,
    "Q606": _too_dry,
    "G701": _of_both,
    "G702": _false_shares,
    "G704": _with_demolition,
}
