"""Records of other schemes that are held here, verified anew from their bytes and receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from biotrace.chain import checkpoint, completeness, receipt
from biotrace.chain.admit import Held
from biotrace.chain.bundle_check import VerifiedRecord, judge_records, read
from biotrace.chain.bundle_proof import Problem
from biotrace.chain.bundled import BundledRecord
from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.note import VerifierKey
from biotrace.chain.receipt import Logged as Proven
from biotrace.chain.record import Record
from biotrace.chain.trust_list import TrustList
from biotrace.errors import IntegrityError
from biotrace.model.accreditation import Grant, RenewalRequest
from biotrace.model.party import Accreditation, Party, Role
from biotrace.model.text import Text
from biotrace.store.foreign import ForeignLog, Statement, held_logs
from biotrace.store.ledger import Ledger
from biotrace.verify.facts import same_number

from .logged import Logged, parties_of
from .private_fields import Disclosed

BodyKeys = Mapping[str, Mapping[bytes, int | None]]
"""By party id and name of the key (kid): the last second at which what it signed counts; None: no end is known."""

_EXEMPT = frozenset({Role.OWNER, Role.FOREST_OFFICE, Role.MUNICIPALITY})
"""Roles that need no accreditation: whoever gives them out confirms wood."""


def listed_keys(trust: TrustList) -> dict[str, dict[bytes, int | None]]:
    """The keys of bodies that a trust list names."""
    return {body.party: {key.public.kid: key.until for key in body.keys} for body in trust.contents.bodies}


@dataclass(frozen=True, slots=True)
class ForeignReading:
    """What is held of one other log. ``size``: of its newest tree that is known here.

    ``covered``: ids of records of which the log's operator stated that no other record touches them. ``damaged``: what
    is wrong with any of them, readable or not.
    """

    log: VerifierKey
    size: int
    logged: tuple[Logged, ...]
    covered: frozenset[bytes]
    damaged: tuple[IntegrityFinding, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known beside our own log. ``body_keys``: which keys speak for an accrediting body, by party id.

    ``trusted_bodies`` and ``listed``, logs: by the trust list; without one None, and none.
    """

    logs: tuple[ForeignReading, ...] = ()
    body_keys: BodyKeys = field(default_factory=dict)
    trusted_bodies: frozenset[str] | None = None
    listed: frozenset[VerifierKey] = frozenset()

    def shown(self, until: int | None) -> dict[str, list[Logged]]:
        """By log, its records; those logged until then, seconds since 1970-01-01 UTC, where given."""
        return {log.log.name: [e for e in log.logged if until is None or e.logged_at <= until] for log in self.logs}

    def damaged(self) -> tuple[IntegrityFinding, ...]:
        """What is wrong with any record of another log."""
        return tuple(finding for log in self.logs for finding in log.damaged)

    def uncovered(self) -> frozenset[str]:
        """Ids (hex) of records of which nobody vouches that nothing touching them was left out."""
        return frozenset(
            e.record.record_id.hex() for log in self.logs for e in log.logged if e.record.record_id not in log.covered
        )

    def parties(self, own: Sequence[Logged], shown: Mapping[str, Sequence[Logged]]) -> dict[str, Party]:
        """Our own statements about parties, and what other logs add; see ``counts``.

        Our copy of an accreditation gives way to the body's own word, which alone tells of a revocation. What another
        operator says of who needs none does not count, unless a trust list names the log.
        """
        requests = [e for log in (own, *shown.values()) for e in log if isinstance(e.record.body, RenewalRequest)]
        parties = parties_of((*own, *requests))
        listed = {log.name for log in self.listed}
        for log, entries in shown.items():
            for name, party in parties_of((*filter(self.counts, entries), *requests)).items():
                known = parties.get(name) or replace(party if log in listed else _not_exempt(party), accreditations=())
                parties[name] = replace(known, accreditations=_with(known.accreditations, party.accreditations))
        return parties

    def accredited_as_shown(self, shown: Mapping[str, Sequence[Logged]]) -> frozenset[str]:
        """The parties with an accreditation in another log of which nobody vouches that it was not revoked."""
        uncovered = self.uncovered()
        grants = (e for entries in shown.values() for e in entries if isinstance(e.record.body, Grant))
        bare = (e.record.body for e in grants if self.counts(e) and e.record.record_id.hex() in uncovered)
        return frozenset(grant.party for grant in bare if isinstance(grant, Grant))

    def counts(self, entry: Logged) -> bool:
        """Whether a record of another log counts here; of all but grants its log decides.

        Of grants only those that a key signed which we know as the body's, or, for a company's own code, as the
        company's: another operator's copy, of its own accreditation above all, proves nothing here.
        """
        grant = entry.record.body
        if not isinstance(grant, Grant):
            return True
        known = self.body_keys.get(grant.accreditation.body or grant.party, {})
        if entry.record.transcribed or entry.record.kid not in known:
            return False
        until = known[entry.record.kid]
        return until is None or entry.logged_at <= until


def _with(known: Iterable[Accreditation], more: Iterable[Accreditation]) -> tuple[Accreditation, ...]:
    """The accreditations with more, which take the place of copies for the same time under the same number."""
    added = tuple(more)
    kept = [a for a in known if not any(_is_copy(a, own) for own in added)]
    return tuple(sorted((*kept, *added), key=lambda a: a.start))


def _is_copy(one: Accreditation, other: Accreditation) -> bool:
    if one.number is None or other.number is None or one.body != other.body:
        return one == other
    together = one.start <= (other.until or date.max) and other.start <= (one.until or date.max)
    return together and same_number(one.number, other.number)


def _not_exempt(party: Party) -> Party:
    return replace(party, roles=tuple(role for role in party.roles if role not in _EXEMPT), as_business=True)


def read_foreign(ledger: Ledger, own: Mapping[bytes, Held], disclosed: Disclosed) -> tuple[ForeignReading, ...]:
    """All other logs of which something is held, by name. ``own``: what is known of our own records, which they cite.

    Raises UpdateNeededError at a record of a later version.
    """
    logs = held_logs(ledger.database)
    reads = {r.record_id: read(r.envelope) for log in logs for r in log.records}
    known = {record_id: Held.of(found) for record_id, found in reads.items() if isinstance(found, Record)}
    readings = []
    for log in logs:
        key = VerifierKey.parse(log.vkey)
        ours = {record.record_id for record in log.records}
        elsewhere = {**own, **{i: held for i, held in known.items() if i not in ours}}
        proofs = [_proof(log, key, record) for record in log.records]
        judged = judge_records(log.records, proofs, reads, elsewhere)
        readings.append(_reading(log, key, judged, disclosed))
    return tuple(readings)


def _proof(log: ForeignLog, key: VerifierKey, record: BundledRecord) -> Proven | Problem:
    """What the receipt shows, if its tree is one that was shown to be of the one growing log."""
    try:
        proven = receipt.verify(receipt.parse(record.receipt), record.record_id, key.name, key.public)
    except IntegrityError as error:
        return Problem("S104", "not-logged", error.message)
    if proven.index != record.index or (proven.size, proven.root) not in {(t.size, t.root) for t in log.trees}:
        reason = Text("受領証がこのログの木と合わない", "its receipt does not fit the trees of its log")
        return Problem("S104", "not-logged", reason)
    return proven


def _reading(
    log: ForeignLog, key: VerifierKey, judged: Sequence[VerifiedRecord], disclosed: Disclosed
) -> ForeignReading:
    covered = frozenset(i for statement in log.statements for i in _covered(log, key, statement))
    return reading_of(key, max((tree.size for tree in log.trees), default=0), judged, disclosed, covered)


def reading_of(
    key: VerifierKey, size: int, judged: Sequence[VerifiedRecord], disclosed: Disclosed, covered: frozenset[bytes]
) -> ForeignReading:
    """Verified records of another log, ready for a verdict."""
    logged: list[Logged] = []
    damaged: list[IntegrityFinding] = []
    at = 0
    for found in judged:
        index, record_id = found.bundled.index, found.bundled.record_id
        findings = tuple(IntegrityFinding(p.rule, p.code, index, record_id, p.message) for p in found.problems)
        damaged += findings
        at = found.logged.leaf.logged_at if found.logged is not None else at
        if found.record is not None:
            logged.append(Logged(index, at, found.record, findings, disclosed.get(record_id, ()), key.name))
    return ForeignReading(key, size, tuple(logged), covered, tuple(damaged))


def _covered(log: ForeignLog, key: VerifierKey, statement: Statement) -> set[bytes]:
    """The records that a statement is about; none where it does not verify."""
    ids = {record.index: record.record_id for record in log.records}
    try:
        said, at = completeness.parse(statement.statement), checkpoint.parse(statement.checkpoint)
        checkpoint.verify_log(at, key)
        records = [(index, ids[index]) for index in statement.indexes if index in ids]
        completeness.verify(said, at, key, said.lots, records)
    except IntegrityError:
        return set()
    return {record_id for _, record_id in records}
