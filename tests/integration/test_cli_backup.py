"""``biotrace backup`` and ``restore``: the drill, what refuses to be restored, and disks that do not want to."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from biotrace.services.backup_format import LEDGER, MANIFEST, parse_manifest
from biotrace.services.restore_latest import next_name
from biotrace.store.integrity import check_integrity
from biotrace.store.ledger import Ledger
from tests import casebooks
from tests.integration.conftest import Run, Write
from tests.log_folders import leaves, publish
from tests.workspaces import contents, data, envelopes, papers

ISSUE = ("issue", "--to", "plant-8", "--quantity", "1t", "--moisture", "0.42")
Issue = Callable[[Path], Path]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may read or write what its user has seen."""
    for name in ("HOME", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("BIOTRACE_WORKSPACE", raising=False)


@pytest.fixture
def issue(run: Run, tmp_path: Path) -> Issue:
    """Issue one more certificate of 1 t in a workspace; gives its PDF."""
    count = [0]

    def one(folder: Path) -> Path:
        count[0] += 1
        pdf = tmp_path / f"{count[0]}.pdf"
        result = run(*ISSUE, "-w", folder, "--out", pdf)
        assert result.exit_code == 0, result.output
        return pdf

    return one


@pytest.fixture
def file(run: Run, mill: Path, tmp_path: Path) -> Path:
    """A backup of the mill, which is still there."""
    path = tmp_path / "backups" / "控え.zip"
    assert run("backup", path, "-w", mill).exit_code == 0
    return path


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Where to restore."""
    return tmp_path / "new mill"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def last_record(folder: Path) -> str:
    return hashlib.sha256(envelopes(folder)[-1]).hexdigest()


def restored(run: Run, *arguments: object) -> Any:
    result = run("restore", *arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return data(result)


def refused(run: Run, *arguments: object, ja: str, en: str, code: str) -> None:
    """That it is told in both languages, and leaves nothing."""
    folder = next(Path(str(a)) for a in reversed(arguments) if str(a).endswith("new mill"))
    for lang, words in (("ja", ja), ("en", en)):
        result = run("restore", *arguments, lang=lang)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert words in result.stderr
    assert json.loads(run("restore", *arguments, "--format", "json").stderr)["error"] == code
    assert not folder.exists()
    assert not [name for name in names(folder.parent) if name.startswith(".biotrace-")]


def assert_sound(run: Run, folder: Path) -> None:
    """That nothing at all is wrong with it, chains of device keys included."""
    verdict = run("verify", "-w", folder)
    assert verdict.exit_code == 0, verdict.stdout
    with Ledger.open(folder / LEDGER) as ledger:
        assert check_integrity(ledger) == []


def assert_scans(run: Run, pdf: Path, folder: Path) -> None:
    scanned = run("scan", pdf, "--trust", folder / "trust.json")
    assert scanned.exit_code == 0, scanned.output


# backup


def test_a_backup_holds_the_workspace_without_its_device_key(
    run: Run, mill: Path, tmp_path: Path, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(mill)
    before, file = contents(mill), tmp_path / "backup.zip"
    with monkeypatch.context() as patch:
        patch.delenv("BIOTRACE_PASSWORD")
        answer = data(run("backup", file, "-w", mill, "--format", "json"))
    assert (answer["size"], answer["wrong"], answer["left_out"]) == (len(envelopes(mill)), [], [])
    assert {"keys/root.key", "keys/log.key", "keys/device.pub", "trust.json", LEDGER} <= set(answer["members"])
    assert any(name.startswith("seen/") for name in answer["members"])
    with zipfile.ZipFile(file) as archive:
        assert set(archive.namelist()) == {MANIFEST, *answer["members"]}
        assert "keys/device.key" not in archive.namelist()
        assert archive.read("keys/log.key") == (mill / "keys/log.key").read_bytes()
        found = parse_manifest(archive.read(MANIFEST), "backup")
    assert found.size == answer["size"]
    assert file.stat().st_mode & 0o077 == 0
    assert names(tmp_path) == ["1.pdf", "backup.zip", "mill"]
    assert contents(mill) == before


def test_a_backup_is_told_about_and_never_overwrites(run: Run, mill: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    for lang, words in (("ja", "読み直して確かめました"), ("en", "made and read back")):
        file.unlink(missing_ok=True)
        said = run("backup", file, "-w", mill, lang=lang)
        assert words in said.stdout
    before = file.read_bytes()
    again = run("backup", file, "-w", mill)
    assert again.exit_code == 2
    assert "すでにあります" in again.stderr
    assert file.read_bytes() == before


def test_what_no_backup_can_hold_is_named(run: Run, mill: Path, tmp_path: Path) -> None:
    (mill / "evidence").mkdir()
    (mill / "evidence" / "メモ.txt").write_text("x")
    (mill / "evidence" / "link.txt").symlink_to("/etc/hostname")
    (mill / "keys" / "root.key").rename(tmp_path / "stick.key")
    said = run("backup", tmp_path / "backup.zip", "-w", mill, lang="en")
    assert said.exit_code == 0
    for words in ("left out: evidence/メモ.txt", "left out: evidence/link.txt", "so not in the backup"):
        assert words in said.stdout


def test_a_damaged_ledger_is_kept_and_told(run: Run, mill: Path, tmp_path: Path, new: Path) -> None:
    """It is evidence, and perhaps all that is left; but nobody may take it for a backup that can be restored."""
    with closing(sqlite3.connect(mill / LEDGER)) as database:
        database.execute("UPDATE entry SET subject = 'x' WHERE position = 5")
        database.commit()
    said = run("backup", tmp_path / "backup.zip", "-w", mill, lang="en")
    assert said.exit_code == 1
    assert "Keep the earlier ones" in said.stdout
    refused(
        run, tmp_path / "backup.zip", new, "--new-log", ja="台帳が壊れています", en="5", code="backup-damaged"
    )  # fmt: skip


# the drill


def test_the_drill_where_nothing_was_handed_out_since(
    run: Run, mill: Path, tmp_path: Path, new: Path, issue: Issue
) -> None:
    first = issue(mill)
    old_kid = next(k["kid"] for k in data(run("key", "list", "-w", mill, "--format", "json")) if not k["root"])
    stolen = shutil.copy(mill / "keys/device.key", tmp_path / "stolen.key")
    file, public = tmp_path / "backup.zip", tmp_path / "pub"
    assert run("backup", file, "-w", mill).exit_code == 0
    assert run("log", "publish", public, "-w", mill).exit_code == 0
    before = envelopes(mill)
    shutil.rmtree(mill)
    answer = restored(run, file, new, "--continue", "--latest", public)
    assert (answer["ended"], answer["log"]) == (old_kid, answer["log_before"])
    assert envelopes(new)[: len(before)] == before
    assert (new / "keys/device.key").stat().st_mode & 0o077 == 0
    assert (new / "keys/root.key").stat().st_mode & 0o077 == 0
    second = issue(new)
    assert_sound(run, new)
    for pdf in (first, second):
        assert_scans(run, pdf, new)
    # Who watches the log sees it grow.
    assert run("log", "publish", public, "-w", new).exit_code == 0
    # The old machine's key is refused from then on.
    kids = {k["kid"]: k["until"] for k in data(run("key", "list", "-w", new, "--format", "json"))}
    assert kids[old_kid] == len(before) + 1
    assert kids[answer["kid"]] is None
    shutil.copy(stolen, new / "keys/device.key")
    assert "失効しています" in run(*ISSUE, "-w", new).stderr


def test_the_drill_where_something_was(run: Run, mill: Path, tmp_path: Path, new: Path, issue: Issue) -> None:
    first = issue(mill)
    file, public, watcher = tmp_path / "backup.zip", tmp_path / "pub", tmp_path / "watcher"
    assert run("backup", file, "-w", mill).exit_code == 0
    lost = issue(mill)
    record = last_record(mill)
    assert run("log", "prove", record, "-w", mill, "--out", tmp_path / "old.receipt").exit_code == 0
    assert run("log", "publish", public, "-w", mill).exit_code == 0
    assert run("log", "verify", public, "--pin", "--memory", watcher).exit_code == 0
    size = data(run("backup", tmp_path / "later.zip", "-w", mill, "--format", "json"))["size"] - 1
    shutil.rmtree(mill)
    answer = restored(run, file, new, "--new-log")
    old, log = answer["log_before"].split("+")[0], answer["log"].split("+")[0]
    assert log == f"{old}/2"
    second = issue(new)
    assert_sound(run, new)
    for pdf in (first, second, lost):  # what was lost from the ledger was still signed by a key of that time
        assert_scans(run, pdf, new)
    with Ledger.open(new / LEDGER) as ledger:
        # The key's binding and the old one's end were appended to what the new log began with.
        assert ledger.checkpoints() == [size, size + 1, size + 2, size + 3]
    # To who watched the old log the new one is another; the old one has neither forked nor shrunk.
    assert run("log", "publish", public, "-w", new).exit_code == 2
    assert run("log", "publish", tmp_path / "pub2", "-w", new).exit_code == 0
    assert run("log", "verify", tmp_path / "pub2", "--pin", "--memory", watcher).exit_code == 0
    assert run("log", "verify", public, "--memory", watcher).exit_code == 0
    # Receipts of the old log still prove what they proved, here too.
    for more in (("--memory", watcher), ("-w", new)):
        shown = run("log", "verify", tmp_path / "old.receipt", "--record", record, *more)
        assert shown.exit_code == 0, shown.output
    kept = next((new / "evidence").glob("*-checkpoints.txt")).read_text(encoding="utf-8")
    assert kept.count(f"{old}\n{size}\n") == 1
    assert f"{old}\n{size + 1}\n" not in kept


def test_going_on_after_all_is_what_partners_refuse(
    run: Run, mill: Path, file: Path, tmp_path: Path, new: Path, issue: Issue
) -> None:
    """Why it has to be said: the same, wrongly continued, is S105 to everybody who saw the later checkpoint."""
    public, watcher = tmp_path / "pub", tmp_path / "watcher"
    issue(mill)
    assert run("log", "publish", public, "-w", mill).exit_code == 0
    assert run("log", "verify", public, "--pin", "--memory", watcher).exit_code == 0
    restored(run, file, new, "--continue")
    issue(new)
    assert run("log", "publish", tmp_path / "pub2", "-w", new).exit_code == 0
    shown = run("log", "verify", tmp_path / "pub2", "--memory", watcher)
    assert shown.exit_code == 1
    assert "S105" in shown.stdout


def test_a_restored_workspace_is_backed_up_and_restored_again(
    run: Run, file: Path, tmp_path: Path, new: Path, issue: Issue
) -> None:
    restored(run, file, new, "--new-log")
    issue(new)
    assert run("backup", tmp_path / "2.zip", "-w", new).exit_code == 0
    third = tmp_path / "third"
    answer = restored(run, tmp_path / "2.zip", third, "--new-log")
    assert answer["log"].split("+")[0] == answer["log_before"].split("+")[0].removesuffix("/2") + "/3"
    issue(third)
    assert_sound(run, third)


def test_a_stolen_machines_key_is_ended_as_leaked(run: Run, mill: Path, file: Path, new: Path, issue: Issue) -> None:
    pdf = issue(mill)
    answer = restored(run, file, new, "--new-log", "--reason", "leaked")
    ended = [k for k in data(run("key", "list", "-w", new, "--format", "json")) if k["kid"] == answer["ended"]]
    assert ended[0]["reason"] == "leaked"
    assert run("scan", pdf, "--trust", new / "trust.json").exit_code == 1  # a paper does not say when it was signed


def test_the_root_key_may_be_kept_elsewhere(run: Run, mill: Path, tmp_path: Path, new: Path, issue: Issue) -> None:
    stick = tmp_path / "stick.key"
    (mill / "keys/root.key").rename(stick)
    assert run("backup", tmp_path / "backup.zip", "-w", mill).exit_code == 0
    refused(run, tmp_path / "backup.zip", new, "--continue", ja="--root-key", en="--root-key", code="no-key")
    restored(run, tmp_path / "backup.zip", new, "--continue", "--root-key", stick)
    assert not (new / "keys/root.key").exists()
    issue(new)
    assert_sound(run, new)


def test_a_lost_log_key_is_no_end(run: Run, mill: Path, tmp_path: Path, new: Path, issue: Issue) -> None:
    (mill / "keys/log.key").unlink()
    assert run(*ISSUE, "-w", mill).exit_code == 2
    assert run("backup", tmp_path / "backup.zip", "-w", mill).exit_code == 0
    refused(run, tmp_path / "backup.zip", new, "--continue", ja="ログの鍵", en="log key", code="no-key")
    restored(run, tmp_path / "backup.zip", new, "--new-log")
    issue(new)
    assert_sound(run, new)


def test_a_restore_warns_of_the_old_machine_and_says_what_comes_next(run: Run, file: Path, new: Path) -> None:
    said = run("restore", file, new, "--new-log").stdout
    for words in (
        "新しい署名鍵",
        "は失効",
        "新しい検証鍵を伝えて",
        "写しを casebook に",
        "警告: 前のパソコンがまだ動くなら",
        "次は",
    ):
        assert words in said


def test_certificates_that_were_lost_are_taken_in_from_their_copies(
    run: Run, write: Write, mill: Path, file: Path, new: Path, issue: Issue
) -> None:
    """Else the next one would have the number of one that is out there, and the wood under it would be sold twice."""
    issue(mill)
    number = data(run("show", last_record(mill), "-w", mill, "--format", "json"))["body"]["number"]
    restored(run, file, new, "--new-log")
    book = casebooks.remove(papers(), "d-1")
    lost = replace(casebooks.find(book, "p-1"), number=number, quantity=casebooks.tonnes(1))
    copied = write(casebooks.add(casebooks.remove(book, "p-1"), lost))
    assert run("sign", copied, "-w", new).exit_code == 0
    issued = data(run(*ISSUE, "-w", new, "--format", "json"))
    assert issued["subject"].removesuffix("2") == f"2-1/{number}".removesuffix("1")
    assert run("verify", "-w", new).exit_code == 0


# the choice


def test_how_the_log_goes_on_has_to_be_said(run: Run, file: Path, new: Path) -> None:
    both = ("--continue", "--new-log")
    refused(run, file, new, ja="--new-log を付けてください", en="the log forks", code="restore-choice")
    refused(run, file, new, *both, ja="一方だけ", en="not both", code="restore-choice")


@pytest.mark.parametrize("what", ["published", "checkpoint", "receipt", "bundle", "proof"])
def test_what_was_handed_out_later_refutes_going_on(
    what: str, run: Run, mill: Path, file: Path, tmp_path: Path, new: Path, issue: Issue
) -> None:
    size = len(envelopes(mill))
    issue(mill)
    record = last_record(mill)
    shown = tmp_path / "shown"
    command: dict[str, tuple[object, ...]] = {
        "published": ("log", "publish", shown),
        "checkpoint": ("log", "checkpoint", "--out", shown),
        "receipt": ("log", "prove", record, "--out", shown),
        "bundle": ("bundle", "make", record, "--out", shown),
        "proof": ("log", "prove", "--from", size, "--out", shown),
    }
    made = run(*command[what], "-w", mill)
    assert made.exit_code == 0, made.output
    later = ("--continue", "--latest", shown)
    refused(run, file, new, *later, ja="続けると分岐します", en="it would fork", code="restore-later")
    restored(run, file, new, "--new-log", "--latest", shown)


def test_what_another_log_handed_out_says_nothing(run: Run, file: Path, tmp_path: Path, new: Path) -> None:
    other = publish(tmp_path / "other", leaves(3))
    refused(
        run, file, new, "--continue", "--latest", other, ja="のものではありません", en="not of log", code="log-other"
    )


def test_a_log_that_has_forked_before_does_not_go_on(
    run: Run, mill: Path, file: Path, tmp_path: Path, new: Path, issue: Issue
) -> None:
    """Two restores of one backup, both continued: each shows a tree of the same size, and they differ."""
    restored(run, file, new, "--continue")
    assert run("backup", tmp_path / "forked.zip", "-w", new).exit_code == 0
    shutil.rmtree(new)
    for _ in range(2):
        issue(mill)
    assert run("log", "checkpoint", "--out", tmp_path / "other", "-w", mill).exit_code == 0
    refused(
        run, tmp_path / "forked.zip", new, "--continue", "--latest", tmp_path / "other",
        ja="合いません", en="does not fit", code="S105",
    )  # fmt: skip


def test_each_new_log_has_a_name_of_its_own() -> None:
    assert next_name("mill.example", ()) == "mill.example/2"
    assert next_name("mill.example/2", ()) == "mill.example/3"
    assert next_name("mill.example/9", ()) == "mill.example/10"
    assert next_name("mill.example/2014", ()) == "mill.example/2014/2"  # a year is no number in the row
    assert next_name("mill.example/1", ()) == "mill.example/1/2"


def test_a_backup_restored_twice_does_not_give_one_name_twice(run: Run, file: Path, tmp_path: Path, new: Path) -> None:
    first = restored(run, file, tmp_path / "first", "--new-log")
    assert run("log", "publish", tmp_path / "pub", "-w", tmp_path / "first").exit_code == 0
    second = restored(run, file, new, "--new-log", "--latest", tmp_path / "pub")
    assert second["log"].split("+")[0] == first["log"].split("+")[0].removesuffix("/2") + "/3"
