"""The database under a ledger: SQLite in a file by default, another by URL. Settings and transactions."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlmodel import SQLModel, col

from biotrace.errors import UnreadableError, UsageError
from biotrace.model.text import Text

from . import place
from .failures import disk_full, explained, unreadable
from .tables import SCHEMA_VERSION, TABLES, EntryRow, Meta

_WRITES = "biotrace_writes"
_VERSION = select(col(Meta.schema_version)).where(col(Meta.id) == 1)
_LOCKED_VERSION = _VERSION.with_for_update()


class Database:
    """Connections to one ledger's database.

    ``path``: its file, None for a server. ``name``: path or address for messages, without any password.
    """

    def __init__(self, where: str | Path, busy_seconds: float) -> None:
        url = _url(where)
        self.path = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
        self.name = str(self.path or url.render_as_string(hide_password=True))
        self.where = where if isinstance(where, str) else str(where)
        """What ``Database`` was given: who opens it again in another process needs it, password and all."""
        self._busy_ms = int(busy_seconds * 1000)
        self._engine = _engine(url)
        if self.path is not None:
            _set_up_sqlite(self._engine, self._busy_ms)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        # SQLite's transactions do anyway; PostgreSQL's see what others commit meanwhile unless told.
        options = {} if self.path is not None else {"isolation_level": "REPEATABLE READ"}
        with (
            explained(self.name),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that keeps other writers out from its beginning, and leaves nothing behind if it fails.

        Raises UnreadableError where the schema is not this release's: another may have upgraded it since.
        """
        with self.locked() as (connection, version):
            self._check_version(version)
            yield connection

    @contextmanager
    def locked(self, *, alone: bool = False) -> Iterator[tuple[Connection, int | None]]:
        """``writing``, whatever the schema's version, which is given too; None where there is no such row.

        ``alone``: on PostgreSQL keep readers out too, as who changes tables must.
        """
        with self._begun() as connection:
            if self.path is None:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {self._busy_ms}")
                if alone:
                    connection.exec_driver_sql(f"LOCK TABLE {Meta.__tablename__} IN ACCESS EXCLUSIVE MODE")
            # On PostgreSQL every writer takes this row first, and waits here. SQLite has locked the file already.
            yield connection, connection.scalar(_LOCKED_VERSION)

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        with (
            explained(self.name),
            self._engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def create(self, fill: Callable[[Connection], None]) -> None:
        """Make the tables and ``fill`` them, in one transaction. Raises UsageError where something stands already.

        Nothing is overwritten, and what fails leaves nothing behind.
        """
        if self.path is None:
            self._create_tables(fill)
            return
        place.require_local(self.path)
        self._claim_file(self.path)
        try:
            self._turn_on_wal(self.path)
            self._create_tables(fill)
        except BaseException:
            self.close()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
            raise

    def _create_tables(self, fill: Callable[[Connection], None]) -> None:
        with self._begun() as connection:
            if inspect(connection).has_table(str(EntryRow.__tablename__)):
                raise self._exists()
            SQLModel.metadata.create_all(connection, tables=TABLES)
            fill(connection)

    def meta(self) -> Meta:
        """What the ledger in here is. Raises UnreadableError where there is none that this release can read."""
        with self.checked() as (connection, version):
            self._check_version(version)
            row = connection.execute(select(Meta)).mappings().one()
        return Meta(**row)

    @contextmanager
    def checked(self) -> Iterator[tuple[Connection, int]]:
        """``reading``, after a look at what there is: gives the schema's version too, whatever it is.

        Raises UnreadableError where there is no ledger, and UsageError where it lies on a network share.
        """
        if self.path is not None:
            place.require_local(self.path)
            if not self.path.is_file():
                raise UnreadableError(
                    Text(f"台帳 {self.name} がありません", f"there is no ledger at {self.name}"),
                    Text("場所を確かめるか、新しく作ってください", "look at the path, or create a ledger there"),
                    code="ledger-missing",
                )
        with self.reading() as connection:
            known = inspect(connection).has_table(str(Meta.__tablename__))
            version = connection.scalar(_VERSION) if known else None
            if version is None:
                raise unreadable(self.name, Text("biotrace の台帳ではありません", "is not a biotrace ledger"))
            yield connection, version

    def _check_version(self, version: int | None) -> None:
        if version is None or version < SCHEMA_VERSION:
            raise UnreadableError(
                Text(
                    f"台帳 {self.name} は前の版の biotrace で作られました（{version}）",
                    f"ledger {self.name} was made by an earlier biotrace (schema {version})",
                ),
                Text("biotrace upgrade を実行してください", "upgrade needed: run biotrace upgrade"),
                code="upgrade-needed",
            )
        if version > SCHEMA_VERSION:
            raise UnreadableError(
                Text(
                    f"台帳 {self.name} は新しい版の biotrace で作られました（{version}）",
                    f"ledger {self.name} was made by a later biotrace (schema {version})",
                ),
                Text("biotrace を更新してください", "update biotrace"),
                code="update-needed",
            )

    def _claim_file(self, path: Path) -> None:
        """Make the file, or learn that somebody else has."""
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            raise self._exists() from None
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise disk_full(self.name) from None
            raise UsageError(
                Text(f"{path} に台帳を作れません: {error.strerror}", f"cannot create {path}: {error.strerror}"),
                code="ledger-place",
            ) from None

    def _turn_on_wal(self, path: Path) -> None:
        """SQLite keeps this setting in the file; it is set here only, so that opening never changes a foreign file."""
        with explained(self.name), closing(sqlite3.connect(path)) as plain:
            (mode,) = plain.execute("PRAGMA journal_mode=WAL").fetchone()
        if mode != "wal":
            raise unreadable(
                self.name, Text("WAL を使えない場所です", "lies where SQLite cannot keep a write-ahead log")
            )

    def _exists(self) -> UsageError:
        return UsageError(
            Text(f"{self.name} にはすでに何かあります", f"something stands at {self.name} already"),
            Text("別の場所を選ぶか、その台帳を開いてください", "choose another place, or open what is there"),
            code="ledger-exists",
        )


def _url(where: str | Path) -> URL:
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except ArgumentError:
        raise UsageError(
            Text(f"データベースの所在として読めません: {where}", f"no database address: {where}")
        ) from None
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise UsageError(Text("台帳にはファイルが要ります", "a ledger needs a file"))
    return url


def _engine(url: URL) -> Engine:
    try:
        return create_engine(url)
    except (ModuleNotFoundError, SQLAlchemyError) as error:
        raise UsageError(
            Text(f"{url.drivername} を使えません: {error}", f"cannot use {url.drivername}: {error}"),
            Text("そのドライバーを入れてください", "install that driver"),
        ) from None


def _set_up_sqlite(engine: Engine, busy_ms: int) -> None:
    """Durable commits, enforced references, and transactions that begin where we say, not where sqlite3 guesses."""

    @event.listens_for(engine, "connect")
    def _(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={busy_ms}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
