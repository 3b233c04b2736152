"""Logging what a body or a member says together with its paper: both, or neither."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from biotrace.chain.record import Record
from biotrace.documents.accreditation_papers.answers_file import Answers
from biotrace.errors import UsageError
from biotrace.model.text import Text

from .accredit_paper import Paper, Wishes, settled
from .files import require_new, staged
from .keys import refresh_trust
from .logged import Logged
from .paper import pdf_name
from .workspace import Workspace

PDF_FOLDER = "pdf"
NO_WISHES = Wishes()
NO_ANSWERS = Answers()


@dataclass(frozen=True, slots=True)
class Wanted:
    """That a paper is to be written. ``out``: where; None: under a name of its own in the workspace's ``pdf`` folder.

    ``answers``: what the application for renewal asks.
    """

    out: Path | None = None
    wishes: Wishes = NO_WISHES
    answers: Answers = NO_ANSWERS


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that was written."""

    path: Path
    paper: Paper


def require_free(wanted: Wanted | None) -> None:
    """Raise UsageError where the paper's name is taken: before anything is signed."""
    if wanted is not None and wanted.out is not None:
        require_new(wanted.out)


def log_printed(
    workspace: Workspace,
    records: Sequence[Record],
    now: int,
    wanted: Wanted | None,
    make: Callable[[Wishes], Paper] | None,
) -> tuple[Logged, Printed | None]:
    """Log the records, with the paper of the last of them where one is wanted; ``make`` fills it in.

    The paper is drawn and laid on the disk first: what cannot be printed or stored is not logged. Raises UsageError
    where the disk refuses, and as ``Workspace.log`` does.
    """
    printed = None
    if wanted is not None and make is not None:
        path = wanted.out or workspace.folder / PDF_FOLDER / pdf_name(records[-1])
        printed = Printed(path, make(settled(wanted.wishes, workspace.folder)))
    logged: Logged | None = None
    try:
        if printed is None:
            logged = _log(workspace, records, now)
        else:
            with staged(printed.path, printed.paper.data):
                logged = _log(workspace, records, now)
    except (UsageError, KeyboardInterrupt) as error:
        if logged is None:
            raise
        raise _without_pdf(logged, error) from None
    return logged, printed


def _log(workspace: Workspace, records: Sequence[Record], now: int) -> Logged:
    entry = workspace.log(records, now)[-1]
    refresh_trust(workspace)
    return Logged(entry.position, entry.logged_at, entry.record)


def _without_pdf(logged: Logged, error: UsageError | KeyboardInterrupt) -> UsageError:
    subject, record_id = logged.record.subject, logged.record.record_id.hex()[:12]
    reason = error.message if isinstance(error, UsageError) else Text("中断しました", "interrupted")
    return UsageError(
        Text(f"{subject} は記録済みですが、PDFを書けません。", f"{subject} is logged, but not its PDF: ") + reason,
        Text(f"biotrace pdf {record_id} でPDFを作れます", f"make the PDF with biotrace pdf {record_id}"),
        code="pdf-not-written",
    )
