"""Writing many rows at once, by SQL that is made once for a table.

Where SQLAlchemy makes a dictionary of every row and looks after each of its values, that takes longer than the database
does; and what is appended needs no conversion: integers, text and bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlmodel import SQLModel


def insert_rows(connection: Connection, table: type[SQLModel], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, each with a value for every column, in the order of the table."""
    if rows:
        placeholder = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        connection.exec_driver_sql(_statement(table, placeholder), list(rows))


@cache
def _statement(table: type[SQLModel], placeholder: str) -> str:
    columns = list(table.model_fields)
    values = ", ".join([placeholder] * len(columns))
    return f"INSERT INTO {table.__tablename__} ({', '.join(columns)}) VALUES ({values})"
