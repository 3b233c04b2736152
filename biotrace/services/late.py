"""Certificates that a ledger took too late, measured by today's clock: what signing old papers anew comes to."""

from __future__ import annotations

from dataclasses import replace

from biotrace.verify.case import Case
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES

from .ledger_case import case_of_ledger, read_ledger
from .times import day_of
from .workspace import Workspace


def logged_too_late(workspace: Workspace) -> int:
    """How many signed certificates are under A203 only for having been logged long after their accreditation ended."""
    case = case_of_ledger(read_ledger(workspace.ledger).logged, day_of(workspace.clock()))
    by_date_alone = replace(case, entries=tuple(replace(entry, logged=None) for entry in case.entries))
    return len(_not_in_force(case) - _not_in_force(by_date_alone))


def _not_in_force(case: Case) -> set[str]:
    judged = fold(case, [rule for rule in RULES if rule.code == "A203"], RINYA_2012).judged
    return {record for record, judgement in judged.items() if any(f.code == "A203" for f in judgement.findings)}
