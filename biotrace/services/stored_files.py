"""Copies of files that records name: in the workspace's folder ``files``, each under the SHA-256 of its content."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from biotrace.chain.kinds import Body
from biotrace.errors import BiotraceError
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.retention import Answer, StoredFile
from biotrace.model.text import Text

from .files import write_over
from .ledger_case import read_ledger
from .workspace import Workspace

FOLDER = "files"
UNKNOWN_TYPE = "application/octet-stream"
_BEGINNINGS = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"II*\0", "image/tiff", ".tif"),
    (b"MM\0*", "image/tiff", ".tif"),
)


class Copy(StrEnum):
    """What has become of the copy of a stored file."""

    HELD = "held"
    MISSING = "missing"
    ALTERED = "altered"

    @property
    def message(self) -> Text:
        """For people."""
        return _MESSAGES[self]


_MESSAGES = {
    Copy.HELD: Text("写しあり", "copy held"),
    Copy.MISSING: Text("写しがありません", "copy missing"),
    Copy.ALTERED: Text("写しが変わっています", "copy altered"),
}


def stored(content: bytes) -> StoredFile:
    """What a record says of a file. Its name says nothing: the type is told by its first bytes."""
    return StoredFile(hashlib.sha256(content).digest(), len(content), _kind(content)[0])


def extension(content: bytes) -> str:
    """How the name of a file of this content ends."""
    return _kind(content)[1]


def _kind(content: bytes) -> tuple[str, str]:
    known = ((media, ending) for start, media, ending in _BEGINNINGS if content.startswith(start))
    return next(known, (UNKNOWN_TYPE, ".bin"))


def files_of(body: Body) -> tuple[StoredFile, ...]:
    """The files that a record names."""
    return body.files if isinstance(body, Certificate | Document | Answer) else ()


def copy_path(workspace: Path, sha256: bytes) -> Path:
    """Where the copy of a file lies, if it is held."""
    return workspace / FOLDER / sha256.hex()


def copy_of(workspace: Path, sha256: bytes) -> Copy:
    """Whether the workspace's folder holds the file, with the very content that was hashed."""
    path = copy_path(workspace, sha256)
    if not path.is_file():
        return Copy.ALTERED if path.exists() else Copy.MISSING
    with path.open("rb") as file:
        same = hashlib.file_digest(file, "sha256").digest() == sha256
    return Copy.HELD if same else Copy.ALTERED


@dataclass(slots=True)
class Copies:
    """Copies on their way into a workspace. ``added``: SHA-256 of each that was not there; ``known``: how many were."""

    workspace: Path
    added: list[bytes] = field(default_factory=list)
    known: int = 0

    def keep(self, content: bytes) -> StoredFile:
        """Hold a copy; where one is held already, nothing is written. Raises UsageError where the disk refuses."""
        file = stored(content)
        if copy_of(self.workspace, file.sha256) is Copy.HELD:
            self.known += file.sha256 not in self.added
        else:
            write_over(copy_path(self.workspace, file.sha256), content, private=True)
            self.added.append(file.sha256)
        return file

    def drop(self, named: Iterable[bytes]) -> None:
        """Remove what was added, except what is ``named``."""
        for sha256 in {*self.added}.difference(named):
            with contextlib.suppress(OSError):
                copy_path(self.workspace, sha256).unlink()


@contextmanager
def keeping(workspace: Workspace) -> Iterator[Copies]:
    """Hold copies in the block, before a ledger takes the records that name them.

    Where the block fails, those that it added go again, unless a record names them all the same: the ledger may have
    taken it before the failure, or another command meanwhile. If that cannot be told, they stay.
    """
    copies = Copies(workspace.folder)
    try:
        yield copies
    except BaseException:
        if copies.added:
            with contextlib.suppress(BiotraceError, OSError):
                entries = read_ledger(workspace.ledger).everything
                copies.drop(file.sha256 for entry in entries for file in files_of(entry.record.body))
        raise
