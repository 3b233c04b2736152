"""Family D in a ledger: who deleted, held and asked for papers, and copies in the workspace's folder."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from biotrace.chain.kinds import RecordKind
from biotrace.model.party import Role
from biotrace.model.retention import Answer, Challenge, Deleted, RetentionHold, StoredFile, Tombstone
from biotrace.services.audit import audit
from biotrace.services.ledger_case import case_of_ledger, read_ledger
from biotrace.services.stored_files import copy_path, stored
from biotrace.services.verify import Verified, verify_lots
from biotrace.services.workspace import Workspace
from biotrace.verify.case import Case
from tests.builders import ROOT, ChainBuilder, m3
from tests.desks import desk

DAY = date(2014, 11, 19)
"""Of the story's chips and delivery; the papers of c-1, of 2014-06-27, are kept until 2019-06-27."""
LATER = date(2019, 7, 1)
SCAN = b"%PDF-1.7 the felling notice"
FILES = (Deleted.FILES,)


def hexed(chain: ChainBuilder, *subjects: str) -> tuple[str, ...]:
    """Record ids as values hold them."""
    return tuple(chain[subject].record_id.hex() for subject in subjects)


def delete(chain: ChainBuilder, by: str, of: str = "doc-1", day: date = DAY) -> None:
    """A party says that it deleted the files of a record."""
    (record,) = hexed(chain, of)
    chain.sign(by, RecordKind.TOMBSTONE, f"gone-{by}", Tombstone(record, day, FILES))


def case_on(chain: ChainBuilder, folder: Path, day: date = DAY) -> Case:
    """The ledger that took all of it on that day."""
    with desk(folder, "plant-8", [(day, chain.records)], day) as workspace:
        return case_of_ledger(read_ledger(workspace.ledger).logged, day)


def fired(chain: ChainBuilder, folder: Path, code: str, day: date = DAY) -> list[str]:
    """What a rule says of the lot, when the ledger took all of it on that day."""
    with desk(folder, "plant-8", [(day, chain.records)], day) as workspace:
        verified = verify_lots(workspace, ("d-1",))
        assert findings(workspace) == findings_of(verified)
        return [f.found.en for lot in verified.verdict.lots for f in lot.findings if f.code == code]


def findings(workspace: Workspace) -> list[str]:
    """The codes of family D in an audit of the whole ledger."""
    tally = audit(workspace, jobs=1).tally
    return sorted(code for code in {*tally.findings, *tally.notices} if code[0] == "D")


def findings_of(verified: Verified) -> list[str]:
    """The codes of family D on the lots."""
    return sorted({f.code for lot in verified.verdict.lots for f in lot.findings if f.code[0] == "D"})


@pytest.fixture
def chain() -> ChainBuilder:
    """The story, with an accrediting body and a trader that has nothing to do with it."""
    chain = ChainBuilder().story()
    chain.party("nagano-body", Role.BODY)
    chain.party("heiwa", Role.TRADER)
    return chain


@pytest.mark.parametrize(("by", "counts"), [("kousei", True), ("otsu", True), (ROOT, True), ("heiwa", False)])
def test_a_tombstone_counts_of_who_kept_the_paper(chain: ChainBuilder, tmp_path: Path, by: str, counts: bool) -> None:
    delete(chain, by)
    assert len(fired(chain, tmp_path, "D903")) == counts


def test_a_deletion_is_no_later_than_the_log_took_it(chain: ChainBuilder, tmp_path: Path) -> None:
    """A day in the future does not make it lawful."""
    delete(chain, "kousei", day=LATER)
    (found,) = fired(chain, tmp_path, "D903")
    assert "on 2014-11-19" in found


def test_a_hold_ends_by_who_put_it_on_or_who_runs_the_ledger(chain: ChainBuilder, tmp_path: Path) -> None:
    cited = hexed(chain, "doc-1")
    chain.sign("nagano-body", RecordKind.RETENTION_HOLD, "keep", RetentionHold(cited, DAY, "検査"))
    end = RetentionHold(cited, LATER, ends=chain["keep"].record_id.hex())
    chain.sign("kousei", RecordKind.RETENTION_HOLD, "over", end)
    (hold,) = case_on(chain, tmp_path / "stranger").kept.holds[cited[0]]
    assert hold.ended is None
    assert not hold.by.root
    chain.sign("nagano-body", RecordKind.RETENTION_HOLD, "over-2", end)
    (hold,) = case_on(chain, tmp_path / "own").kept.holds[cited[0]]
    assert hold.ended == len(chain.records) - 1
    chain.sign(ROOT, RecordKind.RETENTION_HOLD, "over-3", end)
    (hold,) = case_on(chain, tmp_path / "again").kept.holds[cited[0]]
    assert hold.ended == len(chain.records) - 2


def test_what_is_on_hold_is_not_deleted_after_five_years_either(chain: ChainBuilder, tmp_path: Path) -> None:
    lawful = ChainBuilder().story()
    delete(lawful, "kousei", day=LATER)
    assert fired(lawful, tmp_path / "lawful", "D903", LATER) == []
    hold = RetentionHold(hexed(chain, "doc-1"), DAY, "検査")
    chain.sign("nagano-body", RecordKind.RETENTION_HOLD, "keep", hold)
    delete(chain, "kousei", day=LATER)
    (found,) = fired(chain, tmp_path / "held", "D903", LATER)
    assert "while nagano-body株式会社 had it on hold" in found


def test_a_partys_own_record_is_known_by_the_party(chain: ChainBuilder, tmp_path: Path) -> None:
    (record,) = hexed(chain, "kousei")
    gone = Tombstone(record, DAY, (Deleted.PRIVATE_FIELDS,))
    chain.sign("kousei", RecordKind.TOMBSTONE, "gone", gone)
    assert list(case_on(chain, tmp_path).kept.deletions) == ["kousei"]


ANSWERED = StoredFile(b"a" * 32, 10, "application/pdf")


def ask(chain: ChainBuilder, answered_by: str | None = None, files: tuple[StoredFile, ...] = (ANSWERED,)) -> None:
    """The mill asks the feller for the notice within ten days; somebody answers."""
    due = DAY + timedelta(days=10)
    challenge = Challenge(hexed(chain, "doc-1"), "kousei", due, DAY)
    chain.sign("otsu", RecordKind.CHALLENGE, "ask", challenge)
    if answered_by is not None:
        answer = Answer(chain["ask"].record_id.hex(), DAY, files)
        chain.sign(answered_by, RecordKind.ANSWER, "answer", answer)


@pytest.mark.parametrize(
    ("by", "files", "produced"),
    [("kousei", (ANSWERED,), True), (ROOT, (ANSWERED,), True), ("otsu", (ANSWERED,), False), ("kousei", (), False)],
)
def test_an_answer_is_a_file_from_who_was_asked(
    chain: ChainBuilder, tmp_path: Path, by: str, files: tuple[StoredFile, ...], produced: bool
) -> None:
    ask(chain, by, files)
    asked = case_on(chain, tmp_path).kept.asked[hexed(chain, "doc-1")[0]]
    assert [request.produced is not None for request in asked] == [produced]


def test_the_day_of_an_answer_is_the_logs(chain: ChainBuilder, tmp_path: Path) -> None:
    """It says 2014-11-19 itself; the log took it a month later."""
    ask(chain)
    before = len(chain.records)
    answer = Answer(chain["ask"].record_id.hex(), DAY, (ANSWERED,))
    chain.sign("kousei", RecordKind.ANSWER, "answer", answer)
    late = DAY + timedelta(days=30)
    batches = [(DAY, chain.records[:before]), (late, chain.records[before:])]
    with desk(tmp_path, "plant-8", batches, late) as workspace:
        (lot,) = verify_lots(workspace, ("d-1",)).verdict.lots
    (found,) = (f.found.en for f in lot.findings if f.code == "D904")
    assert "produced on 2014-12-19" in found


def test_what_was_asked_for_in_vain_is_a_notice(chain: ChainBuilder, tmp_path: Path) -> None:
    ask(chain)
    batches = [(DAY, chain.records)]
    with desk(tmp_path, "plant-8", batches, DAY + timedelta(days=11)) as workspace:
        verified = verify_lots(workspace, ("d-1",))
        assert findings(workspace) == findings_of(verified) == ["D904"]
    (lot,) = verified.verdict.lots
    assert lot.clean


@pytest.fixture
def scanned() -> ChainBuilder:
    """The story, with a scan of the felling notice."""
    chain = ChainBuilder()
    chain.document("doc-0", files=(stored(SCAN),))
    story = chain.story()
    story.felling("c-9", ("doc-0",), number="第26-018号")
    story.processing("c-10", {"c-9": m3(11)}, number="乙-2")
    story.delivery("d-9", "c-10")
    return story


def test_an_altered_copy_voids_what_rests_on_it(scanned: ChainBuilder, tmp_path: Path) -> None:
    with desk(tmp_path, "plant-8", [(DAY, scanned.records)], DAY) as workspace:
        path = copy_path(tmp_path, stored(SCAN).sha256)
        path.parent.mkdir()
        path.write_bytes(SCAN)
        kept = verify_lots(workspace, ("d-9",)).verdict.lots[0]
        assert "D902" in kept.passed
        path.write_bytes(SCAN.replace(b"felling", b"Felling"))
        verified = verify_lots(workspace, ("d-9",))
        altered = verified.verdict.lots[0]
        assert findings(workspace) == findings_of(verified) == ["D902"]
        assert altered.confirmed.value == "construction_waste"
        path.unlink()
        assert "D902" in verify_lots(workspace, ("d-9",)).verdict.lots[0].not_applicable
