"""Scans and photographs that a command names, to be held with what it logs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from biotrace.errors import UsageError
from biotrace.model.retention import StoredFile
from biotrace.model.text import Text, same

from .casebook_files import MAX_FILE_BYTES
from .files import read_file
from .stored_files import Copies


def read_scans(paths: Sequence[Path]) -> tuple[bytes, ...]:
    """What is in the files. Raises UsageError (``file``) for one that is empty, too large, or the same as another.

    And UnreadableError for one that cannot be opened.
    """
    found: dict[bytes, Path] = {}
    for path in paths:
        content = read_file(path)
        if not content:
            raise _refused(path, Text("空です", "it is empty"), Text("スキャンし直してください", "scan it again"))
        if len(content) > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES >> 20
            raise _refused(
                path,
                Text(f"{limit} MiB を超えています", f"it is larger than {limit} MiB"),
                Text("解像度を下げるか、分けてください", "scan it at a lower resolution, or split it"),
            )
        if content in found:
            other = found[content]
            raise _refused(
                path,
                Text(f"{other} と同じ内容です", f"the same content as {other}"),
                Text("どちらか一方だけを指定してください", "name only one of the two"),
            )
        found[content] = path
    return tuple(found)


def hold(contents: Sequence[bytes], copies: Copies) -> tuple[StoredFile, ...]:
    """Keep copies, and give what a record says of them."""
    return tuple(copies.keep(content) for content in contents)


def _refused(path: Path, message: Text, remedy: Text) -> UsageError:
    return UsageError(same(f"{path}: ") + message, remedy, code="file")
