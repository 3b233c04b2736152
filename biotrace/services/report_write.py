"""Writing a report as files: PDF, xlsx, csv or JSON by their names, all of them or none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from biotrace.documents.forms.sheet import Sheet
from biotrace.documents.report_papers import as_pdf, as_table
from biotrace.documents.report_papers.report import Report
from biotrace.errors import UsageError
from biotrace.model.text import Lang, Text, same

from .files import require_new, staged

SUFFIXES = (".pdf", ".xlsx", ".csv", ".json")


def require_names(paths: Sequence[Path]) -> None:
    """Raise UsageError, before anything is worked out, for a name whose end says no format, or that is taken."""
    for path in paths:
        if path.suffix.lower() not in SUFFIXES:
            raise UsageError(
                same(f"{path}: ") + Text("どの形式で書くか分かりません", "which format should it have?"),
                Text(
                    f"名前を {'、'.join(SUFFIXES)} のどれかで終えてください", f"end its name in {', '.join(SUFFIXES)}"
                ),
                code="format",
            )
        require_new(path)


def write_report(report: Report, paths: Sequence[Path], lang: Lang, first: Sequence[Sheet] = ()) -> None:
    """Write the report under each of the names. ``first``: pages of the PDF before it.

    Everything is made before anything is put in place. Raises UsageError as ``require_names`` does, and where the disk
    refuses.
    """
    require_names(paths)
    made = [(path, _bytes(report, path.suffix.lower(), lang, first)) for path in paths]
    with ExitStack() as files:
        for path, data in made:
            files.enter_context(staged(path, data))


def _bytes(report: Report, suffix: str, lang: Lang, first: Sequence[Sheet]) -> bytes:
    match suffix:
        case ".pdf":
            return as_pdf.pdf(report, lang, first)
        case ".xlsx":
            return as_table.xlsx(report, lang)
        case ".csv":
            return as_table.csv(report, lang)
        case _:
            return (json.dumps(report_data(report, lang), ensure_ascii=False, indent=1) + "\n").encode()


def report_data(report: Report, lang: Lang) -> dict[str, Any]:
    """The report as JSON: figures in base units with the ids of their records, and what is to be looked at."""
    return {"report": report.name, **report.data, "attention": [line.get(lang) for line in report.attention]}
