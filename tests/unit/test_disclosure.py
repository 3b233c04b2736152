"""Private fields: opened by their own disclosure, and by nothing else."""

from __future__ import annotations

import hashlib
from typing import Any

import cbor2
import pytest

from biotrace.chain.codes import code_of
from biotrace.chain.disclosure import Disclosure, DisclosureError, check, opens, seal
from biotrace.model.private import PrivateField, Sealed

ID = b"\1" * 32
SALT = bytes(range(16))
NAME = "長野太郎"
SEALED = seal(PrivateField.OWNER_NAME, NAME, SALT)
DISCLOSED = Disclosure(ID, PrivateField.OWNER_NAME, SALT, NAME)


def test_the_hash_is_that_of_salt_code_and_value_in_any_readers_cbor() -> None:
    digest = hashlib.sha256(cbor2.dumps([SALT, code_of(PrivateField.OWNER_NAME), NAME])).digest()
    assert Sealed(PrivateField.OWNER_NAME, digest) == SEALED
    price = seal(PrivateField.PRICE_YEN, 1_234_567, SALT)
    assert price.digest == hashlib.sha256(cbor2.dumps([SALT, 6, 1_234_567])).digest()


def test_a_disclosure_opens_what_it_was_made_for() -> None:
    assert opens(DISCLOSED, SEALED)
    check(DISCLOSED, SEALED)


@pytest.mark.parametrize(
    "other",
    [
        Disclosure(ID, PrivateField.OWNER_NAME, SALT, "長野次郎"),
        Disclosure(ID, PrivateField.OWNER_NAME, SALT, NAME + " "),
        Disclosure(ID, PrivateField.OWNER_NAME, SALT[::-1], NAME),
    ],
)
def test_another_value_or_salt_does_not_open_it(other: Disclosure) -> None:
    assert not opens(other, SEALED)
    with pytest.raises(DisclosureError) as caught:
        check(other, SEALED)
    assert caught.value.code == "disclosure"
    assert "owner_name" in caught.value.message.ja
    assert caught.value.remedy is not None


def test_a_disclosure_for_another_field_opens_nothing() -> None:
    """The owner's name passed off as the feller's: with its own code in the hash, and with the code exchanged."""
    as_feller = Disclosure(ID, PrivateField.FELLER_NAME, SALT, NAME)
    assert not opens(as_feller, SEALED)
    assert not opens(as_feller, Sealed(PrivateField.FELLER_NAME, SEALED.digest))
    assert not opens(DISCLOSED, Sealed(PrivateField.FELLER_NAME, SEALED.digest))


def test_a_number_is_not_the_text_that_reads_like_it() -> None:
    with pytest.raises(DisclosureError):
        Disclosure(ID, PrivateField.PRICE_YEN, SALT, "5000")
    with pytest.raises(DisclosureError):
        Disclosure(ID, PrivateField.ADDRESS, SALT, 5000)


def test_equal_values_under_two_salts_do_not_show_that_they_are_equal() -> None:
    assert seal(PrivateField.OWNER_NAME, NAME, SALT[::-1]).digest != SEALED.digest


@pytest.mark.parametrize(
    "parts",
    [
        (ID[1:], PrivateField.ADDRESS, SALT, "x"),
        (bytearray(ID), PrivateField.ADDRESS, SALT, "x"),
        (ID, PrivateField.ADDRESS, SALT[1:], "x"),
        (ID, PrivateField.ADDRESS, SALT + b"0", "x"),
        (ID, PrivateField.ADDRESS, "x" * 16, "x"),
        (ID, PrivateField.ADDRESS, SALT, b"x"),
        (ID, PrivateField.ADDRESS, SALT, "\ud800"),
        (ID, PrivateField.PRICE_YEN, SALT, True),
        (ID, PrivateField.PRICE_YEN, SALT, 2**63),
    ],
)
def test_what_no_disclosure_can_hold_is_refused(parts: tuple[Any, ...]) -> None:
    with pytest.raises(DisclosureError):
        Disclosure(*parts)


@pytest.mark.parametrize(("value", "salt"), [("x", SALT[1:]), (5, SALT)])
def test_nothing_is_sealed_that_could_not_be_opened(value: Any, salt: bytes) -> None:
    with pytest.raises(DisclosureError):
        seal(PrivateField.ADDRESS, value, salt)
