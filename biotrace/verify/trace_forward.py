"""Where the wood of some certificates went: plant by plant, month by month, and what of it nobody has drawn on yet.

A certificate hands its wood on to what draws on it, each by the share of its quantity that the draw takes, in log
order. So every gram certified is told once: burned or lying at a plant, made out to one, in somebody's stock by the
certificates, withdrawn, or not to be told. What is left of the wood after chipping is not looked at: a tonne certified
in the forest is a tonne here all the way, whatever it weighs at the gate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.party import Role
from biotrace.model.quantity import Quantity

from .case import Case, Entry
from .effect import Effect
from .profile import Profile
from .species import WoodGroup, group_of
from .tonnage import bone_dry, split


class Where(StrEnum):
    """Where traced wood is, as far as the papers tell.

    ``STOCK``: certified to a party that has not drawn on it (yet); ``UNDELIVERED``: made out to a plant, beyond what
    its deliveries took; ``WITHDRAWN``: on a certificate that was cancelled or replaced; ``UNTOLD``: drawn on in a unit
    that no factor converts.
    """

    PLANT = "plant"
    UNDELIVERED = "undelivered"
    STOCK = "stock"
    WITHDRAWN = "withdrawn"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Rest:
    """Traced wood where it came to rest, in bone-dry grams. ``record``: the delivery, or the certificate it is on.

    ``party``: who has it; None where the paper names nobody. ``whole``: the grams of all of that record, as it says
    itself; None where no factor tells. ``instead``: the certificate in the place of one that was replaced.
    """

    where: Where
    party: str | None
    day: date
    record: str
    grams: int
    whole: int | None
    instead: str | None = None


class Handing(NamedTuple):
    """What a trace needs of a certificate or delivery. Party and certificate fields are ids; ``order`` as in ``Entry``.

    ``seller``: of a delivery who brought it; ``buyer``: where it came to. ``takes``: of which certificates, and how
    much. ``void``: whether something is wrong with it, so that it counts for nothing.
    """

    order: int
    id: str
    day: date
    quantity: Quantity
    seller: str | None
    buyer: str | None
    issuer: str | None
    species: tuple[str, ...]
    takes: tuple[tuple[str, Quantity], ...]
    is_delivery: bool
    void: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """A certificate or delivery that traced wood passed through. ``grams``: of it, on this record."""

    handing: Handing
    grams: int


@dataclass(frozen=True, slots=True)
class Forward:
    """A trace forward. ``grams``: certified at the start; the rests add up to it, to the gram.

    ``starts``: the certificates traced, in order; ``unweighed``: those of them whose quantity no factor turns into
    grams, which are followed with none. ``flows``: (from record, to record) -> grams.
    """

    starts: tuple[str, ...]
    grams: int
    passed: tuple[Passed, ...]
    rests: tuple[Rest, ...]
    flows: Mapping[tuple[str, str], int]
    unweighed: tuple[str, ...]

    @property
    def lots(self) -> tuple[str, ...]:
        """Ids of the deliveries at plants, and of certificates made out to one of which none is known."""
        arrived = {r.record for r in self.rests if r.where is Where.PLANT}
        delivered = {source for source, target in self.flows if target in arrived}
        open_ones = {r.record for r in self.rests if r.where is Where.UNDELIVERED} - delivered
        ends = arrived | open_ones
        return tuple(p.handing.id for p in self.passed if p.handing.id in ends)


def trace_forward(case: Case, starts: Collection[str], profile: Profile) -> Forward:
    """Follow the wood of some certificates through all of the case's records.

    A start that draws on another start brings only what it certifies beyond that. One that supplements a certificate
    has no wood of its own: that of the certificate is followed with it. Void and cancelled records take nothing; nor do
    supplements, nor deliveries at a yard, whose certificate its owner draws on.
    """
    return trace_handings(map(handing_of, case.entries), case, starts, profile)


def trace_handings(handings: Iterable[Handing], case: Case, starts: Collection[str], profile: Profile) -> Forward:
    """The same, through these, which come in the order of the log.

    ``case``: has the parties, and all corrections of any of these with the certificates that they name.
    """
    walk = _Walk(case, profile, frozenset(starts) | _supplemented(case, starts))
    for handing in handings:
        walk.take(handing)
    return walk.done()


def handing_of(entry: Entry) -> Handing:
    """What a trace needs of an entry."""
    value, void = entry.value, any(f.effect is Effect.VOID for f in entry.findings)
    return Handing(
        order=entry.order,
        id=value.id,
        day=value.date,
        quantity=value.quantity,
        seller=value.sender if isinstance(value, Delivery) else value.seller,
        buyer=value.at if isinstance(value, Delivery) else value.buyer,
        issuer=None if isinstance(value, Delivery) else value.issuer,
        species=() if isinstance(value, Delivery) else value.species,
        takes=tuple(_takes(value)),
        is_delivery=isinstance(value, Delivery),
        void=void,
    )


def _takes(value: Certificate | Delivery) -> Iterable[tuple[str, Quantity]]:
    if isinstance(value, Certificate):
        return ((draw.certificate, draw.quantity) for draw in value.draws)
    return () if value.certificate is None else ((value.certificate, value.quantity),)


def _supplemented(case: Case, starts: Collection[str]) -> frozenset[str]:
    """The certificates that some of these supplement: their wood rests on what these say."""
    if case.supplementing.isdisjoint(starts):
        return frozenset()
    known = (c for i in case.corrections if (c := case.by_id.get(i)) is not None)
    return frozenset(c.id for c in known if any(e.value.id in starts for e in case.supplements(c)))


@dataclass(slots=True)
class _Held:
    """A certificate with traced wood. ``uses``: who takes of it, in order, and how much."""

    handing: Handing
    group: WoodGroup | None
    grams: int = 0
    uses: list[tuple[Handing, Quantity]] = field(default_factory=list)


class _Walk:
    """First every use of each certificate that wood reaches, then what each of them takes."""

    def __init__(self, case: Case, profile: Profile, starts: frozenset[str]) -> None:
        self._case, self._profile, self._starts = case, profile, starts
        self._plants = case.plants
        self._held: dict[str, _Held] = {}
        self._arrived: list[Handing] = []
        self._grams: dict[str, int] = {}
        self._flows: dict[tuple[str, str], int] = {}
        self._rests: list[Rest] = []
        self._fresh = 0
        self._unweighed: list[str] = []
        self._groups: dict[tuple[str, ...], WoodGroup | None] = {}

    def take(self, handing: Handing) -> None:
        """Look at the next record: whether it starts the trace, or takes of what was reached."""
        taken = [(held, quantity) for c, quantity in handing.takes if (held := self._held.get(c)) is not None]
        starts = not handing.is_delivery and handing.id in self._starts
        if not (starts or taken):
            return
        takes = self._takes(handing)
        if not (starts or takes):
            return
        if takes:
            for held, quantity in taken:
                held.uses.append((handing, quantity))
        if handing.is_delivery:
            self._arrived.append(handing)
            return
        self._held[handing.id] = _Held(handing, self._group_of(handing, taken))

    def _group_of(self, handing: Handing, taken: Sequence[tuple[_Held, Quantity]]) -> WoodGroup | None:
        """Of what it says, else of what it takes, if that is all of one."""
        if handing.species:
            if handing.species not in self._groups:
                self._groups[handing.species] = group_of(handing.species)
            return self._groups[handing.species]
        groups = {held.group for held, _ in taken}
        return groups.pop() if len(groups) == 1 else None

    def _takes(self, handing: Handing) -> bool:
        """Whether the record takes of what it cites."""
        if handing.void or handing.id in self._case.circular:
            return False
        if handing.is_delivery:
            return handing.buyer in self._plants
        return not (self._case.ended(handing.id) or handing.id in self._case.supplementing)

    def done(self) -> Forward:
        """Hand the grams on, certificate by certificate in log order."""
        for held in self._held.values():
            held.grams += self._brought(held)
            self._hand_on(held)
        for delivery in self._arrived:
            self._arrive(delivery)
        passed = [Passed(held.handing, held.grams) for held in self._held.values()]
        passed += [Passed(handing, self._grams[handing.id]) for handing in self._arrived]
        return Forward(
            starts=tuple(i for i in self._held if i in self._starts),
            grams=self._fresh,
            passed=tuple(sorted(passed, key=lambda p: p.handing.order)),
            rests=tuple(self._rests),
            flows=self._flows,
            unweighed=tuple(self._unweighed),
        )

    def _brought(self, held: _Held) -> int:
        """What a start certifies beyond what came into it from other starts."""
        start = held.handing.id
        if start not in self._starts or start in self._case.supplementing:
            return 0
        own = self._dry(held.handing.quantity, held.group)
        if own is None:
            self._unweighed.append(start)
            return 0
        fresh = max(0, own - held.grams)
        self._fresh += fresh
        return fresh

    def _hand_on(self, held: _Held) -> None:
        """Divide a certificate's traced grams over its uses and what they leave."""
        own = held.handing
        uses = [(handing.id, self._in_measure_of(held, quantity)) for handing, quantity in held.uses]
        told = [(use, amount) for use, amount in uses if amount is not None]
        untold = [use for use, amount in uses if amount is None]
        left = max(0, own.quantity.amount - sum(amount for _, amount in told))
        parts = split(held.grams, [*(amount for _, amount in told), left]) if told else [held.grams]
        for (use, _), grams in zip(told, parts, strict=False):
            self._flow(own.id, use, grams)
        for use in untold:
            self._flow(own.id, use, 0)
        if parts[-1] or self._is_open(held):
            self._rests.append(self._left(held, parts[-1], bool(untold)))

    def _is_open(self, held: _Held) -> bool:
        """Whether the certificate waits for who is to take of it, though nothing of it may be left or be told."""
        c = held.handing
        if c.buyer in self._plants and not self._case.ended(c.id):
            return not any(handing.is_delivery for handing, _ in held.uses)
        return not held.uses and c.id not in self._case.supplementing

    def _flow(self, source: str, target: str, grams: int) -> None:
        known = self._held.get(target)
        if known is not None:
            known.grams += grams
        else:
            self._grams[target] = self._grams.get(target, 0) + grams
        self._flows[source, target] = self._flows.get((source, target), 0) + grams

    def _left(self, held: _Held, grams: int, untold: bool) -> Rest:
        c = held.handing
        ended = self._case.ended(c.id)
        placed = self._case.withdrawn(c.id) if ended else None
        if ended:
            where = Where.WITHDRAWN
        elif untold:
            where = Where.UNTOLD
        else:
            where = Where.UNDELIVERED if c.buyer in self._plants else Where.STOCK
        party = c.seller if ended else c.buyer
        instead = None if placed is None else placed.correction.by
        return Rest(where, party, c.day, c.id, grams, self._dry(c.quantity, held.group), instead)

    def _arrive(self, delivery: Handing) -> None:
        ((certificate, received),) = delivery.takes
        source, moisture = self._held[certificate], received.moisture
        own = source.handing.quantity
        if moisture is None and received.same_measure(own):
            moisture = own.moisture
        whole = self._dry(Quantity(received.amount, received.unit, moisture), source.group)
        grams = self._grams[delivery.id]
        self._rests.append(Rest(Where.PLANT, delivery.buyer, delivery.day, delivery.id, grams, whole))

    def _in_measure_of(self, held: _Held, quantity: Quantity) -> int | None:
        """A use in the base units of the certificate it takes of; by bone-dry weight where the measures differ."""
        own = held.handing.quantity
        if quantity.same_measure(own):
            return quantity.amount
        used, all_of_it = self._dry(quantity, held.group), self._dry(own, held.group)
        return None if used is None or not all_of_it else own.amount * used // all_of_it

    def _dry(self, quantity: Quantity, group: WoodGroup | None) -> int | None:
        dry = bone_dry(quantity, group, self._profile)
        return None if dry is None else dry.grams


def by_plant_and_month(forward: Forward) -> Mapping[tuple[str, date], tuple[Rest, ...]]:
    """What arrived, by plant and the first of the month, in that order."""
    found: dict[tuple[str, date], list[Rest]] = {}
    for rest in forward.rests:
        if rest.where is Where.PLANT and rest.party is not None:
            found.setdefault((rest.party, rest.day.replace(day=1)), []).append(rest)
    return {key: tuple(found[key]) for key in sorted(found)}


def to_be_told(case: Case, forward: Forward) -> Mapping[str, tuple[Role | None, Sequence[str]]]:
    """Who has had the wood in hand or has it, with the records in question: sellers, buyers, and the plants.

    Also who issued a certificate for a seller, and who brought a delivery that somebody else sold.
    Who started it is among them: the certificates are theirs. By party id, in the order in which it reached them.
    """
    found: dict[str, list[str]] = {}
    for passed in forward.passed:
        told = passed.handing
        for party in dict.fromkeys((told.issuer, told.seller, told.buyer)):
            if party is not None:
                found.setdefault(party, []).append(told.id)
    roles = {i: next(iter(case.parties[i].roles), None) if i in case.parties else None for i in found}
    return {i: (roles[i], tuple(records)) for i, records in found.items()}
