"""Evidence copies: every page marked, the stored file shown whole, and refused where it cannot be."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from biotrace.documents import opened
from biotrace.documents.evidence import EvidencePage, StoredCopy, render_evidence
from biotrace.documents.evidence_pictures import pictures
from biotrace.errors import UnreadableError, UsageError

PAGE = EvidencePage(
    "保安林内間伐届の受理通知　26-14　平成26年5月8日", "doc-1", "ab12" * 16, ("f-1（番号 第26-017号）",)
)
BOX = (1_400, 1_800)
LEVELS = range(256)
RED = ([255 * (level > 200) for level in LEVELS], *[[255 * (level < 80) for level in LEVELS]] * 2)
"""Where each channel of a pixel is as in red."""


def pdf_of(count: int, size: tuple[float, float] = (595, 842)) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=1)
    for number in range(count):
        canvas.setFillColorRGB(0.9, 0.1, 0.1)
        canvas.rect(50, 50 + 100 * number, 80, 80, fill=1)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def image(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    made = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(made).rectangle((0, 0, 100, 200), fill="red")
    target = io.BytesIO()
    made.convert(mode).save(target, kind, **options)
    return target.getvalue()


def stored(content: bytes, media_type: str = "application/pdf") -> StoredCopy:
    return StoredCopy(content, "cd34" * 16, media_type)


def texts(data: bytes) -> list[str]:
    return [re.sub(r"\s", "", page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def test_every_page_says_that_it_is_a_copy_and_of_what() -> None:
    pages = texts(render_evidence(PAGE, [stored(pdf_of(2)), stored(image("PNG"), "image/png")]))
    assert len(pages) == 3
    for text in pages:
        assert "写し" in text
        assert "保安林内間伐届の受理通知26-14平成26年5月8日" in text
        assert "台帳の記録doc-1" in text
        assert "ab12" * 16 in text
        assert "引用している証明書f-1（番号第26-017号）" in text
        assert f"SHA-256{'cd34' * 16}" in text
    assert "保存ファイル1／2ページ2／2application/pdf" in pages[1]
    assert "保存ファイル2／2ページ1／1image/png" in pages[2]


def test_the_same_values_give_the_same_bytes() -> None:
    files = [stored(pdf_of(1)), stored(image("JPEG"), "image/jpeg")]
    assert render_evidence(PAGE, files) == render_evidence(PAGE, files)


@pytest.mark.parametrize("content", [pdf_of(1), image("PNG"), image("JPEG"), image("TIFF"), image("PNG", "P")])
def test_what_was_stored_is_seen_in_colour(content: bytes) -> None:
    data = render_evidence(PAGE, [stored(content)])
    shown: Image.Image = pypdfium2.PdfDocument(data)[0].render(scale=1).to_pil().convert("RGB")
    most, green, blue = (channel.point(of) for channel, of in zip(shown.split(), RED, strict=True))
    red = ImageChops.multiply(ImageChops.multiply(most, green), blue)
    assert red.histogram()[255] > 2_000


def test_without_certificates_it_says_so() -> None:
    assert "引用している証明書なし" in texts(render_evidence(replace(PAGE, citing=()), [stored(pdf_of(1))]))[0]


def test_many_certificates_are_all_listed_on_a_last_page() -> None:
    citing = tuple(f"f-{i}（番号 第{i}号）" for i in range(1, 101))
    pages = texts(render_evidence(replace(PAGE, citing=citing), [stored(pdf_of(1))]))
    assert "f-3（番号第3号）ほか97件（最後のページに一覧）" in pages[0]
    assert len(pages) == 4
    listed = "".join(pages[1:])
    assert "引用している証明書（全100件）" in listed
    assert all(f"・f-{i}（番号第{i}号）" in listed for i in range(1, 101))
    assert all("写し" in text for text in pages)


def size_of(jpeg: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(jpeg)) as found:
        return found.size


def test_pages_fill_the_box_and_larger_pictures_are_made_to_fit() -> None:
    (portrait,) = pictures(pdf_of(1), "a", BOX)
    (landscape,) = pictures(pdf_of(1, (842, 595)), "a", BOX)
    assert size_of(portrait)[1] == pytest.approx(1_800, abs=2)
    assert size_of(landscape)[0] == pytest.approx(1_400, abs=2)
    large = io.BytesIO()
    Image.new("L", (5_000, 1_000)).save(large, "PNG")
    assert size_of(pictures(large.getvalue(), "a", BOX)[0]) == (1_400, 280)


def test_a_photograph_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    assert size_of(pictures(image("JPEG", exif=exif.tobytes()), "a", BOX)[0]) == (200, 300)


def test_every_frame_of_a_tiff_is_a_page() -> None:
    frames = [Image.new("1", (200, 100), 1) for _ in range(3)]
    target = io.BytesIO()
    frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:])
    assert len(pictures(target.getvalue(), "a", BOX)) == 3


def encrypted() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of(1)))
    writer.encrypt("himitsu", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "a workbook": (lambda: b"PK\x03\x04 workbook", "not-printable"),
    "nothing": (lambda: b"", "not-printable"),
    "a broken PDF": (lambda: b"%PDF-1.4\nnothing more", "damaged-scan"),
    "a broken picture": (lambda: image("PNG")[:100], "damaged-scan"),
    "an encrypted PDF": (encrypted, "encrypted-pdf"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_shown_is_refused_by_name(case: str) -> None:
    make, code = BAD[case]
    with pytest.raises(UnreadableError) as caught:
        render_evidence(PAGE, [stored(make())])
    assert caught.value.code == code
    assert "SHA-256 cd34cd34cd34" in caught.value.message.ja
    assert caught.value.remedy is not None


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened.check_pages, "__defaults__", (3,))
    with pytest.raises(UnreadableError, match="4 pages"):
        pictures(pdf_of(4), "a", BOX)


def test_a_character_that_cannot_be_printed_is_refused() -> None:
    with pytest.raises(UsageError, match=r"U\+1F332"):
        render_evidence(replace(PAGE, subject="doc🌲"), [stored(pdf_of(1))])
