"""Where a password comes from: the file, else the environment, else the terminal, and never from a guess."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from biotrace.model.text import Text
from cli.console import FINE, Console, answers
from cli.password import password, password_option


@click.command()
@password_option
@click.option("--confirm", is_flag=True)
@answers()
def asking(console: Console, confirm: bool) -> int:
    """A command that needs a password."""
    console.say(repr(password(Text("鍵のパスワード", "password of the key"), confirm=confirm)))
    return FINE


@pytest.fixture(autouse=True)
def _no_password_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIOTRACE_PASSWORD", raising=False)


def run(*arguments: object, lang: str = "en") -> Result:
    return CliRunner().invoke(asking, [*map(str, arguments), "--lang", lang])


def typing(monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """A person at the terminal, who types ``words``; the answer gathers what they were asked."""
    answers_left: Iterator[str] = iter(words)
    asked: list[str] = []

    def typed(label: str, *, hide_input: bool, err: bool) -> Any:
        assert hide_input
        assert err
        asked.append(label)
        return next(answers_left)

    monkeypatch.setattr("cli.password._on_terminal", lambda: True)
    monkeypatch.setattr("cli.password.click.prompt", typed)
    return asked


def test_the_file_comes_before_the_environment_and_that_before_the_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = typing(monkeypatch, "typed")
    assert run().stdout == "'typed'\n"
    assert asked == ["password of the key"]
    monkeypatch.setenv("BIOTRACE_PASSWORD", "of the environment")
    assert run().stdout == "'of the environment'\n"
    (tmp_path / "pw").write_text("of the file")
    assert run("--password-file", tmp_path / "pw").stdout == "'of the file'\n"
    assert len(asked) == 1


@pytest.mark.parametrize("content", ["杉と檜 2014", "杉と檜 2014\n", "杉と檜 2014\r\n", "\ufeff杉と檜 2014\n"])
def test_a_file_may_come_from_any_editor(content: str, tmp_path: Path) -> None:
    (tmp_path / "pw").write_bytes(content.encode())
    assert run("--password-file", tmp_path / "pw").stdout == "'杉と檜 2014'\n"


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\n", "杉".encode("cp932")])
def test_a_file_that_holds_no_password(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "pw").write_bytes(content)
    for lang, words in (("ja", "パスワードの1行ではありません"), ("en", "is not one line with a password")):
        result = run("--password-file", tmp_path / "pw", lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
    assert "no such file" in run("--password-file", tmp_path / "none").stderr


@pytest.mark.parametrize("variable", [None, ""])
def test_without_any_the_command_says_what_to_do(variable: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if variable is not None:
        monkeypatch.setenv("BIOTRACE_PASSWORD", variable)
    for lang, words in (("ja", "鍵のパスワード: 入力できる画面がありません"), ("en", "there is no terminal")):
        result = run(lang=lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
        assert "--password-file" in result.stderr
        assert "BIOTRACE_PASSWORD" in result.stderr
    assert '"no-password"' in run("--format", "json").stderr


def test_a_new_password_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = typing(monkeypatch, "one", "one", "one", "other")
    assert run("--confirm", lang="ja").stdout == "'one'\n"
    assert asked == ["鍵のパスワード", "もう一度入力してください"]
    result = run("--confirm", lang="ja")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "二度のパスワードが違います" in result.stderr
