"""What ties a paper to its signed record: the place for the seal, and the record's id as people compare it."""

from __future__ import annotations

from .sheet import LEFT, RIGHT, Frame, Sheet, Style

SEAL = 22.0
"""The side of the seal's place in mm."""

ID_LINE = Style(7.5, leading=1.4)
_PER_LINE = 8  # groups of four


def seal(sheet: Sheet, top: float) -> None:
    """The seal's place: a dashed square at the right edge."""
    x = RIGHT - SEAL
    sheet.marks.append(Frame(x, top, SEAL, SEAL, grey=0.7, dashed=True))
    style = Style(9, grey=0.6, align="center")
    sheet.write("印", x, top + (SEAL - style.line) / 2, SEAL, style)


def record_id(sheet: Sheet, y: float, hex_id: str, signer: str, x: float = LEFT) -> float:
    """The id in groups of four, two lines of eight, under whose record it is. Returns the y below."""
    wide = RIGHT - x
    sheet.write(f"{signer}の署名付き電子記録　記録ID", x, y, wide, ID_LINE)
    groups = [hex_id[i : i + 4] for i in range(0, len(hex_id), 4)]
    for start in range(0, len(groups), _PER_LINE):
        y += ID_LINE.line
        sheet.write(" ".join(groups[start : start + _PER_LINE]), x, y, wide, ID_LINE)
    return y + ID_LINE.line
