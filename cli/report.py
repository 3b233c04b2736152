"""``biotrace report``: what the ledger holds, as the books and yearly papers that people have to keep and hand in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from biotrace.errors import UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text, join
from biotrace.services.plant_lots import Wanted, lots_of_casebook, lots_of_ledger
from biotrace.services.report_basis import Basis
from biotrace.services.report_fuel import fuel_year
from biotrace.services.report_overpayment import overpayment_report, terms_of
from biotrace.services.report_parts import last_year, span_asked, this_year
from biotrace.services.report_ratio import ratio_book
from biotrace.services.report_stock import stock_book as book_of_stock
from biotrace.services.report_write import require_names
from biotrace.services.report_yearly import Sender, form, form_pages, left_open, yearly_report
from biotrace.services.times import day_of
from biotrace.verify.prices import Approval

from .console import Console, answers, clock
from .dispute import dispute
from .dispute import verify as verify_dispute
from .opening import opened
from .params import DAY, FILE, LINE, western_option, workspace_option
from .report_answer import answer
from .report_audit import plan, routes, supply
from .report_params import (
    KWH_OPTION,
    OUT_OPTION,
    PER_TONNE_OPTION,
    YEAR_OPTION,
    Asked,
    source_options,
    span_options,
)
from .suggestions import CERTIFICATES
from .yen_params import APPROVED, KW, KWH_PER_T, Stated, stated_kwh


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
    return answer(
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
    code = answer(console, made, out, form_pages(filled))
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
    return answer(console, ratio_book(material, span, basis), out)


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
    return answer(console, fuel_year(material, last_year(material.today) if year is None else year), out)


@report.command()
@click.argument("lots", nargs=-1, type=LINE, metavar="[LOT]...", shell_complete=CERTIFICATES)
@click.option(
    "--approved",
    type=APPROVED,
    required=True,
    help="設備認定の年度（2015、平成27年度）か日付（2017-10-05） / fiscal year or day of the plant's approval",
)
@click.option("--kw", type=KW, required=True, help="発電設備の出力、kW（1990） / the plant's output in kW")
@click.option(
    "--kwh-per-t",
    "stated",
    type=KWH_PER_T,
    multiple=True,
    help="発電所が申告した全乾1トン当たり売電量（1150、thinned=1150、幅は 1100-1200）。複数可。省くと作業用の幅"
    " / kWh sold per bone-dry tonne, for all or by class; without it a working range",
)
@click.option("--plant", type=LINE, default=None, help="発電所のIDか名称（既定: 自社） / the plant (default: own)")
@span_options
@OUT_OPTION
@click.option("--casebook", type=FILE, default=None, help="台帳の代わりに casebook から / of a casebook")
@workspace_option
@answers()
def overpayment(
    console: Console,
    lots: tuple[str, ...],
    approved: Approval,
    kw: Decimal,
    stated: tuple[Stated, ...],
    plant: str | None,
    year: int | None,
    month: date | None,
    start: date | None,
    until: date | None,
    out: tuple[Path, ...],
    casebook: Path | None,
    folder: Path,
) -> int:
    """申告した区分で確認できない納入の金額（円）の試算 / what was overpaid, in yen, on wood not confirmed as claimed.

    量で（確認できなかった分だけ）と全量で（ロットの全部を最も低い区分として）を並べ、式と、そのもとの数字をすべて示す。
    LOT も期間も省くと、その発電所へのすべての納入。

    By tonnage and all or nothing, side by side, with the formula and every input. Without LOT or period: all deliveries
    to the plant.
    """
    require_names(out)
    span = None
    if any(given is not None for given in (year, month, start, until)):
        span = span_asked(year, month, start, until, this_year(day_of(clock())))
    if lots and span is not None:
        raise UsageError(
            Text("LOT と期間は、どちらか一つです", "name lots, or give a period"),
            Text("どちらかを省いてください", "leave one of them out"),
        )
    terms, wanted = terms_of(approved, kw, stated_kwh(stated)), Wanted(plant, lots, span)
    if casebook is not None:
        return answer(console, overpayment_report(lots_of_casebook(casebook, wanted), terms), out)
    with opened(folder) as workspace:
        return answer(console, overpayment_report(lots_of_ledger(workspace, wanted), terms), out)


report.add_command(plan)
report.add_command(routes)
report.add_command(supply)
report.add_command(dispute)
report.add_command(verify_dispute)
