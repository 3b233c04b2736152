"""Where a ledger's file may lie: on a disk of this machine, not on a network share.

SQLite's write-ahead log lives in memory that all its users share, and so on one machine; and the locks of network file
systems are known to fail. Two PCs writing to one file would destroy it. Several PCs use PostgreSQL.

Detected: on Linux the type of the file system, from /proc/self/mountinfo; on Windows UNC paths and drives that are
remote. Not detected: anything on macOS and other systems; folders that a program copies to other machines (cloud
synchronisation); disks of a virtual machine's host shared as virtiofs; a share exported by this machine and used
directly by it and over the network by others.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from pathlib import Path, PurePosixPath

from biotrace.errors import UsageError
from biotrace.model.text import Text

MOUNTS = Path("/proc/self/mountinfo")

NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "glusterfs", "lustre", "beegfs"),
        *(
            "gpfs",
            "orangefs",
            "pvfs2",
            "davfs",
            "sshfs",
            "gfs2",
            "ocfs2",
            "acfs",
            "vboxsf",
            "vmhgfs",
            "prl_fs",
            "drvfs",
        ),
    }
)
"""File systems that several machines use, by their Linux names; also a virtual machine's folders of its host."""
NETWORK_FUSE = NETWORK | {
    *("rclone", "s3fs", "goofys", "gcsfuse", "mount-s3", "curlftpfs", "gvfsd-fuse", "vmhgfs-fuse", "ceph-fuse"),
    *("juicefs", "blobfuse", "blobfuse2", "onedriver", "google-drive-ocamlfuse", "kio-fuse"),
}
"""The same as programs: what stands after ``fuse.``. Others, such as ntfs-3g on a USB disk, are local."""

_ESCAPE = re.compile(r"\\([0-7]{3})")
_UNC = re.compile(r"[\\/]{2}(?![?.][\\/])|[\\/]{2}[?.][\\/]UNC[\\/]", re.IGNORECASE)
_DRIVE_REMOTE = 4


def require_local(path: Path) -> None:
    """Raise UsageError (``network-share``) where ``path`` lies on what is seen to be a network share."""
    kind = _network_kind(path)
    if kind is not None:
        raise UsageError(
            Text(
                f"{path} はネットワーク上の共有（{kind}）にあります。台帳のファイルは共有に置けません",
                f"{path} lies on a network share ({kind}); a ledger's file cannot be kept on one",
            ),
            Text(
                "このパソコンのディスクに置くか、複数のパソコンで使うなら PostgreSQL を使ってください",
                "put it on a disk of this machine, or, for several PCs, use PostgreSQL",
            ),
            code="network-share",
        )


def network_file_system(path: PurePosixPath, mountinfo: str) -> str | None:
    """The type of the network file system that holds ``path`` (absolute, no links in it); None for a local one.

    ``mountinfo``: the text of /proc/self/mountinfo (proc(5)). 9p counts as a share, since under WSL it is a Windows
    drive on which locks are not kept between the two systems, except as the root: there it is a sandbox's only disk.
    """
    found: tuple[PurePosixPath, str, str] | None = None
    for line in mountinfo.splitlines():
        mount = _mount(line)
        # Of mounts on one place the last hides the others.
        if mount and path.is_relative_to(mount[0]) and (found is None or mount[0].is_relative_to(found[0])):
            found = mount
    if found is None:
        return None
    point, kind, source = found
    program = kind.removeprefix("fuse.")
    shared = (
        kind in NETWORK
        or (kind == "9p" and point != PurePosixPath("/"))
        or (kind != program and program in NETWORK_FUSE)
        or (kind == "fuse" and "://" in source)  # davfs2 and others that name no type
    )
    return kind if shared else None


def is_unc(path: str) -> bool:
    r"""Whether a Windows path names a share: ``\\server\share``, with either slash, or ``\\?\UNC\server\share``."""
    return _UNC.match(path) is not None


def _network_kind(path: Path) -> str | None:
    if sys.platform == "win32":
        full = path.absolute()
        if is_unc(str(full)) or is_unc(os.path.realpath(path)):
            return "UNC"
        return "remote" if ctypes.windll.kernel32.GetDriveTypeW(full.anchor) == _DRIVE_REMOTE else None
    try:
        mountinfo = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None  # not Linux, or hidden from us: see above on what is not detected
    return network_file_system(PurePosixPath(os.path.realpath(path)), mountinfo)


def _mount(line: str) -> tuple[PurePosixPath, str, str] | None:
    """Mount point, type and source of a line of mountinfo; None for a line that is none."""
    before, separator, after = line.partition(" - ")
    fields, rest = before.split(" "), after.split(" ")
    if not separator or len(fields) < 6 or len(rest) < 2:
        return None
    return PurePosixPath(_unescaped(fields[4])), rest[0], _unescaped(rest[1])


def _unescaped(field: str) -> str:
    return _ESCAPE.sub(lambda code: chr(int(code[1], 8)), field)
