"""A device key under a password, as a file's bytes. Key file version 1; every later release opens it.

``MAGIC``, then a map in the profile of ``biotrace.chain.cbor``, then the SHA-256 of all that comes before it. The map:
{0: version, 1: public key, 2: salt, 3: nonce, 4: memory in KiB, 5: iterations, 6: lanes, 7: sealed seed}.

What is sealed is the key's 32-byte seed, with ChaCha20-Poly1305 (RFC 8439) under the key that Argon2id (RFC 9106) makes
of the password, in NFKC and UTF-8; so typed full-width or half-width it is the same password. ``MAGIC`` and the map
without 7 are authenticated with it.

The hash holds no secret and proves nothing: it tells a damaged file from a wrong password. Magic, map, hash and the
place of the version stay as they are in all versions.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UpdateNeededError, UsageError
from biotrace.model.text import Text

from . import cbor
from .keys import DeviceKey, PublicKey

MAGIC = b"biotrace key\n"
VERSION = 1
SALT_BYTES, NONCE_BYTES = 16, 12
MAX_BYTES = 1_024
"""No key file is longer, in this version or a later one."""

_VERSION, _PUBLIC, _SALT, _NONCE, _MEMORY, _ITERATIONS, _LANES, _SEALED = range(8)
_LENGTHS = {_PUBLIC: 32, _SALT: SALT_BYTES, _NONCE: NONCE_BYTES, _SEALED: 32 + 16}
_HASH_BYTES = 32
_MAX_MEMORY, _MAX_ITERATIONS, _MAX_LANES = 256 * 1024, 16, 16
"""More than anybody needs, and still opened, or refused, within seconds and 256 MiB."""


class WrongPasswordError(UnreadableError):
    """A whole key file that this password does not open."""

    code = "key-password"


@dataclass(frozen=True, slots=True)
class Params:
    """What Argon2id costs: memory in KiB, passes over it, and how many lanes it has (RFC 9106 §3.1).

    The default is what RFC 9106 §4 recommends where 2 GiB are too much. ValueError beyond 256 MiB, 16 passes or
    16 lanes, and for less than 8 KiB a lane.
    """

    memory: int = 64 * 1024
    iterations: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        if not (
            1 <= self.lanes <= _MAX_LANES
            and 1 <= self.iterations <= _MAX_ITERATIONS
            and 8 * self.lanes <= self.memory <= _MAX_MEMORY
        ):
            raise ValueError(f"out of bounds: {self}")


@dataclass(frozen=True, slots=True)
class _Parts:
    """A key file, taken apart. ``header``: its clear part, as authenticated."""

    header: bytes
    public: PublicKey
    salt: bytes
    nonce: bytes
    params: Params
    sealed: bytes


def seal(key: DeviceKey, password: str, *, salt: bytes, nonce: bytes, params: Params | None = None) -> bytes:
    """The key file's bytes. ``salt``, 16 bytes, and ``nonce``, 12, are random and never used before (else ValueError).

    Raises UsageError for an empty password, or one that is no text.
    """
    if (len(salt), len(nonce)) != (SALT_BYTES, NONCE_BYTES):
        raise ValueError(f"a salt has {SALT_BYTES} bytes, a nonce {NONCE_BYTES}")
    cost = params or Params()
    parts: dict[int, cbor.Value] = {_VERSION: VERSION, _PUBLIC: key.public.raw, _SALT: salt, _NONCE: nonce}
    parts |= {_MEMORY: cost.memory, _ITERATIONS: cost.iterations, _LANES: cost.lanes}
    cipher = _cipher(password, salt, cost)
    parts[_SEALED] = cipher.encrypt(nonce, key.seed(), _header(parts))
    content = MAGIC + cbor.encode(parts)
    return content + hashlib.sha256(content).digest()


def open_sealed(data: bytes, password: str) -> DeviceKey:
    """The key in a key file.

    Raises WrongPasswordError, UnreadableError for a file that is damaged or no key file, UpdateNeededError for one of a
    later version, and UsageError for a password that no key file can have.
    """
    parts = _parts(data)
    try:
        seed = _cipher(password, parts.salt, parts.params).decrypt(parts.nonce, parts.sealed, parts.header)
    except InvalidTag:
        raise WrongPasswordError(
            Text(
                "パスワードが違います（ファイルが故意に書き換えられたときも、こう表示されます）",
                "the password is wrong (a file that was changed on purpose looks the same)",
            ),
            Text(
                f"鍵 {parts.public.kid.hex()} のパスワードを入れ直してください",
                f"enter the password of key {parts.public.kid.hex()} again",
            ),
        ) from None
    key = DeviceKey.generate(seed)
    if key.public != parts.public:
        raise _unreadable(Text("名乗る鍵と中の鍵が違います", "the key inside is not the one it names"))
    return key


def public_key(data: bytes) -> PublicKey:
    """Whose key file it claims to be, to be shown; only opening it proves that. Raises as ``open_sealed`` does."""
    return _parts(data).public


def _parts(data: bytes) -> _Parts:
    parts = _checked_map(data)
    public, salt, nonce, sealed = (_bytes(parts, key) for key in (_PUBLIC, _SALT, _NONCE, _SEALED))
    memory, iterations, lanes = (_integer(parts, key) for key in (_MEMORY, _ITERATIONS, _LANES))
    try:
        return _Parts(_header(parts), PublicKey(public), salt, nonce, Params(memory, iterations, lanes), sealed)
    except IntegrityError:
        raise _unreadable(Text("公開鍵として使えない値です", "what it names is no public key")) from None
    except ValueError:
        raise _unreadable(
            Text("パスワードの計算に求める量が限度の外です", "the work it asks for is beyond the limits")
        ) from None


def _checked_map(data: bytes) -> dict[int, cbor.Value]:
    """The map of a whole file of this version."""
    if not data.startswith(MAGIC):
        raise _unreadable(Text("biotrace の鍵ファイルではありません", "is no key file of biotrace"))
    content, digest = data[:-_HASH_BYTES], data[-_HASH_BYTES:]
    if len(data) > MAX_BYTES or hashlib.sha256(content).digest() != digest:
        raise _damaged()
    try:
        parts = cbor.decode(content[len(MAGIC) :])
    except cbor.CborError:
        raise _damaged() from None
    if not isinstance(parts, dict) or type(parts.get(_VERSION)) is not int:
        raise _damaged()
    if parts[_VERSION] != VERSION:
        raise UpdateNeededError(
            Text(
                f"鍵ファイルの版 {parts[_VERSION]} をこの biotrace は知りません",
                f"this biotrace does not know key file version {parts[_VERSION]}",
            ),
            Text("biotrace を更新してください", "update biotrace"),
        )
    if parts.keys() != set(range(_SEALED + 1)):
        raise _damaged()
    return parts


def _bytes(parts: dict[int, cbor.Value], key: int) -> bytes:
    value = parts[key]
    if not isinstance(value, bytes) or len(value) != _LENGTHS[key]:
        raise _damaged()
    return value


def _integer(parts: dict[int, cbor.Value], key: int) -> int:
    value = parts[key]
    if not isinstance(value, int):
        raise _damaged()
    return value


def _header(parts: dict[int, cbor.Value]) -> bytes:
    return MAGIC + cbor.encode({key: value for key, value in parts.items() if key != _SEALED})


def _cipher(password: str, salt: bytes, params: Params) -> ChaCha20Poly1305:
    derivation = Argon2id(
        salt=salt, length=32, iterations=params.iterations, lanes=params.lanes, memory_cost=params.memory
    )
    try:
        return ChaCha20Poly1305(derivation.derive(_password_bytes(password)))
    except MemoryError:
        raise BiotraceError(
            Text(
                f"メモリーが足りません（鍵のパスワードの計算に {params.memory} KiB）",
                f"too little memory ({params.memory} KiB for the password of a key)",
            ),
            Text("ほかのプログラムを閉じて、もう一度実行してください", "close other programs and try again"),
            code="memory",
        ) from None


def _password_bytes(password: str) -> bytes:
    if not password:
        raise UsageError(
            Text("パスワードが空です", "the password is empty"),
            Text("パスワードを入れてください", "enter a password"),
            code="password",
        )
    try:
        return unicodedata.normalize("NFKC", password).encode()
    except UnicodeEncodeError:
        raise UsageError(
            Text("パスワードに文字でないものが含まれています", "the password contains what is no text"),
            Text("端末の文字コードを確かめて入れ直してください", "check the terminal's encoding and enter it again"),
            code="password",
        ) from None


def _damaged() -> UnreadableError:
    return _unreadable(
        Text("壊れています", "is damaged"),
        Text("控えの鍵ファイルを使ってください", "use a backup of the key file"),
    )


def _unreadable(what: Text, remedy: Text | None = None) -> UnreadableError:
    return UnreadableError(
        Text("鍵ファイル: ", "key file: ") + what,
        remedy or Text("biotrace が作った鍵ファイルを指定してください", "name a key file that biotrace made"),
        code="key-file",
    )
