"""The verdict as data: the shape that other programs build on."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw
from biotrace.model.fuel_class import FuelClass
from biotrace.model.place import Place
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.text import Lang
from biotrace.verify.rules import INTEGRITY_CODES, NOT_RUN, RULES
from biotrace.verify.verdict_json import kilograms, kilograms_by_class, verdict_data
from tests.books import burned, planned, with_books
from tests.casebooks import (
    KOUSEI,
    OTSU,
    add,
    change,
    change_felling,
    clean,
    copy,
    logs_direct,
    m3,
    tonnes,
    verdict_of,
)

CLASSES = [fuel_class.value for fuel_class in FuelClass]
FINDING = {"code", "record", "effect", "clause", "message", "expected", "found", "remedy"}
LOT = {
    *("id", "declared", "confirmed", "status", "if_passed", "evidence"),
    *("kg_as_received", "kg_bone_dry", "kg_bone_dry_by_class", "sources", "rules", "findings"),
}


def data(book: Casebook, lang: Lang = "ja", as_of: date | None = None) -> dict[str, Any]:
    """The verdict as it is after a trip through JSON text."""
    shown = verdict_data(verdict_of(book, as_of), "book.yaml", lang)
    again: dict[str, Any] = json.loads(json.dumps(shown, ensure_ascii=False))
    assert again == shown
    return again


def truck() -> Casebook:
    """A truck of the audit, on a certificate that stops at the municipality."""
    book = change(clean(), "f-1", locations=(Place("長野県", "〇〇市"),))
    book = change(book, "p-1", quantity=Quantity(6_580_000, Unit.T, 4_200), draws=(Draw("f-1", m3(10)),))
    book = change(book, "d-1", quantity=Quantity(6_580_000, Unit.T))
    return change(book, "f-1", felled=None)


def test_the_documented_example() -> None:
    shown = data(truck())
    assert (shown["casebook"], shown["profile"], shown["as_of"]) == ("book.yaml", "rinya-2012", "2014-11-19")
    (lot,) = shown["lots"]
    facts = {key: lot[key] for key in LOT - {"rules", "findings"}}
    assert facts == {
        "id": "d-1",
        "declared": "thinned",
        "confirmed": "construction_waste",
        "status": "complete",
        "if_passed": None,
        "evidence": "unsigned",
        "kg_as_received": 6580,
        "kg_bone_dry": 3816,
        "kg_bone_dry_by_class": {"thinned": 0, "general": 0, "general_waste": 0, "construction_waste": 3816},
        "sources": [{"certificate": "f-1", "kg_bone_dry": 3816}],
    }


def test_the_documented_example_says_which_rules_spoke() -> None:
    shown = data(truck())
    (lot,) = shown["lots"]
    assert "A201" in lot["rules"]["passed"]
    assert "L402" in lot["rules"]["fired"]
    assert {"S101", "S102", "S103", "S104", "S106", "L403"} <= set(lot["rules"]["not_applicable"])
    (unknown,) = (entry for entry in lot["rules"]["not_checked"] if entry["code"] == "H312")
    assert unknown["reason"] == "伐採の時期が書かれていない"
    (finding,) = (entry for entry in lot["findings"] if entry["code"] == "L402")
    assert (finding["record"], finding["effect"]) == ("f-1", "unproven")
    assert shown["summary"]["lots"] == 1
    assert shown["summary"]["clean"] == 0
    assert shown["summary"]["by_code"]["L402"] == 1
    assert shown["summary"]["by_audit_finding"] == {"3ii": 1}


def test_the_keys() -> None:
    shown = data(add(truck(), *copy(clean(), "p-1", "p-2", buyer=KOUSEI.id).certificates[2:]))
    top = {"casebook", "profile", "as_of", "lots", "records", "undecided", "books", "rules_not_run", "summary"}
    assert set(shown) == top
    assert set(shown["books"]) == {"passed", "not_checked"}
    assert set(shown["summary"]) == {"lots", "clean", "by_code", "by_audit_finding"}
    (lot,) = shown["lots"]
    assert set(lot) == LOT
    assert set(lot["rules"]) == {"passed", "fired", "not_checked", "not_applicable"}
    assert list(lot["kg_bone_dry_by_class"]) == CLASSES
    assert all(set(finding) == FINDING for finding in lot["findings"])
    assert all({"code", "reason"} <= set(entry) for entry in lot["rules"]["not_checked"])
    assert [record["id"] for record in shown["records"]] == ["p-2"]
    assert all(set(finding) == FINDING for record in shown["records"] for finding in record["findings"])


def test_a_clean_lot() -> None:
    shown = data(clean())
    (lot,) = shown["lots"]
    assert (lot["declared"], lot["confirmed"], lot["status"]) == ("thinned", "thinned", "complete")
    assert (lot["kg_as_received"], lot["kg_bone_dry"]) == (30_000, 17_400)
    assert sorted(finding["code"] for finding in lot["findings"]) == ["Q604", "S108", "S108"]
    assert shown["summary"] == {"lots": 1, "clean": 1, "by_code": {"S108": 1, "Q604": 1}, "by_audit_finding": {}}


def test_an_incomplete_lot_says_what_it_would_be() -> None:
    (lot,) = data(change_felling(clean(), "doc-1", rate=None))["lots"]
    assert (lot["confirmed"], lot["status"], lot["if_passed"]) == ("construction_waste", "incomplete", "thinned")
    assert lot["kg_bone_dry_by_class"]["construction_waste"] == lot["kg_bone_dry"]
    (unknown,) = (entry for entry in lot["rules"]["not_checked"] if entry["decisive"])
    assert (unknown["code"], unknown["record"]) == ("H305", "f-1")


def test_every_rule_has_exactly_one_answer_but_for_those_with_several() -> None:
    (lot,) = data(truck())["lots"]
    rules = lot["rules"]
    once = [*rules["passed"], *rules["not_applicable"]]
    others = {*rules["fired"], *(entry["code"] for entry in rules["not_checked"])}
    assert len(once) == len(set(once))
    assert not set(once) & others
    assert set(once) | others == {*INTEGRITY_CODES, *(rule.code for rule in RULES)}
    assert data(truck())["rules_not_run"] == list(NOT_RUN)


def test_a_finding_upstream_is_repeated_under_every_lot_once() -> None:
    shown = data(copy(truck(), "d-1", "d-2", quantity=Quantity(100_000, Unit.KG)))
    for lot in shown["lots"]:
        assert [finding["code"] for finding in lot["findings"]].count("L402") == 1
    assert shown["summary"]["by_code"]["L402"] == 2
    assert shown["summary"]["by_audit_finding"] == {"3ii": 2}


def test_both_languages() -> None:
    japanese, english = data(truck(), "ja"), data(truck(), "en")
    one, other = japanese["lots"][0]["findings"], english["lots"][0]["findings"]
    for ja, en in zip(one, other, strict=True):
        assert all(ja[key] == en[key] for key in ("code", "record", "effect", "clause"))
        assert all(ja[key] != en[key] for key in ("message", "expected", "found", "remedy"))


def test_volumes_at_the_gate_have_no_weight_as_received() -> None:
    (lot,) = data(logs_direct())["lots"]
    assert (lot["kg_as_received"], lot["kg_bone_dry"]) == (None, 18_182)


def test_stacked_volumes_have_no_weight_at_all() -> None:
    book = change(logs_direct(), "f-1", quantity=m3(100, Unit.M3_STACKED))
    (lot,) = data(change(book, "d-1", quantity=m3(40, Unit.M3_STACKED)))["lots"]
    assert (lot["kg_bone_dry"], lot["kg_bone_dry_by_class"]) == (None, None)
    assert lot["sources"] == [{"certificate": "f-1", "kg_bone_dry": None}]
    assert lot["confirmed"] == "thinned"


def test_what_the_books_say_stands_among_the_records() -> None:
    shown = data(with_books(clean(), burned(tonnes(40)), burned(tonnes(1, None), fuel_class=FuelClass.GENERAL)))
    records = {record["id"]: [f["code"] for f in record["findings"]] for record in shown["records"]}
    thinned, general = "burned:plant-8:2014-11:thinned", "burned:plant-8:2014-11:general"
    assert records == {thinned: ["F951"], general: ["F951"], "plant-8": []}
    assert shown["books"] == {"passed": ["F952"], "not_checked": []}
    assert shown["summary"]["clean"] == 1
    assert not verdict_of(with_books(clean(), burned(tonnes(40)))).clean


def test_what_could_not_be_checked_in_the_books() -> None:
    shown = data(with_books(clean(), burned(tonnes(10)), planned(tonnes(90), 2013)))
    (left_open,) = shown["books"]["not_checked"]
    assert (left_open["code"], left_open["decisive"]) == ("F955", False)


def test_as_of_a_day_before_the_delivery() -> None:
    shown = data(clean(), as_of=date(2014, 11, 18))
    assert (shown["as_of"], shown["lots"]) == ("2014-11-18", [])
    assert [record["id"] for record in shown["records"]] == ["f-1"]


@pytest.mark.parametrize(
    ("grams", "kilos"), [(0, 0), (499, 0), (500, 1), (1_499, 1), (1_500, 2), (3_816_400, 3_816), (None, None)]
)
def test_kilograms_are_whole_half_up(grams: int | None, kilos: int | None) -> None:
    assert kilograms(grams) == kilos


@pytest.mark.parametrize(
    "grams", [(500, 500, 500, 500), (333, 333, 334, 0), (1, 0, 0, 499), (0, 0, 0, 0), (1_499, 1, 0, 0), (999,) * 4]
)
def test_kilograms_by_class_add_up(grams: tuple[int, ...]) -> None:
    by_class = kilograms_by_class(dict(zip(FuelClass, grams, strict=True)))
    assert by_class is not None
    assert list(by_class) == CLASSES
    assert sum(by_class.values()) == kilograms(sum(grams))
    assert all(kilos == 0 for kilos, weight in zip(by_class.values(), grams, strict=True) if weight == 0)


def test_kilograms_of_several_sources_add_up() -> None:
    book = copy(copy(clean(), "f-1", "f-2", documents=()), "f-1", "f-3", documents=())
    draws = tuple(Draw(source, Quantity(13_333_334, Unit.M3)) for source in ("f-1", "f-2", "f-3"))
    (lot,) = data(change(book, "p-1", draws=draws, seller=OTSU.id))["lots"]
    assert [source["certificate"] for source in lot["sources"]] == ["f-1", "f-2", "f-3"]
    assert sum(source["kg_bone_dry"] for source in lot["sources"]) == lot["kg_bone_dry"]
