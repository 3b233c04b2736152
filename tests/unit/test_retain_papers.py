"""For whom, until when and why papers are kept: days, what rests on what, holds and questions."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UnreadableError
from biotrace.model.party import Role
from biotrace.model.retention import Answer, Challenge, RetentionHold, StoredFile
from biotrace.services.ledger_case import read_ledger
from biotrace.services.retain_papers import Kept, KeptPaper, kept_papers
from biotrace.services.settings import LEDGER, Settings, retention_years, write_settings
from biotrace.verify.profile import RINYA_2012
from tests.builders import ROOT, ChainBuilder, m3
from tests.desks import desk

DAY = date(2014, 11, 19)
SCAN = StoredFile(b"s" * 32, 10, "application/pdf")


def kept(chain: ChainBuilder, folder: Path, years: int = 5, day: date = DAY, party: str = "otsu") -> Kept:
    """What the desk of a party has to keep when the ledger took all of it on that day."""
    with desk(folder, party, [(day, chain.records)], day) as workspace:
        return kept_papers(read_ledger(workspace.ledger), party, day, years)


def paper(found: Kept, subject: str) -> KeptPaper:
    return next(p for p in found.papers if p.record.subject == subject)


def until(found: Kept, subject: str, party: str) -> date:
    return next(d.until for d in paper(found, subject).duties if d.party == party)


@pytest.mark.parametrize(
    ("dated", "years", "last"),
    [
        (date(2014, 6, 27), 5, date(2019, 6, 27)),
        (date(2015, 2, 28), 5, date(2020, 2, 29)),  # the years begin on 1 March
        (date(2016, 2, 28), 5, date(2021, 2, 28)),  # they begin on 29 February, and 2021 has none
        (date(2016, 2, 29), 5, date(2021, 2, 28)),
        (date(2016, 2, 29), 8, date(2024, 2, 29)),
        (date(2016, 2, 28), 8, date(2024, 2, 28)),
        (date(2014, 12, 31), 5, date(2019, 12, 31)),
        (date(2014, 6, 27), 7, date(2021, 6, 27)),
        (date(9998, 1, 1), 5, date.max),
        (date.max, 5, date.max),
    ],
)
def test_the_years_end_as_the_rules_have_it(dated: date, years: int, last: date, tmp_path: Path) -> None:
    chain = ChainBuilder()
    chain.document("doc-1")
    chain.felling("c-1", ("doc-1",), date=dated)
    found = kept(chain, tmp_path, years)
    assert {until(found, subject, "kousei") for subject in ("c-1", "doc-1")} == {last}


def test_who_gave_and_who_took_keep_each_for_its_own(tmp_path: Path) -> None:
    """The mill has to show what its own certificate rests on for five years from that one; who felled need not."""
    found = kept(ChainBuilder().story(), tmp_path)
    of_felling, of_chips = date(2019, 6, 27), date(2019, 11, 19)
    for subject in ("doc-1", "c-1"):
        days = {d.party: (d.until, d.because.record.subject, d.rests) for d in paper(found, subject).duties}
        assert days == {
            "kousei": (of_felling, "c-1", False),
            "otsu": (of_chips, "c-2", True),
            "plant-8": (of_chips, "c-2", True),
        }
    assert {d.party for d in paper(found, "c-2").duties} == {"otsu", "plant-8"}
    assert found.signing >= {"kousei", "otsu", "plant-8", ROOT}
    assert found.until(paper(found, "c-1")).until == of_chips


def test_a_document_is_kept_for_the_last_that_rests_on_it(tmp_path: Path) -> None:
    chain = ChainBuilder().story()
    chain.felling("c-7", ("doc-1",), number="7", date=date(2016, 2, 29))
    chain.processing("c-8", {"c-7": m3(1)}, number="8", date=date(2017, 1, 5))
    found = kept(chain, tmp_path, day=date(2017, 2, 1))
    assert until(found, "doc-1", "kousei") == date(2021, 2, 28)
    assert until(found, "doc-1", "otsu") == date(2022, 1, 5)
    assert until(found, "c-1", "otsu") == date(2019, 11, 19)


def test_a_paper_behind_nothing_is_kept_from_the_day_it_was_entered(tmp_path: Path) -> None:
    chain = ChainBuilder()
    chain.document("doc-1")
    found = kept(chain, tmp_path, day=date(2016, 2, 29))
    (duty,) = paper(found, "doc-1").duties
    assert (duty.party, duty.until) == ("kousei", date(2021, 2, 28))


@pytest.mark.parametrize(
    ("by", "holds"), [("nagano-body", 1), ("kousei", 1), ("otsu", 1), (ROOT, 1), ("heiwa", 0)], ids=str
)
def test_whose_holds_count_is_as_the_rules_have_it(by: str, holds: int, tmp_path: Path) -> None:
    chain = ChainBuilder().story()
    chain.party("nagano-body", Role.BODY)
    chain.party("heiwa", Role.TRADER)
    cited = (chain["doc-1"].record_id.hex(),)
    chain.sign(by, RecordKind.RETENTION_HOLD, "keep", RetentionHold(cited, DAY, "検査"))
    found = kept(chain, tmp_path)
    assert len(paper(found, "doc-1").holds) == holds
    assert not paper(found, "c-1").holds


def test_an_ended_hold_and_an_answered_question_hold_nothing_back(tmp_path: Path) -> None:
    chain = ChainBuilder().story()
    cited = (chain["doc-1"].record_id.hex(),)
    chain.sign("kousei", RecordKind.RETENTION_HOLD, "keep", RetentionHold(cited, DAY, "検査"))
    chain.sign("plant-8", RecordKind.CHALLENGE, "ask", Challenge(cited, "kousei", DAY + timedelta(14), DAY))
    found = kept(chain, tmp_path / "before")
    assert (len(paper(found, "doc-1").holds), len(paper(found, "doc-1").asked)) == (1, 1)
    end = RetentionHold(cited, DAY, ends=chain["keep"].record_id.hex())
    chain.sign("kousei", RecordKind.RETENTION_HOLD, "over", end)
    chain.sign("kousei", RecordKind.ANSWER, "answer", Answer(chain["ask"].record_id.hex(), DAY, (SCAN,)))
    found = kept(chain, tmp_path / "after")
    assert (len(paper(found, "doc-1").holds), len(paper(found, "doc-1").asked)) == (0, 0)
    assert until(found, "answer", "kousei") == date(2019, 6, 27)  # as long as the notice that it shows


@pytest.mark.parametrize(("said", "years"), [((), 5), ((("retention_years", 10),), 10), ((("retention_years", 5),), 5)])
def test_years_by_setting(said: tuple[tuple[str, int], ...], years: int, tmp_path: Path) -> None:
    write_settings(tmp_path, Settings("otsu", LEDGER, said))
    assert retention_years(tmp_path, RINYA_2012.retention_years) == years


@pytest.mark.parametrize("said", [4, 0, -5, 101, "7", 7.0, True, None])
def test_no_setting_makes_it_less_than_the_guideline_asks(said: object, tmp_path: Path) -> None:
    write_settings(tmp_path, Settings("otsu", LEDGER, (("retention_years", said),)))
    with pytest.raises(UnreadableError) as refused:
        retention_years(tmp_path, RINYA_2012.retention_years)
    assert "5 から 100" in refused.value.message.ja
