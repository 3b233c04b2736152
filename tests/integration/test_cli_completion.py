"""Completion: the shells' scripts, and what they are given to choose from."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import cli
from tests.workspaces import contents

Run = Callable[..., Result]


def offered(words: list[str], incomplete: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What PowerShell would be given, values only."""
    monkeypatch.setenv("_BIOTRACE_COMPLETE", "powershell_complete")
    monkeypatch.setenv("COMP_WORDS", "\n".join(["biotrace", *words]))
    monkeypatch.setenv("COMP_INCOMPLETE", incomplete)
    result = CliRunner().invoke(cli, [], prog_name="biotrace.exe")
    assert "Traceback" not in result.output
    return [line.split("\t")[0] for line in result.stdout.splitlines() if line]


def test_commands_options_parties_yards_and_numbers(run: Run, mill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("party", "yard", "add", "第一土場", "-w", mill).exit_code == 0
    monkeypatch.setenv("BIOTRACE_WORKSPACE", str(mill))
    monkeypatch.delenv("BIOTRACE_PASSWORD")
    before = contents(mill)
    assert offered([], "rec", monkeypatch) == ["receive"]
    assert "--moisture" in offered(["issue"], "--mo", monkeypatch)
    assert offered(["issue", "--to"], "第", monkeypatch) == ["第九バイオマス発電所", "第八バイオマス発電所"]
    assert offered(["issue", "--to"], "plant-8", monkeypatch) == ["第八バイオマス発電所"]
    assert offered(["receive", "--paper", "--from"], "甲成", monkeypatch) == ["甲成林産有限会社"]
    assert offered(["stock", "--yard"], "土場", monkeypatch) == ["第一土場"]
    assert offered(["show"], "第26-", monkeypatch) == ["第26-017号", "第26-018号"]
    assert offered(["cancel"], "f-", monkeypatch) == ["f-1", "f-2"]
    assert contents(mill) == before


def test_without_a_workspace_there_is_nothing_to_choose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BIOTRACE_WORKSPACE", raising=False)
    assert offered(["issue", "--to"], "第", monkeypatch) == []
    (tmp_path / "biotrace.json").write_text("{", encoding="utf-8")
    assert offered(["issue", "--to"], "第", monkeypatch) == []


@pytest.mark.parametrize(
    ("shell", "words"),
    [
        ("bash", "_BIOTRACE_COMPLETE=bash_complete"),
        ("zsh", "#compdef biotrace"),
        ("fish", "complete --no-files --command biotrace"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName biotrace"),
    ],
)
def test_the_scripts(shell: str, words: str, run: Run) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert words in result.stdout
    assert "%(" not in result.stdout


def test_how_to_install_it_is_told(run: Run) -> None:
    text = run("completion").stdout
    assert all(shell in text for shell in ("bash", "zsh", "fish", "PowerShell"))
    assert run("completion", "tcsh").exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="bash is asked to read its script")
def test_bash_takes_its_script(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash").stdout, encoding="utf-8")
    subprocess.run(["bash", "-n", str(script)], check=True)
