"""Text that flows down a page and on to the next, each page with the heads and feet that it needs."""

from __future__ import annotations

from dataclasses import dataclass

from biotrace.documents.typeface import BOLD
from biotrace.errors import UsageError
from biotrace.model.text import Text

from .sheet import BOTTOM, GREY, LEFT, RIGHT, TOP, Frame, Sheet, Style, Watermark, Words
from .wrap import wrap

_WIDE = RIGHT - LEFT
_HEAD = Style(8.5, grey=GREY)
_HEAD_RIGHT = Style(8.5, grey=GREY, align="right")
_FOOT = Style(7.5, grey=GREY, align="center")
_COPY = Style(17, BOLD)
_COPY_NOTE = Style(8.5, leading=1.4)
_COPY_TITLE_WIDE = 44.0


@dataclass(frozen=True, slots=True)
class Heading:
    """What heads every page. ``transcribed_by`` turns the page into a marked copy."""

    form: str
    certificate: str
    transcribed_by: str | None


class Flow:
    """Sheets under way and the height reached on the last of them, in mm from its top."""

    def __init__(self, heading: Heading) -> None:
        self._heading = heading
        self.sheets: list[Sheet] = []
        self.y = TOP
        self.new_page()

    @property
    def sheet(self) -> Sheet:
        """The page that fills up now."""
        return self.sheets[-1]

    def new_page(self) -> None:
        """Start a page under its heading."""
        first = not self.sheets
        self.sheets.append(Sheet())
        self.y = TOP
        if self._heading.transcribed_by is not None:
            self._mark_as_copy(self._heading.transcribed_by)
        self.sheet.write(self._heading.form + ("" if first else "　続き"), LEFT, self.y, _WIDE, _HEAD)
        if not first:
            self.y = self._right(self._heading.certificate) + 4

    def _right(self, text: str) -> float:
        return self.sheet.block(text, LEFT + _WIDE / 2, self.y, _WIDE / 2, _HEAD_RIGHT)

    def _mark_as_copy(self, transcriber: str) -> None:
        """Head and watermark of a transcription: it must never pass for the issuer's own paper."""
        note = (
            f"転記者: {transcriber}\n"
            "紙の証明書を転記者が書き写し、転記者が署名した記録の写しです。"
            "発行者が作成した原本ではなく、発行者の署名・押印はありません。"
        )
        x = LEFT + _COPY_TITLE_WIDE
        high = 4 + len(wrap(note, _COPY_NOTE.font, _COPY_NOTE.size, RIGHT - 3 - x)) * _COPY_NOTE.line
        self.sheet.marks.append(Watermark("写し"))
        self.sheet.marks.append(Frame(LEFT, self.y, _WIDE, high, grey=0, fill=1))
        self.sheet.write("転記 写し", LEFT + 6, self.y + (high - _COPY.line) / 2, _COPY_TITLE_WIDE, _COPY)
        self.sheet.block(note, x, self.y + 2, RIGHT - 3 - x, _COPY_NOTE)
        self.y += high + 3

    def gap(self, high: float) -> None:
        """Leave some height empty."""
        self.y += high

    def room(self, high: float) -> None:
        """Go to a new page unless ``high`` mm are left on this one."""
        if self.y + high > BOTTOM:
            self.new_page()

    def line(self, text: str, x: float, wide: float, style: Style) -> None:
        """One line, on a new page where this one is full."""
        self.room(style.line)
        self.sheet.write(text, x, self.y, wide, style)
        self.y += style.line

    def paragraph(self, text: str, x: float, wide: float, style: Style) -> None:
        """A wrapped paragraph that may run on to the next page."""
        for line in wrap(text, style.font, style.size, wide):
            self.line(line, x, wide, style)

    def finish(self, record_id: str | None) -> list[Sheet]:
        """The sheets, numbered where there are several; further pages name the record, if any, that they belong to.

        Raises UsageError where a text that may not be broken runs past the foot of its page.
        """
        if any(isinstance(mark, Words) and mark.y > BOTTOM for sheet in self.sheets for mark in sheet.marks):
            raise _too_long()
        count = len(self.sheets)
        for number, sheet in enumerate(self.sheets, start=1):
            if count > 1:
                sheet.write(f"{number}／{count}", LEFT, BOTTOM + 3, _WIDE, _FOOT)
            if number > 1 and record_id is not None:
                sheet.write(f"記録ID {record_id}", LEFT, BOTTOM + 7, _WIDE, _FOOT)
        return self.sheets


def _too_long() -> UsageError:
    return UsageError(
        Text(
            "名称・住所・所在地のいずれかが長すぎて1ページに入りません",
            "a name, an address or a place is too long for a page",
        ),
        code="form-overflow",
    )
