"""Private fields: a salted hash in the record, and a disclosure that opens it to whom the value concerns.

The hash is SHA-256 of the deterministic CBOR (``biotrace.chain.cbor``) of [salt, field's code, value]. The salt is 16
random bytes, used once; so nobody who sees the record finds an address or a price by trying the likely ones, and equal
values of two fields, or of two records, do not show. Who has the disclosure can check that the signer meant this value
and no other, and once all copies of the salt are destroyed nobody can.

What it does not do: the record shows that the field is stated, and when; a hash copied into another record opens there
too, so it does not prove that a second signer knows the value; and whoever was told may tell others, with the proof.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

from biotrace.errors import IntegrityError
from biotrace.model.private import PrivateField, Sealed
from biotrace.model.text import Text

from . import cbor
from .codes import code_of
from .record import ID_BYTES

SALT_BYTES = 16

PrivateValue: TypeAlias = str | int
"""Yen for PRICE_YEN, text for every other field."""


class DisclosureError(IntegrityError):
    """A disclosure that opens nothing, or values that none can have."""

    code = "disclosure"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The value of a private field of the record ``record_id`` (32 bytes), and the salt that it was hashed with.

    Raises DisclosureError for a salt or id of the wrong length, and for a value of the wrong type.
    """

    record_id: bytes
    field: PrivateField
    salt: bytes
    value: PrivateValue

    def __post_init__(self) -> None:
        if type(self.record_id) is not bytes or len(self.record_id) != ID_BYTES:
            raise _wrong(Text("記録のIDは32バイトです", "a record id has 32 bytes"))
        _check_parts(self.field, self.value, self.salt)


def seal(field: PrivateField, value: PrivateValue, salt: bytes) -> Sealed:
    """What the record holds in place of ``value``. ``salt``: 16 random bytes that were never used before.

    Raises DisclosureError for what no Disclosure could open.
    """
    _check_parts(field, value, salt)
    return Sealed(field, _digest(field, value, salt))


def opens(disclosure: Disclosure, sealed: Sealed) -> bool:
    """Whether it is this field, with this value, that was sealed. That the record holds ``sealed`` is not seen."""
    digest = _digest(disclosure.field, disclosure.value, disclosure.salt)
    return disclosure.field is sealed.field and digest == sealed.digest


def check(disclosure: Disclosure, sealed: Sealed) -> None:
    """Raise DisclosureError unless ``disclosure`` opens ``sealed``."""
    if not opens(disclosure, sealed):
        raise unopened(disclosure)


def unopened(disclosure: Disclosure) -> DisclosureError:
    """The error for a disclosure that opens nothing in its record."""
    return _wrong(
        Text(
            f"{disclosure.field} の値は、記録 {disclosure.record_id.hex()[:12]}… に封じられたものと違います",
            f"the {disclosure.field} is not what record {disclosure.record_id.hex()[:12]}… has sealed",
        )
    )


def _digest(field: PrivateField, value: PrivateValue, salt: bytes) -> bytes:
    return hashlib.sha256(cbor.encode([salt, code_of(field), value])).digest()


def _check_parts(field: PrivateField, value: PrivateValue, salt: bytes) -> None:
    if type(salt) is not bytes or len(salt) != SALT_BYTES:
        raise _wrong(Text("ソルトは16バイトです", "a salt has 16 bytes"))
    expected = int if field is PrivateField.PRICE_YEN else str
    if type(value) is not expected:
        raise _wrong(Text(f"{field} の値の種類が違います", f"a value of the wrong type for {field}"))
    try:
        cbor.encode(value)
    except cbor.CborError as error:
        raise _wrong(error.message) from None


def _wrong(reason: Text) -> DisclosureError:
    return DisclosureError(
        Text("非公開項目の開示: ", "disclosure of a private field: ") + reason,
        Text("開示した人に、正しい値とソルトを求めてください", "ask who disclosed it for the right value and salt"),
    )
