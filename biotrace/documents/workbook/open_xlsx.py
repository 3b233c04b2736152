"""xlsx files as grids: cached values, where formulas have none, what is merged and what is hidden."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, time, timedelta

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from biotrace.model.text import Text

from . import refusals
from .cells import Cell
from .grid import MAX_COLUMNS, MAX_ROWS, Grid, Range

MAX_BYTES = 50 * 1024 * 1024
MAX_XML = 96 * 1024 * 1024
"""Bytes of tables once unpacked: 20,000 rows of 60 columns are some 50 MB."""
MAX_UNPACKED = 300 * 1024 * 1024
_MAX_MERGED = 500_000
"""Cells: more are no merged headings but a mistake, or an attack."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_xlsx(data: bytes) -> bool:
    """Whether the bytes are to be read as a workbook, or refused as one, and not as text."""
    return data.startswith((b"PK", _OLE))


def open_xlsx(data: bytes, name: str) -> list[Grid]:
    """The sheets of a workbook. Raises UnreadableError, with what to do, for whatever cannot be read."""
    if data.startswith(_OLE):
        raise refusals.protected(name) if _ENCRYPTED in data else refusals.old_format(name, ".xls")
    _check_parts(data, name)
    formulas = _load(data, name, values=False)
    calculated = any(cell.data_type == "f" for sheet in formulas.worksheets for cell in sheet._cells.values())
    values = _load(data, name, values=True) if calculated else formulas
    return [_grid(values[sheet.title], sheet, name) for sheet in formulas.worksheets]


def _check_parts(data: bytes, name: str) -> None:
    """What the archive says of itself, before anything is unpacked; unpacking never goes beyond what it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise refusals.broken(name, "zip") from None
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise refusals.old_format(name, ".xlsb")
    if "mimetype" in names and "content.xml" in names:
        raise refusals.old_format(name, ".ods")
    if "[Content_Types].xml" not in names:
        raise refusals.not_a_workbook(name)
    tables = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if tables > MAX_XML or sum(part.file_size for part in parts) > MAX_UNPACKED:
        size = f"{sum(part.file_size for part in parts) >> 20} MB"
        raise refusals.too_large(name, Text(f"展開すると {size}", f"{size} when unpacked"))


def _load(data: bytes, name: str, *, values: bool) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that it leaves out: only the cells are read
            return load_workbook(io.BytesIO(data), data_only=values)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise refusals.broken(name, "zip") from None
    except RecursionError:
        raise refusals.broken(name, "xml") from None
    except MemoryError:
        raise
    except Exception as error:  # openpyxl raises whatever its parts do: KeyError, ValueError, TypeError, ParseError …
        raise refusals.broken(name, type(error).__name__) from None


def _grid(values: Worksheet, formulas: Worksheet, name: str) -> Grid:
    # A sheet's own table of cells, and not iter_rows: that one would make a million cells where a stray one stands
    # in the last row.
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sorted(formulas._cells.items()):
        if isinstance(cell, MergedCell):
            continue
        found = _cell(values.cell(row, column), formula=cell.data_type == "f")
        if found.blank:
            continue
        if row > MAX_ROWS or column > MAX_COLUMNS or len(rows) >= MAX_ROWS:
            limit = Text(
                f"シート「{formulas.title}」に {row} 行 {column} 列（{MAX_ROWS:,} 行 {MAX_COLUMNS} 列まで）",
                f"sheet {formulas.title} has row {row}, column {column} ({MAX_ROWS:,} and {MAX_COLUMNS} at most)",
            )
            raise refusals.too_large(name, limit)
        rows.setdefault(row, {})[column] = found
    return Grid(
        formulas.title,
        rows,
        _merged(formulas, name),
        frozenset(number for number, row in formulas.row_dimensions.items() if row.hidden and number in rows),
        frozenset(_hidden_columns(formulas)),
        formulas.sheet_state != "visible",
    )


def _cell(cell: object, *, formula: bool) -> Cell:
    value, style, kind = (getattr(cell, part) for part in ("value", "number_format", "data_type"))
    if formula and value is None:
        return Cell(None, style, uncalculated=True)
    if kind == "e":
        return Cell(str(value), style, error=True)
    known = value is None or isinstance(value, str | int | float | bool | date | time | timedelta)
    return Cell(value if known else str(value), style)


def _merged(sheet: Worksheet, name: str) -> tuple[Range, ...]:
    found = tuple(Range(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges)
    area = sum(
        (min(r.bottom, MAX_ROWS) - r.top + 1) * (min(r.right, MAX_COLUMNS) - r.left + 1)
        for r in found
        if r.top <= MAX_ROWS and r.left <= MAX_COLUMNS
    )
    if area > _MAX_MERGED:
        raise refusals.too_large(name, Text(f"結合されたセル {area:,} 個", f"{area:,} merged cells"))
    return found


def _hidden_columns(sheet: Worksheet) -> Iterator[int]:
    """A group of hidden columns is kept under its first."""
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            last = min(dimension.max or dimension.min or 0, MAX_COLUMNS)
            yield from range(dimension.min or 1, last + 1)
