"""Reading a backup file: nothing in it is believed, and nothing but known files of the stated hashes comes out of it.

Only what is not compressed is read, as ``biotrace.services.backup`` writes it. So no file can grow beyond the backup
itself, and one that was packed anew by other programs is refused.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from biotrace.model.text import Text
from biotrace.store.backup import told

from .backup_format import MANIFEST, MAX_MANIFEST, SEALED, Manifest, not_backup, parse_manifest
from .files import refused_by_system

_CHUNK = 1 << 20
_ENCRYPTED = 1
_MOST = 100_000
"""Files in a backup."""
# What zipfile raises, by and by, for a file that was damaged or forged.
_UNREADABLE = (BadZipFile, EOFError, ValueError, RuntimeError, struct.error, OverflowError, OSError)


class BackupFile:
    """An open backup whose manifest and names are in order; the contents are checked as they are read."""

    def __init__(self, path: Path, archive: ZipFile) -> None:
        self.path = path
        self._archive = archive
        self._infos = {info.filename: info for info in archive.infolist()}
        self.manifest = self._read_manifest()

    def verify(self) -> None:
        """Read everything. Raises UnreadableError (``not-backup``) where anything is not as the manifest says."""
        for name in self.manifest.members:
            self._copy(name, lambda _: None)

    def extract(self, names: Iterable[str], folder: Path) -> None:
        """Write these files into a folder, safe on the disk, private keys for their owner only.

        Raises as ``verify`` does, UsageError (``cannot-write``) where the disk refuses; a file may then be half there.
        """
        for name in names:
            to = folder / name
            with _written(to) as file:
                self._copy(name, file.write)
            if name in SEALED:
                to.chmod(0o600)

    def _copy(self, name: str, take: Callable[[bytes], object]) -> None:
        expected, digest, size = self.manifest.members[name], hashlib.sha256(), 0
        with self._explained(), self._archive.open(self._infos[name]) as source:
            while chunk := self._chunk(source):
                digest.update(chunk)
                size += len(chunk)
                take(chunk)
        if (size, digest.hexdigest()) != (expected.size, expected.sha256):
            raise not_backup(str(self.path), Text(f"{name} が違います", f"{name} is not as it was"))

    def _chunk(self, source: IO[bytes]) -> bytes:
        try:
            return source.read(_CHUNK)
        except OSError as error:
            error.filename = str(self.path)
            raise refused_by_system(error) from None

    def _read_manifest(self) -> Manifest:
        self._check_entries()
        info = self._infos.get(MANIFEST)
        if info is None or info.file_size > MAX_MANIFEST:
            raise not_backup(str(self.path), Text(f"{MANIFEST} がありません", f"it has no {MANIFEST}"))
        with self._explained():
            found = parse_manifest(self._archive.read(info), str(self.path))
        if {MANIFEST, *found.members} != set(self._infos):
            raise not_backup(str(self.path), Text("目録と中身が違います", "it does not hold what its manifest names"))
        return found

    def _check_entries(self) -> None:
        """That all are plain files, each there once, and together no larger than the backup."""
        infos = self._archive.infolist()
        whole = self.path.stat().st_size
        if len(infos) > _MOST or len(self._infos) != len(infos) or sum(info.file_size for info in infos) > whole:
            raise not_backup(str(self.path), Text("中身が重なっています", "its files overlap, or are too many"))
        for info in infos:
            if not _is_plain(info):
                name = ascii(info.filename)
                raise not_backup(
                    str(self.path), Text(f"{name} はただのファイルではありません", f"{name} is no plain file")
                )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except _UNREADABLE as error:
            if isinstance(error, OSError) and error.errno != errno.EINVAL:
                raise  # EINVAL comes of a directory that names a place before the file's start
            raise not_backup(str(self.path), Text("壊れています", "damaged")) from None


@contextmanager
def opened_backup(path: Path) -> Iterator[BackupFile]:
    """The backup in a file, open in the block.

    Raises UnreadableError: ``no-file`` where there is none, ``not-backup`` for another file or a damaged one; and
    UpdateNeededError for one of a later format.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        error.filename = str(path)
        raise refused_by_system(error) from None
    with file:
        try:
            archive = ZipFile(file)
        except _UNREADABLE:
            raise not_backup(str(path), Text("ZIP ではありません", "it is no ZIP file")) from None
        with archive:
            yield BackupFile(path, archive)


def _is_plain(info: ZipInfo) -> bool:
    kind = stat.S_IFMT(info.external_attr >> 16)
    stored = info.compress_type == ZIP_STORED and info.file_size == info.compress_size
    return stored and not info.flag_bits & _ENCRYPTED and not info.is_dir() and kind in (0, stat.S_IFREG)


@contextmanager
def _written(to: Path) -> Iterator[IO[bytes]]:
    """A new file, synced to the disk after the block."""
    with told(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
