"""One verdict: what libraries disagree about is refused before a library is asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from biotrace.chain import ed25519
from biotrace.chain.ed25519 import SignatureError

# RFC 8032 §7.1, TEST 2
SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
MESSAGE = b"\x72"
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
SMALL_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]
NOT_CANONICAL = [
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    (P + 4).to_bytes(32, "little").hex(),
]


@pytest.fixture(autouse=True, params=ed25519.libraries())
def _each_library_in_turn(request: pytest.FixtureRequest) -> Iterator[None]:
    with ed25519.asking(request.param):
        yield


def test_the_rfc_example_is_signed_and_verified() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SECRET)
    assert ed25519.sign(key, MESSAGE) == SIGNATURE
    ed25519.verify(PUBLIC, SIGNATURE, MESSAGE)


def test_another_message_key_or_signature_is_refused() -> None:
    other = bytes([SIGNATURE[0] ^ 1]) + SIGNATURE[1:]
    for public, signature, message in [
        (PUBLIC, SIGNATURE, b"\x73"),
        (PUBLIC, other, MESSAGE),
        (PUBLIC, bytes(64), MESSAGE),
        (PUBLIC[:-1] + b"\x0d", SIGNATURE, MESSAGE),
    ]:
        with pytest.raises(SignatureError):
            ed25519.verify(public, signature, message)


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_points_of_small_order_are_refused_as_key_and_in_a_signature(point: str) -> None:
    with pytest.raises(SignatureError, match="public key: a point of small order"):
        ed25519.verify(bytes.fromhex(point), SIGNATURE, MESSAGE)
    with pytest.raises(SignatureError, match="signature: a point of small order"):
        ed25519.verify(PUBLIC, bytes.fromhex(point) + SIGNATURE[32:], MESSAGE)


@pytest.mark.parametrize("point", NOT_CANONICAL)
def test_points_not_in_canonical_form_are_refused(point: str) -> None:
    with pytest.raises(SignatureError, match="public key: a point that is not in canonical form"):
        ed25519.check_public_key(bytes.fromhex(point))
    with pytest.raises(SignatureError, match="signature: a point that is not in canonical form"):
        ed25519.verify(PUBLIC, bytes.fromhex(point) + SIGNATURE[32:], MESSAGE)


def test_a_second_signature_made_by_adding_the_group_order_is_refused() -> None:
    scalar = int.from_bytes(SIGNATURE[32:], "little") + L
    with pytest.raises(SignatureError, match="out of range"):
        ed25519.verify(PUBLIC, SIGNATURE[:32] + scalar.to_bytes(32, "little"), MESSAGE)


def test_wrong_lengths_are_refused() -> None:
    with pytest.raises(SignatureError, match="public key has 32 bytes"):
        ed25519.verify(PUBLIC[:-1], SIGNATURE, MESSAGE)
    with pytest.raises(SignatureError, match="64 bytes"):
        ed25519.verify(PUBLIC, SIGNATURE + b"\0", MESSAGE)


def test_no_bit_of_key_signature_or_message_can_be_changed() -> None:
    whole = PUBLIC + SIGNATURE + MESSAGE
    for i in range(len(whole) * 8):
        other = bytearray(whole)
        other[i // 8] ^= 1 << i % 8
        with pytest.raises(SignatureError):
            ed25519.verify(bytes(other[:32]), bytes(other[32:96]), bytes(other[96:]))


def test_a_point_that_is_not_on_the_curve_is_a_bad_signature() -> None:
    with pytest.raises(SignatureError):
        ed25519.verify((2).to_bytes(32, "little"), SIGNATURE, MESSAGE)


def test_without_pynacl_openssl_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nacl.bindings", None)
    assert list(ed25519._libraries()) == ["openssl"]
