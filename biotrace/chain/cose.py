"""The envelope of a record: COSE_Sign1 (RFC 9052 §4.2), in a profile of SCITT signed statements (RFC 9943).

``18([protected, {}, payload, signature])``, where ``protected`` holds exactly

* 1 (alg): -19, Ed25519 (RFC 9864);
* 4 (kid): 16 bytes that name the key (``biotrace.chain.keys``);
* 15 (CWT claims, RFC 9597): {1 (iss): the signer's party id, 2 (sub): the signer's own name for what the record is
  about, 6 (iat): when it was signed, seconds since 1970-01-01 UTC}.

Nothing is unprotected and the payload is always inside, so the SHA-256 of the envelope identifies the record.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, NamedTuple

from biotrace.errors import IntegrityError
from biotrace.model.text import Text

from . import cbor, ed25519
from .keys import KID_BYTES, DeviceKey, PublicKey

ALG_ED25519 = -19
MAX_TIME = 253_402_300_799
"""9999-12-31T23:59:59Z: later seconds have no calendar date."""
MAX_NAME_BYTES = 256

_ALG, _KID, _CLAIMS = 1, 4, 15
_ISS, _SUB, _IAT = 1, 2, 6
_TAG_18 = b"\xd2"
_FOUR = cbor.head(cbor.ARRAY, 4)
_SIGNATURE1, _NOTHING = _FOUR + cbor.text("Signature1"), cbor.byte_string(b"")
_NO_HEADER = cbor.head(cbor.MAP, 0)
_HEADER_STARTS = (
    cbor.head(cbor.MAP, 3)
    + (cbor.head(cbor.UINT, _ALG) + cbor.integer(ALG_ED25519))
    + (cbor.head(cbor.UINT, _KID) + cbor.head(cbor.BYTES, KID_BYTES))
)
_CLAIMS_START = cbor.head(cbor.UINT, _CLAIMS) + cbor.head(cbor.MAP, 3) + cbor.head(cbor.UINT, _ISS)
_SUB_STARTS, _IAT_STARTS = cbor.head(cbor.UINT, _SUB), cbor.head(cbor.UINT, _IAT)
_KID_ENDS = len(_HEADER_STARTS) + KID_BYTES
_CLAIMS_STARTED = _KID_ENDS + len(_CLAIMS_START)
_CONTROL = re.compile("[\x00-\x1f\x7f]")


class EnvelopeError(IntegrityError):
    """Bytes that are no envelope of this profile."""

    code = "envelope"


class TruncatedError(EnvelopeError):
    """An envelope of which the end is missing."""

    code = "envelope-truncated"


class Signed(NamedTuple):
    """A parsed envelope, signature not yet verified. ``envelope`` holds the exact bytes."""

    envelope: bytes
    record_id: bytes
    protected: bytes
    payload: bytes
    signature: bytes
    kid: bytes
    issuer: str
    subject: str
    issued_at: int


def sign(key: DeviceKey, issuer: str, subject: str, issued_at: int, payload: bytes) -> Signed:
    """The envelope around ``payload``. Raises EnvelopeError for claims that ``parse`` would refuse."""
    _check_claims(issuer, subject, issued_at)
    protected = b"".join(
        (
            *(_HEADER_STARTS, key.kid, _CLAIMS_START, cbor.text(issuer)),
            *(_SUB_STARTS, cbor.text(subject), _IAT_STARTS, cbor.integer(issued_at)),
        )
    )
    signature = key.sign(_to_be_signed(protected, payload))
    parts = (cbor.byte_string(protected), _NO_HEADER, cbor.byte_string(payload), cbor.byte_string(signature))
    envelope = _TAG_18 + _FOUR + b"".join(parts)
    if len(envelope) - len(_TAG_18) > cbor.MAX_BYTES:
        raise _wrong(Text("記録が大きすぎます", "the record is too large"))
    record_id = hashlib.sha256(envelope).digest()
    return Signed(envelope, record_id, protected, payload, signature, key.kid, issuer, subject, issued_at)


def parse(envelope: bytes) -> Signed:
    """The parts of an envelope. Raises EnvelopeError (or CborError) unless it is canonical and of this profile."""
    if not envelope:
        raise TruncatedError(Text("封筒が空です", "the envelope is empty"))
    if envelope[:1] != _TAG_18:
        raise _wrong(Text("COSE_Sign1 のタグ18がありません", "it does not start with tag 18, COSE_Sign1"))
    protected, unprotected, payload, signature = _plain_parts(envelope) or _four_parts(envelope)
    if unprotected != {}:
        raise _wrong(Text("署名の外にヘッダーがあります", "a header stands outside the signature"))
    if not isinstance(payload, bytes) or not payload:
        raise _wrong(Text("本文が入っていません", "the payload is not inside"))
    if not isinstance(signature, bytes) or len(signature) != ed25519.SIGNATURE_BYTES:
        raise _wrong(Text("署名は64バイトです", "a signature has 64 bytes"))
    if not isinstance(protected, bytes):
        raise _wrong(Text("保護ヘッダーがバイト列ではありません", "the protected header is no byte string"))
    kid, issuer, subject, issued_at = _plain_header(protected) or _header(protected)
    _check_claims(issuer, subject, issued_at)
    record_id = hashlib.sha256(envelope).digest()
    return Signed(envelope, record_id, protected, payload, signature, kid, issuer, subject, issued_at)


def verify(signed: Signed, public_key: PublicKey) -> None:
    """Raise SignatureError unless the envelope names ``public_key`` and its signature verifies over the exact bytes."""
    try:
        if signed.kid != public_key.kid:
            raise ed25519.SignatureError(Text("別の鍵で署名されています", "it names another key"))
        to_be_signed = _to_be_signed(signed.protected, signed.payload)
        ed25519.verify_with_checked(public_key.raw, signed.signature, to_be_signed)
    except ed25519.SignatureError as error:
        raise ed25519.SignatureError(
            Text(f"記録「{signed.subject}」: ", f"record {signed.subject}: ") + error.message,
            Text(
                f"受け入れず、{signed.issuer} に元の記録を求めてください",
                f"do not accept it; ask {signed.issuer} for the record as it was signed",
            ),
        ) from None


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure (RFC 9052 §4.4), with no external data."""
    return _SIGNATURE1 + cbor.byte_string(protected) + _NOTHING + cbor.byte_string(payload)


def _wrong(reason: Text) -> EnvelopeError:
    return EnvelopeError(Text("封筒: ", "envelope: ") + reason)


def _four_parts(envelope: bytes) -> list[cbor.Value]:
    try:
        parts = cbor.decode(envelope[1:])
    except cbor.CborError as error:
        if error.code == "cbor-truncated":
            raise TruncatedError(Text("封筒が途中で切れています", "the envelope ends early")) from None
        raise
    if not isinstance(parts, list) or len(parts) != 4:
        raise _wrong(Text("四つの部分からなる配列ではありません", "it is no array of four parts"))
    return parts


def _plain_parts(envelope: bytes) -> tuple[cbor.Value, ...] | None:
    """The four parts where they read plainly; None where ``_four_parts`` is to say what they are, or what is wrong."""
    if envelope[:2] != _TAG_18 + _FOUR:
        return None
    try:
        protected, at = cbor.item(envelope, 2)
        unprotected, at = cbor.item(envelope, at)
        payload, at = cbor.item(envelope, at)
        signature, at = cbor.item(envelope, at)
    except (cbor.CborError, IndexError):
        return None
    whole = at == len(envelope) <= cbor.MAX_BYTES
    return (protected, unprotected, payload, signature) if whole else None


def _plain_header(protected: bytes) -> tuple[bytes, str, str, int] | None:
    """kid and claims where they read plainly, as ``sign`` writes them; None where ``_header`` is to judge."""
    if not protected.startswith(_HEADER_STARTS) or protected[_KID_ENDS:_CLAIMS_STARTED] != _CLAIMS_START:
        return None
    try:
        issuer, at = cbor.item(protected, _CLAIMS_STARTED)
        subject, then = cbor.item(protected, at + 1)
        issued_at, end = cbor.item(protected, then + 1)
    except (cbor.CborError, IndexError):
        return None
    if (protected[at : at + 1], protected[then : then + 1], end) != (_SUB_STARTS, _IAT_STARTS, len(protected)):
        return None
    return protected[len(_HEADER_STARTS) : _KID_ENDS], issuer, subject, issued_at  # type: ignore[return-value]  # ``parse`` looks


def _header(protected: bytes) -> tuple[bytes, Any, Any, Any]:
    header = cbor.decode(protected)
    if not isinstance(header, dict) or header.keys() != {_ALG, _KID, _CLAIMS}:
        raise _wrong(Text("保護ヘッダーは alg・kid・claims です", "the protected header must hold alg, kid and claims"))
    if header[_ALG] != ALG_ED25519:
        raise _wrong(Text("署名の方式が Ed25519 ではありません", "the algorithm is not Ed25519 (-19)"))
    kid, claims = header[_KID], header[_CLAIMS]
    if not isinstance(kid, bytes) or len(kid) != KID_BYTES:
        raise _wrong(Text("kid は16バイトです", "a kid has 16 bytes"))
    if not isinstance(claims, dict) or claims.keys() != {_ISS, _SUB, _IAT}:
        raise _wrong(Text("claims は iss・sub・iat です", "the claims must be iss, sub and iat"))
    return kid, claims[_ISS], claims[_SUB], claims[_IAT]


def _check_claims(issuer: object, subject: object, issued_at: object) -> None:
    _check_name(issuer, "iss")
    _check_name(subject, "sub")
    if type(issued_at) is not int or not 0 <= issued_at <= MAX_TIME:
        raise _wrong(Text("iat が時刻ではありません", "iat is no time"))


def _check_name(value: object, claim: str) -> None:
    """An issuer or subject: people and databases have to be able to hold it, so no control characters."""
    if not isinstance(value, str) or not value or not (value.isprintable() or _CONTROL.search(value) is None):
        raise _wrong(Text(f"{claim} が名前ではありません", f"{claim} is no name"))
    if len(value) * 4 > MAX_NAME_BYTES < len(value.encode("utf-8", "surrogatepass")):
        raise _wrong(Text(f"{claim} が長すぎます", f"{claim} is longer than {MAX_NAME_BYTES} bytes"))
