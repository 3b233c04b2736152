"""Destroying values of private fields: their rows first, then what a database keeps of deleted rows.

A SQLite file is written anew and its write-ahead log emptied, so that neither holds the bytes any more. On PostgreSQL
the table is written anew; what its own write-ahead log, its replicas and backups hold is its administrator's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing

from sqlalchemy import create_engine, delete
from sqlalchemy.pool import NullPool
from sqlmodel import col

from biotrace.errors import BiotraceError
from biotrace.model.text import Text

from .database import Database
from .failures import explained
from .tables import DisclosureRow

_CHUNK = 500
_WAIT_MS = 10_000


def forget(database: Database, record_ids: Collection[bytes]) -> int:
    """Delete the values of private fields of these records, with their salts; gives how many there were.

    All in one transaction, or none. What the database keeps of them goes with ``rewrite`` only.
    """
    ids, gone = sorted(record_ids), 0
    with database.writing() as connection:
        if database.path is not None:
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        for i in range(0, len(ids), _CHUNK):
            rows = delete(DisclosureRow).where(col(DisclosureRow.record_id).in_(ids[i : i + _CHUNK]))
            gone += connection.execute(rows).rowcount
    return gone


def rewrite(database: Database) -> None:
    """Write anew what may still hold deleted values. Needs room for a second copy of a SQLite file.

    Raises BiotraceError (``ledger-busy``, ``disk-full``) where that cannot be done now; then it can be done again.
    """
    with explained(database.name):
        if database.path is not None:
            _rewrite_sqlite(database)
        else:
            _rewrite_postgresql(database)


def _rewrite_sqlite(database: Database) -> None:
    assert database.path is not None
    with closing(sqlite3.connect(database.path, timeout=_WAIT_MS / 1000, isolation_level=None)) as plain:
        plain.execute("PRAGMA secure_delete=ON")
        plain.execute("PRAGMA synchronous=FULL")
        plain.execute("VACUUM")
        (busy, _, _) = plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise BiotraceError(
            Text(f"台帳 {database.name} をほかのプログラムが読んでいます", f"ledger {database.name} is being read"),
            Text(
                "ほかの biotrace を閉じて、もう一度実行してください",
                "close other programs that use it, then run it again",
            ),
            code="ledger-busy",
        )


def _rewrite_postgresql(database: Database) -> None:
    engine = create_engine(database.where, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET lock_timeout = {_WAIT_MS}")
        connection.exec_driver_sql(f"VACUUM (FULL) {DisclosureRow.__tablename__}")
