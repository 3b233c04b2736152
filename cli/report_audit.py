"""``biotrace report routes``, ``plan`` and ``supply``: the auditors' tables, over all of a ledger or casebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any

import click

from biotrace.errors import UsageError
from biotrace.model.party import Party
from biotrace.model.text import Text, same
from biotrace.services.report_parts import span_asked, this_year
from biotrace.services.report_plan import plan_report
from biotrace.services.report_plan_audit import audit_report
from biotrace.services.report_plans import plans_report
from biotrace.services.report_plans_tables import PlantsBy
from biotrace.services.report_routes import routes_report
from biotrace.services.report_routes_groups import By
from biotrace.services.report_supply import supply_report
from biotrace.services.report_supply_figures import Every
from biotrace.services.report_whole import Whole, whole_casebook, whole_ledger
from biotrace.services.report_write import require_names
from biotrace.services.times import day_of
from biotrace.verify.span import Span

from .console import Console, answers, clock
from .opening import opened
from .params import FILE, LINE, workspace_option
from .report_answer import answer
from .report_params import OUT_OPTION, span_options
from .yen_params import PLANT_KW

Command = Callable[..., int]
GROUPS = {"plant": By.PLANT, "body": By.BODY, "prefecture": By.PREFECTURE}


@dataclass(frozen=True, slots=True)
class Source:
    """From what a report about everybody is made."""

    folder: Path
    casebook: Path | None

    def whole(self) -> Whole:
        """All of the ledger, or of the casebook where one is named. Raises BiotraceError as either does."""
        if self.casebook is not None:
            return whole_casebook(self.casebook)
        with opened(self.folder) as workspace:
            return whole_ledger(workspace)


def source_options(command: Command) -> Command:
    """Give a command ``--casebook`` and ``--workspace``; it is called with them as ``source``."""

    @wraps(command)
    def run(*args: Any, folder: Path, casebook: Path | None, **options: Any) -> int:
        return command(*args, source=Source(folder, casebook), **options)

    made: Command = workspace_option(run)
    return click.option("--casebook", type=FILE, default=None, help="台帳の代わりに casebook から / of a casebook")(
        made
    )


def period(year: int | None, month: date | None, start: date | None, until: date | None) -> Span | None:
    """The span that options name; None where they name none. Raises UsageError where they contradict."""
    if all(given is None for given in (year, month, start, until)):
        return None
    return span_asked(year, month, start, until, this_year(day_of(clock())))


@click.command()
@span_options
@click.option(
    "--by",
    "groups",
    type=click.Choice(list(GROUPS)),
    multiple=True,
    help="発電設備・認定団体・都道府県ごとの集計も。複数可 / also by plant, accrediting body, prefecture",
)
@click.option("--party", type=LINE, default=None, help="この事業者の通るルートだけ / only routes that this party is on")
@OUT_OPTION
@source_options
@answers()
def routes(
    console: Console,
    year: int | None,
    month: date | None,
    start: date | None,
    until: date | None,
    groups: tuple[str, ...],
    party: str | None,
    out: tuple[Path, ...],
    source: Source,
) -> int:
    """納入ルートごとの証明書類（総務省 図表2-(3)-イ-①） / the audit's table of routes, for any ledger and period.

    ルートは、素材生産者 → 加工・流通事業者 → 発電設備。期間を省くと、台帳にある納入のすべて。body は加工・流通事業者と
    素材生産者の認定団体、prefecture は伐採箇所と発電設備の都道府県。

    A route: a producer, a processor, a plant. Without a period: everything that arrived. body: the processor's and
    the producer's; prefecture: of the felling place and of the plant.
    """
    require_names(out)
    span = period(year, month, start, until)
    whole = source.whole()
    only = None if party is None else whole.find(party)
    return answer(console, routes_report(whole, span, [GROUPS[one] for one in groups], only), out)


@click.command()
@span_options
@click.option(
    "--all", "everybody", is_flag=True, help="すべての発電設備（発電所のワークスペースでなければ既定） / all plants"
)
@click.option(
    "--by",
    "groups",
    type=click.Choice([one.value for one in PlantsBy]),
    multiple=True,
    help="都道府県・認定団体ごとの集計も（全設備の表で） / also by prefecture or body, with all plants",
)
@click.option("--party", type=LINE, default=None, help="この発電所だけ（既定: 自社） / one plant (default: own)")
@click.option(
    "--kw",
    "outputs",
    type=PLANT_KW,
    multiple=True,
    help="発電設備の出力（plant-8=5000）。複数可、全設備の表で / outputs of plants, with all plants",
)
@click.option("--audit-2017", "audit", is_flag=True, help="総務省2017の表を計算し直す / the audit's table of 21 plants")
@OUT_OPTION
@source_options
@answers()
def plan(
    console: Console,
    year: int | None,
    month: date | None,
    start: date | None,
    until: date | None,
    everybody: bool,
    groups: tuple[str, ...],
    party: str | None,
    outputs: tuple[tuple[str, Decimal], ...],
    audit: bool,
    out: tuple[Path, ...],
    source: Source,
) -> int:
    """使用計画と実績（全乾、総務省 図表2-(3)-ア-④） / fuel plan against use, bone-dry.

    発電所のワークスペースでは自社の、ほかでは台帳のすべての発電設備の表。年度も期間も省くと、すべての年度。12か月に満たない
    期間は、1年分に換算した量も示す。

    Of a plant's own workspace that plant, else all plants of the ledger. Without a period: all fiscal years. What was
    observed for less than a year is scaled to one, beside what it was.
    """
    require_names(out)
    dated = any(given is not None for given in (year, month, start, until))
    if audit:
        if dated or everybody or groups or outputs or party is not None or source.casebook is not None:
            raise _alone("--audit-2017", "--year、--month、--from/--to、--all、--by、--kw、--party、--casebook")
        return answer(console, audit_report(), out)
    if everybody and party is not None:
        raise _alone("--all", "--party")
    span = period(year, month, start, until)
    whole = source.whole()
    one = _one_plant(whole, party) if not everybody else None
    if one is not None and not groups and not outputs and (span is None or year is not None):
        return answer(console, plan_report(whole.of_party(one.id), year), out)
    by = [PlantsBy(group) for group in groups]
    return answer(console, plans_report(whole, span, by, one, _outputs(whole, outputs)), out)


@click.command()
@span_options
@click.option(
    "--every",
    type=click.Choice([Every.YEAR.value, Every.MONTH.value]),
    default=None,
    help="年度ごと・月ごとに分ける / by fiscal year or month",
)
@OUT_OPTION
@source_options
@answers()
def supply(
    console: Console,
    year: int | None,
    month: date | None,
    start: date | None,
    until: date | None,
    every: str | None,
    out: tuple[Path, ...],
    source: Source,
) -> int:
    """地域の需給（都道府県・区分ごと、総務省の所見①） / regional supply and demand by class.

    伐採箇所の県ごとの供給、発電設備の県ごとの計画・使用・納入、県から県への流れ、同じ県の材を使う発電設備。期間を省くとすべて。

    Supply by prefecture of felling; what plants planned, burned and received by theirs; flows between the two; plants
    upon the same wood. Without a period: everything.
    """
    require_names(out)
    span = period(year, month, start, until)
    return answer(console, supply_report(source.whole(), span, Every.WHOLE if every is None else Every(every)), out)


def _one_plant(whole: Whole, party: str | None) -> Party | None:
    """Whose table it is: of who is named, else of a plant's own workspace; None: of everybody."""
    if party is not None:
        return whole.find(party)
    return whole.own if whole.own is not None and whole.own.id in whole.case.plants else None


def _outputs(whole: Whole, given: Sequence[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """By plant. Raises UsageError for a plant that is not there, and for two outputs of one."""
    found: dict[str, Decimal] = {}
    for text, output in given:
        plant = whole.find(text).id
        if found.setdefault(plant, output) != output:
            raise UsageError(
                Text("--kw が二つあります: ", "--kw is given twice: ") + same(text),
                Text("一つにしてください", "give it once"),
            )
    return found


def _alone(option: str, others: str) -> UsageError:
    return UsageError(
        Text(
            f"{option} は {others} と一緒に使えません",
            f"{option} does not go with {others.replace('、', ', ')}",
        ),
        Text("どちらかを省いてください", "leave one of them out"),
    )
