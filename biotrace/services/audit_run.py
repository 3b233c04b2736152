"""An audit as people order it: from the beginning or from an earlier one on, signed, resumable."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from biotrace.chain import merkle
from biotrace.errors import IntegrityError, UnreadableError, UsageError
from biotrace.model.text import Text, same
from biotrace.verify.profile import RINYA_2012

from .audit import Audited, Listeners, audit
from .audit_state import Kept, read_state, write_state
from .audit_summary import FOLDER, Summary, read_summary, sign_summary, summary_text, verify_summary
from .files import write_over
from .workspace import Workspace

_STATE = ".state.gz"


@dataclass(frozen=True, slots=True)
class Order:
    """``since``: the signed summary to go on from. ``sign``: end with one. ``keep``: the state beside it, for later."""

    as_of: date | None = None
    jobs: int | None = None
    since: Path | None = None
    sign: bool = True
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A finished audit. ``summary``: where its signed summary stands; ``state``: what a later audit goes on from.

    ``before``: the summary that this one went on from. ``keep``: whether a state was to be kept.
    """

    audited: Audited
    summary: Path | None
    state: Path | None
    before: Summary | None
    keep: bool

    @property
    def clean(self) -> bool:
        """This audit's findings, and those of the one that it went on from."""
        return self.audited.clean and (self.before is None or self.before.clean)


def run_audit(workspace: Workspace, order: Order, listeners: Listeners) -> Done:
    """Audit the workspace's log and write the summary into its folder ``audits``.

    Asks for the device key first where it is to sign. Raises as ``audit`` does, UnreadableError and IntegrityError for
    a summary that cannot be gone on from.
    """
    if order.keep and not order.sign:
        raise UsageError(
            Text("--keep には署名が要ります", "what is kept has to be named by a signed summary"),
            Text("--no-sign を外してください", "leave --no-sign out"),
            code="keep-unsigned",
        )
    key = workspace.signer().key if order.sign else None
    if order.sign:
        (workspace.folder / FOLDER).mkdir(exist_ok=True)  # what cannot be written is seen before the long work
    before, since = (None, None) if order.since is None else _earlier(workspace, order.since)
    found = audit(workspace, order.as_of, order.jobs, listeners, since)
    if key is None:
        return Done(found, None, None, before, keep=False)
    place = _free(workspace.folder / FOLDER, f"audit-{found.size:07}-{found.as_of}")
    state = place.with_suffix(_STATE) if order.keep and found.kept is not None else None
    digest = None if state is None or found.kept is None else write_state(found.kept, state)
    text = summary_text(workspace.ledger.log_name.name, found, RINYA_2012.name, digest, before)
    write_over(place, sign_summary(text, key).to_bytes())
    return Done(replace(found, kept=None), place, state, before, order.keep)


def _free(folder: Path, stem: str) -> Path:
    """A summary's file that does not stand yet: an earlier one is somebody's evidence."""
    names = itertools.chain((stem,), (f"{stem}-{n}" for n in itertools.count(2)))
    return next(path for name in names if not (path := folder / f"{name}.note").exists())


def _earlier(workspace: Workspace, path: Path) -> tuple[Summary, Callable[[], Kept]]:
    summary = read_summary(path)
    ledger = workspace.ledger
    verify_summary(summary, ledger, workspace.party)
    if summary.size > ledger.end() or not _continues(workspace, summary):
        raise IntegrityError(
            same(f"{path}: ")
            + Text("この台帳はその監査の続きではありません", "the ledger does not continue what was audited"),
            Text("biotrace verify で台帳を確かめてください", "look at the ledger with biotrace verify"),
            code="summary-log",
        )
    if summary.profile != RINYA_2012.name:
        raise UsageError(
            same(f"{path}: ")
            + Text(f"別のしきい値 {summary.profile} による監査です", f"was by other thresholds, {summary.profile}"),
            Text("--since なしで監査してください", "audit without --since"),
            code="other-profile",
        )
    state = summary.state
    if state is None:
        raise UsageError(
            same(f"{path}: ") + Text("続きから監査するための状態が残されていません", "no state was kept to go on from"),
            Text("前の監査を --keep 付きで行ってください", "run the earlier audit with --keep"),
            code="no-state",
        )
    return summary, lambda: read_state(path.with_suffix(_STATE), state)


def _continues(workspace: Workspace, summary: Summary) -> bool:
    with workspace.ledger.tree() as node:
        return merkle.root_from_nodes(summary.size, node) == summary.root


def audited_up_to(workspace: Workspace) -> int | None:
    """How many entries the last audit covered that this workspace's party signed, of the log as it is; None: none."""
    sizes = []
    for path in sorted((workspace.folder / FOLDER).glob("audit-*.note")):
        try:
            summary = read_summary(path)
            verify_summary(summary, workspace.ledger, workspace.party)
            if summary.size <= workspace.ledger.end() and _continues(workspace, summary):
                sizes.append(summary.size)
        except (IntegrityError, UnreadableError, UsageError):
            continue  # it says nothing that can be relied on
    return max(sizes, default=None)
