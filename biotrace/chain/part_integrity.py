"""Judging some entries of a ledger without the others, by the same rules as all of them.

What only all entries tell is believed here: that a record continues its key's chain, and that nothing is missing
between the entries at hand (S103). All else is judged as ``biotrace.chain.integrity`` does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator

from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.party import Party, Role

from .admit import Held
from .binding import BoundKey, End
from .integrity import Alone, EntryCheck, IntegrityFinding, StoredEntry, check_alone
from .record import Head, Record, parse_record
from .replay import Replay

LookUp = Callable[[bytes], tuple[int, Held] | None]
"""Finds where a record of some id stands, and what is to be known of it, where the entries at hand do not tell."""


class PartReplay(Replay):
    """What the entries taken so far establish, seen as from the place of any entry: later ones count for nothing there.

    ``beyond``: what other entries establish, such as those of a whole ledger that bind and end keys. ``look_up``: finds
    the rest of the ledger.
    """

    def __init__(self, beyond: PartReplay | None = None, look_up: LookUp = lambda _: None) -> None:
        super().__init__()
        self._beyond = beyond
        self._look_up = look_up
        self._at = 0
        self._head: Head | None = None
        self._said: defaultdict[str, list[tuple[int, bool]]] = defaultdict(list)
        self.end_positions: list[int] = []
        """Of the entries that end keys, ascending."""

    def stand_at(self, position: int, record: Record | None = None) -> None:
        """See things as from before the entry at ``position``, of which ``record`` continues its key's chain."""
        self._at = position
        self._head = None if record is None or record.prev is None else Head(record.seq - 1, record.prev)
        if self._beyond is not None:
            self._beyond.stand_at(position)

    def take(self, record: Record, position: int) -> None:
        """See ``Replay``."""
        super().take(record, position)
        if isinstance(record.body, Party):
            self._said[record.body.id].append((position, Role.BODY in record.body.roles))

    def end(self, kid: bytes, end: End) -> None:
        """See ``Replay``."""
        super().end(kid, end)
        self.end_positions.append(end.position)

    def size(self) -> int:
        """The index of the entry at hand."""
        return self._at

    def head(self, kid: bytes) -> Head | None:  # noqa: ARG002 - one record is at hand, of whichever key
        """What the entry at hand says that it continues."""
        return self._head

    def find(self, record_id: bytes) -> tuple[int, Held] | None:
        """See ``Replay``; nothing at or after the entry at hand."""
        found = super().find(record_id)
        if found is None and self._beyond is not None:
            found = self._beyond.find(record_id)
        if found is None:
            found = self._look_up(record_id)
        return found if found is not None and found[0] < self._at else None

    def bound_key(self, kid: bytes) -> BoundKey | None:
        """See ``binding.Keys``."""
        key = super().bound_key(kid)
        if key is None and self._beyond is not None:
            key = self._beyond.bound_key(kid)
        return key if key is not None and key.position < self._at else None

    def ends(self, kid: bytes) -> tuple[End, ...]:
        """See ``binding.Keys``."""
        known = super().ends(kid)
        if known:
            known = tuple(end for end in known if end.position < self._at)
        return known if self._beyond is None else known + self._beyond.ends(kid)

    def knows_body(self, party: str) -> bool | None:
        """See ``Replay``."""
        said = self._said.get(party, ())
        before = bisect_left(said, (self._at,))
        if before:
            return said[before - 1][1]
        return None if self._beyond is None else self._beyond.knows_body(party)


class PartCheck(EntryCheck):
    """Judges some entries, in order. ``replay``: what they establish, and what is known beyond them."""

    replay: PartReplay

    def __init__(
        self,
        beyond: PartReplay | None = None,
        look_up: LookUp = lambda _: None,
        parse: Callable[[bytes], Record] = parse_record,
    ) -> None:
        """``beyond``, ``look_up``: see PartReplay. ``parse``: for who has parsed the same bytes before."""
        super().__init__()
        self.replay = PartReplay(beyond, look_up)
        self._parse = parse

    def judge(self, entry: StoredEntry) -> tuple[Record | None, list[IntegrityFinding]]:
        """The record in the next entry, None where its bytes are none, and what is wrong with it.

        Raises UpdateNeededError at a properly signed record of a later version.
        """
        record = self._parsed(entry)
        self.replay.stand_at(entry.position, record)
        if record is None:
            return None, self.take(entry)
        bound = self.replay.bound_key(record.kid)
        alone = check_alone(entry, None if bound is None else bound.public, self._parse)
        findings = None if alone is None else self.take_alone(alone)
        return record, self.take(entry) if findings is None else findings

    def _parsed(self, entry: StoredEntry) -> Record | None:
        try:
            return self._parse(entry.envelope)
        except (IntegrityError, UpdateNeededError):
            return None

    def _place(
        self,
        entry: StoredEntry | Alone,  # noqa: ARG002 - as EntryCheck calls it
        record_id: bytes,  # noqa: ARG002 - likewise
    ) -> Iterator[IntegrityFinding]:
        """Whether others are missing before it is not known here."""
        return iter(())
