"""Opening a desk for traces: over a workspace's ledger, or a casebook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from biotrace.documents.casebook import read_casebook
from biotrace.verify.case import case_of_casebook
from biotrace.verify.rule import Finding

from .copies_at_hand import CopiesAtHand
from .files import read_file
from .ledger_case import case_of_ledger, read_ledger
from .log_verdict import LogSeen, watch_log
from .lot_check import LotCheck, Order
from .past import Past
from .shipped import municipalities
from .times import day_of, last_second
from .trace_desk import Desk, WholeDesk
from .trace_ledger import LedgerDesk
from .trust_list import trust_now
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Opened:
    """A desk. ``name``: of the casebook or ledger; ``today``: the day that verdicts are for.

    ``entries``: how many the ledger holds; None for a casebook. ``logs``, ``findings``: the log as it was seen, and
    what is wrong with its history. ``whole``: whether all of it was read; else by ``check``.
    """

    desk: Desk
    name: str
    today: date
    entries: int | None
    logs: tuple[LogSeen, ...] = ()
    findings: tuple[Finding, ...] = ()
    whole: bool = False
    check: LotCheck | None = None


def open_ledger(workspace: Workspace, as_of: date | None = None) -> Opened:
    """A desk over the ledger, by what it held at the end of ``as_of``.

    Where it holds records of other logs, all is read: what of theirs bears on a lot is in no index of ours.
    """
    watched = watch_log(workspace)
    trust = trust_now(workspace)
    today = as_of or day_of(workspace.clock())
    files = CopiesAtHand(workspace.folder)
    check = LotCheck(workspace.ledger, trust)
    seen = Opened(
        desk=LedgerDesk(check, Order(today, as_of, files=files, watched=watched)),
        name=str(workspace.folder),
        today=today,
        entries=len(workspace.ledger),
        logs=watched.logs,
        findings=watched.findings,
        check=check,
    )
    if check.applies():
        return seen
    reading = read_ledger(workspace.ledger, trust)
    logged = reading.logged if as_of is None else Past(workspace.ledger, reading).on(as_of)
    until = None if as_of is None else last_second(as_of)
    case = watched.void(case_of_ledger(logged, today, None, reading.outside, until, files))
    damage = (*reading.damaged, *reading.outside.damaged())
    return replace(seen, desk=WholeDesk(case, reading.subjects(), damage), whole=True)


def open_casebook(path: Path, as_of: date | None = None) -> Opened:
    """A desk over a casebook. Raises as ``read_casebook`` does."""
    book = read_casebook(read_file(path), path.name)
    case = case_of_casebook(book, as_of, municipalities=municipalities())
    return Opened(WholeDesk(case, {}), path.name, case.today, None, whole=True)
