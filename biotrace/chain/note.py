"""Signed notes: text with signature lines below it, readable by people and tools alike (C2SP signed-note).

    <text, ending in a newline>
    <an empty line>
    — <key name> <base64 of the key's hash (4 bytes) and the signature>

Read more strictly than the specification asks: base64 in its one canonical form, key hashes in lower case, and sizes
within limits. Signatures by keys that one does not know say nothing and are skipped; a bad one by a known key refuses
the whole note.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import ed25519
from .keys import DeviceKey, PublicKey

ED25519 = 0x01
"""The signature is over the text."""
COSIGNATURE = 0x04
"""The signature is a witness's, over a time and the text: see ``biotrace.chain.checkpoint``."""
KEY_HASH_BYTES = 4
MAX_BYTES = 1 << 20
MAX_SIGNATURES = 100

_DASH = "— "  # an em dash and a space
_HEX = re.compile(r"[0-9a-f]{8}")


class NoteError(IntegrityError):
    """Bytes that are no signed note, or a key that is none, or no signature by a known key."""

    code = "note"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key as notes know it: a name, what it signs, and 32 bytes of Ed25519.

    ``algorithm``: ED25519 or COSIGNATURE. The same key under another name, or for the other algorithm, is another
    verifier key. Raises NoteError for a name or algorithm that no note has.
    """

    name: str
    algorithm: int
    public: PublicKey

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.algorithm not in (ED25519, COSIGNATURE):
            raise _wrong(Text("鍵の方式を知りません", f"unknown signature type {self.algorithm} of a key"))

    @classmethod
    def parse(cls, vkey: str) -> VerifierKey:
        """The key in the form ``name+hash+base64`` (C2SP signed-note, "Verifier keys"). Raises NoteError."""
        name, _, rest = vkey.partition("+")
        key_hash, _, encoded = rest.partition("+")
        raw = decode_base64(encoded)
        if len(raw) != 1 + ed25519.KEY_BYTES:
            raise _wrong(Text("検証鍵の長さが違います", "a verifier key of the wrong length"))
        key = cls(name, raw[0], PublicKey(raw[1:]))
        if not _HEX.fullmatch(key_hash) or bytes.fromhex(key_hash) != key.key_hash:
            raise _wrong(Text("検証鍵のハッシュが合いません", "the hash in a verifier key is not the key's"))
        return key

    @property
    def key_hash(self) -> bytes:
        """The 4 bytes by which signature lines name the key: SHA-256(name ‖ 0x0A ‖ algorithm ‖ key)[:4]."""
        named = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public.raw
        return hashlib.sha256(named).digest()[:KEY_HASH_BYTES]

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.algorithm]) + self.public.raw).decode()
        return f"{self.name}+{self.key_hash.hex()}+{encoded}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line, not verified. ``blob`` is what follows the key's hash: for ED25519 a signature."""

    name: str
    key_hash: bytes
    blob: bytes

    def is_by(self, key: VerifierKey) -> bool:
        """Whether the line claims to be by ``key``: name and hash are the key's."""
        return self.name == key.name and self.key_hash == key.key_hash


@dataclass(frozen=True, slots=True)
class Note:
    """A note as parsed, signatures not verified. ``text`` ends in a newline; its UTF-8 is what is signed."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def to_bytes(self) -> bytes:
        """The note as it is stored and published."""
        lines = (f"{_DASH}{s.name} {base64.b64encode(s.key_hash + s.blob).decode()}\n" for s in self.signatures)
        return f"{self.text}\n{''.join(lines)}".encode()


def sign(text: str, name: str, key: DeviceKey) -> Note:
    """The text signed by ``key`` under ``name``. Raises NoteError for what ``parse`` would refuse."""
    verifier = VerifierKey(name, ED25519, key.public)
    _check_text(text)
    return add_signature(Note(text, ()), verifier, key.sign(text.encode()))


def add_signature(note: Note, key: VerifierKey, blob: bytes) -> Note:
    """The note with one more line. An earlier one by the same key goes. Raises NoteError beyond the limits."""
    others = tuple(signature for signature in note.signatures if not signature.is_by(key))
    return parse(Note(note.text, (*others, NoteSignature(key.name, key.key_hash, blob))).to_bytes())


def parse(data: bytes) -> Note:
    """The note that ``data``, all of it, is. Raises NoteError."""
    if len(data) > MAX_BYTES:
        raise _wrong(Text("大きすぎます", "it is too large"))
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise _wrong(Text("正しい UTF-8 ではありません", "it is not valid UTF-8")) from None
    text, separator, lines = whole.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise _wrong(Text("本文・空行・署名の形ではありません", "it is not text, an empty line and signatures"))
    _check_text(text + "\n")
    if lines.count("\n") > MAX_SIGNATURES:
        raise _wrong(Text("署名が多すぎます", f"it has more than {MAX_SIGNATURES} signatures"))
    return Note(text + "\n", tuple(_signature(line) for line in lines[:-1].split("\n")))


def verify(note: Note, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Those of ``keys`` that signed the text, in the order of ``keys``; all must be for ED25519.

    Raises NoteError where none did or two keys cannot be told apart, and SignatureError where a line claims to be by
    one of them and is not.
    """
    check_distinct(keys)
    signed = []
    for key in keys:
        if key.algorithm != ED25519:
            raise _wrong(Text(f"{key.name} は本文に署名する鍵ではありません", f"{key.name} is no key that signs text"))
        blobs = [signature.blob for signature in note.signatures if signature.is_by(key)]
        for blob in blobs:
            verify_blob(key, blob, note.text.encode())
        if blobs:
            signed.append(key)
    if not signed:
        raise _wrong(Text("知っている鍵の署名がありません", "it has no signature by a known key"), "note-unsigned")
    return tuple(signed)


def verify_blob(key: VerifierKey, signature: bytes, message: bytes) -> None:
    """Raise SignatureError, naming the key, unless the 64 bytes are its signature over ``message``."""
    try:
        ed25519.verify(key.public.raw, signature, message)
    except ed25519.SignatureError as error:
        raise ed25519.SignatureError(
            Text(f"{key.name} の署名: ", f"signature by {key.name}: ") + error.message
        ) from None


def check_distinct(keys: Sequence[VerifierKey]) -> None:
    """Raise NoteError where two of the keys would claim the same signature lines."""
    if len({(key.name, key.key_hash) for key in keys}) != len(keys):
        raise _wrong(Text("名前とハッシュが同じ鍵が二つあります", "two keys with one name and hash"))


def check_name(name: str) -> None:
    """Raise NoteError for what is no key name: it is not empty, and has no space, plus or control character."""
    if not name or any(c.isspace() or c == "+" or c < " " or "\ud800" <= c <= "\udfff" for c in name):
        raise _wrong(Text(f"鍵の名前 {name!r} は使えません", f"{name!r} cannot be the name of a key"))


def decode_base64(encoded: str) -> bytes:
    """The bytes in canonical standard base64 (RFC 4648 §4, with padding). Raises NoteError for any other text."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raw = b""
    if not raw or base64.b64encode(raw).decode() != encoded:
        raise _wrong(Text("正規の base64 ではありません", "this is not canonical base64"))
    return raw


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise _wrong(Text("本文が改行で終わっていません", "the text does not end in a newline"))
    if any((c < " " and c != "\n") or "\ud800" <= c <= "\udfff" for c in text):
        raise _wrong(Text("本文に制御文字があります", "a control character stands in the text"))


def _signature(line: str) -> NoteSignature:
    if not line.startswith(_DASH):
        raise _wrong(Text("署名の行ではない行があります", "a line among the signatures is none"))
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    check_name(name)
    raw = decode_base64(encoded)
    if len(raw) <= KEY_HASH_BYTES:
        raise _wrong(Text("署名が短すぎます", "a signature is too short"))
    return NoteSignature(name, raw[:KEY_HASH_BYTES], raw[KEY_HASH_BYTES:])


def _wrong(reason: Text, code: str = NoteError.code) -> NoteError:
    return NoteError(Text("署名付きノート: ", "signed note: ") + reason, code=code)
