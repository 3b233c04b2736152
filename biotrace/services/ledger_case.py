"""A ledger as a case: records in log order, judged by the same rules as a casebook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from biotrace.chain.admit import Held
from biotrace.chain.integrity import COLUMNS, CUT_OFF, IntegrityFinding
from biotrace.chain.keys import kid_of
from biotrace.chain.kinds import KeyBinding, KeyEnd, TrustedBodies
from biotrace.chain.record import Record, parse_record
from biotrace.chain.trust_list import TrustList
from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.place import Concordance
from biotrace.model.text import Text
from biotrace.store.disclosures import disclosures
from biotrace.store.integrity import check_integrity, stored_entries
from biotrace.store.ledger import Ledger
from biotrace.verify.case import Case, Entry, Evidence, Placed
from biotrace.verify.effect import Effect
from biotrace.verify.rule import Finding
from biotrace.verify.rules.integrity import BY_CODE, OF_THE_LEDGER

from .foreign import ForeignReading, Outside, listed_keys, read_foreign
from .kept_papers import NO_FILES, kept_of
from .ledger_books import own_books
from .logged import Logged
from .merged import OWN, in_order
from .private_fields import by_record, opened_fields
from .shipped import municipalities
from .times import day_of

NOTHING_ELSE = Outside()


@dataclass(frozen=True, slots=True)
class Reading:
    """A ledger read from its stored bytes. ``damaged``: everything wrong with any entry, readable or not."""

    logged: tuple[Logged, ...]
    damaged: tuple[IntegrityFinding, ...]
    outside: Outside = NOTHING_ELSE

    @property
    def broken(self) -> tuple[IntegrityFinding, ...]:
        """What of ``damaged`` keeps the ledger from taking more: not what a stolen key signed before it was cut off."""
        return tuple(finding for finding in self.damaged if finding.is_damage)

    @property
    def everything(self) -> Sequence[Logged]:
        """Our entries and the records of other logs, each after what it cites."""
        shown = self.outside.shown(None)
        return in_order({OWN: self.logged, **shown}) if shown else self.logged

    def parties(self) -> dict[str, Party]:
        """The parties, as our log states them, or another."""
        return self.outside.parties(self.logged, self.outside.shown(None))

    def subjects(self) -> dict[str, str]:
        """Record id (hex) -> what its signer calls it."""
        return {entry.record.record_id.hex(): entry.record.subject for entry in self.everything}


def read_ledger(ledger: Ledger, trust: TrustList | None = None) -> Reading:
    """Every entry, re-hashed and verified from its stored bytes; entries whose bytes are no record are left out.

    With what is held of other logs, each record likewise. ``trust``: who the accrediting bodies are. Raises
    UpdateNeededError at a record, properly signed, of a version that this release does not know.
    """
    parse = _Once()
    damaged = tuple(check_integrity(ledger, parse))
    on_entries: dict[tuple[int, bytes], list[IntegrityFinding]] = {}
    for finding in damaged:
        on_entries.setdefault((finding.position, finding.record_id), []).append(finding)
    private = by_record(disclosures(ledger.database))
    logged = []
    for stored in stored_entries(ledger):
        try:
            record = parse(stored.envelope)
        except (IntegrityError, UpdateNeededError):
            # It is among ``damaged``; a later version that is properly signed has ended the check above.
            continue
        findings = tuple(on_entries.get((stored.position, stored.record_id), ()))
        known, values = known_as(record, stored.record_id), private.get(record.record_id, ())
        logged.append(Logged(stored.position, stored.logged_at, known, findings, values))
    own = {e.record.record_id: Held.of(e.record) for e in logged if e.sound}
    return Reading(tuple(logged), damaged, outside_of(logged, read_foreign(ledger, own, private), trust))


class _Once:
    """``parse_record``, once for the same bytes: a ledger is gone through twice."""

    def __init__(self) -> None:
        self._records: dict[bytes, Record] = {}

    def __call__(self, envelope: bytes) -> Record:
        record = self._records.get(envelope)
        if record is None:
            record = self._records[envelope] = parse_record(envelope)
        return record


def outside_of(logged: Sequence[Logged], logs: tuple[ForeignReading, ...], trust: TrustList | None) -> Outside:
    """Who the bodies are: by the trust list, and by keys that our own root key bound to them, until their end."""
    keys: dict[str, dict[bytes, int | None]] = {}
    ends = _last_seconds(logged)
    for entry in logged:
        body = entry.record.body
        if isinstance(body, KeyBinding) and entry.sound:
            kid = kid_of(body.public_key)
            keys.setdefault(body.party, {})[kid] = ends.get(kid)
    if trust is None:
        return Outside(logs, keys)
    named = listed_keys(trust)
    for party, listed in named.items():
        for kid, until in listed.items():
            known = [last for last in (until, ends.get(kid)) if last is not None]
            keys.setdefault(party, {})[kid] = min(known, default=None)
    return Outside(logs, keys, frozenset(named), frozenset(trust.contents.logs))


def _last_seconds(logged: Sequence[Logged]) -> dict[bytes, int]:
    """For each key that was ended: the last second before that, by the time of our log. Others' indexes are others."""
    ends: dict[bytes, int] = {}
    for entry in logged:
        body = entry.record.body
        if isinstance(body, KeyEnd) and entry.sound:
            first = next((e.logged_at for e in logged if e.position >= body.first), entry.logged_at)
            ends[body.kid] = min(first - 1, ends.get(body.kid, first))
    return ends


def known_as(record: Record, record_id: bytes) -> Record:
    """The record under the id that others cite: with one byte changed it has another, and would seem to be missing."""
    if record.record_id == record_id:
        return record
    body = record.body
    if isinstance(body, Certificate | Delivery | Document | Concordance):  # these bear their record's id
        body = replace(body, id=record_id.hex())
    return replace(record, record_id=record_id, body=body)


def case_of_ledger(
    logged: Iterable[Logged],
    today: date,
    within: Collection[int] | None = None,
    outside: Outside = NOTHING_ELSE,
    until: int | None = None,
    files: Mapping[bytes, bool] = NO_FILES,
) -> Case:
    """Our records, those among ``within`` where given, and other logs' as a case. ``files``: see ``kept_of``.

    As of a day: see ``biotrace.services.past``; ``until``: of other logs only what was logged until then. What is
    wrong with the bytes of a certificate or delivery becomes a finding on it; any other record with
    such a fault proves nothing and is left out.
    """
    own, shown = list(logged), outside.shown(until)
    known = enumerate(in_order({OWN: own, **shown})) if shown else ((e.position, e) for e in own)
    kept = [(order, e) for order, e in known if within is None or e.log or e.position in within]
    sound = [(order, e) for order, e in kept if e.sound]
    corrections: dict[str, list[Placed]] = {}
    home = {e.record.record_id.hex(): e.log for _, e in sound if isinstance(e.record.body, Certificate)}
    for order, entry in sound:
        if isinstance(entry.record.body, Correction):
            of = entry.record.body.certificate
            if entry.log not in (OWN, home.get(of)):
                continue  # in a log of their own anybody is whom they like, and may put on hold what they like
            corrections.setdefault(of, []).append(Placed(order, entry.record.body, entry.record.issuer))
    bodies = [e.record.body for _, e in sound]
    trusted = [b for b in (e.record.body for _, e in sound if not e.log) if isinstance(b, TrustedBodies)]
    named = frozenset(trusted[-1].bodies) if trusted else None
    judged = ((n, e, e.record.body) for n, e in kept)
    sites, bookings = own_books(sound) if within is None else ({}, ())
    return Case(
        entries=tuple(entry_of(n, e, body) for n, e, body in judged if isinstance(body, Certificate | Delivery)),
        today=today,
        parties=outside.parties(own, shown),
        documents={b.id: b for b in bodies if isinstance(b, Document)},
        concordances=tuple(b for b in bodies if isinstance(b, Concordance)),
        trusted_bodies=named if outside.trusted_bodies is None else outside.trusted_bodies,
        corrections={of: tuple(placed) for of, placed in corrections.items()},
        integrity_checked=True,
        shown_only=outside.uncovered(),
        accredited_as_shown=outside.accredited_as_shown(shown),
        kept=kept_of(sound, files),
        sites=sites,
        bookings=bookings,
        municipalities=municipalities(),
    )


def require_sound(reading: Reading) -> None:
    """Raise IntegrityError where anything is wrong with any entry: a damaged ledger takes nothing more."""
    if reading.broken:
        raise IntegrityError(
            Text("台帳に壊れた記録があり、書き足せません: ", "the ledger is damaged and takes nothing more: ")
            + reading.broken[0].message,
            Text(
                "biotrace verify で確かめ、控えから戻してください", "see biotrace verify, and restore it from a backup"
            ),
            code="damaged",
        )


def entry_of(order: int, logged: Logged, value: Certificate | Delivery) -> Entry:
    """A certificate or delivery in its place; what is wrong with its bytes becomes findings on it."""
    evidence = Evidence.TRANSCRIBED if logged.record.transcribed else Evidence.SIGNED
    findings = tuple(integrity_finding(f) for f in logged.findings)
    opened = opened_fields(value, logged.disclosed)
    return Entry(order, value, evidence, findings, day_of(logged.logged_at), logged.record.issuer, opened)


def integrity_finding(found: IntegrityFinding) -> Finding:
    """What is wrong with an entry's bytes, as a finding: the record proves nothing, or, for a notice, stands.

    What belongs to no one entry is on no record (``record`` is empty).
    """
    where = Text(f"台帳の {found.position} 番: ", f"entry {found.position}: ") if found.record_id else Text("", "")
    told = BY_CODE[found.rule]
    expected, remedy = told.expected if found.record_id else OF_THE_LEDGER, told.remedy
    if found.code == CUT_OFF:
        expected = Text("鍵の失効より前に台帳に入った記録", "a record that was logged before its key's end")
        remedy = Text("正しいものは新しい鍵で発行し直す", "issue anew, with the new key, what is right in it")
    elif found.code == COLUMNS:
        remedy = Text(
            "biotrace rebuild で比べ、--write で作り直す。記録そのものが壊れていれば控えから戻す",
            "compare and mend with biotrace rebuild (--write); where records themselves are damaged, restore a backup",
        )
    return Finding(
        code=found.rule,
        record=found.record_id.hex(),
        effect=Effect.NOTICE if found.is_notice else told.effect,
        clause=told.clause,
        message=told.name,
        expected=expected,
        found=where + found.message,
        remedy=remedy,
    )
