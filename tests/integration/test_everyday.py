"""docs/everyday.md, a mill's first day and a usual day with suppliers on paper, as it stands there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from cli.main import cli
from tests.integration.test_readme import shown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "everyday.md"
DAY = 1_795_478_400
"""2026-11-24, 09:00 in Japan."""
_BLOCK = re.compile("```console\n(.*?)```", re.DOTALL)


def steps() -> list[tuple[str, str]]:
    """Each command, its continued lines joined, with the output shown below it."""
    found = []
    for block in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.replace("\\\n", " ").partition("\n")
            found.append((command, output))
    return found


def test_the_page_shows_what_the_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cli.console.time", SimpleNamespace(time=lambda: DAY))
    monkeypatch.setenv("BIOTRACE_WORKSPACE", "mill")
    monkeypatch.setattr("cli.console.default_lang", lambda: "ja")
    assert len(steps()) == 17
    for command, output in steps():
        program, *arguments = shlex.split(command)
        assert program == "biotrace"
        result = CliRunner().invoke(cli, arguments)
        assert shown(output).fullmatch(result.stdout), f"{command}\n{result.output}"
        assert result.exit_code < 2, result.output
