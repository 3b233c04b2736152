"""Which keys sign for whom: bound by one record, and ended by another, by index of the log.

The first record binds the first root key, itself. Root keys bind all others, and further root keys; an accrediting
body binds the keys of those it accredits. What a key signed counts up to the index at which it was ended, and so do
the keys that it bound: what a thief bound goes with the stolen key.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from .keys import kid_of
from .kinds import KeyBinding, RecordKind
from .record import Record


class BoundKey(NamedTuple):
    """A key that a ledger knows, and the party (id) it signs for.

    ``root``: it runs the ledger. ``by``: the key that bound it. ``position``: index of the record that did.
    """

    public: bytes
    party: str
    root: bool
    by: bytes
    position: int


class End(NamedTuple):
    """That the key ``by``, in the record at ``position``, ended a key from the index ``first`` on."""

    first: int
    by: bytes
    position: int


class Keys(Protocol):
    """The keys that a ledger knows so far."""

    def bound_key(self, kid: bytes) -> BoundKey | None:
        """The key of that name, where bound."""

    def ends(self, kid: bytes) -> tuple[End, ...]:
        """Every record that ends that key."""


def binding_of(record: Record, position: int) -> tuple[bytes, BoundKey] | None:
    """Name and key that a record, at that index of the log, binds; None where it binds none."""
    body = record.body
    if isinstance(body, KeyBinding):
        return kid_of(body.public_key), BoundKey(body.public_key, body.party, body.root, record.kid, position)
    if record.kind is RecordKind.ACCREDITATION and not record.transcribed:
        key: bytes | None = getattr(body, "member_key", None)
        if key is not None:
            return kid_of(key), BoundKey(key, body.party, False, record.kid, position)  # type: ignore[union-attr]
    return None


def counts_until(kid: bytes, keys: Keys, *, after: int = -1) -> int | None:
    """The index from which on nothing counts that the key signed; None where it is bound and not ended.

    0 for a key that is not bound. A key falls with the key that bound it, if that was ended before it did; and an end
    falls with the key that signed it. ``after``: only ends at later positions are looked at, which is how far back an
    end can reach to undo another; so the search ends.
    """
    key = keys.bound_key(kid)
    if key is None:
        return 0
    firsts = [end.first for end in keys.ends(kid) if end.position > after and _stands(end, keys)]
    if key.by != kid:
        binder = counts_until(key.by, keys, after=after)
        if binder is not None and binder <= key.position:
            firsts.append(key.position)
    return min(firsts, default=None)


def _stands(end: End, keys: Keys) -> bool:
    """Whether the key that signed an end was not itself ended, later, from before that on."""
    until = counts_until(end.by, keys, after=end.position)
    return until is None or until > end.position
