"""PDFs and pictures from outside, opened within limits; every refusal names the file and what to do."""

from __future__ import annotations

import io
import threading
import warnings

import pypdfium2 as pdfium
from PIL import Image, UnidentifiedImageError

from biotrace.errors import UnreadableError
from biotrace.model.text import Text

MAX_PAGES = 200
MAX_PIXELS = 80_000_000
"""A3 at 600 dpi is 70 million; what is larger is refused before it is unpacked."""
PDFIUM = threading.Lock()
"""PDFium is not safe to use from two threads."""
POINTS_PER_INCH = 72

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "JPEG2000", "PPM")
# Named, because Pillow knows formats that start other programs (EPS).
_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD


def is_pdf(data: bytes) -> bool:
    """Whether it begins as PDFs do."""
    return b"%PDF-" in data[:1024]


def open_pdf(data: bytes, name: str) -> pdfium.PdfDocument:
    """The document; hold PDFIUM while it is in use. Raises UnreadableError for a damaged or encrypted one."""
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_NEEDED:
            raise _encrypted(name) from error
        raise damaged(name, "PDF") from error


def open_image(data: bytes, name: str) -> Image.Image | None:
    """The image, not yet unpacked, or None where ``data`` is none. Raises UnreadableError for a damaged one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels(name) from error
    except UnidentifiedImageError:
        return None
    except (OSError, SyntaxError, ValueError) as error:
        raise damaged(name, "画像") from error
    return image


def on_paper(image: Image.Image) -> Image.Image:
    """The image without transparency: clear parts become white paper."""
    if not image.has_transparency_data:
        return image
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    paper.alpha_composite(layered)
    return paper


def check_pages(count: int, name: str, most: int = MAX_PAGES) -> None:
    """Raise UnreadableError for a file of too many pages."""
    if count > most:
        raise too_large(name, Text(f"{count}ページあります", f"{count} pages"))


def damaged(name: str, kind: str) -> UnreadableError:
    """The error for a file that is broken. ``kind``: PDF or 画像."""
    return UnreadableError(
        Text(f"{name}: {kind}が壊れていて読めません", f"{name}: the {kind.replace('画像', 'image')} is damaged"),
        Text(
            "もう一度スキャンするか、元のファイルを受け取り直してください", "scan it again, or ask for the file again"
        ),
        code="damaged-scan",
    )


def too_many_pixels(name: str) -> UnreadableError:
    """The error for a picture beyond MAX_PIXELS."""
    limit = MAX_PIXELS // 1_000_000
    return too_large(name, Text(f"画像が{limit}メガピクセルを超えています", f"an image of over {limit} megapixels"))


def too_large(name: str, what: Text) -> UnreadableError:
    """The error for a file beyond a limit."""
    return UnreadableError(
        Text(f"{name}: 大きすぎます（{what.ja}）", f"{name}: too large ({what.en})"),
        Text("必要なページだけを300 dpiでスキャンしてください", "scan only the pages that are needed, at 300 dpi"),
        code="scan-too-large",
    )


def _encrypted(name: str) -> UnreadableError:
    return UnreadableError(
        Text(f"{name}: PDFにパスワードがかかっています", f"{name}: the PDF is protected by a password"),
        Text("パスワードを外したPDFを渡してください", "hand over the PDF without a password"),
        code="encrypted-pdf",
    )
