"""A supporting document's stored copy on paper: every page marked 写し, with its record and the file's SHA-256."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from biotrace.model.text import Text

from .evidence_pictures import pictures
from .forms.sheet import GREY, HEIGHT, WIDTH, Frame, Picture, Rule, Sheet, Style
from .forms.wrap import wrap
from .paint import Metadata, paint
from .typeface import BOLD, check_glyphs

_LEFT, _RIGHT, _TOP = 15.0, WIDTH - 15.0, 10.0
_WIDE = _RIGHT - _LEFT
_MARK_WIDE = 30.0
_MARK = Style(24, BOLD, align="center")
_LINE = Style(8, leading=1.4)
_FOOT = Style(7.5, leading=1.4, grey=GREY)
_LIST_TITLE = Style(12, BOLD)
_LIST = Style(9.5, leading=1.5)
_FOOT_TOP = HEIGHT - 22.0
_GAP = 3.0
_DPI = 200
_NAMED = 3  # certificates on every page; with more, the last page lists all
_MARGIN = 2.0


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """A file of the document: its content, SHA-256 in hex, and what the record says it is."""

    content: bytes
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """``what``: kind, number and day of the document; ``subject`` and ``record_id``: of its record.

    ``citing``: the certificates that rest on it, as people name them.
    """

    what: str
    subject: str
    record_id: str
    citing: tuple[str, ...]


def render_evidence(page: EvidencePage, files: Sequence[StoredCopy]) -> bytes:
    """All pages of all files as one PDF; the same values give the same bytes.

    The pages are pictures of the stored file's (200 dpi): what it contains beside them, such as links, stays behind.
    Raises UnreadableError for a file that cannot be shown, and UsageError for a character that cannot be printed.
    """
    head = _head(page)
    sheets = []
    for number, file in enumerate(files, start=1):
        sheets += _sheets(head, file, f"{number}／{len(files)}")
    if len(page.citing) > _NAMED:
        sheets += _all_citing(page)
    title = f"写し {page.what}"
    return paint(sheets, Metadata(title=title, author="biotrace", subject=f"記録ID {page.record_id}"))


def _head(page: EvidencePage) -> list[str]:
    """What stands at the top of every page, as lines."""
    named = "、".join(page.citing[:_NAMED]) or "なし"
    more = len(page.citing) - _NAMED
    if more > 0:
        named += f" ほか{more}件（最後のページに一覧）"
    text = "\n".join(
        (
            f"根拠書類の写し　{page.what}",
            f"台帳の記録　{page.subject}",
            f"記録ID　{page.record_id}",
            f"引用している証明書　{named}",
        )
    )
    check_glyphs(text, Text("根拠書類", "supporting document"))
    return wrap(text, _LINE.font, _LINE.size, _WIDE - _MARK_WIDE - _MARGIN)


def _sheets(head: list[str], file: StoredCopy, number: str) -> list[Sheet]:
    top = _TOP + _high(head) + _GAP
    wide, high = _WIDE, _FOOT_TOP - _GAP - top
    pages = pictures(file.content, f"SHA-256 {file.sha256[:12]}", (_pixels(wide), _pixels(high)))
    sheets = []
    for index, jpeg in enumerate(pages, start=1):
        sheet = _stamped(head)
        with Image.open(io.BytesIO(jpeg)) as image:
            scale = min(wide / image.width, high / image.height)
            size = image.width * scale, image.height * scale
        x = _LEFT + (wide - size[0]) / 2
        sheet.marks.append(Picture(x, top, size[0], size[1], jpeg))
        sheet.marks.append(Frame(x, top, size[0], size[1], grey=0.7))
        lines = (
            f"保存ファイル {number}　ページ {index}／{len(pages)}　{file.media_type}　{len(file.content):,} バイト",
            f"保存ファイルの SHA-256　{file.sha256}",
        )
        for at, line in enumerate(lines):
            sheet.write(line, _LEFT, _FOOT_TOP + 1 + at * _FOOT.line, _WIDE, _FOOT)
        sheet.marks.append(Rule(_LEFT, _FOOT_TOP, _RIGHT, _FOOT_TOP, grey=0.7))
        sheets.append(sheet)
    return sheets


def _stamped(head: list[str]) -> Sheet:
    """A page with its mark: 写し in a frame, and beside it which document it is of."""
    sheet = Sheet()
    high = _high(head)
    sheet.marks.append(Frame(_LEFT, _TOP, _WIDE, high, grey=0))
    sheet.marks.append(Rule(_LEFT + _MARK_WIDE, _TOP, _LEFT + _MARK_WIDE, _TOP + high, grey=0))
    sheet.write("写し", _LEFT, _TOP + (high - _MARK.line) / 2, _MARK_WIDE, _MARK)
    for index, line in enumerate(head):
        x = _LEFT + _MARK_WIDE + _MARGIN
        sheet.write(line, x, _TOP + _MARGIN + index * _LINE.line, _WIDE, _LINE)
    return sheet


def _all_citing(page: EvidencePage) -> list[Sheet]:
    """Pages that list every certificate that rests on the document."""
    head = _head(page)
    top = _TOP + _high(head) + _GAP
    room = int((_FOOT_TOP - top - _LIST_TITLE.line) / _LIST.line)
    lines = [line for name in page.citing for line in wrap(f"・{name}", _LIST.font, _LIST.size, _WIDE)]
    check_glyphs("".join(lines), Text("証明書", "certificate"))
    sheets = []
    for start in range(0, len(lines), room):
        sheet = _stamped(head)
        sheet.write(f"引用している証明書（全{len(page.citing)}件）", _LEFT, top, _WIDE, _LIST_TITLE)
        for index, line in enumerate(lines[start : start + room]):
            sheet.write(line, _LEFT, top + _LIST_TITLE.line + index * _LIST.line, _WIDE, _LIST)
        sheets.append(sheet)
    return sheets


def _high(head: list[str]) -> float:
    return len(head) * _LINE.line + 2 * _MARGIN


def _pixels(millimetres: float) -> int:
    return int(millimetres / 25.4 * _DPI)
