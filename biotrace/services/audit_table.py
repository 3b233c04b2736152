"""The table of the 2017 audit, recomputed from the papers and set beside the printed one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from biotrace.model.casebook import Casebook
from biotrace.model.text import Text, same
from biotrace.verify.verdict import AUDIT_FINDING, Verdict
from biotrace.verify.verdict_json import audit_findings

_ROUTE = re.compile("d-([a-z][0-9]+)")
"""The demonstration names each delivery after its route: d-c1-2 is the second of route c1."""

NAMES = {
    "1": Text("主伐材を間伐材等由来とした", "final felling sold as thinned"),
    "2": Text("証明書・根拠書類がない", "certificate or document missing"),
    "3": Text("伐採箇所を照合できない", "places cannot be matched"),
    "3i": Text("　うち記載なし", "  of which not stated"),
    "3ii": Text("　うち市町村名まで", "  of which municipality only"),
    "3iii": Text("　うち林班と地番", "  of which 林班 against 地番"),
    "": Text("指摘なし", "clean"),
}
SIGNS = {
    "1": Text("①", "1"),
    "2": Text("②", "2"),
    "3": Text("③", "3"),
    "3i": Text("③ i", "3i"),
    "3ii": Text("③ ii", "3ii"),
    "3iii": Text("③ iii", "3iii"),
    "": same("—"),
}
"""The findings as the audit's table (図表2-(3)-イ-①) writes them; data has the keys."""


@dataclass(frozen=True, slots=True)
class Row:
    """A finding of the audit: routes and plants by the rules, and as the audit printed them."""

    finding: str
    routes: int
    plants: int
    printed_routes: int
    printed_plants: int

    @property
    def agrees(self) -> bool:
        """The rules and the auditors say the same."""
        return (self.routes, self.plants) == (self.printed_routes, self.printed_plants)


@dataclass(frozen=True, slots=True)
class AuditTable:
    """The table, and the routes on which the rules and the auditors differ, or another code spoke."""

    rows: tuple[Row, ...]
    routes: int
    differing: tuple[str, ...]
    other_codes: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Every route as the audit found it, and no other code worse than a notice."""
        return not self.differing and not self.other_codes and all(row.agrees for row in self.rows)


def audit_table(book: Casebook, verdict: Verdict, printed: list[dict[str, str]]) -> AuditTable:
    """The audit's table from the verdict on the demonstration casebook; ``printed`` is the audit's own."""
    plants = {d.id: d.at for d in book.deliveries}
    found: dict[str, set[str]] = defaultdict(set)
    plant_of: dict[str, str] = {}
    others: list[str] = []
    for lot in verdict.lots:
        route = _route(lot.id)
        found[route] |= set(audit_findings(lot))
        plant_of[route] = plants[lot.id].removeprefix("plant-")
        others += [f"{route} {f.code}" for f in lot.findings if not f.is_notice and f.code not in AUDIT_FINDING]
        others += [f"{route} {lot.status}"] if lot.if_passed is not None else []
    auditors = {r["route"]: {f for f in r["audit_finding"].split("+") if f} for r in printed}
    printed_plant = {r["route"]: r["plant"] for r in printed}
    differing = [r for r in sorted({*found, *auditors}) if found.get(r, {"absent"}) != auditors.get(r, {"absent"})]
    rows = (_row(finding, found, plant_of, auditors, printed_plant) for finding in NAMES)
    return AuditTable(tuple(rows), len(found), tuple(differing), tuple(dict.fromkeys(others)))


def _route(lot: str) -> str:
    match = _ROUTE.match(lot)
    return match.group(1) if match else lot


def _row(
    finding: str,
    found: Mapping[str, set[str]],
    plant_of: Mapping[str, str],
    auditors: Mapping[str, set[str]],
    printed_plant: Mapping[str, str],
) -> Row:
    ours = [r for r, findings in found.items() if _has(findings, finding)]
    theirs = [r for r, findings in auditors.items() if _has(findings, finding)]
    return Row(
        finding,
        len(ours),
        len({plant_of[r] for r in ours}),
        len(theirs),
        len({printed_plant[r] for r in theirs}),
    )


def _has(findings: set[str], finding: str) -> bool:
    if finding == "":
        return not findings
    return any(f == finding or (finding == "3" and f.startswith("3")) for f in findings)
