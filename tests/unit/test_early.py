"""Asking rules about a certificate before it is known what came before it: the same answers, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import same
from biotrace.verify.case import Case, case_of_casebook
from biotrace.verify.early import EarlyRules, papers_at_hand
from biotrace.verify.fold import Fold, Judged
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Fired, Rule
from biotrace.verify.rules import RULES
from biotrace.verify.rules.h301_no_felling_certificate import RULE as H301
from biotrace.verify.subject import Subject
from tests import casebooks
from tests.casebooks import change, clean, copy, m3, remove

STORIES = {
    "clean": clean(),
    "general": casebooks.general(),
    "protection": casebooks.protection(),
    "plan": casebooks.plan(),
    "national": casebooks.national(),
    "imported": casebooks.imported(),
    "legality": casebooks.legality(),
    "homestead": casebooks.homestead(),
    "residues": casebooks.residues(),
    "logs direct": casebooks.logs_direct(),
    "no document": change(clean(), "f-1", documents=()),
    "document not at hand": remove(clean(), "doc-1"),
    "no place": change(clean(), "f-1", locations=()),
    "no number": change(clean(), "p-1", accreditation_number=None),
    "declared waste": change(clean(), "f-1", fuel_class=FuelClass.CONSTRUCTION_WASTE),
    "drawn twice": copy(clean(), "p-1", "p-2"),
    "beyond the document": change(clean(), "f-1", quantity=m3(9_000)),
}


def judged(case: Case, early: EarlyRules | None) -> list[Judged]:
    fold = Fold(case, RULES, RINYA_2012)
    return [fold.take(entry, None if early is None else early.ask(entry)) for entry in case.entries]


@pytest.mark.parametrize("book", STORIES.values(), ids=STORIES)
def test_what_is_asked_early_is_judged_the_same(book: Casebook) -> None:
    case = case_of_casebook(book)
    early = EarlyRules(replace(case, entries=()), RULES, RINYA_2012)
    assert judged(case, early) == judged(case, None)


def test_most_rules_about_a_felling_are_answered_early_and_none_that_counts_uses() -> None:
    case = case_of_casebook(clean())
    felling, processing, _ = (EarlyRules(case, RULES, RINYA_2012).ask(entry) for entry in case.entries)
    assert felling is not None
    assert processing is not None
    assert {"A201", "A203", "H301", "H303", "L404", "P506"} <= felling.asked
    assert {"A201", "A203"} <= processing.asked
    assert not {"H314", "H319"} & felling.asked
    assert not {"P502", "P503", "Q601", "Q602"} & processing.asked
    assert felling.documents == ("doc-1",)


def test_of_a_delivery_nothing_is_said_early() -> None:
    case = case_of_casebook(clean())
    assert EarlyRules(case, RULES, RINYA_2012).ask(case.entries[-1]) is None


def test_a_certificate_that_others_supplement_is_left_for_its_turn() -> None:
    """Whether a supplement stands, the fold alone works out."""
    book = copy(clean(), "f-1", "f-2", number="第26-099号")
    case = case_of_casebook(casebooks.correct(book, "f-1", Action.SUPPLEMENT, by="f-2"))
    felling = next(entry for entry in case.entries if entry.value.id == "f-1")
    found = EarlyRules(case, RULES, RINYA_2012).ask(felling)
    assert found is not None
    assert not {"H302", "H303", "L404"} & found.asked
    assert judged(case, EarlyRules(case, RULES, RINYA_2012)) == judged(case, None)


def test_a_rule_that_is_always_left_is_not_asked_for_ever() -> None:
    asked: list[str] = []

    def looks_back(s: Subject) -> Iterator[Fired]:
        asked.append(s.id)
        yield Fired(same(len(s.sources)))

    rule: Rule = replace(H301, check=looks_back)
    case = case_of_casebook(clean())
    early = EarlyRules(case, (rule,), RINYA_2012)
    said = [early.ask(case.entries[1]) for _ in range(100)]
    assert len(asked) < 30
    assert all(one is not None and not one.asked for one in said)


def test_a_rule_that_is_seldom_left_is_asked_again() -> None:
    asked: list[str] = []

    def looks_back(s: Subject) -> Iterator[Fired]:
        asked.append(s.id)
        if len(asked) % 3 == 0:
            yield Fired(same(len(s.sources)))

    case = case_of_casebook(clean())
    early = EarlyRules(case, (replace(H301, check=looks_back),), RINYA_2012)
    for _ in range(300):
        early.ask(case.entries[1])
    assert len(asked) == 300


def test_which_documents_were_at_hand_is_told() -> None:
    case = case_of_casebook(clean())
    certificate = case.by_id["f-1"]
    assert papers_at_hand(certificate, case) == ("doc-1",)
    assert papers_at_hand(certificate, replace(case, documents={})) == ()
