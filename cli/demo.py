"""``biotrace demo``: the main job, end to end, on the audit of 2017."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from biotrace.services.audit_table import NAMES, AuditTable
from biotrace.services.demo import DPI, LOT, PASSWORD, WORKSPACE, Demo, run_demo
from biotrace.verify.verdict_json import finding_data

from .console import FINDINGS, FINE, Console, answers
from .params import FILE
from .verdict_view import class_name, show_findings, show_lot


@click.command()
@click.option(
    "--out", type=FILE, default=Path("out"), show_default=True, help="出力先のフォルダー / folder to write to"
)
@answers()
def demo(console: Console, out: Path) -> int:
    """一通りの仕事を実演する / the main job, on the audit of 2017."""
    began = time.monotonic()
    result = run_demo(out)
    if console.json:
        console.data(_data(result, console))
    else:
        _text(console, result)
        seconds = time.monotonic() - began
        console.say()
        console.say(console.t(f"{out}/ に出力、{seconds:.1f} 秒", f"output in {out}/, {seconds:.1f} s"))
        here = f'-w "{out / WORKSPACE}"'
        console.say(
            console.t(
                f"続けて試す（パスワード {PASSWORD}）: biotrace trace back d-h1 {here}",
                f"to go on (password {PASSWORD}): biotrace trace back d-h1 {here}",
            )
        )
    return FINE if result.as_expected else FINDINGS


def _text(c: Console, d: Demo) -> None:
    _step(
        c,
        1,
        c.t("98ルートの書類を検査し、監査の表を計算し直す", "judge the papers of the 98 routes, recompute the table"),
    )
    _table(c, d.table)
    c.say()
    for lot in d.examples:
        show_lot(c, lot, {})
    _step(c, 2, c.t("各当事者の鍵で署名し、台帳に入れる（実演用の鍵）", "sign with each party's (demonstration) key"))
    c.say(c.t(f"{d.signed.added} 件", f"{d.signed.added} records"))
    _step(c, 3, c.t("証明書を印刷し、画像からQRコードを読む", "print certificates; read the QR code from the picture"))
    for path in d.papers:
        c.say(f"  {path}")
    read = c.t(f"{DPI} dpi の画像から読み取り、署名を確認: ", f"read at {DPI} dpi, signature verified: ")
    c.say(read + f"{d.scanned.signer}" if d.scanned.sound else c.t("読み取れたが署名が合わない", "read, but not sound"))
    _step(c, 4, c.t(f"納入 {LOT} を伐採地までさかのぼる", f"verify {LOT} back to where it was felled"))
    for lot in d.verified.verdict.lots:
        show_lot(c, lot, d.verified.subjects)
        for source, grams in lot.sources:
            kilos = (grams or 0) / 1000
            name = d.verified.subjects.get(source, source)
            c.say("    " + c.t(f"由来 {name}: 全乾 {kilos:,.1f} kg", f"from {name}: {kilos:,.1f} kg bone-dry"))
    _step(c, 5, c.t("台帳の写しの1バイトを変える", "change one byte in a copy of the ledger"))
    t = d.tampering
    c.say(
        c.t(
            f"{t.position} 番の {t.offset} バイト目を変更",
            f"byte {t.offset} of entry {t.position} changed; verification says:",
        )
    )
    show_findings(c, t.caught, d.verified.subjects)
    before, after = class_name(t.lot.declared, c.lang), class_name(t.lot.confirmed, c.lang)
    c.say(f"    {LOT}: {before} → {after}")


def _step(c: Console, number: int, title: str) -> None:
    c.say()
    c.say(f"{number}. {title}")


def _table(c: Console, table: AuditTable) -> None:
    c.say(c.t("    指摘   ルート 発電設備   （監査の公表値）", "    finding  routes plants   (as the audit printed)"))
    for row in table.rows:
        name = NAMES[row.finding].get(c.lang)
        printed = f"{row.printed_routes} / {row.printed_plants}"
        agrees = c.t("一致", "same") if row.agrees else c.t("不一致", "DIFFERS")
        c.say(f"    {row.finding:<5}{row.routes:>4} / {row.plants:<3} ({printed:>7}) {agrees}  {name}")
    c.say(c.t(f"    全 {table.routes} ルート", f"    {table.routes} routes in all"))
    if table.differing:
        c.say(c.t("    異なるルート: ", "    differing: ") + " ".join(table.differing))
    if table.other_codes:
        c.say(c.t("    ほかの指摘: ", "    other findings: ") + " ".join(table.other_codes))


def _data(d: Demo, c: Console) -> dict[str, Any]:
    return {
        "as_expected": d.as_expected,
        "audit": [
            {
                "finding": r.finding,
                "routes": r.routes,
                "plants": r.plants,
                "printed": {"routes": r.printed_routes, "plants": r.printed_plants},
            }
            for r in d.table.rows
        ],
        "routes": d.table.routes,
        "differing": list(d.table.differing),
        "other_codes": list(d.table.other_codes),
        "records_signed": d.signed.added,
        "papers": [str(p) for p in d.papers],
        "scan": {"sound": d.scanned.sound, "signed_by": d.scanned.signer},
        "lot": {"id": LOT, "clean": d.verified.clean},
        "tampering": {
            "entry": d.tampering.position,
            "offset": d.tampering.offset,
            "findings": [finding_data(f, c.lang) for f in d.tampering.caught],
            "confirmed": d.tampering.lot.confirmed.value,
        },
    }
