"""Whatever ends a writer: what was acknowledged is there, the rest is there whole or not at all, and it goes on."""

from __future__ import annotations

import errno
import shutil
import signal
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy.exc import DBAPIError

from biotrace.errors import BiotraceError, UnreadableError
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from tests.builders import LOG, NOW, ChainBuilder
from tests.faults import crash, powercut
from tests.faults.writer import Batch

WAL, FILE, INDEX, ANY = "ledger.db-wal", "ledger.db", "ledger.db-shm", "ledger.db*"
"""SQLite's write-ahead log, its database, the log's index in shared memory, and all of them."""


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What makes calls fail. Tests that need it are skipped where it cannot be built."""
    if sys.platform != "linux" or shutil.which("gcc") is None:
        pytest.skip("no gcc on Linux here: calls of the system cannot be made to fail")
    return crash.build_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="module")
def recording(shim: Path, tmp_path_factory: pytest.TempPathFactory) -> powercut.Recording:
    """A writer's work, long enough for the log to be moved into the database while it goes on."""
    folder = tmp_path_factory.mktemp("recorded")
    crash.new_ledger(folder / powercut.LEDGER)
    return powercut.record(folder, shim, 50)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return crash.new_ledger(tmp_path / "ledger.db")


def faults(shim: Path, action: str, calls: str, file: str, after: int = 0, times: int = 0) -> dict[str, str]:
    """The environment in which calls fail; see iofault.c."""
    return {
        "LD_PRELOAD": str(shim),
        "IOFAULT_ACTION": action,
        "IOFAULT_CALLS": calls,
        "IOFAULT_PATH": f"*/{file}",
        "IOFAULT_AFTER": str(after),
        "IOFAULT_TIMES": str(times),
    }


def assert_sound(path: Path, acknowledged: crash.Acknowledged) -> None:
    """All that was acknowledged is there, all is whole, nothing is found, and appending goes on."""
    assert crash.examine(path, acknowledged).wrong == []
    more = crash.append_one(path, "after")
    assert crash.examine(path, [*acknowledged, *more]).wrong == []


class TestKilled:
    @pytest.mark.parametrize("first", range(0, 25, 5))
    def test_at_any_moment(self, path: Path, first: int) -> None:
        """Five writers, one after the other: each finds what the killed one before left."""
        acknowledged: crash.Acknowledged = []
        for seed in range(first, first + 5):
            run = crash.kill_writer(path, f"k{seed}", seed)
            assert run.code == -signal.SIGKILL, run.said
            acknowledged += run.acknowledged
            assert crash.examine(path, acknowledged).wrong == []
        assert acknowledged
        assert_sound(path, acknowledged)

    @pytest.mark.parametrize("after", [0, 9, 10, 30, 31, 32, 60])
    def test_at_a_call(self, path: Path, shim: Path, after: int) -> None:
        """Calls 0 to 9 open the ledger; some twenty write each batch, then one syncs it."""
        environment = faults(shim, "KILL", "write,sync,truncate", ANY, after)
        run = crash.run_writer(path, "k", "--size", "5", environment=environment)
        assert run.code == -signal.SIGKILL, run.said
        assert_sound(path, run.acknowledged)

    @pytest.mark.parametrize("after", [10, 25, 26])
    def test_in_the_middle_of_a_write(self, path: Path, shim: Path, after: int) -> None:
        environment = faults(shim, "KILL-TORN", "write", WAL, after)
        run = crash.run_writer(path, "k", "--size", "5", environment=environment)
        assert run.code == -signal.SIGKILL, run.said
        assert_sound(path, run.acknowledged)


@dataclass(frozen=True)
class Fault:
    """What fails, and what becomes of ten batches: code of the refusals (None: there are none), how many at least."""

    what: str
    action: str
    calls: str
    file: str
    after: int = 0
    times: int = 0
    code: str | None = None
    taken: bool = True
    options: tuple[str, ...] = ()


FAULTS = [
    Fault("the disk is full from the first write on", "ENOSPC", "write", WAL, code="disk-full", taken=False),
    Fault("the disk fills up", "ENOSPC", "write", WAL, 60, code="disk-full"),
    Fault("the disk fills up within a write", "SHORT-ENOSPC", "write", WAL, 61, code="disk-full"),
    Fault("the disk is full for a moment", "ENOSPC", "write", WAL, 60, 1, code="disk-full"),
    Fault(
        "the disk fills up in a batch larger than SQLite's memory for pages",
        *("ENOSPC", "write", WAL, 100),
        code="disk-full",
        taken=False,
        options=("--size", "3000", "--batches", "1"),
    ),
    Fault("writes fail", "EIO", "write", WAL, 60, code="ledger-unreadable"),
    Fault("a write fails", "EIO", "write", WAL, 60, 1, code="ledger-unreadable"),
    Fault("writes are short", "SHORT", "write", ANY),
    Fault("syncs fail from the first on", "EIO", "sync", WAL, code="ledger-unreadable", taken=False),
    Fault("syncs fail", "EIO", "sync", WAL, 3, code="ledger-unreadable"),
    Fault("a sync fails", "EIO", "sync", WAL, 3, 1, code="ledger-unreadable"),
    Fault("the disk is full when the log is moved into the database", "ENOSPC", "write", FILE),
    Fault("writes to the database fail in the middle of that", "EIO", "write", FILE, 7),
    Fault("the database cannot be synced", "EIO", "sync", FILE),
    Fault("the database cannot be cut to size", "EIO", "truncate", FILE),
    Fault("the log's index cannot be made", "EIO", "truncate", INDEX, code="ledger-unreadable", taken=False),
    Fault("the disk is full when a ledger is opened", "ENOSPC", "write", INDEX, code="disk-full", taken=False),
]


class TestFaults:
    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
    def test_whatever_fails(self, path: Path, shim: Path, fault: Fault) -> None:
        environment = faults(shim, fault.action, fault.calls, fault.file, fault.after, fault.times)
        run = crash.run_writer(path, "f", *fault.options, environment=environment)
        assert "iofault:" in run.said
        assert run.code in (0, 2), run.said
        assert set(run.refused) == ({fault.code} if fault.code else set()), run.said
        assert bool(run.acknowledged) == fault.taken
        if fault.times:
            assert len(run.refused) == fault.times, "it goes on in the same process"
        assert_sound(path, run.acknowledged)

    @pytest.mark.parametrize("after", [0, 1, 3, 30])
    def test_a_ledger_that_cannot_be_made_leaves_nothing_behind(self, tmp_path: Path, shim: Path, after: int) -> None:
        path = tmp_path / "ledger.db"
        run = crash.run_writer(path, "f", "--create", environment=faults(shim, "ENOSPC", "write", ANY, after))
        assert (run.code, run.refused) == (2, ["disk-full"]), run.said
        assert list(tmp_path.iterdir()) == []
        crash.new_ledger(path)


class TestPowerCut:
    def test_acknowledged_means_synced(self, recording: powercut.Recording, tmp_path: Path) -> None:
        for seed in range(20):
            folder = tmp_path / str(seed)
            folder.mkdir()
            path, acknowledged = recording.cut(folder, seed)
            assert crash.examine(path, acknowledged).wrong == [], seed
        assert_sound(path, acknowledged)

    def test_a_disk_that_only_claims_to_have_synced_is_noticed(
        self, recording: powercut.Recording, tmp_path: Path
    ) -> None:
        """That is, the test above can fail."""
        noticed = 0
        for seed in range(0, 24, 2):
            folder = tmp_path / str(seed)
            folder.mkdir()
            path, acknowledged = recording.cut(folder, seed, syncs=False)
            try:
                noticed += bool(crash.examine(path, acknowledged).wrong)
            except BiotraceError:
                noticed += 1
        assert noticed >= 6


class TestDiskFull:
    """Without the shim: SQLite counts a limit of pages as a full disk."""

    def test_it_is_said_in_both_languages_what_to_do(self, path: Path) -> None:
        with Ledger.open(path, LOG) as ledger:
            with ledger.database.reading() as connection:
                connection.exec_driver_sql("PRAGMA max_page_count = 1")
            with pytest.raises(BiotraceError) as refused:
                ledger.append(Batch("f/0", 100).records(ledger), NOW)
        assert refused.value.code == "disk-full"
        assert refused.value.lines("ja") == [
            f"台帳 {path} のあるディスクがいっぱいです",
            "対処: ほかのファイルを移すか消して空きを作り、もう一度実行してください（記録済みの内容は残っています。"
            "台帳の名前で始まるファイルは消さないでください）",
        ]
        assert refused.value.lines("en") == [
            f"the disk that holds ledger {path} is full",
            "what to do: make room by moving or deleting other files, then try again (what was logged is still there; "
            "leave alone every file whose name begins like the ledger's)",
        ]
        assert_sound(path, [])

    def test_not_even_a_name_fits_on_it(self, tmp_path: Path) -> None:
        full = OSError(errno.ENOSPC, "No space left on device")
        with patch.object(Path, "touch", side_effect=full), pytest.raises(BiotraceError) as refused:
            Ledger.create(tmp_path / "ledger.db", LOG)
        assert refused.value.code == "disk-full"

    def test_postgresql_says_it_with_a_code(self, path: Path) -> None:
        full = type("DiskFull", (Exception,), {"sqlstate": "53100"})("could not extend file")
        with Ledger.open(path) as ledger, pytest.raises(BiotraceError) as refused, ledger.database.reading():
            raise DBAPIError("INSERT", None, full)
        assert refused.value.code == "disk-full"

    def test_a_failing_disk_is_not_said_to_be_a_wrong_place(self, path: Path) -> None:
        failing = sqlite3.OperationalError("disk I/O error")
        failing.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
        with Ledger.open(path) as ledger, pytest.raises(UnreadableError) as refused, ledger.database.reading():
            raise failing
        assert refused.value.remedy is not None
        assert refused.value.remedy.en == "see whether the disk is attached, sound and not full, then try again"


class TestDamage:
    def test_a_page_of_zeros_is_damage_not_a_traceback(self, path: Path) -> None:
        content = bytearray(path.read_bytes())
        for page in range(1, len(content) // 4096):
            path.write_bytes(content[: page * 4096] + bytes(4096) + content[(page + 1) * 4096 :])
            with pytest.raises(UnreadableError) as refused, Ledger.open(path) as ledger:
                check_integrity(ledger)
            assert refused.value.code in ("ledger-damaged", "ledger-unreadable"), page

    def test_nothing_is_added_after_an_entry_without_a_time(self, path: Path) -> None:
        """Torn pages can show NULL where the table allows none."""
        loosen = "UPDATE sqlite_master SET sql = replace(sql, 'logged_at INTEGER NOT NULL', 'logged_at INTEGER')"
        for statement in (loosen, "UPDATE entry SET logged_at = NULL WHERE position = 13"):
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute(statement)
            connection.commit()
            connection.close()
        record = ChainBuilder().story().felling("c-9", ("doc-1",), number="第26-099号")
        with Ledger.open(path, LOG) as ledger, pytest.raises(UnreadableError) as refused:
            ledger.append([record], NOW)
        assert refused.value.code == "ledger-damaged"
