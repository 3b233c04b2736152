"""Reading QR codes back: from PDFs, images and typed text, and saying why where it cannot be done."""

import io
import random
import struct
import zlib

import pypdf
import pytest
from PIL import Image
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from biotrace.documents import qr, scan
from biotrace.errors import UnreadableError

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
WEB = "HTTPS://KOUSEI.EXAMPLE"


def payload(length: int, seed: int = 1) -> str:
    source = random.Random(seed)
    return "BT1:" + "".join(source.choice(BASE45) for _ in range(length - 5)) + " "


def pdf_of(*pages: tuple[tuple[str, float], ...]) -> bytes:
    """A PDF whose pages carry codes, each a text and the side of its symbol in mm."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(210 * mm, 297 * mm), invariant=1)
    for page in pages:
        for index, (text, side) in enumerate(page):
            qr.draw(canvas, qr.symbol(text), 25 * mm, (200 - 80 * index) * mm, side)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def picture(text: str, pixels: int = 4, margin: int = 6) -> Image.Image:
    """The code alone in grey, ``pixels`` a module."""
    rows = qr.symbol(text, side_mm=200).rows
    side = len(rows) + 2 * margin
    image = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                image.putpixel((x + margin, y + margin), 0)
    return image.resize((side * pixels, side * pixels), Image.Resampling.NEAREST)


def saved(image: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    image.save(target, kind)
    return target.getvalue()


def refusal(data: bytes) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        scan.read_qr(data, "紙.pdf")
    assert caught.value.message.ja.startswith("紙.pdf: ")
    assert caught.value.message.en.startswith("紙.pdf: ")
    return caught.value


def test_all_pages_of_a_pdf_are_read_in_order_and_each_text_once() -> None:
    first, second = payload(300, 1), payload(900, 2)
    pdf = pdf_of(((first, 45),), (), ((second, 45),), ((first, 45),))
    assert scan.read_qr(pdf, "a.pdf") == [first, second]


def test_a_code_too_fine_for_200_dpi_is_found_at_400() -> None:
    text = payload(900)
    assert scan.read_qr(pdf_of(((text, 12.0),)), "fine.pdf") == [text]


def test_another_code_on_the_page_does_not_end_the_search() -> None:
    text = payload(900)
    found = scan.read_qr(pdf_of(((WEB, 45.0), (text, 12.0))), "two.pdf")
    assert sorted(found) == sorted([text, WEB])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"])
def test_images_of_the_usual_kinds_are_read(kind: str) -> None:
    assert scan.read_qr(saved(picture(payload(600)), kind), "photo") == [payload(600)]


def test_every_page_of_a_tiff_is_read() -> None:
    pages = [picture(payload(300, 1)), Image.new("L", (50, 50), 255), picture(payload(300, 2))]
    target = io.BytesIO()
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:])
    assert scan.read_qr(target.getvalue(), "fax.tif") == [payload(300, 1), payload(300, 2)]


@pytest.mark.parametrize("angle", [90, 180, 270, 3, -8])
def test_a_turned_page_is_read(angle: int) -> None:
    turned = picture(payload(500)).rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    assert scan.read_qr(saved(turned, "PNG"), "turned.png") == [payload(500)]


def test_light_on_dark_is_read() -> None:
    inverted = picture(payload(400)).point([255 - level for level in range(256)])
    assert scan.read_qr(saved(inverted, "PNG"), "inverted.png") == [payload(400)]


def test_an_image_of_barely_more_than_a_pixel_a_module_is_read_at_twice_its_size() -> None:
    sharp = picture(payload(600), pixels=10)
    coarse = sharp.resize((sharp.width * 12 // 100, sharp.height * 12 // 100), Image.Resampling.BOX)
    assert scan.read_qr(saved(coarse, "PNG"), "small.png") == [payload(600)]


def test_transparency_is_white_paper() -> None:
    grey = picture(payload(400))
    image = Image.new("RGBA", grey.size, (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), mask=grey.point([255 - level for level in range(256)]))
    assert scan.read_qr(saved(image, "PNG"), "clear.png") == [payload(400)]


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "CMYK"])
def test_colour_modes_are_read(mode: str) -> None:
    assert scan.read_qr(saved(picture(payload(400)).convert(mode), "TIFF"), "mode.tif") == [payload(400)]


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r"])
def test_text_is_taken_as_it_is_but_for_the_line_end(end: str) -> None:
    text = payload(400)
    assert text.endswith(" ")
    assert scan.read_qr((text + end).encode(), "typed.txt") == [text]
    assert scan.read_qr(("\ufeff" + text + end).encode(), "typed.txt") == [text]


def test_spaces_at_both_ends_and_inside_are_kept() -> None:
    assert scan.read_qr(b" BT1:A  B  \n", "typed.txt") == [" BT1:A  B  "]


def test_a_hand_scanner_writes_a_code_a_line() -> None:
    assert scan.read_qr(b"BT1:A \r\nBT1:B\r\nBT1:A \r\n", "typed.txt") == ["BT1:A ", "BT1:B"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"BT1:A\tB",
        "証明書".encode(),
        "証明書".encode("cp932"),
        b"PK\x03\x04",
    ],
)
def test_what_is_no_scan_is_refused(data: bytes) -> None:
    error = refusal(data)
    assert error.code == "not-a-scan"
    assert error.remedy is not None
    assert "300 dpi" in error.remedy.en


def test_a_page_without_code_says_how_many_pages_and_what_to_do() -> None:
    error = refusal(pdf_of((), (), ()))
    assert error.code == "no-qr"
    assert "3ページ" in error.message.ja
    assert "3 page" in error.message.en
    assert error.remedy is not None
    assert "300 dpi" in error.remedy.ja
    assert refusal(saved(Image.new("L", (300, 300), 255), "PNG")).code == "no-qr"


def test_half_a_code_is_no_code() -> None:
    whole = picture(payload(600))
    half = whole.crop((0, 0, whole.width, whole.height // 2))
    assert refusal(saved(half, "PNG")).code == "no-qr"


def test_an_encrypted_pdf_asks_for_one_without_password() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of(((payload(300), 45.0),))))
    writer.encrypt("himitsu", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    error = refusal(target.getvalue())
    assert error.code == "encrypted-pdf"
    assert error.remedy is not None


def test_damaged_files_are_named_as_damaged() -> None:
    assert refusal(b"%PDF-1.4\nnothing more").code == "damaged-scan"
    png = saved(Image.effect_noise((400, 400), 80), "PNG")
    assert refusal(png[: len(png) // 2]).code == "damaged-scan"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("side", [9_000, 9_600, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    error = refusal(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"") + chunk(b"IEND", b""))
    assert error.code == "scan-too-large"
    assert "80 megapixels" in error.message.en


def test_a_page_of_hostile_size_is_rendered_within_the_limit() -> None:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(14_400, 14_400))
    canvas.showPage()
    canvas.save()
    assert refusal(target.getvalue()).code == "no-qr"


def test_too_many_bytes_or_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = pdf_of(*[() for _ in range(4)])
    monkeypatch.setattr(scan, "MAX_PAGES", 3)
    assert "4 pages" in refusal(many).message.en
    monkeypatch.setattr(scan, "MAX_BYTES", 100)
    assert refusal(many).code == "scan-too-large"


def test_a_pdf_of_a_thousand_pages_is_refused() -> None:
    writer = pypdf.PdfWriter()
    for _ in range(1_000):
        writer.add_blank_page(200, 200)
    target = io.BytesIO()
    writer.write(target)
    error = refusal(target.getvalue())
    assert error.code == "scan-too-large"
    assert "1000ページ" in error.message.ja


@pytest.mark.parametrize("keep", [3, 40, 600, -40])
def test_a_broken_jpeg_is_named_as_damaged_or_shows_no_code(keep: int) -> None:
    jpeg = saved(picture(payload(600)), "JPEG")
    assert refusal(jpeg[:keep] if keep > 0 else jpeg[:300] + jpeg[keep:]).code in (
        "damaged-scan",
        "no-qr",
        "not-a-scan",
    )


@pytest.mark.parametrize("brand", ["heic", "mif1", "avif"])
def test_a_telephones_own_format_says_what_to_do(brand: str) -> None:
    error = refusal(b"\0\0\0\x18ftyp" + brand.encode() + bytes(40))
    assert error.code == "heic"
    assert error.remedy is not None
    assert "互換性優先" in error.remedy.ja


def test_only_the_first_pages_are_looked_at_harder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred blank pages take a hundred usual looks, and no more than ten hard ones."""
    looks: list[tuple[int, scan.Look]] = []

    def blank(_: object, index: int, __: str, look: scan.Look) -> list[str]:
        looks.append((index, look))
        return []

    monkeypatch.setattr(scan, "_read_page", blank)
    assert refusal(pdf_of(*[() for _ in range(100)])).code == "no-qr"
    assert [index for index, look in looks if look is scan.Look.HARD] == list(range(10))


def test_what_is_looked_at_harder_stays_within_a_size() -> None:
    big = Image.new("L", (6_000, 5_000), 255)
    for view in scan._other_views(big):
        assert view().size == big.size
