"""What every command shares: language, format, workspace, errors and exit codes."""

from __future__ import annotations

import codecs
import functools
import json
import locale
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO, TypeVar

import click

from biotrace.errors import BiotraceError
from biotrace.model.text import Lang, Text
from biotrace.services.workspace import Workspace, open_workspace

FINE, FINDINGS, MISUSE = 0, 1, 2
_FALLBACK = {"㎥": "m3", "㎡": "m2", "–": "-", "—": "-", "−": "-", "≤": "<=", "≥": ">="}
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Console:
    """How to answer: in which language and format."""

    lang: Lang
    format: str

    def say(self, text: Text | str = "") -> None:
        """A line of the answer."""
        click.echo(text.get(self.lang) if isinstance(text, Text) else text)

    def t(self, ja: str, en: str) -> str:
        """The sentence in the language asked for."""
        return ja if self.lang == "ja" else en

    def data(self, value: Any) -> None:
        """The answer as JSON."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))

    @property
    def json(self) -> bool:
        """Whether JSON was asked for."""
        return self.format == "json"


def clock() -> int:
    """Seconds since 1970-01-01 UTC."""
    return int(time.time())


def default_lang() -> Lang:
    """English where the locale says so, Japanese everywhere else: most users' machines, and machines without one."""
    names = [os.environ.get(v, "") for v in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((n for n in names if n), "") or (locale.getlocale()[0] or "")
    return "en" if name.lower().startswith("en") else "ja"


def answers(*formats: str) -> Callable[[F], F]:
    """Give a command ``--lang`` and ``--format``, and turn every error into a message and exit code 2."""

    def decorate(command: F) -> F:
        @functools.wraps(command)
        def run(*args: Any, lang: Lang | None, format: str, **options: Any) -> None:
            console = Console(lang or default_lang(), format)
            try:
                code = command(console, *args, **options)
            except BiotraceError as error:
                fail(console, error)
            sys.exit(code)

        with_format = click.option(
            "--format",
            type=click.Choice(formats or ("text", "json")),
            default="text",
            help="出力の形式 / output format",
        )(run)
        return click.option(  # type: ignore[return-value]
            "--lang", type=click.Choice(["ja", "en"]), default=None, help="表示の言語 / language of the output"
        )(with_format)

    return decorate


def fail(console: Console, error: BiotraceError) -> NoReturn:
    """Say what is wrong and what to do, on standard error; exit code 2."""
    if console.json:
        data = {"error": error.code, "lines": error.lines(console.lang)}
        click.echo(json.dumps(data, ensure_ascii=False), err=True)
    else:
        prefix = console.t("エラー: ", "error: ")
        first, *rest = error.lines(console.lang)
        click.echo(prefix + first, err=True)
        for line in rest:
            click.echo(line, err=True)
    sys.exit(MISUSE)


def workspace_option(command: F) -> F:
    """Give a command ``--workspace``."""
    return click.option(
        "--workspace",
        "-w",
        "folder",
        type=click.Path(path_type=Path),
        default=Path(),
        envvar="BIOTRACE_WORKSPACE",
        help="ワークスペースのフォルダー（既定: 今いるフォルダー） / the workspace's folder",
    )(command)


def opened(folder: Path) -> Workspace:
    """The workspace in a folder, on the real clock."""
    return open_workspace(folder, clock)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_FALLBACK.get(c, f"\\u{{{ord(c):x}}}") for c in bad), error.end


def survive_console() -> None:
    """Characters that a cp932 console lacks come out as near words or code points, never as a traceback."""
    codecs.register_error("biotrace", _replace)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIO) or hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="biotrace")  # type: ignore[union-attr]
