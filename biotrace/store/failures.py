"""The databases' own errors, as ours: what failed, and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import IntegrityError as ConstraintError

from biotrace.errors import BiotraceError, IntegrityError, UnreadableError
from biotrace.model.text import Text

CONFLICT = "conflict"
"""Code of the refusal of a row whose key, or another value that has to be unique, is there already."""

_WRONG_PLACE_OR_DAMAGED = Text(
    "正しい場所か確かめてください。台帳そのものなら壊れています。控えから戻してください",
    "see whether it is the right place; if it is the ledger, it is damaged: restore it from a backup",
)
_WRONG_PLACE = Text("正しい場所か確かめてください", "see whether it is the right place")
_FAILING_DISK = Text(
    "ディスクの接続・空き・状態を確かめ、もう一度実行してください",
    "see whether the disk is attached, sound and not full, then try again",
)


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Whatever the database of the ledger called ``name`` raises in the block, as BiotraceError.

    IntegrityError (``conflict``), BiotraceError (``ledger-busy``, ``disk-full``) or UnreadableError
    (``ledger-unreadable``).
    """
    try:
        yield
    except ConstraintError:
        raise IntegrityError(
            Text("ほかの書き込みと衝突しました", "another writer came between"),
            Text("もう一度実行してください", "try again"),
            code=CONFLICT,
        ) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if _is_busy(cause):
            raise BiotraceError(
                Text(f"台帳 {name} はほかで書き込み中です", f"ledger {name} is being written to"),
                Text("しばらく待ってもう一度実行してください", "wait a little and try again"),
                code="ledger-busy",
            ) from None
        if _is_disk_full(cause):
            raise disk_full(name) from None
        failing = _sqlite_code(cause) & 0xFF == sqlite3.SQLITE_IOERR
        remedy = _FAILING_DISK if failing else _WRONG_PLACE_OR_DAMAGED
        reason = Text(f"読み書きできません（{cause}）", f"cannot be read or written ({cause})")
        raise unreadable(name, reason, remedy) from error


def unreadable(name: str, reason: Text, remedy: Text = _WRONG_PLACE) -> UnreadableError:
    """A place where there is no ledger to be read, or none any more."""
    return UnreadableError(Text(f"{name}: ", f"{name} ") + reason, remedy, code="ledger-unreadable")


def disk_full(name: str) -> BiotraceError:
    """No room is left for the ledger to grow."""
    return BiotraceError(
        Text(f"台帳 {name} のあるディスクがいっぱいです", f"the disk that holds ledger {name} is full"),
        Text(
            "ほかのファイルを移すか消して空きを作り、もう一度実行してください（記録済みの内容は残っています。"
            "台帳の名前で始まるファイルは消さないでください）",
            "make room by moving or deleting other files, then try again (what was logged is still there; "
            "leave alone every file whose name begins like the ledger's)",
        ),
        code="disk-full",
    )


def _is_busy(cause: BaseException | None) -> bool:
    """55P03 is PostgreSQL's lock_not_available."""
    return _sqlite_code(cause) & 0xFF == sqlite3.SQLITE_BUSY or getattr(cause, "sqlstate", None) == "55P03"


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
