"""Tracing: back from a lot to where it was felled, forward from a paper to the plants, and what if it is false."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from biotrace.model.certificate import Certificate
from biotrace.model.party import Role
from biotrace.verify.case import Case
from biotrace.verify.effect import Effect
from biotrace.verify.pooled import Pool, pools
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.trace_back import Back, trace_back
from biotrace.verify.trace_forward import Forward, to_be_told, trace_forward
from biotrace.verify.verdict import LotVerdict

from .lot_check import Seen
from .trace_desk import Desk
from .trace_find import find_lot, find_start
from .trace_start import Start, StartKind


@dataclass(frozen=True, slots=True)
class FoundBack:
    """A lot traced back. ``pools``: for each certificate on the way that draws on others, what lay in that yard."""

    back: Back
    pools: tuple[Pool, ...]
    seen: Seen


@dataclass(frozen=True, slots=True)
class Told:
    """Who has to be told of a trace: a party, with the records that it signed for, sold, bought or took in.

    ``bodies``: who accredited it, by party id.
    """

    party: str
    role: Role | None
    records: tuple[str, ...]
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundForward:
    """A trace forward. ``lots``: verdicts on the lots at plants that the wood is in; empty where not asked for."""

    start: Start
    forward: Forward
    told: tuple[Told, ...]
    seen: Seen
    lots: tuple[LotVerdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A lot before and after something is supposed."""

    before: LotVerdict
    after: LotVerdict

    @property
    def differs(self) -> bool:
        """Whether it is worth less, by class or by tonnage, or is no longer complete."""
        one, other = self.before, self.after
        return (one.confirmed, one.by_class, one.status) != (other.confirmed, other.by_class, other.status)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What follows if what a trace starts from is false. ``effect``: what that does to the wood of certificates."""

    found: FoundForward
    effect: Effect
    since: date | None
    lots: tuple[Changed, ...]

    @property
    def changed(self) -> tuple[Changed, ...]:
        """The lots that would be worth something else."""
        return tuple(lot for lot in self.lots if lot.differs)


def back(desk: Desk, text: str) -> FoundBack:
    """Where the lot that ``text`` means came from. Raises UsageError for none, or more than one."""
    lot = find_lot(desk, text)
    told = desk.judge([lot])
    found = trace_back(told.lots[0], told.seen.case, told.judged)
    makers: dict[str, list[str]] = {}
    for hand in found.hands:
        value = hand.entry.value
        if isinstance(value, Certificate) and value.draws:
            makers.setdefault(value.seller, []).append(value.id)
    lay = [pool for party, made in makers.items() for pool in _pools(desk, party, made)]
    return FoundBack(found, tuple(lay), told.seen)


def _pools(desk: Desk, party: str, made: Sequence[str]) -> tuple[Pool, ...]:
    return pools(desk.bought(party).case, party, made, RINYA_2012)


def forward(desk: Desk, text: str, kind: StartKind | None = None, *, judged: bool = False) -> FoundForward:
    """Where the wood of what ``text`` means went. ``judged``: with verdicts on the lots that it is in.

    Raises UsageError as ``find_start`` does.
    """
    found = _forward(desk, find_start(desk, text, kind))
    if not judged:
        return found
    lots = desk.judge(found.forward.lots).lots
    return FoundForward(found.start, found.forward, found.told, found.seen, lots)


def what_if(
    desk: Desk, text: str, kind: StartKind | None, effect: Effect = Effect.UNPROVEN, since: date | None = None
) -> WhatIf:
    """What follows if that is false: every lot downstream judged as it is, and once more supposing so.

    ``effect``: ``UNPROVEN``, or ``GENERAL`` where the wood is only of another origin. ``since``: from when on an
    accreditation is supposed not to be held. Nothing is written. Raises UsageError as ``find_start`` does.
    """
    found = _forward(desk, find_start(desk, text, kind))
    judged = desk.judge(found.forward.lots, found.start.supposed(effect, since))
    lots = tuple(Changed(before, after) for before, after in zip(judged.lots, judged.supposed, strict=True))
    with_lots = FoundForward(found.start, found.forward, found.told, found.seen, judged.lots)
    return WhatIf(with_lots, effect, since, lots)


def _forward(desk: Desk, start: Start) -> FoundForward:
    seen = desk.downstream(start.certificates)
    traced = trace_forward(seen.case, start.certificates, RINYA_2012)
    return FoundForward(start, traced, tuple(_told(seen.case, to_be_told(seen.case, traced))), seen)


def _told(case: Case, parties: Mapping[str, tuple[Role | None, Sequence[str]]]) -> list[Told]:
    found = []
    for party, (role, records) in parties.items():
        known = case.parties.get(party)
        held = () if known is None else known.accreditations
        bodies = dict.fromkeys(a.body for a in held if a.body is not None)
        found.append(Told(party, role, tuple(dict.fromkeys(records)), tuple(bodies)))
    return found
