"""The committed casebook of the 2017 audit is fresh, unlabelled, complete, and sound in dates and quantities."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CASEBOOK = ROOT / "data" / "demo" / "soumu2017.yaml"
ROUTES = ROOT / "data" / "soumu2017" / "routes.csv"

Entry = dict[str, Any]


class Book:
    """The file as plain entries."""

    def __init__(self, text: str) -> None:
        self.raw: Entry = yaml.safe_load(text)
        self.parties = self._by_id("parties")
        self.documents = self._by_id("documents")
        self.certificates = self._by_id("certificates")
        self.deliveries = self._by_id("deliveries")

    def _by_id(self, section: str) -> dict[str, Entry]:
        entries = {entry["id"]: entry for entry in self.raw[section]}
        assert len(entries) == len(self.raw[section])
        return entries

    @property
    def felling(self) -> list[Entry]:
        return [c for key, c in self.certificates.items() if key.startswith("f-")]

    @property
    def processing(self) -> list[Entry]:
        return [c for key, c in self.certificates.items() if key.startswith("p-")]


@pytest.fixture(scope="module")
def text() -> str:
    return CASEBOOK.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def book(text: str) -> Book:
    return Book(text)


def rows() -> list[dict[str, str]]:
    with ROUTES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def route_of(key: str) -> str:
    """``p-c1-2`` belongs to c1."""
    return key.split("-")[1]


def exact(number: float | int) -> Decimal:
    return Decimal(str(number))


def bone_dry_tonnes(quantity: Entry) -> Decimal:
    tonnes = exact(quantity["value"]) / (1000 if quantity["unit"] == "kg" else 1)
    return tonnes * (1 - exact(quantity["moisture"]))


def test_committed_file_is_fresh() -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_soumu2017.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_no_verdict_of_the_auditors_is_in_the_file(text: str) -> None:
    labels = r"audit_finding|finding|\b3i{1,3}\b|\b[ADFGHLPQSTW]\d{3}\b|\bunproven\b"
    assert re.findall(labels, text, re.IGNORECASE) == []


def test_counts_are_the_audits(book: Book) -> None:
    roles = Counter(role for party in book.parties.values() for role in party["roles"])
    classes = {route_of(key): entry["class"] for key, entry in book.deliveries.items()}
    assert len(classes) == 98
    assert Counter(classes.values()) == {"thinned": 82, "general": 16}
    assert roles["processor"] == 38
    assert len({delivery["at"] for delivery in book.deliveries.values()}) == roles["plant"] == 19
    assert {delivery["from"] for delivery in book.deliveries.values()} == {
        key for key, party in book.parties.items() if "processor" in party["roles"]
    }


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["route"])
def test_route_has_the_papers_that_the_audit_saw(book: Book, row: dict[str, str]) -> None:
    route = row["route"]
    certificates = {key[0] for key in book.certificates if route_of(key) == route}
    document = book.documents.get(f"doc-{route}")
    evidence = document is not None and document["kind"] != "private_contract"
    assert {book.deliveries[key]["at"] for key in book.deliveries if route_of(key) == route} == {
        f"plant-{row['plant']}"
    }
    if row["harvest_certificate"]:
        assert ("p" in certificates) == (row["processing_certificate"] == "yes")
        assert ("f" in certificates) == (row["harvest_certificate"] == "yes")
        assert evidence == (row["evidence_document"] == "yes")
    clear_cut = document is not None and document["kind"] == "felling_notice" and document["felling"]["rate"] == 1
    wrong_class = clear_cut and row["declared_class"] == "thinned"
    assert wrong_class == (row["final_felling_declared_as_thinned"] == "yes")


def test_references_lead_somewhere(book: Book) -> None:
    for certificate in book.certificates.values():
        assert certificate["seller"] in book.parties
        assert certificate["buyer"] in book.parties
        assert set(certificate.get("documents", [])) <= set(book.documents)
        for draw in certificate.get("draws", []):
            assert book.certificates[draw["certificate"]]["buyer"] == certificate["seller"]
    for delivery in book.deliveries.values():
        assert delivery["certificate"] in book.certificates if "certificate" in delivery else True
    for table in book.raw["concordances"]:
        assert book.parties[table["vouched_by"]]["roles"] == ["municipality"]
    ids = [e["id"] for s in ("parties", "documents", "certificates", "deliveries", "concordances") for e in book.raw[s]]
    assert len(ids) == len(set(ids))


def test_issuers_were_accredited_on_the_day(book: Book) -> None:
    last_day = max(delivery["date"] for delivery in book.deliveries.values())
    numbers: dict[str, str] = {}
    for certificate in book.certificates.values():
        issuer = book.parties[certificate["seller"]]
        if issuer["roles"] == ["forest_office"]:
            assert "accreditation_number" not in certificate
            continue
        held = issuer["accreditation"] if isinstance(issuer["accreditation"], list) else [issuer["accreditation"]]
        assert any(one["from"] <= certificate["date"] <= one["until"] for one in held), certificate["id"]
        assert held[-1]["until"] > last_day + timedelta(days=31)
        assert {one["number"] for one in held} == {certificate["accreditation_number"]}
        assert {one["body"] for one in held} <= set(book.raw["trusted_bodies"])
        assert numbers.setdefault(certificate["accreditation_number"], issuer["id"]) == issuer["id"]


def test_papers_follow_one_another(book: Book) -> None:
    for certificate in book.felling:
        felled = certificate["felled"]
        assert date(2014, 1, 1) < felled["from"] <= felled["until"] <= certificate["date"]
        for key in certificate["documents"]:
            assert_in_force(book.documents[key], felled)
    for certificate in book.processing:
        for draw in certificate.get("draws", []):
            assert book.certificates[draw["certificate"]]["date"] < certificate["date"]
    for delivery in book.deliveries.values():
        if "certificate" in delivery:
            assert timedelta(0) <= delivery["date"] - book.certificates[delivery["certificate"]]["date"]


def assert_in_force(document: Entry, felled: Entry) -> None:
    """Accepted before felling, which lies within every period that the document names."""
    assert document["accepted"] < felled["from"], document["id"]
    for period in (document.get("valid"), document.get("felling")):
        if period:
            assert period["from"] <= felled["from"], document["id"]
            assert felled["until"] <= period["until"], document["id"]
    if "filed" in document:
        earliest = 30 if document["kind"] == "felling_notice" else 20
        assert document["filed"] <= document["accepted"]
        for start in (document["felling"]["from"], felled["from"]):
            assert earliest <= (start - document["filed"]).days <= 90, document["id"]


def test_felling_certificates_stay_within_their_documents(book: Book) -> None:
    for certificate in book.felling:
        for key in certificate["documents"]:
            document = book.documents[key]
            allowed = document.get("felling", {})
            assert certificate["area_ha"] <= allowed.get("area_ha", certificate["area_ha"])
            assert set(certificate["species"]) <= set(allowed.get("species", certificate["species"]))
            if certificate["quantity"]["unit"] == "m3":
                assert certificate["quantity"]["value"] <= allowed.get("volume_m3", 10**6)
                assert 80 <= certificate["quantity"]["value"] / certificate["area_ha"] <= 400, key
            if "permit" in certificate:
                stated = {"date": document["accepted"], "issuer": document["issuer"], "number": document["number"]}
                assert certificate["permit"] == stated
            assert certificate.get("forest_office") == document.get("forest_office")
            assert allowed.get("rate", 0) <= Decimal("0.35") or allowed["method"] == "clear"


def test_more_is_never_handed_on_than_came_in(book: Book) -> None:
    drawn: defaultdict[str, Decimal] = defaultdict(Decimal)
    for certificate in book.processing:
        for draw in certificate.get("draws", []):
            source, taken = book.certificates[draw["certificate"]], draw["quantity"]
            assert taken["unit"] == source["quantity"]["unit"]
            drawn[source["id"]] += exact(taken["value"])
            if taken["unit"] == "m3":
                brought = exact(taken["value"]) / Decimal("1.7" if "コナラ" in source["species"] else "2.2")
            else:
                brought = bone_dry_tonnes(taken)
            share = bone_dry_tonnes(certificate["quantity"]) / brought
            assert Decimal("0.8") <= share <= 1, certificate["id"]
    assert drawn
    for key, total in drawn.items():
        assert total <= book.certificates[key]["quantity"]["value"], key


def test_trucks_weigh_what_their_papers_say(book: Book) -> None:
    for delivery in book.deliveries.values():
        tonnes = exact(delivery["quantity"]["value"])
        assert 5 <= tonnes <= 15
        if "certificate" not in delivery:
            assert Decimal("0.35") <= exact(delivery["quantity"]["moisture"]) <= Decimal("0.55")
            continue
        certified = book.certificates[delivery["certificate"]]["quantity"]
        assert abs(tonnes - exact(certified["value"])) <= tonnes / 50
        assert Decimal("0.35") <= exact(certified["moisture"]) <= Decimal("0.55")


def test_printed_examples_are_reproduced(book: Book) -> None:
    protection, clear = book.documents["doc-c1"], book.certificates["f-h1"]
    assert protection["locations"][0]["parcels"] == ["236-2", "237-2", "237-1"]
    assert (protection["felling"]["area_ha"], protection["felling"]["volume_m3"]) == (23.6110, 2575)
    assert (protection["filed"], protection["accepted"]) == (date(2014, 5, 7), date(2014, 5, 8))
    arrivals = [
        (d["date"], d["time"], d["quantity"]["value"]) for k, d in book.deliveries.items() if route_of(k) == "c1"
    ]
    assert arrivals == [(date(2014, 11, 19), "08:40", 6.58), (date(2014, 11, 24), "07:17", 5.79)]
    assert (clear["quantity"]["value"], clear["quantity"]["unit"], clear["area_ha"]) == (28500, "kg", 0.60)
    assert clear["permit"]["number"] == "010104"
    assert [d["date"] for k, d in book.deliveries.items() if route_of(k) == "k1"] == [
        date(2013, 3, 11), date(2013, 3, 12), date(2013, 3, 13),
    ]  # fmt: skip
