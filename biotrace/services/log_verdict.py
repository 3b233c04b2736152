"""The log behind a verdict: which checkpoint it saw, and what its history does to every lot (S105)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from biotrace.chain.checkpoint import Checkpoint
from biotrace.errors import IntegrityError
from biotrace.model.text import Text
from biotrace.verify.case import Case
from biotrace.verify.rule import Finding
from biotrace.verify.rules.integrity import S105
from biotrace.verify.verdict import Verdict

from .log_keys import Cosigned, count, witnesses_in
from .log_own import REMEDY, look
from .memory import LogBreachError
from .workspace import Workspace

_CODE = LogBreachError.code


@dataclass(frozen=True, slots=True)
class LogSeen:
    """A log as a verdict names it. ``cosigned``: None where no trust list says who the witnesses are.

    ``compared``: whether an earlier checkpoint of it had been seen; ``unremembered``: why this one is not remembered.
    """

    checkpoint: Checkpoint
    cosigned: Cosigned | None
    compared: bool
    unremembered: Text | None


@dataclass(frozen=True, slots=True)
class Watched:
    """The logs that a verdict rests on, and what is wrong with their history."""

    logs: tuple[LogSeen, ...]
    findings: tuple[Finding, ...]

    def void(self, case: Case) -> Case:
        """The case, in which nothing counts where a log it rests on has forked or shrunk."""
        if not self.findings:
            return case
        entries = (replace(e, findings=(*e.findings, *self._on(e.value.id))) for e in case.entries)
        bookings = (replace(b, findings=(*b.findings, *self._on(b.id))) for b in case.bookings)
        return replace(case, entries=tuple(entries), bookings=tuple(bookings))

    def _on(self, record: str) -> Iterator[Finding]:
        return (replace(finding, record=record) for finding in self.findings)

    def ran(self, verdict: Verdict) -> Verdict:
        """The verdict, which says that S105 was not run only where nothing had been seen to compare with."""
        return replace(verdict, not_run=self.not_run(verdict.not_run))

    def not_run(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Of rules that are not run, those that were not run here either."""
        if not self.logs or not all(log.compared for log in self.logs):
            return codes
        return tuple(code for code in codes if code != _CODE)


def watch_log(workspace: Workspace) -> Watched:
    """Compare the workspace's log with the last checkpoint seen of it, and remember the latest."""
    try:
        own = look(workspace.folder, workspace.ledger)
    except IntegrityError:
        return Watched((), ())  # it has no checkpoint of its log: an S104 among the findings on the ledger's bytes
    witnesses = witnesses_in(workspace.folder, workspace.clock())
    cosigned = None if witnesses is None else count(own.checkpoint, witnesses)
    seen = LogSeen(own.checkpoint, cosigned, own.compared, own.unremembered)
    return Watched((seen,), () if own.breach is None else (_finding(own.breach),))


def _finding(breach: LogBreachError) -> Finding:
    return Finding(
        code=_CODE,
        record="",
        effect=S105.effect,
        clause=S105.clause,
        message=S105.name,
        expected=S105.expected,
        found=breach.message,
        remedy=REMEDY,
    )
