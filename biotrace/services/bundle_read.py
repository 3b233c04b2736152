"""Which records a bundle is made of: found by the ledger's indexes, and each read and verified; no others are read.

Where records of other logs are held, all of the ledger is read: their citations are in no index of ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import Connection

from biotrace.chain.admit import Held
from biotrace.chain.integrity import IntegrityFinding
from biotrace.chain.part_integrity import PartCheck
from biotrace.chain.record import parse_record
from biotrace.errors import IntegrityError
from biotrace.model.text import Text
from biotrace.store import entries
from biotrace.store.closure import shown_for
from biotrace.store.damage import damaged
from biotrace.store.disclosures import disclosures_of
from biotrace.store.entry_rows import bytes_at, stored_at
from biotrace.store.ledger import Ledger
from biotrace.store.view import StoredView

from .bundle_choice import needed
from .find import find_any, look_up_any
from .ledger_case import integrity_finding, read_ledger, require_sound
from .logged import Logged
from .lot_check import LotCheck, undisturbed
from .lot_world import World
from .merged import OWN
from .private_fields import by_record

_BATCH = 2_000
"""Entries that are read at once."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes into a bundle. ``lots``: what it is about; ``by_log``: see ``bundle_choice.needed``.

    ``size``: how many entries our log held when it was read; nothing that came later is in it. ``whole``: whether all
    of it was read.
    """

    lots: tuple[Logged, ...]
    by_log: Mapping[str, Sequence[Logged]]
    size: int
    whole: bool = False


def choose_records(ledger: Ledger, texts: Sequence[str], *, everything: bool, check: LotCheck | None = None) -> Chosen:
    """The records to be shown for what the ``texts`` mean. ``everything``: see ``bundle_choice.needed``.

    Each is re-hashed, its signature and columns verified, and proven in the log's tree; so are all entries that say who
    is who. What is wrong with any of them is refused, what is wrong elsewhere is not seen. A citation that the index
    has lost is seen from the record that cites; from the one that is cited, as ``everything`` asks, it is not: then
    only what the index leads to is found, in a log of which no entry is missing. ``check``: one of the same ledger.

    Raises IntegrityError for damage, UsageError for a record that is not held, and UpdateNeededError.
    """
    check = check or LotCheck(ledger)
    if check.applies():
        with undisturbed():
            return check.ask(lambda connection, world: _ByIndexes(connection, world).choose(texts, everything))
    reading = read_ledger(ledger)
    require_sound(reading)
    lots = tuple(find_any(reading, text) for text in texts)
    by_log = needed(reading.everything, _ids(lots), everything=everything)
    return Chosen(lots, by_log, max((e.position + 1 for e in reading.logged), default=0), whole=True)


def _ids(entries: Iterable[Logged]) -> list[bytes]:
    return [entry.record.record_id for entry in entries]


def _places(entries: Iterable[Logged]) -> list[int]:
    return [entry.position for entry in entries]


class _ByIndexes:
    """One choice, in one transaction. ``world``: what says who is who, up to date and verified."""

    def __init__(self, connection: Connection, world: World) -> None:
        self._connection, self._world = connection, world
        refuse_damage(world.damage)
        self._view = StoredView(connection)
        # Each record is parsed to be looked at, and at once again to be judged.
        self._check = PartCheck(world.replay, self._look_up, lru_cache(maxsize=1)(parse_record))
        self._everywhere = {entry.position: entry for entry in world.every()}
        self._read: dict[int, Logged] = {}

    def choose(self, texts: Sequence[str], everything: bool) -> Chosen:
        """See ``choose_records``."""
        if everything:
            self._require_all()
        lots = tuple(look_up_any(self._connection, text, self._entries) for text in texts)
        found = shown_for(self._connection, _places(lots), touching=everything)
        # ``needed`` decides: it is given more than it can ask for, in the order of the log.
        given = self._entries(found | self._everywhere.keys())
        by_log = needed(given, _ids(lots), everything=everything)
        return Chosen(lots, {OWN: self._complete(by_log.get(OWN, ()))}, self._world.size)

    def _require_all(self) -> None:
        """Whoever is to state that these are all has to hold all: an entry that is gone is found by nothing."""
        count = entries.count(self._connection)
        if count != self._world.size:
            raise damaged(
                Text(
                    f"記録は {self._world.size} 件のはずですが、{count} 件です",
                    f"it holds {count} of {self._world.size} entries",
                )
            )

    def _entries(self, positions: Collection[int]) -> list[Logged]:
        """The entries at these positions, in order, read and judged where they were not yet."""
        new = sorted(p for p in positions if p not in self._everywhere and p not in self._read)
        for i in range(0, len(new), _BATCH):
            self._judge(new[i : i + _BATCH])
        return [self._everywhere.get(p) or self._read[p] for p in sorted(positions)]

    def _judge(self, positions: Sequence[int]) -> None:
        stored = stored_at(self._connection, positions)
        refuse_damage(self._world.signed.prove(self._connection, stored))
        for entry in stored:
            record, found = self._check.judge(entry)
            refuse_damage(found)
            assert record is not None, "bytes that are no record are damage"
            self._read[entry.position] = Logged(entry.position, entry.logged_at, record)

    def _look_up(self, record_id: bytes) -> tuple[int, Held] | None:
        """What is cited by an entry that only has the name that was asked for."""
        position, held = self._view.position(record_id), self._view.held(record_id)
        return None if position is None or held is None else (position, held)

    def _complete(self, chosen: Sequence[Logged]) -> list[Logged]:
        """With the bytes of those that were read before, and the values at hand of private fields."""
        bare = [entry for entry in chosen if entry.position in self._everywhere]
        envelopes = {found.position: found.envelope for found in bytes_at(self._connection, _places(bare))}
        whole = {entry.position: _with_bytes(entry, envelopes.get(entry.position, b"")) for entry in bare}
        private = by_record(disclosures_of(self._connection, _ids(chosen)))
        return [
            replace(whole.get(entry.position, entry), disclosed=private.get(entry.record.record_id, ()))
            for entry in chosen
        ]


def _with_bytes(entry: Logged, envelope: bytes) -> Logged:
    """An entry that was verified before, with its bytes: they have to be the same still."""
    if hashlib.sha256(envelope).digest() != entry.record.record_id:
        raise damaged(Text(f"{entry.position} 番が変わりました", f"entry {entry.position} has been altered"))
    return replace(entry, record=parse_record(envelope))


def refuse_damage(found: Iterable[IntegrityFinding]) -> None:
    """Raise IntegrityError (``damaged``) where anything that was looked at is not as it was signed and logged."""
    for finding in found:
        if finding.is_damage:
            raise IntegrityError(
                Text("要る記録が壊れています: ", "what is needed is damaged: ") + integrity_finding(finding).found,
                Text(
                    "biotrace audit で台帳を確かめ、控えから戻してください",
                    "look at the ledger with biotrace audit, and restore it from a backup",
                ),
                code="damaged",
            )
