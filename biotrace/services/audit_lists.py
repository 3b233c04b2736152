"""All findings and lots of an audit as CSV files that Excel opens, written while it runs."""

from __future__ import annotations

import csv
import io
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from biotrace.documents.workbook.csv_cells import cell_text
from biotrace.errors import UsageError
from biotrace.model.labels import label
from biotrace.model.text import Lang, Text, same
from biotrace.verify.rule import Finding

from .audit_tally import Lot
from .files import require_new

_FINDINGS = ("code", "effect", "record", "subject", "message", "found", "expected", "remedy", "clause")
_LOTS = ("lot", "subject", "declared", "confirmed", "status", "clean", "kg_bone_dry")


class ListWriter:
    """Writes to ``findings`` and ``lots`` where given; use it in a ``with``. What fails leaves no file behind.

    Raises UsageError for files that are there already, cannot be written, or are the same one.
    """

    def __init__(self, findings: Path | None, lots: Path | None, lang: Lang) -> None:
        if findings is not None and lots is not None and findings.resolve() == lots.resolve():
            raise UsageError(
                same(f"{lots}: ") + Text("二つの一覧に同じファイルは使えません", "one file cannot take both lists"),
                Text("別の名前を指定してください", "give them different names"),
                code="same-file",
            )
        self._lang = lang
        self._lists = [_List(path, head) for path, head in ((findings, _FINDINGS), (lots, _LOTS)) if path is not None]
        self._findings = next((one for one in self._lists if one.head is _FINDINGS), None)
        self._lots = next((one for one in self._lists if one.head is _LOTS), None)

    def finding(self, f: Finding, subject: str) -> None:
        """A finding, and what its record's signer calls it."""
        if self._findings is not None:
            texts = (text.get(self._lang) for text in (f.message, f.found, f.expected, f.remedy))
            self._findings.write((f.code, f.effect.value, f.record, subject, *texts, f.clause))

    def lot(self, lot: Lot) -> None:
        """A lot."""
        if self._lots is not None:
            classes = (label(c).get(self._lang) for c in (lot.declared, lot.confirmed))
            kilograms = "" if lot.grams is None else f"{lot.grams / 1000:.3f}"
            clean = "yes" if lot.clean else "no"
            self._lots.write((lot.record, lot.subject, *classes, lot.status.value, clean, kilograms))

    def again(self) -> None:
        """Begin anew."""
        for one in self._lists:
            one.begin()

    def __enter__(self) -> ListWriter:
        with ExitStack() as stack:
            for one in self._lists:
                one.open()
                stack.callback(one.discard)
            stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._lists:
            one.discard() if error is not None else one.keep()


class _List:
    def __init__(self, path: Path, head: tuple[str, ...]) -> None:
        self.head, self._path = head, path
        self._beside = path.with_name(f".{path.name}.part")

    def open(self) -> None:
        require_new(self._path)
        try:
            # Excel takes a file for UTF-8 only by its mark.
            self._file = self._beside.open("w+", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise UsageError(
                same(f"{self._path}: ")
                + Text("書けません（", "cannot be written (")
                + same(str(error.strerror))
                + Text("）", ")"),
                Text("場所と権限を確かめてください", "look at the place and its permissions"),
                code="cannot-write",
            ) from None
        self.begin()

    def begin(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self.write(self.head)

    def write(self, cells: tuple[str, ...]) -> None:
        line = io.StringIO()
        csv.writer(line).writerow([cell_text(cell) for cell in cells])
        self._file.write(line.getvalue())

    def keep(self) -> None:
        self._file.close()
        self._beside.replace(self._path)

    def discard(self) -> None:
        self._file.close()
        self._beside.unlink(missing_ok=True)
