"""What wood the certificates and deliveries at some positions handed on, as the tables tell it: no record is read.

Whoever wants to be sure that the tables say what the records say has the ledger audited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from .closure import chunks
from .projections import Arrived, Drawn, Handed

_ENTRY = ("record_id", "kid", "kind")


class HandedRows(NamedTuple):
    """Rows of the tables, each with a position before it: ``entries`` have record id, key and kind.

    ``handed``, ``arrived`` and ``drawn`` have the fields of ``projections.Handed``, ``Arrived`` and ``Drawn``; the last
    stand in their order. Ids of parties stand as in ``projections.id_written``.
    """

    entries: Sequence[Any]
    handed: Sequence[Any]
    arrived: Sequence[Any]
    drawn: Sequence[Any]


def handed_rows(connection: Connection, positions: Iterable[int]) -> Iterator[HandedRows]:
    """What the tables tell of these, some positions at a time."""
    for chunk in chunks(positions):

        def rows(
            table: str, columns: Iterable[str], key: str = "position", order: str = "", chunk: str = chunk
        ) -> Sequence[Any]:
            query = f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {key} IN {chunk}{order}"
            return connection.exec_driver_sql(query).all()

        yield HandedRows(
            entries=rows("entry", _ENTRY),
            handed=rows("handed_over", Handed._fields),
            arrived=rows("arrived", Arrived._fields),
            drawn=rows("drawn", Drawn._fields, "child", " ORDER BY child, nth"),
        )
