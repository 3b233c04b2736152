"""Ed25519 with one verdict, whichever library checks (RFC 8032).

RFC 8032 leaves room: libraries differ over non-canonical and small-order points. So those are refused here before
a library is asked, in the public key A and in the signature's R alike, as is a scalar S that is not reduced. What is
left, every cofactorless verifier (OpenSSL, libsodium, Go) judges the same; so the faster of those installed is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

KEY_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
"""The field's prime (RFC 8032 §5.1)."""
_Y_BITS = 2**255 - 1
"""The bits of a point that tell y; the one above is the sign of x."""
_L = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point."""
_Y_OF_ORDER_8 = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8})
"""The y of the eight points whose order divides 8. Both signs of x go, so x = -0 (RFC 8032 §5.1.3) goes with them."""


_Fits = Callable[[bytes, bytes, bytes], bool]
"""Whether, by some library, a key's signature fits a message; asked only of what passed the checks here."""


def _openssl_fits(public_key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _libraries() -> dict[str, _Fits]:
    """What can be asked here, by name, the faster first. libsodium (PyNaCl) is optional."""
    try:
        from nacl.bindings import crypto_sign_open
        from nacl.exceptions import BadSignatureError
    except ImportError:
        return {"openssl": _openssl_fits}

    def libsodium_fits(public_key: bytes, signature: bytes, message: bytes) -> bool:
        try:
            crypto_sign_open(signature + message, public_key)
        except BadSignatureError:
            return False
        return True

    return {"libsodium": libsodium_fits, "openssl": _openssl_fits}


_LIBRARIES = _libraries()
_fits = next(iter(_LIBRARIES.values()))


class SignatureError(IntegrityError):
    """A signature, or a public key, that is not good."""

    code = "signature"


_PUBLIC_KEY, _SIGNATURE = Text("公開鍵", "public key"), Text("署名", "signature")


def sign(key: Ed25519PrivateKey, message: bytes) -> bytes:
    """The 64 bytes of the signature over ``message``."""
    return key.sign(message)


def check_public_key(public_key: bytes) -> None:
    """Raise SignatureError for bytes that no honest key has: wrong length, not canonical, small order."""
    _check_point(public_key, _PUBLIC_KEY)


def verify(public_key: bytes, signature: bytes, message: bytes) -> None:
    """Raise SignatureError unless ``signature`` is ``public_key``'s over ``message``."""
    check_public_key(public_key)
    verify_with_checked(public_key, signature, message)


def verify_with_checked(public_key: bytes, signature: bytes, message: bytes) -> None:
    """The same for a key that passed ``check_public_key``, as every ``biotrace.chain.keys.PublicKey`` has."""
    if len(signature) != SIGNATURE_BYTES:
        raise SignatureError(Text("署名は64バイトです", "a signature has 64 bytes"))
    _check_point(signature[:32], _SIGNATURE)
    if int.from_bytes(signature[32:], "little") >= _L:
        raise SignatureError(Text("署名の数値が範囲外です", "the signature's scalar is out of range"))
    if not _fits(public_key, signature, message):
        raise SignatureError(Text("署名が内容と合いません", "the signature does not fit the content"))


def libraries() -> tuple[str, ...]:
    """Names of the libraries that can be asked here; ``verify`` asks the first."""
    return tuple(_LIBRARIES)


@contextmanager
def asking(library: str) -> Iterator[None]:
    """For tests: within this, in all threads, ``verify`` asks that one of ``libraries()``."""
    global _fits
    before, _fits = _fits, _LIBRARIES[library]
    try:
        yield
    finally:
        _fits = before


def _check_point(encoded: bytes, what: Text) -> None:
    if len(encoded) != KEY_BYTES:
        raise SignatureError(what + Text("は32バイトです", " has 32 bytes"))
    y = int.from_bytes(encoded, "little") & _Y_BITS
    if y >= _P:
        raise SignatureError(what + Text("の点が正規の形ではありません", ": a point that is not in canonical form"))
    if y in _SMALL_ORDER_Y:
        raise SignatureError(what + Text("の点の位数が小さすぎます", ": a point of small order"))
