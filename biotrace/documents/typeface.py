"""The typeface of every paper that leaves the house: Noto Sans JP, embedded as a subset."""

from __future__ import annotations

import io
import re
import threading
import unicodedata
from functools import cache
from importlib import resources

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFStream
from reportlab.pdfbase.ttfonts import TTFont

from biotrace.errors import UsageError
from biotrace.model.showing import showable_lines
from biotrace.model.text import Text

REGULAR = "NotoSansJP"
BOLD = "NotoSansJP-Bold"
UNPRINTABLE = "〓"
"""Stands for what the typeface cannot print."""
_FILES = {REGULAR: "NotoSansJP-Regular.ttf", BOLD: "NotoSansJP-Bold.ttf"}

_LOCK = threading.Lock()
_VARIATION = re.compile("[\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_COMBINED = re.compile("[A-Za-z\u3040-\u30ff][\u0300-\u036f\u3099\u309a]")
_LONG_TARGET = re.compile("<([0-9A-F]{5,6})>")


class _UnicodeFont(TTFont):
    """A TrueType font whose text can be searched and copied beyond the BMP too.

    reportlab 5.1 writes U+20BB7 into the ToUnicode map as ``<20BB7>``, where a reader expects UTF-16:
    ``<D842DFB7>``. Without this, 𠮷 prints well and extracts as something else.
    """

    def addObjects(self, doc: PDFDocument) -> None:
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:") and isinstance(stream, PDFStream):
                stream.content = _LONG_TARGET.sub(_as_utf16, stream.content)


def _as_utf16(match: re.Match[str]) -> str:
    return f"<{chr(int(match.group(1), 16)).encode('utf-16-be').hex().upper()}>"


def register() -> None:
    """Make both weights known to reportlab. Cheap when done before; safe from several threads."""
    with _LOCK:
        for name in _FILES:
            pdfmetrics.registerFont(_font(name))


@cache
def _font(name: str) -> TTFont:
    """The font, parsed once per process (30 ms each)."""
    data = (resources.files("biotrace.documents.fonts") / _FILES[name]).read_bytes()
    return _UnicodeFont(name, io.BytesIO(data))


def for_drawing(text: str) -> str:
    """``text`` as its glyphs stand in the font; for drawing only, the record keeps its own characters.

    Variation selectors go (the font is not asked for variants), and a kana or letter with a combining
    mark becomes its composed form. Nothing else is normalised: NFC would turn U+FA19 in a name into U+795E.
    """
    return _COMBINED.sub(lambda m: unicodedata.normalize("NFC", m.group()), _VARIATION.sub("", text))


def check_glyphs(text: str, field: Text) -> None:
    """Raise UsageError for characters that the typeface cannot print, naming each, its code point and ``field``.

    A line break is no glyph and is taken by the layout.
    """
    known = _font(REGULAR).face.charToGlyph
    missing = sorted({c for c in for_drawing(text) if c != "\n" and (ord(c) not in known or showable_lines(c) != c)})
    if not missing:
        return
    shown = [f"{c if c.isprintable() else '?'} (U+{ord(c):04X})" for c in missing]
    raise UsageError(
        Text(
            f"{field.ja}に印刷できない文字があります: {'、'.join(shown)}",
            f"{field.en}: the typeface has no glyph for {', '.join(shown)}",
        ),
        Text("この文字を印刷できる字に置き換えてください", "write it with a character that can be printed"),
        code="missing-glyph",
    )


def printable(text: str) -> str:
    """``text`` with 〓 in place of each character that the typeface cannot print; hidden ones stand as code points.

    For reports about other people's records, which one odd name must not prevent; a paper of one's own is refused.
    """
    known = _font(REGULAR).face.charToGlyph
    return "".join(c if c == "\n" or ord(c) in known else UNPRINTABLE for c in for_drawing(showable_lines(text)))


def is_odd(text: str) -> bool:
    """Whether it holds what ``printable`` shows as 〓."""
    return printable(text) != for_drawing(showable_lines(text))


def width(text: str, font: str, size: float) -> float:
    """How wide ``text`` stands, in points. ``font``: REGULAR or BOLD; ``size`` in points."""
    return float(_font(font).stringWidth(for_drawing(text), size))
