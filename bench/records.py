"""Signing and verifying records, as ratios to bare Ed25519 on the same core in the same run.

Both libraries are measured bare, over the very bytes that the records' signatures cover; the ratio is to the faster.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair

from biotrace.chain import cbor
from biotrace.chain.keys import DeviceKey, PublicKey
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record, Signer, content_digest, parse_record, verify_record
from biotrace.model.certificate import Certificate
from biotrace.services.shipped import demo_casebook

ROUNDS = 40
RECORDS = 250
SEED = bytes(range(32))
NAMES = {"proc-3-a": "みどり沢チップ株式会社", "plant-3": "三号発電所合同会社"}

Work = Callable[[], object]


def rates(works: Sequence[Work], count: int) -> list[float]:
    """Operations per second of each: its best of some rounds, since other work on the machine only ever slows it down.

    The rounds alternate, so that what the machine does otherwise falls on all of them.
    """
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for i, work in enumerate(works):
            began = time.perf_counter()
            work()
            best[i] = min(best[i], time.perf_counter() - began)
    return [count / seconds for seconds in best]


def certificate(felling: bool) -> Certificate:
    """One of the demonstration, without the ids of a casebook."""
    found = next(c for c in demo_casebook().certificates if bool(c.draws) != felling and bool(c.locations) == felling)
    return replace(found, id="", draws=(), documents=())


def main() -> None:
    """Print rates and ratios for a short record and for a long one."""
    for name, felling in (("processing", False), ("felling", True)):
        measure(name, certificate(felling))


def measure(name: str, body: Certificate) -> None:
    """Sign and verify records about ``body``, and the same bytes bare."""
    key, bare = DeviceKey.generate(SEED), Ed25519PrivateKey.from_private_bytes(SEED)
    records = signed(key, body)
    envelopes = [record.envelope for record in records]
    messages = [to_be_signed(record) for record in records]
    pairs = [(record.signed.signature, message) for record, message in zip(records, messages, strict=True)]
    both = [signature + message for signature, message in pairs]
    public, secret = crypto_sign_seed_keypair(SEED)
    openssl_public = bare.public_key()
    works: list[Work] = [
        lambda: [content_digest(record) for record in signed(key, body)],
        lambda: [bare.sign(message) for message in messages],
        lambda: [crypto_sign(message, secret) for message in messages],
        lambda: verify_all(envelopes, key.public),
        lambda: [openssl_public.verify(signature, message) for signature, message in pairs],
        lambda: [crypto_sign_open(signed_message, public) for signed_message in both],
    ]
    signing, *bare_signing, verifying, openssl, libsodium = rates(works, RECORDS)
    print(f"{name} certificate, {len(envelopes[0])} bytes")
    show("sign, with content digest", signing, *bare_signing)
    show("parse and verify from its bytes", verifying, openssl, libsodium)


def to_be_signed(record: Record) -> bytes:
    """What its signature covers."""
    return cbor.encode(["Signature1", record.signed.protected, b"", record.signed.payload])


def signed(key: DeviceKey, body: Certificate) -> list[Record]:
    """Records of one key, each after the other."""
    signer = Signer(key, body.seller)
    return [signer.sign(RecordKind.CERTIFICATE, f"c-{i}", body, i, NAMES) for i in range(RECORDS)]


def verify_all(envelopes: Sequence[bytes], key: PublicKey) -> None:
    """Read records from their bytes and verify each."""
    for envelope in envelopes:
        verify_record(parse_record(envelope), key)


def show(what: str, per_second: float, openssl: float, libsodium: float) -> None:
    """One line: the rate, what each library does bare, and the ratio to the faster."""
    ratio = per_second / max(openssl, libsodium)
    bare = f"bare OpenSSL {openssl:,.0f}/s, libsodium {libsodium:,.0f}/s"
    print(f"  {what + ':':<34}{per_second:>7,.0f}/s  {ratio:.2f} of the faster ({bare})")


if __name__ == "__main__":
    main()
