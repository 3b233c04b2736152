"""Whether a row says what a record says, as far as the row says anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from biotrace.documents.problems import visible
from biotrace.documents.workbook.cells import Cell
from biotrace.documents.workbook.columns import Sheet, Values
from biotrace.documents.workbook.rows import Row
from biotrace.documents.workbook.writing import as_read, cells_of
from biotrace.model.text import Text, join


@dataclass(frozen=True, slots=True)
class Difference:
    """What of a row differs: ``key`` of the value, and how both have it, as people read it."""

    key: str
    title: str
    held: str
    said: str

    @property
    def text(self) -> Text:
        """数量 は台帳で 100 ㎥、この行で 120 ㎥."""
        return Text(
            f"{self.title}は台帳で「{self.held}」、この行で「{self.said}」",
            f'{self.title} is "{self.held}" in the ledger, "{self.said}" in this row',
        )


def differences(sheet: Sheet, said: Mapping[str, Any], held: Values, skip: Collection[str] = ()) -> list[Difference]:
    """Where values that a row states are not what a record says. A blank cell says nothing.

    ``held`` is compared as it would be read again from cells; ids of parties stand for their names in both. So is a row
    that holds signs which cells show as code points: it may be the very one that the record was made of.
    """
    canonical = as_read(sheet, held)
    return [
        Difference(key, sheet.column_of(key).title, shown_value(sheet, key, held), shown_value(sheet, key, said))
        for key, value in said.items()
        if key not in skip and sheet.column_of(key).kept and _differs(sheet, key, canonical.get(key), value)
    ]


def _differs(sheet: Sheet, key: str, held: object, value: object) -> bool:
    return held != value and held != as_read(sheet, {key: value}).get(key, value)


def stated(row: Row, sheet: Sheet, headers: Collection[str]) -> Values:
    """What a row states in columns of its own; what was taken from another column is not stated."""
    own = {sheet.value_key(key) for key in row.said if key in headers}
    return {key: value for key, value in row.values.items() if key in own}


def shown_value(sheet: Sheet, key: str, values: Mapping[str, Any]) -> str:
    """A value as the cells have it, side by side."""
    cells = cells_of(sheet, {key: values.get(key)})
    texts = (Cell(value).text + sheet.by_key[key].unit for key, value in cells.items() if value is not None)
    return visible(" ".join(texts)) or "（空）"


def told(found: list[Difference]) -> Text:
    """All differences in one sentence."""
    return join([difference.text for difference in found])
