"""What a sheet is: its columns, the names that people give them, and how several cells make one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from biotrace.model.place import Place
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.text import Text

from .amounts import Measured, base_amount
from .cells import CellError, Value, form
from .kinds import Kind

Values = dict[str, Any]
"""What a row says, by the identifiers of columns; what it says nothing about is left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``title``: its header as people keep it; ``also``: other headers that mean it.

    ``spans``: a cell merged down over several rows counts for each of them. ``kept`` False: read by people only, no
    record holds it. ``unit``: as in the header's brackets. ``also_as``: where this column is missing or blank, that
    one's value counts.
    """

    key: str
    title: str
    kind: Kind
    meaning: Text
    example: Value = None
    also: tuple[str, ...] = ()
    required: bool = False
    spans: bool = False
    kept: bool = True
    unit: str = ""
    also_as: str = ""
    width: int = 14

    @property
    def header(self) -> str:
        """The title with its unit: 伐採面積（ha）."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Whole:
    """A value that several columns make together: ``key`` of the value, ``columns`` that it is made of.

    ``make``: the value from what those columns say, or None; raises Misfit. ``split``: the other way round.
    """

    key: str
    columns: tuple[str, ...]
    make: Callable[[Values], Any]
    split: Callable[[Any], Values]


class Misfit(Exception):
    """Cells of a row that do not fit together; ``column`` is the one to blame."""

    def __init__(self, column: str, error: CellError) -> None:
        super().__init__(column)
        self.column = column
        self.error = error


@dataclass(frozen=True)
class Sheet:
    """A kind of sheet. ``also``: other names of it. ``purpose``: what it is for."""

    key: str
    title: str
    purpose: Text
    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()
    wholes: tuple[Whole, ...] = field(default=())

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """The columns by their identifiers."""
        return {column.key: column for column in self.columns}

    @cached_property
    def headers(self) -> Mapping[str, Column]:
        """The columns by every header that means them, ready to compare; a title goes before others' synonyms."""
        others = {form(word): column for column in reversed(self.columns) for word in (*column.also, column.key)}
        return others | {form(text): column for column in self.columns for text in (column.title, column.header)}

    @cached_property
    def _of_whole(self) -> Mapping[str, str]:
        return {column: whole.key for whole in self.wholes for column in whole.columns}

    def value_key(self, column: str) -> str:
        """Under which key a row's values hold what the column says."""
        return self._of_whole.get(column, column)

    def column_of(self, key: str) -> Column:
        """The column of a value; of one that several make, the first."""
        return self.by_key.get(key) or next(self.by_key[w.columns[0]] for w in self.wholes if w.key == key)

    def together(self, said: Values, misfits: list[Misfit] | None = None) -> Values:
        """Values from what single columns say. Raises Misfit, or, given ``misfits``, collects them and goes on."""
        taken = {column for whole in self.wholes for column in whole.columns}
        values = {key: value for key, value in said.items() if key not in taken}
        for whole in self.wholes:
            try:
                value = whole.make({key: said[key] for key in whole.columns if key in said})
            except Misfit as misfit:
                if misfits is None:
                    raise
                misfits.append(misfit)
                continue
            if value is not None and value != ():
                values[whole.key] = value
        return values

    def apart(self, values: Mapping[str, Any]) -> Values:
        """What single columns say for these values."""
        said = {key: value for key, value in values.items() if key in self.by_key}
        for whole in self.wholes:
            if values.get(whole.key) is not None:
                said.pop(whole.key, None)
                said |= whole.split(values[whole.key])
        return {key: value for key, value in said.items() if value is not None and value != ()}


_NO_UNIT = Text("単位がありません", "there is no unit")
_UNITS = Text("t、kg、㎥ など", "t, kg, m3 or the like")


def quantity(number: str, unit: str, moisture: str | None = None) -> Whole:
    """A quantity from its number, its unit and, where there is such a column, its moisture."""

    def make(said: Values) -> Quantity | None:
        measured: Measured | None = said.get(number)
        if measured is None:
            return None
        beside: Unit | None = said.get(unit)
        if measured.unit is not None and beside is not None and measured.unit is not beside:
            clash = Text(
                f"数量には {measured.unit.sign}、単位の列には {beside.sign} とあります",
                f"the quantity is in {measured.unit.sign}, the unit column says {beside.sign}",
            )
            raise Misfit(unit, CellError(clash, _UNITS))
        found = measured.unit or beside
        if found is None:
            remedy = Text(
                "単位の列に書くか、見出しを「数量（t）」のようにしてください",
                "write it in the unit column, or in the header: 数量（t）",
            )
            raise Misfit(unit, CellError(_NO_UNIT, _UNITS, remedy))
        try:
            return Quantity(base_amount(measured, found), found, said.get(moisture) if moisture is not None else None)
        except CellError as error:
            raise Misfit(number, error) from None

    def split(value: Quantity) -> Values:
        said: Values = {number: Measured(value.value), unit: value.unit}
        return said if moisture is None else said | {moisture: value.moisture}

    return Whole(number, tuple(c for c in (number, unit, moisture) if c is not None), make, split)


PLACE_COLUMNS = ("parcels", "compartments", "prefecture", "municipality", "oaza", "aza", "landing")
_IN_CELL = "；"
"""Parts the entries of one place within a line: 、 stands inside them."""
_ANNEX = "別紙のとおり"


def _places(said: Values) -> tuple[Place, ...]:
    lines: dict[str, Sequence[str]] = {key: value for key, value in said.items() if any(value)}
    count = max((len(value) for value in lines.values()), default=0)
    for key, value in lines.items():
        if len(value) not in (1, count):
            message = Text(
                f"{count} か所のうち {len(value)} 行しかありません", f"{len(value)} lines for {count} places"
            )
            remedy = Text(
                "セルの中の行を、ほかの列とそろえてください（1行だけならすべての箇所に当てはめます）",
                "give each place its line, or one line for all of them",
            )
            raise Misfit(key, CellError(message, remedy=remedy))
    return tuple(_place({key: value[min(i, len(value) - 1)] for key, value in lines.items()}) for i in range(count))


def _place(line: Mapping[str, str]) -> Place:
    names = {key: line.get(key) or None for key in ("prefecture", "municipality", "oaza", "aza", "landing")}
    lists = {key: tuple(e.strip() for e in line.get(key, "").split(_IN_CELL)) for key in ("parcels", "compartments")}
    annex = _ANNEX in lists["parcels"]
    kept = {key: tuple(e for e in entries if e and e != _ANNEX) for key, entries in lists.items()}
    return Place(annex=annex, **names, **kept)  # type: ignore[arg-type]  # names are texts, kept are tuples of them


def _lines(places: Sequence[Place]) -> Values:
    lines: dict[str, list[str]] = {key: [] for key in PLACE_COLUMNS}
    for place in places:
        for key in ("prefecture", "municipality", "oaza", "aza", "landing"):
            lines[key].append(getattr(place, key) or "")
        lines["parcels"].append(_IN_CELL.join((*place.parcels, *((_ANNEX,) if place.annex else ()))))
        lines["compartments"].append(_IN_CELL.join(place.compartments))
    return {key: _shortest(value) for key, value in lines.items() if any(value)}


def _shortest(lines: list[str]) -> tuple[str, ...]:
    """One line where all places share it: 長野県 need not stand there six times."""
    return (lines[0],) if len(set(lines)) == 1 else tuple(lines)


PLACES = Whole("places", PLACE_COLUMNS, _places, _lines)
"""Felling places, each on its line of the cells."""
