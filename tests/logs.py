"""A log in memory that took the records of a chain, and the bundles that it makes of them.

log = Log(ChainBuilder().story().records)
data = bundle.make(log.bundle(about=["c-2"]))
data = bundle.make(log.bundle(only=["c-2", "d-1"]))      # and whatever says whose their keys are
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from biotrace.chain import bundle, checkpoint, completeness, merkle, receipt
from biotrace.chain.bundle_check import VerifiedBundle, VerifiedRecord, verify
from biotrace.chain.bundled import Bundle, BundledRecord, History, LogPart
from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import RecordKind
from biotrace.chain.leaf import Leaf
from biotrace.chain.note import ED25519, VerifierKey
from biotrace.chain.record import Record
from tests.builders import NOW, ROOT, ChainBuilder, device_key
from tests.trees import tree_of

ORIGIN = "log.example/nagano"
LATER = NOW + 100_000
KEYS = (RecordKind.KEY, RecordKind.KEY_END, RecordKind.ACCREDITATION)


class Log:
    """The log of that name, under a key of its own or one given, with these records at their indexes."""

    def __init__(
        self,
        records: Sequence[Record],
        name: str = ORIGIN,
        times: Sequence[int] | None = None,
        key: DeviceKey | None = None,
    ) -> None:
        self.records = list(records)
        self.name = name
        self.key = key or device_key(f"log {name}")
        self.vkey = VerifierKey(name, ED25519, self.key.public)
        logged = times or range(LATER, LATER + len(self.records))
        self.leaves = [Leaf(record.record_id, at) for record, at in zip(self.records, logged, strict=True)]
        self.tree = tree_of(leaf.to_bytes() for leaf in self.leaves)

    def index(self, subject: str) -> int:
        """Where the last record about that subject stands."""
        return max(i for i, record in enumerate(self.records) if record.subject == subject)

    def record_id(self, subject: str) -> bytes:
        """Id of the last record about that subject."""
        return self.records[self.index(subject)].record_id

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        """The checkpoint at that size; at its own without one."""
        size = size or len(self.records)
        return checkpoint.make(self.name, size, self.tree.root(size), self.key)

    def receipt(self, index: int, size: int | None = None) -> bytes:
        """The receipt for the record at ``index``, in the tree of that size."""
        size = size or len(self.records)
        path = merkle.inclusion_proof(index, size, self.tree.node)
        made = receipt.make(self.key, self.name, self.leaves[index], index, size, path, self.tree.root(size))
        return made.to_bytes()

    def bundled(self, index: int, size: int | None = None) -> BundledRecord:
        """The record at ``index`` with its receipt."""
        return BundledRecord(index, self.records[index].envelope, self.receipt(index, size))

    def history(self, size: int, later: int | None = None) -> History:
        """The earlier tree of that size."""
        proof = merkle.consistency_proof(size, later or len(self.records), self.tree.node)
        return History(size, self.tree.root(size), tuple(proof))

    def part(self, only: Iterable[str] | None = None, **changes: Any) -> LogPart:
        """What the log shows of all records, or of ``only`` these subjects and the keys."""
        names = None if only is None else set(only)
        indexes = [i for i, r in enumerate(self.records) if names is None or r.kind in KEYS or r.subject in names]
        records = tuple(self.bundled(index) for index in indexes)
        parts: dict[str, Any] = {"key": self.vkey, "checkpoint": self.checkpoint(), "history": (), "records": records}
        return LogPart(**parts | changes)

    def statement(self, lots: Iterable[str], part: LogPart, at: Checkpoint | None = None) -> bytes:
        """The operator's word that the part has all records that touch the lots."""
        records = [(record.index, record.record_id) for record in part.records]
        about = [self.record_id(lot) for lot in lots]
        return completeness.make(self.key, at or self.checkpoint(), about, records, LATER).to_bytes()

    def bundle(self, about: Iterable[str] = (), only: Iterable[str] | None = None, **changes: Any) -> Bundle:
        """A bundle of this log alone."""
        parts: dict[str, Any] = {"made_at": LATER, "about": tuple(sorted(self.record_id(lot) for lot in about))}
        return Bundle(**parts | {"logs": (self.part(only),)} | changes)


def with_record(part: LogPart, index: int, **changes: Any) -> LogPart:
    """The part with one record changed."""
    records = [replace(r, **changes) if r.index == index else r for r in part.records]
    return replace(part, records=tuple(records))


def without(part: LogPart, *indexes: int) -> LogPart:
    """The part without these records."""
    return replace(part, records=tuple(r for r in part.records if r.index not in indexes))


def another_scheme() -> ChainBuilder:
    """A chain for a second log: the same people and keys, other records from the first on."""
    chain = ChainBuilder()
    chain.records, chain.signers, chain._at = [], {}, NOW + 7
    chain.key(ROOT)
    return chain


def sent(made: Bundle) -> VerifiedBundle:
    """What a receiver gets of it."""
    return verify(bundle.parse(bundle.make(made)))


def judged(found: VerifiedBundle, record_id: bytes) -> VerifiedRecord:
    """The record of that id."""
    (record,) = [r for part in found.parts for r in part.records if r.bundled.record_id == record_id]
    return record


def problems(found: VerifiedBundle) -> dict[str, list[tuple[str, str]]]:
    """Rules and codes of what is wrong, by the subject of the record, or its index where it is none."""
    return {
        record.record.subject if record.record else str(record.bundled.index): [
            (problem.rule, problem.code) for problem in record.problems
        ]
        for part in found.parts
        for record in part.records
        if record.problems
    }
