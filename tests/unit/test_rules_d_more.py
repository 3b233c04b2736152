"""D902 to D904: copies that were altered, papers deleted too early, and papers asked for in vain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from biotrace.model.certificate import Draw
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party
from biotrace.model.retention import Deleted, StoredFile
from biotrace.verify.case import Case, Entry, case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.fold import Judged, fold
from biotrace.verify.kept import Asked, Deletion, Hold, KeptPapers, Sayer
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import judge
from tests.casebooks import BODY, HEIWA, KOUSEI, MARUMATSU, OTSU, OWNER, PLANT, clean, copy, correct, homestead, m3

SCAN = StoredFile(b"s" * 32, 100, "application/pdf")
PAPER = StoredFile(b"p" * 32, 100, "application/pdf")
FIVE_YEARS = date(2019, 6, 27)
"""The last day on which the papers of f-1 have to be kept."""
FILES, PRIVATE = (Deleted.FILES,), (Deleted.PRIVATE_FIELDS,)
ROOT = Sayer("operator", root=True)
LATER = FIVE_YEARS + timedelta(days=1)


def with_scan(certificate: str, bare: Case) -> tuple[Entry, ...]:
    """The entries, with a scan of one certificate's paper."""
    scanned = {certificate: replace(bare.by_id[certificate], files=(PAPER,))}
    return tuple(replace(e, value=scanned.get(e.value.id, e.value)) for e in bare.entries)


def case(kept: KeptPapers, today: date = date(2014, 12, 1)) -> Case:
    """The clean book in a ledger, with scans behind f-1 and its notice, and what is known of papers."""
    bare = case_of_casebook(clean())
    entries = with_scan("f-1", bare)
    documents = {i: replace(d, files=(SCAN,)) for i, d in bare.documents.items()}
    return replace(bare, entries=entries, documents=documents, kept=kept, today=today)


def of(record: str, found: Case) -> Judged:
    """One record, judged by all rules."""
    return fold(found, RULES, RINYA_2012).judged[record]


def told(code: str, found: Case, record: str = "f-1") -> list[str]:
    """What a rule found on a record."""
    return [f.found.en for f in of(record, found).findings if f.code == code]


def test_without_material_none_of_them_applies() -> None:
    judged = of("f-1", case(KeptPapers()))
    assert not {"D902", "D903", "D904"} & (judged.passed | {f.code for f in judged.findings})
    assert not any(u.code in ("D902", "D903", "D904") for u in judged.unchecked)


# D902


def test_d902_an_altered_copy_voids_the_certificate() -> None:
    found = case(KeptPapers(files={SCAN.sha256: False, PAPER.sha256: True}))
    assert told("D902", found) == ["26-14: copy 737373737373… is altered"]
    (finding,) = (f for f in of("f-1", found).findings if f.code == "D902")
    assert finding.effect is Effect.VOID
    (lot,) = judge(found, RINYA_2012).lots
    assert lot.confirmed is FuelClass.CONSTRUCTION_WASTE
    assert told("D902", case(KeptPapers(files={PAPER.sha256: False}))) == [
        "第26-017号 (f-1): copy 707070707070… is altered"
    ]


def test_d902_copies_as_recorded_pass() -> None:
    found = case(KeptPapers(files={SCAN.sha256: True}))
    assert "D902" in of("f-1", found).passed
    assert told("D902", found) == []
    assert "D902" not in of("p-1", found).passed


def test_d902_a_copy_that_is_not_at_hand_is_no_subject() -> None:
    assert "D902" not in of("f-1", case(KeptPapers(files={b"x" * 32: False}))).passed


@pytest.mark.parametrize("intact", [True, False])
def test_the_papers_of_a_supplement_are_behind_what_it_supplements(intact: bool) -> None:
    """f-9 adds to f-1, after which its scan is altered, or deleted."""
    book = copy(clean(), "f-1", "f-9", date=date(2014, 12, 1))
    bare = case_of_casebook(correct(book, "f-1", Action.SUPPLEMENT, date(2014, 12, 1), by="f-9"))
    scanned = replace(bare, entries=with_scan("f-9", bare))
    altered = replace(scanned, kept=KeptPapers(files={PAPER.sha256: intact}))
    copies = [] if intact else ["第26-017号 (f-9): copy 707070707070… is altered"]
    assert told("D902", altered) == copies
    day = LATER if intact else FIVE_YEARS
    gone = replace(scanned, kept=KeptPapers(deletions={"f-9": (Deletion(ROOT, 10, day, FILES),)}), today=LATER)
    assert len(told("D903", gone)) == (0 if intact else 1)


def test_d902_what_is_void_takes_nothing() -> None:
    """An earlier record that draws 61 of 100 m³ leaves 39, unless its paper is not what was recorded."""
    book = copy(clean(), "p-1", "p-0", date=date(2014, 10, 1), buyer=HEIWA.id, draws=(Draw("f-1", m3(61)),))
    bare = case_of_casebook(book)
    entries = with_scan("p-0", bare)
    for intact, codes in ((True, ["Q601"]), (False, [])):
        found = replace(bare, entries=entries, kept=KeptPapers(files={PAPER.sha256: intact}))
        assert [f.code for f in of("p-1", found).findings if f.code == "Q601"] == codes


# D903


def deleted(
    by: Sayer, day: date, record: str = "f-1", what: tuple[Deleted, ...] = FILES, holds: tuple[Hold, ...] = ()
) -> Case:
    """Something of a record was deleted."""
    return case(KeptPapers(deletions={record: (Deletion(by, 10, day, what),)}, holds={record: holds}))


@pytest.mark.parametrize("by", [Sayer(KOUSEI.id), Sayer(OTSU.id), ROOT])
@pytest.mark.parametrize("record", ["f-1", "doc-1"])
def test_d903_who_issued_and_who_received_keep_for_five_years(by: Sayer, record: str) -> None:
    (found,) = told("D903", deleted(by, FIVE_YEARS, record))
    assert "on 2019-06-27" in found
    assert "to be kept until 2019-06-27" in found
    assert told("D903", deleted(by, LATER, record)) == []
    assert "D903" in of("f-1", deleted(by, LATER, record)).passed


@pytest.mark.parametrize("stranger", [HEIWA, MARUMATSU, PLANT, BODY])
def test_d903_a_strangers_word_is_none(stranger: Party) -> None:
    found = deleted(Sayer(stranger.id), date(2015, 1, 1))
    assert told("D903", found) == []
    assert "D903" not in of("f-1", found).passed


def test_d903_who_copied_the_paper_keeps_it_too() -> None:
    found = deleted(Sayer(HEIWA.id), date(2015, 1, 1))
    entries = tuple(replace(e, signer=HEIWA.id) for e in found.entries)
    (told_by,) = told("D903", replace(found, entries=entries))
    assert "by 平和林業株式会社" in told_by


def test_d903_a_delivery_is_kept_by_who_took_it() -> None:
    for by, fired in ((PLANT.id, True), (OTSU.id, True), (KOUSEI.id, False)):
        assert bool(told("D903", deleted(Sayer(by), date(2015, 1, 1), "d-1"), "d-1")) is fired


def test_d903_private_fields_of_the_owner_belong_to_1_2() -> None:
    gone = KeptPapers(deletions={OWNER.id: (Deletion(Sayer(OWNER.id), 9, FIVE_YEARS, PRIVATE),)})
    early = replace(case_of_casebook(homestead()), kept=gone)
    (found,) = told("D903", early)
    assert found.startswith("山田太郎: deleted by 山田太郎 on 2019-06-27 (values of private fields)")
    bystander = KeptPapers(deletions={KOUSEI.id: (Deletion(Sayer(KOUSEI.id), 9, FIVE_YEARS, PRIVATE),)})
    assert told("D903", case(bystander)) == []


HELD = {
    "by a keeper": (Hold(Sayer(OTSU.id), 5), True),
    "by an accrediting body": (Hold(Sayer(BODY.id), 5), True),
    "by who runs the ledger": (Hold(ROOT, 5), True),
    "by a stranger": (Hold(Sayer(MARUMATSU.id), 5), False),
    "by a plant that has nothing to do with it": (Hold(Sayer(PLANT.id), 5), False),
    "ended before": (Hold(Sayer(OTSU.id), 5, 9), False),
    "ended after": (Hold(Sayer(OTSU.id), 5, 11), True),
    "put on after": (Hold(Sayer(OTSU.id), 11), False),
}


@pytest.mark.parametrize("name", HELD)
def test_d903_on_hold_nothing_is_deleted_even_after_five_years(name: str) -> None:
    hold, stands = HELD[name]
    found = told("D903", deleted(Sayer(KOUSEI.id), LATER, holds=(hold,)))
    assert len(found) == stands
    assert all("had it on hold" in text for text in found)


# D904

DUE = date(2016, 5, 31)


def asked(by: Sayer, to: str = KOUSEI.id, today: date = date(2016, 6, 1), produced: date | None = None) -> Case:
    """A party was asked for the felling notice behind f-1."""
    return case(KeptPapers(asked={"doc-1": (Asked(by, to, DUE, produced),)}), today)


@pytest.mark.parametrize("by", [Sayer(OTSU.id), Sayer(PLANT.id), Sayer(BODY.id), ROOT])
def test_d904_not_produced_in_time(by: Sayer) -> None:
    found = asked(by)
    assert told("D904", found) == ["26-14: asked of 甲成林産有限会社 until 2016-05-31, not produced"]
    assert told("D904", asked(by, produced=date(2016, 6, 2))) == [
        "26-14: asked of 甲成林産有限会社 until 2016-05-31, produced on 2016-06-02"
    ]
    assert all(f.is_notice for f in of("f-1", found).findings)


def test_d904_produced_on_the_last_day() -> None:
    assert "D904" in of("f-1", asked(Sayer(OTSU.id), produced=DUE)).passed


def test_d904_before_the_day_is_over_nothing_is_said() -> None:
    found = of("f-1", asked(Sayer(OTSU.id), today=DUE))
    (left,) = (u for u in found.unchecked if u.code == "D904")
    assert not left.decisive
    assert "has time until 2016-05-31" in left.reason.en


@pytest.mark.parametrize(("by", "to"), [(MARUMATSU.id, KOUSEI.id), (OTSU.id, MARUMATSU.id)])
def test_d904_strangers_ask_for_nothing_and_are_asked_for_nothing(by: str, to: str) -> None:
    found = asked(Sayer(by), to)
    assert told("D904", found) == []
    assert "D904" not in of("f-1", found).passed
