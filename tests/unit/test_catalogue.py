"""The catalogue of rules: whole, unambiguous, explained in both languages, and tested."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

import biotrace.verify.rules
from biotrace.verify.effect import Effect
from biotrace.verify.rule import Rule, Scope
from biotrace.verify.rules import INTEGRITY_CODES, LOT_RULES, NOT_RUN, RULES
from biotrace.verify.verdict import AUDIT_FINDING

FAMILIES = {"S1": 8, "A2": 7, "H3": 22, "L4": 6, "P5": 13, "Q6": 7, "G7": 4, "W8": 5, "D9": 4}
CATALOGUE = {f"{family}{number:02}" for family, last in FAMILIES.items() for number in range(1, last + 1)} | {
    *("F951", "F952", "F953", "F954", "F955", "T991", "T992"),
}
TESTS = tuple(Path(__file__).parent.glob("test_rules_*.py"))

NOTICES_OF_H = {"H313", "H315", "H317", "H318", "H319", "H320", "H322"}
NOTICES_ELSEWHERE = {"A206", "P506", "P513", "Q603", "Q604", "Q605", "W805", "D904"}
OF_WHOLES = {
    "A207": Scope.ISSUER,
    **dict.fromkeys(("Q607", "G703"), Scope.SITE),
    **dict.fromkeys(("F951", "F952", "F954", "F955"), Scope.PLANT),
}
NOTICES_OF_WHOLES = {"A207", "F952", "F954", "F955"}
PLAUSIBILITY = {
    *("S107", "S108", "L406", "Q602", "Q606", "Q607", "G703", "H306"),
    *(*NOTICES_OF_H, *NOTICES_ELSEWHERE, *NOTICES_OF_WHOLES),
}
OF_THE_LOT = {
    *("H301", "H314", "H319", "H322", "P501", "P502", "P503", "P504", "P508", "P509", "P510", "P511"),
    *("Q601", "Q606", "G701", "G702", "G704"),
}
EFFECTS = {
    **dict.fromkeys(("S107", "S108", "L406", *NOTICES_OF_H, *NOTICES_ELSEWHERE, *NOTICES_OF_WHOLES), Effect.NOTICE),
    **dict.fromkeys(("H304", "H305", "H306", "P505"), Effect.GENERAL),
    **dict.fromkeys(("P504", "G701", "G703"), Effect.INPUT_CLASS),
    **dict.fromkeys(("P510", "D902"), Effect.VOID),
    **dict.fromkeys(("W802", "W803"), Effect.GENERAL_WASTE),
    "W804": Effect.CONSTRUCTION_WASTE,
}


def modules() -> dict[str, ModuleType]:
    """Every module that holds one rule, by its name."""
    found = {}
    for info in pkgutil.iter_modules(biotrace.verify.rules.__path__):
        module = importlib.import_module(f"biotrace.verify.rules.{info.name}")
        if hasattr(module, "RULE"):
            found[info.name] = module
    return found


def by_code(rule: Rule) -> str:
    """A rule's name in the list of tests."""
    return rule.code


MODULES = modules()


def test_codes_are_unique() -> None:
    assert [code for code, times in Counter(rule.code for rule in RULES).items() if times > 1] == []


def test_every_code_of_the_catalogue_has_one_place() -> None:
    places = Counter([*(rule.code for rule in RULES), *INTEGRITY_CODES, *NOT_RUN])
    assert set(places) == CATALOGUE
    assert {code for code, times in places.items() if times > 1} == set()


def test_only_what_others_judge_is_left_out() -> None:
    log_proofs, yearly_report = "S105", "F953"
    assert set(NOT_RUN) == {log_proofs, yearly_report}


def test_a_check_of_one_lot_runs_what_looks_no_further() -> None:
    assert {rule.code for rule in RULES} - {rule.code for rule in LOT_RULES} == set(OF_WHOLES)


def test_every_rule_has_a_module_of_its_own() -> None:
    assert {module.RULE.code for module in MODULES.values()} == {rule.code for rule in RULES}
    assert len(MODULES) == len(RULES)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_named_after_its_code(name: str) -> None:
    assert name.startswith(f"{MODULES[name].RULE.code.lower()}_")


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_its_rule_means_with_an_example(name: str) -> None:
    told = MODULES[name].__doc__ or ""
    assert told.startswith(f"{MODULES[name].RULE.code}: ")
    assert "Example" in told


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_every_text_is_there_in_both_languages(rule: Rule) -> None:
    for text in (rule.name, rule.explanation, rule.expected, rule.remedy):
        assert text.ja.strip()
        assert text.en.strip()
        assert text.ja != text.en
        assert not text.en[0].isspace()
    assert rule.clause.strip()


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_a_rule_is_what_the_catalogue_says(rule: Rule) -> None:
    assert rule.proof == (rule.code not in PLAUSIBILITY)
    assert rule.scope is OF_WHOLES.get(rule.code, Scope.LOT if rule.code in OF_THE_LOT else Scope.RECORD)
    assert rule.effect is EFFECTS.get(rule.code, Effect.UNPROVEN)


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_every_implemented_rule_is_tested_with_a_bad_and_a_good_example(rule: Rule) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in TESTS)
    rows = [re.search(rf'{kind}\(\s*"{rule.code}"', text) for kind in ("Bad", "Good")]
    assert all(rows) or f"def test_{rule.code.lower()}_" in text


def test_the_findings_of_the_audit_have_their_codes() -> None:
    papers = dict.fromkeys(("H301", "H302", "H303", "P501"), "2")
    places = {"L401": "3i", "L402": "3ii", "L403": "3iii"}
    assert {"H304": "1"} | papers | places == AUDIT_FINDING
    assert set(AUDIT_FINDING) <= {rule.code for rule in RULES}
