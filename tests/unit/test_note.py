"""Signed notes: others' examples verify, and only one form of a note is read."""

from __future__ import annotations

import base64
import hashlib

import pytest

from biotrace.chain import note
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.note import COSIGNATURE, ED25519, Note, NoteError, VerifierKey
from biotrace.errors import IntegrityError
from tests.builders import device_key

# The example of C2SP signed-note.
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
# The example of the first implementation, golang.org/x/mod/sumdb/note; the second key signs the same text.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
ENOCHS = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
# The first example of C2SP signed-note, whose key is not given: its text holds an empty line.
POEM = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
).encode()

LOG = device_key("log")
KEY = VerifierKey("log.example/bio", ED25519, LOG.public)
SIGNED = note.sign("hello\n", KEY.name, LOG)


def keys(*vkeys: str) -> list[VerifierKey]:
    return [VerifierKey.parse(vkey) for vkey in vkeys]


def test_the_example_of_the_specification_verifies() -> None:
    (key,) = keys(SPEC_KEY)
    assert (key.name, key.algorithm, key.key_hash.hex()) == ("example.com/foo", ED25519, "530d903a")
    assert str(key) == SPEC_KEY
    parsed = note.parse(SPEC_NOTE)
    assert parsed.text == "This is an example message.\n"
    assert note.verify(parsed, [key]) == (key,)
    assert parsed.to_bytes() == SPEC_NOTE


def test_two_keys_of_another_implementation_sign_one_note() -> None:
    parsed = note.parse(f"{TEXT}\n{PETERS}{ENOCHS}".encode())
    known = keys(ENOCH, PETER)
    assert note.verify(parsed, known) == tuple(known)
    assert note.verify(parsed, known[:1]) == (known[0],)


def test_the_last_empty_line_ends_the_text() -> None:
    parsed = note.parse(POEM)
    assert parsed.text.endswith("sole:\n\ned è subito sera.\n")
    assert [(s.name, len(s.blob)) for s in parsed.signatures] == [("quasimodo.example/salvatore", 64)]
    assert parsed.to_bytes() == POEM


def test_what_is_signed_here_verifies_and_parses_to_the_same() -> None:
    assert note.verify(SIGNED, [KEY]) == (KEY,)
    assert note.parse(SIGNED.to_bytes()) == SIGNED


@pytest.mark.parametrize("text", ["間伐材\n", "a\n\nb\n", "a\n\n", "\n", "— a b\n", "a\u2028b\x7f\x85\n"])
def test_any_text_of_whole_lines_can_be_signed(text: str) -> None:
    signed = note.sign(text, KEY.name, LOG)
    assert note.parse(signed.to_bytes()).text == text


@pytest.mark.parametrize("text", ["", "a", "a\n\nb", "a\r\n", "a\tb\n", "\0\n", "\x1f\n", "\ud800\n"])
def test_text_that_cannot_be_read_back_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        note.sign(text, KEY.name, LOG)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u3000b", "a\u2028", "a\x85b", "\xa0", "a\0", "\ud800"])
def test_names_with_spaces_or_plus_are_no_names(name: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey(name, ED25519, LOG.public)


SIGNATURE = SIGNED.to_bytes().decode().removeprefix("hello\n\n")


@pytest.mark.parametrize(
    "whole",
    [
        "",
        "\n",
        "\n\n",
        "hello\n",
        "hello\n\n",
        "hello\n\n\n",
        f"hello\n{SIGNATURE}",
        f"hello{SIGNATURE}",
        f"hello\n\n{SIGNATURE[:-1]}",
        f"hello\n\n{SIGNATURE[:-1]}x",
        f"hello\n\n{SIGNATURE}\n",
        f"hello\n\n{SIGNATURE}\n\n",
        f"hello\n\n{SIGNATURE} \n",
        f"hello\n\n{SIGNATURE}x\n",
        f"hello\n\nx{SIGNATURE}",
        f"hello\r\n\r\n{SIGNATURE}",
        f"hello\n\n{SIGNATURE[:-1]}\r\n",
        f"hel\0lo\n\n{SIGNATURE}",
        f"hello\n\n{SIGNATURE.replace('— ', '- ')}",
        f"hello\n\n{SIGNATURE.replace('— ', '–  ')}",
        f"hello\n\n{SIGNATURE.replace('— ', '—  ')}",
        "hello\n\n" + SIGNATURE.replace("— ", "—\u00a0"),
        f"hello\n\n{SIGNATURE.replace('bio ', 'bio  ')}",
        f"hello\n\n{SIGNATURE.replace('bio ', 'b+o ')}",
        f"hello\n\n{SIGNATURE.replace('bio ', 'bio')}",
        f"hello\n\n{SIGNATURE.replace('=', '')}",
        f"hello\n\n{SIGNATURE.replace('=', '==')}",
        "hello\n\n— a \n",
        "hello\n\n— a AAAAAA==\n",
        "hello\n\n— a AAAA AAAA\n",
        "hello\n\n— a AAAA-AAA\n",
        "hello\n\n— a AAAAAAB=\n",
        "hello\n\n" + SIGNATURE * (note.MAX_SIGNATURES + 1),
        "hello\n" * 200_000 + "\n" + SIGNATURE,
    ],
)
def test_other_forms_are_no_notes(whole: str) -> None:
    with pytest.raises(NoteError):
        note.parse(whole.encode())


@pytest.mark.parametrize("byte", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x80"])
def test_a_note_is_utf8(byte: bytes) -> None:
    with pytest.raises(NoteError, match="UTF-8"):
        note.parse(byte + SIGNED.to_bytes())


def test_as_many_signatures_as_a_note_may_have() -> None:
    parsed = note.parse(f"hello\n\n{SIGNATURE * note.MAX_SIGNATURES}".encode())
    assert note.verify(parsed, [KEY]) == (KEY,)


@pytest.mark.parametrize(
    "other",
    [
        VerifierKey("log.example/other", ED25519, LOG.public),
        VerifierKey(KEY.name, ED25519, device_key("other").public),
    ],
)
def test_unknown_keys_say_nothing(other: VerifierKey) -> None:
    """Another name with the same key, or another key of the same name, is another key."""
    with pytest.raises(NoteError) as refused:
        note.verify(SIGNED, [other])
    assert refused.value.code == "note-unsigned"
    assert note.verify(SIGNED, [other, KEY]) == (KEY,)


def test_no_known_key_is_no_verification() -> None:
    with pytest.raises(NoteError):
        note.verify(SIGNED, [])


def test_a_bad_signature_by_a_known_key_refuses_the_note_whoever_else_signed() -> None:
    both = note.add_signature(SIGNED, VerifierKey("w", ED25519, device_key("w").public), bytes(64))
    with pytest.raises(SignatureError, match="signature by w"):
        note.verify(both, [KEY, VerifierKey("w", ED25519, device_key("w").public)])
    assert note.verify(both, [KEY]) == (KEY,)
    twice = Note(SIGNED.text, (*SIGNED.signatures, note.NoteSignature(KEY.name, KEY.key_hash, bytes(64))))
    with pytest.raises(SignatureError):
        note.verify(twice, [KEY])


def test_text_under_anothers_signature_is_refused() -> None:
    for text in ("hello \n", "hello\n\n", "Hello\n"):
        with pytest.raises(SignatureError):
            note.verify(Note(text, SIGNED.signatures), [KEY])


def test_a_key_replaces_its_own_signature_only() -> None:
    once_more = note.add_signature(SIGNED, KEY, SIGNED.signatures[0].blob)
    assert once_more == SIGNED


def test_keys_that_claim_the_same_lines_are_refused() -> None:
    with pytest.raises(NoteError, match="two keys"):
        note.verify(SIGNED, [KEY, KEY])


def test_a_witness_key_does_not_sign_text() -> None:
    with pytest.raises(NoteError, match="no key that signs text"):
        note.verify(SIGNED, [VerifierKey(KEY.name, COSIGNATURE, LOG.public)])


def test_every_change_to_a_verifier_key_is_refused() -> None:
    vkey = str(KEY)
    for i, character in enumerate(vkey):
        for other in (chr(ord(character) ^ 1), chr(ord(character) + 1), "", character * 2):
            with pytest.raises(IntegrityError):
                VerifierKey.parse(vkey[:i] + other + vkey[i + 1 :])
    for start in range(len(vkey)):
        for end in range(start + 1, len(vkey) + (start > 0)):
            with pytest.raises(IntegrityError):
                VerifierKey.parse(vkey[start:end])


def test_verifier_keys_of_other_kinds_are_refused() -> None:
    """Though their hash is right: ECDSA, ML-DSA, a key too long; and a small-order one."""
    for algorithm, public in [(2, bytes(32)), (6, bytes(1312)), (1, LOG.public.raw + b"\0"), (1, bytes(32))]:
        raw = bytes([algorithm]) + public
        key_hash = hashlib.sha256(b"x\n" + raw).hexdigest()[:8]
        with pytest.raises(IntegrityError):
            VerifierKey.parse(f"x+{key_hash}+{base64.b64encode(raw).decode()}")
    upper = str(KEY).replace(KEY.key_hash.hex(), KEY.key_hash.hex().upper())
    with pytest.raises(NoteError):
        VerifierKey.parse(upper)


def test_errors_speak_both_languages() -> None:
    with pytest.raises(NoteError) as refused:
        note.parse(b"x")
    assert refused.value.message.ja.startswith("署名付きノート")
    assert refused.value.code == "note"
