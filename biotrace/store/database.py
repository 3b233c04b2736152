"""The database under a ledger: SQLite in a file by default, another by URL. Settings, transactions, errors."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import IntegrityError as ConstraintError
from sqlmodel import SQLModel, col

from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UsageError
from biotrace.model.text import Text

from .tables import SCHEMA_VERSION, EdgeRow, EntryRow, KeyEndRow, KeyRow, Meta

_TABLES = [SQLModel.metadata.tables[str(row.__tablename__)] for row in (Meta, EntryRow, EdgeRow, KeyRow, KeyEndRow)]
_WRITES = "biotrace_writes"
_WRONG_PLACE_OR_DAMAGED = Text(
    "正しい場所か確かめてください。台帳そのものなら壊れています。控えから戻してください",
    "see whether it is the right place; if it is the ledger, it is damaged: restore it from a backup",
)
_WRONG_PLACE = Text("正しい場所か確かめてください", "see whether it is the right place")
_FAILING_DISK = Text(
    "ディスクの接続・空き・状態を確かめ、もう一度実行してください",
    "see whether the disk is attached, sound and not full, then try again",
)


class Database:
    """Connections to one ledger's database.

    ``path``: its file, None for a server. ``name``: path or address for messages, without any password.
    """

    def __init__(self, where: str | Path, busy_seconds: float) -> None:
        url = _url(where)
        self.path = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
        self.name = str(self.path or url.render_as_string(hide_password=True))
        self._engine = _engine(url)
        if self.path is not None:
            _set_up_sqlite(self._engine, busy_seconds)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with self._explained(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that keeps other writers out from its beginning, and leaves nothing behind if it fails."""
        with (
            self._explained(),
            self._engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def create(self, ledger_id: str) -> None:
        """Make the tables. Raises UsageError where something stands already: nothing is overwritten."""
        if self.path is None:
            self._create_tables(ledger_id)
            return
        self._claim_file(self.path)
        try:
            self._turn_on_wal(self.path)
            self._create_tables(ledger_id)
        except BaseException:
            self.close()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
            raise

    def _create_tables(self, ledger_id: str) -> None:
        with self.writing() as connection:
            if inspect(connection).has_table(str(EntryRow.__tablename__)):
                raise self._exists()
            SQLModel.metadata.create_all(connection, tables=_TABLES)
            connection.execute(insert(Meta).values(id=1, schema_version=SCHEMA_VERSION, ledger_id=ledger_id))

    def ledger_id(self) -> str:
        """The id of the ledger in here. Raises UnreadableError where there is none that this release can read."""
        if self.path is not None and not self.path.is_file():
            raise UnreadableError(
                Text(f"台帳 {self.name} がありません", f"there is no ledger at {self.name}"),
                Text("場所を確かめるか、新しく作ってください", "look at the path, or create a ledger there"),
                code="ledger-missing",
            )
        with self.reading() as connection:
            known = inspect(connection).has_table(str(Meta.__tablename__))
            row = connection.execute(select(col(Meta.schema_version), col(Meta.ledger_id))).first() if known else None
        if row is None:
            raise self._unreadable(Text("biotrace の台帳ではありません", "is not a biotrace ledger"))
        if row.schema_version != SCHEMA_VERSION:
            raise UnreadableError(
                Text(
                    f"台帳 {self.name} は新しい版の biotrace で作られました（{row.schema_version}）",
                    f"ledger {self.name} was made by a later biotrace (schema {row.schema_version})",
                ),
                Text("biotrace を更新してください", "update biotrace"),
                code="update-needed",
            )
        ledger_id: str = row.ledger_id
        return ledger_id

    def _claim_file(self, path: Path) -> None:
        """Make the file, or learn that somebody else has."""
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            raise self._exists() from None
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise self._disk_full() from None
            raise UsageError(
                Text(f"{path} に台帳を作れません: {error.strerror}", f"cannot create {path}: {error.strerror}"),
                code="ledger-place",
            ) from None

    def _turn_on_wal(self, path: Path) -> None:
        """SQLite keeps this setting in the file; it is set here only, so that opening never changes a foreign file."""
        with self._explained(), closing(sqlite3.connect(path)) as plain:
            (mode,) = plain.execute("PRAGMA journal_mode=WAL").fetchone()
        if mode != "wal":
            raise self._unreadable(Text("WAL を使えない場所です", "lies where SQLite cannot keep a write-ahead log"))

    def _exists(self) -> UsageError:
        return UsageError(
            Text(f"{self.name} にはすでに何かあります", f"something stands at {self.name} already"),
            Text("別の場所を選ぶか、その台帳を開いてください", "choose another place, or open what is there"),
            code="ledger-exists",
        )

    def _unreadable(self, reason: Text, remedy: Text = _WRONG_PLACE) -> UnreadableError:
        what = Text(f"{self.name}: ", f"{self.name} ")
        return UnreadableError(what + reason, remedy, code="ledger-unreadable")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """The database's own errors, as ours."""
        try:
            yield
        except ConstraintError:
            raise IntegrityError(
                Text("ほかの書き込みと衝突しました", "another writer came between"),
                Text("もう一度実行してください", "try again"),
                code="conflict",
            ) from None
        except (SQLAlchemyError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if _is_busy(cause):
                raise BiotraceError(
                    Text(f"台帳 {self.name} はほかで書き込み中です", f"ledger {self.name} is being written to"),
                    Text("しばらく待ってもう一度実行してください", "wait a little and try again"),
                    code="ledger-busy",
                ) from None
            if _is_disk_full(cause):
                raise self._disk_full() from None
            failing = _sqlite_code(cause) & 0xFF == sqlite3.SQLITE_IOERR
            remedy = _FAILING_DISK if failing else _WRONG_PLACE_OR_DAMAGED
            raise self._unreadable(
                Text(f"読み書きできません（{cause}）", f"cannot be read or written ({cause})"), remedy
            ) from error

    def _disk_full(self) -> BiotraceError:
        return BiotraceError(
            Text(f"台帳 {self.name} のあるディスクがいっぱいです", f"the disk that holds ledger {self.name} is full"),
            Text(
                "ほかのファイルを移すか消して空きを作り、もう一度実行してください（記録済みの内容は残っています。"
                "台帳の名前で始まるファイルは消さないでください）",
                "make room by moving or deleting other files, then try again (what was logged is still there; "
                "leave alone every file whose name begins like the ledger's)",
            ),
            code="disk-full",
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


def _set_up_sqlite(engine: Engine, busy_seconds: float) -> None:
    """Durable commits, enforced references, and transactions that begin where we say, not where sqlite3 guesses."""

    @event.listens_for(engine, "connect")
    def _(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_busy(cause: BaseException | None) -> bool:
    return _sqlite_code(cause) & 0xFF == sqlite3.SQLITE_BUSY


def _is_disk_full(cause: BaseException | None) -> bool:
    """SQLITE_IOERR_SHMSIZE: even reading needs 32 KiB beside the database, and on a full disk fails with this code.

    53100 is PostgreSQL's disk_full.
    """
    full = _sqlite_code(cause) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)
    return full or getattr(cause, "sqlstate", None) == "53100"


def _sqlite_code(cause: BaseException | None) -> int:
    """SQLite's extended result code; 0 for what is not SQLite's."""
    code: int = getattr(cause, "sqlite_errorcode", 0)
    return code
