"""The ``biotrace`` command."""

from __future__ import annotations

import os
import sys

import click

from biotrace import __version__

from .check import check
from .console import MISUSE, survive_console
from .demo import demo
from .issue import issue
from .paper import pdf, scan
from .show import show
from .sign import sign
from .verify import verify
from .workspace import init


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="biotrace")
def cli() -> None:
    """木質バイオマス証明書の検査・署名・発行 / check, sign and issue certificates of woody biomass.

    終了コード / exit codes: 0 適合 fine, 1 指摘あり findings, 2 使い方の誤り・読めない misuse or unreadable.
    """


for command in (check, init, sign, issue, show, pdf, scan, verify, demo):
    cli.add_command(command)


def main() -> None:
    """Run the command; an unforeseen failure is told in one line, with the trace for those who ask for it."""
    survive_console()
    try:
        cli(standalone_mode=True)
    except Exception as error:
        if os.environ.get("BIOTRACE_DEBUG"):
            raise
        click.echo(
            f"内部エラー / internal error: {type(error).__name__}: {error}\n"
            "BIOTRACE_DEBUG=1 を付けて実行した結果を添えてお知らせください / please report it with BIOTRACE_DEBUG=1",
            err=True,
        )
        sys.exit(MISUSE)


if __name__ == "__main__":
    main()
