"""Files, with errors that name them. Nothing is left half-written."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from biotrace.errors import UnreadableError, UsageError
from biotrace.model.text import Text, same

MAX_BYTES = 256 * 1024 * 1024

_REASON = {
    errno.ENOENT: Text("ファイルがありません", "no such file"),
    errno.ENOTDIR: Text("途中の名前がフォルダーではありません", "part of the path is no folder"),
    errno.EEXIST: Text("同じ名前のファイルがあります", "a file of that name stands there"),
    errno.EISDIR: Text("フォルダーです", "it is a folder"),
    errno.EACCES: Text("権限がありません", "permission denied"),
    errno.EPERM: Text("権限がありません", "permission denied"),
    errno.ENOSPC: Text("空き容量がありません", "no space left"),
    errno.EROFS: Text("書き込めない場所です", "read-only place"),
    errno.ENAMETOOLONG: Text("名前が長すぎます", "the name is too long"),
}
"""The system speaks English only, and these are what people meet."""


def read_file(path: Path) -> bytes:
    """The file's bytes. Raises UnreadableError, naming the file, when it cannot be read or is over 256 MiB."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(
                same(f"{path}: ") + Text("大きすぎます（256 MiB まで）", "too large (256 MiB at most)"),
                Text("取り違えていないか確かめてください", "see whether it is the right file"),
                code="too-large",
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            same(f"{path}: ") + Text("開けません（", "cannot be opened (") + _reason(error) + Text("）", ")"),
            Text("ファイルの名前と場所を確かめてください", "look at the name and place of the file"),
            code="no-file",
        ) from None


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all. Raises UsageError where one stands already or the disk refuses."""
    require_new(path)
    write_over(path, data, private=private)


def write_over(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all, replacing what was there. Raises UsageError where the disk refuses."""
    with staged(path, data, private=private):
        pass


def require_new(path: Path) -> None:
    """Raise UsageError where something of that name stands already."""
    if path.exists():
        raise UsageError(
            same(f"{path}: ") + Text("すでにあります", "exists already"),
            Text("別の名前にするか、先に移してください", "choose another name, or move it away first"),
            code="file-exists",
        )


@contextmanager
def staged(path: Path, data: bytes, *, private: bool = False) -> Iterator[None]:
    """Write ``data`` beside ``path`` before the block, and put it in place after.

    A disk that is full or closed to us is so met before anything that cannot be undone, such as an entry in a
    ledger. Where the block fails nothing is left. Raises UsageError where the disk refuses.
    """
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".biotrace-")
    try:
        with _explained(path):
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o600 if private else 0o644)
        yield
        with _explained(path):
            os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def refused_by_system(error: OSError) -> UnreadableError:
    """Any other refusal of the system, such as a folder that may not be entered, as an error that names the place."""
    return UnreadableError(
        same(f"{error.filename or '?'}: ") + _reason(error),
        Text("場所と権限を確かめてください", "look at the place and its permissions"),
        code="system",
    )


def _reason(error: OSError) -> Text:
    return _REASON.get(error.errno or 0) or same(error.strerror or type(error).__name__)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            same(f"{path}: ") + Text("書けません（", "cannot be written (") + _reason(error) + Text("）", ")"),
            Text(
                "場所・空き容量・書き込みの権限を確かめてください", "look at the place, its free space and permissions"
            ),
            code="cannot-write",
        ) from None
