"""What is wrong with a command line, in both languages: click itself speaks English only."""

from __future__ import annotations

import re

import click

from biotrace.errors import UsageError
from biotrace.model.text import Text

_EXTRA = re.compile(r"unexpected extra arguments? \((.+)\)")


class Unfit(click.BadParameter):
    """A value that is not what its option takes; ``text`` says what was expected."""

    def __init__(self, text: Text, param: click.Parameter | None, ctx: click.Context | None) -> None:
        super().__init__(text.en, ctx, param)
        self.text = text


def explained(error: click.UsageError) -> UsageError:
    """The same complaint as an error of ours, with the command's help as the next step."""
    path = error.ctx.command_path if error.ctx is not None else "biotrace"
    help_text = Text(f"{path} --help で使い方を見られます", f"see {path} --help")
    return UsageError(_message(error), help_text, code="command-line")


def _message(error: click.UsageError) -> Text:
    english = error.format_message().rstrip(".")
    return Text(_japanese(error) or f"コマンドの書き方が違います（{english}）", english)


def _japanese(error: click.UsageError) -> str | None:
    if isinstance(error, Unfit):
        return f"{_name(error)} {error.text.ja}"
    if isinstance(error, click.MissingParameter):
        return f"{_name(error)} を指定してください"
    if isinstance(error, click.BadParameter) and error.param is not None:
        kind = error.param.type
        if isinstance(kind, click.Choice):
            return f"{_name(error)} は {'、'.join(map(str, kind.choices))} のどれかです"
        if isinstance(kind, click.IntRange):
            return f"{_name(error)} は{_within(kind)}です"
    if isinstance(error, click.NoSuchOption):
        return f"{error.option_name} というオプションはありません" + _nearest(error.possibilities)
    if isinstance(error, click.NoSuchCommand):
        return f"{error.command_name} というコマンドはありません" + _nearest(error.possibilities)
    if isinstance(error, click.BadOptionUsage) and "requires an argument" in error.message:
        return f"{error.option_name} には値が要ります"
    if extra := _EXTRA.search(error.message):
        return f"余分な引数があります: {extra.group(1)}"
    return None


def _name(error: click.BadParameter) -> str:
    """The option, or the argument as the usage line writes it."""
    param = error.param
    if isinstance(param, click.Option):
        return param.opts[0]
    return param.human_readable_name if param is not None else ""


def _within(numbers: click.IntRange) -> str:
    """1以上100以下の整数."""
    least = "" if numbers.min is None else f"{numbers.min:,}以上"
    most = "" if numbers.max is None else f"{numbers.max:,}以下"
    return f"{least}{most}の整数"


def _nearest(possibilities: object) -> str:
    names = list(possibilities) if isinstance(possibilities, list | tuple) else []
    return f"（近いもの: {'、'.join(names)}）" if names else ""
