"""What an audit counts while it passes over a log: findings by code, lots by outcome, tonnes by class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Role
from biotrace.verify.booking import BookJudged
from biotrace.verify.case import Case
from biotrace.verify.fold import Judged
from biotrace.verify.outcome import Outcome, outcome_of
from biotrace.verify.rule import Finding, Rule, Unchecked
from biotrace.verify.verdict import Status

_EXAMPLES = 3
"""How many findings are kept of each code, to be shown; all of them go to who listens."""


class Lot(NamedTuple):
    """A lot's outcome. ``subject``: its signer's name for it. ``grams``: bone-dry; None where no factor gives them."""

    record: str
    subject: str
    declared: FuelClass
    confirmed: FuelClass
    status: Status
    clean: bool
    grams: int | None


OnFinding = Callable[[Finding, str], None]
"""A finding, and what the record's signer calls it."""
OnLot = Callable[[Lot], None]


@dataclass
class Tally:
    """``lots``: by declared class, confirmed class, status and whether clean: how many, and their bone-dry grams.

    ``unweighed``: lots without a weight. ``unchecked``: by code, of proof rules that could not be run, how often.
    """

    rules: tuple[Rule, ...]
    on_finding: OnFinding
    on_lot: OnLot
    judged: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)
    unchecked: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Finding]] = field(default_factory=dict)
    lots: Counter[tuple[FuelClass, FuelClass, Status, bool]] = field(default_factory=Counter)
    grams: Counter[tuple[FuelClass, FuelClass]] = field(default_factory=Counter)
    unweighed: int = 0
    waiting: dict[str, Lot] = field(default_factory=dict)
    """Certificates to a plant that no delivery has cited so far: lots, if none ever does."""
    _plants: frozenset[str] | None = None
    _delivered_before: set[str] = field(default_factory=set)

    def take(self, judged: Judged, case: Case, subject: str, closed: Container[str]) -> None:
        """Count a record that was judged, in order. ``subject``: what its signer calls it. ``closed``: ids of the
        certificates so far; where somebody changed the order, a delivery may come before its certificate.
        """
        self.judged += 1
        for finding in judged.findings:
            self.find(finding, subject)
        self._leave_open(judged.unchecked)
        value = judged.entry.value
        if self._plants is None:
            self._plants = frozenset(p.id for p in case.parties.values() if Role.PLANT in p.roles)
        if isinstance(value, Delivery):
            if value.at in self._plants:
                self.waiting.pop(value.certificate or "", None)
                if value.certificate is not None and value.certificate not in closed:
                    self._delivered_before.add(value.certificate)
                self._lot(_lot_of(judged, outcome_of(judged, case, self.rules), subject))
        elif value.buyer in self._plants and value.id not in self._delivered_before and not _is_none(value.id, case):
            self.waiting[value.id] = _lot_of(judged, outcome_of(judged, case, self.rules), subject)

    def take_book(self, judged: BookJudged, subject: str = "") -> None:
        """Count what was said of a booking, or of a plant or body as a whole, which has no ``subject``."""
        for finding in judged.findings:
            self.find(finding, subject)
        self._leave_open(judged.unchecked)

    def find(self, finding: Finding, subject: str = "") -> None:
        """Count a finding, and tell of it."""
        (self.notices if finding.is_notice else self.findings)[finding.code] += 1
        kept = self.examples.setdefault(finding.code, [])
        if len(kept) < _EXAMPLES:
            kept.append(finding)
        self.on_finding(finding, subject)

    def finish(self, case: Case) -> None:
        """All records have been taken: what no delivery cites, and nobody has ended, is a lot."""
        for lot in self.waiting.values():
            if not _is_none(lot.record, case):
                self._lot(lot)
        self.waiting.clear()

    def _leave_open(self, unchecked: Iterable[Unchecked]) -> None:
        for one in unchecked:
            if one.decisive:
                self.unchecked[one.code] += 1

    def _lot(self, lot: Lot) -> None:
        self.lots[lot.declared, lot.confirmed, lot.status, lot.clean] += 1
        if lot.grams is None:
            self.unweighed += 1
        else:
            self.grams[lot.declared, lot.confirmed] += lot.grams
        self.on_lot(lot)


def _is_none(certificate: str, case: Case) -> bool:
    """Whether a certificate brings nothing to a plant: it has ended, or only supplements another."""
    return case.ended(certificate) or certificate in case.supplementing


def _lot_of(own: Judged, outcome: Outcome, subject: str) -> Lot:
    status = Status.AS_SHOWN if own.as_shown else Status.COMPLETE
    status = Status.INCOMPLETE if outcome.incomplete else status
    clean = not (outcome.incomplete or own.flawed or outcome.findings)
    return Lot(own.entry.value.id, subject, own.fuel_class, outcome.confirmed, status, clean, own.grams)
