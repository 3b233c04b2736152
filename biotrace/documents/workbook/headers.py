"""Finding the row of headers and what each of them means: it need not be the first, in order, or in our words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from biotrace.documents.problems import visible
from biotrace.model.text import Text

from .cells import Spot, form, letters
from .columns import Column, Sheet
from .grid import Grid
from .kinds import Head

SEARCHED = 40
"""Rows with something in them among which the headers are looked for: above them stand titles and dates."""
_LEAST = 2
_MARKS = re.compile(r"[*＊※●★]|[(（\[【]?必須[)）\]】]?|[▼▽]")
_TAIL = re.compile(r"(.+?)[(\[〔【<](.*?)[)\]〕】>]", re.DOTALL)
_DRY_BASIS = re.compile("乾量|dry|d\\.?b\\.?", re.IGNORECASE)
"""A moisture on dry basis is another figure: such a column is none of ours."""


@dataclass(frozen=True, slots=True)
class Found:
    """A column of ours in a sheet of theirs. ``own``: the header is ours, not another word for it."""

    column: Column
    head: Head
    own: bool


@dataclass(frozen=True)
class Headers:
    """The columns of a sheet by their numbers, the row they are headed in, and the last row of the heading."""

    row: int
    last: int
    columns: Mapping[int, Found]
    unread: Mapping[int, str]
    twice: tuple[tuple[int, int, Column], ...]

    @cached_property
    def by_key(self) -> Mapping[str, tuple[int, Head]]:
        """Column number and header by our identifier."""
        return {found.column.key: (number, found.head) for number, found in self.columns.items()}

    def notes(self) -> list[Text]:
        """Which columns were read under another name, and which were not."""
        renamed = [
            f"{letters(n)}「{visible(f.head.text)}」＝{f.column.title}" for n, f in self.columns.items() if not f.own
        ]
        notes = []
        if renamed:
            told = "、".join(renamed)
            notes.append(Text(f"別の名前の列を読みました: {told}", f"columns read under another name: {told}"))
        if self.unread:
            told = "、".join(
                f"{letters(n)}「{visible(text)}」" if text else letters(n) for n, text in self.unread.items()
            )
            notes.append(
                Text(f"読まなかった列（台帳に入りません）: {told}", f"columns not read, and not entered: {told}")
            )
        return notes


def find_headers(grid: Grid, sheet: Sheet) -> Headers | None:
    """The row in which most columns of ours are headed, and those; None where there is none with two."""
    best: tuple[int, Headers] | None = None
    for row in list(grid.rows)[:SEARCHED]:
        headers = _read(grid, sheet, row)
        score = len({found.column.key for found in headers.columns.values()})
        if score >= _LEAST and (best is None or score > best[0]):
            best = (score, headers)
    return best[1] if best else None


def score(grid: Grid, sheet: Sheet) -> int:
    """How many columns of a kind of sheet the grid has, or 0 where one that is required is missing."""
    headers = find_headers(grid, sheet)
    if headers is None:
        return 0
    keys = set(headers.by_key)
    missing = [c for c in sheet.columns if c.required and c.key not in keys and c.also_as not in keys]
    return 0 if missing else len(keys)


def _read(grid: Grid, sheet: Sheet, row: int) -> Headers:
    texts: dict[int, str] = {}
    last = row
    for column in {*grid.rows[row], *(c for r, c in grid.range_at if r == row)}:
        found = grid.range_at.get((row, column))
        cell = grid.cell(row, column)
        if found is not None and found.left == found.right and found.top < row:
            cell = grid.cell(found.top, column)
        if found is not None and found.left == found.right:
            last = max(last, found.bottom)
        if not cell.blank and isinstance(cell.value, str):
            texts[column] = cell.text
    known: dict[int, Found] = {}
    twice: list[tuple[int, int, Column]] = []
    unread: dict[int, str] = {}
    for number, text in sorted(texts.items()):
        meant = meaning(text, sheet)
        if meant is None:
            unread[number] = text
            continue
        other = next((n for n, f in known.items() if f.column is meant.column), None)
        if other is None:
            known[number] = meant
        elif known[other].own and not meant.own:
            unread[number] = text
        elif meant.own and not known[other].own:
            unread[other] = known.pop(other).head.text
            known[number] = meant
        else:
            twice.append((other, number, meant.column))
    return Headers(row, last, known, dict(sorted(unread.items())), tuple(twice))


def meaning(text: str, sheet: Sheet) -> Found | None:
    """The column that a header means: by the whole of it, else without what stands in brackets."""
    plain = form(_MARKS.sub("", unicodedata.normalize("NFKC", text)))
    tail = _TAIL.fullmatch(plain)
    bare, unit = (tail.group(1), tail.group(2)) if tail else (plain, "")
    if _DRY_BASIS.search(unit):
        return None
    column = sheet.headers.get(plain) or sheet.headers.get(bare)
    if column is None:
        return None
    own = plain in (form(column.title), form(column.header))
    return Found(column, Head(text, unit), own)


def spot_of(file: str, grid: Grid, headers: Headers, row: int, key: str | None) -> Spot:
    """The place of a row's cell in the column of ours; of a column that is missing, the row itself."""
    place = headers.by_key.get(key) if key is not None else None
    if place is None:
        return Spot(file, grid.name, row)
    return Spot(file, grid.name, row, place[0], place[1].text)
