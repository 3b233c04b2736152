"""The files that a casebook names: read, copied into the workspace, and stated in the entries by their hashes."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.retention import StoredFile
from biotrace.model.text import Text, same

from .files import refused_by_system
from .stored_files import Copies

MAX_FILE_BYTES = 50 * 1024 * 1024
"""Less than a bundle takes (64 MiB), so that every file can be handed on."""
_PLACE = Text(
    "casebook から見た名前と、ファイルの場所を確かめてください",
    "look at the name, which is relative to the casebook, and at the place of the file",
)

T = TypeVar("T", Document, Certificate)


def attach(book: Casebook, path: Path, copies: Copies) -> Casebook:
    """The casebook that was read from ``path``, with the files that its entries name, copied, in the entries.

    Raises UsageError (``file``) for a file that is missing, empty, larger than MAX_FILE_BYTES, no plain file, outside
    the casebook's folder by way of a link, or the same as another of its entry.
    """
    return replace(
        book,
        documents=tuple(_attached(d, Text("書類", "document"), book, path, copies) for d in book.documents),
        certificates=tuple(_attached(c, Text("証明書", "certificate"), book, path, copies) for c in book.certificates),
        files={},
    )


def _attached(entry: T, kind: Text, book: Casebook, path: Path, copies: Copies) -> T:
    found: dict[bytes, str] = {}
    files: list[StoredFile] = []
    for name in book.files.get(entry.id, ()):
        where = same(f"{path}: ") + kind + Text(f"「{entry.id}」の files の {name}: ", f" {entry.id}, files, {name}: ")
        file = copies.keep(_content(path.parent, name, where))
        if (other := found.get(file.sha256)) is not None:
            raise _refused(
                where + Text(f"{other} と同じ内容です", f"the same content as {other}"),
                Text("どちらか一方を消してください", "remove one of the two"),
            )
        found[file.sha256] = name
        files.append(file)
    return replace(entry, files=tuple(files)) if files else entry


def _content(folder: Path, name: str, where: Text) -> bytes:
    try:
        path = (folder / name).resolve(strict=True)
        if not path.is_relative_to(folder.resolve()):
            raise _refused(where + Text("casebook のフォルダーの外にあります", "it lies outside the casebook's folder"))
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end
            raise _refused(where + Text("ファイルではありません", "it is no file"))
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        error.filename = str(folder / name)
        raise _refused(where + refused_by_system(error).message) from None
    except (RuntimeError, ValueError):  # links that lead round in a circle; a name that no system knows
        raise _refused(where + Text("開けません", "it cannot be opened")) from None
    if not content:
        raise _refused(where + Text("空です", "it is empty"), Text("スキャンし直してください", "scan or save it again"))
    if len(content) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES >> 20
        raise _refused(
            where + Text(f"{limit} MiB を超えています", f"it is larger than {limit} MiB"),
            Text("解像度を下げるか、分けてください", "scan it at a lower resolution, or split it"),
        )
    return content


def _refused(message: Text, remedy: Text = _PLACE) -> UsageError:
    return UsageError(message, remedy, code="file")
