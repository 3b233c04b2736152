"""``biotrace issue``: make a certificate that draws on what was received."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from biotrace.errors import UsageError
from biotrace.model.certificate import Goods, Process
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.text import Text
from biotrace.services.issue import Issued, Refused
from biotrace.services.issue import issue as issue_certificate
from biotrace.services.record_data import body_data, quantity_data
from biotrace.services.request import Request
from biotrace.services.times import day_of
from biotrace.verify.verdict_json import finding_data

from .console import FINDINGS, FINE, Console, answers, clock
from .opening import opened
from .params import AMOUNT, DAY, DRAW_ON, FILE, LINE, PART, workspace_option
from .password import password_option
from .verdict_view import class_name, show_findings, show_unchecked

_PROCESS = {
    Goods.LOGS: Process.TRADING,
    Goods.OFFCUTS: Process.SAWING,
    Goods.SAWDUST: Process.SAWING,
    Goods.BARK: Process.SAWING,
}
"""What is usually done to make the goods; chipping for all others."""


@click.command()
@click.option("--to", "buyer", type=LINE, required=True, help="販売先のIDか名前 / buyer, by id or name")
@click.option("--quantity", type=AMOUNT, required=True, help="数量 / quantity, such as 6.58t")
@click.option("--moisture", type=PART, default=None, help="水分（湿量基準） / moisture, wet basis, such as 0.42")
@click.option(
    "--class",
    "fuel_class",
    type=click.Choice(["thinned", "general"]),
    default="thinned",
    show_default=True,
    help="区分: 間伐材等由来（2-1）か一般木質（2-4） / class: thinned (2-1) or general (2-4)",
)
@click.option(
    "--number", type=LINE, default=None, help="証明書番号（既定: 年度-通し番号） / number (default: fiscal year-count)"
)
@click.option("--date", "day", type=DAY, default=None, help="証明日（既定: 今日） / day of issue (default: today)")
@click.option(
    "--species", type=LINE, multiple=True, help="樹種（既定: 引き当て元のもの） / species (default: as drawn on)"
)
@click.option(
    "--goods",
    type=click.Choice([g.value for g in Goods]),
    default="cutting_chips",
    show_default=True,
    help="品目 / goods",
)
@click.option(
    "--process",
    type=click.Choice([p.value for p in Process]),
    default=None,
    help="加工（既定: 品目による） / what was done (default: by the goods)",
)
@click.option("--vehicle", type=LINE, default=None, help="車番 / vehicle")
@click.option("--to-site", type=LINE, default=None, help="納入場所 / place of delivery")
@click.option(
    "--from",
    "draws",
    type=DRAW_ON,
    multiple=True,
    help="引き当てる証明書と量、c-1=10.8m3 など。複数可（既定: 先入先出） / draw (default: first in, first out)",
)
@click.option("--out", "-o", type=FILE, default=None, help="PDFの名前 / name of the PDF")
@click.option("--dry-run", is_flag=True, help="試すだけで、何も書かない / only try: write nothing")
@click.option(
    "--price",
    type=click.IntRange(0, 10**12),
    default=None,
    help="ロットの価格（円、税抜き）。記録には封じた値だけが入る / price of the lot in yen, sealed in the record",
)
@workspace_option
@password_option
@answers()
def issue(
    console: Console,
    folder: Path,
    buyer: str,
    quantity: Quantity,
    moisture: int | None,
    fuel_class: str,
    day: date | None,
    draws: tuple[tuple[str, Quantity], ...],
    out: Path | None,
    price: int | None,
    dry_run: bool,
    number: str | None,
    species: tuple[str, ...],
    goods: str,
    process: str | None,
    vehicle: str | None,
    to_site: str | None,
) -> int:
    """受け取った木材から証明書を発行する / issue a 2-1 or 2-4 certificate.

    ふだんは: biotrace issue --to 販売先 --quantity 6.58t --moisture 0.42

    規則が認めないものは発行せず、足りないものを示す。発行した証明書は署名して台帳に入れ、PDFにする。

    Usually --to, --quantity and --moisture are enough. What the rules would not confirm is refused, with what is
    missing; what is issued is signed, logged, and written as PDF.
    """
    if moisture is not None and not quantity.unit.is_mass:
        raise UsageError(
            Text("水分は t・kg の数量にだけ書けます", "a moisture goes with a quantity in t or kg only"),
            Text("--moisture を省いてください", "leave --moisture out"),
        )
    request = Request(
        buyer=buyer,
        quantity=replace(quantity, moisture=moisture),
        fuel_class=FuelClass(fuel_class),
        day=day or day_of(clock()),
        number=number,
        species=species,
        goods=Goods(goods),
        process=Process(process) if process else _PROCESS.get(Goods(goods), Process.CHIPPING),
        vehicle=vehicle,
        to_site=to_site,
        draws=draws,
        price=price,
    )
    with opened(folder) as workspace:
        result = issue_certificate(workspace, request, out, rehearse=dry_run)
    if console.json:
        console.data(_issued_data(result) if isinstance(result, Issued) else _refused_data(result, console))
    elif isinstance(result, Issued):
        _issued(console, result)
    else:
        _refused(console, result)
    return FINE if isinstance(result, Issued) else FINDINGS


def _issued(c: Console, issued: Issued) -> None:
    certificate = issued.certificate
    did = c.t("発行しました", "issued") if issued.logged else c.t("発行できます（試行）", "can be issued (tried only)")
    moisture = certificate.quantity.moisture
    wet = "" if moisture is None else c.t("、水分 ", ", moisture ") + f"{moisture * 100 / PARTS:g}%"
    what = f"{class_name(certificate.fuel_class, c.lang)} {certificate.quantity}{wet}"
    c.say(f"{did}: {certificate.form}/{certificate.number}  {certificate.date}  {what} → {issued.buyer.name}")
    for draw in issued.draws:
        left = c.t("残り ", "left ") + (str(draw.left) if draw.left is not None else "0")
        c.say(c.t("  引き当て ", "  drawn on ") + f"{draw.subject}: {draw.quantity}  ({left})")
    for note in issued.notes:
        c.say("  " + note.get(c.lang))
    if issued.logged is not None:
        c.say(f"  {c.t('記録ID', 'record id')}: {issued.logged.record.record_id.hex()}")
        c.say(f"  PDF: {issued.path}")


def _refused(c: Console, refused: Refused) -> None:
    c.say(c.t("発行しません。何も書いていません。", "not issued; nothing was written."))
    for reason in refused.reasons:
        c.say("  " + reason.get(c.lang))
    if refused.unusable:
        c.say(c.t("  残りがあるのに引き当てられない証明書:", "  certificates with something left that cannot serve:"))
    for subject, left, reason in refused.unusable:
        c.say(f"    {subject}  {left}  {reason.get(c.lang)}")
    show_findings(c, refused.findings, refused.subjects)
    show_unchecked(c, refused.unchecked, refused.subjects)


def _issued_data(issued: Issued) -> dict[str, Any]:
    record = issued.logged.record if issued.logged is not None else None
    return {
        "issued": record is not None,
        "record_id": record.record_id.hex() if record is not None else None,
        "subject": f"{issued.certificate.form}/{issued.certificate.number}",
        "pdf": str(issued.path) if issued.path is not None else None,
        "certificate": body_data(record.body if record is not None else issued.certificate),
        "draws": [
            {
                "certificate": draw.certificate,
                "subject": draw.subject,
                "quantity": quantity_data(draw.quantity),
                "left": quantity_data(draw.left) if draw.left is not None else None,
            }
            for draw in issued.draws
        ],
        "notes": [note.en for note in issued.notes],
    }


def _refused_data(refused: Refused, c: Console) -> dict[str, Any]:
    return {
        "issued": False,
        "reasons": [reason.get(c.lang) for reason in refused.reasons],
        "unusable": [
            {"subject": subject, "left": quantity_data(left), "reason": reason.get(c.lang)}
            for subject, left, reason in refused.unusable
        ],
        "findings": [finding_data(f, c.lang) for f in refused.findings],
        "not_checked": [
            {"code": u.code, "record": u.record, "reason": u.reason.get(c.lang)} for u in refused.unchecked
        ],
    }
