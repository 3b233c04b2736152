"""Verifying lots in a ledger: from the stored bytes to the verdict."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import NOT_RUN, RULES
from biotrace.verify.verdict import Verdict, judge, pronounce

from .find import find_lot
from .ledger_case import case_of_ledger, integrity_finding, read_ledger
from .log_verdict import LogSeen, watch_log
from .logged import Logged
from .times import day_of
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Verified:
    """Verdicts from a ledger. ``damage``: what is wrong with any stored entry, or with the log as a whole.

    ``entries``: how many were read; ``logs``: the logs and checkpoints that the verdicts rest on.
    """

    verdict: Verdict
    damage: tuple[Finding, ...]
    entries: int
    subjects: dict[str, str]
    logs: tuple[LogSeen, ...]

    @property
    def clean(self) -> bool:
        """Every stored byte as signed, and every lot clean."""
        return not self.damage and self.verdict.clean


def verify_lots(workspace: Workspace, lots: Sequence[str], as_of: date | None = None) -> Verified:
    """Re-hash and verify the whole ledger, then judge ``lots`` over all that they rest on; without any, all lots.

    Raises UsageError for a lot that the ledger does not hold, and where there is nothing at all to judge.
    """
    watched = watch_log(workspace)
    reading = read_ledger(workspace.ledger)
    today = day_of(workspace.clock())
    if lots:
        wanted = [find_lot(reading, text) for text in lots]
        within = set(workspace.ledger.closure([entry.position for entry in wanted]))
        case = watched.void(case_of_ledger(reading.logged, today, within, as_of))
        judged = fold(case, RULES, RINYA_2012).judged
        _require_logged(wanted, judged, as_of)
        ids = [entry.record.record_id.hex() for entry in wanted]
        verdict = Verdict(RINYA_2012.name, case.today, pronounce(ids, case, judged), (), NOT_RUN)
    else:
        verdict = judge(watched.void(case_of_ledger(reading.logged, today, None, as_of)), RINYA_2012)
        if not (verdict.lots or verdict.records or reading.damaged):
            raise _nothing(as_of)
    damage = (*watched.findings, *(integrity_finding(f) for f in reading.damaged))
    return Verified(watched.ran(verdict), damage, len(workspace.ledger), reading.subjects(), watched.logs)


def _require_logged(wanted: Sequence[Logged], judged: Collection[str], as_of: date | None) -> None:
    missing = [entry for entry in wanted if entry.record.record_id.hex() not in judged]
    if missing:
        subject, day = missing[0].record.subject, day_of(missing[0].logged_at)
        raise UsageError(
            Text(
                f"「{subject}」が台帳に入ったのは {day} で、{as_of} の時点ではまだありません",
                f"{subject} was logged on {day}; on {as_of} the ledger did not hold it yet",
            ),
            Text(f"--as-of に {day} 以後の日を指定してください", f"give --as-of a day from {day} on"),
            code="not-yet-logged",
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
