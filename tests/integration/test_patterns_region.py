"""Planted frauds rank above everything honest, in a made-up region of a few thousand records."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from bench.patterns import Seen, compared, measured
from bench.region.fraud import CODES, Frauds, Staged
from bench.region.settings import Settings
from bench.region.writing import Region, write_region
from biotrace.services.patterns import Asked, look_at_ledger
from biotrace.services.workspace import open_workspace
from biotrace.verify.patterns import PATTERNS

FRAUDS = Frauds()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Seen], tuple[Staged, ...]]:
    """Everything that scores, with what was staged."""
    place = tmp_path_factory.mktemp("crooked") / "region"
    region = write_region(place, Settings(4_000, 4), "bench region", frauds=FRAUDS)
    with open_workspace(place, lambda: 1_790_000_000) as workspace:
        looked = look_at_ledger(workspace, Asked(score=1, prices=[FRAUDS.price_change]))
    return compared(looked.listed, region.staged), region.staged


def test_one_fraud_and_one_look_alike_of_each_kind_are_staged(seen: tuple[list[Seen], tuple[Staged, ...]]) -> None:
    _, staged = seen
    assert Counter((s.code, s.fraud) for s in staged) == Counter((c, f) for c in CODES for f in (True, False))
    assert {kind.code for kind in PATTERNS} == set(CODES)


def test_frauds_rank_above_everything_honest(seen: tuple[list[Seen], tuple[Staged, ...]]) -> None:
    found, _ = seen
    true = [s.score for s in found if s.is_true]
    honest = [s.score for s in found if not (s.is_true or s.is_beside)]
    assert len(true) == len(CODES)
    assert len(honest) >= 3  # a region without any noise would show nothing
    assert min(true) >= 500 > max(honest)


def test_precision_and_recall(seen: tuple[list[Seen], tuple[Staged, ...]]) -> None:
    found, staged = seen
    for one in measured(found, staged):
        assert (one.planted, one.true, one.listed) == (1, 1, 1 + one.beside), one.line
        assert "precision 1.00  recall 1.00" in one.line


def test_an_honest_sighting_costs_precision_and_a_missed_fraud_recall() -> None:
    code = CODES[0]
    staged = (Staged(code, "a", True, ""), Staged(code, "b", True, ""), Staged("per-hectare", "c", True, ""))
    scored = ((900, staged[:1]), (800, ()), (700, staged[2:]), (400, staged[1:2]))
    found = [Seen(code, score, of) for score, of in scored]
    (one,) = (m for m in measured(found, staged) if m.code == code)
    assert asdict(one) == {"code": code, "planted": 2, "listed": 3, "true": 1, "beside": 1}
    assert "precision 0.50  recall 0.50" in one.line


def test_frauds_are_never_staged_unasked() -> None:
    region = Region(Settings(1_000, 3))
    kinds = Counter(signed.record.kind for signed in region.signed())
    assert region.staged == ()
    assert kinds.total() == 1_000


def test_an_unknown_fraud_is_refused() -> None:
    with pytest.raises(ValueError, match="no such fraud: H314"):
        Frauds({"H314": 1})


def test_a_region_says_what_was_staged(tmp_path: Path) -> None:
    for name, frauds in (("plain", None), ("crooked", Frauds({"same-minute": 1}, honest=0))):
        write_region(tmp_path / name, Settings(1_000, 3), "x", frauds=frauds)
    plain, crooked = (json.loads((tmp_path / n / "expected.json").read_text("utf-8")) for n in ("plain", "crooked"))
    assert "staged" not in plain
    assert plain["settings"] == crooked["settings"] == asdict(Settings(1_000, 3))
    assert [(s["code"], s["fraud"]) for s in crooked["staged"]] == [("same-minute", True)]
