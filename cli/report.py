"""``biotrace report``: what the ledger holds, as the books and yearly papers that people have to keep and hand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from biotrace.documents.forms.sheet import Sheet
from biotrace.documents.report_papers.report import Report
from biotrace.errors import UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text, join
from biotrace.services.report_basis import Basis
from biotrace.services.report_fuel import fuel_year
from biotrace.services.report_parts import last_year, span_asked, this_year
from biotrace.services.report_plan import plan_report
from biotrace.services.report_plan_audit import audit_report
from biotrace.services.report_ratio import ratio_book
from biotrace.services.report_stock import stock_book as book_of_stock
from biotrace.services.report_write import report_data, require_names, write_report
from biotrace.services.report_yearly import Sender, form, form_pages, left_open, yearly_report

from .console import FINDINGS, FINE, Console, answers
from .params import DAY, LINE, western_option
from .report_params import (
    KWH_OPTION,
    OUT_OPTION,
    PER_TONNE_OPTION,
    YEAR_OPTION,
    Asked,
    source_options,
    span_options,
)
from .report_view import show_report


@click.group()
def report() -> None:
    """管理簿・取扱実績報告などを台帳から作る / books and yearly reports from the ledger.

    どの数字にも、もとの記録が付く。説明: docs/reports.md。確かめることがあれば終了コードは1。

    Every figure comes with its records. Exit code 1: something is to be looked at.
    """


@report.command("stock-book")
@span_options
@OUT_OPTION
@source_options
@answers()
def stock_book(
    console: Console,
    year: int | None,
    month: date | None,
    start: date | None,
    until: date | None,
    out: tuple[Path, ...],
    asked: Asked,
) -> int:
    """管理簿: 置場・区分ごとの入荷・出荷・在庫 / in, out and stock per yard and class, day by day.

    期間を指定しなければ、今の年度の今日まで。

    Without a period: the running fiscal year up to today.
    """
    require_names(out)
    material = asked.material()
    return _answer(
        console, book_of_stock(material, span_asked(year, month, start, until, this_year(material.today))), out
    )


@report.command()
@YEAR_OPTION
@click.option("--body", type=LINE, default=None, help="提出先の団体（既定: 自社の認定の団体） / the body")
@click.option("--date", "day", type=DAY, default=None, help="書類の日付 / date of the paper")
@click.option("--representative", type=LINE, default=None, help="代表者の氏名 / its representative")
@western_option
@OUT_OPTION
@source_options
@answers()
def yearly(
    console: Console,
    year: int | None,
    body: str | None,
    day: date | None,
    representative: str | None,
    western: bool | None,
    out: tuple[Path, ...],
    asked: Asked,
) -> int:
    """取扱実績報告（別記4）: 4月から3月の㎥ / the yearly handling report, in m³, April to March.

    PDF は1枚目が様式、2枚目からが月別の内訳と根拠。年度を指定しなければ、終わった最後の年度。

    Of the PDF the first page is the form. Without a year: the last one that is over.
    """
    require_names(out)
    material = asked.material()
    chosen = last_year(material.today) if year is None else year
    made = yearly_report(material, chosen)
    sender = Sender(body, day, representative, asked.western(western))
    filled = form(material, chosen, sender)
    code = _answer(console, made, out, form_pages(filled))
    if not console.json and any(path.suffix.lower() == ".pdf" for path in out):
        blanks = join(list(left_open(filled))).get(console.lang)
        if blanks:
            console.say(console.t(f"  手書きする欄: {blanks}", f"  left to write by hand: {blanks}"))
    return code


@report.command()
@span_options
@PER_TONNE_OPTION
@KWH_OPTION
@OUT_OPTION
@source_options
@answers()
def ratio(
    console: Console,
    year: int | None,
    month: date | None,
    start: date | None,
    until: date | None,
    per_tonne: tuple[tuple[FuelClass, Decimal], ...],
    kwh: tuple[tuple[date, FuelClass, int], ...],
    out: tuple[Path, ...],
    asked: Asked,
) -> int:
    """発電所のバイオマス比率の帳簿、月別 / a plant's biomass ratio, month by month.

    比率は全乾重量による。--kwh-per-t か --kwh があれば電力量による。記帳された比率と並べる。

    By bone-dry weight, or by the kWh that are stated; beside the ratio that the book states.
    """
    require_names(out)
    material = asked.material()
    basis = Basis(dict(per_tonne), {(m, c): amount for m, c, amount in kwh})
    span = span_asked(year, month, start, until, this_year(material.today))
    return _answer(console, ratio_book(material, span, basis), out)


@report.command()
@YEAR_OPTION
@OUT_OPTION
@source_options
@answers()
def fuel(console: Console, year: int | None, out: tuple[Path, ...], asked: Asked) -> int:
    """発電所の年報の燃料の部分 / the fuel part of a plant's yearly report.

    燃料ごとの数量・含水率・比率・金額・納入業者。年度を指定しなければ、終わった最後の年度。

    Quantity, moisture, ratio, cost and suppliers by fuel. Without a year: the last one that is over.
    """
    require_names(out)
    material = asked.material()
    return _answer(console, fuel_year(material, last_year(material.today) if year is None else year), out)


@report.command()
@YEAR_OPTION
@click.option("--audit-2017", "audit", is_flag=True, help="総務省2017の表を計算し直す / the audit's table of 21 plants")
@OUT_OPTION
@source_options
@answers()
def plan(console: Console, year: int | None, audit: bool, out: tuple[Path, ...], asked: Asked) -> int:
    """使用計画と実績（全乾） / fuel plan against use, bone-dry.

    年度を指定しなければ、すべての年度。12か月に満たない年度は、1年分に換算した量も示す。

    Without a year: all of them. What was observed for less than a year is scaled to one, beside what it was.
    """
    require_names(out)
    if not audit:
        return _answer(console, plan_report(asked.material(), year), out)
    if year is not None or asked.party is not None or asked.casebook is not None:
        raise UsageError(
            Text(
                "--audit-2017 は --year、--party、--casebook と一緒に使えません",
                "--audit-2017 stands alone: without --year, --party or --casebook",
            ),
            Text("どちらかを省いてください", "leave one of them out"),
        )
    return _answer(console, audit_report(), out)


def _answer(console: Console, made: Report, out: Sequence[Path], first: Sequence[Sheet] = ()) -> int:
    write_report(made, out, console.lang, first)
    if console.json:
        console.data({**report_data(made, console.lang), "written": [str(path) for path in out]})
    else:
        show_report(console, made, out)
    return FINDINGS if made.attention else FINE
