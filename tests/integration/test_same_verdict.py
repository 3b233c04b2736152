"""One casebook, three ways: unsigned, transcribed under one key, signed by every party. One verdict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from biotrace.services.check import check_casebook
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.sign import sign_file
from biotrace.services.times import day_of
from biotrace.services.verify import verify_lots
from biotrace.services.workspace import Workspace, init_workspace
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import judge, pronounce
from biotrace.verify.verdict_json import verdict_data
from tests.casebooks import OTSU
from tests.workspaces import TODAY, password

DEMO = Path(__file__).parents[2] / "data/demo/soumu2017.yaml"


@pytest.fixture(scope="module")
def checked() -> dict[str, Any]:
    """The verdict on the casebook as it is."""
    return verdict_data(check_casebook(DEMO).verdict, "", "en")


@pytest.fixture(scope="module", params=[False, True], ids=["transcribed", "signed by all"])
def verified(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The verdict on the ledger, with its names for records in place of their ids."""
    folder = tmp_path_factory.mktemp("ledger") / "workspace"
    with init_workspace(folder, (OTSU,), lambda: TODAY, password) as workspace:
        sign_file(workspace, DEMO, demo_keys=request.param)
        found = verify_lots(workspace, ())
    assert not found.damage
    data = verdict_data(found.verdict, "", "en")
    named: dict[str, Any] = _named(data, found.subjects)
    return named


def _named(value: Any, subjects: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _named(part, subjects) for key, part in value.items()}
    if isinstance(value, list):
        return [_named(part, subjects) for part in value]
    return subjects.get(value, value) if isinstance(value, str) else value


def comparable(lot: dict[str, Any]) -> dict[str, Any]:
    """A lot's verdict without what must differ: who signed, and the sentences that quote record ids."""
    told = ("code", "record", "effect", "clause", "message", "expected", "remedy")
    rules = {kind: [code for code in lot["rules"][kind] if not code.startswith("S")] for kind in ("passed", "fired")}
    unchecked = sorted((u["code"], u["record"], u["decisive"]) for u in lot["rules"]["not_checked"])
    findings = sorted(tuple(f[key] for key in told) for f in lot["findings"] if not f["code"].startswith("S"))
    same = {key: value for key, value in lot.items() if key not in ("evidence", "rules", "findings", "sources")}
    sources = sorted((source["certificate"], source["kg_bone_dry"]) for source in lot["sources"])
    return same | rules | {"sources": sources, "not_checked": unchecked, "findings": findings}


def test_every_lot_is_judged_the_same(checked: dict[str, Any], verified: dict[str, Any]) -> None:
    unsigned = {lot["id"]: comparable(lot) for lot in checked["lots"]}
    logged = {lot["id"]: comparable(lot) for lot in verified["lots"]}
    assert len(unsigned) == 110
    assert list(logged) == list(unsigned)
    for lot, verdict in unsigned.items():
        assert logged[lot] == verdict


def test_what_reaches_no_lot_is_the_same(checked: dict[str, Any], verified: dict[str, Any]) -> None:
    unsigned, logged = (
        {r["id"]: sorted(f["code"] for f in r["findings"] if not f["code"].startswith("S")) for r in verdict["records"]}
        for verdict in (checked, verified)
    )
    assert logged == unsigned


def test_only_the_evidence_differs(checked: dict[str, Any], verified: dict[str, Any]) -> None:
    assert {lot["evidence"] for lot in checked["lots"]} == {"unsigned"}
    (evidence,) = {lot["evidence"] for lot in verified["lots"]}
    fired = {code for lot in verified["lots"] for code in lot["rules"]["fired"]}
    assert (evidence, "S108" in fired) in (("transcribed", True), ("signed", False))
    for lot in verified["lots"]:
        assert {"S101", "S102", "S103", "S104", "S106"} <= set(lot["rules"]["passed"])


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The workspace in which every party has signed its own."""
    folder = tmp_path_factory.mktemp("signed") / "workspace"
    with init_workspace(folder, (OTSU,), lambda: TODAY, password) as workspace:
        sign_file(workspace, DEMO, demo_keys=True)
        yield workspace


def test_a_lot_by_itself_is_judged_as_among_all_others(signed: Workspace) -> None:
    """The walk of one lot's closure and the fold over the whole ledger agree."""
    reading = read_ledger(signed.ledger)
    everything = case_of_ledger(reading.logged, day_of(TODAY))
    among_all = {lot.id: lot for lot in judge(everything, RINYA_2012).lots}
    positions = {entry.record.record_id.hex(): entry.position for entry in reading.logged}
    for record_id, expected in among_all.items():
        within = signed.ledger.closure([positions[record_id]])
        case = case_of_ledger(reading.logged, day_of(TODAY), set(within))
        (alone,) = pronounce([record_id], case, fold(case, RULES, RINYA_2012).judged)
        assert alone == expected
