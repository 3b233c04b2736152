"""From a certificate to paper and back: rendered, rasterised as a scanner would, read by other people's programs."""

import io
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from biotrace.documents.pdf import DocumentLabel, PageData, render
from biotrace.documents.scan import read_qr
from biotrace.model.certificate import (
    Certificate,
    Draw,
    Form,
    Goods,
    Origin,
    Permit,
    Process,
    Statement,
)
from biotrace.model.document import DocumentKind, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.place import Place
from biotrace.model.quantity import Quantity, Unit

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def payload(length: int, seed: int = 26) -> str:
    """A QR text as certificates carry it, ending in a space as base45 may."""
    source = random.Random(seed)
    return "BT1:" + "".join(source.choice(BASE45) for _ in range(length - 5)) + " "


SENTENCE = (Statement.ALL_OF_CLASS, Statement.SEGREGATED)
PRODUCER = Party("kousei", "𠮷﨑林産有限会社", (Role.PRODUCER,), address="長野県飯山市大字常盤1234番地5")
MILL = Party("otsu", "株式会社髙﨑木材チップ", (Role.PROCESSOR,), address="長野県中野市大字𠮷田678-9")
PLANT = Party("plant-8", "北信バイオマス発電株式会社", (Role.PLANT,), address="長野県長野市大字若穂100番地")

# The certificate of 図表2-(3)-イ-②-i, with names for what the audit blacked out.
FELLING = Certificate(
    id="c-1",
    form=Form.F1_PRIVATE,
    fuel_class=FuelClass.THINNED,
    date=date(2014, 6, 27),
    seller="kousei",
    buyer="otsu",
    quantity=Quantity(2_575_000_000, Unit.M3),
    origins=(Origin.PROTECTION_FOREST,),
    number="第26-017号",
    accreditation_number="長木-012",
    permit=Permit(date(2014, 5, 7), "北信林業事務所"),
    locations=(Place("長野県", "飯山市", "大字甲", "字乙", ("236-2", "237-2", "237-1")),),
    area=236_110,
    species=("スギ", "ヒノキ"),
    felled=Period(date(2014, 5, 27), date(2014, 6, 20)),
    statements=SENTENCE,
    vehicle="長野100は14-99",
    goods=Goods.LOGS,
)
FELLING_PAGE = PageData(
    seller=PRODUCER,
    buyer=MILL,
    issuer=PRODUCER,
    record_id="0123456789abcdef" * 4,
    qr_text=payload(700),
    documents=(DocumentLabel(DocumentKind.PROTECTION_THINNING_NOTICE, "26-14", date(2014, 5, 8)),),
)
# One of the two lorries of 図表2-(3)-イ-②-ii.
CHIPS = Certificate(
    id="c-2",
    form=Form.F2_1,
    fuel_class=FuelClass.THINNED,
    date=date(2014, 11, 19),
    seller="otsu",
    buyer="plant-8",
    quantity=Quantity(6_580_000, Unit.T, 4_200),
    number="26-1119-1",
    accreditation_number="長木-034",
    goods=Goods.CUTTING_CHIPS,
    species=("スギ",),
    draws=(Draw("c-1", Quantity(10_800_000, Unit.M3)),),
    statements=SENTENCE,
    process=Process.CHIPPING,
    vehicle="28-58",
    to_site="plant-8",
)
CHIPS_PAGE = PageData(
    seller=MILL,
    buyer=PLANT,
    issuer=MILL,
    record_id="fedcba9876543210" * 4,
    qr_text=payload(550),
    to_site="北信バイオマス発電所",
)
MANY = replace(
    FELLING,
    locations=tuple(Place("長野県", "飯山市", f"大字甲{i}", None, (f"{i}-1", f"{i}-2")) for i in range(101, 131)),
)

EXPECTED = {
    "1-private": [
        "発電用チップに係る間伐材等由来の木質バイオマス証明",
        "下記の物件は、間伐材等由来の木質バイオマスであり、適切に分別管理されていることを証明します。",
        "第26-017号",
        "平成26年6月27日",
        "株式会社髙﨑木材チップ",
        "長野県中野市大字𠮷田678-9",
        "𠮷﨑林産有限会社",
        "長木-012",
        "保安林から出材された木材",
        "平成26年5月7日",
        "北信林業事務所",
        "236-2、237-2、237-1",
        "23.6110ha",
        "スギ、ヒノキ",
        "2,575㎥",
        "保安林内間伐届の受理通知",
        "長野100は14-99",
        "0123456789abcdef" * 2,
    ],
    "2-1": [
        "発電用チップに係る間伐材等由来の木質バイオマス証明",
        "下記の物件は、全て間伐材等由来の木質バイオマスであり、適切に分別管理されていることを証明します。",
        "26-1119-1",
        "平成26年11月19日",
        "北信バイオマス発電株式会社",
        "株式会社髙﨑木材チップ",
        "スギ",
        "6.58t",
        "42%（湿量基準）",
        "切削チップ",
        "28-58",
        "北信バイオマス発電所",
    ],
}


def by_pypdf(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def by_pdfium(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def by_poppler(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("extract", [by_pypdf, by_pdfium, by_poppler])
@pytest.mark.parametrize(("certificate", "page"), [(FELLING, FELLING_PAGE), (CHIPS, CHIPS_PAGE)], ids=["1", "2-1"])
def test_the_text_can_be_extracted(certificate: Certificate, page: PageData, extract: Callable[[bytes], str]) -> None:
    text = re.sub(r"\s", "", extract(render(certificate, page)))
    for expected in EXPECTED[certificate.form]:
        assert expected in text


def scanned(pdf: bytes, dpi: int) -> Image.Image:
    image: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil()
    return image


@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize("length", [300, 500, 700, 900])
def test_the_code_reads_back_exactly_from_a_scan(length: int, dpi: int, tmp_path: Path) -> None:
    text = payload(length, seed=length)
    image = scanned(render(FELLING, replace(FELLING_PAGE, qr_text=text)), dpi)
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    assert [found.text for found in zxingcpp.read_barcodes(image, formats=formats)] == [text]
    file = tmp_path / "scan.png"
    image.save(file)
    assert read_qr(file.read_bytes(), file.name) == [text]


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg (zbar-tools) is not installed")
@pytest.mark.parametrize("length", [300, 500, 700, 900])
def test_another_reader_agrees(length: int, tmp_path: Path) -> None:
    text = payload(length, seed=length)
    file = tmp_path / "scan.png"
    scanned(render(CHIPS, replace(CHIPS_PAGE, qr_text=text)), 300).save(file)
    command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(file)]
    assert subprocess.run(command, capture_output=True, check=True).stdout.decode() == text + "\n"


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is not installed")
def test_the_code_reads_back_when_another_program_prints_the_page(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(render(CHIPS, CHIPS_PAGE))
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", file, tmp_path / "paper"], check=True)
    assert read_qr((tmp_path / "paper.png").read_bytes(), "paper.png") == [CHIPS_PAGE.qr_text]


def test_the_code_reads_back_from_the_pdf_itself_also_on_a_copy_with_its_watermark() -> None:
    assert read_qr(render(FELLING, FELLING_PAGE), "paper.pdf") == [FELLING_PAGE.qr_text]
    copy = replace(FELLING_PAGE, transcribed_by="株式会社髙﨑木材チップ")
    assert read_qr(render(FELLING, copy), "copy.pdf") == [FELLING_PAGE.qr_text]


def test_a_faint_and_tilted_photocopy_reads_back() -> None:
    page = scanned(render(CHIPS, CHIPS_PAGE), 300).convert("L")
    faint = page.point([110 + level * 120 // 255 for level in range(256)])
    tilted = faint.rotate(2.5, fillcolor=230, resample=Image.Resampling.BICUBIC)
    target = io.BytesIO()
    tilted.save(target, "JPEG", quality=60)
    assert read_qr(target.getvalue(), "copy.jpg") == [CHIPS_PAGE.qr_text]


def test_the_code_is_not_the_same_text_in_another_case() -> None:
    (found,) = read_qr(render(FELLING, FELLING_PAGE), "paper.pdf")
    assert found != FELLING_PAGE.qr_text.lower()
    assert found != FELLING_PAGE.qr_text.rstrip()


@pytest.mark.parametrize(("certificate", "page"), [(FELLING, FELLING_PAGE), (CHIPS, CHIPS_PAGE), (MANY, FELLING_PAGE)])
def test_a_second_rendering_is_byte_identical(certificate: Certificate, page: PageData) -> None:
    assert render(certificate, page) == render(certificate, page)


def test_another_process_renders_the_same_bytes() -> None:
    """Another hash seed and an empty font cache change nothing."""
    code = (
        "import hashlib, sys; sys.path.insert(0, 'tests/integration'); import test_paper as t;"
        "print(hashlib.sha256(t.render(t.CHIPS, t.CHIPS_PAGE)).hexdigest())"
    )
    root = Path(__file__).parents[2]
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("extract", [by_pypdf, by_pdfium, by_poppler])
def test_sixty_parcels_make_an_annex_with_every_parcel(extract: Callable[[bytes], str]) -> None:
    pdf = render(MANY, FELLING_PAGE)
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 3
    assert "別紙のとおり（全60箇所）" in pages[0].extract_text()
    text = extract(pdf)
    for place in MANY.locations:
        for parcel in place.parcels:
            assert re.search(rf"(?<![\d-]){parcel}(?![\d-])", text), parcel
    assert read_qr(pdf, "annex.pdf") == [FELLING_PAGE.qr_text]


def test_the_pdf_names_itself_in_japanese() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(FELLING, FELLING_PAGE)))
    assert reader.metadata is not None
    assert reader.metadata.title == "発電用チップに係る間伐材等由来の木質バイオマス証明 第26-017号"
    assert reader.metadata.author == "𠮷﨑林産有限会社"
    assert reader.metadata.subject == f"記録ID {FELLING_PAGE.record_id}"
    assert str(reader.root_object["/Lang"]) == "ja"


def test_a_transcription_names_itself_and_its_transcriber_as_author() -> None:
    page = replace(FELLING_PAGE, transcribed_by="株式会社髙﨑木材チップ")
    reader = pypdf.PdfReader(io.BytesIO(render(FELLING, page)))
    assert reader.metadata is not None
    assert reader.metadata.author == "株式会社髙﨑木材チップ"
    assert (reader.metadata.title or "").startswith("転記 写し")
    assert "転記 写し" in reader.pages[0].extract_text()


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="pdffonts (poppler-utils) is not installed")
def test_every_font_is_embedded_as_a_subset(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(render(FELLING, FELLING_PAGE))
    lines = subprocess.run(["pdffonts", file], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert lines
    for line in lines:
        name, *_, embedded, subset, unicode_map, _, _ = line.split()
        assert "NotoSansJP" in name
        assert (embedded, subset, unicode_map) == ("yes", "yes", "yes")
    assert file.stat().st_size < 150_000
