"""Leaves: what the log keeps of a record, and all that its published tiles show.

A leaf is the deterministic CBOR (``biotrace.chain.cbor``) of [version, record id, log time]. So tiles tell hashes and
times, never partners, places or quantities, and the time at which a record was logged cannot be changed later. Leaf
format version 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.text import Text

from . import cbor, merkle
from .cose import MAX_TIME
from .record import ID_BYTES

VERSION = 1

_STARTS = cbor.head(cbor.ARRAY, 3) + cbor.integer(VERSION) + cbor.head(cbor.BYTES, ID_BYTES)


class LeafError(IntegrityError):
    """Bytes, or values, that are no leaf."""

    code = "leaf"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf: the id of a record (32 bytes) and when the log took it, seconds since 1970-01-01 UTC.

    Raises LeafError for values that no leaf can hold.
    """

    record_id: bytes
    logged_at: int

    def __post_init__(self) -> None:
        if type(self.record_id) is not bytes or len(self.record_id) != ID_BYTES:
            raise _wrong(Text("記録のIDは32バイトです", "a record id has 32 bytes"))
        if type(self.logged_at) is not int or not 0 <= self.logged_at <= MAX_TIME:
            raise _wrong(Text("記録時刻が時刻ではありません", "the log time is no time"))

    def to_bytes(self) -> bytes:
        """The leaf as the tree hashes it and an entry bundle holds it."""
        return _STARTS + self.record_id + cbor.integer(self.logged_at)

    @property
    def hash(self) -> bytes:
        """SHA-256(0x00 ‖ leaf): its place in the tree (RFC 9162 §2.1.1)."""
        return merkle.leaf_hash(self.to_bytes())


def parse(data: bytes) -> Leaf:
    """The leaf that ``data``, all of it, is.

    Raises UpdateNeededError for a later version, and LeafError or CborError for anything but the one encoding.
    """
    parts = cbor.decode(data)
    if not isinstance(parts, list) or not parts or type(parts[0]) is not int:
        raise _wrong(Text("[版, 記録のID, 記録時刻] ではありません", "it is no [version, record id, log time]"))
    if parts[0] < VERSION:
        raise _wrong(Text("発行されたことのない版です", "of a version that no release wrote"))
    if parts[0] > VERSION:
        raise UpdateNeededError(
            Text(
                f"ログの葉の版 {parts[0]} をこの biotrace は知りません",
                f"this biotrace does not know version {parts[0]} of the log's leaves",
            ),
            Text("biotrace を更新してください", "update biotrace"),
        )
    if len(parts) != 3:
        raise _wrong(Text("三つの部分からなる配列ではありません", "it is no array of three parts"))
    return Leaf(parts[1], parts[2])


def _wrong(reason: Text) -> LeafError:
    return LeafError(Text("ログの葉: ", "log leaf: ") + reason)
