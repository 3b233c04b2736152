"""QRコード別紙: the parts of a record that does not fit one QR code, up to six on a page, larger than on the form."""

from __future__ import annotations

from biotrace.documents.qr import Symbol
from biotrace.documents.typeface import BOLD

from .flow import Flow
from .sheet import BOTTOM, LEFT, RIGHT, SMALL, Code, Style

SIDE_MM = 66.0
_TITLE = Style(14, BOLD, align="center")
_CAPTION = Style(9, align="center")
_STEP = 79.0  # from one row of codes to the next
_LEFTS = (LEFT + 5.0, RIGHT - 5.0 - SIDE_MM)
_TOLD = (
    "電子記録が1個のQRコードに入らないため、{count}個に分けて印刷しています。確かめるには、全ての個数を読み取ります"
    "（順序は問いません）。1個でも欠けると、記録は読めません。"
)


def write(flow: Flow, symbols: tuple[Symbol, ...], record_id: str) -> None:
    """All parts in order, each with its number below, on pages of their own. The texts name the record themselves."""
    if not symbols:
        return
    flow.new_page()
    flow.line("QRコード別紙", LEFT, RIGHT - LEFT, _TITLE)
    flow.paragraph(_TOLD.format(count=len(symbols)), LEFT, RIGHT - LEFT, SMALL)
    flow.gap(5)
    for start in range(0, len(symbols), len(_LEFTS)):
        if flow.y + _STEP > BOTTOM:
            flow.new_page()
            flow.gap(5)
        for x, symbol, number in zip(_LEFTS, symbols[start:], range(start + 1, len(symbols) + 1), strict=False):
            flow.sheet.marks.append(Code(x, flow.y, SIDE_MM, symbol))
            caption = f"{number}／{len(symbols)}　記録 {record_id[:8].upper()}"
            flow.sheet.write(caption, x, flow.y + SIDE_MM + 4, SIDE_MM, _CAPTION)
        flow.gap(_STEP)
