"""Destroying copies of files and values of private fields, so that it can be taken up again wherever it broke off.

A note ``purge.unfinished`` stands in the workspace from before the first step until after the last one.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from biotrace.errors import UsageError
from biotrace.model.text import Text, same
from biotrace.store.backup import sync_folder
from biotrace.store.forgetting import forget, rewrite

from .files import refused_by_system, write_over
from .stored_files import FOLDER, copy_path
from .workspace import Workspace

UNFINISHED = "purge.unfinished"
_PROBES = 32
"""How many of the destroyed salts are looked for in each file: who kept an earlier ledger kept all of them."""


def is_unfinished(folder: Path) -> bool:
    """Whether a destruction began in the workspace and did not come to its end."""
    return (folder / UNFINISHED).exists()


def begin(folder: Path) -> None:
    """Note that a destruction begins. Raises UsageError where the disk refuses: then nothing is destroyed."""
    write_over(folder / UNFINISHED, "biotrace retain purge: 再実行で完了します / run it again to complete\n".encode())


def erase(workspace: Workspace, files: Collection[bytes], records: Collection[bytes]) -> int:
    """Destroy the copies of these files, and the values of private fields of these records; gives how many values.

    Done again it goes on where it broke off. Raises BiotraceError where something stands in the way, such as a copy
    that is open in another program; the note then stays.
    """
    values = forget(workspace.ledger.database, records)
    rewrite(workspace.ledger.database)
    for sha256 in sorted(files):
        _unlink(copy_path(workspace.folder, sha256))
    if files:
        sync_folder(workspace.folder / FOLDER)
    (workspace.folder / UNFINISHED).unlink(missing_ok=True)
    return values


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        error.filename = str(path)
        raise UsageError(
            Text("写しを消せません: ", "a copy cannot be destroyed: ") + refused_by_system(error).message,
            Text(
                "ほかのプログラムで開いていれば閉じ、もう一度実行してください。続きから消します",
                "close it where it is open, then run this again: it goes on from here",
            ),
            code="cannot-delete",
        ) from None


def still_holding(folder: Path, salts: Collection[bytes]) -> tuple[Text, ...]:
    """The workspace's files in which destroyed salts are found all the same, or that could not be looked into.

    A ledger's copy from before an upgrade, or a backup, that lies among them has all of them.
    """
    probes = sorted(salts)[:: max(1, len(salts) // _PROBES)]
    return tuple(_found(folder, probes)) if probes else ()


def _found(folder: Path, probes: Collection[bytes]) -> Iterator[Text]:
    for path in sorted(p for p in folder.rglob("*") if p.parent != folder / FOLDER):
        name = same(path.relative_to(folder).as_posix())
        try:
            if path.is_symlink() or not path.is_file() or not path.stat().st_size:
                continue
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                if any(content.find(probe) >= 0 for probe in probes):
                    yield name + Text("（廃棄した値が残っている）", " (still holds what was destroyed)")
        except (OSError, ValueError) as error:
            reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
            yield name + Text(f"（確かめられない: {reason}）", f" (could not be looked into: {reason})")
