"""``biotrace check``: judge a casebook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from biotrace.services.check import check_casebook
from biotrace.services.trust import read_trust
from biotrace.verify.verdict_json import verdict_data

from .console import FINDINGS, FINE, Console, answers
from .params import DAY
from .verdict_view import show_verdict, verdict_csv


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--profile", default="rinya-2012", help="規則の版 / set of rules", show_default=True)
@click.option("--as-of", type=DAY, default=None, help="この日までの記載で判定 / judge what was dated up to this day")
@click.option("--trust", type=click.Path(path_type=Path), default=None, help="信頼ファイル / trust file")
@answers("text", "json", "csv")
def check(console: Console, file: Path, profile: str, as_of: date | None, trust: Path | None) -> int:
    """台帳の写し（casebook）を検査する / check a casebook (YAML or JSON)."""
    trusted = read_trust(trust).trusted_bodies if trust is not None else None
    checked = check_casebook(file, profile=profile, as_of=as_of, trusted_bodies=trusted)
    if console.json:
        console.data(verdict_data(checked.verdict, checked.book.title or file.name, console.lang))
    elif console.format == "csv":
        # The mark lets Excel know that the text is UTF-8.
        click.echo("\ufeff" + verdict_csv(checked.verdict, console.lang), nl=False)
    else:
        show_verdict(console, checked.verdict, checked.book.title or file.name)
    return FINE if checked.verdict.clean else FINDINGS
