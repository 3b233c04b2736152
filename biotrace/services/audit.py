"""Auditing a whole log in two streaming passes: what reaches back, then every entry in order, judged as it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from biotrace.chain import checkpoint
from biotrace.chain.admit import Held
from biotrace.chain.integrity import EntryCheck, IntegrityFinding, StoredEntry, cut_off, doubled
from biotrace.chain.merkle import HASH_BYTES, Frontier
from biotrace.chain.record import Record, parse_record
from biotrace.chain.tree_integrity import check_tree, leaf_hash
from biotrace.chain.trust_list import TrustList
from biotrace.errors import IntegrityError, UpdateNeededError, UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.private import PrivateField
from biotrace.model.text import Text
from biotrace.store import integrity as stored
from biotrace.store.disclosures import disclosures
from biotrace.store.foreign import held_logs
from biotrace.store.ledger import Ledger
from biotrace.store.stored_tree import stored_tree
from biotrace.store.view import foreign_record
from biotrace.verify.case import Booking, Case, Entry
from biotrace.verify.early import Early, papers_at_hand
from biotrace.verify.fold import Fold, Judged
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import NOT_RUN, RULES

from .audit_early import entry_as_read, is_personal
from .audit_read import Found, Good, collecting_seldom, read_checked
from .audit_state import Kept
from .audit_tally import OnFinding, OnLot, Tally
from .audit_world import REACHING_BACK, Seen, Stored, World, cut_offs, read_world
from .copies_at_hand import CopiesAtHand
from .ledger_case import case_of_ledger, entry_of, integrity_finding, known_as, outside_of, read_ledger
from .log_verdict import LogSeen, Watched, watch_log
from .logged import Logged
from .past import Past
from .private_fields import opened_fields
from .times import day_of, last_second
from .trust_list import trust_now
from .workspace import Workspace

OnProgress = Callable[[int, int], None]
"""How many entries have been read, and how many there are."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told while an audit runs. What is told twice was told too early: see ``again``.

    ``again``: what was told so far does not count, and is told anew; the database had misled the first pass.
    """

    finding: OnFinding = lambda _, __: None
    lot: OnLot = lambda _: None
    progress: OnProgress = lambda _, __: None
    again: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found. ``size``: how many entries of the log it covers; ``root``: of these.

    ``damage``: what is wrong with stored bytes, the log's order, or its tree; ``breaches``: with its history (S105).
    ``read_from``: the first entry that was read, those before were by an earlier audit; ``reaching_back``: how many of
    the entries read since may bear on those before, which were not judged anew. ``kept``: what to go on from later;
    None where something is wrong with the log, or was read into memory. ``streamed``: False where records of other
    logs are held, for which everything was read into memory.
    """

    as_of: date
    size: int
    root: bytes
    tally: Tally
    damage: tuple[IntegrityFinding, ...]
    breaches: tuple[Finding, ...]
    logs: tuple[LogSeen, ...]
    not_run: tuple[str, ...]
    read_from: int
    reaching_back: int
    kept: Kept | None
    streamed: bool

    @property
    def broken(self) -> tuple[IntegrityFinding, ...]:
        """What of ``damage`` is wrong with the ledger itself: not what a key signed that was cut off later."""
        return tuple(finding for finding in self.damage if finding.is_damage)

    @property
    def clean(self) -> bool:
        """Every stored byte as signed, every proof rule run, and no finding worse than a notice."""
        return not (self.broken or self.breaches or self.tally.findings or self.tally.unchecked)


def audit(
    workspace: Workspace,
    as_of: date | None = None,
    jobs: int | None = None,
    listeners: Listeners | None = None,
    since: Callable[[], Kept] | None = None,
) -> Audited:
    """Read the whole log, re-hashing and verifying every stored byte, and judge every record by all rules.

    ``as_of``: by what was logged up to that day's end. ``jobs``: processes, one for each core if None. ``since``: gives
    the state that an earlier audit left; entries before it are not read again. Raises UnreadableError for a broken
    database, UpdateNeededError for a record of a later version, and UsageError: ``nothing-to-check`` where nothing had
    been logged, ``cannot-resume`` where ``since`` cannot be gone on from.
    """
    heard = Listeners() if listeners is None else listeners
    ledger, trust = workspace.ledger, trust_now(workspace)
    watched, files = watch_log(workspace), CopiesAtHand(workspace.folder)
    stored.check_file(ledger)
    today = day_of(workspace.clock()) if as_of is None else as_of
    until = None if as_of is None else last_second(as_of)
    if held_logs(ledger.database):
        if since is not None:
            raise _cannot_resume(Text("ほかのログの記録を持つ台帳です", "the ledger holds records of other logs"))
        return _in_memory(ledger, today, until, trust, watched, heard, files)
    end = ledger.end(until)
    kept = None if since is None else since()
    if kept is not None and kept.size > end:
        raise _cannot_resume(Text("前の監査のほうが先まで読んでいます", "the earlier audit covers more entries"))
    # Going on, the tree of all entries, which is made from what the earlier audit left, shows as much.
    faults = _tree_faults(ledger) if kept is None else {}
    one = _Pass(ledger, read_world(ledger, end), faults, today, trust, watched, heard, files, kept)
    one.run(end, jobs)
    if not one.stands:
        if kept is not None:
            raise _cannot_resume(
                Text("前の監査と台帳の中身が合いません", "the ledger does not continue what was audited before")
            )
        heard.again()
        one = _Pass(ledger, one.world_found(end), faults, today, trust, watched, heard, files, None, one.altered)
        one.run(end, jobs)
    found = one.audited(end)
    if not end and found.clean:
        raise _nothing(today)
    return found


def _entries(logged: Iterable[Logged], faults: Mapping[bytes, list[IntegrityFinding]]) -> dict[str, Entry]:
    """Certificates by id, with what is wrong with their places in the tree."""
    found: dict[str, Entry] = {}
    for each in logged:
        body = each.record.body
        if isinstance(body, Certificate):
            known = replace(each, findings=tuple(faults.get(each.record.record_id, ())))
            found[body.id] = entry_of(each.position, known, body)
    return found


def _tree_faults(ledger: Ledger) -> dict[bytes, list[IntegrityFinding]]:
    """What is wrong with the log's stored tree and checkpoints, by record id; empty for what belongs to none."""
    faults: dict[bytes, list[IntegrityFinding]] = {}
    for finding in check_tree(stored_tree(ledger.database.reading), ledger.log_name):
        faults.setdefault(finding.record_id, []).append(finding)
    return faults


def _nothing(day: date) -> UsageError:
    return UsageError(
        Text(f"{day} までに台帳に入った記録はありません", f"nothing had been logged by {day}"),
        Text("--as-of に後の日を指定してください", "give --as-of a later day"),
        code="nothing-to-check",
    )


def _cannot_resume(why: Text) -> UsageError:
    return UsageError(
        Text("続きからは監査できません: ", "cannot go on from there: ") + why,
        Text("--since なしで、初めから監査してください", "audit from the beginning, without --since"),
        code="cannot-resume",
    )


class _Checked(NamedTuple):
    """An entry, and what is wrong with it among those before it. ``record``: None where its bytes are none.

    ``record_id`` and ``kid``: as stored. ``early``: what rules said of it where it was read.
    """

    record: Record | None
    record_id: bytes
    kid: bytes
    position: int
    logged_at: int
    findings: list[IntegrityFinding]
    early: Early | None


class _Pass:
    """The second pass: all entries in order, with what the first one found."""

    def __init__(
        self,
        ledger: Ledger,
        world: World,
        faults: Mapping[bytes, list[IntegrityFinding]],
        today: date,
        trust: TrustList | None,
        watched: Watched,
        heard: Listeners,
        files: Mapping[bytes, bool],
        kept: Kept | None = None,
        altered: Mapping[str, Certificate] | None = None,
    ) -> None:
        """``faults``: what is wrong with the log's tree, by record id; empty for what belongs to none.

        ``files``: the copies of files at hand, see ``kept_of``. ``kept``: what an earlier audit left. ``altered``: see
        below.
        """
        self._ledger, self._world, self._faults, self._watched, self._heard = ledger, world, faults, watched, heard
        self._today = today
        self._first = 0 if kept is None else kept.size
        known = {} if kept is None else kept.documents
        ahead = dict.fromkeys((record_id.hex() for record_id in world.ahead), True)
        self._not_met = ahead.keys() - known.keys()
        self._to_supplement = {e.record.record_id for e in world.supplements if e.position >= self._first}
        self._supplementing: set[bytes] = set()
        self._spoilt: set[bytes] = set()
        self._documents = Stored(ledger, Document, ahead | known)
        self._certificates = Stored(ledger, Certificate, altered=altered)
        self._altered = self._certificates.altered.copy()
        case = case_of_ledger(world.logged, today, None, outside_of(world.logged, (), trust), None, files)
        self._case: Case = replace(
            watched.void(case),
            documents=self._documents,
            certificates=self._certificates,
            ahead=_entries(world.supplements, faults),
        )
        self._bookings = {booked.id: booked for booked in self._case.bookings}
        self._fold = Fold(self._case, RULES, RINYA_2012, None if kept is None else kept.state)
        self._check = EntryCheck(self._elsewhere)
        self._tree = Frontier()
        self._reaching: dict[bytes, tuple[bytes, int]] = {}
        self._damage: list[IntegrityFinding] = [f for found in faults.values() for f in found]
        self.tally = Tally(RULES, heard.finding, heard.lot)
        if kept is not None:
            self._check.go_on(kept.replay, kept.logged_at)
            self._tree = Frontier(kept.size, list(kept.peaks))
            self._reaching = dict(kept.reaching)
            self.tally.waiting.update(kept.waiting)

    def run(self, end: int, jobs: int | None) -> None:
        """Read the entries before position ``end``."""
        with collecting_seldom():
            for found in read_checked(self._ledger, self._first or None, end, jobs, self._case):
                # One after the other for all of them: code that was just run runs faster.
                for checked in [self._checked(entry) for entry in found]:
                    self._judge(checked)
                self._heard.progress(found[-1].position + 1 - self._first, end - self._first)
        self._damage += stored.strays(self._ledger.database.reading)
        self._kept, self._root = self._keep(), self._tree.root()
        for judged in self._fold.close():
            self.tally.take_book(judged)
        self.tally.finish(self._case)

    def _keep(self) -> Kept:
        """All that a later audit needs to go on from here."""
        check, tree = self._check, self._tree
        return Kept(
            size=tree.size,
            logged_at=check.logged_at,
            peaks=[*tree.peaks],
            replay=check.replay,
            state=self._fold.state,
            documents=self._documents.known or {},
            reaching=self._reaching,
            waiting=dict(self.tally.waiting),
        )

    @property
    def stands(self) -> bool:
        """Whether what the first pass believed is what counts; going on, also whether the log signed this tree."""
        until = cut_offs(self._check.replay)
        counted = {i for i, (kid, position) in self._reaching.items() if position < until.get(kid, position + 1)}
        as_believed = counted == self._world.ids and not self._not_met and until == self._world.until
        as_believed &= self._altered == self._certificates.altered and self._to_supplement == self._supplementing
        return as_believed and (not self._first or self._is_signed())

    def world_found(self, end: int) -> World:
        """What the first pass should have found."""
        documents = {bytes.fromhex(i) for i in self._documents.known or () if i not in self._not_met}
        admitted, replay = self._reaching.keys() | documents, self._check.replay
        seen = Seen(admitted, replay.bound_key, cut_offs(replay), self.altered, self._spoilt)
        return read_world(self._ledger, end, seen)

    @property
    def altered(self) -> Mapping[str, Certificate]:
        """Certificates as their altered bytes say, by the ids that others cite."""
        return self._certificates.altered

    def audited(self, end: int) -> Audited:
        """The result."""
        return Audited(
            as_of=self._today,
            size=end,
            root=self._root,
            tally=self.tally,
            damage=tuple(sorted(self._damage, key=lambda finding: finding.position)),
            breaches=self._watched.findings,
            logs=self._watched.logs,
            not_run=self._watched.not_run(NOT_RUN),
            read_from=self._first,
            reaching_back=self._world.reaching_back_from(self._first) if self._first else 0,
            kept=None if self._watched.findings or any(f.is_damage for f in self._damage) else self._kept,
            streamed=True,
        )

    def _is_signed(self) -> bool:
        """Whether the log signed the tree of the entries taken, and of those logged since."""
        try:
            latest = self._ledger.checkpoint()
            checkpoint.verify_log(latest, self._ledger.log_name)
            tree = Frontier(self._tree.size, [*self._tree.peaks])
            for leaf in self._ledger.leaves(tree.size, latest.size):
                tree.append(leaf.hash)
        except IntegrityError:
            return False
        return (latest.size, latest.root) == (tree.size, tree.root())

    def _checked(self, entry: Found) -> _Checked:
        """Whether the next entry is in order among those before it."""
        if isinstance(entry, Good):
            alone, early = entry
            record, position, logged_at = alone.record, alone.position, alone.logged_at
            findings = self._check.take_alone(alone)
            if findings is not None:
                self._grow(record.record_id, logged_at)
                return _Checked(record, record.record_id, record.kid, position, logged_at, findings, early)
            (entry,) = stored.entries_between(self._ledger, position, position + 1)
        findings = self._check.take(entry)
        if any(finding.code == "chain-taken" for finding in findings):
            self._note_doubled(entry)
        self._grow(entry.record_id, entry.logged_at)
        place = (entry.record_id, entry.kid, entry.position, entry.logged_at)
        return _Checked(_readable(entry), *place, findings, None)

    def _grow(self, record_id: bytes, logged_at: int) -> None:
        self._tree.append(leaf_hash(record_id, logged_at) or bytes(HASH_BYTES))

    def _judge(self, checked: _Checked) -> None:
        """Judge an entry."""
        record, record_id, kid, position, logged_at, findings, early = checked
        faults = self._faults.get(record_id, [])
        admitted = record is not None and all(finding.is_notice for finding in (*findings, *faults))
        until = self._world.until.get(kid)
        if record is not None and isinstance(record.body, Certificate):
            self._note_certificate(record_id, findings, until is None or position < until)
        if until is not None and position >= until and all(finding.rule != "S102" for finding in findings):
            findings.append(cut_off(position, record_id, kid, until))
        self._damage += findings
        wrong = tuple(integrity_finding(found) for found in (*findings, *faults))
        if record is None:
            for finding in wrong:
                self.tally.find(finding)
            return
        if record.kind in REACHING_BACK and admitted:
            self._reaching[record_id] = (kid, position)
        body = record.body
        if isinstance(body, Certificate | Delivery):
            if isinstance(body, Certificate) and wrong and body.id not in self._certificates:
                self._certificates.altered[body.id] = body
            breaches = (replace(finding, record=body.id) for finding in self._watched.findings)
            opened = self._opened(body, record_id)
            entry = entry_as_read(record, body, position, logged_at, (*wrong, *breaches), opened)
            judged = self._fold.take(entry, early if early is not None and self._counts(early, entry) else None)
            self.tally.take(judged, self._case, record.subject, self._fold.state.closed)
            return
        for finding in wrong:
            self.tally.find(finding, record.subject)
        booked = self._bookings.get(record_id.hex()) if isinstance(body, Booking) else None
        if booked is not None:
            self.tally.take_book(self._fold.book(booked), record.subject)
        if isinstance(body, Document) and admitted:
            self._documents.add(body, counts=all(finding.is_notice for finding in findings))
            self._not_met.discard(body.id)

    def _note_certificate(self, record_id: bytes, findings: list[IntegrityFinding], in_time: bool) -> None:
        """``in_time``: before its key was cut off, by what the first pass believed."""
        if any(not finding.is_notice for finding in findings):
            self._spoilt.add(record_id)
        elif record_id in self._world.named and in_time:
            self._supplementing.add(record_id)

    def _note_doubled(self, entry: StoredEntry) -> None:
        first = stored.signed_before(self._ledger, entry)
        if first is not None:
            found = doubled(*first)
            self._damage.append(found)
            self.tally.find(integrity_finding(found))

    def _opened(self, body: Certificate | Delivery, record_id: bytes) -> frozenset[PrivateField]:
        """The personal fields of a certificate that are at hand; few have any, and no rule asks for prices."""
        personal = isinstance(body, Certificate) and bool(body.sealed) and is_personal(body)
        return opened_fields(body, disclosures(self._ledger.database, record_id)) if personal else frozenset()

    def _counts(self, early: Early, entry: Entry) -> bool:
        """Whether what rules said early of a certificate was said with what is known at its turn."""
        certificate = entry.value
        if entry.findings or self._certificates.altered or not isinstance(certificate, Certificate):
            return False
        return early.documents == papers_at_hand(certificate, self._case)

    def _elsewhere(self, record_id: bytes) -> Held | None:
        with self._ledger.database.reading() as connection:
            return foreign_record(connection, record_id)


def _in_memory(
    ledger: Ledger,
    today: date,
    until: int | None,
    trust: TrustList | None,
    watched: Watched,
    heard: Listeners,
    files: Mapping[bytes, bool],
) -> Audited:
    """The same with records of other logs, which have to be put in order with ours: all is read into memory."""
    reading = read_ledger(ledger, trust)
    logged = reading.logged if until is None else Past(ledger, reading).on(today)
    case, end = watched.void(case_of_ledger(logged, today, None, reading.outside, until, files)), ledger.end(until)
    run = Fold(case, RULES, RINYA_2012)
    tally, subjects = Tally(RULES, heard.finding, heard.lot), reading.subjects()
    for judged in run.run(case.entries):
        if isinstance(judged, Judged):
            tally.take(judged, case, subjects[judged.entry.value.id], run.state.closed)
        else:
            tally.take_book(judged, subjects.get(judged.id, ""))
    tally.finish(case)
    readable = {entry.position for entry in reading.logged}
    unreadable = [f for f in reading.damaged if f.record_id and f.position not in readable and f.position < end]
    on_others = [f for e in logged if not isinstance(e.record.body, Certificate | Delivery) for f in e.findings]
    for finding in (*unreadable, *on_others):
        tally.find(integrity_finding(finding))
    tree = Frontier()
    for entry in logged:
        tree.append(leaf_hash(entry.record.record_id, entry.logged_at) or bytes(HASH_BYTES))
    return Audited(
        as_of=today,
        size=end,
        root=tree.root(),
        tally=tally,
        damage=(*reading.damaged, *reading.outside.damaged()),
        breaches=watched.findings,
        logs=watched.logs,
        not_run=watched.not_run(NOT_RUN),
        read_from=0,
        reaching_back=0,
        kept=None,
        streamed=False,
    )


def _readable(entry: StoredEntry) -> Record | None:
    """The record in an entry with which something is wrong; None where its bytes are none."""
    try:
        return known_as(parse_record(entry.envelope), entry.record_id)
    except (IntegrityError, UpdateNeededError):
        return None
