"""The QR code of a certificate, drawn as vectors so that it stays sharp at any print resolution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import ALPHA_NUM, QRData
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from biotrace.errors import UsageError
from biotrace.model.text import Text

SIDE_MM = 45.0
"""Printed side of the symbol, without its quiet zone."""

QUIET_MODULES = 4
"""Clear modules that ISO/IEC 18004 asks for on every side."""

SMALLEST_MODULE_MM = 0.30
"""A scan at 200 dpi then has 2.36 pixels to a module; readers give up below about 2.35."""

CAPACITY = 3391
"""Alphanumeric characters that version 40 takes at error correction M."""

ALPHABET = frozenset(ALPHA_NUM.decode("ascii"))
"""The characters of alphanumeric mode, which are those of base45."""

_MASK = 3
# A fixed mask saves trying all eight, which takes two thirds of the time; the payload is compressed, so no
# mask meets a pattern in it.

_MODES: tuple[Literal[2, 4], ...] = (2, 4)
# Alphanumeric, then bytes: qrcode 8.2 raises ValueError where a whole block is zero, as in a long run of "0",
# which byte mode writes with other bits. The reader gets the same text either way.


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code as rows of modules, True for dark, without quiet zone. ``version``: 1 to 40."""

    text: str
    version: int
    rows: tuple[tuple[bool, ...], ...]

    def module_mm(self, side_mm: float = SIDE_MM) -> float:
        """The side of one module when the symbol is printed ``side_mm`` wide."""
        return side_mm / len(self.rows)


def fits(text: str, side_mm: float = SIDE_MM) -> bool:
    """Whether ``symbol`` takes a text of the alphanumeric set at this side."""
    return len(text) <= CAPACITY and _encode(text).module_mm(side_mm) >= SMALLEST_MODULE_MM


def symbol(text: str, side_mm: float = SIDE_MM) -> Symbol:
    """``text`` as a symbol at error correction M, every character kept.

    Raises UsageError where the text has characters outside the alphanumeric set, does not fit version 40,
    or fits only with modules below SMALLEST_MODULE_MM at ``side_mm``.
    """
    strange = sorted(set(text) - ALPHABET)
    if strange or not text:
        raise _not_alphanumeric(strange)
    if len(text) > CAPACITY:
        raise _too_long(text)
    found = _encode(text)
    if found.module_mm(side_mm) < SMALLEST_MODULE_MM:
        raise _too_fine(found, side_mm)
    return found


@lru_cache(maxsize=16)
def _encode(text: str) -> Symbol:
    for mode in _MODES:
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=_MASK, border=0)
        code.add_data(QRData(text.encode("ascii"), mode=mode), optimize=0)
        try:
            code.make(fit=True)
        except ValueError:
            continue
        return Symbol(text, code.version, tuple(tuple(map(bool, row)) for row in code.modules))
    raise _too_long(text)


def draw(canvas: Canvas, found: Symbol, x: float, y: float, side_mm: float = SIDE_MM) -> float:
    """Draw on a canvas with the lower left module at (x, y), in points. Returns the module size in mm.

    The quiet zone lies outside ``side_mm`` and is painted white, so that nothing beneath shines through.
    """
    module = found.module_mm(side_mm)
    step = module * mm
    side = side_mm * mm
    quiet = QUIET_MODULES * step
    canvas.saveState()
    canvas.setFillGray(1)
    canvas.rect(x - quiet, y - quiet, side + 2 * quiet, side + 2 * quiet, stroke=0, fill=1)
    canvas.setFillGray(0)
    # One path for all: separate fills show hairlines between rows when a viewer smooths edges.
    path = canvas.beginPath()
    for index, row in enumerate(found.rows):
        for start, length in _dark_runs(row):
            path.rect(x + start * step, y + side - (index + 1) * step, length * step, step)
    canvas.drawPath(path, stroke=0, fill=1, fillMode=1)
    canvas.restoreState()
    return module


def _dark_runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Runs of dark modules as (start, length)."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for column, dark in enumerate((*row, False)):
        if dark and start is None:
            start = column
        elif start is not None and not dark:
            runs.append((start, column - start))
            start = None
    return runs


def _not_alphanumeric(strange: list[str]) -> UsageError:
    shown = " ".join(repr(c) for c in strange)
    return UsageError(
        Text(
            f"QRコードの内容が英数字モードの文字ではありません: {shown or '空'}",
            f"the text for the QR code is not alphanumeric (0-9 A-Z space $%*+-./:): {shown or 'empty'}",
        ),
        code="qr-alphabet",
    )


def _too_long(text: str) -> UsageError:
    return UsageError(
        Text(
            f"QRコードに入りません: {len(text)}文字（型番40・誤り訂正Mの上限は{CAPACITY:,}文字）",
            f"too long for a QR code: {len(text)} characters (version 40 at level M takes {CAPACITY:,})",
        ),
        _SHORTEN,
        code="qr-too-long",
    )


def _too_fine(found: Symbol, side_mm: float) -> UsageError:
    size = f"{found.module_mm(side_mm):.2f}"
    count, least = len(found.text), f"{SMALLEST_MODULE_MM:.2f}"
    return UsageError(
        Text(
            f"QRコードが細かすぎて読み取れません: {count}文字でセル{size} mm（{side_mm:g} mm角、下限{least} mm）",
            f"the QR code gets too fine to be scanned: {count} characters make modules of {size} mm "
            f"at {side_mm:g} mm, the limit is {least} mm",
        ),
        _SHORTEN,
        code="qr-too-fine",
    )


_SHORTEN = Text(
    "記録を短くしてください（伐採箇所・樹種・引き当てが多いときは証明書を分けます）",
    "shorten the record: split the certificate where it names many places, species or draws",
)
