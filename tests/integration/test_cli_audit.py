"""``biotrace audit`` as a person runs it."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from biotrace.chain import note
from biotrace.chain.note import ED25519, VerifierKey
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.services.audit_lists import ListWriter
from biotrace.services.audit_summary import key_name
from biotrace.services.audit_tally import Lot
from biotrace.services.key_files import KeyFiles, KeyName
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace, open_workspace
from biotrace.verify.verdict import Status
from cli.main import cli
from tests import casebooks
from tests.integration.test_cli_verify import finished, program, spoil
from tests.schemes import Scheme
from tests.workspaces import TODAY, contents, data, papers, password

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plant's workspace with one clean lot."""
    folder = tmp_path_factory.mktemp("done") / "plant"
    with init_workspace(folder, (casebooks.PLANT, casebooks.BODY), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, papers())
    return folder


@pytest.fixture
def plant(done: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(done, tmp_path / "plant"))


@pytest.fixture
def flawed(plant: Path) -> Path:
    """The plant's workspace with a lot more, whose felling certificate states no area; its truck is called =1+1."""
    book = casebooks.copy(papers(), "f-1", "f-2", number="第26-018号", area=None)
    book = casebooks.copy(
        book, "p-1", "p-2", number="乙-2", draws=(replace(casebooks.PROCESSING.draws[0], certificate="f-2"),)
    )
    with open_workspace(plant, lambda: TODAY, password) as workspace:
        sign_casebook(workspace, casebooks.copy(book, "d-1", "=1+1", certificate="p-2"))
    return plant


def size_of(folder: Path) -> int:
    """How many entries its ledger has."""
    with open_workspace(folder, lambda: TODAY, password) as workspace:
        return workspace.ledger.end()


def summaries(folder: Path) -> list[Path]:
    """The signed summaries there."""
    return sorted((folder / "audits").glob("*.note"))


# what it says


def test_a_clean_log_is_said_to_be_clean_and_signed_for(run: Run, plant: Path) -> None:
    count = size_of(plant)
    result = run("audit", "-w", plant)
    assert result.exit_code == 0
    (path,) = summaries(plant)
    for words in (
        f"{count} 件を読み、3 件を判定（基準日 2014-11-19）",
        "署名・ハッシュ・順序・ログの木はすべて正しい",
        "ロット 1（適合 1）",
        "間伐材等由来 → 間伐材等由来",
        "全乾 17.4 t",
        "この版・この台帳では検査しない",
        f"署名した要約: {path}",
    ):
        assert words in result.stdout
    english = run("audit", "-w", plant, lang="en")
    assert english.exit_code == 0
    for words in (f"{count} entries read, 3 judged, as of 2014-11-19", "1 lots, 1 clean", "17.4 t bone-dry"):
        assert words in english.stdout
    assert len(summaries(plant)) == 2


def test_findings_are_counted_by_code_and_the_exit_code_says_so(run: Run, flawed: Path) -> None:
    result = run("audit", "-w", flawed)
    assert result.exit_code == 1
    assert "ロット 2（適合 1）" in result.stdout
    assert "  H316        1 件  " in result.stdout
    english = run("audit", "-w", flawed, "--no-sign", lang="en")
    assert english.exit_code == 1
    assert "  H316        1  a required entry is missing" in english.stdout
    assert "every signature, hash and place is right" in english.stdout
    assert "thinned → construction waste" in english.stdout


def test_damage_is_named_and_no_state_is_kept(run: Run, flawed: Path) -> None:
    position = spoil(flawed, "f-1", 60)
    result = run("audit", "--keep", "-w", flawed)
    assert result.exit_code == 1
    assert "台帳の破損・矛盾" in result.stdout
    assert f"台帳の {position} 番" in result.stdout
    assert "続きから監査するための状態は残していない" in result.stdout
    assert not list((flawed / "audits").glob("*.state.gz"))
    told = run("audit", "--keep", "--no-sign", "-w", flawed, lang="en")
    assert told.exit_code == 2
    english = run("audit", "--keep", "-w", flawed, lang="en").stdout
    assert f"entry {position}" in english
    assert "no state was kept" in english


def test_json_says_all_of_it(run: Run, flawed: Path) -> None:
    result = run("audit", "-w", flawed, "--format", "json", lang="en")
    assert result.exit_code == 1
    told = data(result)
    assert told["findings"] == {"H316": 1}
    assert told["examples"]["H316"][0]["found"] == "missing: felled area"
    assert {
        name: told[name] for name in ("as_of", "judged", "clean", "read_from", "reaching_back", "integrity", "log")
    } == {
        "as_of": "2014-11-19",
        "judged": 6,
        "clean": False,
        "read_from": 0,
        "reaching_back": 0,
        "integrity": [],
        "log": [],
    }
    assert {(lot["confirmed"], lot["clean"], lot["lots"]) for lot in told["lots"]} == {
        ("thinned", True, 1),
        ("construction_waste", False, 1),
    }
    assert [(row["declared"], row["confirmed"], row["kg"]) for row in told["kg_bone_dry"]] == [
        ("thinned", "construction_waste", 17_400),
        ("thinned", "thinned", 17_400),
    ]
    assert told["size"] == size_of(flawed)
    assert told["summary"] == str(summaries(flawed)[0])
    assert told["state"] is None
    with open_workspace(flawed, lambda: TODAY, password) as workspace:
        assert told["root"] == workspace.ledger.checkpoint().root.hex()


def test_going_on_says_what_was_not_looked_at(run: Run, plant: Path, tmp_path: Path) -> None:
    first = run("audit", "--keep", "-w", plant)
    assert f"次回は --since {summaries(plant)[0]} で続きから監査できます" in first.stdout
    count = size_of(plant)
    with open_workspace(plant, lambda: TODAY, password) as workspace:
        sign_casebook(workspace, casebooks.copy(papers(), "f-1", "f-2", number="第26-018号", area=None))
    result = run("audit", "--since", summaries(plant)[0], "-w", plant)
    assert result.exit_code == 1
    assert "1 件を読み、1 件を判定" in result.stdout
    assert f"検査していない: 0–{count - 1} 番は前の監査のまま" in result.stdout
    assert "0 件による判定の変化" in result.stdout
    english = run("audit", "--since", summaries(plant)[0], "--no-sign", "-w", plant, lang="en").stdout
    assert f"not checked: entries 0–{count - 1} stand as audited before" in english
    flawed = run("audit", "--since", summaries(plant)[0], "--keep", "-w", plant, "--format", "json")
    told = data(flawed)
    assert (told["read_from"], told["judged"], told["state"] is None) == (count, 1, False)
    after = run("audit", "--since", told["summary"], "--no-sign", "-w", plant, lang="en")
    assert after.exit_code == 1, "nothing is new, and what was wrong is not right by that"
    assert "the earlier audit had findings: see its summary" in after.stdout
    refused = run("audit", "--since", tmp_path / "none.note", "-w", plant, lang="en")
    assert refused.exit_code == 2
    assert "none.note" in refused.stderr


def test_records_of_other_logs_are_said_to_be_read_into_memory(run: Run, plant: Path, tmp_path: Path) -> None:
    scheme = Scheme("log.example/kousei", wood=False)
    assert run("bundle", "import", scheme.file(tmp_path, []), "--pin", "-w", plant).exit_code == 0
    result = run("audit", "--keep", "-w", plant)
    assert "すべてをメモリーに読んで判定しました" in result.stdout
    assert "ほかのログの記録を含むため、続きから" in result.stdout
    english = run("audit", "--keep", "-w", plant, lang="en").stdout
    assert "everything was read into memory" in english
    assert "with records of other logs no state was kept" in english


@pytest.mark.parametrize(
    ("arguments", "ja", "en"),
    [
        (["--as-of", "2014-01-01"], "2014-01-01 までに台帳に入った記録はありません", "nothing had been logged by"),
        (["--as-of", "yesterday"], "2014-11-19", "2014-11-19"),
        (["--jobs", "0"], "--jobs", "--jobs"),
        (["--keep", "--no-sign"], "--keep には署名が要ります", "has to be named by a signed summary"),
        (["--findings", "same.csv", "--lots", "same.csv"], "同じファイルは使えません", "one file cannot take both"),
        (["--findings", "none/x.csv"], "書けません", "cannot be written"),
        (["--since", "casebook.yaml"], "監査の要約として読めません", "is no audit summary"),
    ],
)
def test_misuse_is_told(
    arguments: list[str], ja: str, en: str, run: Run, plant: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("casebook.yaml").write_text("biotrace: casebook/1\n", encoding="utf-8")
    for lang, words in (("ja", ja), ("en", en)):
        result = run("audit", *arguments, "-w", plant, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
    assert not summaries(plant)
    assert not list(tmp_path.glob("*.csv"))


def test_as_of_a_day_judges_what_was_logged_until_then(run: Run, flawed: Path) -> None:
    assert run("audit", "--as-of", "2014-11-18", "--no-sign", "-w", flawed).exit_code == 0
    assert run("audit", "--as-of", "2014-11-19", "--no-sign", "-w", flawed).exit_code == 1


# the summary


def test_the_summary_is_a_note_that_anybody_can_verify(run: Run, flawed: Path) -> None:
    assert run("audit", "-w", flawed).exit_code == 1
    (path,) = summaries(flawed)
    public = KeyFiles(flawed, password).get(KeyName.DEVICE).public
    signed = note.parse(path.read_bytes())
    note.verify(signed, [VerifierKey(key_name(public), ED25519, public)])
    lines = signed.text.splitlines()
    assert lines[0] == "biotrace-audit/1"
    with open_workspace(flawed, lambda: TODAY, password) as workspace:
        origin, size = workspace.ledger.log_name.name, workspace.ledger.end()
    assert lines[1].startswith(f"log {origin} {size} ")
    assert lines[2].startswith("as-of 2014-11-19 profile rinya-2012 by biotrace ")
    assert {"finding H316 1", "damage 0", "breach 0", "judged 6", "read-from 0"} <= {*lines}
    assert "lot thinned construction_waste complete flawed 1" in lines
    assert "bone-dry-kg thinned thinned 17400" in lines
    assert "state" not in signed.text, "none was kept"


def test_without_a_signature_nothing_is_written(run: Run, plant: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIOTRACE_PASSWORD")
    before = contents(plant)
    result = run("audit", "--no-sign", "-w", plant)
    assert result.exit_code == 0
    assert "署名した要約" not in result.stdout
    assert {n: c for n, c in contents(plant).items() if "seen" not in n} == {
        n: c for n, c in before.items() if "seen" not in n
    }


@pytest.mark.parametrize("given", [None, "wrong"])
def test_the_password_is_asked_for_before_the_long_work(
    given: str | None, run: Run, plant: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biotrace.services.audit_run.audit", lambda *_: pytest.fail("it began"))
    monkeypatch.delenv("BIOTRACE_PASSWORD")
    if given is not None:
        monkeypatch.setenv("BIOTRACE_PASSWORD", given)
    result = run("audit", "-w", plant)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_folder_that_cannot_be_written_is_told_before_the_long_work(
    run: Run, plant: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biotrace.services.audit_run.audit", lambda *_: pytest.fail("it began"))
    (plant / "audits").write_bytes(b"a file is in the way")
    result = run("audit", "-w", plant)
    assert result.exit_code == 2
    assert "audits" in result.stderr


# lists


def rows(path: Path) -> list[dict[str, str]]:
    """A list, as Excel reads it: UTF-8 by its mark, lines as they stand in the cells."""
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True)))


def test_all_findings_and_lots_are_lists_for_excel(run: Run, flawed: Path, tmp_path: Path) -> None:
    findings, lots = tmp_path / "指摘.csv", tmp_path / "lots.csv"
    result = run("audit", "--findings", findings, "--lots", lots, "--no-sign", "-w", flawed)
    assert result.exit_code == 1
    found = [row for row in rows(findings) if row["effect"] != "notice"]
    assert [(row["code"], row["subject"]) for row in found] == [("H316", "f-2")]
    assert "伐採面積" in found[0]["found"]
    assert found[0]["remedy"]
    told = {row["subject"]: row for row in rows(lots)}
    assert told.keys() == {"d-1", "'=1+1"}, "no cell is a formula"
    assert told["d-1"]["declared"].startswith("間伐材等由来")
    assert (told["d-1"]["clean"], told["d-1"]["kg_bone_dry"]) == ("yes", "17400.000")
    assert (told["'=1+1"]["confirmed"], told["'=1+1"]["status"]) == ("建設資材廃棄物", "complete")
    assert not list(tmp_path.glob(".*"))
    assert {row["subject"] for row in rows(findings)} >= {"f-2"}


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"])
def test_no_cell_is_a_formula(cell: str, tmp_path: Path) -> None:
    path = tmp_path / "lots.csv"
    with ListWriter(None, path, "ja") as lists:
        lists.lot(Lot("00", cell, FuelClass.THINNED, FuelClass.THINNED, Status.COMPLETE, True, None))
    _, row = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    assert row[1] == f"'{cell}".replace("\r", "\n")


def test_an_earlier_list_is_not_written_over(run: Run, plant: Path, tmp_path: Path) -> None:
    path = tmp_path / "findings.csv"
    path.write_bytes(b"mine")
    result = run("audit", "--findings", path, "-w", plant, lang="en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert path.read_bytes() == b"mine"
    assert not summaries(plant)


def test_an_audit_that_fails_leaves_no_list(
    run: Run, flawed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("biotrace.services.audit_run.write_over", fails)
    lists = ["--findings", tmp_path / "findings.csv", "--lots", tmp_path / "lots.csv"]
    result = run("audit", *lists, "-w", flawed)
    assert result.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["plant"]
    assert not summaries(flawed)


def test_what_was_told_too_early_is_not_in_the_lists(run: Run, flawed: Path, tmp_path: Path) -> None:
    """The first pass is misled by a row of the database, so that all is told twice."""
    with open_workspace(flawed, lambda: TODAY, password) as workspace:
        book = casebooks.copy(papers(), "f-1", "f-2", number="第26-018号", area=None)
        sign_casebook(workspace, casebooks.correct(book, "f-2", Action.HOLD))
    with closing(sqlite3.connect(flawed / "ledger.sqlite")) as database, database:
        database.execute("DELETE FROM edge WHERE child = (SELECT position FROM entry WHERE kind = 7)")
    path = tmp_path / "findings.csv"
    told = data(run("audit", "--findings", path, "--no-sign", "-w", flawed, "--format", "json"))
    counted = sum(told["findings"].values()) + sum(told["notices"].values())
    assert told["findings"] == {"H316": 1, "S106": 1}
    assert len(rows(path)) == counted


# surroundings


def test_a_cp932_console_is_survived(flawed: Path, tmp_path: Path) -> None:
    cp932 = {"PYTHONIOENCODING": "cp932"}
    lists = ("--findings", tmp_path / "f.csv")
    code, out, err = finished(program("audit", "-w", flawed, *lists, "--lang", "ja", env=cp932))
    assert (code, err) == (1, b"")
    assert "間伐材等由来 → 建設資材廃棄物" in out.decode("cp932")
    assert rows(tmp_path / "f.csv")
    code, out, err = finished(program("audit", "-w", flawed, "--format", "json", "--no-sign", env=cp932))
    assert (code, err) == (1, b"")
    assert json.loads(out.decode("cp932"))["clean"] is False


def test_a_pipe_sees_no_progress_and_a_terminal_does(plant: Path) -> None:
    code, _, err = finished(program("audit", "-w", plant, "--no-sign"))
    assert (code, err) == (0, b"")
    ours, theirs = pty.openpty()
    with program("audit", "-w", plant, "--no-sign", "--lang", "en", stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        with open(ours, "rb", buffering=0) as terminal:
            try:
                while block := terminal.read(4096):
                    shown += block
            except OSError:
                pass  # the other end has closed, which Linux tells so
        assert process.wait(60) == 0
    count = size_of(plant)
    assert f"{count:,} of {count:,}".encode() in shown
    assert shown.endswith(b"\r\x1b[K"), "the line is wiped"


def test_ctrl_c_ends_all_processes_and_leaves_nothing(flawed: Path, tmp_path: Path) -> None:
    started = tmp_path / "started"
    code = (
        "import pathlib\n"
        "import cli.main\n"
        "from biotrace.services import audit_read, audit_tally\n"
        "audit_read._WORTH_IT, audit_read.CHUNK = 1, 5\n"
        "def slow(*_, **__):\n"
        f"    pathlib.Path({str(started)!r}).touch()\n"
        "    import time; time.sleep(60)\n"
        "audit_tally.Tally.take = slow\n"
        "if __name__ == '__main__':\n"
        "    cli.main.main()\n"
    )
    script = tmp_path / "run.py"
    script.write_text(code, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, script, "audit", "-w", flawed, "--jobs", "3", "--lots", tmp_path / "lots.csv"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while not started.exists() and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, b"")
    told = err.decode(os.environ.get("PYTHONIOENCODING", "utf-8"))
    assert "中断しました" in told or "interrupted" in told
    assert b"Traceback" not in err
    assert not list(tmp_path.glob("*.csv"))
    assert not summaries(flawed)


def test_help_is_in_both_languages() -> None:
    shown = CliRunner().invoke(cli, ["audit", "--help"]).output
    for words in (
        "ログ全体を監査する",
        "audit the whole log",
        "--since",
        "--keep",
        "--no-sign",
        "--findings",
        "--lots",
    ):
        assert words in shown
