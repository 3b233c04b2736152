"""The copies of files in a workspace, looked at when a rule asks for one (D902)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from .stored_files import FOLDER, Copy, copy_of


class CopiesAtHand(Mapping[bytes, bool]):
    """By SHA-256, each file whose copy is at hand: whether that still has this content. Each is read once."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._names = frozenset(_held(workspace / FOLDER))
        self._known: dict[bytes, bool] = {}

    def __getitem__(self, sha256: bytes) -> bool:
        if sha256 not in self._names:
            raise KeyError(sha256)
        if sha256 not in self._known:
            self._known[sha256] = copy_of(self._workspace, sha256) is Copy.HELD
        return self._known[sha256]

    def __contains__(self, sha256: object) -> bool:
        return sha256 in self._names

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _held(folder: Path) -> Iterator[bytes]:
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            yield bytes.fromhex(path.name)
        except ValueError:
            continue  # not a copy: its name is no hash
