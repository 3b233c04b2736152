"""The deterministic profile: one byte form per value, and everything else refused by name."""

from __future__ import annotations

from typing import Any

import pytest

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
