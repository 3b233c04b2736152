"""``biotrace patterns``: what is worth a look in a ledger or a casebook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from biotrace.model.text import join
from biotrace.services.patterns import CAUTION, Asked, Looked, look_at_casebook, look_at_ledger
from biotrace.services.patterns_report import ASK, INNOCENT, SEEN, USUAL, PatternsReport
from biotrace.services.report_write import require_names, write_report
from biotrace.services.times import day_of
from biotrace.verify.patterns import DEFAULT_SCORE, MOST, Sighting

from .console import FINDINGS, FINE, Console, answers, clock
from .opening import opened
from .params import DAY, FILE, LINE, workspace_option
from .progress import Progress
from .report_params import OUT_OPTION

_SHOWN = 20
"""How many are explained on a terminal."""
_NAMED = 4
"""Records that are named of each there."""


@click.command()
@click.option(
    "--from",
    "start",
    type=DAY,
    default=None,
    help="この日以後の記録があるものだけ / with a record on that day or later",
)
@click.option("--to", "until", type=DAY, default=None, help="この日までの記録で / by records dated up to this day")
@click.option("--party", type=LINE, default=None, help="この事業者に関わるものだけ / what concerns this party")
@click.option(
    "--min-score",
    "score",
    type=click.IntRange(1, MOST),
    default=DEFAULT_SCORE,
    show_default=True,
    help="この点数以上 / the least score",
)
@click.option(
    "--price-change",
    "prices",
    type=DAY,
    multiple=True,
    help="価格が変わった日（省くと価格表の3日）。複数可 / a day on which prices changed; may be repeated",
)
@click.option("--casebook", type=FILE, default=None, help="台帳の代わりに casebook を見る / look at a casebook")
@OUT_OPTION
@workspace_option
@answers()
def patterns(
    console: Console,
    start: date | None,
    until: date | None,
    party: str | None,
    score: int,
    prices: tuple[date, ...],
    casebook: Path | None,
    out: tuple[Path, ...],
    folder: Path,
) -> int:
    """確認をお勧めするものを、点数と説明付きで並べる / what is worth a look, scored and explained.

    違反の判定ではない。点数・よくある事情・確かめる書類は docs/patterns.md。終了コード1: 見るものがある。

    No verdict on anybody: docs/patterns.md. Exit code 1: there is something to look at.
    """
    require_names(out)
    asked = Asked(start, until, party, score, prices)
    if casebook is not None:
        return _answer(console, look_at_casebook(casebook, asked), out)
    with opened(folder) as workspace:
        with Progress(console) as progress:
            looked = look_at_ledger(workspace, asked, progress.show)
        return _answer(console, looked, out)


def _answer(c: Console, looked: Looked, out: tuple[Path, ...]) -> int:
    """Show the list, and write it."""
    made = PatternsReport(looked, str(day_of(clock())))
    if out:
        write_report(replace(made.report, data=made.data(c.lang)), out, c.lang)
    if c.json:
        c.data(made.data(c.lang))
    else:
        _text(c, looked, made)
        for path in out:
            c.say(c.t(f"書きました: {path}", f"written: {path}"))
    return FINDINGS if looked.listed else FINE


def _text(c: Console, looked: Looked, made: PatternsReport) -> None:
    count = len(looked.listed)
    c.say(
        c.t(
            f"証明書・納入 {looked.taken:,} 件を見た。確認をお勧めするもの {count:,} 件（{looked.asked.score} 点以上）",
            f"{looked.taken:,} certificates and deliveries looked at; {count:,} things worth a look, scoring "
            f"{looked.asked.score} or more",
        )
    )
    c.say(CAUTION)
    if looked.party is not None or looked.asked.start is not None or looked.asked.until is not None:
        c.say("  ".join(f"{name.get(c.lang)}: {said.get(c.lang)}" for name, said in made.asked[:-1]))
    for number, sighting in enumerate(looked.listed[:_SHOWN], 1):
        _sighting(c, number, sighting, made)
    c.say()
    if count > _SHOWN:
        c.say(c.t(f"ほか {count - _SHOWN:,} 件（--out で全部）", f"and {count - _SHOWN:,} more (all with --out)"))
    if looked.below:
        c.say(
            c.t(
                f"{looked.asked.score} 点未満 {looked.below:,} 件（--min-score で表示）",
                f"{looked.below:,} score less than {looked.asked.score} (shown with --min-score)",
            )
        )
    for said in made.unchecked:
        c.say(made.not_looked_at.get(c.lang) + said.get(c.lang))


def _sighting(c: Console, number: int, s: Sighting, made: PatternsReport) -> None:
    c.say()
    c.say(
        c.t(f"{number}. {s.score:,} 点  ", f"{number}. score {s.score:,}  ")
        + f"{s.kind.name.get(c.lang)}  [{s.kind.code}]"
    )
    c.say(f"    {s.subject.get(c.lang)}")
    lines = ((SEEN, s.seen), (USUAL, s.usual), (INNOCENT, join(list(s.kind.innocent), "／", "; ")), (ASK, s.kind.ask))
    for name, said in lines:
        c.say(f"    {name.get(c.lang)}: {said.get(c.lang)}")
    named = [found[0] for record in s.sample.records[:_NAMED] if (found := made.source(record)) is not None]
    more = s.sample.count - len(named)
    rest = c.t(f" ほか {more:,} 件", f" and {more:,} more") if more > 0 else ""
    c.say(c.t("    記録: ", "    records: ") + c.t("、", ", ").join(named) + rest)
