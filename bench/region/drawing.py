"""Taking wood out of lots, and certificates of what was made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from biotrace.chain.kinds import RecordKind
from biotrace.model.certificate import Certificate, Draw, Form, Goods, Process, Statement
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity

from .actors import Actor, Lot
from .felling import BOTH, Alter, Made, as_is, lot_of, numbered
from .statement import Story
from .world import World

_RESIDUE_STATEMENTS = (*BOTH, Statement.LOGS_ALL_THINNED_OR_GENERAL)


@dataclass(frozen=True, slots=True)
class Taken:
    """Wood on its way out of a lot. ``amount``: g or cm³."""

    lot: Lot
    amount: int

    @property
    def dry(self) -> int:
        """Bone-dry grams of it."""
        return self.lot.dry * self.amount // self.lot.left


def take(lots: Sequence[Lot], dry: int, among: int) -> list[Taken]:
    """So many bone-dry grams out of about ``among`` of the lots, the oldest first; all where they hold less.

    Nothing has left the lots yet: see ``leave``.
    """
    parts = min(among, len(lots))
    amounts = [0] * len(lots)
    missing = dry
    for turn in range(2):  # an even part of each, then what is missing from any
        for place, lot in enumerate(lots):
            if missing <= 0:
                break
            wanted = missing // max(1, parts - place) if turn == 0 else missing
            before = Taken(lot, amounts[place]).dry
            amounts[place] = lot.amount(before + wanted)
            missing -= Taken(lot, amounts[place]).dry - before
    return [Taken(lot, amount) for lot, amount in zip(lots, amounts, strict=True) if amount]


def leave(owner: Actor, taken: Iterable[Taken], record: str) -> None:
    """What was taken is gone: ``record`` took it. Lots that are used up are forgotten."""
    for part in taken:
        part.lot.left -= part.amount
        part.lot.drawers.append(record)
        if part.lot.left <= 0 and part.lot in owner.lots(part.lot.fuel_class):
            owner.lots(part.lot.fuel_class).remove(part.lot)


def form_for(fuel_class: FuelClass) -> Form:
    """The form of the processing stage for a class."""
    return Form.F2_1 if fuel_class is FuelClass.THINNED else Form.F2_4


def certify(
    w: World,
    seller: Actor,
    buyer: Actor,
    fuel_class: FuelClass,
    quantity: Quantity,
    taken: Sequence[Taken],
    *,
    owner: Actor | None = None,
    alter: Alter = as_is,
    **more: Any,
) -> Story[Made]:
    """Say a processing-stage certificate over what was taken from the seller's lots, or those of ``owner``.

    ``more``: other fields, such as goods and process; ``alter`` is made to all of it.
    """
    form = more.pop("form", form_for(fuel_class))
    species = tuple(dict.fromkeys(name for part in taken for name in part.lot.species))
    certificate = alter(
        Certificate(
            id="",
            form=form,
            fuel_class=fuel_class,
            date=w.day,
            seller=seller.id,
            quantity=quantity,
            buyer=buyer.id,
            number=numbered(w, seller),
            accreditation_number=seller.number,
            species=species,
            statements=_RESIDUE_STATEMENTS if form is Form.F2_3 else BOTH,
            draws=tuple(Draw(part.lot.id, part.lot.quantity(part.amount)) for part in taken),
            **more,
        )
    )
    record = yield from w.say(seller, RecordKind.CERTIFICATE, f"c-{w.said}", certificate, names=(seller, buyer))
    leave(owner or seller, taken, record)
    lot = lot_of(record, certificate, bool(taken) and all(part.lot.hard for part in taken))
    lot.hops = 1 + max((part.lot.hops for part in taken), default=0)
    return Made(certificate, lot)


def resell(w: World, seller: Actor, buyer: Actor, fuel_class: FuelClass, taken: Sequence[Taken]) -> Story[Lot]:
    """Logs handed on as they came; they join the buyer's stock."""
    unit = taken[0].lot.unit
    quantity = Quantity(sum(part.amount for part in taken), unit)
    made = yield from certify(w, seller, buyer, fuel_class, quantity, taken, goods=Goods.LOGS, process=Process.TRADING)
    buyer.lots(fuel_class).append(made.lot)
    return made.lot
