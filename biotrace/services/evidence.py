"""The stored copy of a supporting document, printed as an evidence copy (G3: to be shown when a buyer asks)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from biotrace.documents.evidence import EvidencePage, StoredCopy, render_evidence
from biotrace.documents.forms.page import day_text
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.labels import label
from biotrace.model.retention import Deleted, StoredFile, Tombstone
from biotrace.model.text import Text, same

from .files import read_file
from .ledger_case import Reading
from .logged import Logged
from .paper import require_whole
from .stored_files import Copy, copy_of, copy_path


def evidence_pdf(
    folder: Path, reading: Reading, logged: Logged, document: Document, *, western_dates: bool = False
) -> bytes:
    """All stored files of a document, every page marked 写し with its record, who cites it, and the file's SHA-256.

    ``folder``: the workspace's. Raises UsageError where a copy is missing or altered, or the record names no file:
    nothing is printed in place of a paper. Raises UnreadableError for a file that cannot be shown.
    """
    require_whole(logged)
    record = logged.record
    if not document.files:
        raise UsageError(
            Text(f"「{record.subject}」には写しのファイルがありません", f"{record.subject} names no stored file"),
            Text(
                "原本の写しを添付した casebook（files）で、別の名前で登録してください",
                "enter the paper with its scan (files in a casebook), under another id",
            ),
            code="no-copy",
        )
    for number, file in enumerate(document.files, start=1):
        _require_held(folder, file, f"{number}／{len(document.files)}", logged, reading)
    page = EvidencePage(
        what=_what(document, western=western_dates),
        subject=record.subject,
        record_id=record.record_id.hex(),
        citing=tuple(_citing(record.record_id.hex(), reading)),
    )
    copies = [_copy(folder, file) for file in document.files]
    return render_evidence(page, copies)


def _copy(folder: Path, file: StoredFile) -> StoredCopy:
    return StoredCopy(read_file(copy_path(folder, file.sha256)), file.sha256.hex(), file.media_type)


def _what(document: Document, *, western: bool) -> str:
    """Kind, number and day, as people call the paper."""
    day = document.accepted or document.filed
    parts = (label(document.kind).ja, document.number, day_text(day, western=western) if day else None)
    return "　".join(part for part in parts if part)


def _citing(record_id: str, reading: Reading) -> Iterator[str]:
    for entry in reading.everything:
        body = entry.record.body
        if entry.sound and isinstance(body, Certificate) and record_id in body.documents:
            yield entry.record.subject + (f"（番号 {body.number}）" if body.number else "")


def _require_held(folder: Path, file: StoredFile, number: str, logged: Logged, reading: Reading) -> None:
    state = copy_of(folder, file.sha256)
    if state is Copy.HELD:
        return
    subject = logged.record.subject
    why = same("") if state is Copy.ALTERED else _deleted(logged, reading)
    raise UsageError(
        same(f"{subject} ")
        + Text(
            f"ファイル{number}（SHA-256 {file.sha256.hex()[:12]}…）: ", f"file {number} ({file.sha256.hex()[:12]}…): "
        )
        + state.message
        + why
        + Text("。写しのない書類は印刷しません", "; nothing is printed in its place"),
        Text(
            "写しを持つ相手から bundle make --with-documents でもらうか、控えから戻してください",
            "get it from whoever holds it (bundle make --with-documents), or restore it from a backup",
        ),
        code="no-copy",
    )


def _deleted(logged: Logged, reading: Reading) -> Text:
    """Where the ledger says that the files were deleted: when."""
    record_id = logged.record.record_id.hex()
    for entry in reading.everything:
        body = entry.record.body
        if entry.sound and isinstance(body, Tombstone) and body.record == record_id and Deleted.FILES in body.deleted:
            return Text(f"（{body.date} に廃棄の記録）", f" (deleted, says the ledger, on {body.date})")
    return same("")
