"""Records of other schemes that are held here, verified anew from their bytes and receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from biotrace.chain import checkpoint, completeness, receipt
from biotrace.chain.admit import Held
from biotrace.chain.bundle_check import VerifiedRecord, judge_records, read
from biotrace.chain.bundle_proof import Problem
from biotrace.chain.bundled import BundledRecord
from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.note import VerifierKey
from biotrace.chain.receipt import Logged as Proven
from biotrace.chain.record import Record
from biotrace.errors import IntegrityError
from biotrace.model.text import Text
from biotrace.store.foreign import ForeignLog, Statement, held_logs
from biotrace.store.ledger import Ledger

from .logged import Logged
from .private_fields import Disclosed


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
    logged: list[Logged] = []
    damaged: list[IntegrityFinding] = []
    at = 0
    for found in judged:
        index, record_id = found.bundled.index, found.bundled.record_id
        findings = tuple(IntegrityFinding(p.rule, index, record_id, p.message) for p in found.problems)
        damaged += findings
        at = found.logged.leaf.logged_at if found.logged is not None else at
        if found.record is not None:
            logged.append(Logged(index, at, found.record, findings, disclosed.get(record_id, ()), key.name))
    covered = frozenset(i for statement in log.statements for i in _covered(log, key, statement))
    size = max((tree.size for tree in log.trees), default=0)
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
