"""A ledger's file does not lie where several machines could write to it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from biotrace.errors import UsageError
from biotrace.store import place
from biotrace.store.ledger import Ledger
from biotrace.store.place import is_unc, network_file_system
from tests.builders import LOG

MOUNTS = r"""
22 1 252:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
23 22 0:21 / /proc rw,nosuid shared:12 - proc proc rw
24 22 0:22 / /tmp rw - tmpfs tmpfs rw
30 22 0:40 / /mnt/nas rw,relatime shared:20 - nfs4 nas:/export rw,vers=4.2
31 22 0:41 /sub /mnt/nas3 rw - nfs nas:/export rw,vers=3
32 22 0:42 / /mnt/win rw,relatime - cifs //server/share rw
33 22 0:43 / /mnt/smb3 rw - smb3 //server/share rw
34 22 0:44 / /home/taro/remote rw - fuse.sshfs taro@mill: rw
35 22 0:45 / /mnt/dav rw - fuse https://dav.example/ rw
36 22 0:46 / /mnt/c rw,noatime - 9p C:\134 rw,aname=drvfs;path=C:\;uid=1000
37 22 0:47 / /mnt/usb rw - fuseblk /dev/sdb1 rw
38 22 0:48 / /mnt/ntfs rw - fuse.ntfs-3g /dev/sdc1 rw
39 22 0:49 / /mnt/two\040words rw - nfs4 nas:/other rw
40 22 0:50 / /mnt/outer rw - nfs4 nas:/outer rw
41 40 8:1 / /mnt/outer/disk rw - xfs /dev/sda1 rw
42 22 0:51 / /mnt/twice rw - nfs4 nas:/old rw
43 42 8:2 / /mnt/twice rw - ext4 /dev/sda2 rw
44 22 8:3 / /mnt/later rw - ext4 /dev/sda3 rw
45 44 0:52 / /mnt/later rw - cifs //server/over rw
46 22 0:53 / /var/lib/docker/merged rw - overlay overlay rw,lowerdir=/l
47 22 0:54 / /mnt/gluster rw - fuse.glusterfs host:/volume rw
48 22 0:55 / /mnt/host rw - vboxsf shared rw
49 22 0:56 / /mnt/cluster rw - ceph 1.2.3.4:/ rw
50 22 0:57 / /mnt/box rw - virtiofs box rw
51 22 0:58 / /mnt/rclone rw - fuse.rclone remote: rw
nonsense
52 22 0:59 / /mnt/short - nfs
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/ledger.db", None),
        ("/home/taro/ledger.db", None),
        ("/tmp/ledger.db", None),
        ("/mnt/nas/ledger.db", "nfs4"),
        ("/mnt/nas/deep/down/ledger.db", "nfs4"),
        ("/mnt/nasty/ledger.db", None),
        ("/mnt/nas3/ledger.db", "nfs"),
        ("/mnt/win/ledger.db", "cifs"),
        ("/mnt/smb3/ledger.db", "smb3"),
        ("/home/taro/remote/ledger.db", "fuse.sshfs"),
        ("/mnt/dav/ledger.db", "fuse"),
        ("/mnt/c/Users/taro/ledger.db", "9p"),
        ("/mnt/usb/ledger.db", None),
        ("/mnt/ntfs/ledger.db", None),
        ("/mnt/two words/ledger.db", "nfs4"),
        ("/mnt/outer/ledger.db", "nfs4"),
        ("/mnt/outer/disk/ledger.db", None),
        ("/mnt/twice/ledger.db", None),
        ("/mnt/later/ledger.db", "cifs"),
        ("/var/lib/docker/merged/ledger.db", None),
        ("/mnt/gluster/ledger.db", "fuse.glusterfs"),
        ("/mnt/host/ledger.db", "vboxsf"),
        ("/mnt/cluster/ledger.db", "ceph"),
        ("/mnt/box/ledger.db", None),
        ("/mnt/rclone/ledger.db", "fuse.rclone"),
        ("/mnt/short/ledger.db", None),
    ],
)
def test_the_file_system_under_a_path(path: str, kind: str | None) -> None:
    assert network_file_system(PurePosixPath(path), MOUNTS) == kind


def test_a_sandbox_whose_only_disk_is_9p_is_local() -> None:
    mounts = "1 0 0:1 / / rw - 9p none rw,trans=fd\n2 1 0:2 / /mnt/c rw - 9p none rw,trans=fd"
    assert network_file_system(PurePosixPath("/work/ledger.db"), mounts) is None
    assert network_file_system(PurePosixPath("/mnt/c/ledger.db"), mounts) == "9p"


def test_where_nothing_is_known_nothing_is_refused() -> None:
    assert network_file_system(PurePosixPath("/ledger.db"), "") is None


@pytest.mark.parametrize(
    ("path", "share"),
    [
        (r"\\server\share\ledger.db", True),
        ("//server/share/ledger.db", True),
        (r"\\?\UNC\server\share\ledger.db", True),
        (r"\\?\unc\server\share", True),
        (r"\\wsl.localhost\Ubuntu\home\taro\ledger.db", True),
        (r"C:\Users\taro\ledger.db", False),
        (r"\\?\C:\Users\taro\ledger.db", False),
        (r"\\.\C:\ledger.db", False),
        (r"\Users\ledger.db", False),
        ("ledger.db", False),
        (r"C:\\double\ledger.db", False),
    ],
)
def test_names_of_shares_on_windows(path: str, share: bool) -> None:
    assert is_unc(path) is share


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is mounted, as far as we are told, from a NAS; reached by a link."""
    folder = tmp_path / "nas"
    folder.mkdir()
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / {folder.resolve()} rw - nfs4 nas:/x rw\n")
    monkeypatch.setattr(place, "MOUNTS", mounts)
    (tmp_path / "link").symlink_to(folder)
    return tmp_path / "link" / "ledger.db"


def test_a_ledger_is_neither_made_nor_opened_on_a_share(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as refused:
        Ledger.create(shared, LOG)
    assert refused.value.code == "network-share"
    assert list(shared.parent.iterdir()) == []
    with monkeypatch.context() as before_it_was_mounted:
        before_it_was_mounted.setattr(place, "MOUNTS", shared.parent / "none")
        Ledger.create(shared, LOG).close()
    with pytest.raises(UsageError) as refused:
        Ledger.open(shared, LOG)
    assert refused.value.code == "network-share"


def test_it_is_said_what_to_do(shared: Path) -> None:
    with pytest.raises(UsageError) as refused:
        Ledger.create(shared, LOG)
    assert refused.value.lines("en") == [
        f"{shared} lies on a network share (nfs4); a ledger's file cannot be kept on one",
        "what to do: put it on a disk of this machine, or, for several PCs, use PostgreSQL",
    ]
    assert refused.value.lines("ja") == [
        f"{shared} はネットワーク上の共有（nfs4）にあります。台帳のファイルは共有に置けません",
        "対処: このパソコンのディスクに置くか、複数のパソコンで使うなら PostgreSQL を使ってください",
    ]


def test_this_machines_own_folders_are_local(tmp_path: Path) -> None:
    place.require_local(tmp_path / "ledger.db")
