"""Key files: opened by their password alone, and never by a guess about what is wrong with them."""

from __future__ import annotations

import hashlib
from typing import Any
from unittest.mock import patch

import cbor2
import pytest

from biotrace.chain import keyfile
from biotrace.chain.keyfile import Params, WrongPasswordError, open_sealed, public_key, seal
from biotrace.chain.keys import DeviceKey
from biotrace.errors import BiotraceError, UnreadableError, UpdateNeededError, UsageError

KEY = DeviceKey.generate(b"\1" * 32)
PASSWORD = "杉と檜 2014"
SALT, NONCE = bytes(range(16)), bytes(range(12))
CHEAP = Params(memory=8, iterations=1, lanes=1)
GOLDEN = bytes.fromhex(
    "62696f7472616365206b65790aa800010158208a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c0250"
    "000102030405060708090a0b0c0d0e0f034c000102030405060708090a0b041a000100000503060407583023267d34bafefbf6de89"
    "6d284448cbb0cf3ef1f29384bc6e489e2603995fb736ff6c024f102eee77ed06073bffa45a91368f2b5167df046cda46fcd5401956"
    "ae57ea98d012c76023c121cf6babcdfd5c"
)
"""Sealed by the release that introduced the format, with the default parameters."""


@pytest.fixture
def sealed() -> bytes:
    return seal(KEY, PASSWORD, salt=SALT, nonce=NONCE, params=CHEAP)


def rewritten(data: bytes, changes: dict[int, Any]) -> bytes:
    """What a hostile hand makes of a file: parts changed (None: left out), the hash made anew."""
    parts = cbor2.loads(data[len(keyfile.MAGIC) : -32]) | changes
    return hashed(keyfile.MAGIC + cbor2.dumps({k: v for k, v in parts.items() if v is not None}, canonical=True))


def hashed(content: bytes) -> bytes:
    return content + hashlib.sha256(content).digest()


def refusal(data: bytes, password: str = PASSWORD) -> BiotraceError:
    with pytest.raises(BiotraceError) as refused:
        open_sealed(data, password)
    return refused.value


class TestRoundTrip:
    def test_the_password_opens_it(self, sealed: bytes) -> None:
        again = open_sealed(sealed, PASSWORD)
        assert again.kid == KEY.kid
        assert again.sign(b"x") == KEY.sign(b"x")

    def test_the_file_of_the_first_release_is_written_and_opened(self) -> None:
        assert seal(KEY, PASSWORD, salt=SALT, nonce=NONCE) == GOLDEN
        assert open_sealed(GOLDEN, PASSWORD).kid == KEY.kid

    def test_whose_it_is_shows_without_a_password(self, sealed: bytes) -> None:
        assert public_key(sealed) == KEY.public

    def test_it_holds_no_clear_seed(self, sealed: bytes) -> None:
        assert b"\1" * 8 not in sealed

    def test_another_salt_another_file(self, sealed: bytes) -> None:
        other = seal(KEY, PASSWORD, salt=bytes(16), nonce=NONCE, params=CHEAP)
        assert other[-80:-32] != sealed[-80:-32]
        assert open_sealed(other, PASSWORD).kid == KEY.kid

    @pytest.mark.parametrize("typed", ["杉と檜　２０１４", "杉と檜 ２０１４"])
    def test_full_width_or_half_width_it_is_the_same_password(self, sealed: bytes, typed: str) -> None:
        assert open_sealed(sealed, typed).kid == KEY.kid

    def test_composed_or_not_it_is_the_same_password(self) -> None:
        data = seal(KEY, "が", salt=SALT, nonce=NONCE, params=CHEAP)
        assert open_sealed(data, "か\u3099").kid == KEY.kid

    def test_libsodium_opens_it_by_the_description_alone(self) -> None:
        nacl = pytest.importorskip("nacl.bindings")
        data = seal(KEY, "pass", salt=SALT, nonce=NONCE, params=Params(memory=8192, iterations=3, lanes=1))
        parts = cbor2.loads(data[13:-32])
        secret = nacl.crypto_pwhash_alg(
            32, b"pass", parts[2], parts[5], parts[4] * 1024, nacl.crypto_pwhash_ALG_ARGON2ID13
        )
        clear = data[:13] + cbor2.dumps({key: parts[key] for key in range(7)}, canonical=True)
        assert nacl.crypto_aead_chacha20poly1305_ietf_decrypt(parts[7], clear, parts[3], secret) == b"\1" * 32


class TestPasswords:
    @pytest.mark.parametrize("wrong", ["杉と檜 2015", "杉と檜 2014 ", "x", "\0"])
    def test_a_wrong_one_is_said_to_be_wrong(self, sealed: bytes, wrong: str) -> None:
        error = refusal(sealed, wrong)
        assert isinstance(error, WrongPasswordError)
        assert error.code == "key-password"
        assert error.message.ja.startswith("パスワードが違います")
        assert error.message.en.startswith("the password is wrong")
        assert error.remedy is not None
        assert KEY.kid.hex() in error.remedy.en

    @pytest.mark.parametrize("impossible", ["", "\udce9"])
    def test_an_empty_one_or_no_text_is_misuse(self, sealed: bytes, impossible: str) -> None:
        assert isinstance(refusal(sealed, impossible), UsageError)
        with pytest.raises(UsageError):
            seal(KEY, impossible, salt=SALT, nonce=NONCE, params=CHEAP)


class TestDamage:
    def test_any_changed_bit_is_damage_or_another_kind_of_file_before_the_password_is_tried(
        self, sealed: bytes
    ) -> None:
        with patch.object(keyfile, "Argon2id", side_effect=AssertionError("the password was tried")):
            for i in range(len(sealed) * 8):
                changed = bytearray(sealed)
                changed[i // 8] ^= 1 << i % 8
                error = refusal(bytes(changed))
                what = "is damaged" if i >= 8 * len(keyfile.MAGIC) else "is no key file of biotrace"
                assert error.code == "key-file"
                assert error.message.en == f"key file: {what}"

    def test_any_byte_changed_on_purpose_is_refused(self, sealed: bytes) -> None:
        """With the hash made anew, as only somebody who means to does."""
        for i in range(len(sealed) - 32):
            for mask in (1, 2, 16, 128, 255):
                content = bytearray(sealed[:-32])
                content[i] ^= mask
                error = refusal(hashed(bytes(content)))
                assert error.code in {"key-file", "key-password", "update-needed"}

    def test_a_part_of_it_is_damage(self, sealed: bytes) -> None:
        for length in range(len(sealed)):
            assert refusal(sealed[:length]).code == "key-file"
        assert refusal(sealed + b"\0").message.en == "key file: is damaged"

    def test_other_files_are_none(self) -> None:
        for data in (b"", b"-----BEGIN PRIVATE KEY-----\n" + b"A" * 64, b"\0" * 200, b"biotrace key" * 200):
            with pytest.raises(UnreadableError, match="is no key file of biotrace"):
                public_key(data)


class TestHostileFiles:
    @pytest.mark.parametrize(
        "changes",
        [{4: 256 * 1024 + 1}, {4: 2**63 - 1}, {4: 7}, {5: 17}, {5: 0}, {6: 17, 4: 1024}, {6: 0}, {6: 2}, {4: -1}],
    )
    def test_what_would_exhaust_the_machine_is_refused_unread(self, sealed: bytes, changes: dict[int, Any]) -> None:
        with patch.object(keyfile, "Argon2id", side_effect=AssertionError("the password was tried")):
            error = refusal(rewritten(sealed, changes))
        assert error.message.en == "key file: the work it asks for is beyond the limits"

    @pytest.mark.parametrize(
        "changes",
        [
            {1: bytes(31)},
            {2: bytes(15)},
            {3: bytes(13)},
            {7: bytes(47)},
            {1: 5},
            {4: b"8"},
            {5: [1]},
            {3: None},
            {8: 1},
        ],
    )
    def test_parts_that_do_not_fit_are_damage(self, sealed: bytes, changes: dict[int, Any]) -> None:
        assert refusal(rewritten(sealed, changes)).message.en == "key file: is damaged"

    @pytest.mark.parametrize(
        "content", [b"", b"\x00", b"\x80", b"\xa0", b"\xa1\x00\x40", b"\xbf\xff", b"\xa1\x61\x30\x01"]
    )
    def test_a_map_that_is_none_is_damage(self, content: bytes) -> None:
        assert refusal(hashed(keyfile.MAGIC + content)).message.en == "key file: is damaged"

    def test_a_file_too_long_is_damage(self, sealed: bytes) -> None:
        assert refusal(rewritten(sealed, {8: bytes(1_024)})).message.en == "key file: is damaged"

    def test_a_key_that_no_device_has_is_refused(self, sealed: bytes) -> None:
        assert refusal(rewritten(sealed, {1: bytes(32)})).message.en == "key file: what it names is no public key"

    def test_another_key_than_the_sealed_one_cannot_be_shown(self, sealed: bytes) -> None:
        other = DeviceKey.generate(b"\2" * 32).public.raw
        assert refusal(rewritten(sealed, {1: other})).code == "key-password"

    def test_nor_by_who_knows_the_password(self) -> None:
        with patch.object(DeviceKey, "seed", return_value=b"\2" * 32):
            forged = seal(KEY, PASSWORD, salt=SALT, nonce=NONCE, params=CHEAP)
        assert refusal(forged).message.en == "key file: the key inside is not the one it names"

    @pytest.mark.parametrize("version", [0, 2, 2**63 - 1])
    def test_another_version_asks_for_an_update(self, sealed: bytes, version: int) -> None:
        for data in (rewritten(sealed, {0: version}), hashed(keyfile.MAGIC + cbor2.dumps({0: version, 99: b"new"}))):
            with pytest.raises(UpdateNeededError, match=f"key file version {version}"):
                open_sealed(data, PASSWORD)


class TestSealing:
    @pytest.mark.parametrize(("salt", "nonce"), [(b"", NONCE), (SALT, b""), (SALT + b"0", NONCE), (SALT, NONCE + b"0")])
    def test_salt_and_nonce_have_their_lengths(self, salt: bytes, nonce: bytes) -> None:
        with pytest.raises(ValueError, match="a salt has 16 bytes, a nonce 12"):
            seal(KEY, PASSWORD, salt=salt, nonce=nonce, params=CHEAP)

    def test_parameters_beyond_the_bounds_cannot_be_chosen(self) -> None:
        assert Params() == Params(memory=64 * 1024, iterations=3, lanes=4)
        assert Params(memory=256 * 1024, iterations=16, lanes=16).lanes == 16
        for bad in ((7, 1, 1), (31, 1, 4), (262_145, 3, 4), (65_536, 0, 4), (65_536, 17, 4), (65_536, 3, 0)):
            with pytest.raises(ValueError, match="out of bounds"):
                Params(*bad)

    def test_too_little_memory_is_said(self, sealed: bytes) -> None:
        with patch.object(keyfile, "Argon2id") as derivation:
            derivation.return_value.derive.side_effect = MemoryError
            error = refusal(sealed)
        assert error.code == "memory"
        assert error.message.en == "too little memory (8 KiB for the password of a key)"
