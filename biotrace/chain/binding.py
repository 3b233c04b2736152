"""Which keys sign for whom: bound by one record, and ended by another, by index of the log.

The first record binds the first root key, itself. Root keys bind all others, and further root keys; an accrediting
body binds the keys of those it accredits. What a key signed counts up to the index at which it was ended, and so do
the keys that it bound: what a thief bound goes with the stolen key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol, TypeAlias

from biotrace.model.accreditation import Grant

from .keys import kid_of
from .kinds import KeyBinding
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


Place: TypeAlias = tuple[bytes, int]
"""A key, and the position after which its ends are looked at."""


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
    if isinstance(body, Grant) and not record.transcribed and body.member_key is not None:
        return kid_of(body.member_key), BoundKey(body.member_key, body.party, False, record.kid, position)
    return None


def counts_until(kid: bytes, keys: Keys, *, after: int = -1) -> int | None:
    """The index from which on nothing counts that the key signed; None where it is bound and not ended.

    0 for a key that is not bound. A key falls with the key that bound it, if that was ended before it did; and an end
    falls with the key that signed it. ``after``: only ends at later positions are looked at, which is how far back an
    end can reach to undo another; so the search ends.
    """
    if _never_ended(kid, keys):
        return None
    asked: Place = (kid, after)
    known: dict[Place, int | None] = {}
    waiting = [asked]
    # Each place is worked out once, and without recursion: a hostile log may hold thousands of keys and ends.
    while waiting:
        place = waiting[-1]
        unknown = [other for other in _needed(place, keys) if other not in known]
        if unknown:
            waiting += unknown
        else:
            known[place] = _until(place, keys, known)
            waiting.pop()
    return known[asked]


def _never_ended(kid: bytes, keys: Keys) -> bool:
    """Whether it is bound, and nobody ever ended it or a key above it: the usual case, asked for every record."""
    while (key := keys.bound_key(kid)) is not None and not keys.ends(kid):
        if key.by == kid:
            return True
        if not _binder_came_first(kid, key, keys):
            return False
        kid = key.by
    return False


def _needed(place: Place, keys: Keys) -> Iterator[Place]:
    """What has to be known first: of keys bound earlier, or after ends at later positions, so the search ends."""
    kid, after = place
    key = keys.bound_key(kid)
    if key is None:
        return
    yield from ((end.by, end.position) for end in keys.ends(kid) if end.position > after)
    if _binder_came_first(kid, key, keys):
        yield key.by, after


def _until(place: Place, keys: Keys, known: Mapping[Place, int | None]) -> int | None:
    kid, after = place
    key = keys.bound_key(kid)
    if key is None:
        return 0
    firsts = []
    for end in keys.ends(kid):
        if end.position > after:
            signer = known[end.by, end.position]
            # An end stands unless the key that signed it was itself ended, later, from before that on.
            if signer is None or signer > end.position:
                firsts.append(end.first)
    if key.by != kid:
        binder = known[key.by, after] if _binder_came_first(kid, key, keys) else 0
        if binder is not None and binder <= key.position:
            firsts.append(key.position)
    return min(firsts, default=None)


def _binder_came_first(kid: bytes, key: BoundKey, keys: Keys) -> bool:
    """Whether another key bound it that was bound before; a database that was tampered with may say otherwise."""
    binder = None if key.by == kid else keys.bound_key(key.by)
    return binder is not None and binder.position < key.position
