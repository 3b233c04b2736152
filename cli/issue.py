"""``biotrace issue``: make a certificate that draws on what was received."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from biotrace.errors import UsageError
from biotrace.model.certificate import Goods, Process
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text
from biotrace.services.files import write_new
from biotrace.services.issue import Refused, Request
from biotrace.services.issue import issue as issue_certificate
from biotrace.services.times import day_of
from biotrace.verify.verdict_json import finding_data

from .console import FINDINGS, FINE, Console, answers, clock, opened, workspace_option
from .params import AMOUNT, DAY, PART
from .verdict_view import show_findings, show_unchecked


@click.command()
@click.option("--to", "buyer", required=True, help="販売先のIDか名前 / buyer, by id or name")
@click.option("--quantity", type=AMOUNT, required=True, help="数量 / quantity, such as 6.58t")
@click.option("--moisture", type=PART, default=None, help="水分（湿量基準） / moisture, wet basis, such as 0.42")
@click.option("--class", "fuel_class", type=click.Choice(["thinned", "general"]), default="thinned", show_default=True)
@click.option("--number", default=None, help="証明書番号（既定: 年度-通し番号） / certificate number")
@click.option("--date", "day", type=DAY, default=None, help="証明日（既定: 今日） / day of issue (default: today)")
@click.option("--species", multiple=True, help="樹種（既定: 引き当て元のもの） / species")
@click.option("--goods", type=click.Choice([g.value for g in Goods]), default="cutting_chips", show_default=True)
@click.option("--process", type=click.Choice([p.value for p in Process]), default="chipping", show_default=True)
@click.option("--vehicle", default=None, help="車番 / vehicle")
@click.option("--to-site", default=None, help="納入場所 / place of delivery")
@click.option(
    "--from",
    "draws",
    multiple=True,
    metavar="ID=QUANTITY",
    help="引き当て（既定: 先入先出） / draw, such as c-1=10.8m3",
)
@click.option("--out", "-o", type=click.Path(path_type=Path), default=None, help="PDFの名前 / name of the PDF")
@workspace_option
@answers()
def issue(
    console: Console,
    folder: Path,
    buyer: str,
    quantity: Quantity,
    moisture: int | None,
    fuel_class: str,
    day: date | None,
    draws: tuple[str, ...],
    out: Path | None,
    number: str | None,
    species: tuple[str, ...],
    goods: str,
    process: str,
    vehicle: str | None,
    to_site: str | None,
) -> int:
    """受け取った木材を引き当て、2-1・2-4の証明書を発行する / issue a 2-1 or 2-4 certificate, signed, with its PDF."""
    if out is not None and out.exists():
        raise UsageError(Text(f"{out} はすでにあります", f"{out} exists already"))
    if moisture is not None and not quantity.unit.is_mass:
        raise UsageError(Text("水分は t・kg の数量にだけ書けます", "a moisture goes with a quantity in t or kg only"))
    request = Request(
        buyer=buyer,
        quantity=replace(quantity, moisture=moisture),
        fuel_class=FuelClass(fuel_class),
        day=day or day_of(clock()),
        number=number,
        species=species,
        goods=Goods(goods),
        process=Process(process),
        vehicle=vehicle,
        to_site=to_site,
        draws=tuple(_draw(text) for text in draws),
    )
    workspace = opened(folder)
    result = issue_certificate(workspace, request)
    if isinstance(result, Refused):
        workspace.close()
        return _refused(console, result)
    path = out or folder / "pdf" / f"{result.logged.record.record_id.hex()[:12]}.pdf"
    write_new(path, result.pdf)
    workspace.close()
    record = result.logged.record
    drawn = [{"certificate": c, "quantity": str(q)} for c, q in result.draws]
    if console.json:
        console.data({"record_id": record.record_id.hex(), "subject": record.subject, "pdf": str(path), "draws": drawn})
        return FINE
    console.say(
        console.t(f"発行しました: {record.subject}", f"issued: {record.subject}") + f"  {record.record_id.hex()}"
    )
    for draw in drawn:
        console.say(console.t("  引き当て ", "  drawn on ") + f"{draw['certificate']}: {draw['quantity']}")
    console.say(f"  PDF: {path}")
    return FINE


def _draw(text: str) -> tuple[str, Quantity]:
    name, _, amount = text.rpartition("=")
    if not name:
        raise UsageError(
            Text(f"引き当て「{text}」を読めません", f"cannot read the draw {text}"),
            Text("--from c-1=10.8m3 のように書いてください", "write it as --from c-1=10.8m3"),
        )
    return name, AMOUNT.convert(amount, None, click.get_current_context())


def _refused(c: Console, refused: Refused) -> int:
    if c.json:
        c.data(
            {
                "issued": False,
                "reasons": [r.get(c.lang) for r in refused.reasons],
                "findings": [finding_data(f, c.lang) for f in refused.findings],
                "not_checked": [{"code": u.code, "reason": u.reason.get(c.lang)} for u in refused.unchecked],
            }
        )
        return FINDINGS
    c.say(c.t("発行しません。台帳には何も書いていません。", "not issued; nothing was written to the ledger."))
    for reason in refused.reasons:
        c.say("  " + reason.get(c.lang))
    show_findings(c, refused.findings, {})
    show_unchecked(c, refused.unchecked, {})
    return FINDINGS
