"""Two ways, one verdict: on made-up ledgers with defects at random, the walk over one lot's closure, the audit that
streams over the log, and the fold over all of it in memory tell the same, finding by finding."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.region.defects import PLANTS
from bench.region.settings import LAST_DAY, SMALLEST, Settings
from bench.region.writing import Region, write_region
from biotrace.services import audit_read, lot_check
from biotrace.services.audit import Audited, Listeners, audit
from biotrace.services.audit_tally import Lot
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.lot_check import LotCheck, Order, Signatures
from biotrace.services.workspace import Workspace, open_workspace
from biotrace.verify.booking import BookJudged
from biotrace.verify.case import Case
from biotrace.verify.fold import Judged, fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import LotVerdict, judge
from tests.workspaces import PASSWORD, TODAY, password

Told = Counter[tuple[str, str, str, str]]
"""Findings by code, record, effect and what was seen."""


def told(findings: list[Finding]) -> Told:
    return Counter((f.code, f.record, f.effect.value, f.found.ja) for f in findings)


def made(folder: Path, seed: int, codes: frozenset[str]) -> Region:
    """A small region with some defects: of each kind a few."""
    return write_region(folder, Settings(SMALLEST, seed, dict.fromkeys(sorted(codes), 2_000.0)), PASSWORD)


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 10_000), st.frozensets(st.sampled_from(sorted(PLANTS)), min_size=3, max_size=12))
def test_audit_walk_and_fold_agree(seed: int, codes: frozenset[str]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "region"
        region = made(folder, seed, codes)
        with open_workspace(folder, lambda: TODAY, password) as workspace:
            reading = read_ledger(workspace.ledger)
            case = case_of_ledger(reading.logged, LAST_DAY)
            found: list[Finding] = []
            lots: list[Lot] = []
            listeners = Listeners(lambda f, _: found.append(f), lots.append)
            audited = audit(workspace, LAST_DAY, 1, listeners)
            assert {(p.code, p.record) for p in region.planted} == {
                (f.code, f.record) for f in found if not f.is_notice
            }
            _streaming_tells_what_the_fold_tells(case, audited, found, lots)
            _two_processes_tell_the_same(workspace, found, lots)
            _every_walk_tells_what_the_fold_tells(case, LotCheck(workspace.ledger))


def _streaming_tells_what_the_fold_tells(case: Case, audited: Audited, found: list[Finding], lots: list[Lot]) -> None:
    whole = fold(case, RULES, RINYA_2012)
    judged: list[Judged | BookJudged] = [*whole.judged.values(), *whole.books.values()]
    assert told(found) == told([f for j in judged for f in j.findings])
    assert audited.tally.unchecked == Counter(u.code for j in judged for u in j.unchecked if u.decisive)
    verdict = judge(case, RINYA_2012)
    expected = {(v.id, v.declared, v.confirmed, v.status, v.clean, v.dry_grams) for v in verdict.lots}
    assert {(lot.record, lot.declared, lot.confirmed, lot.status, lot.clean, lot.grams) for lot in lots} == expected
    assert len(lots) == len(verdict.lots)


def _two_processes_tell_the_same(workspace: Workspace, found: list[Finding], lots: list[Lot]) -> None:
    """Where one of them asks most rules early, before it is known what came before."""
    found_too: list[Finding] = []
    lots_too: list[Lot] = []
    with patch.object(audit_read, "_WORTH_IT", 1):
        audit(workspace, LAST_DAY, 2, Listeners(lambda f, _: found_too.append(f), lots_too.append))
    assert (found_too, lots_too) == (found, lots)


def _every_walk_tells_what_the_fold_tells(case: Case, check: LotCheck) -> None:
    for expected in judge(case, RINYA_2012, lot_check.RULES).lots:
        for signatures in Signatures:
            (alone,) = check.check([expected.id], Order(LAST_DAY, LAST_DAY, signatures)).lots
            assert alone == _without_what_no_walk_sees(expected)


def _without_what_no_walk_sees(verdict: LotVerdict) -> LotVerdict:
    """Whether a key's chain breaks, only who reads all of the log can say."""
    return replace(verdict, passed=tuple(code for code in verdict.passed if code != "S103"))
