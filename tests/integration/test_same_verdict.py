"""One casebook, three ways: unsigned, transcribed under one key, signed by every party. One verdict."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site
from biotrace.services.check import check_casebook
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.lot_check import NOT_RUN, RULES, LotCheck, Order, Signatures
from biotrace.services.sign import sign_file
from biotrace.services.times import day_of
from biotrace.services.verify import verify_lots
from biotrace.services.workspace import Workspace, init_workspace
from biotrace.store.ledger import Ledger
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import LotVerdict, judge, pronounce
from biotrace.verify.verdict_json import verdict_data
from tests.builders import LOG, NOW, ChainBuilder, m3
from tests.casebooks import OTSU
from tests.desks import Desk, desk, noon
from tests.integration.test_as_of import DAYS, story
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
    """But for bodies: whether they inspect, a ledger tells of all members, a casebook of those it is about (A207)."""
    unsigned, logged = (
        {r["id"]: sorted(f["code"] for f in r["findings"] if f["code"][0] != "S") for r in verdict["records"]}
        for verdict in (checked, verified)
    )
    assert {record: codes for record, codes in logged.items() if codes != ["A207"]} == unsigned


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


def seen_alone(verdict: LotVerdict) -> LotVerdict:
    """The verdict as who looks at the lot alone tells it: whether a key's chain breaks, only the whole log shows."""
    return replace(
        verdict,
        passed=tuple(code for code in verdict.passed if code not in NOT_SEEN),
        fired=tuple(code for code in verdict.fired if code not in NOT_SEEN),
        not_applicable=tuple(code for code in verdict.not_applicable if code not in NOT_SEEN),
        findings=tuple(f for f in verdict.findings if f.code not in NOT_SEEN),
        not_checked=tuple(u for u in verdict.not_checked if u.code not in NOT_SEEN),
    )


NOT_SEEN = frozenset(NOT_RUN)


def test_a_lot_by_itself_is_judged_as_among_all_others(signed: Workspace) -> None:
    """The walk of one lot's closure and the fold over the whole ledger agree."""
    reading = read_ledger(signed.ledger)
    check = LotCheck(signed.ledger)
    verdict = judge(case_of_ledger(reading.logged, day_of(TODAY)), RINYA_2012)
    assert len(verdict.lots) == 110
    for expected in verdict.lots:
        for signatures in Signatures:
            found = check.check([expected.id], Order(day_of(TODAY), signatures=signatures))
            assert found.lots == (seen_alone(expected),)
            assert (found.damage, found.when_accepted) == ((), {})
            assert found.entries == len(signed.ledger)
            assert found.seen < found.entries
    together = check.check([lot.id for lot in verdict.lots], Order(day_of(TODAY)))
    assert together.lots == tuple(map(seen_alone, verdict.lots))


class TestEarlierDays:
    """On every day of twelve on which wood is held, cancelled, replaced, and its accreditation and key end."""

    @pytest.fixture(scope="class")
    @classmethod
    def plant(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
        with desk(tmp_path_factory.mktemp("plant"), "plant-8", story(), DAYS[-1]) as workspace:
            yield workspace

    @pytest.mark.parametrize("day", [*DAYS, None], ids=str)
    def test_as_of_then(self, day: date | None, plant: Desk) -> None:
        whole = verify_lots(plant, (), day)
        check = LotCheck(plant.ledger)
        for signatures in Signatures:
            found = check.check([lot.id for lot in whole.verdict.lots], Order(day or DAYS[-1], day, signatures))
            assert found.lots == tuple(map(seen_alone, whole.verdict.lots))
            then = {lot: replace(was, lot=seen_alone(was.lot)) for lot, was in whole.when_accepted.items()}
            assert found.when_accepted == then

    def test_some_were_accepted_as_something_else(self, plant: Desk) -> None:
        """So that the test above compares what can differ."""
        assert len(verify_lots(plant, ()).when_accepted) == 3

    def test_a_lot_of_a_later_day_is_told(self, plant: Desk) -> None:
        with pytest.raises(UsageError) as refused:
            LotCheck(plant.ledger).check(["c-7"], Order(DAYS[0], DAYS[0]))
        assert refused.value.code == "not-yet-logged"


class TestGrowing:
    """What any lot needs is kept, and kept up with the ledger."""

    def test_every_day_is_as_if_read_anew(self, tmp_path: Path) -> None:
        batches = story()
        with desk(tmp_path, "plant-8", batches[:1], DAYS[-1]) as workspace:
            check = LotCheck(workspace.ledger)
            for day, records in batches[1:]:
                check.check(["d-1"], Order(day))
                workspace.ledger.append(records, noon(day))
                lots = [lot.id for lot in verify_lots(workspace, ()).verdict.lots]
                anew = LotCheck(workspace.ledger).check(lots, Order(day))
                assert check.check(lots, Order(day)) == anew

    def test_another_ledger_in_its_place_is_read_anew(self, tmp_path: Path) -> None:
        """Shorter, then longer again, and not what it was."""
        batches = story()
        with desk(tmp_path / "a", "plant-8", batches, DAYS[-1]) as workspace:
            check = LotCheck(workspace.ledger)
            before = check.check(["d-1"], Order(DAYS[-1]))
            workspace.ledger.database.close()
            for file in (tmp_path / "a").glob("ledger.sqlite*"):
                file.unlink()
            chain = ChainBuilder().story()
            chain.correction("cancelled", "c-1", Action.CANCEL)
            for i in range(40):
                chain.sign("otsu", RecordKind.SITE, f"s-{i}", Site(f"s-{i}", "otsu", FuelClass.THINNED))
            with desk(tmp_path / "a", "plant-8", [(DAYS[0], chain.records)], DAYS[-1]):
                pass
            after = check.check(["d-1"], Order(DAYS[-1]))
            assert after == LotCheck(workspace.ledger).check(["d-1"], Order(DAYS[-1]))
            assert after.entries > before.entries
            assert after.lots[0].id != before.lots[0].id or after.lots[0] != before.lots[0]


SPOILED = {
    "signature": "UPDATE entry SET envelope = CAST(substr(envelope, 1, length(envelope) - 1) || x'00' AS BLOB)"
    " WHERE position = ?",
    "no record": "UPDATE entry SET envelope = zeroblob(60) WHERE position = ?",
    "id": "UPDATE entry SET record_id = zeroblob(32) WHERE position = ?",
    "column": "UPDATE entry SET content = zeroblob(32) WHERE position = ?",
    "time": "UPDATE entry SET logged_at = logged_at + 1 WHERE position >= ?",
    "number": "UPDATE paper_number SET number = 'x' WHERE position = ?",
    "amount": "UPDATE certified_m3 SET cm3 = 1 WHERE position = ?",
    "seller": "UPDATE handed_over SET seller = 'x' WHERE position = ?",
    "buyer": "UPDATE handed_over SET buyer = NULL WHERE position = ?",
    "weight": "UPDATE handed_over SET amount = amount + 1 WHERE position = ?",
    "drawn": "UPDATE drawn SET amount = amount + 1 WHERE child = ?",
    "citation": "DELETE FROM edge WHERE child = ?",
}


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("subject", ["c-1", "doc-1", "c-2", "draw-2", "x-1"])
def test_what_is_spoiled_is_found_alike(how: str, subject: str, tmp_path: Path) -> None:
    """An ancestor, its document, the lot's own certificate, another draw, and what that one draws on as well."""
    chain = ChainBuilder().story()
    chain.document("doc-x", number="26-99")
    chain.felling("x-1", ("doc-x",), number="第26-099号")
    chain.processing("draw-2", {"c-1": m3(2_000), "x-1": m3(1)})
    chain.processing("c-3", {"c-1": m3(2_000)}, number="乙-3")
    with Ledger.create(tmp_path / "ledger.db", LOG) as ledger:
        ledger.append(chain.records, NOW)
        position = ledger.find(subject)[0].position
        with closing(sqlite3.connect(tmp_path / "ledger.db")) as database, database:
            database.execute(SPOILED[how], (position,))
        reading = read_ledger(ledger)
        case = case_of_ledger(reading.logged, DAYS[0], range(len(ledger)))
        judged = fold(case, RULES, RINYA_2012).judged
        check = LotCheck(ledger)
        for lot, others in (("c-3", {"c-2", "draw-2", "x-1"}), ("d-1", {"draw-2", "x-1"})):
            if how == "citation" and subject in others:
                continue  # nothing leads to another use of which the database has lost the citations: see the audit
            record_id = chain[lot].record_id.hex()
            (expected,) = pronounce([record_id], case, judged, RULES)
            found = check.check([record_id], Order(DAYS[0], signatures=Signatures.ALL))
            alone = seen_alone(expected)
            assert replace(found.lots[0], findings=()) == replace(alone, findings=())
            assert set(found.lots[0].findings) == set(alone.findings)
            told = {(f.position, f.rule, f.code) for f in found.damage if f.record_id}
            whole = {(f.position, f.rule, f.code) for f in reading.damaged if f.record_id}
            assert told == {f for f in whole if f[1] not in NOT_SEEN and f[0] in _looked_at(lot, chain)}


def _looked_at(lot: str, chain: ChainBuilder) -> set[int]:
    """Positions of all that bears on either lot here; d-1 was logged before the other draws."""
    unseen = {"doc-x", "x-1", "draw-2", "c-3"} if lot == "d-1" else {"doc-x", "d-1"}
    return {i for i, record in enumerate(chain.records) if record.subject not in unseen}
