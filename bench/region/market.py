"""Trade in logs, chips and residues, from the forest to the plants' gates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from biotrace.chain.kinds import RecordKind
from biotrace.model.certificate import Form, Goods, Mixed, Origin, Process, Share
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS, Quantity, Unit

from . import felling, forest
from .actors import CENTI, Actor, Lot
from .calendar import FELLING
from .drawing import Taken, certify, resell, take
from .felling import Alter, Made, as_is
from .names import PLATES
from .statement import Story
from .world import World

_T = 1_000_000
_DAY = timedelta(1)
_THINNED, _GENERAL, _WASTE = FuelClass.THINNED, FuelClass.GENERAL, FuelClass.CONSTRUCTION_WASTE
_RESIDUES = ((Goods.OFFCUTS, Origin.OFFCUTS), (Goods.SAWDUST, Origin.SAWDUST), (Goods.BARK, Origin.BARK))
_HOPS = (0.62, 0.2, 0.09, 0.05, 0.025, 0.015)
"""How often traded wood goes through one trader, two …"""
_TRADED = 0.3


def provide(w: World, buyer: Actor, fuel_class: FuelClass, dry: int) -> Story[None]:
    """See to it that the buyer holds so many bone-dry grams of a class, from forests, traders and sawmills."""
    while buyer.dry(fuel_class) < dry:
        if w.chance(_TRADED):
            hops = w.rng.choices(range(1, len(_HOPS) + 1), _HOPS)[0]
            yield from traded(w, buyer, fuel_class, min(hops, w.settings.depth))
        elif fuel_class is _GENERAL and w.chance(0.4):
            yield from residues(w, buyer)
        elif fuel_class is _GENERAL and w.chance(0.12):
            yield from felling.no_procedure(w, buyer)
        elif fuel_class is _THINNED and w.chance(0.04):
            yield from w.rng.choice((felling.by_office, felling.by_office, felling.by_town))(w, buyer)
        else:
            yield from felling.supply(w, buyer, fuel_class)


def traded(w: World, buyer: Actor, fuel_class: FuelClass, hops: int) -> Story[None]:
    """Logs to the buyer through so many traders, or fewer."""
    trader = w.rng.choice([t for t in w.people.traders if t is not buyer])
    wanted = w.rng.randrange(8 * _T, 20 * _T)
    while sum(lot.dry for lot in trader.near(fuel_class, hops)) < wanted * 12 // 10:
        if hops > 1:
            yield from traded(w, trader, fuel_class, hops - 1)
        else:
            yield from felling.supply(w, trader, fuel_class)
    taken = take(trader.near(fuel_class, hops), wanted, w.rng.randrange(1, 9))
    yield from resell(w, trader, buyer, fuel_class, taken)


def residues(w: World, buyer: Actor, alter: Alter = as_is) -> Story[Made]:
    """Offcuts, sawdust or bark of a sawmill, whose logs are thinned and general wood; they join the buyer's stock."""
    sawmill = w.active(w.people.sawmills)
    goods, origin = w.rng.choice(_RESIDUES)
    moisture = w.rng.randrange(3_500, 5_500, 100)
    wet = w.rng.randrange(4 * _T, 11 * _T, CENTI)
    needed = wet * (PARTS - moisture) // PARTS * 100 // w.rng.randrange(42, 60)
    logs = w.rng.choice((_THINNED, _GENERAL))
    while sawmill.dry(logs) < needed * 12 // 10:
        yield from felling.supply(w, sawmill, logs)
    taken = take(sawmill.lots(logs), needed, w.rng.randrange(1, 5))
    made = yield from certify(
        *(w, sawmill, buyer, _GENERAL, Quantity(wet, Unit.T, moisture), taken),
        form=Form.F2_3,
        goods=goods,
        origins=(origin,),
        process=Process.SAWING,
        alter=alter,
    )
    buyer.lots(made.lot.fuel_class).append(made.lot)
    return made


@dataclass(frozen=True, slots=True)
class Load:
    """Chips on a truck: as weighed, in g, and how wet."""

    wet: int
    moisture: int

    @property
    def dry(self) -> int:
        """Bone-dry grams."""
        return self.wet * (PARTS - self.moisture) // PARTS

    @property
    def quantity(self) -> Quantity:
        """As certified."""
        return Quantity(self.wet, Unit.T, self.moisture)


def load(w: World) -> Load:
    """A truckload of chips."""
    return Load(w.rng.randrange(6 * _T, 13 * _T, CENTI), w.rng.randrange(3_300, 5_200, 100))


def ready(w: World, chipper: Actor, fuel_class: FuelClass, truck: Load) -> Story[list[Taken]]:
    """What goes into the chipper for a truckload."""
    needed = truck.dry * 100 // w.rng.randrange(86, 98)
    if chipper.dry(fuel_class) < needed * 12 // 10:
        # Yards are filled when there is wood, and emptied in summer.
        yield from provide(w, chipper, fuel_class, needed + int(needed * 6 * FELLING[w.day.month - 1]))
    return take(chipper.lots(fuel_class), needed, w.rng.choice((1, 1, 1, 2, 2, 3, 4, 6, 8)))


def truckload(w: World, plant: Actor, chipper: Actor, fuel_class: FuelClass) -> Story[None]:
    """Chips to a plant: certificate and delivery."""
    truck = load(w)
    taken = yield from ready(w, chipper, fuel_class, truck)
    more: dict[str, Any] = {}
    yard = chipper.yards.get(fuel_class, chipper.yard)
    if yard is not None and w.chance(0.1):
        # A delivery note that serves as the certificate says from which yard to which.
        more = {"form": Form.F2_2, "from_site": yard, "to_site": plant.yard}
    yield from chips(w, plant, chipper, fuel_class, truck, taken, **more)


def chips(
    w: World,
    plant: Actor,
    chipper: Actor,
    fuel_class: FuelClass,
    truck: Load,
    taken: Sequence[Taken],
    alter: Alter = as_is,
    owner: Actor | None = None,
    **more: Any,
) -> Story[Made]:
    """The certificate for a truckload, and its delivery, the same day or the next."""
    made = yield from chips_certified(w, plant, chipper, fuel_class, truck, taken, alter, owner, **more)
    if w.chance(0.15):
        w.on(w.day + _DAY, lambda: deliver(w, plant, made))
    else:
        yield from deliver(w, plant, made)
    return made


def chips_certified(
    w: World,
    plant: Actor,
    chipper: Actor,
    fuel_class: FuelClass,
    truck: Load,
    taken: Sequence[Taken],
    alter: Alter = as_is,
    owner: Actor | None = None,
    **more: Any,
) -> Story[Made]:
    """The certificate for a truckload, with any other fields."""
    return (
        yield from certify(
            *(w, chipper, plant, fuel_class, truck.quantity, taken),
            owner=owner,
            alter=alter,
            goods=w.rng.choice((Goods.CUTTING_CHIPS, Goods.CUTTING_CHIPS, Goods.PIN_CHIPS)),
            process=Process.CHIPPING,
            vehicle=plate(w),
            **more,
        )
    )


def mixed_load(w: World, plant: Actor, chipper: Actor, claimed: int = 0) -> Story[Made]:
    """A truckload of thinned and general wood with certified shares, all for one plant (G3(3)②).

    ``claimed``: by how much more of it, in 1/10,000, is said to be thinned than was drawn.
    """
    truck = load(w)
    needed = truck.dry * 100 // 94
    part = needed * w.rng.randrange(25, 60) // 100
    thinned: list[Taken] = []
    general: list[Taken] = []
    for fuel_class, dry, into in ((_THINNED, part, thinned), (_GENERAL, needed - part, general)):
        yield from provide(w, chipper, fuel_class, dry * 12 // 10)
        into += take(chipper.lots(fuel_class), dry, 2)
    drawn = sum(t.dry for t in thinned)
    proven = drawn * PARTS // (drawn + sum(t.dry for t in general)) + claimed
    shares = (Share(_THINNED, proven), Share(_GENERAL, PARTS - proven))
    made = yield from chips_certified(
        *(w, plant, chipper, _GENERAL, truck, [*thinned, *general]), mixed=Mixed(plant.id, shares)
    )
    yield from deliver(w, plant, made)
    return made


def plate(w: World) -> str:
    """A truck."""
    return f"{w.rng.choice(PLATES)}{w.rng.randrange(10, 100)}-{w.rng.randrange(10, 100)}"


def arrival(
    w: World, plant: Actor, sender: Actor, weighed: Quantity, record: str, goods: Goods | None, vehicle: str | None
) -> Delivery:
    """What the gate writes down of a load that comes with the certificate ``record``."""
    return Delivery(
        id="",
        at=plant.id,
        date=w.day,
        quantity=weighed,
        time=f"{w.rng.randrange(7, 18):02d}:{w.rng.randrange(60):02d}",
        sender=sender.id,
        certificate=record,
        goods=goods,
        vehicle=vehicle,
    )


def arrival_of(w: World, plant: Actor, made: Made) -> Delivery:
    """A load as it comes, by the plant's own weighbridge."""
    certified = made.certificate
    weighed = certified.quantity.amount * w.rng.randrange(985, 1_015) // 1_000 // CENTI * CENTI
    quantity = replace(certified.quantity, amount=weighed)
    sender = w.by_id[certified.seller]
    return arrival(w, plant, sender, quantity, made.lot.id, certified.goods, certified.vehicle)


def deliver(w: World, plant: Actor, made: Made) -> Story[None]:
    """The arrival of a load at a plant, where it joins the store."""
    yield from take_in(w, plant, arrival_of(w, plant, made), made.lot, made.certificate.mixed)


def take_in(w: World, plant: Actor, delivery: Delivery, lot: Lot, mixed: Mixed | None = None) -> Story[str]:
    """Say a delivery of a lot, and put the wood into the plant's store: what was certified of it at most."""
    record = yield from w.say(plant, RecordKind.DELIVERY, f"d-{w.said}", delivery)
    lot.drawers.append(record)
    dry = min(lot.dry, delivery.quantity.amount * (PARTS - (delivery.quantity.moisture or 0)) // PARTS)
    for share in mixed.shares if mixed is not None else (Share(lot.fuel_class, PARTS),):
        w.fuel[plant.id, share.fuel_class] += dry * share.parts // PARTS
    return record


def logs_to_plant(w: World, plant: Actor) -> Story[None]:
    """Logs from a forest to a plant with a chipper of its own, weighed on the way."""
    producer = w.active(w.people.producers)
    stand = yield from forest.open_stand(w, producer, forest.any_way(w, _THINNED))
    moisture = w.rng.randrange(4_500, 5_600, 100)
    wet = w.rng.randrange(8 * _T, 14 * _T, CENTI)
    made = yield from felling.fell_by_weight(w, producer, plant, stand, Quantity(wet, Unit.T, moisture))
    yield from deliver(w, plant, made)


def demolition(w: World, buyer: Actor) -> Story[Made]:
    """Chips of demolition wood, declared as what they are."""
    truck = load(w)
    made = yield from certify(
        *(w, w.people.wreckers[0], buyer, _WASTE, Quantity(truck.wet, Unit.T, 1_800), ()),
        form=Form.F2_2,
        goods=Goods.PIN_CHIPS,
        vehicle=plate(w),
    )
    return made


def demolition_to_plant(w: World, plant: Actor) -> Story[None]:
    """The same, burned by a plant."""
    made = yield from demolition(w, plant)
    yield from deliver(w, plant, made)
