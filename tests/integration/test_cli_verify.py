"""``biotrace verify``, and how every command behaves in its surroundings: consoles, pipes, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from biotrace.documents.casebook import write_casebook
from biotrace.model.certificate import Draw
from biotrace.model.correction import Action
from biotrace.services.sign import sign_casebook
from biotrace.services.workspace import init_workspace
from cli.main import _COMMANDS, cli
from tests import casebooks
from tests.workspaces import TODAY, contents, data, envelopes, papers, password

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data/demo/soumu2017.yaml"


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    """A workspace that has taken in the model delivery d-1, clean, and one like it with a fault, d-2."""
    book = casebooks.copy(papers(), "f-1", "f-2", number="第26-018号", area=None)
    book = casebooks.copy(book, "p-1", "p-2", number="乙-2", draws=(Draw("f-2", casebooks.m3(40)),))
    book = casebooks.copy(book, "d-1", "d-2", certificate="p-2")
    folder = tmp_path / "plant"
    with init_workspace(folder, (casebooks.PLANT,), lambda: TODAY - 86_400, password) as workspace:
        sign_casebook(workspace, book)
    return folder


def spoil(folder: Path, subject: str, offset: int) -> int:
    """Change one byte of the record of that name; returns its position. A negative offset counts from the end."""
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database, database:
        query = "SELECT position, envelope FROM entry WHERE subject = ?"
        position, envelope = database.execute(query, (subject,)).fetchone()
        changed = bytearray(envelope)
        changed[offset] ^= 1
        database.execute("UPDATE entry SET envelope = ? WHERE position = ?", (bytes(changed), position))
    return int(position)


# verify


def test_a_lot_is_followed_back_and_what_bears_on_it_checked(run: Run, plant: Path) -> None:
    """All but f-2, p-2 and d-2: the other lot, which came later and can take only what this one leaves."""
    result = run("verify", "d-1", "-w", plant)
    assert result.exit_code == 0
    held = len(envelopes(plant))
    assert f"台帳 {held} 件のうち関わりのある {held - 3} 件を読み、ハッシュ・署名・ログの木での位置を" in result.stdout
    assert "監査（biotrace audit）で確かめます: このワークスペースの監査はまだありません" in result.stdout
    assert "[適合] d-1  間伐材等由来  全乾 17,400 kg  転記" in result.stdout
    assert "検査していない規則: " in result.stdout
    english = run("verify", "d-1", "-w", plant, lang="en").stdout
    assert f"read the {held - 3} of {held} entries that bear on this: hash, signature and place" in english
    assert "see the audit (biotrace audit), of which there is none yet in this workspace" in english
    assert "[ok] d-1  thinned  17,400 kg bone-dry  transcribed" in english


def test_a_ledger_whose_last_entry_is_gone_is_told(run: Run, plant: Path) -> None:
    """Nothing in the entries that are left shows that there was one more: the log's checkpoint does."""
    last = len(envelopes(plant)) - 1
    with closing(sqlite3.connect(plant / "ledger.sqlite")) as database, database:
        database.execute("DELETE FROM edge WHERE child = ?", (last,))
        database.execute("DELETE FROM entry WHERE position = ?", (last,))
    result = run("verify", "d-1", "-w", plant)
    assert result.exit_code == 1
    assert "S104 台帳: ログの木かチェックポイントと合わない" in result.stdout
    assert f"ログが署名した {last + 1} 件のうち、最後の 1 件がありません" in result.stdout
    english = run("verify", "d-1", "-w", plant, lang="en").stdout
    assert "S104 the ledger: it does not fit the log's tree or checkpoint" in english
    assert f"of the {last + 1} entries that the log signed, the last 1 are missing" in english
    assert "the ledger is damaged" in run("verify", "d-99", "-w", plant, lang="en").stderr
    for command in (["issue", "--to", "plant-8", "--quantity", "1t"], ["sign", DEMO]):
        assert run(*command, "-w", plant).exit_code != 0


def test_the_last_audit_is_named(run: Run, plant: Path) -> None:
    held = len(envelopes(plant))
    run("audit", "-w", plant)
    assert f"最後の監査は台帳の {held - 1} 番まで" in run("verify", "d-1", "-w", plant).stdout
    assert f"the last one goes up to entry {held - 1}" in run("verify", "d-1", "-w", plant, lang="en").stdout
    found = data(run("verify", "d-1", "-w", plant, "--format", "json"))
    assert (found["integrity"]["entries"], found["integrity"]["audited_up_to"]) == (held, held)
    assert found["integrity"]["read"] < held
    assert {"S103", "H318", "Q607"} <= set(found["rules_not_run"])
    assert "S103" not in found["lots"][0]["rules"]["passed"]


def test_without_a_lot_all_are_verified(run: Run, plant: Path) -> None:
    result = run("verify", "-w", plant, lang="en")
    assert f"signature, hash and order of all {len(envelopes(plant))} entries verified" in result.stdout
    assert "see the audit" not in result.stdout
    assert result.exit_code == 1
    assert "2 lots: 1 in order, 1 not" in result.stdout
    assert "H316 f-2: a required entry is missing" in result.stdout
    assert run("verify", "d-1", "d-2", "-w", plant).exit_code == 1


def test_a_lot_goes_by_its_name_its_number_or_its_record_id(run: Run, plant: Path) -> None:
    by_name = data(run("verify", "p-1", "-w", plant, "--format", "json"))
    (lot,) = by_name["lots"]
    for text in ("乙-1", lot["id"], lot["id"][:6], lot["id"][:20].upper()):
        assert data(run("verify", text, "-w", plant, "--format", "json")) == by_name
    assert by_name["subjects"][lot["id"]] == "p-1"
    assert [by_name["subjects"][s["certificate"]] for s in lot["sources"]] == ["f-1"]


@pytest.mark.parametrize(
    ("lot", "ja", "en"),
    [
        ("d-11", "近いもの: d-1", "nearest: d-1"),
        ("doc-1", "証明書・納入は台帳にありません", "no certificate or delivery doc-1"),
        ("0123456789ab", "台帳にありません", "6 or more digits"),
    ],
)
def test_a_lot_that_is_not_there_is_told(lot: str, ja: str, en: str, run: Run, plant: Path) -> None:
    for lang, words in (("ja", ja), ("en", en)):
        result = run("verify", lot, "-w", plant, lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr


def test_a_beginning_that_two_records_share_is_not_enough(run: Run, mill: Path) -> None:
    """Six digits of two ids hardly ever agree, so two ids in the database are made to."""
    with closing(sqlite3.connect(mill / "ledger.sqlite")) as database, database:
        for subject in ("f-1", "f-2"):
            like = bytes.fromhex("abcdef") + subject.encode().ljust(29)
            database.execute("UPDATE entry SET record_id = ? WHERE subject = ?", (like, subject))
    for lang, words in (("ja", "「abcdef」に当たる記録が2件あります: 証明書 f-1 (abcdef"), ("en", "means 2 records")):
        result = run("verify", "abcdef", "-w", mill, lang=lang)
        assert result.exit_code == 2
        assert words in result.stderr


def test_as_of_goes_by_the_day_a_record_was_logged(run: Run, plant: Path) -> None:
    assert data(run("verify", "d-1", "--as-of", "2014-11-18", "-w", plant, "--format", "json"))["as_of"] == "2014-11-18"
    for lot in (["d-1"], []):
        before = run("verify", *lot, "--as-of", "平成26年11月17日", "-w", plant)
        assert (before.exit_code, before.stdout) == (2, "")
        assert "対処" in before.stderr
    assert "was logged on 2014-11-18" in run("verify", "d-1", "--as-of", "2014-11-17", "-w", plant, lang="en").stderr
    assert "日付は" in run("verify", "--as-of", "tomorrow", "-w", plant).stderr


def test_a_ledger_without_a_certificate_proves_nothing(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "new", "--party", "otsu", "--name", "乙チップ工業")
    result = run("verify", "-w", tmp_path / "new")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "検証する証明書も納入もありません" in result.stderr
    assert "biotrace sign" in run("verify", "-w", tmp_path / "new", lang="en").stderr


def test_a_correction_after_the_delivery_shows_now_and_not_before(run: Run, plant: Path, tmp_path: Path) -> None:
    book = casebooks.correct(papers(), "f-1", Action.CANCEL, date(2014, 11, 19))
    path = tmp_path / "correction.yaml"
    path.write_text(write_casebook(book), encoding="utf-8")
    # The plant's own model of f-1 is the same paper, so only the correction is new.
    assert data(run("sign", path, "-w", plant, "--format", "json"))["added"] == 1
    assert "P511" in run("verify", "d-1", "-w", plant).stdout
    assert run("verify", "d-1", "--as-of", "2014-11-18", "-w", plant).exit_code == 0


def test_a_spoiled_record_is_named_and_what_rests_on_it_falls(run: Run, plant: Path) -> None:
    position = spoil(plant, "f-1", -1)
    result = run("verify", "d-1", "-w", plant)
    assert result.exit_code == 1
    assert "壊れた記録が見つかりました" in result.stdout
    assert f"S101 f-1: 署名が記録の内容と合わない  [G3]\n        確認した内容: 台帳の {position} 番" in result.stdout
    assert "[指摘] d-1  間伐材等由来 → 建設資材廃棄物" in result.stdout
    verdict = data(run("verify", "d-1", "-w", plant, "--format", "json"))
    assert {f["code"] for f in verdict["integrity"]["findings"]} == {"S101", "S106"}
    assert verdict["integrity"]["entries"] == len(envelopes(plant))


def test_a_lot_whose_own_record_is_spoiled_points_to_the_damage(run: Run, plant: Path) -> None:
    position = spoil(plant, "d-1", 0)
    result = run("verify", "d-1", "-w", plant)
    assert result.exit_code == 2
    assert f"台帳の {position} 番が壊れています。biotrace verify で" in result.stderr
    assert run("verify", "-w", plant).exit_code == 1
    assert f"entry {position}: " in run("verify", "-w", plant, lang="en").stdout


def test_a_spoiled_record_is_neither_printed_nor_shown_as_sound(run: Run, mill: Path, tmp_path: Path) -> None:
    spoil(mill, "f-1", -1)
    paper = run("pdf", "f-1", "-w", mill, "--out", tmp_path / "f-1.pdf", lang="en")
    assert paper.exit_code == 2
    assert "f-1 is damaged" in paper.stderr
    shown = run("show", "f-1", "-w", mill)
    assert shown.exit_code == 1
    assert "壊れています: S101" in shown.stdout
    assert not (tmp_path / "f-1.pdf").exists()


def test_verifying_writes_nothing(run: Run, plant: Path) -> None:
    before = contents(plant)
    run("verify", "-w", plant)
    assert contents(plant) == before


# surroundings: the real program, in a process of its own


def program(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    """The console script, started."""
    code = "from cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], env=environment, **pipes)


def finished(process: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    """Exit code, standard output and standard error."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_a_cp932_console_is_survived(mill: Path, tmp_path: Path) -> None:
    """㎥ and 𠮷 are not in cp932; JSON stays JSON, and CSV is UTF-8 everywhere."""
    path = tmp_path / "casebook.yaml"
    path.write_text(write_casebook(casebooks.change(papers(), "d-1", id="𠮷-1")), encoding="utf-8")
    cp932 = {"PYTHONIOENCODING": "cp932"}
    runs = [
        program("show", "f-1", "-w", mill, "--lang", "ja", env=cp932),
        program("check", path, "--format", "csv", env=cp932),
        program("issue", "--to", "𠮷", "--quantity", "1t", "-w", mill, "--format", "json", "--lang", "ja", env=cp932),
    ]
    (shown, listed, told) = [finished(process) for process in runs]
    assert shown[0] == 0
    assert "引き当て・納入済み 0、残り 100 m3" in shown[1].decode("cp932")
    assert listed[0] == 0
    assert "\n𠮷-1,thinned" in listed[1].decode("utf-8-sig")
    assert told[0] == 2
    assert "「𠮷」" in json.loads(told[2].decode("cp932"))["lines"][0]


def test_a_closed_pipe_ends_in_silence_with_the_verdict_as_exit_code() -> None:
    process = program("check", DEMO)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) == 1
    assert process.stderr.read() == b""
    process.stderr.close()


def test_ctrl_c_ends_with_a_word_and_exit_code_2(tmp_path: Path) -> None:
    started = tmp_path / "started"
    code = (
        "import pathlib, cli.check, cli.main\n"
        "def slow(*_, **__):\n"
        f"    pathlib.Path({str(started)!r}).touch()\n"
        "    import time; time.sleep(60)\n"
        "cli.check.check_casebook = slow\n"
        "cli.main.main()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, "check", str(DEMO), "--lang", "ja"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not started.exists() and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    returned, out, err = finished(process)
    assert (returned, out) == (2, b"")
    assert err.decode(os.environ.get("PYTHONIOENCODING", "utf-8")).strip() == "エラー: 中断しました"


def test_an_unforeseen_failure_is_one_line_unless_the_trace_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("cli.check.check_casebook", fails)
    result = CliRunner().invoke(cli, ["check", str(DEMO), "--lang", "en"])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: internal error: RuntimeError: unforeseen")
    monkeypatch.setenv("BIOTRACE_DEBUG", "1")
    with pytest.raises(RuntimeError, match="unforeseen"):
        CliRunner().invoke(cli, ["check", str(DEMO)], catch_exceptions=False)


def every_command() -> Iterator[tuple[str, ...]]:
    """The words of every command, those in groups included."""
    for name in _COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]  # the context is not looked at
        assert command is not None
        yield from _within(command, (name,))


def _within(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _within(inner, (*words, name))
    else:
        yield words


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_every_command_explains_itself_in_both_languages(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli, [*words, "--help"])
    assert result.exit_code == 0
    assert "--format" in result.stdout
    described = cli.get_command(None, words[0])  # type: ignore[arg-type]  # the context is not looked at
    for word in words[1:]:
        assert isinstance(described, click.Group)
        assert " / " in (described.help or "").splitlines()[0]
        described = described.commands[word]
    assert described is not None
    for option in described.params:
        text = getattr(option, "help", None)
        assert text is None or " / " in text, option.name
        assert text is not None or option.param_type_name == "argument" or option.name == "help"
    assert " / " in (described.help or "").splitlines()[0]


def test_the_language_follows_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for locale, words in (
        ("en_US.UTF-8", "no such file"),
        ("ja_JP.UTF-8", "ファイルがありません"),
        ("C", "ファイルがありません"),
    ):
        monkeypatch.setenv("LANG", locale)
        assert words in CliRunner().invoke(cli, ["check", "none.yaml"]).stderr
