"""The pages of a stored file as pictures, for the copy that is printed of it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdfium2 as pdfium
from PIL import Image, ImageOps, ImageSequence

from biotrace.errors import UnreadableError
from biotrace.model.text import Text

from .opened import (
    MAX_PIXELS,
    PDFIUM,
    check_pages,
    damaged,
    is_pdf,
    on_paper,
    open_image,
    open_pdf,
    too_many_pixels,
)

_QUALITY = 85


def pictures(data: bytes, name: str, box: tuple[int, int]) -> list[bytes]:
    """Every page of a PDF, or every frame of a picture, as a JPEG in colour within ``box`` (pixels).

    A photograph is turned as its camera says. Raises UnreadableError, naming the file as ``name``, for one that is
    damaged, encrypted, too large, or neither a PDF nor a picture (``not-printable``).
    """
    if is_pdf(data):
        with PDFIUM:
            document = open_pdf(data, name)
            try:
                check_pages(len(document), name)
                return [_page(document, index, name, box) for index in range(len(document))]
            finally:
                document.close()
    image = open_image(data, name)
    if image is None:
        raise UnreadableError(
            Text(f"{name}: PDFでも画像でもないので印刷できません", f"{name}: neither a PDF nor a picture"),
            Text("ファイルをそのまま開いて印刷してください", "open and print the file itself"),
            code="not-printable",
        )
    check_pages(getattr(image, "n_frames", 1), name)
    try:
        return [_jpeg(frame, box) for frame in _frames(image, name)]
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise damaged(name, "画像") from error


def _page(document: pdfium.PdfDocument, index: int, name: str, box: tuple[int, int]) -> bytes:
    try:
        page = document[index]
        width, height = page.get_size()
        scale = min(box[0] / max(width, 1), box[1] / max(height, 1))
        image: Image.Image = page.render(scale=scale).to_pil()
    except pdfium.PdfiumError as error:
        raise damaged(name, "PDF") from error
    return _jpeg(image, box)


def _frames(image: Image.Image, name: str) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(image):
        if frame.width * frame.height > MAX_PIXELS:
            raise too_many_pixels(name)
        frame.load()
        yield on_paper(ImageOps.exif_transpose(frame))


def _jpeg(image: Image.Image, box: tuple[int, int]) -> bytes:
    small = image.convert("RGB")
    small.thumbnail(box, Image.Resampling.LANCZOS)
    target = io.BytesIO()
    small.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()
