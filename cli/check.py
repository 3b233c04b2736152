"""``biotrace check``: judge a casebook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from biotrace.services.check import check_casebook
from biotrace.services.trust import read_trust
from biotrace.verify.verdict_json import verdict_data

from .console import FINDINGS, FINE, Console, answers
from .params import DAY, FILE
from .verdict_view import show_verdict, verdict_csv


@click.command()
@click.argument("file", type=FILE)
@click.option("--profile", default="rinya-2012", help="規則の版 / set of rules", show_default=True)
@click.option("--as-of", type=DAY, default=None, help="この日までの記載で判定 / judge what was dated up to this day")
@click.option("--trust", type=FILE, default=None, help="信頼する団体を書いた信頼ファイル / trust file")
@answers("text", "json", "csv")
def check(console: Console, file: Path, profile: str, as_of: date | None, trust: Path | None) -> int:
    """書類の写し（casebook）を検査する / check a casebook (YAML or JSON)."""
    trusted = read_trust(trust).trusted_bodies if trust is not None else None
    checked = check_casebook(file, profile=profile, as_of=as_of, trusted_bodies=trusted)
    name = checked.book.title or file.name
    if console.json:
        console.data(verdict_data(checked.verdict, name, console.lang))
    elif console.format == "csv":
        # UTF-8 wherever it goes, and the mark that lets Excel know.
        console.file(("\ufeff" + verdict_csv(checked.verdict, console.lang)).encode())
    else:
        show_verdict(console, checked.verdict, name)
        _files(console, sum(map(len, checked.book.files.values())))
    return FINE if checked.verdict.clean else FINDINGS


def _files(c: Console, named: int) -> None:
    """What stands in the files that a casebook names nobody has compared with it."""
    if named:
        c.say(c.t(f"見ていないファイル（files）: {named} 件", f"not checked (files named): {named}"))
