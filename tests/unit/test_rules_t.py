"""Family T: wood felled before the guideline took effect, and certificates older than their body's code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Permit, Statement
from biotrace.model.correction import Action
from biotrace.model.document import Document, FellingFacts, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.verify.case import Evidence, case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from tests.casebooks import (
    BOTH,
    DOCUMENT,
    KOUSEI,
    OFFICE,
    OWNER,
    Bad,
    Good,
    add,
    change,
    change_accreditation,
    clean,
    copy,
    correct,
    findings,
    fired,
    homestead,
    judged,
    lot_of,
    of_class,
    row_name,
    unchecked,
)

UNPROVEN = Effect.UNPROVEN
HELD = (*BOTH, Statement.HELD_ON_2012_06_18)
HELD_THEN = (*BOTH, Statement.HELD_WHEN_CODE_CAME)
DAY = date(2012, 6, 18)
FACTS = DOCUMENT.felling or FellingFacts()


def paper(start: date | None, until: date | None, **changes: Any) -> Document:
    """The notice of 2012 for felling from a day to a day."""
    notice = replace(DOCUMENT, filed=None, accepted=date(2012, 2, 8), felling=replace(FACTS, start=start, until=until))
    return replace(notice, **changes)


def old(felled: Period | None, notice: Document | None = None, **changes: Any) -> Casebook:
    """The book on a notice of 2012 (by default for all of that year), with wood felled then."""
    notice = notice or paper(date(2012, 4, 1), date(2013, 3, 31))
    book = replace(clean(), documents=(notice,))
    permit = Permit(date(2012, 2, 8), "〇〇市長", "26-14")
    return change(book, "f-1", felled=felled, **{"permit": permit, **changes})


def issued(day: date, **changes: Any) -> Casebook:
    """The book with a felling certificate of that day without a number, for wood felled after the guideline."""
    felled = Period(date(2012, 6, 20), date(2012, 6, 30))
    return old(felled, **{"date": day, "accreditation_number": None, **changes})


MAY = Period(date(2012, 5, 10), date(2012, 5, 31))
AROUND = Period(date(2012, 6, 17), date(2012, 7, 31))
AFTER = Period(DAY, date(2012, 7, 31))
PLAN_OF_2011 = paper(None, None, accepted=date(2012, 2, 8), valid=Period(date(2011, 4, 1), date(2012, 3, 31)))
TO_MARCH, FROM_JUNE = paper(date(2012, 2, 9), date(2012, 3, 31)), paper(DAY, date(2013, 3, 31))
AROUND_IT = paper(date(2012, 4, 1), date(2013, 3, 31))
BAD = [
    Bad("T991", "in May", old(MAY), "f-1", UNPROVEN, "伐採 2012-05-10..2012-05-31", "felled 2012-05-10..2012-05-31"),
    Bad("T991", "some of it the day before", old(AROUND), "f-1", UNPROVEN, "伐採 2012-06-17", "felled 2012-06-17"),
    Bad("T991", "by its last day", old(Period(None, date(2012, 6, 17))), "f-1", UNPROVEN, "..2012-06-17", "felled .."),
    Bad("T991", "by the document", old(None, TO_MARCH), "f-1", UNPROVEN, "書類の期間 2012-02-09", "document's period"),
    Bad("T991", "by the plan's time", old(None, PLAN_OF_2011), "f-1", UNPROVEN, "2011-04-01..2012-03-31", "..2012-03"),
    Bad(
        "T991",
        "1-2",
        change(homestead(), "f-1", felled=MAY),
        "f-1",
        UNPROVEN,
        "施行日に所有していた旨がない",
        "not said to be held",
    ),
    Bad(
        "T991",
        "the other statement does not do",
        old(MAY, statements=HELD_THEN),
        "f-1",
        UNPROVEN,
        "施行日に所有していた旨がない",
        "not said to be held on the day it took effect",
    ),
    Bad(
        "T992",
        "the day before the code",
        issued(date(2012, 8, 19)),
        "f-1",
        UNPROVEN,
        "証明日 2012-08-19、甲成林産有限会社",
        "issued 2012-08-19, before the code of 甲成林産有限会社's body",
    ),
    Bad(
        "T992",
        "the other statement does not do",
        issued(date(2012, 7, 10), statements=HELD),
        "f-1",
        UNPROVEN,
        "2012-07-10",
        "2012-07-10",
    ),
    Bad(
        "T992",
        "whose body's code has no date",
        change(issued(date(2012, 8, 31)), "nagano-body", code_from=None),
        "f-1",
        UNPROVEN,
        "2012-08-31",
        "2012-08-31",
    ),
    Bad(
        "T992",
        "a company with a code of its own was as free",
        change_accreditation(issued(date(2012, 8, 31)), KOUSEI.id, number=None, body=None, self_declared=True),
        "f-1",
        UNPROVEN,
        "2012-08-31",
        "2012-08-31",
    ),
]
GOOD = [
    Good("T991", "said to be held", old(MAY, statements=HELD)),
    Good("T991", "from the day on", old(AFTER)),
    Good("T991", "by the document, from the day on", old(None, FROM_JUNE)),
    Good(
        "T991",
        "by acceptance, later than the day",
        old(None, paper(None, None, accepted=date(2014, 5, 8)), permit=(clean().certificates[0].permit)),
    ),
    Good("T991", "today's wood", clean()),
    Good("T992", "said to be held", issued(date(2012, 8, 19), statements=HELD_THEN)),
    Good("T992", "with a number", issued(date(2012, 8, 19), accreditation_number="長木-012"), also=("A203",)),
    Good("T992", "the day the code came: A201", issued(date(2012, 8, 20)), also=("A201",)),
    Good("T992", "an owner who does not do this as a business", issued(date(2012, 8, 19), seller=OWNER.id)),
    Good("T992", "the forest office", issued(date(2012, 8, 19), seller=OFFICE.id)),
]


@pytest.mark.parametrize("row", BAD, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()


@pytest.mark.parametrize("row", GOOD, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


@pytest.mark.parametrize(
    "book",
    [
        old(None, AROUND_IT),
        old(None, paper(None, None, accepted=None), permit=Permit(None, "〇〇市長", "26-14")),
        old(Period(None, date(2012, 7, 31)), AROUND_IT),
        change(
            add(old(None, TO_MARCH), replace(FROM_JUNE, id="doc-2", number="26-15")),
            "f-1",
            documents=("doc-1", "doc-2"),
        ),
    ],
    ids=["the period reaches over the day", "no period", "only the last day, and it is later", "one before, one after"],
)
def test_t991_where_nothing_tells_the_time_it_is_not_checked(book: Casebook) -> None:
    assert unchecked(book, "T991") == [False]
    assert "T991" not in fired(book)


@pytest.mark.parametrize("fuel_class", [FuelClass.CONSTRUCTION_WASTE, FuelClass.GENERAL_WASTE])
@pytest.mark.parametrize("book", [old(MAY), issued(date(2012, 8, 19))])
def test_the_family_does_not_speak_of_declared_waste(book: Casebook, fuel_class: FuelClass) -> None:
    spoken = judged(of_class(book, fuel_class))["f-1"]
    assert not {c for c in (*spoken.passed, *(f.code for f in spoken.findings)) if c[0] == "T"}


def test_a_supplement_need_not_say_it_again() -> None:
    book = copy(old(MAY, statements=HELD), "f-1", "f-2", date=date(2014, 7, 1), statements=BOTH)
    assert [f.record for f in findings(book, "T991")] == ["f-2"]
    assert findings(correct(book, "f-1", Action.SUPPLEMENT, date(2014, 7, 1), by="f-2"), "T991") == []


def test_what_was_not_said_to_be_held_is_construction_waste() -> None:
    assert lot_of(old(MAY)).confirmed is FuelClass.CONSTRUCTION_WASTE
    assert lot_of(old(MAY, statements=HELD)).confirmed is FuelClass.THINNED


@pytest.mark.parametrize(
    ("evidence", "logged", "codes"),
    [
        (Evidence.SIGNED, date(2012, 9, 30), set()),
        (Evidence.SIGNED, date(2012, 10, 1), {"A201"}),
        (Evidence.SIGNED, date(2016, 6, 1), {"A201"}),
        (Evidence.TRANSCRIBED, date(2016, 6, 1), set()),
        (Evidence.UNSIGNED, None, set()),
    ],
    ids=str,
)
def test_nobody_signs_today_that_it_was_before_the_code(
    evidence: Evidence, logged: date | None, codes: set[str]
) -> None:
    """A date can be chosen, the log's time cannot: else whoever lost the accreditation would date everything so."""
    case = case_of_casebook(issued(date(2012, 8, 19), statements=HELD_THEN))
    entries = tuple(replace(e, evidence=evidence, logged=logged) for e in case.entries if e.value.id == "f-1")
    (judged_late,) = fold(replace(case, entries=entries), RULES, RINYA_2012).judged.values()
    assert {f.code for f in judged_late.findings if not f.is_notice} == codes
