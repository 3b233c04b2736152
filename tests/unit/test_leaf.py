"""Leaves: one form, hashes and times only."""

from __future__ import annotations

import hashlib

import pytest

from biotrace.chain import cbor, leaf
from biotrace.chain.cose import MAX_TIME
from biotrace.chain.leaf import Leaf, LeafError
from biotrace.errors import IntegrityError, UpdateNeededError
from tests.builders import NOW

RECORD_ID = bytes(range(32))
LEAF = Leaf(RECORD_ID, NOW)


def test_the_bytes_are_version_record_id_and_time() -> None:
    assert LEAF.to_bytes() == bytes.fromhex("83 01 5820") + RECORD_ID + b"\x1a" + NOW.to_bytes(4, "big")
    assert leaf.parse(LEAF.to_bytes()) == LEAF


@pytest.mark.parametrize("at", [0, MAX_TIME])
def test_the_first_and_the_last_time_of_the_calendar(at: int) -> None:
    assert leaf.parse(Leaf(RECORD_ID, at).to_bytes()).logged_at == at


def test_the_hash_is_that_of_a_leaf_in_rfc_9162() -> None:
    assert LEAF.hash == hashlib.sha256(b"\0" + LEAF.to_bytes()).digest()


@pytest.mark.parametrize(
    "parts",
    [
        [],
        {0: 1},
        0,
        ["1", RECORD_ID, NOW],
        [1],
        [1, RECORD_ID],
        [1, RECORD_ID, NOW, 0],
        [1, NOW, RECORD_ID],
        [1, RECORD_ID[1:], NOW],
        [1, RECORD_ID.hex(), NOW],
        [1, RECORD_ID, -1],
        [1, RECORD_ID, MAX_TIME + 1],
        [1, RECORD_ID, str(NOW)],
        [0, RECORD_ID, NOW],
        [-1, RECORD_ID, NOW],
    ],
)
def test_other_values_are_no_leaf(parts: cbor.Value) -> None:
    with pytest.raises(LeafError):
        leaf.parse(cbor.encode(parts))


def test_no_other_encoding_of_a_leaf_is_taken() -> None:
    data = LEAF.to_bytes()
    for other in (data + b"\0", data[:-1], b"", data.replace(b"\x58\x20", b"\x59\x00\x20"), b"\xd2" + data):
        with pytest.raises(IntegrityError):
            leaf.parse(other)


def test_a_later_version_asks_for_an_update_whatever_else_it_holds() -> None:
    with pytest.raises(UpdateNeededError):
        leaf.parse(cbor.encode([2, {0: "new"}]))


def test_what_could_not_be_parsed_cannot_be_made() -> None:
    for record_id, at in [(b"", NOW), (RECORD_ID, -1), (RECORD_ID, True), (bytearray(RECORD_ID), NOW)]:
        with pytest.raises(LeafError):
            Leaf(record_id, at)  # type: ignore[arg-type]
