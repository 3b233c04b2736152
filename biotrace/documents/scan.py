"""QR codes read back from paper: a scanned or digital PDF, a photograph, or the text a hand scanner typed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, ImageSequence

from biotrace.chain import qrparts
from biotrace.documents.qr import ALPHABET
from biotrace.errors import BiotraceError, UnreadableError
from biotrace.model.text import Text

from .opened import (
    MAX_PAGES,
    MAX_PIXELS,
    PDFIUM,
    POINTS_PER_INCH,
    check_pages,
    damaged,
    is_pdf,
    on_paper,
    open_image,
    open_pdf,
    too_large,
    too_many_pixels,
)

MAX_BYTES = 64 * 1024 * 1024

_DPI = 200
_OURS = "BT"
# A page may carry other codes (a company's web address): the search goes on until one starts like ours, and, where
# that is part of a record, until all its parts are there or nothing more is to be seen on the page.


def read_qr(data: bytes, name: str) -> list[str]:
    """The texts of all QR codes in a file, each once, in the order of its pages; never empty.

    ``data``: a PDF, an image (PNG, JPEG, TIFF and what else Pillow reads), or a text file that holds the QR
    code's own text, one code a line. ``name`` is for messages. Spaces are kept: base45 text can end in one.
    Raises UnreadableError.
    """
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise too_large(name, Text(f"{limit} MBを超えています", f"over {limit} MB"))
    if is_pdf(data):
        return _from_pdf(data, name)
    image = open_image(data, name)
    if image is not None:
        return _from_image(image, name)
    return _from_text(data, name)


def _from_pdf(data: bytes, name: str) -> list[str]:
    with PDFIUM:
        document = open_pdf(data, name)
        try:
            count = len(document)
            check_pages(count, name, MAX_PAGES)
            pages = (_read_page(document, index, name) for index in range(count))
            return _found(pages, count, name)
        finally:
            document.close()


def _read_page(document: pdfium.PdfDocument, index: int, name: str) -> list[str]:
    """The codes of one page at 200 dpi and, where that is not enough, at 400."""
    try:
        page = document[index]
        return _search(lambda: _render(page, _DPI), lambda: _render(page, 2 * _DPI))
    except pdfium.PdfiumError as error:
        raise damaged(name, "PDF") from error


def _render(page: pdfium.PdfPage, dpi: int) -> Image.Image:
    """The page in grey; coarser than ``dpi`` where it would pass MAX_PIXELS (a poster, or a hostile size)."""
    scale = dpi / POINTS_PER_INCH
    width, height = page.get_size()
    scale = min(scale, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return image.convert("L")


def _from_image(image: Image.Image, name: str) -> list[str]:
    count = getattr(image, "n_frames", 1)
    check_pages(count, name, MAX_PAGES)
    try:
        return _found((_read_frame(frame, name) for frame in ImageSequence.Iterator(image)), count, name)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise damaged(name, "画像") from error


def _read_frame(frame: Image.Image, name: str) -> list[str]:
    """The codes of one frame as it is and, where that is not enough, at twice its size."""
    if frame.width * frame.height > MAX_PIXELS:
        raise too_many_pixels(name)
    frame.load()
    grey = _grey(frame)
    return _search(lambda: grey, lambda: _doubled(grey))


def _search(*views: Callable[[], Image.Image]) -> list[str]:
    """What the views of one page show, made one after the other until a code of ours is found."""
    found: list[str] = []
    for view in views:
        found += _decode(view())
        if _is_enough(found):
            break
    return found


def _is_enough(found: list[str]) -> bool:
    """Whether a page shows a code of ours that is not part of a record of which it does not show the rest."""
    ours = [text for text in found if text.startswith(_OURS)]
    parts = []
    for text in filter(qrparts.is_part, ours):
        with contextlib.suppress(BiotraceError):  # told by whoever joins the parts
            parts.append(qrparts.parse(text))
    return bool(ours) and not qrparts.missing(parts)


def _doubled(image: Image.Image) -> Image.Image:
    """Twice the size, which reads modules of less than 2.35 pixels; as it is where that would be too large."""
    if 4 * image.width * image.height > MAX_PIXELS:
        return image
    return image.resize((2 * image.width, 2 * image.height), Image.Resampling.BICUBIC)


def _grey(image: Image.Image) -> Image.Image:
    """In grey, with transparent parts as white paper."""
    return image if image.mode == "L" else on_paper(image).convert("L")


def _decode(image: Image.Image) -> list[str]:
    """QR texts in any direction, also light on dark. TextMode.Plain: the text itself, nothing made readable."""
    found = zxingcpp.read_barcodes(
        image,
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        try_rotate=True,
        try_downscale=True,
        try_invert=True,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [code.text for code in found]


def _found(pages: Iterable[list[str]], count: int, name: str) -> list[str]:
    texts = list(dict.fromkeys(text for page in pages for text in page))
    if not texts:
        raise UnreadableError(
            Text(
                f"{name}: QRコードが見つかりません（{count}ページを調べました）",
                f"{name}: no QR code on {count} page(s)",
            ),
            _SCAN_AGAIN,
            code="no-qr",
        )
    return texts


def _from_text(data: bytes, name: str) -> list[str]:
    """One code a line. Only line ends go, and a byte order mark: editors and hand scanners add them."""
    try:
        lines = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise _unknown(name) from error
    texts = [line for line in lines if line]
    if not texts or any(set(line) - ALPHABET for line in texts):
        raise _unknown(name)
    return list(dict.fromkeys(texts))


def _unknown(name: str) -> UnreadableError:
    return UnreadableError(
        Text(
            f"{name}: PDF、画像（PNG・JPEG・TIFFなど）、QRコードの文字列のいずれでもありません",
            f"{name}: neither a PDF nor an image (PNG, JPEG, TIFF …) nor the text of a QR code",
        ),
        _SCAN_AGAIN,
        code="not-a-scan",
    )


_SCAN_AGAIN = Text(
    "証明書のページ全体を300 dpiでスキャンし、PDFか画像で渡してください",
    "scan the whole page of the certificate at 300 dpi and hand over the PDF or image",
)
