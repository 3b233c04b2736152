"""The material a verdict is made from: entries in order, and the papers that rules look things up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

import networkx as nx

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.place import Concordance
from biotrace.model.private import PrivateField

from .kept import NOTHING_KEPT, Kept
from .rule import Finding

ENDINGS = (Action.CANCEL, Action.REPLACE)
"""Corrections after which a certificate, and its use of others, no longer counts."""


class Evidence(StrEnum):
    """Who vouches for an entry: its issuer's signature, whoever copied the paper, or nobody."""

    SIGNED = "signed"
    TRANSCRIBED = "transcribed"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Placed:
    """A correction and its place in the order. ``signer``: party id of who says so; empty in a casebook."""

    order: int
    correction: Correction
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate or delivery in its place. ``findings``: what was already wrong with its bytes (S family).

    ``logged``: the day (Asia/Tokyo) on which the log took it; None where there is no log: a casebook, a QR code alone.
    ``signer``: party id of who signed it, also in a transcription; empty where nobody did. ``opened``: its private
    fields whose value is at hand.
    """

    order: int
    value: Certificate | Delivery
    evidence: Evidence
    findings: tuple[Finding, ...] = ()
    logged: date | None = None
    signer: str = ""
    opened: frozenset[PrivateField] = frozenset()


@dataclass(frozen=True)
class Case:
    """Entries in order, and everything that rules look up. ``today`` is the day the verdict is for.

    ``integrity_checked``: the entries were read from signed bytes, and what was wrong with those is in their findings.
    ``shown_only``: ids of records of other logs of which it is not known that nothing touching them was left out;
    ``accredited_as_shown``: parties whose accreditation is such a record. ``kept``: what is
    known of papers kept, deleted and asked for. ``certificates``: every certificate by id, where ``entries`` does not
    hold them all: a log is folded as it is read, and finds earlier ones again in its store.
    """

    entries: tuple[Entry, ...]
    today: date
    parties: Mapping[str, Party] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    concordances: tuple[Concordance, ...] = ()
    trusted_bodies: frozenset[str] | None = None
    corrections: Mapping[str, tuple[Placed, ...]] = field(default_factory=dict)
    integrity_checked: bool = False
    shown_only: frozenset[str] = frozenset()
    accredited_as_shown: frozenset[str] = frozenset()
    kept: Kept = NOTHING_KEPT
    certificates: Mapping[str, Certificate] | None = None

    @cached_property
    def by_id(self) -> Mapping[str, Certificate]:
        """Every certificate by id."""
        if self.certificates is not None:
            return self.certificates
        return {e.value.id: e.value for e in self.entries if isinstance(e.value, Certificate)}

    @cached_property
    def circular(self) -> frozenset[str]:
        """Certificates that are, directly or not, their own source: only a casebook can say so (P510)."""
        if self.integrity_checked:
            return frozenset()
        graph: nx.DiGraph[str] = nx.DiGraph(
            (e.value.id, d.certificate) for e in self.entries if isinstance(e.value, Certificate) for d in e.value.draws
        )
        loops = (part for part in nx.strongly_connected_components(graph) if len(part) > 1)
        alone = (node for node in graph if graph.has_edge(node, node))
        return frozenset(node for part in loops for node in part) | frozenset(alone)

    @cached_property
    def supplementing(self) -> frozenset[str]:
        """Certificates that supplement others: they bring no wood of their own."""
        every = (placed.correction for corrections in self.corrections.values() for placed in corrections)
        said = (c for c in every if c.action is Action.SUPPLEMENT and c.by is not None)
        named = ((self.by_id.get(c.certificate), self.by_id.get(c.by)) for c in said if c.by)
        return frozenset(by.id for c, by in named if c and by and by.id != c.id and by.issuer == c.issuer)

    def supplements(self, certificate: Certificate) -> tuple[Certificate, ...]:
        """What stands as a supplement of a certificate: by the same issuer, and not withdrawn itself."""
        placed = self.corrections.get(certificate.id, ())
        named = (p.correction.by for p in placed if p.correction.action is Action.SUPPLEMENT)
        found = (self.by_id.get(by) for by in named if by is not None)
        return tuple(
            c
            for c in found
            if c and c.id != certificate.id and c.issuer == certificate.issuer and self.withdrawn(c.id) is None
        )

    def withdrawn(self, certificate: str, before: int | None = None) -> Placed | None:
        """The correction that cancels, replaces or holds the certificate, if one stands now, or stood at a place.

        A release ends the holds of who signs it, never a cancellation; in a casebook, which names no signers, all.
        """
        holds: list[Placed] = []
        for placed in self.corrections.get(certificate, ()):
            if before is not None and placed.order >= before:
                break
            if placed.correction.action in ENDINGS:
                return placed
            if placed.correction.action is Action.HOLD:
                holds.append(placed)
            elif placed.correction.action is Action.RELEASE:
                holds = [hold for hold in holds if hold.signer != placed.signer]
        return holds[0] if holds else None

    def ended(self, certificate: str) -> bool:
        """Whether the certificate stands cancelled or replaced. On hold it is not: it may be released."""
        now = self.withdrawn(certificate)
        return now is not None and now.correction.action in ENDINGS


def case_of_casebook(book: Casebook, as_of: date | None = None, trusted_bodies: frozenset[str] | None = None) -> Case:
    """A casebook as a case: entries dated up to ``as_of``, ordered by date, then kind, then place in the file.

    Without ``as_of`` the whole file counts and its latest date is "today". ``trusted_bodies`` take the place of
    those that the file names.
    """
    dated: list[tuple[date, int, int, Certificate | Delivery | Correction]] = [
        *((c.date, 1, i, c) for i, c in enumerate(book.certificates)),
        *((d.date, 2, i, d) for i, d in enumerate(book.deliveries)),
        *((c.date, 3, i, c) for i, c in enumerate(book.corrections)),
    ]
    dated.sort(key=lambda item: item[:3])
    kept = [item[3] for item in dated if as_of is None or item[0] <= as_of]
    corrections: dict[str, tuple[Placed, ...]] = {}
    entries: list[Entry] = []
    for order, value in enumerate(kept):
        if isinstance(value, Correction):
            before = corrections.get(value.certificate, ())
            corrections[value.certificate] = (*before, Placed(order, value))
        else:
            entries.append(Entry(order, value, Evidence.UNSIGNED))
    if trusted_bodies is None and book.trusted_bodies is not None:
        trusted_bodies = frozenset(book.trusted_bodies)
    return Case(
        entries=tuple(entries),
        today=as_of or _latest([*(item[0] for item in dated), *(c.date for c in book.concordances)]),
        parties={p.id: p for p in book.parties},
        documents={d.id: d for d in book.documents if _known_by(d, as_of)},
        concordances=tuple(c for c in book.concordances if as_of is None or c.date <= as_of),
        trusted_bodies=trusted_bodies,
        corrections=corrections,
    )


def _known_by(document: Document, as_of: date | None) -> bool:
    day = document.accepted or document.filed
    return as_of is None or day is None or day <= as_of


def _latest(days: Iterable[date]) -> date:
    return max(days, default=date.min)
