"""Tracing: back from a lot to where it was felled, forward from a paper to the plants, and what if it is false."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Role
from biotrace.model.text import Text, same
from biotrace.verify.case import Case
from biotrace.verify.effect import Effect
from biotrace.verify.pooled import Pool, pools
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.trace_back import Back, trace_back
from biotrace.verify.trace_forward import Forward, to_be_told, trace_forward, trace_handings
from biotrace.verify.verdict import LotVerdict

from .lot_check import Seen, undisturbed
from .trace_desk import Desk
from .trace_find import find_lot, find_start
from .trace_start import KIND_NAMES, Start, StartKind, called

NAMED = 20
"""Up to so many certificates that a trace starts from are named; of more only the weight is told."""


@dataclass(frozen=True, slots=True)
class FoundBack:
    """A lot traced back. ``pools``: for each certificate on the way that draws on others, what lay in that yard.

    ``seen``: what the lot rests on; its ``subjects`` name what lay in the yards, too.
    """

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
    """A trace forward. ``lots``: verdicts on the lots at plants that the wood is in; empty where not asked for.

    ``read``: whether all records were read, and are in ``seen``; else the ledger's tables tell what was handed on, and
    only records of which more is to be said were read.
    """

    start: Start
    forward: Forward
    told: tuple[Told, ...]
    seen: Seen
    lots: tuple[LotVerdict, ...] = ()
    read: bool = True


@dataclass(frozen=True, slots=True)
class Changed:
    """A lot before and after something is supposed."""

    before: LotVerdict
    after: LotVerdict

    @property
    def differs(self) -> bool:
        """Whether it is worth less, by class or tonnage, as proven or if all that is open passed; or is incomplete."""
        return _worth(self.before) != _worth(self.after)


def _worth(lot: LotVerdict) -> tuple[object, ...]:
    return lot.confirmed, lot.by_class, lot.status, lot.if_passed, lot.by_class_if_passed


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What follows if what a trace starts from is false. ``effect``: what that does to the wood of certificates.

    ``since``: from when on an accreditation is supposed not to be held; None for all else.
    """

    found: FoundForward
    effect: Effect
    since: date | None
    lots: tuple[Changed, ...]

    @property
    def supposed(self) -> Text:
        """What is supposed, in words."""
        kind = self.found.start.kind
        if kind is StartKind.DOCUMENT:
            return Text("どの証明書もこの書類を引いていなかったとしたら", "if no certificate cited it")
        if kind is StartKind.ACCREDITATION:
            return Text(f"{self.since} から認定がなかったとしたら", f"if it were not held from {self.since} on")
        if self.effect is Effect.GENERAL:
            return Text("一般木質だったとしたら", "if it were general wood")
        return Text("虚偽だったとしたら", "if it were false")

    @property
    def changed(self) -> tuple[Changed, ...]:
        """The lots that would be worth something else."""
        return tuple(lot for lot in self.lots if lot.differs)

    def change(self) -> tuple[Mapping[FuelClass, int], int]:
        """By how many bone-dry grams each class grows or shrinks; and how many changed lots of unknown weight are not
        in that.
        """
        change: Counter[FuelClass] = Counter()
        untold = 0
        for lot in self.changed:
            before, after = lot.before.by_class, lot.after.by_class
            if before is None or after is None:
                untold += 1
                continue
            for fuel_class in FuelClass:
                change[fuel_class] += after.get(fuel_class, 0) - before.get(fuel_class, 0)
        return change, untold


@undisturbed()
def back(desk: Desk, text: str) -> FoundBack:
    """Where the lot that ``text`` means came from. Raises UsageError for none, or more than one."""
    lot = find_lot(desk, text)
    told = desk.judge([lot])
    found = trace_back(told.lots[0], told.seen.case, told.judged)
    makers: dict[str, list[Certificate]] = {}
    for hand in found.hands:
        value = hand.entry.value
        if isinstance(value, Certificate) and value.draws:
            makers.setdefault(value.seller, []).append(value)
    lay: list[Pool] = []
    names = dict(told.seen.subjects)
    for party, made in makers.items():
        bought = desk.bought(party, made)
        lay += pools(bought.case, party, [certificate.id for certificate in made], RINYA_2012)
        lying = (bought.case.by_id[x.certificate] for pool in lay for x in pool.lying if x.certificate not in names)
        names |= {certificate.id: called(certificate, bought.subjects) for certificate in lying}
    return FoundBack(found, tuple(lay), replace(_all_damage(desk, told.seen), subjects=names))


@undisturbed()
def forward(
    desk: Desk,
    text: str,
    kind: StartKind | None = None,
    *,
    holder: str | None = None,
    judged: bool = False,
    read: bool = True,
) -> FoundForward:
    """Where the wood of what ``text`` means went. ``judged``: with verdicts on the lots that it is in.

    ``kind``, ``holder``: see ``find_start``.
    ``read``: all records that the wood passed through are read; else a ledger's tables do, where they tell of all.
    Raises UsageError as ``find_start`` does.
    """
    found = _forward(desk, find_start(desk, text, kind, holder), read=read or judged)
    lots = desk.judge(found.forward.lots).lots if judged else ()
    return replace(found, seen=_all_damage(desk, found.seen), lots=lots)


@undisturbed()
def what_if(
    desk: Desk,
    text: str,
    kind: StartKind | None,
    effect: Effect = Effect.UNPROVEN,
    since: date | None = None,
    holder: str | None = None,
) -> WhatIf:
    """What follows if that is false: every lot downstream judged as it is, and once more supposing so.

    ``effect``: ``UNPROVEN``, or ``GENERAL`` where the wood is only of another origin. ``since``: from when on an
    accreditation is supposed not to be held; else from its first day. ``kind``, ``holder``: see ``find_start``.
    Nothing is written. Raises UsageError as ``find_start`` does, and for what cannot be supposed of what ``text``
    means.
    """
    start = find_start(desk, text, kind, holder)
    if start.kind is StartKind.ACCREDITATION:
        since = since or start.since
    elif since is not None:
        raise _supposed_of("--since", start.kind)
    if effect is not Effect.UNPROVEN and start.kind in (StartKind.DOCUMENT, StartKind.ACCREDITATION):
        raise _supposed_of(f"--as {effect}", start.kind)
    found = _forward(desk, start)
    judged = desk.judge(found.forward.lots, found.start.supposed(effect, since))
    lots = tuple(Changed(before, after) for before, after in zip(judged.lots, judged.supposed, strict=True))
    with_lots = replace(found, seen=_all_damage(desk, found.seen), lots=judged.lots)
    return WhatIf(with_lots, effect, since, lots)


def _supposed_of(option: str, kind: StartKind) -> UsageError:
    name = KIND_NAMES[kind]
    return UsageError(
        same(f"{option}: ") + name + Text("には指定できません", " cannot be supposed so"),
        Text(
            "--as general は証明書・事業者・伐採場所に、--since は認定に指定してください",
            "--as general goes with a certificate, party or felling place, --since with an accreditation",
        ),
        code="not-supposed",
    )


def _all_damage(desk: Desk, seen: Seen) -> Seen:
    """With what is wrong with any entry that was looked at on the way, each once."""
    return replace(seen, damage=tuple(dict.fromkeys((*seen.damage, *desk.damage))))


def _forward(desk: Desk, start: Start, *, read: bool = True) -> FoundForward:
    tables = None if read else desk.by_tables(start.certificates)
    if tables is None:
        seen = desk.downstream(start.certificates)
        start = start.as_read(seen.case.by_id)
        traced = trace_forward(seen.case, start.certificates, RINYA_2012)
    else:
        traced = trace_handings(tables.handings, tables.seen.case, start.certificates, RINYA_2012)
        few = start.certificates if len(start.certificates) <= NAMED else ()
        names = {**tables.seen.subjects, **desk.named({*traced.unweighed[:NAMED], *few})}
        seen = replace(tables.seen, subjects=names)
    told = tuple(_told(seen.case, to_be_told(seen.case, traced)))
    return FoundForward(start, traced, told, seen, read=tables is None)


def _told(case: Case, parties: Mapping[str, tuple[Role | None, Sequence[str]]]) -> list[Told]:
    found = []
    for party, (role, records) in parties.items():
        known = case.parties.get(party)
        held = () if known is None else known.accreditations
        bodies = dict.fromkeys(a.body for a in held if a.body is not None)
        found.append(Told(party, role, tuple(dict.fromkeys(records)), tuple(bodies)))
    return found
