"""Signing and verifying records, as ratios to bare Ed25519 on the same core in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Signer, parse_record, verify_record
from biotrace.services.shipped import demo_casebook

ROUNDS = 5
RECORDS = 2000


def rate(work: Callable[[], object], count: int) -> float:
    """Operations per second: the best of some rounds, since other work on the machine only ever slows one down."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return count / best


def main() -> None:
    """Print the rates and their ratios."""
    certificate = replace(next(c for c in demo_casebook().certificates if c.draws), id="", draws=(), documents=())
    key = DeviceKey.generate()
    signer = Signer(key, certificate.seller)
    records = [signer.sign(RecordKind.CERTIFICATE, f"c-{i}", certificate, i) for i in range(RECORDS)]
    bare = Ed25519PrivateKey.generate()
    message = records[0].envelope
    signature, public = bare.sign(message), bare.public_key()

    def sign_records() -> None:
        again = Signer(key, certificate.seller)
        for i in range(RECORDS):
            again.sign(RecordKind.CERTIFICATE, f"c-{i}", certificate, i)

    def verify_records() -> None:
        for record in records:
            verify_record(parse_record(record.envelope), key.public)

    signing = rate(sign_records, RECORDS)
    verifying = rate(verify_records, RECORDS)
    bare_signing = rate(lambda: [bare.sign(message) for _ in range(RECORDS)], RECORDS)
    bare_verifying = rate(lambda: [public.verify(signature, message) for _ in range(RECORDS)], RECORDS)
    show(f"sign a record of {len(message)} bytes", signing, signing / bare_signing, "bare signing")
    show("parse and verify it from its bytes", verifying, verifying / bare_verifying, "bare verifying")


def show(what: str, per_second: float, ratio: float, limit: str) -> None:
    """One line: the rate, and its ratio to the bare limit."""
    print(f"{what + ':':<40}{per_second:>8,.0f}/s  {ratio:.2f} of {limit}")


if __name__ == "__main__":
    main()
