"""Ledgers of earlier releases, brought to this release's schema: backed up first, then all steps or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Connection, MetaData, Table, inspect, select, update
from sqlmodel import col

from biotrace.chain.note import VerifierKey
from biotrace.errors import UsageError
from biotrace.model.text import Text

from . import integrity
from .backup import copy_pages, copy_rows
from .damage import damaged
from .database import Database
from .ledger import BUSY_SECONDS
from .log_key import LogKey
from .tables import SCHEMA_VERSION, TABLES, Meta
from .upgrade_to_2 import to_2
from .upgrade_to_3 import to_3
from .upgrade_to_4 import to_4
from .upgrade_to_5 import to_5
from .upgrade_to_6 import to_6

FIRST_LOG = 2
"""The schema version from which on a ledger is a log with a name and a key; bringing one to it takes the key."""

Step: TypeAlias = Callable[[Connection, LogKey | None, int | None], None]
"""Changes the tables of one schema version to those of the next, given the log's key and the time of signing.

A step names its tables and columns itself: those in ``tables`` go on changing.
"""

STEPS: dict[int, Step] = {1: to_2, 2: to_3, 3: to_4, 4: to_5, 5: to_6}
"""Version -> the step that leads from it to the next one."""


@dataclass(frozen=True)
class Upgraded:
    """What was done. ``before``: the schema version that there was; where it is this release's, nothing was done."""

    before: int
    after: int = SCHEMA_VERSION


def schema_of(where: str | Path, busy_seconds: float = BUSY_SECONDS) -> int:
    """The schema version of the ledger at ``where``, this release's or an earlier one. Raises as ``upgrade`` does."""
    database = Database(where, busy_seconds)
    try:
        with database.checked() as (_, version):
            pass
        return version if version < SCHEMA_VERSION else database.meta().schema_version
    finally:
        database.close()


def upgrade(
    where: str | Path,
    log: LogKey | None,
    backup_to: Path,
    made_at: int | None = None,
    busy_seconds: float = BUSY_SECONDS,
) -> Upgraded:
    """Bring the ledger at ``where`` to this release's schema, after a backup to the new file ``backup_to``.

    Nobody can write meanwhile. However it is interrupted, the ledger is the old one or the new one. ``log``: the key
    that signs the log from now on, asked for only where there is none yet (schema 1); ``made_at``: when, seconds since
    1970-01-01 UTC. A ledger in which anything is wrong is left as it is: what is wrong would seem to be this release's
    doing. Raises IntegrityError (``ledger-damaged``) then, UsageError where a log key is needed (``no-log-key``),
    UnreadableError where there is no ledger or one of a later release, and as ``backup`` does.
    """
    before = schema_of(where, busy_seconds)
    if before == SCHEMA_VERSION:
        return Upgraded(before)
    database = Database(where, busy_seconds)
    try:
        return _upgraded(database, _required(log) if before < FIRST_LOG else None, backup_to, made_at)
    finally:
        database.close()


def _upgraded(database: Database, log: LogKey | None, backup_to: Path, made_at: int | None) -> Upgraded:
    with database.locked(alone=True) as (connection, before):
        if before is None or before >= SCHEMA_VERSION:  # somebody else was first
            return Upgraded(SCHEMA_VERSION)
        back_up(database, connection, backup_to)
        for version in range(before, SCHEMA_VERSION):
            STEPS[version](connection, log, made_at)
        connection.execute(update(Meta).values(schema_version=SCHEMA_VERSION))
        verifier = VerifierKey.parse(connection.execute(select(col(Meta.log_vkey))).scalar_one())
        found = integrity.findings(lambda: nullcontext(connection), verifier)
        findings = [finding for finding in found if finding.is_damage]
        if findings:
            first = findings[0]
            raise damaged(Text(f"{first.position} 番: ", f"entry {first.position}: ") + first.message)
    return Upgraded(before)


def back_up(database: Database, connection: Connection, to: Path) -> None:
    """Copy the ledger while ``connection`` keeps writers out, before it has changed anything."""
    tables = _old_tables(connection)
    if database.path is None:
        copy_rows(connection, tables, to)  # no other connection could read now
        return
    with database.reading() as reader:  # SQLite copies no pages from a connection that writes
        copy_pages(reader, tables, to)


def _old_tables(connection: Connection) -> Sequence[Table]:
    """Our tables as they are in the database, in types that SQLite has too."""
    names = set(inspect(connection).get_table_names())
    found = MetaData()
    found.reflect(connection, only=[table.name for table in TABLES if table.name in names])
    for table in found.sorted_tables:
        for column in table.columns:
            column.type = column.type.as_generic()
    return found.sorted_tables


def _required(log: LogKey | None) -> LogKey:
    if log is None:
        raise UsageError(
            Text("ログの鍵がないので台帳を更新できません", "without the key of its log the ledger cannot be upgraded"),
            Text("ログの鍵のあるパソコンで実行してください", "run this on the machine that has the log's key"),
            code="no-log-key",
        )
    return log
