"""Files, with errors that name them. Nothing is left half-written."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from biotrace.errors import UnreadableError, UsageError
from biotrace.model.text import Text, same

MAX_BYTES = 256 * 1024 * 1024


def read_file(path: Path) -> bytes:
    """The file's bytes. Raises UnreadableError, naming the file, when it cannot be read or is over 256 MiB."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(
                same(f"{path}: ") + Text("大きすぎます（256 MiB まで）", "too large (256 MiB at most)")
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            same(f"{path}: ") + Text(f"開けません（{error.strerror}）", f"cannot be opened ({error.strerror})"),
            Text("ファイルの名前と場所を確かめてください", "look at the name and place of the file"),
            code="no-file",
        ) from None


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all. Raises UsageError where one stands already or the disk refuses."""
    if path.exists():
        raise UsageError(
            same(f"{path}: ") + Text("すでにあります", "exists already"),
            Text("別の名前にするか、先に移してください", "choose another name, or move it away first"),
            code="file-exists",
        )
    write_over(path, data, private=private)


def write_over(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all, replacing what was there."""
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o600 if private else 0o644)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            same(f"{path}: ") + Text(f"書けません（{error.strerror}）", f"cannot be written ({error.strerror})"),
            Text("空き容量と書き込みの権限を確かめてください", "look at the free space and the permissions"),
            code="cannot-write",
        ) from None
