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


@dataclass(frozen=True, slots=True)
class Passed:
    """A certificate or delivery that traced wood passed through. ``grams``: of it, on this record."""

    entry: Entry
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
        return tuple(p.entry.value.id for p in self.passed if p.entry.value.id in arrived | open_ones)


def trace_forward(case: Case, starts: Collection[str], profile: Profile) -> Forward:
    """Follow the wood of some certificates through all of the case's records.

    A start that draws on another start brings only what it certifies beyond that. One that supplements a certificate
    has no wood of its own: that of the certificate is followed with it. Void and cancelled records take nothing; nor do
    supplements, nor deliveries at a yard, whose certificate its owner draws on.
    """
    walk = _Walk(case, profile, frozenset(starts) | _supplemented(case, starts))
    for entry in case.entries:
        walk.take(entry)
    return walk.done()


def _supplemented(case: Case, starts: Collection[str]) -> frozenset[str]:
    """The certificates that some of these supplement: their wood rests on what these say."""
    if case.supplementing.isdisjoint(starts):
        return frozenset()
    known = (c for i in case.corrections if (c := case.by_id.get(i)) is not None)
    return frozenset(c.id for c in known if any(e.value.id in starts for e in case.supplements(c)))


@dataclass(slots=True)
class _Held:
    """A certificate with traced wood. ``uses``: who takes of it, in order, and how much."""

    entry: Entry
    certificate: Certificate
    group: WoodGroup | None
    grams: int = 0
    uses: list[tuple[Entry, Quantity]] = field(default_factory=list)


class _Walk:
    """First every use of each certificate that wood reaches, then what each of them takes."""

    def __init__(self, case: Case, profile: Profile, starts: frozenset[str]) -> None:
        self._case, self._profile, self._starts = case, profile, starts
        self._plants = case.plants
        self._held: dict[str, _Held] = {}
        self._arrived: list[Entry] = []
        self._grams: dict[str, int] = {}
        self._flows: dict[tuple[str, str], int] = {}
        self._rests: list[Rest] = []
        self._fresh = 0
        self._unweighed: list[str] = []

    def take(self, entry: Entry) -> None:
        """Look at the next record: whether it starts the trace, or takes of what was reached."""
        value = entry.value
        taken = [(held, q) for c, q in _sources(value) if (held := self._held.get(c)) is not None]
        starts = value.id in self._starts and isinstance(value, Certificate)
        if not (starts or (taken and self._takes(entry))):
            return
        if not starts or self._takes(entry):
            for held, quantity in taken:
                held.uses.append((entry, quantity))
        if isinstance(value, Certificate):
            groups = {held.group for held, _ in taken}
            group = group_of(value.species) if value.species else groups.pop() if len(groups) == 1 else None
            self._held[value.id] = _Held(entry, value, group)
        else:
            self._arrived.append(entry)

    def _takes(self, entry: Entry) -> bool:
        """Whether the record takes of what it cites."""
        value = entry.value
        if any(f.effect is Effect.VOID for f in entry.findings) or value.id in self._case.circular:
            return False
        if isinstance(value, Delivery):
            return value.at in self._plants
        return not (self._case.ended(value.id) or value.id in self._case.supplementing)

    def done(self) -> Forward:
        """Hand the grams on, certificate by certificate in log order."""
        for held in self._held.values():
            held.grams += self._brought(held)
            self._hand_on(held)
        for delivery in self._arrived:
            self._arrive(delivery)
        passed = [Passed(held.entry, held.grams) for held in self._held.values()]
        passed += [Passed(entry, self._grams[entry.value.id]) for entry in self._arrived]
        return Forward(
            starts=tuple(i for i in self._held if i in self._starts),
            grams=self._fresh,
            passed=tuple(sorted(passed, key=lambda p: p.entry.order)),
            rests=tuple(self._rests),
            flows=self._flows,
            unweighed=tuple(self._unweighed),
        )

    def _brought(self, held: _Held) -> int:
        """What a start certifies beyond what came into it from other starts."""
        if held.certificate.id not in self._starts or held.certificate.id in self._case.supplementing:
            return 0
        own = self._dry(held.certificate.quantity, held.group)
        if own is None:
            self._unweighed.append(held.certificate.id)
            return 0
        fresh = max(0, own - held.grams)
        self._fresh += fresh
        return fresh

    def _hand_on(self, held: _Held) -> None:
        """Divide a certificate's traced grams over its uses and what they leave."""
        c = held.certificate
        amounts = [self._in_measure_of(held, quantity) for _, quantity in held.uses]
        told = [(entry, a) for (entry, _), a in zip(held.uses, amounts, strict=True) if a is not None]
        left = max(0, c.quantity.amount - sum(a for _, a in told))
        parts = split(held.grams, [*(a for _, a in told), left]) if told else [held.grams]
        for (entry, _), grams in zip(told, parts, strict=False):
            self._flow(c.id, entry.value.id, grams)
        untold = [entry for (entry, _), a in zip(held.uses, amounts, strict=True) if a is None]
        for entry in untold:
            self._flow(c.id, entry.value.id, 0)
        if parts[-1] or self._is_open(held):
            self._rests.append(self._left(held, parts[-1], bool(untold)))

    def _is_open(self, held: _Held) -> bool:
        """Whether the certificate waits for who is to take of it, though nothing of it may be left or be told."""
        c = held.certificate
        if c.buyer in self._plants and not self._case.ended(c.id):
            return not any(isinstance(entry.value, Delivery) for entry, _ in held.uses)
        return not held.uses and c.id not in self._case.supplementing

    def _flow(self, source: str, target: str, grams: int) -> None:
        known = self._held.get(target)
        if known is not None:
            known.grams += grams
        else:
            self._grams[target] = self._grams.get(target, 0) + grams
        self._flows[source, target] = self._flows.get((source, target), 0) + grams

    def _left(self, held: _Held, grams: int, untold: bool) -> Rest:
        c = held.certificate
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
        return Rest(where, party, c.date, c.id, grams, self._dry(c.quantity, held.group), instead)

    def _arrive(self, entry: Entry) -> None:
        value = entry.value
        assert isinstance(value, Delivery), "certificates are held"
        source = self._held[value.certificate or ""]
        moisture = value.quantity.moisture
        if moisture is None and value.quantity.same_measure(source.certificate.quantity):
            moisture = source.certificate.quantity.moisture
        received = Quantity(value.quantity.amount, value.quantity.unit, moisture)
        whole = self._dry(received, source.group)
        self._rests.append(Rest(Where.PLANT, value.at, value.date, value.id, self._grams[value.id], whole))

    def _in_measure_of(self, held: _Held, quantity: Quantity) -> int | None:
        """A use in the base units of the certificate it takes of; by bone-dry weight where the measures differ."""
        own = held.certificate.quantity
        if quantity.same_measure(own):
            return quantity.amount
        used, all_of_it = self._dry(quantity, held.group), self._dry(own, held.group)
        return None if used is None or not all_of_it else own.amount * used // all_of_it

    def _dry(self, quantity: Quantity, group: WoodGroup | None) -> int | None:
        dry = bone_dry(quantity, group, self._profile)
        return None if dry is None else dry.grams


def _sources(value: Certificate | Delivery) -> Iterable[tuple[str, Quantity]]:
    if isinstance(value, Certificate):
        return [(draw.certificate, draw.quantity) for draw in value.draws]
    return () if value.certificate is None else ((value.certificate, value.quantity),)


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
        value = passed.entry.value
        sides = (value.sender, value.at) if isinstance(value, Delivery) else (value.issuer, value.seller, value.buyer)
        for party in dict.fromkeys(sides):
            if party is not None:
                found.setdefault(party, []).append(value.id)
    roles = {i: next(iter(case.parties[i].roles), None) if i in case.parties else None for i in found}
    return {i: (roles[i], tuple(records)) for i, records in found.items()}
