"""What every command shares: language, format, errors, exit codes, and output that survives its surroundings."""

from __future__ import annotations

import codecs
import functools
import json
import locale
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Concatenate, NoReturn, ParamSpec, TextIO

import click

from biotrace.errors import BiotraceError
from biotrace.model.showing import showable, showable_json
from biotrace.model.text import Lang, Text
from biotrace.services.files import refused_by_system

FINE, FINDINGS, MISUSE = 0, 1, 2
LANGS: tuple[Lang, ...] = ("ja", "en")
NEAR_WORDS = {
    "㎥": "m3",
    "㎡": "m2",
    "㏊": "ha",
    "³": "3",
    "²": "2",
    "·": "・",
    "≤": "<=",
    "≥": ">=",
    "↔": "<->",
    "‹": "<",
    "›": ">",
    "\ufffd": "?",
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("\xa0\u2002\u2003\u2009", " "),
}
"""What stands for signs that a Japanese console (cp932) may lack."""
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Console:
    """How to answer: in which language and format."""

    lang: Lang
    format: str

    def say(self, text: Text | str = "", *, colour: str | None = None) -> None:
        """A line of the answer, whatever stands in it: what could break or disguise it is shown as code points."""
        line = showable(text.get(self.lang) if isinstance(text, Text) else text)
        _write(line if colour is None else click.style(line, fg=colour, bold=True))

    def t(self, ja: str, en: str) -> str:
        """The sentence in the language asked for."""
        return ja if self.lang == "ja" else en

    def data(self, value: Any) -> None:
        """The answer as JSON."""
        _write(_json(value, sys.stdout, indent=1))

    def file(self, data: bytes) -> None:
        """The answer as a file's bytes, whatever the terminal speaks."""
        _write(data)

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


def console_for(arguments: Sequence[str]) -> Console:
    """How to answer a command line that could not be read: as far as its words say."""
    lang = _given(arguments, "--lang")
    return Console(
        lang=next((known for known in LANGS if known == lang), default_lang()),
        format="json" if _given(arguments, "--format") == "json" else "text",
    )


def _given(arguments: Sequence[str], option: str) -> str | None:
    words = [word for argument in arguments for word in argument.split("=", 1)]
    return next((value for word, value in pairwise(words) if word == option), None)


def answers(*formats: str) -> Callable[[Callable[Concatenate[Console, P], int]], Callable[P, int]]:
    """Give a command ``--lang`` and ``--format``, and turn every error into a message and exit code 2."""

    def decorate(command: Callable[Concatenate[Console, P], int]) -> Callable[P, int]:
        @click.option(
            "--lang",
            type=click.Choice(LANGS),
            help="表示の言語（既定: 環境による） / language of the output",
        )
        @click.option(
            "--format",
            type=click.Choice(formats or ("text", "json")),
            default="text",
            help="出力の形式 / output format",
        )
        @functools.wraps(command)
        def run(*args: P.args, **options: P.kwargs) -> int:
            lang, format = options.pop("lang"), options.pop("format")
            console = Console(lang or default_lang(), str(format))  # type: ignore[arg-type]  # a choice of two
            try:
                return command(console, *args, **options)
            except BiotraceError as error:
                fail(console, error)
            except OSError as error:
                fail(console, refused_by_system(error))
            except KeyboardInterrupt:
                fail(console, interrupted())

        return run

    return decorate


def interrupted() -> BiotraceError:
    """Ctrl-C."""
    return BiotraceError(Text("中断しました", "interrupted"), code="interrupted")


def fail(console: Console, error: BiotraceError) -> NoReturn:
    """Say what is wrong and what to do, on standard error; exit code 2."""
    if console.json:
        data = {"error": error.code, "lines": error.lines(console.lang)}
        _write(_json(data, sys.stderr), err=True)
    else:
        prefix = console.t("エラー: ", "error: ")
        _write(prefix + "\n".join(map(showable, error.lines(console.lang))), err=True)
    sys.exit(MISUSE)


def _json(value: Any, stream: TextIO, indent: int | None = None) -> str:
    """As JSON; hidden signs, and all where the stream cannot carry one, are escaped as JSON does it."""
    text = showable_json(json.dumps(value, ensure_ascii=False, indent=indent))
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def _write(text: str | bytes, *, err: bool = False) -> None:
    """Print; where the reader has gone (``| head``), go on in silence, so that the exit code still tells."""
    try:
        click.echo(text, nl=isinstance(text, str), err=err)
    except BrokenPipeError:
        # The interpreter flushes this stream again when it ends.
        stream = sys.stderr if err else sys.stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(NEAR_WORDS.get(c, f"\\u{{{ord(c):x}}}") for c in bad), error.end


def survive_console() -> None:
    """Characters that a cp932 console lacks come out as near words or code points, never as a traceback."""
    codecs.register_error("biotrace", _replace)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIO) or hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="biotrace")  # type: ignore[union-attr]  # asked for just above
