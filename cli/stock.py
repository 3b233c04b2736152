"""``biotrace stock``: what lies in the yards, and the lines of their book that no certificate makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from biotrace.errors import UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.quantity import Quantity
from biotrace.model.stock import StockKind, WithdrawnTo
from biotrace.model.text import Text
from biotrace.services.record_data import body_data, quantity_data
from biotrace.services.stock_entry import BookedStock, Booking, book_stock, said
from biotrace.services.stock_view import Lot, Stock
from biotrace.services.stock_view import stock as stock_now
from biotrace.services.times import day_of
from biotrace.verify.verdict_json import finding_data, kilograms

from .console import FINDINGS, FINE, Console, answers, clock
from .opening import opened
from .params import AMOUNT, DAY, LINE, PART, workspace_option
from .password import password_option
from .suggestions import YARDS
from .verdict_view import class_name, show_findings

F = TypeVar("F", bound=Callable[..., Any])

_CLASSES = click.Choice([c.value for c in FuelClass])
_CLASS = click.option("--class", "fuel_class", type=_CLASSES, default=None, help="この区分だけ / only this class")
_YARD = click.option(
    "--yard",
    type=LINE,
    default=None,
    shell_complete=YARDS,
    help="この置場だけ。名前の一部でよい / only this yard, in part",
)


@click.group(invoke_without_command=True)
@_CLASS
@_YARD
@click.option("--as-of", type=DAY, default=None, help="その日までの日付のものだけで / by what is dated up to this day")
@workspace_option
@answers()
def stock(console: Console, fuel_class: str | None, yard: str | None, as_of: date | None, folder: Path) -> int:
    """在庫: 区分・置場ごとに、証明書と残り / stock by class and yard: certificates, and what is left of them.

    biotrace stock（一覧）、biotrace stock opening・count・withdraw（期首在庫・棚卸し・払出しの記帳）

    Without a command the stock is listed; opening, count and withdraw book what no certificate says.
    """
    if click.get_current_context().invoked_subcommand is not None:
        return FINE
    with opened(folder) as workspace:
        found = stock_now(workspace, FuelClass(fuel_class) if fuel_class else None, yard, as_of)
    if console.json:
        console.data(_data(console, found))
    else:
        _text(console, found)
    return FINE


def _booking(command: F) -> F:
    """The options that all bookings share."""
    for option in (
        password_option,
        workspace_option,
        click.option("--dry-run", is_flag=True, help="試すだけで、何も書かない / only try: write nothing"),
        click.option("--date", "day", type=DAY, default=None, help="日付（既定: 今日） / day (default: today)"),
        click.option("--class", "fuel_class", type=_CLASSES, default=None, help="区分（既定: 置場の区分） / class"),
        click.option(
            "--yard",
            type=LINE,
            default=None,
            shell_complete=YARDS,
            help="置場（既定: ただ一つの置場） / yard (the only one)",
        ),
        click.option("--moisture", type=PART, default=None, help="水分（湿量基準） / moisture, wet basis"),
        click.option("--quantity", type=AMOUNT, required=True, help="数量 / quantity, such as 10t"),
    ):
        command = option(command)
    return command


@stock.command()
@_booking
@answers()
def opening(console: Console, /, **options: Any) -> int:
    """期首在庫を記帳する（その日の始まり） / book the opening stock, at the beginning of its day."""
    return _book(console, StockKind.OPENING, options)


@stock.command()
@_booking
@answers()
def count(console: Console, /, **options: Any) -> int:
    """棚卸しを記帳する（その日の終わり） / book a count, at the end of its day."""
    return _book(console, StockKind.STOCKTAKE, options)


@stock.command()
@click.option(
    "--to",
    type=click.Choice([w.value for w in WithdrawnTo]),
    required=True,
    help="払出先: 他用途へ販売、製材、滅失 / where it went",
)
@_booking
@answers()
def withdraw(console: Console, /, **options: Any) -> int:
    """証明の対象外の払出しを記帳する / book wood that leaves the chain.

    置場にあり得るより多い払出しは記帳しない / more than can lie in the yard is refused.
    """
    return _book(console, StockKind.WITHDRAWAL, options)


def _book(c: Console, kind: StockKind, options: dict[str, Any]) -> int:
    booking = Booking(
        kind=kind,
        quantity=_quantity(options),
        day=options["day"] or day_of(clock()),
        yard=options["yard"],
        fuel_class=FuelClass(options["fuel_class"]) if options["fuel_class"] else None,
        to=WithdrawnTo(options["to"]) if options.get("to") else None,
    )
    with opened(options["folder"]) as workspace:
        done = book_stock(workspace, booking, rehearse=options["dry_run"])
    if c.json:
        c.data(_booked_data(c, done))
    else:
        _booked(c, done)
    return FINDINGS if done.refused else FINE


def _quantity(options: dict[str, Any]) -> Quantity:
    quantity: Quantity = options["quantity"]
    if options["moisture"] is not None and not quantity.unit.is_mass:
        raise UsageError(
            Text("水分は t・kg の数量にだけ書けます", "a moisture goes with a quantity in t or kg only"),
            Text("--moisture を省いてください", "leave --moisture out"),
        )
    return replace(quantity, moisture=options["moisture"])


def _booked(c: Console, done: BookedStock) -> None:
    line = said(done.entry).get(c.lang)
    if done.entry.to is not None:
        line += f" → {label(done.entry.to).get(c.lang)}"
    if done.refused:
        c.say(c.t("記帳しません。何も書いていません: ", "not booked; nothing was written: ") + line)
        if done.short is not None:
            c.say("  " + done.short.get(c.lang))
        show_findings(c, done.findings, {f.record: done.entry.site for f in done.findings})
        return
    tried = c.t("記帳できます（試行）: ", "can be booked (tried only): ")
    c.say((c.t("記帳しました: ", "booked: ") if done.signed is not None else tried) + line)
    pair = f"{_kg(done.before)} → {_kg(done.after)} kg"
    c.say(c.t(f"  帳簿の在庫（全乾）: {pair}", f"  by the book, bone-dry: {pair}"))


def _text(c: Console, found: Stock) -> None:
    c.say(c.t(f"在庫  {found.day} 現在", f"stock as of {found.day}"))
    if found.damaged:
        c.say(
            c.t(
                f"台帳の壊れた記録 {found.damaged} 件は数えていません（biotrace verify）",
                f"{found.damaged} damaged entries of the ledger count for nothing: see biotrace verify",
            )
        )
    for lot in found.lots:
        _lot(c, lot)
    if not found.lots:
        c.say(c.t("在庫はありません", "there is none"))


def _lot(c: Console, lot: Lot) -> None:
    c.say()
    c.say(f"{lot.site or c.t('（置場の記載なし）', '(no yard named)')}  {class_name(lot.fuel_class, c.lang)}")
    for held in lot.held:
        dry = "" if held.dry is None else c.t(f"  全乾 {_kg(held.dry)} kg", f"  {_kg(held.dry)} kg bone-dry")
        mark = "" if held.barred is None else "  × " + held.barred.get(c.lang)
        c.say(f"  {held.day}  {held.number or held.subject}  {held.seller}  {held.left}{dry}{mark}")
    amounts = c.t("、", ", ").join(str(q) for q in lot.totals) or "0"
    c.say(
        c.t(
            f"  引き当てられる計 {amounts}（全乾 {_kg(lot.dry)} kg）、帳簿の在庫 全乾 {_kg(lot.book)} kg",
            f"  can be drawn on: {amounts} ({_kg(lot.dry)} kg bone-dry); by the book {_kg(lot.book)} kg bone-dry",
        )
    )


def _kg(grams: int) -> str:
    return f"{kilograms(grams) or 0:,}"


def _data(c: Console, found: Stock) -> dict[str, Any]:
    return {
        "as_of": found.day.isoformat(),
        "damaged": found.damaged,
        "stock": [_lot_data(c, lot) for lot in found.lots],
    }


def _lot_data(c: Console, lot: Lot) -> dict[str, Any]:
    return {
        "yard": lot.site or None,
        "class": lot.fuel_class.value,
        "certificates": [
            {
                "subject": held.subject,
                "number": held.number,
                "date": held.day.isoformat(),
                "seller": held.seller,
                "left": quantity_data(held.left),
                "bone_dry_grams": held.dry,
                "barred": held.barred.get(c.lang) if held.barred is not None else None,
            }
            for held in lot.held
        ],
        "totals": [quantity_data(q) for q in lot.totals],
        "bone_dry_grams": lot.dry,
        "book_grams": lot.book,
    }


def _booked_data(c: Console, done: BookedStock) -> dict[str, Any]:
    return {
        "booked": done.signed is not None,
        "entry": done.signed.first if done.signed is not None else None,
        "line": body_data(done.entry),
        "book_grams": {"before": done.before, "after": done.after},
        "short": done.short.get(c.lang) if done.short is not None else None,
        "findings": [finding_data(f, c.lang) for f in done.findings],
    }
