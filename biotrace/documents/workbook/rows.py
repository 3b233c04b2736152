"""A sheet's rows as values, each bad one with its cells, and what was passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from biotrace.documents.problems import shown
from biotrace.model.text import Text

from .cells import BLANK, Cell, CellError, CellProblem, Spot, form, runs
from .columns import Column, Misfit, Sheet, Values
from .grid import Grid, Range
from .headers import Found, Headers, find_headers, spot_of
from .kinds import Head

EXAMPLE = "（例）"
"""A row in which a cell begins so is the template's own example."""
_TOTAL = re.compile(
    r"(?:(?:令和|平成|[hr])?\d*年?度?\d*月?分?度?)(?:合計|小計|総計|総合計|累計|月計|年計|計|total|subtotal)(?:\(.*\))?:?"
)
_FILLED_BEFOREHAND = frozenset({"number", "own", "unit", "measured_unit"})
"""Columns that many sheets have filled down to the last line of the page."""
_MERGED_REMEDY = Text("セルの結合を解き、行ごとに書いてください", "unmerge the cells and write the value in each row")


@dataclass(frozen=True, slots=True)
class Row:
    """A good row. ``said``: what its single cells say; ``values``: the same with quantities and places put together."""

    number: int
    said: Values
    values: Values


@dataclass
class SheetRows:
    """What was read of one sheet: good rows, what is wrong with others, and what the reader should know."""

    file: str
    sheet: Sheet
    grid: Grid
    headers: Headers | None = None
    rows: list[Row] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The sheet's name, or the file's where it is a csv."""
        return self.grid.name if self.grid.name is not None else self.file

    def spot(self, row: int, key: str | None = None) -> Spot:
        """The place of a row's value: the cell of the column, or the first of those that make it."""
        if self.headers is None:
            return Spot(self.file, self.grid.name, row)
        column = None if key is None else self.column(key)
        return spot_of(self.file, self.grid, self.headers, row, column)

    def column(self, key: str) -> str:
        """The column of a value that the sheet has; of several that make it, the first at hand."""
        whole = next((w for w in self.sheet.wholes if w.key == key), None)
        at_hand = self.headers.by_key if self.headers is not None else {}
        return next((c for c in (key, *(whole.columns if whole else ())) if c in at_hand), key)

    def refuse(self, row: int, key: str | None, message: Text, remedy: Text | None = None) -> None:
        """Note what is wrong with a row that reads well."""
        self.problems.append(CellProblem(self.spot(row, key), message, remedy=remedy))


def read_rows(file: str, sheet: Sheet, grid: Grid) -> SheetRows:
    """All rows of a sheet under its headers."""
    result = SheetRows(file, sheet, grid, find_headers(grid, sheet))
    headers = result.headers
    if headers is None:
        first = next(iter(grid.rows), 1)
        titles = "、".join(c.title for c in sheet.columns if c.required)
        result.refuse(
            first,
            None,
            Text("見出しの行が見つかりません", "the row of headers is not found"),
            Text(f"{titles} などの見出しを1行に書いてください", f"write the headers {titles} and so on in one row"),
        )
        return result
    if not _check_columns(result, headers):
        return result
    result.notes += headers.notes()
    result.notes += _hidden(grid, headers)
    _Reader(result, headers).read()
    return result


def _check_columns(result: SheetRows, headers: Headers) -> bool:
    """Whether every column that is needed is there, once."""
    for first, second, column in headers.twice:
        spot = Spot(result.file, result.grid.name, headers.row, second, result.grid.cell(headers.row, second).text)
        other = Spot(result.file, result.grid.name, headers.row, first)
        message = Text(
            f"{other.address} とこの列は、どちらも「{column.title}」と読めます",
            f"both {other.address} and this column can be read as {column.title}",
        )
        remedy = Text("使わない方の見出しを変えてください", "rename the header of the one that is not meant")
        result.problems.append(CellProblem(spot, message, remedy=remedy))
    keys = headers.by_key
    for column in result.sheet.columns:
        if column.required and column.key not in keys and column.also_as not in keys:
            message = Text(f"列「{column.title}」がありません", f"the column {column.title} is missing")
            also = "、".join(column.also[:4])
            remedy = Text(
                f"見出し「{column.header}」（{also} なども可）の列を加えてください",
                f"add a column headed {column.header} (or {also})",
            )
            result.refuse(headers.row, None, message, remedy)
    return not result.problems


def _hidden(grid: Grid, headers: Headers) -> Iterator[Text]:
    if grid.hidden:
        yield Text("隠されたシートです（読みました）", "the sheet is hidden (it was read)")
    if rows := [row for row in grid.hidden_rows if row > headers.last]:
        told = runs(rows)
        yield Text(f"隠された行も読みました: {told} 行", f"hidden rows were read too: {told}")
    if columns := [c for c in grid.hidden_columns if c in headers.columns]:
        told = "、".join(headers.columns[c].column.title for c in sorted(columns))
        yield Text(f"隠された列も読みました: {told}", f"hidden columns were read too: {told}")


@dataclass
class _Reader:
    """Reads the rows of one sheet."""

    result: SheetRows
    headers: Headers
    totals: list[int] = field(default_factory=list)
    examples: list[int] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)
    instead: dict[str, int] = field(default_factory=dict)

    def read(self) -> None:
        grid = self.result.grid
        covered = {row for row, column in grid.range_at if column in self.headers.columns}
        for number in sorted({*grid.rows, *covered}):
            if number > self.headers.last:
                self._row(number)
        self._tell()

    def _row(self, number: int) -> None:
        grid = self.result.grid
        own = grid.rows.get(number, {})
        if any(cell.text.startswith((EXAMPLE, "(例)")) for cell in own.values()):
            self.examples.append(number)
            return
        if not any(column in self.headers.columns for column in own):
            if own:
                self.stray.append(number)
            return  # only what is merged from above reaches into it: no row of its own
        if self._is_total(own):
            self.totals.append(number)
            return
        if all(self._says_nothing(cell, self.headers.columns.get(column)) for column, cell in own.items()):
            self.stray.append(number)
            return
        before = len(self.result.problems)
        cells = {f.column.key: self._cell(number, column, f.column) for column, f in self.headers.columns.items()}
        said = self._said(number, cells)
        if len(self.result.problems) == before:
            self._take(number, said)

    def _says_nothing(self, cell: Cell, found: Found | None) -> bool:
        """A running number, a unit or a formula's 0 in a row that nobody has filled in yet."""
        if found is None or found.column.key in _FILLED_BEFOREHAND or not found.column.kept:
            return True
        return isinstance(cell.value, int | float) and not cell.value

    def _cell(self, number: int, at: int, column: Column) -> Cell:
        """The cell, or, within merged cells, what stands in the first of them where that counts for all."""
        grid = self.result.grid
        found = grid.range_at.get((number, at))
        if found is None:
            return grid.cell(number, at)
        cell = grid.cell(found.top, found.left)
        if cell.blank:
            return BLANK
        wide = [n for n in range(found.left, found.right + 1) if n in self.headers.columns]
        if len(wide) == 1 and (found.top == found.bottom or (column.spans and found.top > self.headers.last)):
            return cell
        self._refuse_merged(number, at, found, column, cell)
        return BLANK

    def _refuse_merged(self, number: int, at: int, found: Range, column: Column, cell: Cell) -> None:
        message = Text(f"結合されたセル {found} の", f"of the merged cells {found} it cannot be told for which rows ")
        message += shown(cell.text) + Text("がどの行・列の値か分かりません", " is meant")
        spot = Spot(self.result.file, self.result.grid.name, number, at, column.title)
        self.result.problems.append(CellProblem(spot, message, remedy=_MERGED_REMEDY))

    def _is_total(self, own: Mapping[int, Cell]) -> bool:
        """合計, 小計 and the like: such a word in any cell, and something that every row has is missing."""
        named = any(isinstance(cell.value, str) and _TOTAL.fullmatch(form(cell.text)) for cell in own.values())
        needed = (own.get(number, BLANK) for number, found in self.headers.columns.items() if found.column.required)
        return named and any(cell.blank or _is_word(cell) for cell in needed)

    def _said(self, number: int, cells: dict[str, Cell]) -> Values:
        said: Values = {}
        for key, cell in cells.items():
            if cell.blank:
                continue
            try:
                said[key] = self._value(key, cell)
            except CellError as error:
                self._refuse(number, key, error)
        missing: list[Column] = []
        for column in self.result.sheet.columns:
            if column.key in said or not cells.get(column.key, BLANK).blank:
                continue
            if column.also_as in said:
                said[column.key] = said[column.also_as]
                self.instead[column.key] = self.instead.get(column.key, 0) + 1
                if column.key == "quantity":
                    said |= {"unit": said["measured_unit"]} if "measured_unit" in said else {}
            elif column.required and cells.get(column.also_as, BLANK).blank:
                missing.append(column)
        if missing:
            told = "、".join(column.title for column in missing)
            expected = missing[0].kind.expected if len(missing) == 1 else None
            empty = CellError(Text(f"{told}が空です", f"empty: {told}"), expected)
            self._refuse(number, missing[0].key, empty)
        return said

    def _value(self, key: str, cell: Cell) -> object:
        if cell.error:
            message = Text(f"エラー値 {cell.text} です", f"it is the error {cell.text}")
            remedy = Text("数式か、それが指すセルを直してください", "mend the formula, or the cell that it refers to")
            raise CellError(message, remedy=remedy)
        if cell.uncalculated:
            message = Text("数式に計算結果がありません", "a formula without its result")
            remedy = Text(
                "Excel で開いて保存し直すか、値を書いてください", "open and save it in Excel, or write the value"
            )
            raise CellError(message, remedy=remedy)
        head: Head = self.headers.by_key[key][1]
        return self.result.sheet.by_key[key].kind.read(cell, head)

    def _take(self, number: int, said: Values) -> None:
        try:
            values = self.result.sheet.together(said)
        except Misfit as misfit:
            self._refuse(number, misfit.column, misfit.error)
            return
        self.result.rows.append(Row(number, said, values))

    def _refuse(self, number: int, key: str, error: CellError) -> None:
        spot = self.result.spot(number, key)
        self.result.problems.append(CellProblem(spot, error.message, error.expected, error.remedy))

    def _tell(self) -> None:
        notes = self.result.notes
        if self.totals:
            told = runs(self.totals)
            notes.append(Text(f"合計・小計の行は読みません: {told} 行", f"rows of totals are not read: {told}"))
        if self.examples:
            told = runs(self.examples)
            notes.append(Text(f"見本の行は読みません: {told} 行", f"the example rows are not read: {told}"))
        if self.stray:
            told = runs(self.stray)
            notes.append(
                Text(f"読む列に何もない行: {told} 行", f"rows with nothing in the columns that are read: {told}")
            )
        for key, count in self.instead.items():
            column = self.result.sheet.by_key[key]
            other = self.result.sheet.by_key[column.also_as]
            notes.append(
                Text(
                    f"{column.title}のない {count} 行では、{other.title}を{column.title}とします",
                    f"in {count} rows without {column.title}, {other.title} counts as it",
                )
            )


def _is_word(cell: Cell) -> bool:
    return isinstance(cell.value, str) and _TOTAL.fullmatch(form(cell.text)) is not None
