"""The envelope: COSE_Sign1 in exactly one form, everything signed."""

from __future__ import annotations

import hashlib
from typing import Any

import cbor2
import pytest

from biotrace.chain import cose
from biotrace.chain.cbor import CborError
from biotrace.chain.cose import EnvelopeError, TruncatedError
from biotrace.chain.ed25519 import SignatureError
from tests.builders import NOW, device_key

KEY = device_key("kousei")
PAYLOAD = b"\xa0"
ENVELOPE = cose.sign(KEY, "kousei", "c-1", NOW, PAYLOAD).envelope


def envelope_of(header: Any = None, unprotected: Any = None, payload: Any = PAYLOAD, tag: int = 18) -> bytes:
    """A properly signed envelope of any shape, made by another encoder."""
    if header is None:
        header = {1: -19, 4: KEY.kid, 15: {1: "kousei", 2: "c-1", 6: NOW}}
    protected = header if isinstance(header, bytes) else cbor2.dumps(header, canonical=True)
    to_be_signed = cbor2.dumps(["Signature1", protected, b"", payload])
    return cbor2.dumps(cbor2.CBORTag(tag, [protected, unprotected or {}, payload, KEY.sign(to_be_signed)]))


def header(**changes: Any) -> dict[int, Any]:
    claims = {1: changes.get("iss", "kousei"), 2: changes.get("sub", "c-1"), 6: changes.get("iat", NOW)}
    return {1: changes.get("alg", -19), 4: changes.get("kid", KEY.kid), 15: changes.get("claims", claims)}


def test_parse_gives_back_what_was_signed() -> None:
    signed = cose.parse(ENVELOPE)
    assert (signed.issuer, signed.subject, signed.issued_at) == ("kousei", "c-1", NOW)
    assert (signed.kid, signed.payload, signed.envelope) == (KEY.kid, PAYLOAD, ENVELOPE)
    assert signed.record_id == hashlib.sha256(ENVELOPE).digest()
    cose.verify(signed, KEY.public)


def test_another_implementation_of_cose_makes_the_same_bytes() -> None:
    assert envelope_of() == ENVELOPE


def test_another_key_does_not_verify() -> None:
    with pytest.raises(SignatureError, match="record c-1: it names another key"):
        cose.verify(cose.parse(ENVELOPE), device_key("otsu").public)


def test_a_kid_that_names_another_key_does_not_make_its_signature() -> None:
    forged = envelope_of(header(kid=device_key("otsu").kid))
    with pytest.raises(SignatureError):
        cose.verify(cose.parse(forged), device_key("otsu").public)


@pytest.mark.parametrize(
    "envelope",
    [
        envelope_of(tag=98),
        ENVELOPE[1:],
        b"\xd8\x12" + ENVELOPE[1:],
        b"\xd2\xd2" + ENVELOPE[1:],
        b"\xd2\x80",
        b"\xd2\xa0",
        envelope_of(unprotected={4: KEY.kid}),
        envelope_of(unprotected={1: -19}),
        envelope_of(payload=None),
        envelope_of(payload=b""),
        envelope_of({1: -19}),
        envelope_of(header() | {3: 0}),
        envelope_of(b""),
        envelope_of(b"\x80"),
        envelope_of(header(alg=-8)),
        envelope_of(header(alg=-7)),
        envelope_of(header(alg="Ed25519")),
        envelope_of(header(kid=b"short")),
        envelope_of(header(kid="0123456789abcdef")),
        envelope_of(header(claims=[])),
        envelope_of(header(claims={1: "kousei", 2: "c-1"})),
        envelope_of(header(claims={1: "kousei", 2: "c-1", 6: NOW, 7: b"x"})),
        envelope_of(header(iss="")),
        envelope_of(header(iss=b"kousei")),
        envelope_of(header(iss="kou\nsei")),
        envelope_of(header(sub="c-1\0")),
        envelope_of(header(sub="c\x7f")),
        envelope_of(header(sub="長" * 86)),
        envelope_of(header(iat=-1)),
        envelope_of(header(iat=cose.MAX_TIME + 1)),
        envelope_of(header(iat=float(NOW))),
        envelope_of(header(iat=True)),
    ],
)
def test_other_envelopes_are_refused_however_well_signed(envelope: bytes) -> None:
    with pytest.raises((EnvelopeError, CborError)):
        cose.parse(envelope)


def test_header_bytes_in_another_order_are_refused_though_they_mean_the_same() -> None:
    backwards = cbor2.dumps({15: {1: "kousei", 2: "c-1", 6: NOW}, 4: KEY.kid, 1: -19})
    with pytest.raises(CborError) as refused:
        cose.parse(envelope_of(backwards))
    assert refused.value.code == "cbor-key-order"


def test_an_envelope_that_ends_early_is_told_from_other_damage() -> None:
    for length in range(len(ENVELOPE)):
        with pytest.raises(TruncatedError):
            cose.parse(ENVELOPE[:length])
    with pytest.raises(CborError) as refused:
        cose.parse(ENVELOPE + b"\0")
    assert refused.value.code == "cbor-trailing"


def test_signing_refuses_what_parsing_would() -> None:
    for issuer, subject, at in [("", "c-1", NOW), ("kousei", "c\t1", NOW), ("kousei", "c-1", -1), ("\ud800", "c", 0)]:
        with pytest.raises((EnvelopeError, CborError)):
            cose.sign(KEY, issuer, subject, at, PAYLOAD)
