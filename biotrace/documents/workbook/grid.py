"""A sheet as it lies in a file, before anybody knows what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from .cells import BLANK, Cell, letters

MAX_ROWS = 20_000
MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Range:
    """Merged cells; rows and columns count from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


@dataclass(frozen=True)
class Grid:
    """Rows by number, in order, each with its cells by column; only what is not blank. ``name`` None: a csv file."""

    name: str | None
    rows: Mapping[int, Mapping[int, Cell]]
    merged: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False

    def cell(self, row: int, column: int) -> Cell:
        """What stands there."""
        return self.rows.get(row, {}).get(column, BLANK)

    @cached_property
    def range_at(self) -> Mapping[tuple[int, int], Range]:
        """For every merged cell within the rows and columns in use, the range that it is in."""
        last_row = max(self.rows, default=0)
        last_column = max((max(cells, default=0) for cells in self.rows.values()), default=0)
        return {
            (row, column): found
            for found in self.merged
            for row in range(found.top, min(found.bottom, last_row) + 1)
            for column in range(found.left, min(found.right, last_column) + 1)
        }
