"""The examples of RFC 8949 appendix A (github.com/cbor/test-vectors): each is taken, or refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain.cbor import CborError, decode, encode

REFUSED = {
    "c249010000000000000000": "cbor-tag",
    "c349010000000000000000": "cbor-tag",
    "1bffffffffffffffff": "cbor-range",
    "3bffffffffffffffff": "cbor-range",
    "a26161016162820203": "cbor-key-type",
    "826161a161626163": "cbor-key-type",
    "a56161614161626142616361436164614461656145": "cbor-key-type",
    "bf61610161629f0203ffff": "cbor-indefinite",
    "bf6346756ef563416d7421ff": "cbor-indefinite",
    "826161bf61626163ff": "cbor-indefinite",
    "83018202039f0405ff": "cbor-indefinite",
    "83019f0203ff820405": "cbor-indefinite",
}
"""Those whose reason does not show in their first byte."""


def expected_refusal(data: bytes) -> str | None:
    """Why the profile does not take the bytes; None where it does."""
    if data.hex() in REFUSED:
        return REFUSED[data.hex()]
    if data[0] >> 5 == 7:
        return "cbor-simple"
    if data[0] >> 5 == 6:
        return "cbor-tag"
    return "cbor-indefinite" if data[0] & 31 == 31 else None


def examples(vectors: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((vectors / "cbor" / "appendix_a.json").read_text("utf-8"))
    return found


def python_value(decoded: Any) -> Any:
    """JSON has text keys; the profile has integers."""
    if isinstance(decoded, dict):
        return {int(key): python_value(value) for key, value in decoded.items()}
    return [python_value(item) for item in decoded] if isinstance(decoded, list) else decoded


def test_every_example_is_taken_or_refused_by_name(vectors: Path) -> None:
    taken = refused = 0
    for example in examples(vectors):
        data = bytes.fromhex(example["hex"])
        reason = expected_refusal(data)
        if reason is None:
            value = decode(data)
            assert encode(value) == data, example
            if "decoded" in example:
                assert value == python_value(example["decoded"]), example
            taken += 1
        else:
            with pytest.raises(CborError) as caught:
                decode(data)
            assert caught.value.code == reason, example
            refused += 1
    assert (taken, refused) == (29, 53)
