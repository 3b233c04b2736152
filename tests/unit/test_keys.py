"""Device keys: made, made again of their seed, named by their kid."""

from __future__ import annotations

import hashlib

import pytest

from biotrace.chain import ed25519
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.keys import DeviceKey, PublicKey


def test_a_seed_gives_the_same_key_and_no_seed_a_new_one() -> None:
    assert DeviceKey.generate(b"\1" * 32).kid == DeviceKey.generate(b"\1" * 32).kid
    assert DeviceKey.generate().kid != DeviceKey.generate().kid


def test_the_kid_is_the_beginning_of_the_hash() -> None:
    key = DeviceKey.generate(b"\1" * 32)
    assert key.kid == hashlib.sha256(key.public.raw).digest()[:16]


def test_a_seed_and_back_signs_the_same() -> None:
    key = DeviceKey.generate()
    again = DeviceKey.generate(key.seed())
    assert again.sign(b"x") == key.sign(b"x")
    ed25519.verify(again.public.raw, again.sign(b"x"), b"x")


def test_a_key_does_not_show_itself() -> None:
    key = DeviceKey.generate(b"\1" * 32)
    assert repr(key) == f"DeviceKey(kid={key.kid.hex()})"


def test_a_key_keeps_its_public_key() -> None:
    """Records are taken to be signed by it: under another's name it would sign for them."""
    key = DeviceKey.generate()
    with pytest.raises(AttributeError):
        key.public = DeviceKey.generate().public  # type: ignore[misc]


def test_a_public_key_that_no_honest_device_has_is_refused() -> None:
    with pytest.raises(SignatureError):
        PublicKey(bytes(32))
