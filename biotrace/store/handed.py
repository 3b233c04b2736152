"""What wood the certificates and deliveries at some positions handed on, as the tables tell it: no record is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection

from .closure import chunks
from .projections import Arrived, Drawn, Handed


class Movement(NamedTuple):
    """The certificate or delivery at a position. ``kid``: of the key that signed it. ``draws``: in their order.

    ``kind``: what the entry is said to be. Ids of parties stand as in ``projections.id_written``.
    """

    position: int
    record_id: bytes
    kid: bytes
    kind: int
    told: Handed | Arrived
    draws: tuple[Drawn, ...] = ()


def movements_at(connection: Connection, positions: Iterable[int]) -> list[Movement]:
    """Those of the certificates and deliveries at these positions that the tables tell of, in the order of the log.

    Whoever wants to be sure that the tables say what the records say has the ledger audited.
    """
    found: list[Movement] = []
    for chunk in chunks(positions):
        draws: defaultdict[int, list[Drawn]] = defaultdict(list)
        for child, *row in _rows(connection, "drawn", "child", Drawn._fields, chunk, " ORDER BY child, nth"):
            draws[child].append(Drawn(*row))
        entries = {entry[0]: entry for entry in _entries(connection, chunk)}
        for position, *row in _rows(connection, "handed_over", "position", Handed._fields, chunk):
            found.append(Movement(*entries[position], Handed(*row), tuple(draws.get(position, ()))))
        for position, *row in _rows(connection, "arrived", "position", Arrived._fields, chunk):
            found.append(Movement(*entries[position], Arrived(*row)))
    return sorted(found, key=lambda movement: movement.position)


def _rows(
    connection: Connection, table: str, key: str, columns: Iterable[str], chunk: str, order: str = ""
) -> Iterable[Any]:
    query = f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {key} IN {chunk}{order}"
    return connection.exec_driver_sql(query).all()


def _entries(connection: Connection, chunk: str) -> Iterable[tuple[int, bytes, bytes, int]]:
    rows = connection.exec_driver_sql(f"SELECT position, record_id, kid, kind FROM entry WHERE position IN {chunk}")
    return [(position, bytes(record_id), bytes(kid), kind) for position, record_id, kid, kind in rows.all()]
