"""How every report is answered: written where asked for, shown or as JSON, exit code 1 where something needs a look."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from biotrace.documents.forms.sheet import Sheet
from biotrace.documents.report_papers.report import Report
from biotrace.services.report_write import report_data, write_report

from .console import FINDINGS, FINE, Console
from .report_view import show_report


def answer(console: Console, made: Report, out: Sequence[Path], first: Sequence[Sheet] = ()) -> int:
    """Write the report under each name, then show it. ``first``: pages of the PDF before it. Gives the exit code.

    Raises UsageError as ``write_report`` does.
    """
    write_report(made, out, console.lang, first)
    if console.json:
        console.data({**report_data(made, console.lang), "written": [str(path) for path in out]})
    else:
        show_report(console, made, out)
    return FINDINGS if made.attention else FINE
