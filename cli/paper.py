"""``biotrace pdf`` and ``biotrace scan``: certificates onto paper, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.labels import label
from biotrace.model.text import Text
from biotrace.services.files import write_new
from biotrace.services.ledger_case import read_ledger
from biotrace.services.paper import certificate_pdf
from biotrace.services.scan import Scanned, scan_file
from biotrace.services.show import body_data, find_record
from biotrace.services.times import day_of, local_time
from biotrace.services.trust import read_key, read_trust
from biotrace.verify.verdict_json import finding_data

from .console import FINDINGS, FINE, Console, answers, clock, opened, workspace_option
from .verdict_view import class_name, show_findings, show_unchecked


@click.command()
@click.argument("record", metavar="ID")
@click.option("--out", "-o", type=click.Path(path_type=Path), default=None, help="PDFの名前 / name of the PDF")
@click.option("--western", is_flag=True, help="西暦で印字 / western dates")
@workspace_option
@answers()
def pdf(console: Console, record: str, out: Path | None, western: bool, folder: Path) -> int:
    """証明書を公式の様式とQRコードのPDFにする / print a certificate as PDF with its QR code."""
    workspace = opened(folder)
    reading = read_ledger(workspace.ledger)
    logged = find_record(reading, record)
    data = certificate_pdf(reading, logged, western_dates=western)
    workspace.close()
    path = out or Path(f"{logged.record.record_id.hex()[:12]}.pdf")
    write_new(path, data)
    if console.json:
        console.data({"pdf": str(path), "record_id": logged.record.record_id.hex(), "bytes": len(data)})
    else:
        console.say(console.t(f"PDFを書きました: {path}", f"PDF written: {path}"))
    return FINE


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--trust", type=click.Path(path_type=Path), default=None, help="信頼ファイル trust.json / trust file")
@click.option("--key", type=click.Path(path_type=Path), default=None, help="発行者の公開鍵 / the issuer's public key")
@answers()
def scan(console: Console, file: Path, trust: Path | None, key: Path | None) -> int:
    """PDF・写真・文字のQRコードを読み、署名を確かめる（台帳も通信も要らない）.

    Read a QR code from a PDF, a picture or a text file and check its signature: no ledger, no network.
    """
    if trust is None and key is None:
        raise UsageError(
            Text("署名を確かめる鍵がありません", "there is no key to check the signature by"),
            Text("--trust trust.json か --key 公開鍵 を指定してください", "give --trust trust.json or --key FILE"),
        )
    known = read_trust(trust) if trust is not None else None
    public = read_key(key) if key is not None else None
    found = scan_file(file, day_of(clock()), known, public)
    if console.json:
        console.data([_data(s, console) for s in found])
    else:
        for scanned in found:
            _text(console, scanned)
    return FINE if all(s.sound for s in found) else FINDINGS


def _text(c: Console, s: Scanned) -> None:
    r = s.record
    if s.signer is None:
        c.say(c.t("× 署名を確かめられません", "x the signature could not be relied on"))
    else:
        how = c.t("が転記した写し", " (a transcription)") if r.transcribed else ""
        c.say(c.t(f"署名者: {s.signer}{how}", f"signed by {s.signer}{how}") + f"  {local_time(r.issued_at)}")
    body, names = r.body, dict(r.names)
    if isinstance(body, Certificate):
        seller, buyer = (names.get(p, p) if p else "—" for p in (body.seller, body.buyer))
        c.say(f"{label(body.form).get(c.lang)}  {body.number or ''}  {body.date}")
        c.say(
            c.t(
                f"主張: {class_name(body.fuel_class, c.lang)}  {body.quantity}",
                f"claims: {class_name(body.fuel_class, c.lang)}  {body.quantity}",
            )
        )
        c.say(f"{seller} → {buyer}")
    else:
        c.say(f"{r.kind.label.get(c.lang)} {r.subject}")
    c.say(f"{c.t('記録ID', 'record id')}: {r.record_id.hex()}")
    show_findings(c, [f for f in s.findings if not f.is_notice], {})
    show_unchecked(c, [u for u in s.unchecked if u.decisive], {})
    c.say(
        c.t(
            "由来はたどっていません（この証明書だけの確認です）",
            "origin not traced: this is about the certificate alone",
        )
    )


def _data(s: Scanned, c: Console) -> dict[str, Any]:
    r = s.record
    return {
        "record_id": r.record_id.hex(),
        "kind": r.kind.name.lower(),
        "subject": r.subject,
        "signed_by": s.signer,
        "transcribed": r.transcribed,
        "sound": s.sound,
        "origin_traced": False,
        "names": dict(r.names),
        "body": body_data(r.body),
        "findings": [finding_data(f, c.lang) for f in s.findings],
        "not_checked": [{"code": u.code, "reason": u.reason.get(c.lang)} for u in s.unchecked],
    }
