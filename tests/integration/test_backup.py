"""A backup is the ledger as it was at one moment, in one file, or there is none."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from biotrace.errors import BiotraceError, UsageError
from biotrace.store import backup as backups
from biotrace.store.backup import backup, copy_to_sqlite
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ChainBuilder
from tests.faults import crash
from tests.faults.writer import Batch

Copy = Callable[[Ledger, Path], None]


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    """The story, on either database."""
    with Ledger.create(where, LOG) as made:
        made.append(ChainBuilder().story().records, NOW)
        yield made


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Ledger]:
    """The story, in a file."""
    with Ledger.create(tmp_path / "ledger.db", LOG) as made:
        made.append(ChainBuilder().story().records, NOW)
        yield made


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "控え 2014.db"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("copy", [backup, copy_to_sqlite])
def test_a_backup_is_a_ledger_like_the_one_it_was_made_of(ledger: Ledger, to: Path, copy: Copy) -> None:
    copy(ledger, to)
    assert names(to.parent) == [to.name]
    with Ledger.open(to, LOG) as restored:
        assert (restored.ledger_id, restored.log_name) == (ledger.ledger_id, ledger.log_name)
        assert list(restored.entries()) == list(ledger.entries())
        assert restored.checkpoint() == ledger.checkpoint()
        assert restored.checkpoints() == ledger.checkpoints()
        assert check_integrity(restored) == []
        with restored.database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    crash.append_one(to, "after")
    assert crash.examine(to, []).wrong == []


def test_an_empty_ledger_has_a_backup_too(where: str, to: Path) -> None:
    with Ledger.create(where, LOG) as empty:
        backup(empty, to)
        with Ledger.open(to) as restored:
            assert restored.checkpoint() == empty.checkpoint()


def test_while_others_write_it_is_one_moment(local: Ledger, to: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        assert local.database.path is not None
        with Ledger.open(local.database.path, LOG) as other:
            for i in range(10_000):
                other.append(Batch(f"w/{i}", 3).records(other), NOW)
                if stop.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for i in range(10):
            backup(local, to.with_name(f"{i}.db"))
    finally:
        stop.set()
        writer.join()
    sizes = []
    for i in range(10):
        found = crash.examine(to.with_name(f"{i}.db"), [])
        assert found.wrong == []
        sizes.append(found.entries)
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0], "it went on meanwhile"
    assert crash.examine(local.database.path or to, []).wrong == []


@pytest.mark.parametrize("copy", [backup, copy_to_sqlite])
def test_nothing_is_overwritten(local: Ledger, to: Path, copy: Copy) -> None:
    to.parent.mkdir()
    to.write_text("mine")
    with pytest.raises(UsageError) as refused:
        copy(local, to)
    assert refused.value.code == "file-exists"
    assert (to.read_text(), names(to.parent)) == ("mine", [to.name])


@pytest.mark.parametrize("links", [True, False])
def test_who_came_first_keeps_the_name(local: Ledger, to: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    """Somebody takes the name while the copy is made."""
    verify = backups._verify

    def taken(*arguments: Any) -> None:
        verify(*arguments)
        to.write_text("theirs")

    monkeypatch.setattr(backups, "_verify", taken)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(UsageError) as refused:
        backup(local, to)
    assert refused.value.code == "file-exists"
    assert (to.read_text(), names(to.parent)) == ("theirs", [to.name])


def no_links(*_: Any) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_file_system_without_links_will_do(local: Ledger, to: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", no_links)
    backup(local, to)
    assert names(to.parent) == [to.name]
    assert crash.examine(to, []).wrong == []


@pytest.mark.parametrize("copy", [backup, copy_to_sqlite])
@pytest.mark.parametrize(
    "spoil", ["DELETE FROM tree_node WHERE level = 0 AND idx = 3", "INSERT INTO checkpoint VALUES (99, x'00', 0)"]
)
def test_a_copy_that_is_not_the_same_is_not_kept(
    local: Ledger, to: Path, monkeypatch: pytest.MonkeyPatch, copy: Copy, spoil: str
) -> None:
    verify = backups._verify

    def spoiled(made: Path, counts: dict[str, int]) -> None:
        connection = sqlite3.connect(made)
        connection.execute(spoil)
        connection.commit()
        connection.close()
        verify(made, counts)

    monkeypatch.setattr(backups, "_verify", spoiled)
    with pytest.raises(BiotraceError) as refused:
        copy(local, to)
    assert refused.value.code == "backup-failed"
    assert names(to.parent) == []


def test_damaged_pages_are_not_kept_as_a_backup(local: Ledger, to: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verify = backups._verify

    def spoiled(made: Path, counts: dict[str, int]) -> None:
        content = made.read_bytes()
        made.write_bytes(content[: 5 * 4096] + bytes(4096) + content[6 * 4096 :])
        verify(made, counts)

    monkeypatch.setattr(backups, "_verify", spoiled)
    with pytest.raises(BiotraceError) as refused:
        backup(local, to)
    assert refused.value.code == "backup-failed"
    assert names(to.parent) == []


def test_a_place_that_cannot_be_written_is_named(local: Ledger, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="file") as refused:
        backup(local, tmp_path / "file" / "backup.db")
    assert refused.value.code == "cannot-write"
    full = OSError(errno.ENOSPC, "No space left on device")
    with patch.object(backups, "_sync", side_effect=full), pytest.raises(UsageError) as refused:
        backup(local, tmp_path / "backup.db")
    assert refused.value.code == "cannot-write"
    assert not (tmp_path / "backup.db").exists()


BACKUP = """
import sys; from pathlib import Path
from biotrace.store.backup import backup; from biotrace.store.ledger import Ledger
with Ledger.open(sys.argv[1]) as ledger: backup(ledger, Path(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("gcc") is None, reason="needs gcc on Linux")
@pytest.mark.parametrize("after", [0, 1, 2, 5, 9, 14])
@pytest.mark.parametrize("action", ["KILL", "KILL-TORN", "ENOSPC"])
def test_interrupted_anywhere_there_is_no_half_of_it(
    local: Ledger, to: Path, tmp_path_factory: pytest.TempPathFactory, action: str, after: int
) -> None:
    shim = crash.build_shim(tmp_path_factory.mktemp("shim"))
    to.parent.mkdir()
    calls = "write" if action == "KILL-TORN" else "write,sync,truncate"
    fault = {"LD_PRELOAD": str(shim), "IOFAULT_ACTION": action, "IOFAULT_CALLS": calls}
    where = {"IOFAULT_PATH": f"{to.parent}/*", "IOFAULT_AFTER": str(after)}
    ended = crash.run_python(BACKUP, str(local.database.path), str(to), environment=fault | where)
    assert ("iofault:" in ended.said) == (ended.code != 0), ended.said
    if to.exists():
        assert crash.examine(to, []).wrong == []
    if action == "ENOSPC":
        assert names(to.parent) == ([to.name] if ended.code == 0 else [])
    assert crash.examine(local.database.path or to, []).wrong == []
    again = to.with_name("again.db")
    backup(local, again)
    assert crash.examine(again, []).entries == len(ChainBuilder().story().records)
