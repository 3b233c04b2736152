"""Where a record's QR code stands, with its id below; or, for a record too large for one, where its codes are."""

from __future__ import annotations

from biotrace.documents.qr import QUIET_MODULES, SIDE_MM, Symbol

from .flow import Flow
from .proof import ID_LINE, record_id
from .sheet import LEFT, Code, Frame, Style

CODES_HIGH = 4 * ID_LINE.line
"""What the id takes below the code, in mm."""
_TOLD = Style(9.5, leading=1.6, align="center")


def quiet_mm(symbol: Symbol | None) -> float:
    """The clear margin that the code needs on every side."""
    return QUIET_MODULES * symbol.module_mm() if symbol is not None else 1.0


def write(flow: Flow, symbol: Symbol | None, parts: int, hex_id: str, signer: str, x: float = LEFT) -> float:
    """The code, or a frame that says on which sheets its ``parts`` are. Returns the y below the id."""
    quiet = quiet_mm(symbol)
    top = flow.y + quiet
    if symbol is not None:
        flow.sheet.marks.append(Code(x, top, SIDE_MM, symbol))
    else:
        flow.sheet.marks.append(Frame(x, top, SIDE_MM, SIDE_MM, grey=0.5))
        lines = ("電子記録が大きいため", f"QRコード{parts}個に分けて", "「QRコード別紙」に", "印刷しています")
        y = top + (SIDE_MM - len(lines) * _TOLD.line) / 2
        for line in lines:
            flow.sheet.write(line, x, y, SIDE_MM, _TOLD)
            y += _TOLD.line
    return record_id(flow.sheet, top + SIDE_MM + quiet, hex_id, signer, x)
