"""Copies of files: what they are taken for, and that they are whole or not there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from biotrace.errors import UsageError
from biotrace.model.retention import StoredFile
from biotrace.services.stored_files import Copies, Copy, copy_of, copy_path, extension, stored

PAPER = b"%PDF-1.7 a permit"


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [
        (PAPER, "application/pdf", ".pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png", ".png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg", ".jpg"),
        (b"II*\0...", "image/tiff", ".tif"),
        (b"MM\0*...", "image/tiff", ".tif"),
        (b"MZ an executable", "application/octet-stream", ".bin"),
        (b" %PDF-", "application/octet-stream", ".bin"),
        (b"\x89PNG", "application/octet-stream", ".bin"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, media_type: str, ending: str) -> None:
    assert stored(content) == StoredFile(hashlib.sha256(content).digest(), len(content), media_type)
    assert extension(content) == ending


def test_a_copy_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    file = copies.keep(PAPER)
    assert copies.keep(PAPER) == file
    assert (copies.added, copies.known) == ([file.sha256], 0)
    assert [path.name for path in (tmp_path / "files").iterdir()] == [hashlib.sha256(PAPER).hexdigest()]
    assert copy_path(tmp_path, file.sha256).stat().st_mode & 0o077 == 0
    again = Copies(tmp_path)
    again.keep(PAPER)
    assert (again.added, again.known) == ([], 1)


def test_what_became_of_a_copy_is_told_and_keeping_it_again_mends_it(tmp_path: Path) -> None:
    sha256 = stored(PAPER).sha256
    path = copy_path(tmp_path, sha256)
    assert copy_of(tmp_path, sha256) is Copy.MISSING
    Copies(tmp_path).keep(PAPER)
    assert copy_of(tmp_path, sha256) is Copy.HELD
    path.write_bytes(PAPER[:-1])
    assert copy_of(tmp_path, sha256) is Copy.ALTERED
    copies = Copies(tmp_path)
    copies.keep(PAPER)
    assert copy_of(tmp_path, sha256) is Copy.HELD
    assert copies.added == [sha256]


def test_what_is_no_file_is_no_copy(tmp_path: Path) -> None:
    sha256 = stored(PAPER).sha256
    copy_path(tmp_path, sha256).mkdir(parents=True)
    assert copy_of(tmp_path, sha256) is Copy.ALTERED


def test_what_was_added_goes_again_unless_it_is_named(tmp_path: Path) -> None:
    Copies(tmp_path).keep(b"held before")
    copies = Copies(tmp_path)
    kept = [copies.keep(content) for content in (b"held before", b"one", b"two")]
    copies.drop([kept[2].sha256])
    assert [copy_of(tmp_path, file.sha256) for file in kept] == [Copy.HELD, Copy.MISSING, Copy.HELD]


def test_a_full_disk_leaves_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UsageError):
        Copies(tmp_path).keep(PAPER)
    assert not [*(tmp_path / "files").iterdir()]
