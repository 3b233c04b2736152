"""csv files as a grid: UTF-8, with or without Excel's sign in front, or Shift_JIS as Excel knows it (cp932)."""

from __future__ import annotations

import csv
import io

from biotrace.model.text import Text

from . import refusals
from .cells import Cell
from .csv_cells import unescaped
from .grid import MAX_COLUMNS, MAX_ROWS, Grid

MAX_BYTES = 50 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_SIGNS = {"\t": "タブ / tab", ";": "「;」"}


def open_csv(data: bytes, name: str) -> Grid:
    """The one sheet of a csv file. Raises UnreadableError, with what to do, for whatever cannot be read."""
    if len(data) > MAX_BYTES:
        raise refusals.too_large(name, Text(f"{len(data) >> 20} MB", f"{len(data) >> 20} MB"))
    text = _decoded(data, name)
    if not text.strip():
        raise refusals.empty(name)
    _check_delimiter(text, name)
    rows: dict[int, dict[int, Cell]] = {}
    try:
        for number, fields in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            cells = {i: cell for i, field in enumerate(fields, 1) if not (cell := Cell(unescaped(field))).blank}
            if not cells:
                continue
            if number > MAX_ROWS or len(fields) > MAX_COLUMNS:
                limit = Text(
                    f"{MAX_ROWS:,} 行 {MAX_COLUMNS} 列まで", f"{MAX_ROWS:,} rows and {MAX_COLUMNS} columns at most"
                )
                raise refusals.too_large(name, limit)
            rows[number] = cells
    except csv.Error as error:
        raise refusals.broken(name, f"csv: {error}") from None
    return Grid(None, rows)


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:64]:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise refusals.wrong_encoding(name, "UTF-16")
        raise refusals.not_a_workbook(name)
    if data.startswith((b"\x1b$", b"\x1b(")) or b"\x1b$B" in data:
        raise refusals.wrong_encoding(name, "ISO-2022-JP (JIS)")
    if data.startswith(b"<") or data[:64].lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml")):
        raise refusals.not_a_workbook(name)
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp932" and _looks_like_euc(data):
            break
        return text
    if _is_euc(data):
        raise refusals.wrong_encoding(name, "EUC-JP")
    raise refusals.wrong_encoding(name, "不明 (unknown)")


def _looks_like_euc(data: bytes) -> bool:
    """Nearly every EUC-JP text also decodes as Shift_JIS, into half-width kana; the other way round that is rare."""
    text = data.decode("cp932")
    half_width = sum("\uff61" <= c <= "\uff9f" for c in text)
    return _is_euc(data) and half_width * 2 > sum(c > "\x7f" for c in text)


def _is_euc(data: bytes) -> bool:
    try:
        data.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return True


def _check_delimiter(text: str, name: str) -> None:
    """Raise UnreadableError where the first lines have no comma and many of another sign."""
    lines = [line for line in text.splitlines()[:20] if line.strip()][:10]
    if any("," in line for line in lines[:3]):
        return
    for sign, called in _SIGNS.items():
        if all(sign in line for line in lines[:3]):
            raise refusals.wrong_delimiter(name, called)
