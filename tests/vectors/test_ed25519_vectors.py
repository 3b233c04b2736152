"""914 edge cases (github.com/C2SP/CCTV): one verdict, and the same with every library at hand."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain import ed25519
from biotrace.chain.ed25519 import SignatureError

REFUSED = {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"}


def cases(vectors: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((vectors / "cctv" / "ed25519" / "ed25519vectors.json").read_text())
    assert len(found) == 914
    return found


def verdict(case: dict[str, Any]) -> bool:
    try:
        ed25519.verify(bytes.fromhex(case["key"]), bytes.fromhex(case["sig"]), case["msg"].encode())
    except SignatureError:
        return False
    return True


def test_the_verdict_follows_from_the_flags(vectors: Path) -> None:
    """Good are those alone that no library doubts, whatever low-order component may hide in their points."""
    accepted = 0
    for case in cases(vectors):
        assert verdict(case) == REFUSED.isdisjoint(case["flags"] or ()), case["number"]
        accepted += verdict(case)
    assert accepted > 0


def test_libsodium_agrees_on_what_is_left_to_a_library(vectors: Path) -> None:
    if importlib.util.find_spec("nacl") is None:
        pytest.skip("PyNaCl is not installed: one library only")
    from nacl.exceptions import BadSignatureError  # type: ignore[import-not-found]
    from nacl.signing import VerifyKey  # type: ignore[import-not-found]

    for case in cases(vectors):
        if REFUSED.isdisjoint(set(case["flags"] or ()) - {"low_order_residue"}):
            try:
                VerifyKey(bytes.fromhex(case["key"])).verify(case["msg"].encode(), bytes.fromhex(case["sig"]))
                theirs = True
            except BadSignatureError:
                theirs = False
            assert verdict(case) == theirs, case["number"]
