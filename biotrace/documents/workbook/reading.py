"""A workbook or csv file as rows of the sheets that are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from biotrace.documents.problems import visible
from biotrace.model.text import Text

from . import refusals
from .cells import form
from .columns import Sheet
from .grid import Grid
from .headers import score
from .open_csv import open_csv
from .open_xlsx import MAX_BYTES, is_xlsx, open_xlsx
from .rows import SheetRows, read_rows
from .sheets import LISTS, REPORTS, SHEETS, sheet_named


@dataclass(frozen=True, slots=True)
class Book:
    """What was read of a file, sheet by sheet in the order of taking in, and the sheets that were not."""

    sheets: tuple[SheetRows, ...]
    notes: tuple[Text, ...]


def read_book(data: bytes, name: str, wanted: Iterable[str] = ()) -> Book:
    """The rows of a file. ``wanted``: only these sheets, by their name in the file or by what they are (入荷 …).

    Raises UnreadableError for a file that cannot be read, and where no sheet of it is known.
    """
    if not data:
        raise refusals.empty(name)
    if len(data) > MAX_BYTES:
        raise refusals.too_large(name, Text(f"{len(data) >> 20} MB", f"{len(data) >> 20} MB"))
    grids = open_xlsx(data, name) if is_xlsx(data) else [open_csv(data, name)]
    chosen = [form(word) for word in wanted]
    known: list[tuple[Sheet, Grid]] = []
    passed: list[str] = []
    reports: list[str] = []
    for grid in grids:
        if grid.name == LISTS or not grid.rows:
            continue
        if grid.name in REPORTS.values():
            reports.append(grid.name or "")
            continue
        sheet = _kind(grid, name, chosen)
        if sheet is None or not _is_wanted(grid, sheet, chosen):
            passed.append(grid.name or name)
        else:
            known.append((sheet, grid))
    if not known:
        if not passed and not reports:
            raise refusals.empty(name)
        raise refusals.no_sheet(name, [visible(p) for p in (*passed, *reports)], "・".join(s.title for s in SHEETS))
    known.sort(key=lambda pair: SHEETS.index(pair[0]))
    notes = []
    if reports:
        told = "、".join(reports)
        notes.append(Text(f"書き出しの一覧は取り込みません: {told}", f"lists of an export are not taken in: {told}"))
    if passed:
        told = "、".join(visible(p) for p in passed)
        notes.append(Text(f"読まなかったシート: {told}", f"sheets not read: {told}"))
    return Book(tuple(read_rows(name, sheet, grid) for sheet, grid in known), tuple(notes))


def _kind(grid: Grid, file: str, chosen: list[str]) -> Sheet | None:
    """By the sheet's name; a csv file or a sheet of another name by its headers, or as it was asked for."""
    by_name = sheet_named(grid.name) if grid.name is not None else None
    if by_name is not None:
        return by_name
    scores = sorted(((score(grid, sheet), -i) for i, sheet in enumerate(SHEETS)), reverse=True)
    if scores[0][0] and scores[0][0] > scores[1][0]:
        return SHEETS[-scores[0][1]]
    if grid.name is None:
        asked = [sheet for word in chosen if (sheet := sheet_named(word)) is not None]
        return asked[0] if len(asked) == 1 else sheet_named(file.rsplit(".", 1)[0])
    return None


def _is_wanted(grid: Grid, sheet: Sheet, chosen: list[str]) -> bool:
    names = {form(sheet.title), form(sheet.key), *({form(grid.name)} if grid.name is not None else ())}
    return not chosen or any(word in names for word in chosen)
