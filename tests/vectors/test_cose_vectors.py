"""COSE_Sign1 examples (github.com/cose-wg/Examples): none is of our profile, and what we sign is as they do it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cbor2
import pytest

from biotrace.chain import cose, ed25519
from biotrace.chain.cbor import CborError
from biotrace.chain.cose import EnvelopeError
from biotrace.chain.keys import DeviceKey


def example(vectors: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((vectors / "cose" / name).read_text())
    return found


@pytest.mark.parametrize(
    "name",
    [
        *(f"sign1-tests/sign-fail-0{i}.json" for i in (1, 2, 3, 4, 6, 7)),
        *(f"sign1-tests/sign-pass-0{i}.json" for i in (1, 2, 3)),
        *(f"eddsa-examples/eddsa-{name}.json" for name in ("01", "02", "sig-01", "sig-02")),
    ],
)
def test_every_example_is_outside_the_profile(vectors: Path, name: str) -> None:
    """Failing ones, other algorithms (ES256, Ed448, the older EdDSA), alg or kid unprotected, untagged."""
    with pytest.raises((EnvelopeError, CborError)):
        cose.parse(bytes.fromhex(example(vectors, name)["output"]["cbor"]))


def test_the_bytes_that_are_signed_are_those_of_the_example(vectors: Path) -> None:
    """eddsa-sig-01: the same key over the same Sig_structure gives the same signature."""
    given = example(vectors, "eddsa-examples/eddsa-sig-01.json")
    protected, _, payload, signature = cbor2.loads(bytes.fromhex(given["output"]["cbor"])).value
    to_be_signed = cose._to_be_signed(protected, payload)
    assert to_be_signed == bytes.fromhex(given["intermediates"]["ToBeSign_hex"])
    key = given["input"]["sign0"]["key"]
    assert DeviceKey.generate(bytes.fromhex(key["d_hex"])).sign(to_be_signed) == signature
    ed25519.verify(bytes.fromhex(key["x_hex"]), signature, to_be_signed)


@pytest.mark.parametrize("name", ["sign-pass-03", "sign-fail-01"])
def test_only_tag_18_is_an_envelope(vectors: Path, name: str) -> None:
    with pytest.raises(EnvelopeError, match="tag 18"):
        cose.parse(bytes.fromhex(example(vectors, f"sign1-tests/{name}.json")["output"]["cbor"]))


def test_an_algorithm_outside_the_signature_is_refused(vectors: Path) -> None:
    with pytest.raises(EnvelopeError, match="outside the signature"):
        cose.parse(bytes.fromhex(example(vectors, "sign1-tests/sign-pass-01.json")["output"]["cbor"]))
