"""Merkle proofs (github.com/transparency-dev/merkle, testdata): what is good verifies, what is not is refused.

One case, consistency/additional/sizes-are-equal-zero-and-proof-is-empty.json, looks like two equal empty trees and is
to be refused: its root is not that of an empty tree, and for that it is refused here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain import merkle
from biotrace.chain.merkle import EMPTY_ROOT, MerkleError


def cases(vectors: Path, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    folder = vectors / "merkle" / "testdata" / kind
    for file in sorted(folder.rglob("*.json")):
        yield str(file.relative_to(folder)), json.loads(file.read_text("utf-8"))


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def proof(case: dict[str, Any]) -> list[bytes]:
    return [raw(step) for step in case["proof"] or []]


def accepted(verify: Callable[[dict[str, Any]], None], case: dict[str, Any]) -> bool:
    try:
        verify(case)
    except MerkleError:
        return False
    return True


def inclusion(case: dict[str, Any]) -> None:
    leaf, root = raw(case["leafHash"]), raw(case["root"])
    merkle.verify_inclusion(leaf, case["leafIdx"], case["treeSize"], proof(case), root)


def consistency(case: dict[str, Any]) -> None:
    roots = raw(case["root1"]), raw(case["root2"])
    merkle.verify_consistency(case["size1"], case["size2"], *roots, proof(case))


@pytest.mark.parametrize(("kind", "verify", "good"), [("inclusion", inclusion, 6), ("consistency", consistency, 6)])
def test_every_case_has_the_verdict_that_it_should(
    vectors: Path, kind: str, verify: Callable[[dict[str, Any]], None], good: int
) -> None:
    verdicts = {}
    for name, case in cases(vectors, kind):
        verdicts[name] = accepted(verify, case)
        assert verdicts[name] != case["wantErr"], name
    assert (sum(verdicts.values()), len(verdicts)) == (good, 98)


def test_the_case_that_assumes_another_empty_root_is_refused_for_its_root(vectors: Path) -> None:
    case = dict(cases(vectors, "consistency"))["additional/sizes-are-equal-zero-and-proof-is-empty.json"]
    assert raw(case["root1"]) == raw(case["root2"]) != EMPTY_ROOT
    with pytest.raises(MerkleError, match="empty tree"):
        consistency(case)
    merkle.verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
