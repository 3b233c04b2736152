"""The QR code holds its text to the last space, can be read, and is refused where it could not be."""

import io
import random

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from biotrace.documents import qr
from biotrace.errors import UsageError

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def payload(length: int, seed: int = 45) -> str:
    source = random.Random(seed)
    return "BT1:" + "".join(source.choice(BASE45) for _ in range(length - 4))


def read(image: Image.Image) -> list[str]:
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return [code.text for code in zxingcpp.read_barcodes(image, formats=formats, text_mode=zxingcpp.TextMode.Plain)]


def printed(text: str, dpi: int, shade: float = 1.0) -> Image.Image:
    """The code alone on a page whose ground has a shade of grey, rasterised."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(80 * mm, 80 * mm), invariant=1)
    canvas.setFillGray(shade)
    canvas.rect(0, 0, 80 * mm, 80 * mm, stroke=0, fill=1)
    qr.draw(canvas, qr.symbol(text), 15 * mm, 15 * mm)
    canvas.save()
    image: Image.Image = pypdfium2.PdfDocument(target.getvalue())[0].render(scale=dpi / 72, grayscale=True).to_pil()
    return image


@pytest.mark.parametrize("length", [300, 450, 600, 750, 900])
@pytest.mark.parametrize("dpi", [150, 300])
def test_a_printed_code_reads_back_exactly(length: int, dpi: int) -> None:
    assert read(printed(payload(length), dpi)) == [payload(length)]


@pytest.mark.parametrize("text", [payload(300) + " ", payload(301) + "  ", "BT1:" + " " * 20, " BT1:A "])
def test_spaces_at_the_ends_are_kept(text: str) -> None:
    assert read(printed(text, 200)) == [text]


@pytest.mark.parametrize("text", ["0123456789", "BT1:" + "0" * 400, "BT1:" + ":" * 400])
def test_dull_payloads_read_back_in_spite_of_the_fixed_mask(text: str) -> None:
    assert read(printed(text, 200)) == [text]


def test_the_quiet_zone_is_white_on_a_grey_ground() -> None:
    text = payload(300)
    image = printed(text, 300, shade=0.4)
    module = qr.symbol(text).module_mm() * 300 / 25.4
    edge = 15 / 25.4 * 300
    for away in (0.5, 3.5):
        assert image.getpixel((int(edge - away * module), image.height // 2)) == 255
    assert image.getpixel((int(edge - 5 * module), image.height // 2)) != 255
    assert read(image) == [text]


def test_the_module_size_is_reported() -> None:
    found = qr.symbol(payload(900))
    assert (found.version, len(found.rows)) == (19, 93)
    canvas = Canvas(io.BytesIO())
    assert qr.draw(canvas, found, 0, 0) == pytest.approx(45 / 93)
    assert qr.draw(canvas, found, 0, 0, side_mm=60) == pytest.approx(60 / 93)


def test_the_correction_level_is_m() -> None:
    """At level M version 10 takes 311 alphanumeric characters (ISO/IEC 18004, table 7)."""
    assert qr.symbol(payload(311)).version == 10
    assert qr.symbol(payload(312)).version == 11


def test_the_same_text_gives_the_same_modules() -> None:
    assert qr.symbol(payload(500)) == qr.symbol(payload(500))


@pytest.mark.parametrize("text", [payload(300).lower(), "BT1:あ", "BT1:A\n", "BT1:_", ""])
def test_text_outside_the_alphabet_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        qr.symbol(text)
    assert caught.value.code == "qr-alphabet"


def test_lower_case_is_another_text_and_never_folded() -> None:
    with pytest.raises(UsageError, match="'a'"):
        qr.symbol("BT1:a")


def test_modules_too_small_for_a_scanner_are_refused_with_the_limit() -> None:
    qr.symbol(payload(2300))
    with pytest.raises(UsageError, match=r"2600 characters make modules of 0\.29 mm at 45 mm, the limit is 0\.30 mm"):
        qr.symbol(payload(2600))
    assert qr.symbol(payload(2600), side_mm=60).module_mm(60) > qr.SMALLEST_MODULE_MM


def test_the_smallest_module_allowed_reads_back_at_200_dpi() -> None:
    text = payload(2300)
    assert qr.symbol(text).module_mm() == pytest.approx(0.302, abs=0.001)
    assert read(printed(text, 200)) == [text]


def test_what_no_version_takes_is_refused() -> None:
    with pytest.raises(UsageError, match="4000 characters"):
        qr.symbol(payload(4000))
    with pytest.raises(UsageError) as caught:
        qr.symbol(payload(qr.CAPACITY + 1), side_mm=200)
    assert caught.value.code == "qr-too-long"
    assert qr.symbol(payload(qr.CAPACITY), side_mm=200).version == 40
