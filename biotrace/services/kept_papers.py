"""What a ledger says of the papers behind its records: deleted, on hold, asked for, and copies at hand (family D)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from biotrace.chain.keys import kid_of
from biotrace.chain.kinds import KeyBinding
from biotrace.model.party import Party
from biotrace.model.retention import Answer, Challenge, RetentionHold, Tombstone
from biotrace.verify.kept import Asked, Deletion, Hold, KeptPapers, Sayer

from .logged import Logged
from .merged import OWN
from .times import day_of

NO_FILES: Mapping[bytes, bool] = {}
"""Where nobody looked for copies of files."""


def kept_of(sound: Sequence[tuple[int, Logged]], files: Mapping[bytes, bool] = NO_FILES) -> KeptPapers:
    """What such records say, in the order of the log. ``files``: copies at hand, and whether they are as recorded.

    In another log, whose operator can be whom it likes there, only what is said of its own records counts. Who may say
    it of a record, the rules decide.
    """
    said = _Said(sound)
    for order, entry in sound:
        body = entry.record.body
        if isinstance(body, Tombstone):
            said.deleted(order, entry, body)
        elif isinstance(body, RetentionHold):
            said.held(order, entry, body)
        elif isinstance(body, Challenge):
            said.asked(entry, body)
        elif isinstance(body, Answer):
            said.answered(entry, body)
    return said.kept(files)


class _Said:
    """What was said so far."""

    def __init__(self, sound: Sequence[tuple[int, Logged]]) -> None:
        own = [e.record.body for _, e in sound if e.log == OWN]
        self._roots = {kid_of(b.public_key) for b in own if isinstance(b, KeyBinding) and b.root}
        self._home = {e.record.record_id.hex(): e.log for _, e in sound if e.log != OWN}
        bodies = ((e.record.record_id.hex(), e.record.body) for _, e in sound)
        self._parties = {record: body.id for record, body in bodies if isinstance(body, Party)}
        self._deletions: defaultdict[str, list[Deletion]] = defaultdict(list)
        self._holds: dict[str, tuple[Hold, tuple[str, ...]]] = {}
        self._asked: dict[str, tuple[Asked, tuple[str, ...]]] = {}

    def deleted(self, order: int, entry: Logged, tombstone: Tombstone) -> None:
        day = min(tombstone.date, day_of(entry.logged_at))
        for name in self._about(entry, (tombstone.record,)):
            self._deletions[name].append(Deletion(self._sayer(entry), order, day, tombstone.deleted))

    def held(self, order: int, entry: Logged, hold: RetentionHold) -> None:
        if hold.ends is None:
            about = self._about(entry, hold.records)
            self._holds[entry.record.record_id.hex()] = Hold(self._sayer(entry), order), about
            return
        found = self._holds.get(hold.ends)
        if found is not None and found[0].ended is None and self._may_end(entry, found[0]):
            self._holds[hold.ends] = replace(found[0], ended=order), found[1]

    def asked(self, entry: Logged, challenge: Challenge) -> None:
        about = self._about(entry, challenge.records)
        self._asked[entry.record.record_id.hex()] = Asked(self._sayer(entry), challenge.to, challenge.due), about

    def answered(self, entry: Logged, answer: Answer) -> None:
        """The first answer with a file, by who was asked; a root key may copy one from paper."""
        found = self._asked.get(answer.challenge)
        if found is None or not answer.files or found[0].produced is not None:
            return
        sayer = self._sayer(entry)
        if sayer.root or sayer.party == found[0].to:
            self._asked[answer.challenge] = replace(found[0], produced=_produced(entry, answer)), found[1]

    def kept(self, files: Mapping[bytes, bool]) -> KeptPapers:
        holds: defaultdict[str, list[Hold]] = defaultdict(list)
        for hold, about in self._holds.values():
            for name in about:
                holds[name].append(hold)
        asked: defaultdict[str, list[Asked]] = defaultdict(list)
        for request, about in self._asked.values():
            for name in about:
                asked[name].append(request)
        return KeptPapers(
            files=files,
            deletions={name: tuple(found) for name, found in self._deletions.items()},
            holds={name: tuple(found) for name, found in holds.items()},
            asked={name: tuple(found) for name, found in asked.items()},
        )

    def _sayer(self, entry: Logged) -> Sayer:
        return Sayer(entry.record.issuer, entry.log == OWN and entry.record.kid in self._roots)

    def _may_end(self, entry: Logged, hold: Hold) -> bool:
        sayer = self._sayer(entry)
        return sayer.root or sayer.party == hold.by.party

    def _about(self, entry: Logged, records: Sequence[str]) -> tuple[str, ...]:
        """The records that it can be about, a party's own by the party's id."""
        reached = (r for r in records if entry.log in (OWN, self._home.get(r)))
        return tuple(self._parties.get(r, r) for r in reached)


def _produced(entry: Logged, answer: Answer) -> date:
    """The log's day: an answer's own can be chosen. Of one copied from paper only the paper's is known."""
    return answer.date if entry.record.transcribed else day_of(entry.logged_at)
