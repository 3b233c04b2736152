"""Verdicts: what was claimed, what is confirmed, and every rule's answer on the way there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import networkx as nx

from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Role
from biotrace.model.text import Text

from .booking import BookJudged
from .case import Case, Evidence
from .fold import Judged, fold
from .outcome import outcome_of
from .profile import Profile
from .rule import Finding, Rule, Unchecked
from .rules import INTEGRITY_CODES, RULES, not_run
from .tonnage import split

AUDIT_FINDING = {
    "H304": "1",
    "H301": "2",
    "H302": "2",
    "H303": "2",
    "P501": "2",
    "L401": "3i",
    "L402": "3ii",
    "L403": "3iii",
}
"""The audit's finding that each code stands for."""


class Status(StrEnum):
    """Whether every proof rule could be run, and over all that there is.

    ``AS_SHOWN``: it rests on records of another log of which nobody vouches that nothing was left out.
    """

    COMPLETE = "complete"
    AS_SHOWN = "as_shown"
    INCOMPLETE = "incomplete"


NEED_ALL = ("Q601", "H314", "P508", "P511", "S103", "A203")
"""What only somebody who sees a whole log can answer: double use, later withdrawals, forks, revocations."""
_MAY_BE_REVOKED = Text(
    "完全性: 発行者の認定はほかのログの記録（その後の取消しがないとは言えない）",
    "completeness: the issuer's accreditation is in another log, and nobody vouches that it was not revoked since",
)
_NOT_ALL = Text(
    "完全性: 受け渡された記録だけを見た（ほかの記録がないとは言えない）",
    "completeness: judged from what was shown; nobody vouches that nothing was left out",
)


@dataclass(frozen=True, slots=True)
class LotVerdict:
    """What a lot is confirmed as. Weights in grams; None where no factor gives them.

    ``if_passed``: the class if everything not checked had passed; None when complete. ``by_class`` is
    diagnosis: outside the exemption the lot is paid as ``confirmed``, the lowest class in it. ``claimed``: under the
    exemption, the grams by the class that its certificate claims for a share of it, empty where there is no weight;
    None: all of it is ``declared``.
    ``by_class_if_passed``: ``by_class`` if everything not checked had passed; None when complete.
    """

    id: str
    declared: FuelClass
    confirmed: FuelClass
    status: Status
    if_passed: FuelClass | None
    evidence: Evidence
    wet_grams: int | None
    dry_grams: int | None
    by_class: Mapping[FuelClass, int] | None
    sources: tuple[tuple[str, int | None], ...]
    records: tuple[str, ...]
    passed: tuple[str, ...]
    fired: tuple[str, ...]
    not_checked: tuple[Unchecked, ...]
    not_applicable: tuple[str, ...]
    findings: tuple[Finding, ...]
    claimed: Mapping[FuelClass, int] | None = None
    by_class_if_passed: Mapping[FuelClass, int] | None = None

    @property
    def clean(self) -> bool:
        """Every proof rule run, if only over what was shown, and nothing worse than a notice."""
        return self.status is not Status.INCOMPLETE and all(f.is_notice for f in self.findings)


@dataclass(frozen=True, slots=True)
class BookVerdict:
    """What was said of the books of yards and plants, and of accrediting bodies; findings are among the records'.

    ``ids``: of the bookings, plants and bodies that were looked at.
    """

    ids: frozenset[str] = frozenset()
    passed: tuple[str, ...] = ()
    not_checked: tuple[Unchecked, ...] = ()


NO_BOOKS = BookVerdict()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdicts on all lots, and the findings on what reaches no lot: certificates, the books, plants and bodies.

    ``undecided``: proof rules that could not be run on the latter.
    """

    profile: str
    as_of: date
    lots: tuple[LotVerdict, ...]
    records: tuple[tuple[str, tuple[Finding, ...]], ...]
    not_run: tuple[str, ...]
    undecided: tuple[Unchecked, ...] = ()
    books: BookVerdict = NO_BOOKS

    @property
    def clean(self) -> bool:
        """Every lot clean and no finding worse than a notice anywhere. Nothing checked is never clean."""
        if not (self.lots or self.records) or self.undecided:
            return False
        return all(lot.clean for lot in self.lots) and all(f.is_notice for _, fs in self.records for f in fs)


def judge(case: Case, profile: Profile, rules: Sequence[Rule] = RULES) -> Verdict:
    """Fold the case and pronounce on each of its lots: plant deliveries, and certificates to plants left uncited."""
    folded = fold(case, rules, profile)
    judged = folded.judged
    lots = pronounce(lots_of(case), case, judged, rules)
    reached = {record for lot in lots for record in lot.records}
    rest: dict[str, Judged | BookJudged] = {i: j for i, j in judged.items() if i not in reached}
    rest |= folded.books
    findings = tuple((i, j.findings) for i, j in rest.items())
    undecided = tuple(u for j in rest.values() for u in j.unchecked if u.decisive)
    books = of_books(folded.books, rules)
    return Verdict(profile.name, case.today, lots, findings, not_run(rules), undecided, books)


def of_books(books: Mapping[str, BookJudged], rules: Sequence[Rule] = RULES) -> BookVerdict:
    """What was said of the books. A code that fired or could not be run anywhere in them has not passed."""
    unchecked = tuple(u for judged in books.values() for u in judged.unchecked)
    fired = {f.code for judged in books.values() for f in judged.findings}
    passed = {code for judged in books.values() for code in judged.passed} - fired - {u.code for u in unchecked}
    return BookVerdict(frozenset(books), tuple(r.code for r in rules if r.code in passed), unchecked)


def pronounce(
    lots: Sequence[str], case: Case, judged: Mapping[str, Judged], rules: Sequence[Rule] = RULES
) -> tuple[LotVerdict, ...]:
    """Verdicts on some records, each over all that it rests on. Raises KeyError for a record that was not judged."""
    graph = lineage(judged)
    signed = INTEGRITY_CODES if case.integrity_checked else ()
    return tuple(_lot_verdict(lot, case, judged, graph, rules, signed) for lot in lots)


def lots_of(case: Case) -> tuple[str, ...]:
    """Ids of the lots, in order: deliveries at a plant, and certificates to a plant that none cites.

    A cancelled or replaced certificate promises nothing any more, so it is no lot. One on hold may be released: it
    stays a lot, incomplete until then (see ``_withdrawn_itself``).
    """
    plants = {p.id for p in case.parties.values() if Role.PLANT in p.roles}
    arrived = (e.value for e in case.entries if isinstance(e.value, Delivery))
    cited = {d.certificate for d in arrived if d.at in plants} | case.supplementing
    lots = []
    for entry in case.entries:
        value = entry.value
        if isinstance(value, Delivery):
            if value.at in plants:
                lots.append(value.id)
        elif value.buyer in plants and value.id not in cited and not case.ended(value.id):
            lots.append(value.id)
    return tuple(lots)


def lineage(judged: Mapping[str, Judged]) -> nx.DiGraph[str]:
    """The delivery graph: an arrow from each record to those it draws on."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for record, judgement in judged.items():
        graph.add_node(record)
        graph.add_edges_from((record, source) for source, _ in judgement.shares if source in judged)
    return graph


def _is_accredited_as_shown(judged: Judged, case: Case) -> bool:
    value = judged.entry.value
    return isinstance(value, Certificate) and value.issuer in case.accredited_as_shown


def _lot_verdict(
    lot: str,
    case: Case,
    judged: Mapping[str, Judged],
    graph: nx.DiGraph[str],
    rules: Sequence[Rule],
    signed: Sequence[str],
) -> LotVerdict:
    own = judged[lot]
    ancestry = {lot, *nx.descendants(graph, lot)}
    records = tuple(sorted(ancestry, key=lambda r: judged[r].entry.order))
    outcome = outcome_of(own, case, rules)
    findings = (*(f for r in records for f in judged[r].findings), *outcome.findings)
    shown = [r for r in records if r in case.shown_only]
    not_all = [Unchecked(code, r, _NOT_ALL, decisive=False) for r in shown for code in NEED_ALL]
    revocable = [r for r in records if r not in case.shown_only and _is_accredited_as_shown(judged[r], case)]
    not_all += [Unchecked("A203", r, _MAY_BE_REVOKED, decisive=False) for r in revocable if "A203" in judged[r].passed]
    unchecked = (*(u for r in records for u in judged[r].unchecked), *outcome.unchecked, *not_all)
    fired = tuple(dict.fromkeys(f.code for f in findings))
    asked = {u.code for u in unchecked}
    passed = {*signed, *(c for r in records for c in judged[r].passed)} - set(fired) - asked
    everything = (*INTEGRITY_CODES, *(r.code for r in rules))
    return LotVerdict(
        id=lot,
        declared=own.fuel_class,
        confirmed=outcome.confirmed,
        status=Status.INCOMPLETE if outcome.incomplete else Status.AS_SHOWN if not_all else Status.COMPLETE,
        if_passed=outcome.composition.lowest if outcome.incomplete else None,
        evidence=_evidence([judged[r].entry.evidence for r in records]),
        wet_grams=own.wet_grams,
        dry_grams=own.grams,
        by_class=outcome.by_class,
        sources=_sources(lot, judged, graph, records),
        records=records,
        passed=tuple(c for c in everything if c in passed),
        fired=fired,
        not_checked=unchecked,
        not_applicable=tuple(c for c in everything if c not in passed and c not in fired and c not in asked),
        findings=findings,
        claimed=_claimed(own, judged),
        by_class_if_passed=outcome.composition.grams if outcome.incomplete and own.grams is not None else None,
    )


def _claimed(own: Judged, judged: Mapping[str, Judged]) -> Mapping[FuelClass, int] | None:
    """The lot's grams by the certified shares of a mixed lot; a delivery's are its certificate's."""
    value = own.entry.value
    cited = judged.get(value.certificate or "") if isinstance(value, Delivery) else own
    certificate = None if cited is None else cited.entry.value
    if not isinstance(certificate, Certificate) or certificate.mixed is None or not certificate.mixed.shares:
        return None
    claimed: dict[FuelClass, int] = {}
    if own.grams is None:
        return claimed
    shares = certificate.mixed.shares
    for share, grams in zip(shares, split(own.grams, [share.parts for share in shares]), strict=True):
        claimed[share.fuel_class] = claimed.get(share.fuel_class, 0) + grams
    return claimed


def _evidence(seen: list[Evidence]) -> Evidence:
    for weaker in (Evidence.UNSIGNED, Evidence.TRANSCRIBED):
        if weaker in seen:
            return weaker
    return Evidence.SIGNED


def _sources(
    lot: str, judged: Mapping[str, Judged], graph: nx.DiGraph[str], records: Sequence[str]
) -> tuple[tuple[str, int | None], ...]:
    """The certificates where the lot's wood enters the chain, each with the bone-dry grams that came from it.

    The grams add up to the lot's. A circle has no entrance, so nothing is told there. ``records``: the lot's ancestry.
    """
    order = downwards(graph.subgraph(records).copy())
    if order is None:
        return ()
    entrances = [r for r in records if not judged[r].shares and isinstance(judged[r].entry.value, Certificate)]
    came = came_through(lot, judged, order)
    return tuple((r, None if came is None else came.grams[r]) for r in entrances)


@dataclass(frozen=True, slots=True)
class CameThrough:
    """The lot's bone-dry grams by the record that they came through, and by (from, to) between two of these."""

    grams: Mapping[str, int]
    flows: Mapping[tuple[str, str], int]


def downwards(lineage: nx.DiGraph[str]) -> Sequence[str] | None:
    """The records, each before those it draws on; None where one is, directly or not, its own source."""
    try:
        return tuple(nx.topological_sort(lineage))
    except nx.NetworkXUnfeasible:
        return None


def came_through(lot: str, judged: Mapping[str, Judged], order: Sequence[str]) -> CameThrough | None:
    """The lot's grams as they came through each record behind it; None where some share cannot be told.

    ``order``: see ``downwards``, of the lot's own part of ``lineage``. What a record draws on that is not at hand is in
    no flow.
    """
    total = judged[lot].grams
    if total is None:
        return None
    grams = dict.fromkeys(order, 0)
    grams[lot] = total
    flows: dict[tuple[str, str], int] = {}
    for record in order:
        shares = judged[record].shares
        known = [share for _, share in shares if share is not None]
        if len(known) < len(shares):
            return None
        for (source, _), part in zip(shares, split(grams[record], known) if known else [], strict=True):
            if source in grams:
                grams[source] += part
                flows[source, record] = flows.get((source, record), 0) + part
    return CameThrough(grams, flows)
