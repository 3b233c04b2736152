"""A PDF page as a picture."""

from __future__ import annotations

import io

import pypdfium2 as pdfium

_POINTS_PER_INCH = 72


def page_picture(data: bytes, dpi: int, page: int = 0) -> bytes:
    """The page as PNG at ``dpi`` dots per inch, in grey, as an office printer and scanner would give it."""
    document = pdfium.PdfDocument(data)
    try:
        image = document[page].render(scale=dpi / _POINTS_PER_INCH, grayscale=True).to_pil()
    finally:
        document.close()
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
