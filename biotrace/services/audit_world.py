"""What reaches back in a log: a first pass over the few entries that bear on others, wherever these stand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from biotrace.chain.binding import BoundKey, End, binding_of, counts_until
from biotrace.chain.integrity import StoredEntry, check_alone
from biotrace.chain.kinds import KeyBinding, KeyEnd, RecordKind
from biotrace.chain.record import Record, parse_record
from biotrace.chain.replay import Replay
from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.document import Document
from biotrace.model.stock import Plan, StockEntry, StockKind
from biotrace.store.closure import EVERYWHERE
from biotrace.store.disclosures import disclosures
from biotrace.store.integrity import entries_of, entries_with
from biotrace.store.ledger import Ledger

from .logged import Logged
from .private_fields import by_record

REACHING_BACK = frozenset(
    {
        *EVERYWHERE,
        *(RecordKind.CORRECTION, RecordKind.SITE, RecordKind.STOCK, RecordKind.CONSUMPTION, RecordKind.PLAN),
        *(RecordKind.RETENTION_HOLD, RecordKind.CHALLENGE, RecordKind.ANSWER, RecordKind.TOMBSTONE),
    }
)
"""Kinds that change what is known of records logged before them, or that nothing cites."""

_AT_HAND = 4096
_Body = TypeVar("_Body", Certificate, Document)


@dataclass(frozen=True, slots=True)
class World:
    """Entries of the kinds that reach back, and the index from which on each ended key counts no more.

    ``ahead``: ids of documents that count for certificates logged before them, which others that cite them supplement;
    ``named``: ids of those others, and ``supplements``: which of them count.
    """

    logged: tuple[Logged, ...]
    until: Mapping[bytes, int]
    ahead: frozenset[bytes]
    named: frozenset[bytes]
    supplements: tuple[Logged, ...]

    @property
    def ids(self) -> frozenset[bytes]:
        """The records that it believes to reach back."""
        return frozenset(entry.record.record_id for entry in self.logged)

    def reaching_back_from(self, first: int) -> int:
        """How many entries from that position on may bear on those before it."""
        return sum(entry.position >= first and _may_reach_back(entry.record) for entry in self.logged)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a pass over the whole log saw.

    ``admitted``: ids of the records that are in order there. ``keys``: those that were bound, and ``until``: where they
    were cut off. ``altered``: certificates as their altered bytes say, by the ids that others cite; ``spoilt``: ids of
    all certificates that are not in order.
    """

    admitted: Collection[bytes]
    keys: Callable[[bytes], BoundKey | None]
    until: Mapping[bytes, int]
    altered: Mapping[str, Certificate]
    spoilt: Collection[bytes]


def read_world(ledger: Ledger, end: int, seen: Seen | None = None) -> World:
    """The entries before position ``end`` that reach back.

    They are found by columns of the database, and only by themselves known to be good: who passes over the whole log
    sees whether these, and no others, count there. ``seen``: what it saw, once that is known.
    """
    keys = Replay()
    found: list[Logged] = []
    private = by_record(disclosures(ledger.database))
    believed = _Believed(ledger.bound_key if seen is None else seen.keys, None if seen is None else seen.admitted)
    for record, entry in believed.of(entries_of(ledger, REACHING_BACK, end)):
        if (binding := binding_of(record, entry.position)) is not None:
            keys.bind(*binding)
        if isinstance(record.body, KeyEnd):
            keys.end(record.body.kid, End(record.body.first, record.kid, entry.position))
        values = private.get(record.record_id, ())
        found.append(Logged(entry.position, entry.logged_at, record, (), values))
    until = cut_offs(keys) if seen is None else seen.until
    counting = tuple(logged for logged in found if logged.position < until.get(logged.record.kid, end))
    certificates = Stored(ledger, Certificate, altered={} if seen is None else seen.altered)
    named = _supplementing(certificates, counting)
    papers = {bytes.fromhex(document) for c in named.values() for document in c.documents}
    ahead = believed.of(entries_with(ledger, papers, end))
    documents = (r.record_id for r, e in ahead if isinstance(r.body, Document) and e.position < until.get(r.kid, end))
    sound = named.keys() - (() if seen is None else seen.spoilt)
    supplements = tuple(
        Logged(entry.position, entry.logged_at, record)
        for record, entry in believed.alone(entries_with(ledger, sound, end))
        if isinstance(record.body, Certificate) and entry.position < until.get(record.kid, end)
    )
    return World(counting, until, frozenset(documents), frozenset(named), supplements)


class _Believed:
    """Entries that are good by themselves, and among ``admitted`` where that is known."""

    def __init__(self, keys: Callable[[bytes], BoundKey | None], admitted: Collection[bytes] | None) -> None:
        self._bound, self._admitted = keys, admitted
        self._keys: dict[bytes, bytes | None] = {}

    def of(self, entries: Iterable[StoredEntry]) -> Iterator[tuple[Record, StoredEntry]]:
        for record, entry in self.alone(entries):
            if self._admitted is None or record.record_id in self._admitted:
                yield record, entry

    def alone(self, entries: Iterable[StoredEntry]) -> Iterator[tuple[Record, StoredEntry]]:
        """Those that are good by themselves, whether admitted or not."""
        for entry in entries:
            if entry.kid not in self._keys:
                bound = self._bound(entry.kid)
                self._keys[entry.kid] = None if bound is None else bound.public
            alone = check_alone(entry, self._keys[entry.kid])
            if alone is not None:
                yield alone.record, entry


def _supplementing(certificates: Stored[Certificate], logged: Iterable[Logged]) -> dict[bytes, Certificate]:
    """The certificates that supplement others, by their record's id."""
    said = (entry.record.body for entry in logged)
    supplements = {b.by for b in said if isinstance(b, Correction) and b.action is Action.SUPPLEMENT and b.by}
    found = ((supplement, certificates.get(supplement)) for supplement in supplements)
    return {bytes.fromhex(supplement): c for supplement, c in found if c is not None}


def _may_reach_back(record: Record) -> bool:
    """A key signs what comes later, a plan is of a time to come, and what goes out of a yard leaves what came in."""
    if isinstance(record.body, StockEntry):
        return record.body.kind is not StockKind.WITHDRAWAL
    return not isinstance(record.body, KeyBinding | Plan)


def cut_offs(keys: Replay) -> dict[bytes, int]:
    """By kid, the index from which on nothing counts that the key signed; of the keys that were ended."""
    untils = ((kid, counts_until(kid, keys)) for kid in keys.known_keys())
    return {kid: until for kid, until in untils if until is not None}


class Stored(Mapping[str, _Body]):
    """Certificates or documents by id, found again in the ledger and proven by their hash; the last stay at hand.

    ``known``: by id, whether it counts, of those that are in order; None: whatever the ledger holds counts.
    ``altered``: those whose bytes are another's by now, as they read, by the ids that others cite.
    """

    def __init__(
        self,
        ledger: Ledger,
        of: type[_Body],
        known: dict[str, bool] | None = None,
        altered: Mapping[str, _Body] | None = None,
    ) -> None:
        self._ledger = ledger
        self._of: type[_Body] = of
        self.known = known
        self.altered: dict[str, _Body] = dict(altered or {})
        self._at_hand: OrderedDict[str, _Body] = OrderedDict()

    def add(self, body: _Body, *, counts: bool) -> None:
        """Know it from now on."""
        if self.known is not None:
            self.known[body.id] = counts
        if counts:
            self._keep(body)

    def __getitem__(self, record_id: str) -> _Body:
        found = self._at_hand.get(record_id) or self.altered.get(record_id)
        if found is None:
            found = self._read(record_id)
            self._keep(found)
        return found

    def __contains__(self, record_id: object) -> bool:
        if self.known is not None:
            return isinstance(record_id, str) and self.known.get(record_id, False)
        return super().__contains__(record_id)

    def _keep(self, body: _Body) -> None:
        self._at_hand[body.id] = body
        if len(self._at_hand) > _AT_HAND:
            self._at_hand.popitem(last=False)

    def _read(self, record_id: str) -> _Body:
        if self.known is not None and not self.known.get(record_id):
            raise KeyError(record_id)
        envelope = self._ledger.envelope(bytes.fromhex(record_id))
        if envelope is None:
            raise KeyError(record_id)
        try:
            body = parse_record(envelope).body
        except (IntegrityError, UpdateNeededError):
            raise KeyError(record_id) from None
        if isinstance(body, self._of):
            found: _Body = body
            if found.id == record_id:
                return found
        raise KeyError(record_id)

    def __iter__(self) -> Iterator[str]:
        raise TypeError("what a log holds is looked up, never listed")

    def __len__(self) -> int:
        raise TypeError("what a log holds is looked up, never counted")
