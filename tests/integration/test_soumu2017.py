"""The audit of 2017, route by route: the verdict on the papers is the auditors'.

The casebook carries facts only; what the auditors concluded is read here, afterwards, from the audit's own table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from biotrace.documents.casebook import read_casebook
from biotrace.model.casebook import Casebook
from biotrace.model.fuel_class import FuelClass
from biotrace.services.audit_table import audit_table
from biotrace.verify.case import case_of_casebook
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import AUDIT_FINDING, LotVerdict, Status, Verdict, judge

DATA = Path(__file__).resolve().parents[2] / "data"
ROUTES = list(csv.DictReader((DATA / "soumu2017" / "routes.csv").open(encoding="utf-8")))
BOOK = read_casebook((DATA / "demo" / "soumu2017.yaml").read_bytes(), "soumu2017.yaml")
VERDICT = judge(case_of_casebook(BOOK), RINYA_2012)
PRINTED = {  # finding: routes and plants, as the report's text states them
    "1": (2, 1),
    "2": (29, 11),
    "3": (30, 10),
    "3i": (12, 7),
    "3ii": (12, 4),
    "3iii": (6, 2),
    "": (39, 14),
}


def lots_of(route: str, verdict: Verdict = VERDICT) -> list[LotVerdict]:
    """The deliveries of a route: d-c1-1 and d-c1-2, or d-h1."""
    return [lot for lot in verdict.lots if lot.id == f"d-{route}" or lot.id.startswith(f"d-{route}-")]


def worse_than_notices(lots: Iterable[LotVerdict]) -> set[str]:
    """Codes of all findings that cost the class."""
    return {f.code for lot in lots for f in lot.findings if not f.is_notice}


@pytest.mark.parametrize("row", ROUTES, ids=[row["route"] for row in ROUTES])
def test_a_route_is_judged_as_the_auditors_did(row: dict[str, str]) -> None:
    lots = lots_of(row["route"])
    assert lots
    codes = worse_than_notices(lots)
    assert {AUDIT_FINDING.get(code, code) for code in codes} == {f for f in row["audit_finding"].split("+") if f}
    for lot in lots:
        assert lot.status is Status.COMPLETE
        assert lot.declared == row["declared_class"]
        assert lot.clean == (row["audit_finding"] == "")
        if "1" in row["audit_finding"].split("+"):
            assert lot.confirmed is FuelClass.GENERAL
        elif row["audit_finding"]:
            assert lot.confirmed is FuelClass.CONSTRUCTION_WASTE
        else:
            assert lot.confirmed is lot.declared


def test_every_finding_is_a_sentence_with_its_remedy_in_both_languages() -> None:
    for lot in VERDICT.lots:
        for finding in lot.findings:
            for text in (finding.message, finding.found, finding.expected, finding.remedy):
                assert text.ja.strip()
                assert text.en.strip()


def test_the_totals_are_those_the_report_prints() -> None:
    table = audit_table(BOOK, VERDICT, ROUTES)
    assert {row.finding: (row.routes, row.plants) for row in table.rows} == PRINTED
    assert table.routes == 98
    assert table.agrees


def without_places(book: Casebook, certificate: str) -> Casebook:
    """The book with one certificate's felling place left blank."""
    blank = tuple(replace(c, locations=()) if c.id == certificate else c for c in book.certificates)
    return replace(book, certificates=blank)


def test_a_finding_that_the_audit_did_not_make_shows_in_the_table() -> None:
    bare = tuple(replace(c, accreditation_number=None) if c.id == "f-b1" else c for c in BOOK.certificates)
    book = replace(BOOK, certificates=bare)
    table = audit_table(book, judge(case_of_casebook(book), RINYA_2012), ROUTES)
    assert table.other_codes == ("b1 A201",)
    assert not table.agrees


def test_another_fact_gives_another_table() -> None:
    book = without_places(BOOK, "f-b1")
    table = audit_table(book, judge(case_of_casebook(book), RINYA_2012), ROUTES)
    assert not table.agrees
    assert table.differing == ("b1",)
