"""What records establish, one after another, in memory: the view that admits the next one."""

from __future__ import annotations

from .admit import BoundKey, Held
from .keys import kid_of
from .kinds import KeyBinding
from .record import Head, Record


class Replay:
    """The state of a ledger after the records taken so far. Keeps of each record its id and a few words."""

    def __init__(self) -> None:
        self._root: bytes | None = None
        self._keys: dict[bytes, BoundKey] = {}
        self._heads: dict[bytes, Head] = {}
        self._held: dict[bytes, tuple[int, Held]] = {}

    def take(self, record: Record, position: int) -> None:
        """Remember an admitted record."""
        self.hold(record.record_id, position, Held.of(record), record.kid, record.seq)
        if isinstance(record.body, KeyBinding):
            self.bind(kid_of(record.body.public_key), BoundKey(record.body.public_key, record.body.party))

    def hold(self, record_id: bytes, position: int, held: Held, kid: bytes, seq: int) -> None:
        """Remember that a record stands at ``position`` and is its key's last."""
        self._root = self._root or kid
        self._heads[kid] = Head(seq, record_id)
        self._held[record_id] = (position, held)

    def bind(self, kid: bytes, key: BoundKey) -> None:
        """Remember a key."""
        self._keys[kid] = key

    def find(self, record_id: bytes) -> tuple[int, Held] | None:
        """Where the record of that id stands, and what is remembered of it."""
        return self._held.get(record_id)

    def root_kid(self) -> bytes | None:
        """See ``admit.View``."""
        return self._root

    def bound_key(self, kid: bytes) -> BoundKey | None:
        """See ``admit.View``."""
        return self._keys.get(kid)

    def head(self, kid: bytes) -> Head | None:
        """See ``admit.View``."""
        return self._heads.get(kid)

    def held(self, record_id: bytes) -> Held | None:
        """See ``admit.View``."""
        found = self.find(record_id)
        return None if found is None else found[1]
