"""QR codes read back from paper: a scanned or digital PDF, a photograph, or the text a hand scanner typed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from enum import Enum, auto

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, ImageChops, ImageFilter

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
from .wedge import is_ours_spoiled, misread

MAX_BYTES = 64 * 1024 * 1024

_DPI = 200
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_OURS = "BT"
_WIDE_SPACE = "\u3000"
_HARD_PAGES = 10
_HARD_PIXELS = 20_000_000
"""So many pages of a file are looked at harder, each at no more than so many pixels: seconds, whatever the file."""
# A page may carry other codes (a company's web address): the search goes on until one starts like ours, and, where
# that is part of a record, until all its parts are there or nothing more is to be seen on the page.


class Look(Enum):
    """How a page is looked at: as it is and finer, or in the ways that help with damaged and badly lit ones."""

    USUAL = auto()
    HARD = auto()


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
    if (kind := _telephones_own(data)) is not None:
        raise _not_here(name, kind)
    image = open_image(data, name)
    if image is not None:
        return _from_image(image, name)
    return _from_text(data, name)


def typed(data: bytes) -> list[str] | None:
    """The lines of a file that is text, as a hand scanner typed them; None for any other file.

    Only line ends go, and a byte order mark: editors and hand scanners add them.
    """
    if is_pdf(data) or len(data) > MAX_BYTES:
        return None
    for encoding in ("utf-8-sig", "cp932"):  # cp932: an editor's on Windows, where full-width signs were typed
        with contextlib.suppress(UnicodeDecodeError):
            lines = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").split("\n")
            printable = all(line.replace(_WIDE_SPACE, " ").isprintable() for line in lines)
            return [line for line in lines if line] if printable else None
    return None


def _from_pdf(data: bytes, name: str) -> list[str]:
    with PDFIUM:
        document = open_pdf(data, name)
        try:
            count = len(document)
            check_pages(count, name, MAX_PAGES)
            return _found(lambda index, look: _read_page(document, index, name, look), count, name)
        finally:
            document.close()


def _read_page(document: pdfium.PdfDocument, index: int, name: str, look: Look) -> list[str]:
    """The codes of one page at 200 dpi and, where that is not enough, at 400; looking hard, at 200 in other ways."""
    try:
        page = document[index]
        if look is Look.HARD:
            return _search(*_other_views(_render(page, _DPI)))
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
        return _found(lambda index, look: _read_frame(image, index, name, look), count, name)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise damaged(name, "画像") from error


def _read_frame(image: Image.Image, index: int, name: str, look: Look) -> list[str]:
    """The codes of one frame as it is and, where that is not enough, at twice its size; or looking hard."""
    if index:
        image.seek(index)
    if image.width * image.height > MAX_PIXELS:
        raise too_many_pixels(name)
    image.load()
    grey = _grey(image)
    return _search(*_other_views(grey)) if look is Look.HARD else _search(lambda: grey, lambda: _doubled(grey))


def _search(*views: Callable[[], Image.Image]) -> list[str]:
    """What the views of one page show, made one after the other until a code of ours is found."""
    found: list[str] = []
    for view in views:
        found += _decode(view())
        if _is_enough(found):
            break
    return found


def _other_views(grey: Image.Image) -> tuple[Callable[[], Image.Image], ...]:
    """Sharpened, for a blur; its lighting evened out, for shadows and stains; softened, for grain.

    Each reads some pages of ``bench/qr_matrix.py`` that nothing else does.
    """
    return (
        lambda: _doubled(grey, _HARD_PIXELS).filter(ImageFilter.UnsharpMask(3, 300, 0)),
        lambda: _evened(_doubled(grey, _HARD_PIXELS)),
        lambda: _doubled(grey, _HARD_PIXELS).filter(ImageFilter.GaussianBlur(2)),
    )


def _evened(image: Image.Image) -> Image.Image:
    """What is darker or lighter than its surroundings, four times as much, on an even grey."""
    return ImageChops.subtract(image, image.filter(ImageFilter.BoxBlur(16)), 0.25, 128)


def _is_enough(found: list[str]) -> bool:
    """Whether a page shows a code of ours that is not part of a record of which it does not show the rest."""
    ours = [text for text in found if text.startswith(_OURS)]
    parts = []
    for text in filter(qrparts.is_part, ours):
        with contextlib.suppress(BiotraceError):  # told by whoever joins the parts
            parts.append(qrparts.parse(text))
    return bool(ours) and not qrparts.missing(parts)


def _doubled(image: Image.Image, most: int = MAX_PIXELS) -> Image.Image:
    """Twice the size, which reads modules of less than 2.35 pixels; as it is where that would be too large."""
    if 4 * image.width * image.height > most:
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


def _found(read: Callable[[int, Look], list[str]], count: int, name: str) -> list[str]:
    """What all pages show; where that is not enough, the first of them are looked at harder."""
    texts = list(dict.fromkeys(text for index in range(count) for text in read(index, Look.USUAL)))
    if not _is_enough(texts):
        more = (text for index in range(min(count, _HARD_PAGES)) for text in read(index, Look.HARD))
        texts = list(dict.fromkeys([*texts, *more]))
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
    """One code a line."""
    lines = typed(data)
    if not lines:
        raise _unknown(name)
    if any(map(is_ours_spoiled, lines)):
        raise misread(lines, name)
    if any(set(line) - ALPHABET for line in lines):
        raise _unknown(name)
    return list(dict.fromkeys(lines))


def _telephones_own(data: bytes) -> str | None:
    """HEIC or AVIF, which telephones take photographs in: named, so that who sent it can be told what to do."""
    brand = data[8:12] if data[4:8] == b"ftyp" else b""
    return "AVIF" if brand.startswith(b"avi") else "HEIC" if brand in _HEIC else None


def _not_here(name: str, kind: str) -> UnreadableError:
    return UnreadableError(
        Text(f"{name}: {kind}形式の写真は読めません", f"{name}: photographs in the format {kind} cannot be read"),
        Text(
            "JPEGで撮り直すか、JPEGにして渡してください（iPhone: 設定→カメラ→フォーマット→互換性優先）",
            "take it as JPEG, or convert it (iPhone: Settings, Camera, Formats, Most Compatible)",
        ),
        code="heic",
    )


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
