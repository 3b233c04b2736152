"""Files are written whole or not at all, and every refusal of the system names the file in the user's language."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from biotrace.errors import UnreadableError, UsageError
from biotrace.services import files
from biotrace.services.files import read_file, staged, write_new, write_over


def test_a_new_file_is_written_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.txt"
    write_new(path, b"first")
    assert path.read_bytes() == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    write_over(path, b"second", private=True)
    assert path.read_bytes() == b"second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["c.txt"]


def test_what_stands_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"mine")
    with pytest.raises(UsageError, match="exists already"):
        write_new(path, b"other")
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize(
    ("number", "ja", "en"),
    [
        (errno.ENOSPC, "空き容量がありません", "no space left"),
        (errno.EACCES, "権限がありません", "permission denied"),
        (errno.EROFS, "書き込めない場所です", "read-only place"),
        (errno.EIO, "Input/output error", "Input/output error"),
    ],
)
def test_a_refusal_leaves_the_old_file_and_no_other(
    call: str, number: int, ja: str, en: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "file"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        with pytest.raises(UsageError) as refused:
            write_over(path, b"new")
    assert str(path) in refused.value.message.ja
    assert ja in refused.value.message.ja
    assert en in refused.value.message.en
    assert (path.read_bytes(), [p.name for p in tmp_path.iterdir()]) == (b"old", ["file"])


def test_a_staged_file_appears_only_when_the_block_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with staged(path, b"new"):
        assert not path.exists()
    assert path.read_bytes() == b"new"
    with pytest.raises(KeyboardInterrupt), staged(tmp_path / "other", b"new"):
        raise KeyboardInterrupt
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_errors_of_the_block_itself_are_not_taken_for_the_disks(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="not ours"), staged(tmp_path / "file", b"new"):
        raise OSError("not ours")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "ja", "en"),
    [
        ("none", "ファイルがありません", "no such file"),
        (".", "フォルダーです", "it is a folder"),
        ("big/below", "途中の名前がフォルダーではありません", "part of the path is no folder"),
        ("big", "大きすぎます", "too large"),
    ],
)
def test_what_cannot_be_read_is_told(
    name: str, ja: str, en: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "big").write_bytes(bytes(1_000_000))
    monkeypatch.setattr(files, "MAX_BYTES", 999_999)
    with pytest.raises(UnreadableError) as refused:
        read_file(tmp_path / name)
    assert ja in refused.value.message.ja
    assert en in refused.value.message.en
    assert refused.value.remedy is not None
