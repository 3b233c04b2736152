"""Options that say what a paper says: the columns of the sheet 入荷, read as its cells are (間伐, 伐採届, 例1 …)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from biotrace.documents.workbook.cells import Cell, CellError
from biotrace.documents.workbook.columns import Column, Misfit, Values
from biotrace.documents.workbook.kinds import Head
from biotrace.documents.workbook.sheet_received import RECEIVED
from biotrace.errors import UsageError
from biotrace.model.text import Text, same

from .suggestions import PARTIES
from .usage import Unfit

F = TypeVar("F", bound=Callable[..., Any])

_SEVERAL = ("parcels", "compartments", "document_places", "species", "document_species", "origins", "statements")
_OPTION = {"parcels": "--place", "seller": "--from", "origins": "--origin", "statements": "--statement"}

WOOD = (
    *("origins", "includes_weeding", "permit_date", "permit_issuer", "permit_number", "forest_office", "prefecture"),
    *("municipality", "oaza", "aza", "parcels", "compartments", "landing", "area", "country"),
    *("felled_from", "felled_until"),
)
"""What certificates of the felling stage, and 1-2, say of where the wood grew."""
DOCUMENT = (
    *("document_kind", "document_number", "document_issuer", "document_filed", "document_accepted"),
    *("document_applicant", "document_places", "document_area", "document_volume", "document_species", "method"),
    *("rate", "age", "felling_from", "felling_until", "valid_from", "valid_until", "remains_forest"),
    *("canopy_closed", "closes_in", "content", "copy"),
)
"""The document behind it."""


class CellValue(click.ParamType[Any]):
    """A value as a cell of the column holds it."""

    def __init__(self, column: Column) -> None:
        self.name = column.key.upper()
        self._column = column

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value. Raises Unfit with what was expected."""
        if not isinstance(value, str):
            return value
        cell = Cell(value)
        try:
            if cell.blank:
                raise CellError(Text("空です", "it is empty"), self._column.kind.expected)
            return self._column.kind.read(cell, Head())
        except CellError as error:
            told = error.message
            if error.expected is not None:
                told += Text("。正しい形: ", "; expected: ") + error.expected
            raise Unfit(told, param, ctx) from None


def cell_options(*keys: str) -> Callable[[F], F]:
    """Give a command the options of these columns; ``said`` collects them."""

    def decorate(command: F) -> F:
        for key in reversed(keys):
            column = RECEIVED.by_key[key]
            option = _OPTION.get(key, "--" + key.replace("_", "-"))
            command = click.option(
                option,
                key,
                type=CellValue(column),
                multiple=key in _SEVERAL,
                default=None,
                shell_complete=PARTIES if key in ("seller", "issuer", "buyer") else None,
                help=f"{column.header}: {column.meaning.ja} / {column.meaning.en}",
            )(command)
        return command

    return decorate


def said(options: dict[str, Any], keys: Sequence[str] = tuple(RECEIVED.by_key)) -> Values:
    """What the options of the sheet's columns say, quantities and places put together; these are taken out.

    Raises UsageError for options that do not fit each other.
    """
    given: Values = {}
    for key in keys:
        value = options.pop(key, None)
        if value is not None and value != ():
            given[key] = tuple(part for each in value for part in each) if key in _SEVERAL else value
    try:
        return RECEIVED.together(given)
    except Misfit as misfit:
        error = misfit.error
        remedy = error.remedy or error.expected
        option = _OPTION.get(misfit.column, "--" + misfit.column.replace("_", "-"))
        raise UsageError(same(f"{option}: ") + error.message, remedy) from None
