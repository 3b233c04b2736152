"""Whether what a database holds is still what was signed: every entry judged again, from its bytes.

The rules, by their codes in the catalogue: S101 the signature does not verify; S102 the key was not bound to the
signer, or may not speak for them; S103 a chain or the order of the log breaks; S106 the bytes are not canonical, or
the database says something else than they do. S104, the log's tree and checkpoints: ``biotrace.chain.tree_integrity``.

S103 has two effects: a second record for a place already taken, or with a wrong predecessor, proves nothing; what
follows a gap, and the first record of a doubled place, stand and are to be looked at (``NOTICES``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.text import Text

from . import cose
from .admit import Held, admit, check_citations
from .binding import BoundKey, End, binding_of, counts_until
from .keys import PublicKey
from .kinds import KeyEnd, RecordKind
from .record import Citations, Record, citations, content_digest, parse_record, verify_record, without_bytes
from .replay import Replay

_RULE = {
    "signature": "S101",
    "first-record": "S102",
    "key-unknown": "S102",
    "issuer": "S102",
    "root-only": "S102",
    "key-ended": "S102",
    "key-not-yours": "S102",
    "key-end-index": "S102",
    "release-what": "S102",
    "key-bound": "S102",
    "not-own": "S102",
    "not-a-body": "S102",
    "chain-taken": "S103",
    "chain-gap": "S103",
    "chain-prev": "S103",
}
"""Code of a refusal -> rule; S106 for every other."""

CHAIN_DOUBLED = "chain-doubled"
"""The first record for a place in its key's chain for which the key signed another one."""
COLUMNS = "columns"
"""The database repeats something else than the record says, which may itself be sound."""
CUT_OFF = "key-cut-off"
"""What a key signed, and the ledger rightly took, before a later record ended the key from before that on."""
NOTICES = frozenset({"chain-gap", "log-gap", CHAIN_DOUBLED})
"""Codes of findings that leave the record its worth."""
DOUBLED = Text(
    "この鍵は同じ順番の記録にもう一度署名しています（先に台帳に入ったこちらが有効）",
    "its key signed a second record for the same place of its chain; this one was logged first and stands",
)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as a database holds it: the bytes, and the columns that repeat what they say.

    ``parents``: positions of what it cites, ascending. ``binding``: kid and key that it is said to bind. ``key_end``:
    kid and index from which on it is said to end that key.
    """

    position: int
    record_id: bytes
    envelope: bytes
    kind: int
    issuer: str
    subject: str
    kid: bytes
    seq: int
    content: bytes
    logged_at: int
    parents: tuple[int, ...]
    binding: tuple[bytes, BoundKey] | None
    key_end: tuple[bytes, int] | None

    def repeated(self, record: Record) -> dict[str, object]:
        """What the columns have to say by the record alone, by name. A store that repeats more adds to it."""
        return {
            "record_id": record.record_id,
            "kind": int(record.kind),
            "issuer": record.issuer,
            "subject": record.subject,
            "kid": record.kid,
            "seq": record.seq,
            "content": content_digest(record),
        }

    def repeats(self, record: Record) -> bool:
        """Whether the columns say what the record alone says."""
        return all(getattr(self, name) == value for name, value in self.repeated(record).items())


@dataclass(frozen=True, slots=True)
class IntegrityFinding:
    """What is wrong with the entry at ``position``, or, where ``record_id`` is empty, with the ledger there.

    ``record_id`` is the one that the database states. Findings on the whole stand after the last entry. ``code``: what
    exactly is wrong, stable: that of the refusal, or of ``biotrace.chain.bundle_proof.Problem``, or ``key-cut-off``,
    ``log-gap``, ``log-time``, ``log-place``, ``log-tree``, ``chain-doubled`` or ``columns``.
    """

    rule: str
    code: str
    position: int
    record_id: bytes
    message: Text

    @property
    def is_notice(self) -> bool:
        """The record keeps its worth; a person should look."""
        return self.code in NOTICES

    @property
    def is_damage(self) -> bool:
        """Whether anything is not as it was signed and logged. What a cut off key signed is: it only counts no more."""
        return self.code != CUT_OFF


class Alone(NamedTuple):
    """An entry that needs nothing but itself to be found good: its bytes are a record's, which ``signer`` signed, and
    every column that repeats them does. What depends on other entries is for ``EntryCheck``.

    ``signer``: the public key. ``record``: without its bytes, see ``record.without_bytes``. The rest as in StoredEntry.
    """

    position: int
    logged_at: int
    parents: tuple[int, ...]
    binding: tuple[bytes, BoundKey] | None
    key_end: tuple[bytes, int] | None
    signer: bytes
    record: Record


@lru_cache(maxsize=4096)
def _public_key(raw: bytes) -> PublicKey:
    """The key, looked at once: a log has many records for each."""
    return PublicKey(raw)


def check_alone(
    entry: StoredEntry, signer: bytes | None, parse: Callable[[bytes], Record] = parse_record
) -> Alone | None:
    """The entry, if nothing is wrong with it by itself; None where ``EntryCheck.take`` has to say what.

    ``signer``: the public key that is said to have signed it. ``parse``: for who has parsed the same bytes before.
    """
    if signer is None:
        return None
    try:
        record, key = parse(entry.envelope), _public_key(signer)
        if key.kid != record.kid:
            return None
        verify_record(record, key)
    except (IntegrityError, UpdateNeededError):
        return None
    if not entry.repeats(record):
        return None
    bare = without_bytes(record)
    return Alone(entry.position, entry.logged_at, entry.parents, entry.binding, entry.key_end, signer, bare)


class EntryCheck:
    """Judges the entries of a ledger one after another. A damaged one does not bring its successors into suspicion.

    Not seen here: what ``_doubled`` and ``_cut_off`` find, for which the entries before have to be at hand.
    """

    def __init__(
        self,
        elsewhere: Callable[[bytes], Held | None] = lambda _: None,
        parse: Callable[[bytes], Record] = parse_record,
    ) -> None:
        self._elsewhere, self._parse = elsewhere, parse
        self.replay = Replay(elsewhere)
        self.logged_at = self._expected = 0

    def go_on(self, replay: Replay, logged_at: int) -> None:
        """Continue after the entries that made ``replay``, the last of which was logged at ``logged_at``."""
        self.replay = replay.with_elsewhere(self._elsewhere)
        self.logged_at, self._expected = logged_at, replay.size()

    def take(self, entry: StoredEntry) -> list[IntegrityFinding]:
        """What is wrong with the next entry."""
        return [*self._place(entry, entry.record_id), *_check_entry(entry, self.replay, self._parse)]

    def take_alone(self, entry: Alone) -> list[IntegrityFinding] | None:
        """The same for an entry that is good by itself; None where it is not good among the others.

        Then it is not taken, and ``take`` says what is wrong.
        """
        record = entry.record
        cited = citations(record)
        try:
            admit(record, self.replay, entry.signer, cited)
        except IntegrityError:
            return None
        if (entry.parents, entry.binding, entry.key_end) != _linked(record, entry.position, self.replay, cited):
            return None
        findings = list(self._place(entry, record.record_id))
        self.replay.take(record, entry.position)
        return findings

    def _place(self, entry: StoredEntry | Alone, record_id: bytes) -> Iterator[IntegrityFinding]:
        """What is wrong with the entry's place and time in the log."""
        position, logged_at = entry.position, entry.logged_at
        if position > self._expected:
            missing = Text(
                f"この前に台帳の {self._expected} 番からがありません",
                f"entries from {self._expected} on are missing before it",
            )
            yield IntegrityFinding("S103", "log-gap", position, record_id, missing)
        elif position < self._expected:  # only the first can be: entries come by position
            unknown = Text("台帳にない番号です", "a log has no such index")
            yield IntegrityFinding("S103", "log-place", position, record_id, unknown)
        if logged_at < self.logged_at:
            earlier = Text("記録時刻が前の記録より早い", "it is said to be logged earlier than the entry before")
            yield IntegrityFinding("S103", "log-time", position, record_id, earlier)
        self._expected = max(self._expected, position + 1)
        self.logged_at = max(self.logged_at, logged_at)


def check_entries(
    entries: Iterable[StoredEntry],
    elsewhere: Callable[[bytes], Held | None] = lambda _: None,
    parse: Callable[[bytes], Record] = parse_record,
) -> Iterator[IntegrityFinding]:
    """Judge all entries of a ledger in order: see ``EntryCheck``; and what only all of them tell.

    Not seen here, since only the log's tree and checkpoints tell (``tree_integrity.check_tree``): entries missing at
    the end, unrelated records that changed places, and log times moved within their order. Raises UpdateNeededError at
    a record, properly signed, of a format version that this release does not know. ``parse``: see ``parse_record``.
    """
    check = EntryCheck(elsewhere, parse)
    signed: defaultdict[bytes, list[_Signed]] = defaultdict(list)
    for entry in entries:
        found = check.take(entry)
        yield from found
        if any(finding.code == "chain-taken" for finding in found):
            yield from _doubled(entry, signed[entry.kid])
        if all(finding.rule != "S102" for finding in found):
            signed[entry.kid].append(_Signed(entry.position, entry.record_id, entry.seq))
    yield from _cut_off(signed, check.replay)


class _Signed(NamedTuple):
    """An entry of which the key is good, and its place in that key's chain."""

    position: int
    record_id: bytes
    seq: int


def _doubled(entry: StoredEntry, earlier: Iterable[_Signed]) -> Iterator[IntegrityFinding]:
    """That the first record for the place that ``entry`` takes again has a double; nothing where none is at hand."""
    first = next((one for one in earlier if one.seq == entry.seq), None)
    if first is not None:
        yield doubled(first.position, first.record_id)


def doubled(position: int, record_id: bytes) -> IntegrityFinding:
    """That the entry's key signed a second record for its place in the chain, which was logged later."""
    return IntegrityFinding("S103", CHAIN_DOUBLED, position, record_id, DOUBLED)


def _cut_off(signed: Mapping[bytes, list[_Signed]], replay: Replay) -> Iterator[IntegrityFinding]:
    """What a key signed between its end and the record that says so: taken at its time, and counting no longer."""
    for kid, entries in signed.items():
        until = counts_until(kid, replay)
        if until is None or replay.bound_key(kid) is None:
            continue
        for position, record_id, _ in entries:
            if position >= until:
                yield cut_off(position, record_id, kid, until)


def cut_off(position: int, record_id: bytes, kid: bytes, until: int) -> IntegrityFinding:
    """That the entry counts no longer, since its key was ended from ``until`` on."""
    reason = Text(
        f"鍵 {kid.hex()} は台帳の {until} 番から失効しています", f"its key {kid.hex()} was ended from index {until} on"
    )
    return IntegrityFinding("S102", CUT_OFF, position, record_id, reason)


def _finding(rule: str, code: str, entry: StoredEntry, message: Text) -> IntegrityFinding:
    return IntegrityFinding(rule, code, entry.position, entry.record_id, message)


def _check_entry(entry: StoredEntry, replay: Replay, parse: Callable[[bytes], Record]) -> Iterator[IntegrityFinding]:
    """Judge one entry, and take it into ``replay``: as its bytes say, or, where they are bad, as the columns do."""
    record: Record | None = None
    refused: IntegrityError | None = None
    try:
        record = parse(entry.envelope)
        admit(record, replay)
    except UpdateNeededError:
        refused = _signature_error(entry, replay)
        if refused is None:
            raise
    except IntegrityError as error:
        refused = error
    if record is not None and refused is not None and refused.code in NOTICES:
        yield _refused(refused, entry)
        # What follows a gap keeps its worth, so whatever else is asked of a record is asked of it too.
        refused = _uncited(record, replay)
    if refused is not None:
        yield _refused(refused, entry)
    if record is not None and (differing := _differing(entry, record, replay)):
        columns = ", ".join(differing)
        yield _finding(
            "S106",
            COLUMNS,
            entry,
            Text(
                f"データベースの {columns} が署名された内容と違います",
                f"the database's {columns} differ from what is signed",
            ),
        )
    if record is not None and refused is None:
        replay.take(record, entry.position)
    else:
        _take_as_stored(entry, replay)


def _refused(refused: IntegrityError, entry: StoredEntry) -> IntegrityFinding:
    return _finding(_RULE.get(refused.code, "S106"), refused.code, entry, refused.message)


def _uncited(record: Record, replay: Replay) -> IntegrityError | None:
    """What is wrong with what the record cites, if anything."""
    try:
        check_citations(record, replay)
    except IntegrityError as error:
        return error
    return None


def _signature_error(entry: StoredEntry, replay: Replay) -> IntegrityError | None:
    """What is wrong with the envelope, whatever its payload; None where a bound key did sign it."""
    signed = cose.parse(entry.envelope)
    key = replay.bound_key(signed.kid)
    if key is None:
        unknown = Text(f"「{signed.subject}」の鍵が登録されていません", f"{signed.subject}: its key is not bound")
        return IntegrityError(unknown, code="key-unknown")
    try:
        cose.verify(signed, PublicKey(key.public))
    except IntegrityError as error:
        return error
    return None


def _differing(entry: StoredEntry, record: Record, replay: Replay) -> list[str]:
    """Names of the columns that do not repeat what the record says."""
    linked = _linked(record, entry.position, replay, citations(record))
    signed = {**entry.repeated(record), **linked._asdict()}
    return [name for name, value in signed.items() if getattr(entry, name) != value]


class _Linked(NamedTuple):
    """Columns that tell a record's place in the log, as in ``StoredEntry``."""

    parents: tuple[int, ...]
    binding: tuple[bytes, BoundKey] | None
    key_end: tuple[bytes, int] | None


def _linked(record: Record, position: int, replay: Replay, cited: Citations) -> _Linked:
    """What the columns have to say by the record's place in the log. ``cited``: what it cites."""
    found = [replay.find(record_id) for record_id in dict.fromkeys([record_id for _, record_id in cited])]
    return _Linked(
        parents=tuple(sorted([place for place, _ in filter(None, found)])),
        binding=binding_of(record, position),
        key_end=(record.body.kid, record.body.first) if isinstance(record.body, KeyEnd) else None,
    )


def _take_as_stored(entry: StoredEntry, replay: Replay) -> None:
    try:
        held = Held(RecordKind(entry.kind), entry.issuer, entry.issuer, transcribed=False)
    except ValueError:
        return
    replay.hold(entry.record_id, entry.position, held, entry.kid, entry.seq)
    if entry.binding is not None:
        replay.bind(*entry.binding)
    if entry.key_end is not None:
        kid, first = entry.key_end
        replay.end(kid, End(first, entry.kid, entry.position))
