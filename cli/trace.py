"""``biotrace trace``: where wood came from, where it went, and what follows if a paper is false."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any

import click

from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.services import trace as traces
from biotrace.services.graph_write import require_graph_names, write_graph
from biotrace.services.trace_data import back_data, forward_data, what_if_data
from biotrace.services.trace_graph import graph_of_back, graph_of_forward
from biotrace.services.trace_open import Opened, open_casebook, open_ledger
from biotrace.services.trace_start import StartKind
from biotrace.services.trace_yen import what_if_yen, yen_of_what_if_data
from biotrace.verify.effect import Effect
from biotrace.verify.prices import Approval

from .console import FINDINGS, FINE, Console, answers
from .opening import opened
from .params import DAY, FILE, LINE, workspace_option
from .report_view import show_report
from .suggestions import CERTIFICATES, PARTIES
from .trace_view import head_data, show_back, show_forward, show_head, show_what_if
from .yen_params import APPROVED, KW, KWH_PER_T, Stated, terms_asked

Command = Callable[..., int]
_EFFECTS = {"false": Effect.UNPROVEN, "general": Effect.GENERAL}
_OUT = click.option(
    "--out",
    "-o",
    "out",
    type=FILE,
    multiple=True,
    help="図・表に書く: .html .svg .pdf .graphml .csv .json。複数可 / write the picture or tables; may be repeated",
)
_KIND = click.option(
    "--kind",
    type=click.Choice([kind.value for kind in StartKind]),
    default=None,
    help="WHAT が何か（場所は place と指定） / what WHAT names; a felling place needs place",
)
_HOLDER = click.option(
    "--holder",
    type=LINE,
    default=None,
    shell_complete=PARTIES,
    help="認定: だれのものか（名称かID） / accreditation: whose, where several have the number",
)


@click.group()
def trace() -> None:
    """木材の来た道・行った先をたどる / where wood came from, and where it went.

    説明: docs/tracing.md。重さはすべて全乾。

    All weights are bone-dry.
    """


def _sources(command: Command) -> Command:
    """Give a command ``--workspace``, ``--casebook`` and ``--as-of``; it is called with them as ``source``."""

    @wraps(command)
    def run(*args: Any, folder: Path, casebook: Path | None, as_of: date | None, **options: Any) -> int:
        return command(*args, source=(folder, casebook, as_of), **options)

    made: Command = run
    for option in (
        workspace_option,
        click.option("--casebook", type=FILE, default=None, help="台帳の代わりに casebook から / of a casebook"),
        click.option("--as-of", type=DAY, default=None, help="この日までの記録で / by what was logged up to this day"),
    ):
        made = option(made)
    return made


@contextmanager
def _desk(source: tuple[Path, Path | None, date | None]) -> Iterator[Opened]:
    folder, casebook, as_of = source
    if casebook is not None:
        yield open_casebook(casebook, as_of)
        return
    with opened(folder) as workspace:
        yield open_ledger(workspace, as_of)


@trace.command()
@click.argument("lot", shell_complete=CERTIFICATES)
@_OUT
@_sources
@answers()
def back(console: Console, lot: str, out: tuple[Path, ...], source: tuple[Path, Path | None, date | None]) -> int:
    """納入・証明書のもとの伐採地と、途中のすべての手 / where a lot was felled, and every hand on the way.

    引き当てによる重さと、置場で混ざり得たものの両方を示す。

    By what the certificates draw on; and beside that what else lay in the same yard.
    """
    require_graph_names(out)
    with _desk(source) as desk:
        found = traces.back(desk.desk, lot)
        write_graph(graph_of_back(found, desk), out, console.lang)
        if console.json:
            console.data(head_data(desk, found.seen, console.lang) | back_data(found, console.lang))
        else:
            show_head(console, desk, found.seen)
            show_back(console, found)
    return FINE if found.back.lot.clean and not (found.seen.damage or desk.findings) else FINDINGS


@trace.command()
@click.argument("what", shell_complete=CERTIFICATES)
@_KIND
@_HOLDER
@click.option("--verdicts", is_flag=True, help="着いた先のロットも判定する / judge the lots that it went into, too")
@click.option("--records", is_flag=True, help="表でなく、すべての記録を読んで / read all records, not the tables alone")
@_OUT
@_sources
@answers()
def forward(
    console: Console,
    what: str,
    kind: str | None,
    holder: str | None,
    verdicts: bool,
    records: bool,
    out: tuple[Path, ...],
    source: tuple[Path, Path | None, date | None],
) -> int:
    """行った先: 発電所ごと・月ごとの重さ、在庫、知らせる相手 / where wood went, by plant and month.

    WHAT: 証明書・根拠書類・認定の番号、事業者の名前かID、--kind place なら伐採場所。

    WHAT: the number of a certificate, document or accreditation, a party's name or id, or a felling place.
    """
    require_graph_names(out)
    with _desk(source) as desk:
        read = records or bool(out) or console.json  # of every record more is told than the tables have
        chosen = None if kind is None else StartKind(kind)
        found = traces.forward(desk.desk, what, chosen, holder=holder, judged=verdicts, read=read)
        if out:
            write_graph(graph_of_forward(found, desk), out, console.lang)
        if console.json:
            console.data(head_data(desk, found.seen, console.lang) | forward_data(found))
        else:
            show_head(console, desk, found.seen, read=found.read)
            show_forward(console, found)
    sound = not (found.seen.damage or desk.findings) and all(lot.clean for lot in found.lots)
    return FINE if sound else FINDINGS


@trace.command("what-if")
@click.argument("what", shell_complete=CERTIFICATES)
@_KIND
@_HOLDER
@click.option(
    "--as",
    "effect",
    type=click.Choice(list(_EFFECTS)),
    default="false",
    help="証明書が虚偽なら (false)、実は一般木質なら (general) / false, or really general wood",
)
@click.option("--since", type=DAY, default=None, help="認定がこの日からなかったとしたら / accreditation: from this day")
@click.option("--approved", type=APPROVED, default=None, help="金額: 設備認定の年度か日付 / yen: the plant's approval")
@click.option("--kw", type=KW, default=None, help="金額: 発電設備の出力、kW / yen: the plant's output in kW")
@click.option("--kwh-per-t", "stated", type=KWH_PER_T, multiple=True, help="申告された全乾1トン当たりkWh / kWh per t")
@click.option("--plant", type=LINE, default=None, help="金額: どの発電所か / yen: of which plant")
@_OUT
@_sources
@answers()
def what_if(
    console: Console,
    what: str,
    kind: str | None,
    holder: str | None,
    effect: str,
    since: date | None,
    approved: Approval | None,
    kw: Decimal | None,
    stated: tuple[Stated, ...],
    plant: str | None,
    out: tuple[Path, ...],
    source: tuple[Path, Path | None, date | None],
) -> int:
    """もし虚偽なら: 先のすべてのロットを判定し直す / if it is false: every lot downstream judged anew.

    台帳には何も書かない。変わるロットがあれば終了コードは1。--approved と --kw を付けると、一つの発電所の金額も。

    Nothing is written to the ledger. Exit code 1: some lot would be worth less. With --approved and --kw: in yen, too.
    """
    require_graph_names(out)
    terms = terms_asked(approved, kw, stated)
    if terms is None and plant is not None:
        raise UsageError(
            Text("--plant は金額の発電所です", "--plant says for which plant the yen are"),
            Text("--approved と --kw も指定してください", "give --approved and --kw as well"),
        )
    with _desk(source) as desk:
        chosen = None if kind is None else StartKind(kind)
        found = traces.what_if(desk.desk, what, chosen, _EFFECTS[effect], since, holder)
        yen = None if terms is None else what_if_yen(found, terms, plant)
        write_graph(graph_of_forward(found.found, desk, found), out, console.lang)
        if console.json:
            data = head_data(desk, found.found.seen, console.lang) | what_if_data(found)
            console.data(data if terms is None else data | {"yen": None if yen is None else yen_of_what_if_data(yen)})
        else:
            show_head(console, desk, found.found.seen)
            show_what_if(console, found)
            if yen is not None:
                console.say()
                show_report(console, yen.report, ())
    sound = not (found.found.seen.damage or desk.findings)
    return FINE if sound and not found.changed else FINDINGS
