"""Backup files that were damaged, or made to do harm: refused, with nothing left behind; and disks that refuse."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from biotrace.errors import BiotraceError
from biotrace.services import backup as backups
from biotrace.services.backup_format import LEDGER, MANIFEST, is_known
from biotrace.services.backup_read import opened_backup
from biotrace.services.restore import Order, restore
from biotrace.services.restore_latest import GoOn
from biotrace.store.ledger import Ledger
from tests import schema_1
from tests.integration.conftest import Run
from tests.workspaces import TODAY, contents, data, password

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def file(run: Run, mill: Path, tmp_path: Path) -> Path:
    """A backup of the mill, in a folder where nothing else is but what restoring leaves behind."""
    path = tmp_path / "here" / "backup.zip"
    assert run("backup", path, "-w", mill).exit_code == 0
    return path


def only(file: Path) -> bool:
    """Whether nothing was left beside the backup."""
    return [path.name for path in file.parent.iterdir()] == [file.name]


def unpacked(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(file: Path, members: Mapping[str, bytes], manifest: Mapping[str, Any] | None = None) -> None:
    """Write a backup anew, as whoever forges one would: with a manifest that fits. ``manifest``: changes to it."""
    said = json.loads(members[MANIFEST])
    others = {name: content for name, content in members.items() if name != MANIFEST}
    said["members"] = {n: {"size": len(c), "sha256": hashlib.sha256(c).hexdigest()} for n, c in others.items()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in others.items():
            archive.writestr(name, content)
        archive.writestr(MANIFEST, json.dumps(said | dict(manifest or {})))


def code_of(file: Path) -> str:
    """How restoring is refused."""
    return _refusal(file).code


def _refusal(file: Path) -> BiotraceError:
    """What is told, before anybody is asked for a password."""

    def asked() -> str:
        pytest.fail("a password was asked for")

    with pytest.raises(BiotraceError) as refused:
        restore(Order(file, file.parent / "new", GoOn.NEW_LOG), lambda: TODAY, asked)
    assert only(file)
    return refused.value


def test_packed_anew_it_is_restored(file: Path) -> None:
    """So that what follows is refused for what was changed, not for how the tests pack."""
    packed(file, unpacked(file))
    restore(Order(file, file.parent / "new", GoOn.CONTINUE), lambda: TODAY, password)
    assert (file.parent / "new" / "biotrace.json").is_file()


def test_a_byte_changed_anywhere_is_found_or_means_nothing(file: Path) -> None:
    """Everywhere in its directory, and here and there in its files. The ZIP's own dates, for one, mean nothing."""
    whole, before = file.read_bytes(), unpacked(file)
    directory = whole.rindex(MANIFEST.encode(), 0, whole.index(b"PK\x01\x02"))
    found = 0
    for place in (*range(0, directory, 4_001), *range(directory, len(whole), 3)):
        changed = bytearray(whole)
        changed[place] ^= 0x21
        file.write_bytes(changed)
        try:
            with opened_backup(file) as backup:
                backup.verify()
        except BiotraceError as error:
            found += error.code == "not-backup"
        else:
            assert unpacked(file) == before, place
    assert found > 500


def test_cut_short_it_is_no_backup(run: Run, file: Path) -> None:
    whole = file.read_bytes()
    for length in (0, 1, 30, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert code_of(file) == "not-backup"
    for lang, words in (("ja", "控えとして読めません"), ("en", "is no backup")):
        said = run("restore", file, file.parent / "new", "--continue", lang=lang)
        assert (said.exit_code, said.stdout) == (2, "")
        assert words in said.stderr


def test_no_file_is_told(run: Run, file: Path) -> None:
    for other in (file.with_name("none.zip"), file.parent):
        said = run("restore", other, file.parent / "new", "--continue")
        assert said.exit_code == 2
        assert str(other) in said.stderr


@pytest.mark.parametrize(
    "name",
    [
        *("../evil", "/etc/evil", "seen/../../evil", "C:/evil", "seen\\evil", "keys/device.key", "evil", "bin/evil"),
        *(
            "evidence/CON",
            "evidence/nul.txt",
            "evidence/a.",
            "evidence/.bashrc",
            "seen//x",
            "seen/",
            "evidence/a/b/c/d",
        ),
        *("keys/ROOT.KEY", "evidence/メモ.txt", "evidence/a\nb"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(file: Path, name: str) -> None:
    assert not is_known(name)
    packed(file, unpacked(file) | {name: b"evil"})
    assert code_of(file) == "not-backup"
    assert not (file.parent.parent / "evil").exists()


def test_names_that_windows_takes_for_one_are_refused(file: Path) -> None:
    packed(file, unpacked(file) | {"evidence/a.txt": b"1", "evidence/A.txt": b"2"})
    assert code_of(file) == "not-backup"


def test_a_file_that_the_manifest_does_not_name_is_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("evidence/more.txt", b"x")
    assert code_of(file) == "not-backup"


def test_a_file_that_is_not_there_is_missed(file: Path) -> None:
    members = unpacked(file)
    with zipfile.ZipFile(file, "w") as archive:
        for name in members.keys() - {"trust.json"}:
            archive.writestr(name, members[name])
    assert code_of(file) == "not-backup"


@pytest.mark.parametrize("name", [LEDGER, "biotrace.json"])
def test_what_every_workspace_has_is_asked_for(file: Path, name: str) -> None:
    members = unpacked(file)
    del members[name]
    packed(file, members)
    assert code_of(file) == "not-backup"


@pytest.mark.parametrize("content", [bytes(1 << 24), b"little" * 9])
def test_what_is_compressed_is_refused(file: Path, content: bytes) -> None:
    """So no small file becomes a large one."""
    members = unpacked(file) | {"evidence/bomb.txt": content}
    packed(file, members)
    with zipfile.ZipFile(file) as archive:
        manifest = archive.read(MANIFEST)
    with zipfile.ZipFile(file, "w") as archive:
        for name, stored in {**members, MANIFEST: manifest}.items():
            how = zipfile.ZIP_DEFLATED if name == "evidence/bomb.txt" else zipfile.ZIP_STORED
            archive.writestr(name, stored, how)
    assert file.stat().st_size < 1 << 20
    assert code_of(file) == "not-backup"


def test_files_that_overlap_are_refused(file: Path) -> None:
    """The other way to a bomb: many entries of the directory that lead to the same bytes."""
    names = [f"evidence/{i}.txt" for i in range(60)]
    packed(file, unpacked(file) | dict.fromkeys(names, bytes(1 << 16)))
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        one = archive.getinfo(names[0])
        members = {info.filename: archive.read(info) for info in infos if info.filename not in names[1:]}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        for name in names[1:]:
            info = zipfile.ZipInfo(name)
            info.CRC, info.file_size, info.compress_size = one.CRC, one.file_size, one.file_size
            info.header_offset = archive.getinfo(names[0]).header_offset
            archive.filelist.append(info)
    assert file.stat().st_size < 1 << 20
    assert "重なって" in _refusal(file).message.ja


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO])
def test_a_link_is_refused(file: Path, kind: int) -> None:
    members = unpacked(file) | {"evidence/link": b"/etc/passwd"}
    packed(file, members)
    with zipfile.ZipFile(file) as archive:
        manifest = archive.read(MANIFEST)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in {**members, MANIFEST: manifest}.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (kind if name == "evidence/link" else stat.S_IFREG) << 16
            archive.writestr(info, content)
    assert code_of(file) == "not-backup"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"biotrace": "backup/2"}, "update-needed"),
        ({"biotrace": "other/1"}, "not-backup"),
        ({"size": -1}, "not-backup"),
        ({"size": "9"}, "not-backup"),
        ({"made_at": 1.5}, "not-backup"),
        ({"device": "x"}, "not-backup"),
        ({"members": []}, "not-backup"),
        ({"members": None}, "not-backup"),
        ({"vkey": "nonsense"}, "not-backup"),
        ({"origin": "another"}, "not-backup"),
        ({"root": "00"}, "not-backup"),
        ({"root": "00" * 32}, "backup-damaged"),
        ({"size": 3}, "backup-damaged"),
    ],
)
def test_a_manifest_that_lies_is_found_out(file: Path, change: dict[str, Any], code: str) -> None:
    packed(file, unpacked(file), change)
    assert code_of(file) == code


def test_a_ledger_that_was_forged_is_found_out(file: Path, tmp_path: Path) -> None:
    """The manifest can be made to fit; the ledger's signatures cannot."""
    members = unpacked(file)
    (tmp_path / "ledger").write_bytes(members[LEDGER])
    with closing(sqlite3.connect(tmp_path / "ledger")) as database:
        database.execute("DELETE FROM entry WHERE position = (SELECT max(position) FROM entry)")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    packed(file, members | {LEDGER: (tmp_path / "ledger").read_bytes()})
    assert code_of(file) == "backup-damaged"


def test_a_ledger_older_than_what_was_seen_is_not_restored(run: Run, file: Path, mill: Path, tmp_path: Path) -> None:
    """Somebody put an earlier ledger into a later backup: partners have seen more of the log than it holds."""
    earlier = unpacked(file)
    assert run("issue", "--to", "plant-8", "--quantity", "1t", "--moisture", "0.42", "-w", mill).exit_code == 0
    assert run("backup", tmp_path / "later.zip", "-w", mill).exit_code == 0
    later = unpacked(tmp_path / "later.zip")
    said = json.loads(earlier[MANIFEST])
    packed(file, later | {LEDGER: earlier[LEDGER]}, {"size": said["size"], "root": said["root"]})
    assert code_of(file) == "S105"


def test_a_ledger_of_an_earlier_release_is_told(file: Path, tmp_path: Path) -> None:
    members = unpacked(file)
    (tmp_path / "new").write_bytes(members[LEDGER])
    with Ledger.open(tmp_path / "new") as ledger:
        schema_1.make(tmp_path / "old", [entry.record for entry in ledger.entries()])
    packed(file, members | {LEDGER: (tmp_path / "old").read_bytes()})
    assert code_of(file) == "upgrade-needed"


def test_a_wrong_password_leaves_nothing(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOTRACE_PASSWORD", "something else")
    said = run("restore", file, file.parent / "new", "--continue")
    assert said.exit_code == 2
    assert "パスワードが違います" in said.stderr
    assert only(file)


def test_a_folder_that_is_there_is_left_alone(run: Run, file: Path, mill: Path) -> None:
    before = contents(mill)
    said = run("restore", file, mill, "--continue")
    assert said.exit_code == 2
    assert "すでにあります" in said.stderr
    assert contents(mill) == before


def test_a_ledger_elsewhere_comes_back_into_the_folder(run: Run, mill: Path, tmp_path: Path) -> None:
    """A restore writes nowhere but into its folder, whatever the settings in the backup say."""
    shutil.move(mill / LEDGER, tmp_path / "elsewhere.db")
    settings = json.loads((mill / "biotrace.json").read_text(encoding="utf-8"))
    (mill / "biotrace.json").write_text(json.dumps(settings | {"ledger": str(tmp_path / "elsewhere.db"), "x": 1}))
    assert run("backup", tmp_path / "backup.zip", "-w", mill).exit_code == 0
    before = (tmp_path / "elsewhere.db").read_bytes()
    assert run("restore", tmp_path / "backup.zip", tmp_path / "new", "--continue").exit_code == 0
    restored = json.loads((tmp_path / "new/biotrace.json").read_text(encoding="utf-8"))
    assert (restored["ledger"], restored["x"]) == (LEDGER, 1)
    assert run("verify", "-w", tmp_path / "new").exit_code == 0
    assert (tmp_path / "elsewhere.db").read_bytes() == before


# disks that refuse


def disk_full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def closed(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("command", ["backup", "restore"])
@pytest.mark.parametrize(("hindrance", "ja"), [(disk_full, "空き容量がありません"), (closed, "権限がありません")])
@pytest.mark.parametrize("call", ["fsync", "name", "mkdir"])
def test_a_disk_that_refuses_leaves_nothing_half_written(
    command: str, hindrance: Callable[..., None], ja: str, call: str,
    run: Run, mill: Path, file: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    before = contents(mill)
    with monkeypatch.context() as patch:
        if call == "mkdir":
            patch.setattr("tempfile._os.mkdir", hindrance)
        for name in {"fsync": ("fsync",), "name": ("link", "replace", "rename"), "mkdir": ()}[call]:
            patch.setattr(os, name, hindrance)
        arguments = {
            "backup": (file.with_name("other.zip"), "-w", mill),
            "restore": (file, file.parent / "new", "--new-log"),
        }[command]
        said = run(command, *arguments)
    assert (said.exit_code, said.stdout) == (2, ""), said.output
    assert ja in said.stderr
    assert only(file)
    assert contents(mill) == before


def test_a_place_that_is_no_folder_is_told(run: Run, mill: Path, file: Path) -> None:
    for arguments in (("backup", file / "x.zip", "-w", mill), ("restore", file, file / "new", "--continue")):
        said = run(*arguments)
        assert (said.exit_code, said.stdout) == (2, "")
        assert str(file) in said.stderr
    assert only(file)


def test_a_full_disk_while_the_ledger_is_copied(run: Run, mill: Path, file: Path) -> None:
    """What SQLite says then is no OSError."""
    broken = sqlite3.OperationalError("database or disk is full")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("biotrace.store.backup._verify", lambda *_: (_ for _ in ()).throw(broken))
        said = run("backup", file.with_name("other.zip"), "-w", mill, lang="en")
    assert said.exit_code == 2
    assert "disk is full" in said.stderr
    assert only(file)


def test_what_is_not_as_written_is_not_kept(run: Run, mill: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that loses what it was given."""
    append = backups._append

    def lossy(to: Path, *more: Any) -> None:
        append(to, *more)
        whole = to.read_bytes()
        to.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])

    monkeypatch.setattr(backups, "_append", lossy)
    said = run("backup", file.with_name("other.zip"), "-w", mill)
    assert said.exit_code == 2
    assert only(file)
    monkeypatch.undo()
    assert data(run("backup", file.with_name("other.zip"), "-w", mill, "--format", "json"))["wrong"] == []
