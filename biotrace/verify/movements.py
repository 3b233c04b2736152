"""What moved into, out of and through a party's yards, record by record, as its own book shows it.

Which records move wood, between which yards and in which class is what ``yards`` says, for Q607 and F951. Those look
for what cannot be otherwise, so they count at the most and at the least; a book shows what was written, and bone-dry
grams at default factors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from biotrace.model.certificate import Certificate, Goods
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity
from biotrace.model.stock import Consumption, StockEntry, StockKind, WithdrawnTo

from .case import Booked, Case, Entry
from .fold import Fold
from .profile import Factor, Profile
from .rules import RULES
from .species import WoodGroup
from .subject import Subject
from .tonnage import Dry, bone_dry, split
from .yards import classes_in, classes_out, counts, somewhere, yard_entered, yard_left

Shares = tuple[tuple[FuelClass, Fraction], ...]


class Move(StrEnum):
    """What a line of a book is. ``THROUGH``: felled and sold, so that it never lay in a yard.

    Order of definition: the order within a day.
    """

    OPENING = StockKind.OPENING.value
    IN = "in"
    THROUGH = "through"
    OUT = "out"
    WITHDRAWAL = StockKind.WITHDRAWAL.value
    BURNED = "burned"
    STOCKTAKE = StockKind.STOCKTAKE.value

    @property
    def is_count(self) -> bool:
        """An opening stock or a stocktake: what lies there, not what moved."""
        return self in (Move.OPENING, Move.STOCKTAKE)


_PLACE = {move: place for place, move in enumerate(Move)}


@dataclass(frozen=True, slots=True)
class Trade:
    """A certificate or delivery that brought a party wood, or took wood from it. Quantity as written, grams bone-dry.

    ``grams`` None: no factor tells; ``factors``: the default factors that it took. ``classes``: of the stock that it
    adds to or takes from. ``certified``: as what the paper certifies it; empty: no paper does. ``certificate``: the
    paper's record, itself or the one that a delivery came with. ``mixed``: under the single-plant exemption.
    ``told``: the classes drawn on could be told.
    """

    day: date
    order: int
    move: Move
    record: str
    partner: str | None
    site: str
    quantity: Quantity
    grams: int | None
    factors: tuple[Factor, ...]
    group: WoodGroup | None
    goods: Goods | None
    classes: Shares
    certified: Shares
    certificate: str | None
    mixed: bool = False
    told: bool = True


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of a book, of one class and yard. ``first``: of the lines of one count, the one that it begins with.

    ``site`` empty: the party has no yard, or several and the paper names none. The others as in ``Trade``.
    """

    day: date
    order: int
    move: Move
    record: str
    partner: str | None
    site: str
    fuel_class: FuelClass
    quantity: Quantity
    grams: int | None
    factors: tuple[Factor, ...] = ()
    certificate: str | None = None
    first: bool = True
    told: bool = True
    to: WithdrawnTo | None = None


def trades(case: Case, party: str, profile: Profile) -> tuple[Trade, ...]:
    """What the party bought, sold and received, in the order of the case. Void, cancelled and replaced papers are not.

    A delivery at a plant takes the place of its certificate; one at a yard, under a certificate made out to its owner,
    is that certificate once more.
    """
    run = Fold(case, RULES, profile)
    found: list[Trade] = []
    for entry in case.entries:
        s = Subject(entry, case, run.state, profile, _stands_for_none)
        if counts(s):
            found += _trades(s, party)
        run.pass_by(entry)
    if party not in case.plants:
        return tuple(found)
    arrived = {t.certificate for t in found if t.move is Move.IN and t.certificate != t.record}
    return tuple(t for t in found if t.move is not Move.IN or t.record not in arrived)


def movements(case: Case, party: str, profile: Profile, known: Iterable[Trade] | None = None) -> tuple[Movement, ...]:
    """All lines of the party's book, by day: counts of a day's beginning first, those of its end last.

    ``known``: its trades, where they have been worked out already.
    """
    lines = [line for trade in (trades(case, party, profile) if known is None else known) for line in _lines(trade)]
    lines += _booked((b for b in case.bookings if b.party == party), case, profile)
    return tuple(sorted(lines, key=lambda m: (m.day, _PLACE[m.move], m.order)))


def parts(total: int, shares: Shares) -> list[tuple[FuelClass, int]]:
    """A whole number divided over classes, so that nothing is lost."""
    weights = [share for _, share in shares]
    whole = 1
    for share in weights:
        whole = whole * share.denominator
    amounts = split(total, [int(share * whole) for share in weights])
    return [(fuel_class, amount) for (fuel_class, _), amount in zip(shares, amounts, strict=True)]


def _stands_for_none(_: Entry) -> bool:
    """No supplement is asked for here: none moves wood."""
    return False


def _trades(s: Subject, party: str) -> Iterator[Trade]:
    value = s.entry.value
    if isinstance(value, Delivery):
        if value.at == party and _brings_wood(s, party):
            yield _received(s, party, value)
        return
    if value.buyer == party:
        yield _trade(s, Move.IN, value.seller, (yard_entered(s) or somewhere(s.case, party))[1])
    if value.seller != party or (value.form.is_source and value.buyer == party):
        return
    site = (yard_left(s) or somewhere(s.case, party))[1]
    if value.form.is_source:
        yield _trade(s, Move.THROUGH, value.buyer, site)
        return
    drawn = classes_out(s)
    sold = _trade(s, Move.OUT, value.buyer, site)
    yield replace(sold, told=False) if drawn is None else replace(sold, classes=drawn)


def _brings_wood(s: Subject, party: str) -> bool:
    return party in s.case.plants or s.source is None or s.source.buyer != party


def _received(s: Subject, party: str, delivery: Delivery) -> Trade:
    trade = _trade(s, Move.IN, delivery.sender or (s.source.seller if s.source else None), somewhere(s.case, party)[1])
    if s.source is None:
        return replace(trade, certified=(), certificate=None)
    return replace(trade, certificate=s.source.certificate, mixed=s.source.mixed is not None)


def _trade(s: Subject, move: Move, partner: str | None, site: str) -> Trade:
    value, dry = s.entry.value, s.dry
    declared = classes_in(s)
    return Trade(
        day=value.date,
        order=s.entry.order,
        move=move,
        record=value.id,
        partner=partner,
        site=site,
        quantity=s.quantity,
        grams=dry.grams if dry is not None else None,
        factors=dry.assumed if dry is not None else (),
        group=s.group,
        goods=s.goods,
        classes=declared,
        certified=declared,
        certificate=value.id,
        mixed=isinstance(value, Certificate) and value.mixed is not None,
    )


def _lines(trade: Trade) -> Iterator[Movement]:
    """A line for each class, none for a class of which nothing is left to say."""
    amounts = parts(trade.quantity.amount, trade.classes)
    grams = parts(trade.grams, trade.classes) if trade.grams is not None else [(c, None) for c, _ in trade.classes]
    for (fuel_class, amount), (_, dry) in zip(amounts, grams, strict=True):
        if amount or dry:
            yield Movement(
                day=trade.day,
                order=trade.order,
                move=trade.move,
                record=trade.record,
                partner=trade.partner,
                site=trade.site,
                fuel_class=fuel_class,
                quantity=replace(trade.quantity, amount=amount),
                grams=dry,
                factors=trade.factors,
                certificate=trade.certificate,
                told=trade.told,
            )


def _booked(bookings: Iterable[Booked], case: Case, profile: Profile) -> Iterator[Movement]:
    begun: set[tuple[str, date, StockKind, FuelClass]] = set()
    for booked in bookings:
        entry = booked.value
        if isinstance(entry, StockEntry):
            key = entry.site, entry.date, entry.kind, entry.fuel_class
            line = _line(booked, Move(entry.kind.value), entry.site, entry.fuel_class, entry.quantity, profile)
            yield replace(line, first=key not in begun, to=entry.to)
            begun.add(key)
        elif isinstance(entry, Consumption):
            site = somewhere(case, entry.plant)[1]
            yield _line(booked, Move.BURNED, site, entry.fuel_class, entry.quantity, profile)


def _line(
    booked: Booked, move: Move, site: str, fuel_class: FuelClass, quantity: Quantity, profile: Profile
) -> Movement:
    dry: Dry | None = bone_dry(quantity, None, profile)
    return Movement(
        day=booked.day,
        order=booked.order,
        move=move,
        record=booked.id,
        partner=None,
        site=site,
        fuel_class=fuel_class,
        quantity=quantity,
        grams=dry.grams if dry is not None else None,
        factors=dry.assumed if dry is not None else (),
    )
