"""A report before it is written: tables of whole numbers in base units, and the records that each figure rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from biotrace.model.quantity import PARTS
from biotrace.model.text import Lang, Text

Cell = str | Text | date | int | None
"""What stands in a table: words, a day, or a whole number of the column's base unit."""


class Kind(Enum):
    """What a column holds: its unit, base units in one of it, decimals shown, and Excel's format.

    ``scale`` 0: no number. A record's id is shortened on paper.
    """

    TEXT = ("text", 0, 0, "@")
    RECORD = ("record", 0, 0, "@")
    DAY = ("day", 0, 0, "yyyy/mm/dd")
    COUNT = ("count", 1, 0, "#,##0")
    YEN = ("yen", 1, 0, "#,##0")
    KG = ("kg", 1_000, 3, "#,##0.000")
    TONNE = ("t", 1_000_000, 3, "#,##0.000")
    TEN_THOUSAND_T = ("万t", 10_000_000_000, 1, "#,##0.0")
    M3 = ("m3", 1_000_000, 3, "#,##0.000")
    PERCENT = ("%", PARTS // 100, 2, "0.00")

    def __init__(self, unit: str, scale: int, decimals: int, style: str) -> None:
        self.unit = unit
        self.scale = scale
        self.decimals = decimals
        self.style = style

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return self.scale > 0

    @property
    def step(self) -> int:
        """The base units that the last printed decimal stands for."""
        return max(1, int(self.scale // 10**self.decimals))

    def number(self, amount: int) -> Decimal:
        """The number in the unit shown."""
        return Decimal(amount) / self.scale

    def text(self, amount: int) -> str:
        """The number as printed, with ▲ below 0, as offices write it."""
        return ("▲ " if amount < 0 else "") + f"{self.number(abs(amount)):,.{self.decimals}f}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``wide``: mm on paper; a table's columns fill 160."""

    title: Text
    kind: Kind
    wide: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``strong``: numbers of the rows that stand out, such as sums. ``title`` also names its sheet."""

    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strong: frozenset[int] = frozenset()
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report. ``name``: of its files. ``facts``: whose it is, of which days, by which factors.

    ``paper``: the tables of the PDF, where they are not the same. ``main``: the table that a csv file holds.
    ``evidence``: the records behind the figures, by what they are behind; ``listed``: whether the PDF lists them, which
    it need not where its lines bear them. ``attention``: what somebody has to look at: what could not be counted, what
    cannot be. ``data``: all of it as JSON, in base units, with the records' ids at each figure.
    """

    name: str
    title: Text
    facts: tuple[tuple[Text, Text], ...]
    tables: tuple[Table, ...]
    evidence: Table
    paper: tuple[Table, ...] | None = None
    main: int = 0
    listed: bool = True
    attention: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


def shown(cell: Cell, column: Column, lang: Lang) -> str:
    """A cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, Text):
        return cell.get(lang)
    if isinstance(cell, int):
        return column.kind.text(cell) if column.kind.is_number else str(cell)
    return cell.strftime("%Y/%m/%d") if isinstance(cell, date) else cell
