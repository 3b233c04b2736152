"""What records establish, one after another, in memory: the view that admits the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from biotrace.model.party import Party, Role

from .admit import Held
from .binding import BoundKey, End, binding_of
from .kinds import KeyEnd
from .record import Head, Record

_BITS = 32
"""What ``Replay`` holds of a record is one whole number: its position, and in so many bits which it is like."""
_NUMBER = (1 << _BITS) - 1


class Replay:
    """The state of a ledger after the records taken so far. Keeps of each record its id and a few words.

    ``elsewhere``: finds records of other logs, which can be cited but bind nothing here.
    """

    def __init__(self, elsewhere: Callable[[bytes], Held | None] = lambda _: None) -> None:
        self._elsewhere = elsewhere
        self._size = 0
        self._keys: dict[bytes, BoundKey] = {}
        self._ends: dict[bytes, tuple[End, ...]] = {}
        self._bodies: dict[str, bool] = {}
        self._heads: dict[bytes, Head] = {}
        self._held: dict[bytes, int] = {}
        self._alike: dict[Held, int] = {}
        self._kinds: list[Held] = []

    @classmethod
    def of_tables(cls, size: int, tables: Mapping[str, dict[Any, Any]]) -> Replay:
        """The replay that gave ``tables``, at that size."""
        made = cls()
        made._size = size
        made._keys, made._ends, made._bodies = tables["keys"], tables["ends"], tables["bodies"]
        made._heads, made._held, made._alike = tables["heads"], tables["held"], tables["alike"]
        made._kinds = list(made._alike)
        return made

    def with_elsewhere(self, elsewhere: Callable[[bytes], Held | None]) -> Replay:
        """Itself, which looks there for records of other logs from now on."""
        self._elsewhere = elsewhere
        return self

    def tables(self) -> dict[str, dict[Any, Any]]:
        """All that it remembers, to be kept and given to ``of_tables``."""
        return {
            "keys": self._keys,
            "ends": self._ends,
            "bodies": self._bodies,
            "heads": self._heads,
            "held": self._held,
            "alike": self._alike,
        }

    def take(self, record: Record, position: int) -> None:
        """Remember an admitted record."""
        self.hold(record.record_id, position, Held.of(record), record.kid, record.seq)
        if (binding := binding_of(record, position)) is not None:
            self.bind(*binding)
        if isinstance(record.body, Party):
            self._bodies[record.body.id] = Role.BODY in record.body.roles
        if isinstance(record.body, KeyEnd):
            self.end(record.body.kid, End(record.body.first, record.kid, position))

    def hold(self, record_id: bytes, position: int, held: Held, kid: bytes, seq: int) -> None:
        """Remember that a record stands at ``position``, and is its key's last unless its place was taken before."""
        self._size = max(self._size, position + 1)
        if kid not in self._heads or seq > self._heads[kid].seq:
            self._heads[kid] = Head(seq, record_id)
        # Of a million records few differ in this: one number tells where a record stands and which it is like.
        number = self._alike.setdefault(held, len(self._kinds))
        if number == len(self._kinds):
            self._kinds.append(held)
        self._held[record_id] = position << _BITS | number

    def bind(self, kid: bytes, key: BoundKey) -> None:
        """Remember a key."""
        self._keys[kid] = key

    def end(self, kid: bytes, end: End) -> None:
        """Remember that a key was ended."""
        self._ends[kid] = (*self._ends.get(kid, ()), end)

    def known_keys(self) -> tuple[bytes, ...]:
        """The names of all keys."""
        return tuple(self._keys)

    def find(self, record_id: bytes) -> tuple[int, Held] | None:
        """Where the record of that id stands, and what is remembered of it."""
        found = self._held.get(record_id)
        return None if found is None else (found >> _BITS, self._kinds[found & _NUMBER])

    def is_body(self, party: str) -> bool:
        """See ``admit.View``."""
        return self.knows_body(party) or False

    def knows_body(self, party: str) -> bool | None:
        """The same; None where nothing was taken that says so."""
        return self._bodies.get(party)

    def size(self) -> int:
        """See ``admit.View``."""
        return self._size

    def bound_key(self, kid: bytes) -> BoundKey | None:
        """See ``binding.Keys``."""
        return self._keys.get(kid)

    def ends(self, kid: bytes) -> tuple[End, ...]:
        """See ``binding.Keys``."""
        return self._ends.get(kid, ())

    def head(self, kid: bytes) -> Head | None:
        """See ``admit.View``."""
        return self._heads.get(kid)

    def held(self, record_id: bytes) -> Held | None:
        """See ``admit.View``."""
        found = self.find(record_id)
        return self._elsewhere(record_id) if found is None else found[1]
