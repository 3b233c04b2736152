"""The ``biotrace`` command."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from biotrace import __version__
from biotrace.errors import BiotraceError
from biotrace.model.text import Text

from .console import console_for, fail, interrupted, survive_console
from .usage import explained

_COMMANDS = {
    **{name: name for name in ("check", "rules", "init", "party", "receive", "stock", "issue", "sign")},
    **dict.fromkeys(("cancel", "replace", "hold", "release"), "correct"),
    **{name: name for name in ("accredit", "report")},
    **{name: name for name in ("workbook", "show", "pdf", "scan", "verify", "audit")},
    **{name: name for name in ("trace", "patterns", "bundle", "log", "key", "trust")},
    **{name: name for name in ("settings", "retain", "backup", "restore", "upgrade", "rebuild", "demo", "completion")},
}
"""Command -> module, in the order of a day's work. Each is loaded when called for: libraries for PDF and databases take
time."""

_HEADINGS = {
    "毎日の仕事 / every day": (
        "party",
        "receive",
        "stock",
        "issue",
        "workbook",
        "report",
        "show",
        "pdf",
        "scan",
        "verify",
    ),
    "訂正 / corrections": ("cancel", "replace", "hold", "release"),
}
"""Under which the help lists commands; all others stand under a last heading."""
_COMPLETING = "_BIOTRACE_COMPLETE"
"""The variable in which a shell says that it wants words to complete."""


class Program(click.Group):
    """All commands. Whatever goes wrong ends as a message in the user's language and exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """The names, in the order of work."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """The command of that name, or None."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f".{_COMMANDS[cmd_name]}", __package__)
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under headings, each with its first line."""
        named = {name for names in _HEADINGS.values() for name in names}
        rest = tuple(name for name in _COMMANDS if name not in named)
        wide = formatter.width - 6 - max(map(len, _COMMANDS))
        for heading, names in {**_HEADINGS, "そのほか / other commands": rest}.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(heading):
                formatter.write_dl([(n, c.get_short_help_str(wide)) for n, c in commands if c is not None])

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        """Run the command line and exit with its code."""
        console = console_for(sys.argv[1:] if args is None else args)
        if _COMPLETING in os.environ:  # a shell asks for words: it may be one that click does not know
            importlib.import_module(".completion", __package__)
        try:
            given = {**options, "standalone_mode": False, "complete_var": _COMPLETING}
            sys.exit(super().main(args, *more, **given))
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.UsageError as error:
            fail(console, explained(error))
        except (click.Abort, KeyboardInterrupt):
            fail(console, interrupted())
        except Exception as error:
            if os.environ.get("BIOTRACE_DEBUG"):
                raise
            fail(console, _unforeseen(error))


def _unforeseen(error: Exception) -> BiotraceError:
    return BiotraceError(
        Text(f"内部エラー: {type(error).__name__}: {error}", f"internal error: {type(error).__name__}: {error}"),
        Text("BIOTRACE_DEBUG=1 を付けた結果を添えてお知らせください", "please report it with BIOTRACE_DEBUG=1"),
        code="internal",
    )


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="biotrace")
def cli() -> None:
    """木質バイオマス証明書の検査・署名・発行 / check, sign and issue certificates of woody biomass.

    終了コード / exit codes: 0 適合 fine, 1 指摘あり findings, 2 使い方の誤り・読めない misuse or unreadable.
    """


def main() -> None:
    """The console script."""
    survive_console()
    cli()


if __name__ == "__main__":
    main()
