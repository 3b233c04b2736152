"""What an audit tells, beside what reading the whole ledger into memory tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from biotrace.chain.integrity import IntegrityFinding
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.services.audit import Audited, Listeners, audit
from biotrace.services.audit_state import Kept
from biotrace.services.audit_tally import Lot
from biotrace.services.copies_at_hand import CopiesAtHand
from biotrace.services.ledger_case import case_of_ledger, integrity_finding, read_ledger
from biotrace.services.log_verdict import watch_log
from biotrace.services.past import Past
from biotrace.services.times import day_of, last_second
from biotrace.services.trust_list import trust_now
from biotrace.services.workspace import Workspace
from biotrace.verify.booking import BookJudged
from biotrace.verify.fold import Judged, fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import judge

Outcome = tuple[Any, ...]
"""Of a lot: declared and confirmed class, status, whether clean, bone-dry grams."""


@dataclass
class Told:
    """``unchecked``: by code, of proof rules. ``again``: how often what had been told so far was taken back."""

    findings: Counter[Finding] = field(default_factory=Counter)
    lots: dict[str, Outcome] = field(default_factory=dict)
    damage: Counter[IntegrityFinding] = field(default_factory=Counter)
    unchecked: Counter[str] = field(default_factory=Counter)
    again: int = 0
    progress: list[tuple[int, int]] = field(default_factory=list)

    def same_as(self, other: Told) -> bool:
        """Whether both say the same of every record and lot, in the same words."""
        return (self.findings, self.lots, self.damage, self.unchecked) == (
            other.findings,
            other.lots,
            other.damage,
            other.unchecked,
        )

    @property
    def codes(self) -> set[str]:
        """Of what is worse than a notice."""
        return {finding.code for finding in self.findings if not finding.is_notice}

    def listeners(self) -> Listeners:
        """What writes down here."""
        return Listeners(self._finding, self._lot, lambda *now: self.progress.append(now), self._begin_anew)

    def _finding(self, finding: Finding, subject: str) -> None:
        assert isinstance(subject, str)
        self.findings[finding] += 1

    def _lot(self, lot: Lot) -> None:
        assert lot.record not in self.lots, "told twice"
        self.lots[lot.record] = (lot.declared, lot.confirmed, lot.status, lot.clean, lot.grams)

    def _begin_anew(self) -> None:
        self.findings.clear()
        self.lots.clear()
        self.again += 1


def audited(
    workspace: Workspace,
    as_of: date | None = None,
    jobs: int = 1,
    since: Callable[[], Kept] | None = None,
) -> tuple[Audited, Told]:
    """An audit, and all that it told while it ran."""
    told = Told()
    found = audit(workspace, as_of, jobs, told.listeners(), since)
    told.damage.update(found.damage)
    told.unchecked.update(found.tally.unchecked)
    worse = Counter(f.code for f in told.findings.elements() if not f.is_notice)
    assert found.tally.findings == worse, "what is counted is what is told"
    assert found.tally.notices == Counter(f.code for f in told.findings.elements() if f.is_notice)
    assert sum(found.tally.lots.values()) == len(told.lots)
    return found, told


def whole(workspace: Workspace, as_of: date | None = None) -> Told:
    """The same by reading everything into memory and folding that; as of a day without damage to what came later."""
    ledger, watched = workspace.ledger, watch_log(workspace)
    reading = read_ledger(ledger, trust_now(workspace))
    logged = reading.logged if as_of is None else Past(ledger, reading).on(as_of)
    today = day_of(workspace.clock()) if as_of is None else as_of
    until = None if as_of is None else last_second(as_of)
    files = CopiesAtHand(workspace.folder)
    case = watched.void(case_of_ledger(logged, today, None, reading.outside, until, files))
    folded = fold(case, RULES, RINYA_2012)
    of_all = (f for f in reading.damaged if as_of is None or not f.record_id)
    of_entries = (f for e in logged if as_of is not None for f in e.findings)
    told = Told(damage=Counter((*of_all, *of_entries, *reading.outside.damaged())))
    every: list[Judged | BookJudged] = [*folded.judged.values(), *folded.books.values()]
    for judged in every:
        told.findings.update(judged.findings)
        told.unchecked.update(u.code for u in judged.unchecked if u.decisive)
    others = (e for e in logged if not isinstance(e.record.body, Certificate | Delivery))
    told.findings.update(integrity_finding(finding) for entry in others for finding in entry.findings)
    readable = {entry.position for entry in reading.logged}
    unreadable = (f for f in reading.damaged if f.record_id and f.position not in readable)
    told.findings.update(map(integrity_finding, unreadable))
    verdict = judge(case, RINYA_2012)
    told.lots = {x.id: (x.declared, x.confirmed, x.status, x.clean, x.dry_grams) for x in verdict.lots}
    return told
