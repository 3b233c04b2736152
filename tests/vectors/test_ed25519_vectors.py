"""914 edge cases (github.com/C2SP/CCTV): one verdict, and the same with every library at hand."""

from __future__ import annotations

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


@pytest.mark.parametrize("library", ["libsodium", "openssl"])
def test_the_verdict_follows_from_the_flags_whichever_library_is_asked(vectors: Path, library: str) -> None:
    """Good are those alone that no library doubts, whatever low-order component may hide in their points."""
    if library not in ed25519.libraries():
        pytest.skip("PyNaCl is not installed: one library only")
    accepted = 0
    with ed25519.asking(library):
        for case in cases(vectors):
            assert verdict(case) == REFUSED.isdisjoint(case["flags"] or ()), case["number"]
            accepted += verdict(case)
    assert accepted > 0
