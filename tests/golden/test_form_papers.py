"""The papers of every form against the golden ones, read back by other people's programs."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from biotrace.documents.pdf import FORMS, PageData, content_of
from biotrace.documents.raster import page_picture
from biotrace.documents.scan import read_qr
from biotrace.model.certificate import Certificate
from biotrace.services.paper import certificate_pdf, proof_of
from biotrace.services.scan_codes import records_in
from tests.golden import make_forms
from tests.golden.form_records import FOLDER, PARTIES, PRICE, FormsLedger
from tests.golden.make_forms import PAPERS, USUAL, changed, differences

MOST_CHARACTERS = 900
"""Of a usual certificate's QR code: read at 45 mm by an office scanner, and by a telephone."""
SENTENCE_AT = 283
"""Where the sentence of 2-1 stands in its picture, in pixels from the top."""
CERTIFICATES = [name for name in PAPERS if name not in ("delivery", "doc-1")]


@pytest.fixture(scope="module")
def ledger() -> FormsLedger:
    return FormsLedger()


@cache
def paper(name: str) -> bytes:
    return make_forms.pdf(FormsLedger(), name)


def expected_codes(ledger: FormsLedger, name: str) -> list[str]:
    """The texts that stand on a paper."""
    names = ["2-1", name] if name == "delivery" else [name]
    proofs = [proof_of(ledger[each].record, {}) for each in names]
    return [text for proof in proofs for text in proof.qr_parts or (proof.qr_text,)]


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_as_it_was(ledger: FormsLedger, name: str) -> None:
    """Text exactly, pictures within the tolerance of ``make_forms``."""
    assert differences(ledger, name) == []


def test_a_line_that_moved_would_be_noticed() -> None:
    page = Image.open(FOLDER / "2-1-1.png").convert("L")
    moved = page.copy()
    moved.paste(page.crop((0, SENTENCE_AT, page.width, SENTENCE_AT + 14)), (0, SENTENCE_AT + 2))
    assert changed(page, moved) > make_forms.MOST_CHANGED
    lost = page.copy()
    ImageDraw.Draw(lost).rectangle((0, SENTENCE_AT, page.width, SENTENCE_AT + 14), fill=255)
    assert changed(page, lost) > make_forms.MOST_CHANGED
    assert changed(page, page.crop((0, 0, 100, 100))) == 1


def test_every_form_is_among_them(ledger: FormsLedger) -> None:
    bodies = [ledger[name].record.body for name in CERTIFICATES]
    assert {body.form for body in bodies if isinstance(body, Certificate)} == set(FORMS)


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_certificates_code_stays_small(ledger: FormsLedger, name: str) -> None:
    proof = proof_of(ledger[name].record, {})
    assert proof.qr_parts == ()
    assert len(proof.qr_text) <= MOST_CHARACTERS


@pytest.mark.parametrize("name", PAPERS)
def test_a_second_rendering_is_byte_identical(name: str) -> None:
    assert make_forms.pdf(FormsLedger(), name) == paper(name)


@pytest.mark.parametrize("name", [*USUAL, "annex"])
def test_every_code_is_read_at_150_dpi(ledger: FormsLedger, name: str) -> None:
    image = Image.open(io.BytesIO(page_picture(paper(name), 150)))
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    found = [code.text for code in zxingcpp.read_barcodes(image, formats=formats)]
    assert sorted(found) == sorted(expected_codes(ledger, name))


@pytest.mark.parametrize("name", ["split"])
def test_every_part_is_read_at_150_dpi(ledger: FormsLedger, name: str) -> None:
    count = len(pypdfium2.PdfDocument(paper(name)))
    image = page_picture(paper(name), 150, count - 1)
    assert sorted(read_qr(image, "sheet.png")) == sorted(expected_codes(ledger, name))


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg (zbar-tools) is not installed")
@pytest.mark.parametrize("name", [*USUAL, "split"])
def test_another_reader_agrees(ledger: FormsLedger, name: str, tmp_path: Path) -> None:
    page = len(pypdfium2.PdfDocument(paper(name))) - 1
    file = tmp_path / "scan.png"
    file.write_bytes(page_picture(paper(name), 300, page))
    command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(file)]
    found = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert sorted(found.removesuffix("\n").split("\n")) == sorted(expected_codes(ledger, name))


@pytest.mark.parametrize("name", [name for name in PAPERS if name != "doc-1"])
def test_the_record_comes_back_from_the_paper(ledger: FormsLedger, name: str) -> None:
    envelopes = {record.envelope for record in records_in([(paper(name), name)])}
    assert ledger[name].record.envelope in envelopes


@pytest.mark.parametrize("name", CERTIFICATES)
def test_every_entry_can_be_extracted_from_the_pdf(ledger: FormsLedger, name: str) -> None:
    body = ledger[name].record.body
    assert isinstance(body, Certificate)
    parties = {party.id: party for party in PARTIES}
    page = PageData(
        seller=parties[body.seller],
        buyer=parties.get(body.buyer or ""),
        issuer=parties[body.issuer],
        record_id="",
        qr_text="",
        forest_office="北信森林管理署",
        to_site=parties[body.to_site].name if body.to_site in parties else None,
    )
    content = content_of(body, page)
    text = flat(paper(name))
    values = [content.title, content.sentence, body.number or "（記載なし）"]
    values += [line for entry in content.entries if not entry.rows for line in entry.paragraphs]
    values += [row.unit for entry in content.entries for row in entry.rows]
    values += [line for aside in content.asides for line in aside.paragraphs]
    values += [party.name for party in (page.issuer, page.buyer) if party]
    for value in values:
        assert re.sub(r"\s", "", value) in text


def flat(pdf: bytes) -> str:
    """The text by a reader of its own, white space and what stands at page ends aside."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def test_the_price_stands_on_the_note_only_where_it_is_known(ledger: FormsLedger) -> None:
    assert f"{PRICE:,}円" in flat(paper("2-2"))
    assert "15,000円" in flat(paper("2-2"))
    told = ledger["2-2"]
    unknown = certificate_pdf(ledger.reading, type(told)(told.position, told.logged_at, told.record))
    assert "円" not in flat(unknown).replace("取引価格（税抜・円）", "")


def test_sites_are_named_by_their_owner() -> None:
    text = flat(paper("2-2"))
    assert f"発地（出荷場所）{PARTIES[0].name}中野工場第2ヤード" in text
    assert "着地（納入場所）北信バイオマス発電株式会社" in text
    assert "発地（出荷場所）丸松製材所構内土場" in flat(paper("2-2-general"))


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="pdffonts (poppler-utils) is not installed")
@pytest.mark.parametrize("name", PAPERS)
def test_every_font_is_embedded_as_a_subset(name: str, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(paper(name))
    lines = subprocess.run(["pdffonts", file], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert lines
    for line in lines:
        font, *_, embedded, subset, unicode_map, _, _ = line.split()
        assert "NotoSansJP" in font
        assert (embedded, subset, unicode_map) == ("yes", "yes", "yes")


def test_the_characters_of_each_code_are_as_the_documentation_says(ledger: FormsLedger) -> None:
    page = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
    for name in USUAL:
        count = len(proof_of(ledger[name].record, {}).qr_text)
        assert re.search(rf"^\| `{name}` \|.*\| {count} \|$", page, re.MULTILINE), (name, count)
