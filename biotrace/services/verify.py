"""Verifying lots in a ledger: from the stored bytes to the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from biotrace.chain.trust_list import TrustList
from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.verify.fold import fold_for
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import NOT_RUN, RULES
from biotrace.verify.verdict import Verdict, judge, pronounce

from .accepted import Accepted, when_accepted
from .audit_run import audited_up_to
from .copies_at_hand import CopiesAtHand
from .find import find_lot
from .ledger_case import case_of_ledger, integrity_finding, read_ledger
from .log_verdict import LogSeen, Watched, watch_log
from .lot_check import NOT_RUN as NOT_SEEN
from .lot_check import LotCheck, Order
from .past import Past, not_logged_yet
from .times import day_of, last_second
from .trust_list import trust_now
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Verified:
    """Verdicts from a ledger. ``damage``: what is wrong with any entry that was read, or with the log as a whole.

    ``entries``: how many the ledger holds; ``seen``: how many of them were read; None: all, and those of other logs.
    ``logs``: the logs and checkpoints that the verdicts rest on. ``when_accepted``: by lot, what it was confirmed as
    when the ledger took it, where that was another verdict. ``audited_up_to``: how many entries the last audit covered
    that this workspace signed, where not all were read here; None: there is none.
    """

    verdict: Verdict
    damage: tuple[Finding, ...]
    entries: int
    subjects: dict[str, str]
    logs: tuple[LogSeen, ...]
    when_accepted: dict[str, Accepted]
    seen: int | None = None
    audited_up_to: int | None = None

    @property
    def clean(self) -> bool:
        """Every stored byte that was read as signed, and every lot clean."""
        return not self.damage and self.verdict.clean


def verify_lots(workspace: Workspace, lots: Sequence[str], as_of: date | None = None) -> Verified:
    """Judge ``lots``, each by all that bears on it (see ``LotCheck``); without any, the whole ledger and all its lots.

    Where records of other logs are held everything is read in either case: what of theirs bears on a lot is not found
    in our log. ``as_of``: by what the ledger held at the end of that day. Raises UsageError for a lot that the ledger
    does not hold, and where there is nothing at all to judge.
    """
    watched = watch_log(workspace)
    trust = trust_now(workspace)
    if lots:
        check = LotCheck(workspace.ledger, trust)
        if check.applies():
            return _checked(workspace, check, watched, lots, as_of)
    return _read(workspace, trust, watched, lots, as_of)


def _checked(
    workspace: Workspace, check: LotCheck, watched: Watched, lots: Sequence[str], as_of: date | None
) -> Verified:
    today = as_of or day_of(workspace.clock())
    found = check.check(lots, Order(today, as_of, files=CopiesAtHand(workspace.folder), watched=watched))
    return Verified(
        verdict=watched.ran(Verdict(RINYA_2012.name, today, found.lots, (), NOT_SEEN)),
        damage=(*watched.findings, *map(integrity_finding, found.damage)),
        entries=found.entries,
        subjects=found.subjects,
        logs=watched.logs,
        when_accepted=found.when_accepted,
        seen=found.seen,
        audited_up_to=audited_up_to(workspace),
    )


def _read(
    workspace: Workspace, trust: TrustList | None, watched: Watched, lots: Sequence[str], as_of: date | None
) -> Verified:
    reading = read_ledger(workspace.ledger, trust)
    past = Past(workspace.ledger, reading)
    logged = reading.logged if as_of is None else past.on(as_of)
    today = as_of or day_of(workspace.clock())
    until = None if as_of is None else last_second(as_of)
    files = CopiesAtHand(workspace.folder)
    if lots:
        wanted = [find_lot(reading, text) for text in lots]
        within = set(workspace.ledger.closure([e.position for e in wanted])) if all(not e.log for e in wanted) else None
        case = watched.void(case_of_ledger(logged, today, within, reading.outside, until, files))
        ids = [entry.record.record_id.hex() for entry in wanted]
        judged = fold_for(case, ids, RULES, RINYA_2012).judged
        for entry in wanted:
            if as_of is not None and entry.record.record_id.hex() not in judged:
                raise not_logged_yet(entry, as_of)
        verdict = Verdict(RINYA_2012.name, case.today, pronounce(ids, case, judged), (), NOT_RUN)
    else:
        verdict = judge(watched.void(case_of_ledger(logged, today, None, reading.outside, until, files)), RINYA_2012)
        if not (verdict.lots or verdict.records or reading.damaged):
            raise _nothing(as_of)
    # A log that forked or shrank tells nothing of earlier days either.
    accepted = {} if watched.findings else when_accepted(workspace.ledger, past, logged, verdict.lots, reading.outside)
    return Verified(
        verdict=watched.ran(verdict),
        damage=(*watched.findings, *(integrity_finding(f) for f in (*reading.damaged, *reading.outside.damaged()))),
        entries=len(workspace.ledger),
        subjects=reading.subjects(),
        logs=watched.logs,
        when_accepted=accepted,
    )


def _nothing(as_of: date | None) -> UsageError:
    until = Text(f"{as_of} までの台帳", f"until {as_of}, the ledger") if as_of else Text("この台帳", "this ledger")
    return UsageError(
        until + Text("には検証する証明書も納入もありません", " holds no certificate or delivery to verify"),
        Text(
            "受け取った書類を casebook に写し、biotrace sign で取り込んでください",
            "copy the papers you received into a casebook and take it in with biotrace sign",
        ),
        code="nothing-to-check",
    )
