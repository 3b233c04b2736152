"""``report routes`` over the audit's papers is its own table 図表2-(3)-イ-①, route by route, column by column."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from biotrace.model.text import Text
from biotrace.services.report_routes import routes_report
from biotrace.services.report_routes_groups import By
from biotrace.services.report_whole import Whole
from biotrace.services.shipped import demo_casebook, municipalities
from biotrace.verify.case import case_of_casebook
from biotrace.verify.profile import RINYA_2012

DATA = Path(__file__).resolve().parents[2] / "data"
PRINTED = list(csv.DictReader((DATA / "soumu2017" / "routes.csv").open(encoding="utf-8")))
NO_PAPER_AT_ALL = {"k1": "no", "u1": "yes"}
"""Deliveries without any certificate. What documents their mills held the auditors saw; no record of ours says."""
REPORT = routes_report(
    Whole(case_of_casebook(demo_casebook(), municipalities=municipalities()), RINYA_2012, {}),
    None,
    (By.PLANT, By.BODY, By.PREFECTURE),
)
ROUTES: list[dict[str, Any]] = REPORT.data["routes"]


def name(lot: str) -> str:
    """The audit's name of the route that a lot is on: d-c1-2 is the second delivery of c1."""
    found = re.match("d-([a-z][0-9]+)", lot)
    assert found is not None
    return found.group(1)


BY_NAME = {name(route["records"]["lots"][0]): route for route in ROUTES}


def test_every_route_is_one_and_no_two_are_the_same() -> None:
    assert len(ROUTES) == len(BY_NAME) == len(PRINTED) == 98
    for route in ROUTES:
        assert len({name(lot) for lot in route["records"]["lots"]}) == 1
    assert sum(route["lots"] for route in ROUTES) == 110


@pytest.mark.parametrize("printed", PRINTED, ids=[row["route"] for row in PRINTED])
def test_a_routes_columns_are_those_that_the_audit_prints(printed: dict[str, str]) -> None:
    route = BY_NAME[printed["route"]]

    def cell(answer: str) -> str:
        return "" if answer == "not_looked_at" else answer

    assert route["plant"] == f"plant-{printed['plant']}"
    assert route["class"] == printed["declared_class"]
    assert cell(route["felling_certificate"]) == printed["harvest_certificate"]
    assert cell(route["places"]) == printed["location_match"]
    assert cell(route["processing_certificate"]) == printed["processing_certificate"]
    assert route["final_felling_as_thinned"] is (printed["final_felling_declared_as_thinned"] == "yes")
    assert "+".join(route["findings"]) == printed["audit_finding"]
    if printed["route"] in NO_PAPER_AT_ALL:
        assert route["supporting_document"] == "untold"
        assert printed["evidence_document"] == NO_PAPER_AT_ALL[printed["route"]]
    else:
        assert cell(route["supporting_document"]) == printed["evidence_document"]
    assert (route["other_codes"], route["not_run"]) == ([], [])


def test_the_summary_is_the_one_that_the_report_states() -> None:
    found = {c["finding"]: (c["routes"], c["plants"]) for c in REPORT.data["summary"]}
    assert found == {
        "1": (2, 1),
        "2": (29, 11),
        "3": (30, 10),
        "3i": (12, 7),
        "3ii": (12, 4),
        "3iii": (6, 2),
        "none": (39, 14),
    }
    assert (REPORT.data["routes_in_all"], REPORT.data["plants"]) == (98, 19)


def test_the_totals_of_the_columns_are_those_printed_under_them() -> None:
    """Of 96 routes, the two of finding 1 were looked at no further; k1 and u1 are the audit's 4th no and 92nd yes."""
    answers = {
        column: [str(route[column]) for route in ROUTES]
        for column in ("felling_certificate", "supporting_document", "places", "processing_certificate")
    }
    assert [answers["felling_certificate"].count(x) for x in ("no", "yes", "not_looked_at")] == [23, 73, 2]
    assert [answers["supporting_document"].count(x) for x in ("no", "yes", "untold")] == [3, 91, 2]
    assert [answers["processing_certificate"].count(x) for x in ("no", "yes")] == [5, 91]
    matched = [answers["places"].count(x) for x in ("absent", "municipality_only", "notation_differs", "matched")]
    assert matched == [12, 12, 6, 40]
    classes = [route["class"] for route in ROUTES]
    assert [classes.count(x) for x in ("thinned", "general")] == [82, 16]


def test_the_totals_of_the_columns_are_printed_too() -> None:
    held = next(table for table in REPORT.tables if table.title.ja == "書類ごとのルート")
    said = [(*(cell.ja for cell in row[:2] if isinstance(cell, Text)), row[2]) for row in held.rows]
    assert said[:3] == [("伐採段階の証明書", "○", 73), ("伐採段階の証明書", "×", 23), ("伐採段階の証明書", "—", 2)]
    assert ("伐採箇所の照合", "照合できた", 40) in said
    papers = REPORT.data["papers"]
    assert (papers["places"]["matched"], papers["places"]["elsewhere"], papers["places"]["not_looked_at"]) == (
        40,
        0,
        28,
    )
    assert papers["supporting_document"] == {"no": 3, "untold": 2, "yes": 91, "not_needed": 0, "not_looked_at": 2}
    for answers in papers.values():
        assert sum(answers.values()) == 98


def test_on_paper_each_plant_has_a_table_of_its_own_with_the_same_rows() -> None:
    assert REPORT.paper is not None
    tables = [table for table in REPORT.paper if table.title.ja.startswith("納入ルート: ")]
    assert len(tables) == 19
    whole = REPORT.tables[REPORT.main].rows[:-1]
    assert [row for table in tables for row in table.rows[:-1]] == [row[:1] + row[2:] for row in whole]
    assert all(sum(column.wide for column in table.columns) == 160 for table in tables)
    by_plant = next(table for table in REPORT.tables if table.title.ja == "発電設備ごと")
    assert [table.rows[-1][-3] for table in tables] == [row[-2] for row in by_plant.rows[:-1]]


@pytest.mark.parametrize("side", ["plant", "body", "producers_body", "prefecture", "plants_prefecture"])
def test_groups_part_the_routes(side: str) -> None:
    groups = REPORT.data["groups"][side]
    assert sum(group["routes"] for group in groups) == 98
    assert sum(group["bone_dry"] for group in groups) == sum(route["bone_dry"] for route in ROUTES)
    for finding, routes in (("1", 2), ("2", 29), ("3", 30), ("none", 39)):
        counted = [c["routes"] for group in groups for c in group["summary"] if c["finding"] == finding]
        assert sum(counted) == routes


def test_what_cannot_be_told_is_told() -> None:
    by_forest = {group["name"]: group["routes"] for group in REPORT.data["groups"]["prefecture"] if not group["known"]}
    assert by_forest == {
        "分からない: 証明書がない": 2,
        "分からない: 記載なし": 5,
    }  # k1 and u1; the manifests of l1 to l5
    unknown = [route for route in ROUTES if route["producer"] is None]
    assert {name(route["records"]["lots"][0]) for route in unknown} == {"k1", "u1"}
    numbers = "、".join(str(route["number"]) for route in unknown)
    assert f"書類のことが台帳からは言えない（？）ルート: {numbers}" in [line.ja for line in REPORT.attention]
    rows = {row[0]: row for row in REPORT.tables[REPORT.main].rows[:-1]}
    remarks = {n: row[-1] for n, row in rows.items() if any(isinstance(c, Text) and c.ja == "？" for c in row)}
    assert {n: said.ja for n, said in remarks.items() if isinstance(said, Text)} == {
        unknown[0]["number"]: "証明書のない納入 3件",
        unknown[1]["number"]: "証明書のない納入 1件",
    }


def test_every_sign_of_the_table_is_explained_under_it() -> None:
    held = next(table for table in REPORT.tables if table.title.ja == "書類ごとのルート")
    assert held.note is not None
    for ja, en in (("？ 台帳からは言えない", "?: the ledger cannot tell"), ("— 見ていない", "—: not looked at")):
        assert ja in held.note.ja
        assert en in held.note.en


def test_who_is_on_a_route() -> None:
    book = demo_casebook()
    for route in ROUTES:
        called = name(route["records"]["lots"][0])
        if route["producer"] is not None and f"prod-{called}" in {p.id for p in book.parties}:
            assert route["producer"]["party"] in (f"prod-{called}", None)
        assert route["processor"]["party"].startswith(f"proc-{route['plant'].removeprefix('plant-')}-")
    felled_themselves = [
        n for n, r in BY_NAME.items() if r["producer"] and r["producer"]["party"] == r["processor"]["party"]
    ]
    assert {"a1", "o1"} <= set(felled_themselves)
