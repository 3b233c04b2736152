"""QR codes read back from paper: a scanned or digital PDF, a photograph, or the text a hand scanner typed."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Callable, Iterable

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, ImageSequence, UnidentifiedImageError

from biotrace.documents.qr import ALPHABET
from biotrace.errors import UnreadableError
from biotrace.model.text import Text

MAX_BYTES = 64 * 1024 * 1024
MAX_PAGES = 200
MAX_PIXELS = 80_000_000
"""A3 at 600 dpi is 70 million; what is larger is refused before it is unpacked."""

_DPI = 200
_POINTS_PER_INCH = 72
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "JPEG2000", "PPM")
# Named, because Pillow knows formats that start other programs (EPS).
_OURS = "BT"
# A page may carry other codes (a company's web address): the search goes on until one starts like ours.
_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD
_PDFIUM = threading.Lock()  # PDFium is not safe to use from two threads


def read_qr(data: bytes, name: str) -> list[str]:
    """The texts of all QR codes in a file, each once, in the order of its pages; never empty.

    ``data``: a PDF, an image (PNG, JPEG, TIFF and what else Pillow reads), or a text file that holds the QR
    code's own text, one code a line. ``name`` is for messages. Spaces are kept: base45 text can end in one.
    Raises UnreadableError.
    """
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise _too_large(name, Text(f"{limit} MBを超えています", f"over {limit} MB"))
    if b"%PDF-" in data[:1024]:
        return _from_pdf(data, name)
    image = _open_image(data, name)
    if image is not None:
        return _from_image(image, name)
    return _from_text(data, name)


def _from_pdf(data: bytes, name: str) -> list[str]:
    with _PDFIUM:
        document = _open_pdf(data, name)
        try:
            count = len(document)
            if count > MAX_PAGES:
                raise _too_large(name, Text(f"{count}ページあります", f"{count} pages"))
            pages = (_read_page(document, index, name) for index in range(count))
            return _found(pages, count, name)
        finally:
            document.close()


def _open_pdf(data: bytes, name: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_NEEDED:
            raise _encrypted(name) from error
        raise _damaged(name, "PDF") from error


def _read_page(document: pdfium.PdfDocument, index: int, name: str) -> list[str]:
    """The codes of one page at 200 dpi and, where that is not enough, at 400."""
    try:
        page = document[index]
        return _search(lambda: _render(page, _DPI), lambda: _render(page, 2 * _DPI))
    except pdfium.PdfiumError as error:
        raise _damaged(name, "PDF") from error


def _render(page: pdfium.PdfPage, dpi: int) -> Image.Image:
    """The page in grey; coarser than ``dpi`` where it would pass MAX_PIXELS (a poster, or a hostile size)."""
    scale = dpi / _POINTS_PER_INCH
    width, height = page.get_size()
    scale = min(scale, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return image.convert("L")


def _open_image(data: bytes, name: str) -> Image.Image | None:
    """The image, not yet unpacked, or None where ``data`` is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except UnidentifiedImageError:
        return None
    except (OSError, SyntaxError, ValueError) as error:
        raise _damaged(name, "画像") from error
    return image


def _from_image(image: Image.Image, name: str) -> list[str]:
    count = getattr(image, "n_frames", 1)
    if count > MAX_PAGES:
        raise _too_large(name, Text(f"{count}ページあります", f"{count} pages"))
    try:
        return _found((_read_frame(frame, name) for frame in ImageSequence.Iterator(image)), count, name)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise _damaged(name, "画像") from error


def _read_frame(frame: Image.Image, name: str) -> list[str]:
    """The codes of one frame as it is and, where that is not enough, at twice its size."""
    if frame.width * frame.height > MAX_PIXELS:
        raise _too_many_pixels(name)
    frame.load()
    grey = _grey(frame)
    return _search(lambda: grey, lambda: _doubled(grey))


def _search(*views: Callable[[], Image.Image]) -> list[str]:
    """What the views of one page show, made one after the other until a code of ours is found."""
    found: list[str] = []
    for view in views:
        found += _decode(view())
        if any(text.startswith(_OURS) for text in found):
            break
    return found


def _doubled(image: Image.Image) -> Image.Image:
    """Twice the size, which reads modules of less than 2.35 pixels; as it is where that would be too large."""
    if 4 * image.width * image.height > MAX_PIXELS:
        return image
    return image.resize((2 * image.width, 2 * image.height), Image.Resampling.BICUBIC)


def _grey(image: Image.Image) -> Image.Image:
    """In grey, with transparent parts as white paper."""
    if image.mode == "L":
        return image
    if not image.has_transparency_data:
        return image.convert("L")
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    paper.alpha_composite(layered)
    return paper.convert("L")


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


def _damaged(name: str, kind: str) -> UnreadableError:
    return UnreadableError(
        Text(f"{name}: {kind}が壊れていて読めません", f"{name}: the {kind.replace('画像', 'image')} is damaged"),
        Text(
            "もう一度スキャンするか、元のファイルを受け取り直してください", "scan it again, or ask for the file again"
        ),
        code="damaged-scan",
    )


def _encrypted(name: str) -> UnreadableError:
    return UnreadableError(
        Text(f"{name}: PDFにパスワードがかかっています", f"{name}: the PDF is protected by a password"),
        Text("パスワードを外したPDFを渡してください", "hand over the PDF without a password"),
        code="encrypted-pdf",
    )


def _too_many_pixels(name: str) -> UnreadableError:
    limit = MAX_PIXELS // 1_000_000
    return _too_large(name, Text(f"画像が{limit}メガピクセルを超えています", f"an image of over {limit} megapixels"))


def _too_large(name: str, what: Text) -> UnreadableError:
    return UnreadableError(
        Text(f"{name}: 大きすぎます（{what.ja}）", f"{name}: too large ({what.en})"),
        Text("証明書のページだけを300 dpiでスキャンしてください", "scan only the certificate's page, at 300 dpi"),
        code="scan-too-large",
    )


_SCAN_AGAIN = Text(
    "証明書のページ全体を300 dpiでスキャンし、PDFか画像で渡してください",
    "scan the whole page of the certificate at 300 dpi and hand over the PDF or image",
)
