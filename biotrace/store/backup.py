"""Copies of a ledger as one new SQLite file, consistent while others write, and verified before it has its name.

A copy of a SQLite ledger is its pages, of a PostgreSQL one its rows; either opens as a ledger. It holds the records
and what the log signed by then, no keys. A log that goes on from a restored copy after it had signed more would show
two different trees: whoever restores one has to see to that.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Table, create_engine, func, insert, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlmodel import col

from biotrace.chain.checkpoint import Checkpoint
from biotrace.chain.note import VerifierKey
from biotrace.errors import BiotraceError, UsageError
from biotrace.model.text import Text, same

from . import checkpoints, integrity
from .failures import explained
from .integrity import IntegrityFinding
from .ledger import Ledger
from .tables import TABLES, Meta

_ROWS = 1_000
"""Rows copied at once."""
_LOOK = Text(
    "控えを置く場所の空き容量と、両方のディスクの状態を確かめてください",
    "see whether there is room for the backup, and whether both disks are sound",
)
_REASON = {
    errno.ENOSPC: Text("空き容量がありません", "no space left"),
    errno.EACCES: Text("権限がありません", "permission denied"),
    errno.EROFS: Text("書き込めない場所です", "read-only place"),
}
"""The system speaks English only, and these are what people meet."""


def backup(ledger: Ledger, to: Path) -> None:
    """Copy a ledger, as it is at one moment, to the new file ``to``; others may go on writing to it.

    Raises UsageError where something stands at ``to`` (``file-exists``) or cannot be written (``cannot-write``), and
    BiotraceError (``backup-failed``) where the copy is not the same; then nothing is left behind. ``to`` may lie on a
    network share: nobody else writes to it, and no ledger is opened there.
    """
    if ledger.database.path is None:
        copy_to_sqlite(ledger, to)
        return
    with ledger.database.reading() as connection:
        copy_pages(connection, TABLES, to)


def copy_to_sqlite(ledger: Ledger, to: Path) -> None:
    """Copy a ledger of any database to the new SQLite file ``to``, row by row. Raises as ``backup`` does."""
    with ledger.database.reading() as connection:
        copy_rows(connection, TABLES, to)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a copy is: its log's key and latest checkpoint, and what of it is not as it was signed and logged."""

    log: VerifierKey
    checkpoint: Checkpoint
    findings: tuple[IntegrityFinding, ...]


def examine(copy: Path) -> Examined:
    """Look at a copy, as whole as ``check_integrity`` does, wherever it lies: no file is made beside it.

    Nobody may write to it meanwhile. Raises IntegrityError (``ledger-damaged``) where there is no checkpoint.
    """
    engine = create_engine("sqlite://", creator=lambda: _as_it_lies(copy), poolclass=NullPool)

    @contextmanager
    def reading() -> Iterator[Connection]:
        with explained(str(copy)), engine.connect() as connection:
            yield connection

    with reading() as connection:
        log = VerifierKey.parse(connection.execute(select(col(Meta.log_vkey))).scalar_one())
        latest = checkpoints.verified_latest(connection, log, None)
    return Examined(log, latest, tuple(integrity.findings(reading, log)))


def copy_pages(connection: Connection, tables: Sequence[Table], to: Path) -> None:
    """The SQLite database that a transaction sees, page by page; ``tables`` are counted in both. See ``backup``."""
    source = connection.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)
    counts = _counts(connection, tables)  # from here on the transaction sees one state, of which the copy is made
    with new_file(to) as made:
        with closing(sqlite3.connect(made)) as copy:
            source.backup(copy)
        _verify(made, counts)


def copy_rows(connection: Connection, tables: Sequence[Table], to: Path) -> None:
    """The rows of ``tables`` that a transaction sees, in a new SQLite file with such tables. See ``backup``."""
    counts = _counts(connection, tables)
    with new_file(to) as made:
        engine = create_engine(URL.create("sqlite", database=str(made)), poolclass=NullPool)
        with engine.begin() as copy:
            for table in tables:
                table.create(copy)
                rows = connection.execute(select(table), execution_options={"yield_per": _ROWS})
                for batch in rows.mappings().partitions():
                    copy.execute(insert(table), [dict(row) for row in batch])
        with closing(sqlite3.connect(made)) as plain:
            plain.execute("PRAGMA journal_mode=WAL")
        _verify(made, counts)


@contextmanager
def new_file(to: Path) -> Iterator[Path]:
    """A file under another name beside ``to``, which gets that name, safe on the disk, when the block is through.

    Raises as ``backup`` does; what the system refuses in the block is taken for a refusal to write.
    """
    if to.exists():
        raise _exists(to)
    with told(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=".biotrace-")
        os.close(handle)
    made = Path(name)
    try:
        with told(to):
            yield made
            _sync(made)
            _name(made, to)
            sync_folder(to.parent)
    except (sqlite3.Error, SQLAlchemyError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise BiotraceError(
            Text(f"{to} に控えを作れません（{cause}）", f"no backup could be made at {to} ({cause})"),
            _LOOK,
            code="backup-failed",
        ) from error
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                Path(f"{made}{suffix}").unlink(missing_ok=True)


def _counts(connection: Connection, tables: Sequence[Table]) -> dict[str, int]:
    return {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def _verify(made: Path, counts: dict[str, int]) -> None:
    """That the copy is sound, and has as many rows. It is read as it lies: no log beside it is made or taken in."""
    with closing(_as_it_lies(made)) as copy:
        (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        found = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in counts}
    if said != "ok" or found != counts:
        what = said if said != "ok" else ", ".join(f"{n}: {found[n]}/{counts[n]}" for n in counts)
        raise BiotraceError(
            Text(f"控えが台帳と一致しません（{what}）", f"the backup is not what the ledger is ({what})"),
            _LOOK,
            code="backup-failed",
        )


def _as_it_lies(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder safe on the disk."""
    if os.name == "nt":
        return  # Windows keeps names itself
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(made: Path, to: Path) -> None:
    """Give a file its name, never that of another."""
    try:
        os.link(made, to)
        return
    except FileExistsError:
        raise _exists(to) from None
    except OSError:
        pass  # a file system without links, such as a USB stick's
    try:
        to.touch(exist_ok=False)
    except FileExistsError:
        raise _exists(to) from None
    try:
        os.replace(made, to)
    except BaseException:
        to.unlink()  # it is ours, and empty
        raise


@contextmanager
def told(to: Path) -> Iterator[None]:
    """What the system refuses in the block as a UsageError (``cannot-write``) that names ``to``."""
    try:
        yield
    except OSError as error:
        why = _REASON.get(error.errno or 0) or same(error.strerror or type(error).__name__)
        raise UsageError(
            same(f"{to}: ") + Text("書けません（", "cannot be written (") + why + Text("）", ")"),
            Text(
                "場所・空き容量・書き込みの権限を確かめてください", "look at the place, its free space and permissions"
            ),
            code="cannot-write",
        ) from None


def _exists(to: Path) -> UsageError:
    return UsageError(
        Text(f"{to}: すでにあります", f"{to}: exists already"),
        Text("別の名前にするか、先に移してください", "choose another name, or move it away first"),
        code="file-exists",
    )
