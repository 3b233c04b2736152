"""What a workspace keeps, record by record: for whom, until when and why; and what keeps it from being destroyed.

A paper is kept for the years that ``biotrace.verify.retention.ends`` counts from each certificate and delivery that it
is behind. Whoever sells on has to show the grounds of its own certificate for as long (G3), so what a certificate or
delivery draws on is kept as long as it is itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from biotrace.chain.kinds import KeyBinding
from biotrace.chain.record import Record
from biotrace.model.accreditation import Grant
from biotrace.model.certificate import Certificate
from biotrace.model.dates import last_day
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party, Role
from biotrace.model.retention import Answer, Challenge, Deleted, RetentionHold, StoredFile
from biotrace.model.stock import Consumption, StockEntry
from biotrace.verify.case import Case
from biotrace.verify.kept import Asked, KeptPapers, Sayer
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.retention import ends, keepers, paper_ids
from biotrace.verify.subject import State, Subject

from .kept_papers import kept_of
from .ledger_case import Reading, case_of_ledger
from .logged import Logged
from .merged import OWN
from .retain_tombstones import tombstones_of
from .stored_files import files_of
from .times import day_of

_BOOKS = (StockEntry, Consumption)
"""Lines of the yard's and the plant's book, which are kept as long as certificates (別記3 別添1)."""
_SAID = (RetentionHold, Challenge, Answer)


@dataclass(frozen=True, slots=True)
class Duty:
    """That ``party`` has to keep a paper until a day, itself included.

    ``because``: the record whose years these are; ``rests``: the paper is what that record draws on. ``asked``: it is
    no term of years, but the day until which that challenge is open.
    """

    party: str
    until: date
    because: Logged
    rests: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class StandingHold:
    """A hold that stands: its record, and who put it on."""

    logged: Logged
    by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A record with what belongs to it: ``files`` that it names, and ``values`` of private fields at hand.

    ``duties``: of every party that has to keep it, the latest day of each. ``holds`` and ``asked``: those that count
    and stand. ``tombstones``: what the workspace's party says that it destroyed of it, and when.
    """

    logged: Logged
    duties: tuple[Duty, ...]
    files: tuple[StoredFile, ...]
    values: int
    holds: tuple[StandingHold, ...] = ()
    asked: tuple[Asked, ...] = ()
    tombstones: Mapping[Deleted, date] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        """The record itself."""
        return self.logged.record

    def kept_for(self, parties: frozenset[str]) -> tuple[Duty, ...]:
        """The duties of these parties, the latest first; where none of them has any, everybody's."""
        own = [d for d in self.duties if d.party in parties] or list(self.duties)
        return tuple(sorted(own, key=lambda d: (d.until, d.party), reverse=True))


@dataclass(frozen=True, slots=True)
class Kept:
    """All papers of a ledger, in its order. ``signing``: the parties that sign in it, whose duties count here."""

    papers: tuple[KeptPaper, ...]
    signing: frozenset[str]
    years: int

    def until(self, paper: KeptPaper) -> Duty:
        """The duty that ends last."""
        return paper.kept_for(self.signing)[0]


def kept_papers(reading: Reading, party: str, today: date, years: int) -> Kept:
    """What the ledger's records say is to be kept. ``party``: whose workspace it is; ``years``: by its settings."""
    everything = reading.everything
    sound = [(order, entry) for order, entry in enumerate(everything) if entry.sound]
    said = kept_of([(order, _as_told_here(entry)) for order, entry in sound])
    case = case_of_ledger(reading.logged, today, None, reading.outside)
    by_id = {entry.record.record_id.hex(): entry for entry in everything}
    found = _duties(case, by_id, years)
    gone = tombstones_of(everything, party)
    papers = []
    for _, entry in sound:
        key = paper_key(entry)
        if not _is_paper(entry):
            continue
        if isinstance(entry.record.body, Answer):
            found[key] = _of_answer(entry, entry.record.body, by_id, found)
        duties = tuple(found[key].values()) if found.get(key) else (_by_itself(entry, years),)
        weigh = _Weigh(case, said, {duty.party for duty in duties}, everything)
        papers.append(
            KeptPaper(
                logged=entry,
                duties=duties,
                files=files_of(entry.record.body),
                values=len(entry.disclosed),
                holds=tuple(weigh.holds(key)),
                asked=tuple(weigh.asked(key)),
                tombstones=gone.get(entry.record.record_id.hex(), {}),
            )
        )
    return Kept(tuple(papers), _signing(reading.logged), years)


def _as_told_here(entry: Logged) -> Logged:
    """Holds and questions that came from another log count for what is kept here, as if they were told in ours."""
    return replace(entry, log=OWN) if isinstance(entry.record.body, _SAID) else entry


def paper_key(entry: Logged) -> str:
    """Papers are called by their record's id; all that was said of a party is one paper, by the party's id."""
    body = entry.record.body
    return body.id if isinstance(body, Party) else entry.record.record_id.hex()


def _is_paper(entry: Logged) -> bool:
    body = entry.record.body
    if isinstance(body, Party):
        return bool(body.sealed)
    return isinstance(body, Certificate | Delivery | Document | _BOOKS[0] | _BOOKS[1]) or bool(files_of(body))


def _duties(case: Case, by_id: Mapping[str, Logged], years: int) -> dict[str, dict[str, Duty]]:
    """By paper, the duty of each party: of the records that it is behind, and of all that draws on these."""
    profile = replace(RINYA_2012, retention_years=years)
    found: defaultdict[str, dict[str, Duty]] = defaultdict(dict)
    resting: defaultdict[str, dict[str, Duty]] = defaultdict(dict)
    for entry in reversed(case.entries):
        s = Subject(entry, case, State(), profile, _counts)
        because, until = by_id[s.id], ends(s)
        of_this = {party: Duty(party, until, because) for party in keepers(s)}
        _later(of_this, resting.pop(s.id, {}).values())
        for paper in (*paper_ids(s), *_named(s)):
            _later(found[paper], of_this.values())
        for source in _sources(s):
            _later(resting[source], (replace(duty, rests=True) for duty in of_this.values()))
    return found


def _counts(_: object) -> bool:
    """A supplement is kept whether it proves anything or not."""
    return True


def _later(known: dict[str, Duty], more: Iterable[Duty]) -> None:
    """Let the later day stand, of each party."""
    for duty in more:
        if duty.party not in known or known[duty.party].until < duty.until:
            known[duty.party] = duty


def _named(s: Subject) -> tuple[str, ...]:
    """The parties whose address belongs to the record."""
    c, d = s.certificate, s.delivery
    named = (c.issuer, c.seller, c.buyer) if c is not None else (d.at, d.sender) if d is not None else ()
    return tuple(dict.fromkeys(party for party in named if party))


def _sources(s: Subject) -> tuple[str, ...]:
    if s.certificate is not None:
        return tuple(draw.certificate for draw in s.certificate.draws)
    return (s.delivery.certificate,) if s.delivery is not None and s.delivery.certificate else ()


def _by_itself(entry: Logged, years: int) -> Duty:
    """Of a paper that is behind no certificate: from the latest day that it states, or on which the log took it."""
    body = entry.record.body
    stated: tuple[date | None, ...] = ()
    if isinstance(body, Document):
        stated = (body.filed, body.accepted)
    elif isinstance(body, StockEntry | Answer):
        stated = (body.date,)
    day = max(day_of(entry.logged_at), *(d for d in stated if d is not None), date.min)
    first = day + timedelta(days=1) if day < date.max else day
    return Duty(entry.record.issuer, last_day(first, years), entry)


def _of_answer(
    entry: Logged, answer: Answer, by_id: Mapping[str, Logged], found: Mapping[str, Mapping[str, Duty]]
) -> dict[str, Duty]:
    """An answer is kept as long as the papers that it shows, and until the day that was set for it."""
    duties: dict[str, Duty] = {}
    asked = by_id.get(answer.challenge)
    if asked is not None and isinstance(asked.record.body, Challenge):
        for record in asked.record.body.records:
            if record in by_id:
                _later(duties, found.get(paper_key(by_id[record]), {}).values())
        _later(duties, [Duty(entry.record.issuer, asked.record.body.due, asked, asked=True)])
    return duties


class _Weigh:
    """Whose holds and questions count about a paper: of who has to keep it, of bodies, and of who runs the ledger."""

    def __init__(self, case: Case, said: KeptPapers, keeping: set[str], everything: Sequence[Logged]) -> None:
        self._case, self._said, self._keeping, self._everything = case, said, keeping, everything

    def holds(self, key: str) -> Iterator[StandingHold]:
        for hold in self._said.holds.get(key, ()):
            if hold.ended is None and self._counts(hold.by, Role.BODY):
                entry = self._everything[hold.order]
                assert isinstance(entry.record.body, RetentionHold)
                yield StandingHold(entry, hold.by.party, entry.record.body.reason)

    def asked(self, key: str) -> Iterator[Asked]:
        for request in self._said.asked.get(key, ()):
            may_ask = self._counts(request.by, Role.BODY, Role.PLANT)
            if request.produced is None and may_ask and request.to in self._keeping:
                yield request

    def _counts(self, sayer: Sayer, *roles: Role) -> bool:
        party = self._case.parties.get(sayer.party)
        has_role = party is not None and any(role in party.roles for role in roles)
        return sayer.root or sayer.party in self._keeping or has_role


def _signing(logged: Iterable[Logged]) -> frozenset[str]:
    """The parties with a key in our log."""
    bodies = [e.record.body for e in logged if e.sound]
    bound = {b.party for b in bodies if isinstance(b, KeyBinding)}
    return frozenset(bound | {b.party for b in bodies if isinstance(b, Grant) and b.member_key is not None})
