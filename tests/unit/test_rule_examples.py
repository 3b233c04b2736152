"""data/rules: for every rule a casebook on which it fires, and one that it passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from biotrace.services.check import Checked, check_casebook
from biotrace.services.rules import BAD, GOOD, example_of
from biotrace.verify.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "rules"
CODES = tuple(rule.code for rule in RULES)

NO_PAIR = {
    "S107": ("it compares with the time of a log, and a casebook has none", "tests/unit/test_rules_s.py"),
    "S108": ("nothing in a casebook is signed, so none is good", "tests/unit/test_rules_a.py"),
    "D902": ("it compares stored copies, and a casebook has none", "tests/unit/test_rules_d_more.py"),
    "D903": ("it goes by records of deletion, and a casebook has none", "tests/unit/test_rules_d_more.py"),
    "D904": ("it goes by records of requests, and a casebook has none", "tests/unit/test_rules_d_more.py"),
}
"""Rules without casebooks: why, and where they are tested instead."""

NEVER_PASSED = {"H310": "it is about imported wood declared thinned, and about nothing else"}
"""Rules that apply only where they fire: on the good casebook they do not apply."""

ALSO = {
    "G704": {"P504"},  # waste declares a lower class too
    "P510": {"P503"},  # in a circle some record always comes before what it draws on
}
"""Other rules, worse than a notice, that rightly fire on the bad casebook."""


def casebook(code: str, kind: str) -> Checked:
    """The casebook as ``biotrace check`` judges it."""
    return check_casebook(FOLDER / f"{code}.{kind}.yaml")


def worse_than_a_notice(checked: Checked) -> set[str]:
    """Codes of all findings that are."""
    lots = [f for lot in checked.verdict.lots for f in lot.findings]
    return {f.code for f in (*lots, *(f for _, fs in checked.verdict.records for f in fs)) if not f.is_notice}


def paired() -> list[str]:
    """Codes that have casebooks."""
    return [code for code in CODES if code not in NO_PAIR]


def test_every_rule_has_its_casebooks_or_a_reason_to_have_none() -> None:
    wanted = {f"{code}.{kind}.yaml" for code in paired() for kind in (BAD, GOOD)}
    assert {path.name for path in FOLDER.glob("*.yaml")} == wanted


@pytest.mark.parametrize("code", NO_PAIR)
def test_a_rule_without_casebooks_is_tested_elsewhere(code: str) -> None:
    reason, place = NO_PAIR[code]
    assert code in CODES
    assert reason
    assert f'"{code}"' in (ROOT / place).read_text(encoding="utf-8")
    assert example_of(code, BAD) is None


@pytest.mark.parametrize("code", paired())
def test_the_rule_fires_on_the_bad_casebook_and_hardly_any_other_does(code: str) -> None:
    checked, example = casebook(code, BAD), example_of(code, BAD)
    assert example is not None
    assert example.place == FOLDER / f"{code}.{BAD}.yaml"
    assert code in {finding.code for finding in example.findings}
    assert worse_than_a_notice(checked) <= {code, *ALSO.get(code, ())}
    assert not checked.verdict.undecided
    assert all(lot.status.value == "complete" for lot in checked.verdict.lots)


@pytest.mark.parametrize("code", paired())
def test_the_good_casebook_passes_the_rule_and_nothing_is_worse_than_a_notice(code: str) -> None:
    checked, example = casebook(code, GOOD), example_of(code, GOOD)
    assert example is not None
    assert checked.verdict.clean
    assert code not in {finding.code for finding in example.findings}
    assert example.passed == (code not in NEVER_PASSED)


@pytest.mark.parametrize("code", paired())
def test_its_title_says_in_one_line_what_it_shows(code: str) -> None:
    titles = [casebook(code, kind).book.title for kind in (BAD, GOOD)]
    assert all(title and "\n" not in title for title in titles)
    assert len(set(titles)) == 2
