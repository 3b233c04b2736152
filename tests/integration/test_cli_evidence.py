"""``biotrace pdf`` of a supporting document: its stored copy, marked, or nothing."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from biotrace.chain.kinds import RecordKind
from biotrace.documents.casebook import write_casebook
from biotrace.errors import UsageError
from biotrace.model.document import Document
from biotrace.model.retention import Deleted, Tombstone
from biotrace.services.evidence import evidence_pdf
from biotrace.services.ledger_case import Reading
from biotrace.services.logged import Logged
from biotrace.services.stored_files import FOLDER, stored
from tests import casebooks
from tests.builders import ChainBuilder
from tests.golden.form_records import FOLDER as GOLDEN
from tests.integration.conftest import Run
from tests.workspaces import data, received

NOTICE, MAP = ((GOLDEN / name).read_bytes() for name in ("notice.pdf", "map.png"))


@pytest.fixture
def desk(run: Run, mill: Path, tmp_path: Path) -> Path:
    """The mill, which entered doc-9 with two files; f-9 rests on it."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "伐採届.pdf").write_bytes(NOTICE)
    (folder / "図面.png").write_bytes(MAP)
    book = received()
    document = replace(book.documents[0], id="doc-9", number="26-99")
    felling = replace(casebooks.find(book, "f-1"), id="f-9", number="第26-099号", documents=("doc-9",))
    named = {"doc-9": ("伐採届.pdf", "図面.png")}
    (folder / "book.yaml").write_text(
        write_casebook(replace(book, documents=(document,), certificates=(felling,), files=named)), encoding="utf-8"
    )
    assert run("sign", folder / "book.yaml", "-w", mill).exit_code == 0
    return mill


def test_a_document_prints_as_a_marked_copy(run: Run, desk: Path, tmp_path: Path) -> None:
    result = run("pdf", "doc-9", "-w", desk, "-o", tmp_path / "copy.pdf", "--format", "json")
    assert result.exit_code == 0
    pages = [re.sub(r"\s", "", page.extract_text()) for page in pypdf.PdfReader(tmp_path / "copy.pdf").pages]
    assert len(pages) == 3
    for text, content in zip(pages, (NOTICE, NOTICE, MAP), strict=True):
        assert "写し根拠書類の写し伐採及び伐採後の造林届出書・適合通知書26-99平成26年5月8日" in text
        assert data(result)["record_id"] in text
        assert "引用している証明書f-9（番号第26-099号）" in text
        assert f"SHA-256{hashlib.sha256(content).hexdigest()}" in text
    run("pdf", "doc-9", "-w", desk, "-o", tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / "copy.pdf").read_bytes()
    run("pdf", "doc-9", "-w", desk, "-o", tmp_path / "western.pdf", "--western")
    assert "2014年5月8日" in pypdf.PdfReader(tmp_path / "western.pdf").pages[0].extract_text()


@pytest.mark.parametrize(
    ("spoil", "ja", "en"),
    [
        (lambda copy: copy.unlink(), "写しがありません", "copy missing"),
        (lambda copy: copy.write_bytes(b"%PDF-1.4 another"), "写しが変わっています", "copy altered"),
    ],
)
def test_without_the_very_copy_nothing_is_printed(
    spoil: object, ja: str, en: str, run: Run, desk: Path, tmp_path: Path
) -> None:
    assert callable(spoil)
    spoil(desk / FOLDER / hashlib.sha256(MAP).hexdigest())
    for lang, words in (("ja", ja), ("en", en)):
        result = run("pdf", "doc-9", "-w", desk, "-o", tmp_path / "copy.pdf", lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
        assert "2／2" in result.stderr
        assert "bundle make --with-documents" in result.stderr
    assert not (tmp_path / "copy.pdf").exists()


def test_a_file_that_is_no_paper_is_refused(run: Run, mill: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.xlsx").write_bytes(b"PK\x03\x04 no paper")
    book = received()
    document = replace(book.documents[0], id="doc-9", number="26-99")
    one = replace(book, documents=(document,), certificates=(), files={"doc-9": ("notes.xlsx",)})
    (tmp_path / "book.yaml").write_text(write_casebook(one), encoding="utf-8")
    assert run("sign", tmp_path / "book.yaml", "-w", mill).exit_code == 0
    result = run("pdf", "doc-9", "-w", mill, "-o", tmp_path / "copy.pdf", lang="en")
    assert result.exit_code == 2
    assert "neither a PDF nor a picture" in result.stderr
    assert not (tmp_path / "copy.pdf").exists()


def test_a_file_that_was_deleted_is_told_with_the_day(tmp_path: Path) -> None:
    chain = ChainBuilder().story()
    document = chain.document("doc-9", number="26-99", files=(stored(MAP),))
    gone = Tombstone(document.record_id.hex(), date(2020, 4, 1), (Deleted.FILES,), "保存期間の満了")
    chain.sign("kousei", RecordKind.TOMBSTONE, "gone", gone)
    logged = tuple(Logged(i, record.issued_at, record) for i, record in enumerate(chain.records))
    entry = next(e for e in logged if e.record.subject == "doc-9")
    assert isinstance(entry.record.body, Document)
    with pytest.raises(UsageError) as caught:
        evidence_pdf(tmp_path, Reading(logged, ()), entry, entry.record.body)
    assert "2020-04-01 に廃棄の記録" in caught.value.message.ja
    assert caught.value.code == "no-copy"


def test_a_picture_is_printed_as_it_was_stored(run: Run, desk: Path, tmp_path: Path) -> None:
    run("pdf", "doc-9", "-w", desk, "-o", tmp_path / "copy.pdf")
    (found,) = pypdf.PdfReader(tmp_path / "copy.pdf").pages[2].images
    with Image.open(io.BytesIO(found.data)) as shown, Image.open(io.BytesIO(MAP)) as kept:
        assert shown.size == kept.size
    shutil.rmtree(desk / FOLDER)
    assert run("pdf", "doc-9", "-w", desk, "-o", tmp_path / "none.pdf").exit_code == 2
