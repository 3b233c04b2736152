"""The fold: every record in order, judged once, with only small closed entries carried along."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from biotrace.model.certificate import Certificate
from biotrace.model.fuel_class import FuelClass, lowest

from . import yards
from .asked import Asked, kind_of
from .booking import BookJudged, Line, Whole, judge_line, judge_whole
from .case import Booked, Case, Entry
from .document_use import register
from .early import Early
from .effect import Effect
from .facts import is_for_one_load, is_valid_use
from .inputs import count_uses, held, weights
from .profile import Profile
from .rule import Answer, Finding, Fired, Rule, Scope, Unchecked, finding_of, unchecked_of
from .subject import Closed, State, Subject
from .tonnage import Composition, added, combined, split

NOMINAL_GRAMS = 1_000_000
"""Stands in for the mass of a record that no factor turns into grams, so that its shares can still be told."""

_BY_SHARES = ("P504",)
"""Rules that hit the share of the draw concerned: what came in as a lower class counts as that in any case."""
_PAPERS = "D"
"""The family of keeping papers: those of a supplement are papers behind what it supplements."""


class Judged(NamedTuple):
    """A record after judgement. ``composition``: what its grams are confirmed as, if what was not checked passed.

    ``grams`` and ``wet_grams``: bone-dry and as received; None where unknown. ``shares``: grams of this record by
    the certificate they came from, None where that cannot be told. ``incomplete``: a proof rule could not be
    run here or upstream. ``flawed``: a finding worse than a notice stands here or upstream.
    ``as_shown``: it rests on another log of which nobody vouches that nothing was left out: see ``Status.AS_SHOWN``.
    """

    entry: Entry
    fuel_class: FuelClass
    grams: int | None
    wet_grams: int | None
    composition: Composition
    shares: tuple[tuple[str, int | None], ...]
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]
    passed: frozenset[str]
    incomplete: bool
    flawed: bool
    as_shown: bool


@dataclass(frozen=True, slots=True)
class Folded:
    """Every record judged, by id, in order, and what the fold still carries at the end.

    ``books``: likewise bookings, by id, and what was said of plants and bodies as a whole, by the party's.
    """

    judged: Mapping[str, Judged]
    state: State
    books: Mapping[str, BookJudged] = field(default_factory=dict)


class Fold:
    """Judges records and bookings one after another, in order; what it keeps of each is in ``state``."""

    def __init__(self, case: Case, rules: Sequence[Rule], profile: Profile, state: State | None = None) -> None:
        """``state``: go on after the records that made it. ``rules`` must not be empty (ValueError)."""
        if not rules:
            raise ValueError("no rules: nothing would be checked")
        self.case = case
        self.state = State() if state is None else state
        self._profile = profile
        self._rules = rules
        self._asked = Asked(rules)
        self._standing: dict[str, bool] = {}
        self._keeps_books = any(rule.scope in (Scope.SITE, Scope.PLANT) for rule in rules)

    def take(self, entry: Entry, early: Early | None = None) -> Judged:
        """Judge the next record. ``early``: what rules have said of it already."""
        subject = self._subject(entry)
        judged = _judge(subject, self._asked.of(kind_of(subject)), early)
        _close(subject, judged)
        if self._keeps_books:
            yards.register(subject)
        return judged

    def pass_by(self, entry: Entry) -> None:
        """Count what the next record uses, without judging it: for a record on which none rests that is judged."""
        _close(self._subject(entry), None)

    def count(self, entry: Entry) -> None:
        """The same, and all else that ``take`` counts: what the record can hold, and what it moves in yards."""
        subject = self._subject(entry)
        _close(subject, None, held(subject) if subject.certificate is not None else _NOTHING)
        if self._keeps_books:
            yards.register(subject)

    def _subject(self, entry: Entry) -> Subject:
        return Subject(entry, self.case, self.state, self._profile, self._stands)

    def _stands(self, supplement: Entry) -> bool:
        """Whether a supplement claims what has to be proven, and passes every proof rule about it alone.

        That hangs on no place in the order. What is wrong with its papers is found on what it supplements.
        """
        record = supplement.value.id
        if record not in self._standing:
            s = Subject(supplement, self.case, State(), self._profile, _stands_for_none)
            alone = (
                r for r in self._asked.of(kind_of(s)) if r.proof and r.scope is Scope.RECORD and r.code[0] != _PAPERS
            )
            against = any(_speaks_against(rule, s) for rule in alone if rule.applies(s))
            self._standing[record] = s.needs_proof and not against
        return self._standing[record]

    def book(self, booked: Booked) -> BookJudged:
        """Judge the next booking."""
        line = Line(booked, self.case, self.state, self._profile)
        judged = judge_line(line, self._rules)
        if self._keeps_books:
            yards.register_booking(line)
        return judged

    def close(self) -> Iterator[BookJudged]:
        """What is to be said when all has been taken, of bookings, plants and bodies; of one of them maybe in parts."""
        return judge_whole(Whole(self.case, self.state, self._profile), self._rules)

    def run(self, entries: Iterable[Entry], wanted: Collection[str] | None = None) -> Iterator[Judged | BookJudged]:
        """Take the entries, and the case's bookings between them by their order, and close.

        ``wanted``: judge these records only, by id, count the others, and leave it open.
        """
        bookings = deque(self.case.bookings)
        for entry in entries:
            while bookings and bookings[0].order < entry.order:
                yield self.book(bookings.popleft())
            if wanted is None or entry.value.id in wanted:
                yield self.take(entry)
            else:
                self.count(entry)
        yield from map(self.book, bookings)
        if wanted is None:
            yield from self.close()


def fold(case: Case, rules: Sequence[Rule], profile: Profile) -> Folded:
    """Judge every record and booking of the case in order. ``rules`` must not be empty (ValueError)."""
    return _folded(case, rules, profile, None)


def fold_for(case: Case, records: Iterable[str], rules: Sequence[Rule], profile: Profile) -> Folded:
    """As ``fold``, but only these records are judged, by id, and what they rest on.

    The others are counted, so that what comes next finds the same, unless it rests on one of them. Nothing is said of
    plants and bodies as a whole.
    """
    return _folded(case, rules, profile, ancestry(case, records))


def ancestry(case: Case, records: Iterable[str]) -> set[str]:
    """The records, and all that they take from, directly or by way of others."""
    values = {entry.value.id: entry.value for entry in case.entries}
    found: set[str] = set()
    waiting = [*records]
    while waiting:
        value = values.get(waiting.pop())
        if value is None or value.id in found:
            continue
        found.add(value.id)
        if isinstance(value, Certificate):
            waiting += (draw.certificate for draw in value.draws)
        elif value.certificate is not None:
            waiting.append(value.certificate)
    return found


def _folded(case: Case, rules: Sequence[Rule], profile: Profile, wanted: Collection[str] | None) -> Folded:
    run = Fold(case, rules, profile)
    judged: dict[str, Judged] = {}
    books: dict[str, BookJudged] = {}
    for each in run.run(case.entries, wanted):
        if isinstance(each, Judged):
            judged[each.entry.value.id] = each
        else:
            books[each.id] = books[each.id].and_also(each) if each.id in books else each
    return Folded(judged, run.state, books)


def _stands_for_none(_: Entry) -> bool:
    """Of a supplement's own supplements: they count for nothing else."""
    return False


def _speaks_against(rule: Rule, s: Subject) -> bool:
    """Whether the rule finds something worse than a notice, or could not be run although the verdict hangs on it."""
    return any(
        not finding_of(rule, s.id, answer).is_notice if isinstance(answer, Fired) else not answer.harmless
        for answer in rule.check(s)
    )


def _judge(s: Subject, rules: Sequence[Rule], early: Early | None) -> Judged:
    findings = list(s.entry.findings)
    unchecked: list[Unchecked] = []
    passed: list[str] = [] if early is None else [*early.passed]
    for rule in rules:
        if early is not None and rule.code in early.asked:
            answers: Iterable[Answer] = early.said.get(rule.code, ())
            silent = False
        elif rule.applies(s):
            answers, silent = rule.check(s), True
        else:
            continue
        for answer in answers:
            silent = False
            if isinstance(answer, Fired):
                findings.append(finding_of(rule, s.id, answer))
            else:
                unchecked.append(unchecked_of(rule, s.id, answer))
        if silent:
            passed.append(rule.code)
    incomplete, flawed, as_shown = _carried(s)
    grams = s.dry.grams if s.dry is not None else None
    composition, shares = _compose(s, findings, NOMINAL_GRAMS if grams is None else grams)
    return Judged(
        entry=s.entry,
        fuel_class=s.fuel_class,
        grams=grams,
        wet_grams=s.quantity.amount if s.quantity.unit.is_mass else None,
        composition=composition,
        shares=shares,
        findings=tuple(findings),
        unchecked=tuple(unchecked),
        passed=frozenset(passed),
        incomplete=incomplete or any(u.decisive for u in unchecked),
        flawed=flawed or any(not f.is_notice for f in findings),
        as_shown=as_shown or _is_as_shown(s, passed),
    )


def _carried(s: Subject) -> tuple[bool, bool, bool]:
    """Whether what it takes wood from is incomplete, flawed, or as shown."""
    incomplete = flawed = as_shown = False
    for source in s.sources:
        incomplete |= source.incomplete
        flawed |= source.flawed
        as_shown |= source.as_shown
    return incomplete, flawed, as_shown


def _is_as_shown(s: Subject, passed: Collection[str]) -> bool:
    accredited = s.certificate is not None and s.certificate.issuer in s.case.accredited_as_shown
    return s.id in s.case.shown_only or (accredited and "A203" in passed)


Shares = tuple[tuple[str, int | None], ...]


def _compose(s: Subject, findings: Sequence[Finding], grams: int) -> tuple[Composition, Shares]:
    composition, shares = _from_inputs(s, grams)
    for finding in findings:
        if finding.excess is None and not finding.is_notice and finding.code not in _BY_SHARES:
            composition = composition.capped(_lowered_to(finding.effect, s))
    excess = added([f.excess for f in findings if f.excess is not None])
    if excess:
        composition = composition.with_excess(max(1, round(grams * excess)))
    return composition, shares


def _from_inputs(s: Subject, grams: int) -> tuple[Composition, Shares]:
    """The grams by the confirmed class of what they came from, none higher than declared."""
    if not s.intakes:
        return Composition.pure(s.fuel_class, grams), ()
    upstream = [
        i.source.composition if i.source is not None else Composition.pure(FuelClass.CONSTRUCTION_WASTE, 1)
        for i in s.intakes
    ]
    parts = weights(s)
    if parts is None:
        # Which gram came from where cannot be told: the lowest of all inputs decides for all of them.
        lowest_of_all = lowest((s.fuel_class, *(u.lowest for u in upstream)))
        return Composition.pure(lowest_of_all, grams), tuple((i.certificate, None) for i in s.intakes)
    amounts = split(grams, parts)
    mixture = combined([u.scaled(amount) for u, amount in zip(upstream, amounts, strict=True)])
    mixed = s.certificate.mixed if s.certificate is not None else None
    if mixed is not None:
        mixture = mixture.capped_by_shares({share.fuel_class: share.parts for share in mixed.shares})
    elif not _comes_as_certified_mixture(s):
        mixture = mixture.capped(s.fuel_class)
    return mixture, tuple(zip((i.certificate for i in s.intakes), amounts, strict=True))


def _comes_as_certified_mixture(s: Subject) -> bool:
    return s.delivery is not None and s.source is not None and s.source.mixed is not None


def _lowered_to(effect: Effect, s: Subject) -> FuelClass:
    """The class that an effect leaves at best; where it does not say itself, the lowest that the inputs declare."""
    if effect.lowers_to is not None:
        return effect.lowers_to
    return lowest((s.fuel_class, *[source.fuel_class for source in s.sources]))


@lru_cache(maxsize=4096)
def _shared(day: date) -> date:
    """One value for all that are equal: a million certificates have a few hundred dates."""
    return day


_NOTHING = (0, 0)


def _close(s: Subject, judged: Judged | None, holds: tuple[int, int] | None = None) -> None:
    """Count what the record used, and keep what later records may ask about it: without ``judged`` not its worth.

    ``holds``: the most that it can hold, where that is known already; without ``judged`` nobody may ask for it.
    """
    # What is left of its sources it has to know before it counts what it takes of them.
    if holds is None:
        holds = _NOTHING if judged is None or s.certificate is None else held(s)
    most, covered = holds
    if is_valid_use(s) and (s.certificate is not None or s.at_plant):
        count_uses(s)
    register(s)
    certificate = s.certificate
    if certificate is not None:
        s.state.closed[certificate.id] = Closed(
            certificate=certificate.id,
            form=certificate.form,
            fuel_class=certificate.fuel_class,
            date=_shared(certificate.date),
            seller=intern(certificate.seller),
            buyer=None if certificate.buyer is None else intern(certificate.buyer),
            quantity=certificate.quantity,
            goods=certificate.goods,
            group=s.group,
            mixed=certificate.mixed.plant if certificate.mixed is not None else None,
            one_load=is_for_one_load(certificate),
            supplement=s.is_supplement,
            composition=(Composition.pure(s.fuel_class, 0) if judged is None else judged.composition).mixture,
            incomplete=judged is None or judged.incomplete,
            flawed=judged is None or judged.flawed,
            as_shown=judged is not None and judged.as_shown,
            most=most,
            covered=covered,
        )
