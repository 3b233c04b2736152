"""The deterministic profile: one byte form per value, and everything else refused by name."""

from __future__ import annotations

from itertools import product
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.chain import cbor
from biotrace.chain.cbor import CborError, decode, encode


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (255, "18ff"),
        (256, "190100"),
        (65_536, "1a00010000"),
        (2**32, "1b0000000100000000"),
        (2**63 - 1, "1b7fffffffffffffff"),
        (-1, "20"),
        (-(2**63), "3b7fffffffffffffff"),
        (b"", "40"),
        (b"\x01\x02", "420102"),
        ("", "60"),
        ("水", "63e6b0b4"),
        ("𠮷", "64f0a0aeb7"),
        ([], "80"),
        ([1, [2]], "8201810 2".replace(" ", "")),
        ({}, "a0"),
        ({1: 2, 24: b"", 300: [{}]}, "a30102181840 19012c81a0".replace(" ", "")),
    ],
)
def test_a_value_has_its_one_form(value: Any, expected: str) -> None:
    assert encode(value).hex() == expected
    assert decode(bytes.fromhex(expected)) == value


def judged(data: bytes) -> bool:
    """Whether the bytes are taken. If so, cbor2 reads the same and has no other form for it."""
    try:
        value = decode(data)
    except CborError:
        return False
    assert cbor2.loads(data) == value
    assert cbor2.dumps(value, canonical=True) == data
    assert encode(value) == data
    return True


HEADS = bytes(range(0, 256, 8)) + bytes(
    major << 5 | info for major in range(8) for info in (1, 2, 3, 23, 24, 25, 26, 31)
)
"""First bytes that matter: of every major type, short and long arguments, what is reserved and what is indefinite."""


def test_whatever_is_taken_is_the_one_form_of_what_it_says() -> None:
    """All inputs up to two bytes, and those of three and four bytes that begin like items."""
    taken = sum(judged(bytes((a, b))) for a in range(256) for b in range(256))
    assert taken == 232 + 232 + 256 + 128 + 52  # integers of both signs, one byte, one letter, a list of one
    followers = (0, 1, 23, 24, 25, 97, 129, 161, 255)
    assert sum(judged(bytes(data)) for data in product(HEADS, HEADS, followers)) > 1_000
    assert sum(judged(bytes(data)) for data in product(HEADS, followers, followers, followers)) > 1_000


values = st.recursive(
    st.integers(cbor.MIN_INT, cbor.MAX_INT) | st.binary(max_size=300) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.integers(0, cbor.MAX_INT), inner, max_size=30),
    max_leaves=30,
)


@settings(max_examples=300)
@given(values)
def test_what_is_written_is_what_another_implementation_writes(value: Any) -> None:
    data = encode(value)
    assert data == cbor2.dumps(value, canonical=True)
    assert decode(data) == value


@settings(max_examples=500)
@given(values, st.data())
def test_a_changed_encoding_is_refused_or_says_something_else(value: Any, data: st.DataObject) -> None:
    """A byte replaced, put in or taken out, at any place of an encoding."""
    sound = encode(value)
    at = data.draw(st.integers(0, len(sound)))
    spoiled = sound[:at] + data.draw(st.binary(max_size=2)) + sound[at + data.draw(st.integers(0, 2)) :]
    if judged(spoiled) and spoiled != sound:
        assert decode(spoiled) != value


def test_keys_are_sorted_and_tuples_are_arrays() -> None:
    assert encode({300: 1, 2: (1, 2), 24: 3}) == encode({2: [1, 2], 24: 3, 300: 1})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "cbor-truncated"),
        ("18", "cbor-truncated"),
        ("4201", "cbor-truncated"),
        ("8201", "cbor-truncated"),
        ("a101", "cbor-truncated"),
        ("5bffffffffffffffff00", "cbor-truncated"),
        ("9b000000010000000000", "cbor-truncated"),
        ("0000", "cbor-trailing"),
        ("c100", "cbor-tag"),
        ("c24101", "cbor-tag"),
        ("d81c80", "cbor-tag"),
        ("f4", "cbor-simple"),
        ("f5", "cbor-simple"),
        ("f6", "cbor-simple"),
        ("f7", "cbor-simple"),
        ("f93c00", "cbor-simple"),
        ("fb3ff199999999999a", "cbor-simple"),
        ("ff", "cbor-simple"),
        ("5f4101ff", "cbor-indefinite"),
        ("7f6161ff", "cbor-indefinite"),
        ("9f01ff", "cbor-indefinite"),
        ("bf0102ff", "cbor-indefinite"),
        ("1c", "cbor-reserved"),
        ("1817", "cbor-not-shortest"),
        ("1900ff", "cbor-not-shortest"),
        ("1a0000ffff", "cbor-not-shortest"),
        ("1b00000000ffffffff", "cbor-not-shortest"),
        ("580101", "cbor-not-shortest"),
        ("780161", "cbor-not-shortest"),
        ("980101", "cbor-not-shortest"),
        ("b8010102", "cbor-not-shortest"),
        ("a1180101", "cbor-not-shortest"),
        ("a1200a", "cbor-key-type"),
        ("a1616101", "cbor-key-type"),
        ("a1410101", "cbor-key-type"),
        ("a11b800000000000000001", "cbor-key-type"),
        ("a202000100", "cbor-key-order"),
        ("a201000100", "cbor-duplicate-key"),
        ("61ff", "cbor-utf8"),
        ("63eda080", "cbor-utf8"),
        ("1b8000000000000000", "cbor-range"),
        ("3b8000000000000000", "cbor-range"),
        ("81" * 17 + "00", "cbor-depth"),
        ("81" * 5_000, "cbor-depth"),
    ],
)
def test_bytes_outside_the_profile_are_refused_by_name(data: str, code: str) -> None:
    with pytest.raises(CborError) as refused:
        decode(bytes.fromhex(data))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "cbor-type"),
        (True, "cbor-type"),
        (1.0, "cbor-type"),
        ([1, {2: None}], "cbor-type"),
        (2**63, "cbor-range"),
        (-(2**63) - 1, "cbor-range"),
        ({-1: 0}, "cbor-key-type"),
        ({"a": 0}, "cbor-key-type"),
        ({True: 0}, "cbor-key-type"),
        ("\ud800", "cbor-utf8"),
        (b"x" * (cbor.MAX_BYTES + 1), "cbor-size"),
    ],
)
def test_values_outside_the_profile_are_refused_by_name(value: Any, code: str) -> None:
    with pytest.raises(CborError) as refused:
        encode(value)
    assert refused.value.code == code


def test_a_value_nested_too_deep_or_into_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(CborError) as refused:
        encode(endless)
    assert refused.value.code == "cbor-depth"


def test_too_many_bytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(CborError) as refused:
        decode(b"\x40" * (cbor.MAX_BYTES + 1))
    assert refused.value.code == "cbor-size"


def test_the_offset_is_named_in_both_languages() -> None:
    with pytest.raises(CborError) as refused:
        decode(bytes.fromhex("8200f6"))
    assert refused.value.message.en == "CBOR: floats, booleans and null are not allowed (at byte 2)"
    assert "2バイト目" in refused.value.message.ja


@pytest.mark.parametrize(
    "value", [[], [[], []], {0: [1, 2], 1: "abc", 300: b"x" * 300}, [b"\x80" * 9, "\x60"], [-(2**40)]]
)
def test_items_are_counted_whatever_their_nesting(value: Any) -> None:
    """Strings are one item each, whatever bytes they hold."""

    def count(part: Any) -> int:
        if isinstance(part, dict):
            return 1 + sum(1 + count(each) for each in part.values())
        return 1 + sum(map(count, part)) if isinstance(part, list) else 1

    data, items = cbor.encode(value), count(value)
    assert cbor.decode(data, max_items=items) == value
    with pytest.raises(cbor.CborError) as caught:
        cbor.decode(data, max_items=items - 1)
    assert caught.value.code == "cbor-size"
