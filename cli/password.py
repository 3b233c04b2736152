"""Passwords: from a file, from the environment, or typed. Never as an argument, which other users of a PC can see."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from biotrace.errors import UnreadableError, UsageError
from biotrace.model.text import Text, same
from biotrace.services.files import read_file

from .console import default_lang
from .params import FILE

VARIABLE = "BIOTRACE_PASSWORD"

_META = "biotrace.password_file"
F = TypeVar("F", bound=Callable[..., Any])


def password_option(command: F) -> F:
    """Give a command ``--password-file``; ``password`` knows what it was given."""
    return click.option(
        "--password-file",
        type=FILE,
        default=None,
        expose_value=False,
        callback=_remember,
        help=f"パスワードだけを書いたファイル（既定: 環境変数 {VARIABLE}、なければ画面で入力）"
        f" / file that holds nothing but the password (default: {VARIABLE}, else it is asked for)",
    )(command)


def password(prompt: Text, *, confirm: bool = False) -> str:
    """The password that ``prompt`` asks for, for use within a command.

    From the file of ``--password-file`` where given, else from BIOTRACE_PASSWORD, else typed on the terminal, unseen,
    and twice where ``confirm``. Raises UsageError (``no-password``) where there is none of these, or
    (``password-differs``) where the two typed ones differ, and UnreadableError for a file that holds no password.
    """
    context = click.get_current_context()
    path = context.meta.get(_META)
    if path is not None:
        return _from_file(path)
    if given := os.environ.get(VARIABLE):
        return given
    if not _on_terminal():
        raise UsageError(
            prompt + Text(": 入力できる画面がありません", ": there is no terminal to type it on"),
            Text(
                f"--password-file か環境変数 {VARIABLE} で渡してください",
                f"give it by --password-file or in the environment variable {VARIABLE}",
            ),
            code="no-password",
        )
    return _typed(prompt, context.params.get("lang") or default_lang(), confirm)


def _remember(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    context.meta[_META] = path


def _from_file(path: Path) -> str:
    try:
        lines = read_file(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = []
    if len(lines) != 1 or not lines[0]:
        raise UnreadableError(
            same(f"{path}: ") + Text("パスワードの1行ではありません", "is not one line with a password"),
            Text("パスワードだけを1行、UTF-8 で書いてください", "write the password alone, on one line, in UTF-8"),
            code="password-file",
        )
    return lines[0]


def _typed(prompt: Text, lang: Any, confirm: bool) -> str:
    first = _ask(prompt.get(lang))
    if confirm and _ask(Text("もう一度入力してください", "again").get(lang)) != first:
        raise UsageError(
            Text("二度のパスワードが違います", "the two passwords differ"),
            Text("もう一度実行してください", "run it again"),
            code="password-differs",
        )
    return first


def _on_terminal() -> bool:
    return sys.stdin.isatty()


def _ask(label: str) -> str:
    typed: str = click.prompt(label, hide_input=True, err=True)
    return typed
