"""The READMEs show real output: their commands are run, in order, and compared."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile("```console\n(.*?)```", re.DOTALL)


def commands(readme: str) -> list[tuple[str, str]]:
    """Each command of the console blocks, with the output shown below it."""
    found: list[tuple[str, str]] = []
    for block in _BLOCK.findall((ROOT / readme).read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def shown(output: str) -> re.Pattern[str]:
    """The output as a pattern: a line of … stands for any lines, … within a line for anything on it."""
    lines = ["(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n" for line in output.splitlines()]
    return re.compile("".join(lines))


@pytest.mark.parametrize("readme", ["README.md", "README.ja.md"])
def test_the_readme_shows_what_the_commands_print(readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    steps = commands(readme)
    assert len(steps) == 6
    for command, output in steps:
        program, *arguments = shlex.split(command)
        assert program == "biotrace"
        result = CliRunner().invoke(cli, arguments)
        assert shown(output).fullmatch(result.stdout), f"{command}\n{result.output}"


def test_the_readmes_run_the_same_commands() -> None:
    english, japanese = (
        [c.replace("--lang ja", "--lang en") for c, _ in commands(r)] for r in ("README.md", "README.ja.md")
    )
    assert english == japanese
