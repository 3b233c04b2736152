"""Do a route's papers say what the audit saw? They are read back and compared with routes.csv's columns."""

from __future__ import annotations

from . import Entry
from .papers import Papers
from .situations import NOTICE


def precision(places: list[Entry]) -> str:
    """How far a paper's places go."""
    for depth in ("parcels", "compartments"):
        if any(depth in place for place in places):
            return depth
    return "municipality" if any("landing" not in place for place in places) else "absent"


def location_match(papers: Papers) -> str:
    """The auditors' comparison of the two papers, where both were held."""
    if papers.harvest is None or not holds_evidence(papers):
        return ""
    certificate = precision(papers.harvest.get("locations", []))
    evidence = precision(papers.documents[0].get("locations", []))
    if "absent" in (certificate, evidence):
        return "absent"
    if certificate == "municipality":
        return "municipality_only"
    return "matched" if certificate == evidence or papers.concordances else "notation_differs"


def holds_evidence(papers: Papers) -> bool:
    """What the auditors counted as a document: a manifest was, a contract between companies was not."""
    return any(paper["kind"] != "private_contract" for paper in papers.documents)


def final_felling_as_thinned(papers: Papers) -> bool:
    """A plain felling notice for a final felling behind a certificate for thinned wood."""
    return papers.route.fuel_class == "thinned" and any(
        paper["kind"] == NOTICE and paper["felling"]["method"] != "thinning" for paper in papers.documents
    )


def observed_facts(papers: Papers) -> dict[str, str]:
    """The audit's columns, read off the papers."""
    answers = {True: "yes", False: "no"}
    return {
        "harvest_certificate": answers[papers.harvest is not None],
        "evidence_document": answers[holds_evidence(papers)],
        "location_match": location_match(papers),
        "processing_certificate": answers[bool(papers.processing)],
        "final_felling_declared_as_thinned": answers[final_felling_as_thinned(papers)],
    }


def confirm(papers: Papers) -> None:
    """Raise ValueError where the papers say something else than the audit's row."""
    expected, seen = dict(papers.route.facts), observed_facts(papers)
    if expected["final_felling_declared_as_thinned"] == "yes":
        # The auditors looked no further at these routes and left their other columns empty.
        expected |= {column: seen[column] for column, value in expected.items() if not value}
    if seen != expected:
        raise ValueError(f"route {papers.route.name}: papers show {seen}, the audit saw {expected}")
