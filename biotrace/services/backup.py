"""Backing up a workspace: ledger, sealed keys, trust and memory in one file, read back before it has its name."""

from __future__ import annotations

import hashlib
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from biotrace.errors import BiotraceError
from biotrace.model.text import Text
from biotrace.store.backup import Examined, backup, examine, new_file, told

from .backup_format import FOLDERS, LEDGER, MANIFEST, SINGLE, Manifest, Member, is_known
from .backup_read import opened_backup
from .files import refused_by_system, require_new
from .key_files import KeyName
from .log_own import look
from .times import TOKYO
from .workspace import Workspace

_CHUNK = 1 << 20
_LOCK = "lock"
"""How the names of our lock files end, which are empty."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written. ``bytes``: its size. ``root_key``: whether the root key is in it.

    ``left_out``: files of the workspace's own folders whose names no backup can hold. ``wrong``: why it could not be
    restored; it is as damaged as what it was made of.
    """

    path: Path
    manifest: Manifest
    bytes: int
    root_key: bool
    left_out: tuple[str, ...]
    wrong: tuple[Text, ...]


def make_backup(workspace: Workspace, to: Path) -> BackedUp:
    """Back up a workspace to the new file ``to``; others may go on writing meanwhile. Needs no password.

    Raises UsageError where something stands at ``to`` or the disk refuses, and BiotraceError where what was written
    is not what was read; then nothing is left behind.
    """
    require_new(to)
    own = look(workspace.folder, workspace.ledger)  # first: the ledger may be later than what was seen, never earlier
    found, left_out = _collected(workspace.folder)
    device = workspace.keys.public(KeyName.DEVICE)
    with told(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        # Beside the backup, where there has to be room; the workspace's own disk may be the full one.
        scratch = tempfile.TemporaryDirectory(dir=to.parent, prefix=".biotrace-", ignore_cleanup_errors=True)
    with scratch as folder:
        copy = Path(folder) / LEDGER
        backup(workspace.ledger, copy)
        examined = examine(copy)
        now = workspace.clock()
        with new_file(to) as made:
            members = _write(made, {LEDGER: copy, **found}, now)
            at = examined.checkpoint
            kid = None if device is None else device.kid.hex()
            manifest = Manifest(now, workspace.party, examined.log, at.size, at.root, kid, members)
            _append(made, manifest, now)
            _verify(made, manifest)
            size = made.stat().st_size
    wrong = _wrong(examined) if own.breach is None else (own.breach.message,)
    root_key = workspace.keys.path(KeyName.ROOT) in found.values()
    return BackedUp(to, manifest, size, root_key, left_out, wrong)


def _collected(folder: Path) -> tuple[dict[str, Path], tuple[str, ...]]:
    """The workspace's files but its ledger, by their names in the backup; and the names of those left out."""
    found = {name: folder / name for name in SINGLE if name != LEDGER and (folder / name).is_file()}
    left_out = []
    for path in sorted(path for each in FOLDERS for path in (folder / each).rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or (path.is_file() and not is_known(name)):
            left_out.append(name)
        elif path.is_file() and not path.name.endswith(_LOCK):
            found[name] = path
    return found, tuple(left_out)


def _write(to: Path, files: dict[str, Path], now: int) -> dict[str, Member]:
    """Write the files into a new archive; gives what was written of each."""
    members = {}
    with ZipFile(to, "w") as archive:
        for name, path in files.items():
            info = _info(name, now)
            info.file_size = path.stat().st_size  # tells zipfile whether it will need 64 bits
            digest, size = hashlib.sha256(), 0
            with archive.open(info, "w") as out:
                for chunk in _chunks(path):
                    digest.update(chunk)
                    size += len(chunk)
                    out.write(chunk)
            members[name] = Member(size, digest.hexdigest())
    return members


def _append(to: Path, manifest: Manifest, now: int) -> None:
    with ZipFile(to, "a") as archive:
        archive.writestr(_info(MANIFEST, now), manifest.to_bytes())


def _info(name: str, now: int) -> ZipInfo:
    made = datetime.fromtimestamp(now, TOKYO)
    info = ZipInfo(name, (made.year, made.month, made.day, made.hour, made.minute, made.second))
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    return info


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except OSError as error:
        error.filename = str(path)
        raise refused_by_system(error) from None


def _verify(made: Path, manifest: Manifest) -> None:
    """Read the backup as whoever restores it will."""
    with opened_backup(made) as written:
        written.verify()
        if written.manifest != manifest:
            raise BiotraceError(
                Text("控えが、書いたものと違います", "the backup is not what was written"),
                Text("ディスクの状態を確かめ、別の場所に作ってください", "see whether the disk is sound; use another"),
                code="backup-failed",
            )


def _wrong(examined: Examined) -> tuple[Text, ...]:
    return tuple(
        Text(f"台帳の {f.position} 番: ", f"entry {f.position} of the ledger: ") + f.message
        for f in examined.findings
        if f.is_damage
    )
