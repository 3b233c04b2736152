"""Checking single lots of a ledger of any size, by what bears on them and without reading the rest.

A lot's closure is read from the database, re-hashed, verified and proven in the log's tree, and judged by the rules
that speak of records and lots. What only the whole log can show is not run, and the verdict says so: see ``UNSEEN``.
"""

from __future__ import annotations

import gc
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import partial
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection

from biotrace.chain.admit import Held
from biotrace.chain.disclosure import Disclosure
from biotrace.chain.integrity import IntegrityFinding, StoredEntry
from biotrace.chain.kinds import RecordKind
from biotrace.chain.part_integrity import PartCheck
from biotrace.chain.record import Record, cites, parse_record, without_bytes
from biotrace.chain.trust_list import TrustList
from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.certificate import Certificate, Form
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document, DocumentCopy
from biotrace.model.party import Accreditation, Party
from biotrace.model.place import Concordance, Place
from biotrace.store import lots as stored_lots
from biotrace.store.closure import Use, closure_of_lot, corrections_of, pooled_with, retention_of, with_copies
from biotrace.store.disclosures import disclosures_of
from biotrace.store.entries import envelope_at
from biotrace.store.entry_rows import Bytes, bytes_at, stored_at
from biotrace.store.ledger import Ledger
from biotrace.verify.case import Case
from biotrace.verify.document_identity import number_key
from biotrace.verify.document_limit import is_within
from biotrace.verify.fold import Fold, Judged, ancestry
from biotrace.verify.places import Municipalities
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import LOT_RULES, not_run
from biotrace.verify.verdict import LotVerdict, pronounce

from .accepted import Accepted, outcome
from .find import no_such_lot, the_lot
from .foreign import Outside, listed_keys
from .kept_papers import NO_FILES
from .ledger_case import case_of_ledger, known_as
from .log_verdict import Watched
from .logged import Logged
from .lot_world import Holders, Parties, World
from .past import not_logged_yet
from .private_fields import Disclosed, by_record
from .shipped import municipalities
from .times import day_of, last_second

UNSEEN = ("S103", "H318", "H322")
"""Codes of records and lots that only who reads the whole log can judge: whether a key's chain breaks, whether a paper
anywhere in the log shows a place to be in a protection forest, and whether one is the same as a document of the lot."""
RULES = tuple(rule for rule in LOT_RULES if rule.code not in UNSEEN)
NOT_RUN = (*not_run(RULES), "S103")

NOTHING_SEEN = Watched((), ())

T = TypeVar("T")

_PARSED = 1_000
"""Records that are kept parsed."""
_BATCH = 2_000
"""Entries that are read at once."""


class Signatures(StrEnum):
    """Whose signatures, and right to sign, are looked at again: the lot's and all that it rests on, or others' too.

    Those others, other uses of the same wood, are in the log's tree, so the log verified them when it took them.
    """

    ANCESTORS = "ancestors"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Checked:
    """Verdicts on lots. ``damage``: what is wrong with what was looked at, or with the log as a whole.

    ``entries``: how many the ledger holds; ``seen``: how many of them were read. ``subjects``: of these, by record id
    (hex). ``when_accepted``: by lot, what it was confirmed as when the ledger took it, where that was another verdict.
    """

    lots: tuple[LotVerdict, ...]
    damage: tuple[IntegrityFinding, ...]
    entries: int
    seen: int
    subjects: dict[str, str]
    when_accepted: dict[str, Accepted]


@dataclass(frozen=True, slots=True)
class Seen:
    """Entries that were looked at, as a case. ``damage``: what is wrong with them, or with the log as a whole.

    ``subjects``: what their signers call them, by record id (hex).
    """

    case: Case
    damage: tuple[IntegrityFinding, ...]
    subjects: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Together:
    """Lots judged in one fold. ``judged``: they and what they rest on. ``supposed``: had more been so, in order."""

    seen: Seen
    judged: Mapping[str, Judged]
    lots: tuple[LotVerdict, ...]
    supposed: tuple[LotVerdict, ...] = ()


Find = Callable[[Connection, World], Collection[int]]
"""Gives positions of entries."""


@dataclass(frozen=True, slots=True)
class Order:
    """How to judge. ``today``: the day the verdict is for; ``as_of``: by what the ledger held at the end of that day.

    ``files``: the copies of files at hand, see ``kept_of``. ``watched``: what is known of the log's history.
    """

    today: date
    as_of: date | None = None
    signatures: Signatures = Signatures.ANCESTORS
    files: Mapping[bytes, bool] = field(default_factory=lambda: NO_FILES)
    watched: Watched = NOTHING_SEEN


class LotCheck:
    """Checks lots of one ledger; what any lot needs is read once, and kept up with what is appended.

    Threads may share it; they wait for each other. For ledgers without records of other logs: see ``applies``.
    """

    def __init__(self, ledger: Ledger, trust: TrustList | None = None) -> None:
        """``trust``: who the accrediting bodies are."""
        self._ledger = ledger
        self._bodies = None if trust is None else frozenset(listed_keys(trust))
        self._world = World()
        self._parsed = _Parsed(_PARSED)
        self._lock = Lock()

    def applies(self) -> bool:
        """False where records of other logs are held: what bears on a lot there, ``read_ledger`` finds."""
        with self._ledger.database.reading() as connection:
            return not stored_lots.holds_other_logs(connection)

    def warm_up(self) -> None:
        """Read what any lot needs, so that no check waits for it: for programs that go on checking lots.

        All that the program holds by then is set aside for good as not to be looked through for garbage.
        """
        with self._lock, self._ledger.database.reading() as connection:
            self._follow(connection)
            self._world.linked_by((), municipalities())
        gc.collect()
        gc.freeze()

    def check(self, lots: Sequence[str], order: Order) -> Checked:
        """Judge the lots that these texts mean, each over all that bears on it.

        Raises UsageError for a lot that is not there, or is not meant by it alone, or was not logged yet; and
        UpdateNeededError at a record, properly signed, of a version that this release does not know.
        """
        with self._lock, undisturbed(), self._ledger.database.reading() as connection:
            self._follow(connection)
            last = None if order.as_of is None else stored_lots.last_until(connection, last_second(order.as_of))
            checks = [_One(self._world, self._parsed, connection, order, self._bodies) for _ in lots]
            verdicts = [one.judge(text, last) for one, text in zip(checks, lots, strict=True)]
            seen = {e.position: e for one in checks for e in one.logged.values()}
            damage = [*self._world.damage, *(finding for one in checks for finding in one.damage)]
            accepted = {one.lot: then for one in checks if (then := one.when_accepted()) is not None}
            return Checked(
                lots=tuple(verdicts),
                damage=tuple(sorted(dict.fromkeys(damage), key=lambda finding: finding.position)),
                entries=self._world.size,
                seen=len(seen) + self._world.count,
                subjects={e.record.record_id.hex(): e.record.subject for e in seen.values()},
                when_accepted=accepted,
            )

    def together(self, find: Find, order: Order, supposing: Callable[[Case], Case] | None = None) -> Together:
        """Judge all the lots that ``find`` gives, as ``check`` would each, in one fold; and again ``supposing`` more.

        ``find``: gives the positions of the lots. Nothing is said of when they were accepted. Raises UpdateNeededError.
        """
        with self._lock, undisturbed(), self._ledger.database.reading() as connection:
            self._follow(connection)
            one = self._one(connection, order)
            told = one.together(find(connection, self._world), supposing)
            return replace(told, seen=self._lasting(told.seen, one.last))

    def case_of(self, find: Find, order: Order) -> Seen:
        """What stands at the positions that ``find`` gives as a case to be looked at, not judged.

        Each entry is re-hashed and proven in the log's tree; its signature was verified when the log took it.
        """
        with self._lock, undisturbed(), self._ledger.database.reading() as connection:
            self._follow(connection)
            one = self._one(connection, order)
            return self._lasting(one.case_of(find(connection, self._world)), one.last)

    def _lasting(self, seen: Seen, last: int) -> Seen:
        """With parties that can still be asked for when this connection is closed."""
        parties = Parties(self._world, last, self._disclosed)
        return replace(seen, case=replace(seen.case, parties=parties), damage=(*self._world.damage, *seen.damage))

    def _disclosed(self, record_id: bytes) -> tuple[Disclosure, ...]:
        with self._ledger.database.reading() as connection:
            return _disclosed_in(connection, record_id)

    def ask(self, question: Callable[[Connection, World], T]) -> T:
        """Have something looked up, the world up to date."""
        with self._lock, self._ledger.database.reading() as connection:
            self._follow(connection)
            return question(connection, self._world)

    def _one(self, connection: Connection, order: Order) -> _One:
        one = _One(self._world, self._parsed, connection, order, self._bodies)
        if order.as_of is not None:
            one.stand_at(stored_lots.last_until(connection, last_second(order.as_of)))
        return one

    def _follow(self, connection: Connection) -> None:
        if not self._world.follow(connection, self._ledger.log_name):
            self._world = World()
            self._world.follow(connection, self._ledger.log_name)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Nothing is looked through for garbage in the block: what a check makes is in use to its end, and goes then.

    Each look would take its time, and find as good as nothing; of a thousand checks a few would wait for a great one.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Parsed:
    """The records parsed last, by their bytes' hash, which is their id: the same bytes are the same record."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._records: OrderedDict[bytes, Record] = OrderedDict()

    def __call__(self, envelope: bytes) -> Record:
        """As ``parse_record``."""
        record_id = hashlib.sha256(envelope).digest()
        found = self._records.get(record_id)
        if found is None:
            found = self._records[record_id] = parse_record(envelope)
            if len(self._records) > self._most:
                self._records.popitem(last=False)
        else:
            self._records.move_to_end(record_id)
        return found


class _One:
    """The check of one lot. ``logged``: the entries that bear on it, by position; ``damage``: what is wrong there."""

    def __init__(
        self, world: World, parsed: _Parsed, connection: Connection, order: Order, bodies: frozenset[str] | None
    ) -> None:
        self.logged: dict[int, Logged] = {}
        self.damage: list[IntegrityFinding] = []
        self._world, self._parsed, self._connection = world, parsed, connection
        self._order, self._bodies = order, bodies
        self._asked: tuple[Parties, Holders, Municipalities] | None = None
        self._last = world.size - 1
        self._up: frozenset[int] = frozenset()
        self._pooled: set[int] = set()
        self._unreadable: set[int] = set()
        self._believed: set[int] = set()

    @property
    def last(self) -> int:
        """The position of the last entry that counts."""
        return self._last

    def stand_at(self, last: int) -> None:
        """Look at nothing that was logged after that position."""
        self._last = last

    def judge(self, text: str, last: int | None) -> LotVerdict:
        """The verdict on the lot that ``text`` means, as of the position ``last``; None: now."""
        position = the_lot(self._connection, text, self._world.damage).position
        if last is not None:
            self._last = last
        self._read({position})
        if position not in self.logged:
            raise no_such_lot(text, self.damage)
        self._own = self.logged[position]
        self.lot = self._own.record.record_id.hex()
        if self._order.as_of is not None and position > self._last:
            raise not_logged_yet(self._own, self._order.as_of)
        self._now = self._verdict(self._last, self._order.today, self._order.files)
        return self._now

    def together(self, positions: Collection[int], supposing: Callable[[Case], Case] | None) -> Together:
        """The verdicts on all of these, in order, and once more supposing something."""
        self._read(set(positions))
        seen = (p for p in sorted(positions) if p in self.logged and p <= self._last)
        lots = [self.logged[p].record.record_id.hex() for p in seen]
        case = self._case(self._last, self._order.today, self._order.files)
        judged = _judged(case, lots)
        verdicts = _pronounced(lots, case, judged)
        told = Together(Seen(case, tuple(self.damage), self._subjects()), judged, verdicts)
        if supposing is None:
            return told
        other = supposing(case)
        return replace(told, supposed=_pronounced(lots, other, _judged(other, lots)))

    def case_of(self, positions: Collection[int]) -> Seen:
        """These entries, and the parties that they name."""
        self._take_all(positions)
        case = self._case(self._last, self._order.today, self._order.files)
        return Seen(case, tuple(self.damage), self._subjects())

    def _subjects(self) -> dict[str, str]:
        return {e.record.record_id.hex(): e.record.subject for e in self.logged.values()}

    def when_accepted(self) -> Accepted | None:
        """The verdict when the ledger took the lot, where that was another one."""
        own = self._own
        day = day_of(own.logged_at)
        # A log that forked or shrank tells nothing of earlier days either.
        if self._order.watched.findings or not self._may_have_differed(own.position, day):
            return None
        then = self._verdict(own.position, day, NO_FILES)
        delivered = isinstance(own.record.body, Delivery)
        return None if outcome(then) == outcome(self._now) else Accepted(day, own.position, delivered, then)

    def _read(self, start: set[int]) -> None:
        """Read and judge all that bears on these entries, whatever its place: what counts as of a day comes later.

        Where the database has lost a citation of something that the lot rests on, the record itself still tells it.
        """
        uses: dict[int, Sequence[Use]] = {}
        while start:
            closure = closure_of_lot(self._connection, start)
            self._up |= closure.up
            uses.update(closure.uses)
            self._take_new(closure.up | closure.beside)
            start = self._cited_elsewhere()
        last = self._last_uses()
        if used_up := self._may_be_used_up(uses, last):
            self._pooled = pooled_with(self._connection, used_up, last, uses, self._world.corrected)
            self._take_new(self._pooled)
        parties = {p for e in self.logged.values() for p in _issuers_without_procedure(e)}
        stated = [entry.position for party in parties for entry in self._world.statements(party, self._world.size)]
        self._take_new(retention_of(self._connection, stated))

    def _take_new(self, positions: Collection[int]) -> None:
        """Take those of the entries that were not taken yet, or were believed and turn out to be rested on."""
        new = positions - self.logged.keys() - self._unreadable
        self._take_all(new | (self._up & self._believed))

    def _last_uses(self) -> dict[int, int]:
        """By the position of each document that the lot rests on: that of the last certificate behind it that does."""
        at = {entry.record.record_id.hex(): p for p, entry in self.logged.items() if p in self._up}
        bodies = {p: self.logged[p].record.body for p in at.values()}
        last: dict[int, int] = {}

        def uses(papers: int, certificate: int) -> None:
            body = bodies[papers]
            for document in body.documents if isinstance(body, Certificate) else ():
                if document in at:
                    last[at[document]] = max(certificate, last.get(at[document], -1))

        for position, body in bodies.items():
            if isinstance(body, Certificate):
                uses(position, position)
            elif isinstance(body, Correction) and body.action is Action.SUPPLEMENT:
                papers, certificate = at.get(body.by or ""), at.get(body.certificate)
                if papers is not None and certificate is not None:
                    uses(papers, certificate)
        return last

    def _may_be_used_up(self, uses: Mapping[int, Sequence[Use]], last: Mapping[int, int]) -> set[int]:
        """The documents of which the other uses have to be read to tell whether one goes beyond what they allow.

        ``last``: up to which use of a document others count. Of the other documents the amounts in the database are
        enough: they add up to no more than the document allows, whichever of them count, and none brings another
        document's uses with it; nor does a later one, as a supplement of a certificate that comes before the last use.
        """
        if self._order.signatures is Signatures.ALL:
            return set(uses)
        found = with_copies(self._connection, uses)
        limited: dict[int, list[int]] = {}
        for document, those in uses.items():
            entry = self.logged.get(document)
            body = None if entry is None else entry.record.body
            if document in found or not isinstance(body, Document) or is_within(body, None):
                continue
            in_time = [use.cm3 for use in those if use.position <= last.get(document, -1)]
            told = [cm3 for cm3 in in_time if cm3 is not None]
            if len(told) == len(in_time) and is_within(body, sum(told)):
                limited[document] = [use.position for use in those]
            else:
                found.add(document)
        corrected = self._world.corrected(use for those in limited.values() for use in those)
        corrections = corrections_of(self._connection, corrected)
        self._take_new({correction for of_one in corrections.values() for correction in of_one})
        for document, certificates in limited.items():
            if any(self._supplements(correction) for c in certificates for correction in corrections.get(c, ())):
                found.add(document)
        return found

    def _supplements(self, correction: int) -> bool:
        """Whether it may have one certificate count on the documents of another."""
        entry = self.logged.get(correction)
        body = None if entry is None else entry.record.body
        return not isinstance(body, Correction) or body.action is Action.SUPPLEMENT

    def _cited_elsewhere(self) -> set[int]:
        """The positions of records that the lot rests on and no citation in the database led to."""
        known = {entry.record.record_id for entry in self.logged.values()}
        behind = (entry.record for entry in self.logged.values() if entry.position in self._up)
        missing = {cited for record in behind for cited in cites(record) if cited not in known}
        found = (self._look_up(record_id) for record_id in missing)
        return {place[0] for place in found if place is not None} - self._unreadable - self._up

    def _take_all(self, positions: Collection[int]) -> None:
        """Take the entries at these positions, some at a time: a hostile lot rests on a hundred thousand."""
        everything = self._order.signatures is Signatures.ALL
        again = sorted(p for p in positions if everything or p in self._up)
        others = sorted(set(positions).difference(again))
        self._believed.difference_update(again)
        bare = len(positions) > _BATCH
        for i in range(0, len(others), _BATCH):
            again += self._believe(bytes_at(self._connection, others[i : i + _BATCH]), bare=bare)
        check = PartCheck(self._world.replay, self._look_up, self._parsed)
        again.sort()
        for i in range(0, len(again), _BATCH):
            self._judge(check, stored_at(self._connection, again[i : i + _BATCH]), bare=bare)

    def _believe(self, entries: Sequence[Bytes], *, bare: bool) -> list[int]:
        """Take entries that are in the log's tree, with the bytes and the kind that it took: it admitted them.

        Gives the positions of those that have to be judged to say what is wrong with them.
        """
        if not self._world.signed.proves(self._connection, entries):
            return [entry.position for entry in entries]
        doubtful: list[int] = []
        taken: list[tuple[Bytes, Record]] = []
        for entry in entries:
            try:
                record = self._parsed(entry.envelope)
            except (IntegrityError, UpdateNeededError):
                record = None
            if record is None or (record.record_id, int(record.kind)) != (entry.record_id, entry.kind):
                doubtful.append(entry.position)
            else:
                self._believed.add(entry.position)
                taken.append((entry, record))
        private = self._private_of(record for _, record in taken)
        for entry, record in taken:
            self._keep(Logged(entry.position, entry.logged_at, record, (), private.get(record.record_id, ())), bare)
        return doubtful

    def _judge(self, check: PartCheck, stored: Sequence[StoredEntry], *, bare: bool) -> None:
        """Take entries, judged by their bytes, signatures and citations, and proven in the log's tree."""
        faults: dict[int, list[IntegrityFinding]] = {}
        for fault in self._world.signed.prove(self._connection, stored):
            faults.setdefault(fault.position if fault.record_id else -1, []).append(fault)
        self.damage += faults.pop(-1, [])
        judged = [(entry, *check.judge(entry)) for entry in stored]
        private = self._private_of(record for _, record, _ in judged if record is not None)
        for entry, record, found in judged:
            findings = (*found, *faults.get(entry.position, ()))
            self.damage += findings
            if record is None:
                self._unreadable.add(entry.position)
            else:
                known, values = known_as(record, entry.record_id), private.get(record.record_id, ())
                self._keep(Logged(entry.position, entry.logged_at, known, findings, values), bare)

    def _private_of(self, records: Iterable[Record]) -> Disclosed:
        """What is at hand of the values of private fields; parties have theirs elsewhere, and nothing else has any."""
        sealed = [r.record_id for r in records if isinstance(r.body, Certificate) and r.body.sealed]
        return by_record(disclosures_of(self._connection, sealed)) if sealed else {}

    def _keep(self, logged: Logged, bare: bool) -> None:
        """``bare``: without the bytes that the record was read from."""
        if bare:
            logged = replace(logged, record=without_bytes(logged.record))
        self.logged[logged.position] = logged
        cut_off = self._world.cut_off(logged.position, logged.record, self._last)
        self.damage += [] if cut_off is None else [cut_off]

    def _look_up(self, record_id: bytes) -> tuple[int, Held] | None:
        """A record that is cited by what was read, and was not read itself."""
        found = envelope_at(self._connection, record_id)
        if found is None:
            return None
        position, envelope = found
        try:
            record = self._parsed(envelope)
        except (IntegrityError, UpdateNeededError):
            return None
        return (position, Held.of(record)) if record.record_id == record_id else None

    def _verdict(self, last: int, today: date, files: Mapping[bytes, bool]) -> LotVerdict:
        """The verdict by what was logged up to that position, on that day."""
        case = self._case(last, today, files)
        (verdict,) = _pronounced([self.lot], case, _judged(case, [self.lot]))
        return verdict

    def _case(self, last: int, today: date, files: Mapping[bytes, bool]) -> Case:
        world = self._world
        own = [e for e in self.logged.values() if e.position <= last]
        if world.ends_by(last):
            own = [world.counted(e, last) for e in own]
        about = {p for e in own for p in _issuers_without_procedure(e)}
        more = [*world.trusted(last), *world.roots(last)]
        more += [entry for party in about for entry in world.statements(party, last)]
        logged = sorted({e.position: e for e in (*own, *more)}.values(), key=lambda e: e.position)
        outside = Outside(trusted_bodies=self._bodies)
        case = case_of_ledger(logged, today, {e.position for e in logged}, outside, None, files)
        parties = Parties(world, last, partial(_disclosed_in, self._connection))
        holders = Holders(world, last, parties)
        self._asked = self._asked or (parties, holders, case.municipalities)
        tables = (e.record.body for e in self._tables(case.municipalities, last))
        concordances = tuple(body for body in tables if isinstance(body, Concordance))
        case = replace(case, parties=parties, held_numbers=holders, concordances=concordances)
        return self._order.watched.void(case)

    def _may_have_differed(self, position: int, day: date) -> bool:
        """Whether anything that the verdict rests on was otherwise when the log ended at ``position``, on ``day``.

        What was logged later draws on what is left, or reaches back; of parties and accreditations only those count
        that the rules have asked for.
        """
        world, last = self._world, self._last
        assert self._asked is not None, "there is a verdict already"
        asked, holding, table = self._asked
        earlier = {e.record.record_id.hex() for e in self.logged.values() if e.position <= position}
        if any(e.position > position and _reaches_back(e, earlier) for e in self.logged.values()):
            return True
        own = [e for e in self.logged.values() if e.position <= position]
        ended = world.ends_by(position) < world.ends_by(last)
        if ended and any(world.counted(e, last) != world.counted(e, position) for e in own):
            return True
        latest = max((day, *(date for e in own for date in _dates(e))))
        return (
            any(map(_runs_out, own))
            or self._parties_differed(asked, holding, position, latest)
            or any(world.was_otherwise(at, position, last) for at in world.linked_by(self._places(), table))
            or world.trusted(last)[-1:] != world.trusted(position)[-1:]
            or world.roots(last) != world.roots(position)
        )

    def _parties_differed(self, asked: Parties, holding: Holders, position: int, latest: date) -> bool:
        """Whether a party or a number that a rule asked for was otherwise, for wood of up to the day ``latest``."""
        world = self._world
        parties = Parties(world, position, partial(_disclosed_in, self._connection))
        later = (i for i in asked.asked if world.touched_after(i, position))
        if any(_settled(parties.get(i), latest) != _settled(asked.asked[i], latest) for i in later):
            return True
        holders = Holders(world, position, parties)
        numbers = (n for n in holding.asked if any(world.touched_after(i, position) for i in world.numbered(n)))
        return any(holders.get(number, ()) != holding.asked[number] for number in numbers)

    def _tables(self, municipalities: Municipalities, last: int) -> list[Logged]:
        """The concordances that can speak of a place behind the lot, or behind what is counted together with it."""
        return self._world.concordances(self._places(), municipalities, last)

    def _places(self) -> Iterator[Place]:
        """The felling places on what the lot rests on, and on what is counted on documents together with that: by its
        places is told on which of several documents it counts.
        """
        for position, entry in self.logged.items():
            body = entry.record.body
            if isinstance(body, Certificate | Document) and (position in self._up or position in self._pooled):
                yield from body.locations


def _disclosed_in(connection: Connection, record_id: bytes) -> tuple[Disclosure, ...]:
    return tuple(disclosures_of(connection, [record_id]))


def _reaches_back(entry: Logged, earlier: Collection[str]) -> bool:
    """Whether an entry bears on those before it, which are ``earlier``.

    What is drawn on later takes what is left; a correction of what was logged later changes only that.
    """
    body = entry.record.body
    if isinstance(body, Correction):
        return body.certificate in earlier or body.by in earlier
    return entry.record.kind not in _LATER


def _dates(entry: Logged) -> Iterator[date]:
    body = entry.record.body
    if isinstance(body, Certificate | Delivery):
        yield body.date


def _settled(party: Party | None, day: date) -> Party | None:
    """The party as far as wood of up to that day is concerned, but for what only notices ask for (A206, A207).

    A renewal that begins later, by the same body under the same number, says nothing of what was in force before; nor
    does a revocation as of a later day.
    """
    if party is None:
        return None
    begun = {_by_whom(a) for a in party.accreditations if a.start <= day}
    held = (a for a in party.accreditations if a.start <= day or a.self_declared or _by_whom(a) not in begun)
    return replace(party, accreditations=tuple(_until(a, day) for a in held))


def _until(held: Accreditation, day: date) -> Accreditation:
    revoked = None if held.revoked is None or held.revoked > day else held.revoked
    return replace(held, revoked=revoked, renewal_requested=None, inspected=())


def _by_whom(accreditation: Accreditation) -> tuple[str | None, str | None, bool]:
    number = accreditation.number
    return accreditation.body, None if number is None else number_key(number), accreditation.self_declared


_LATER = frozenset({RecordKind.CERTIFICATE, RecordKind.DELIVERY, RecordKind.DOCUMENT})
"""Kinds of which a later entry changes nothing for those before."""


def _runs_out(entry: Logged) -> bool:
    """Whether time alone changes what it is worth: a paper has to be kept for so long only (D901)."""
    body = entry.record.body
    return isinstance(body, Document) and body.copy is not DocumentCopy.KEPT


def _judged(case: Case, lots: Iterable[str]) -> dict[str, Judged]:
    """The lots and all that they rest on, judged; of the others only what they use is counted."""
    behind = ancestry(case, lots)
    fold = Fold(case, RULES, RINYA_2012)
    judged: dict[str, Judged] = {}
    for entry in case.entries:
        if entry.value.id in behind:
            judged[entry.value.id] = fold.take(entry)
        else:
            fold.pass_by(entry)
    return judged


def _pronounced(lots: Sequence[str], case: Case, judged: Mapping[str, Judged]) -> tuple[LotVerdict, ...]:
    verdicts = pronounce(lots, case, judged, RULES)
    return tuple(replace(v, passed=tuple(code for code in v.passed if code not in UNSEEN)) for v in verdicts)


def _issuers_without_procedure(entry: Logged) -> Iterator[str]:
    """The issuer of a certificate on form 1-2, whose address, in its own record, is part of the paper."""
    body = entry.record.body
    if isinstance(body, Certificate) and body.form is Form.F1_2:
        yield body.issuer
