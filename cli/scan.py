"""``biotrace scan``: what a paper's QR code proves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from biotrace.chain.record import Record
from biotrace.chain.trust_update import TrustSettings
from biotrace.errors import UsageError
from biotrace.model.accreditation import Grant, Revocation
from biotrace.model.certificate import Certificate
from biotrace.model.labels import label
from biotrace.model.quantity import PARTS
from biotrace.model.text import Text
from biotrace.services.files import read_file
from biotrace.services.gate import gate_trust
from biotrace.services.record_data import body_data
from biotrace.services.scan import Scanned, scan_bytes
from biotrace.services.times import day_of, local_time
from biotrace.services.trust import Trust, age_of, read_key, read_trust
from biotrace.verify.verdict_json import finding_data

from .console import FINDINGS, FINE, Console, answers, clock
from .params import FILE
from .verdict_view import class_name, show_findings, show_unchecked


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--trust", type=FILE, default=None, help="信頼ファイル trust.json / trust file")
@click.option("--key", type=FILE, default=None, help="発行者の公開鍵 device.pub / the issuer's public key")
@click.option(
    "--workspace",
    "-w",
    "folder",
    type=FILE,
    default=None,
    envvar="BIOTRACE_WORKSPACE",
    help="ワークスペースが知る鍵で確かめる / check by the keys that a workspace knows",
)
@click.option("--warn-days", type=int, default=30, show_default=True, help="信頼ファイルの古さを注意する日数 / days")
@click.option("--refuse-days", type=int, default=90, show_default=True, help="信頼ファイルを使わない日数 / days")
@answers()
def scan(
    console: Console,
    files: tuple[Path, ...],
    trust: Path | None,
    key: Path | None,
    folder: Path | None,
    warn_days: int,
    refuse_days: int,
) -> int:
    """紙のQRコードを読み、署名を確かめる / read a QR code and check its signature.

    FILE: PDF、写真、QRコードの文字を入れたファイル。- なら標準入力。台帳も通信も要らない。
    「QRコード別紙」のある証明書は、全ての枚数を一度に渡す（複数のファイルでよい、順序は問わない）。

    FILE: a PDF, a picture, or a file with the text of the code; - for standard input. No ledger, no network. Of a
    certificate with sheets of QR codes give all, in one file or several, in any order.
    """
    if trust is None and key is None and folder is None:
        raise UsageError(
            Text("署名を確かめる鍵がありません", "there is no key to check the signature by"),
            Text(
                "--trust trust.json、--key 公開鍵、-w ワークスペース のどれかを指定してください",
                "give --trust trust.json, --key FILE or -w WORKSPACE",
            ),
        )
    known, remark = _known(trust, None if key is not None else folder, warn_days, refuse_days)
    public = read_key(key) if key is not None else None
    today = day_of(clock())
    found = scan_bytes([_content(file) for file in files], today, known, public)
    if console.json:
        age = remark.get(console.lang) or None
        console.data([_data(s, console) | {"trust_age": age} for s in found])
    else:
        for scanned in found:
            _text(console, scanned)
        if remark.get(console.lang):
            console.say(remark)
    return FINE if all(s.sound for s in found) else FINDINGS


def _content(file: Path) -> tuple[bytes, str]:
    """A file's bytes and name."""
    return (sys.stdin.buffer.read(), "stdin") if file == Path("-") else (read_file(file), file.name)


def _known(trust: Path | None, folder: Path | None, warn_days: int, refuse_days: int) -> tuple[Trust | None, Text]:
    """Whose keys are known, and a sentence on how old that is."""
    if trust is not None:
        known = read_trust(trust)
        age = age_of(known, clock(), TrustSettings(warn_days, refuse_days))
        return known, age.remark if age is not None else Text("", "")
    return gate_trust(folder, clock) if folder is not None else (None, Text("", ""))


def _text(c: Console, s: Scanned) -> None:
    r = s.record
    if s.signer is None:
        c.say(c.t("× 署名を確かめられません", "x the signature could not be relied on"))
    else:
        how = c.t("が転記した写し", " (a transcription)") if r.transcribed else ""
        said = c.t(f"署名者: {s.signer}", f"signed by {s.signer}")
        if not s.named_by_trust:
            said = c.t(
                f"渡された鍵で署名（名乗り: {s.signer}）", f"signed by the key given, which calls itself {s.signer}"
            )
        c.say(f"{said}{how}  {local_time(r.issued_at)}")
    if isinstance(r.body, Certificate):
        _certificate(c, r, r.body)
    elif isinstance(r.body, Grant | Revocation):
        _accreditation(c, r.body)
    else:
        c.say(f"{r.kind.label.get(c.lang)} {r.subject}")
    record_id = r.record_id.hex()
    c.say(f"{c.t('記録ID', 'record id')}: {record_id}")
    names = {record_id: r.subject}
    show_findings(c, [f for f in s.findings if not f.is_notice], names)
    show_unchecked(c, [u for u in s.unchecked if u.decisive], names)
    c.say(_limits(s).get(c.lang))


def _limits(s: Scanned) -> Text:
    """What a paper alone cannot tell."""
    if isinstance(s.record.body, Grant):
        return Text(
            "取り消されていないかは、この紙だけでは分かりません（biotrace accredit list、団体の公表を見る）",
            "a paper does not tell whether it was revoked since: see biotrace accredit list or the body's site",
        )
    return Text(
        "由来はたどっていません（この証明書だけの確認です）", "origin not traced: this is about the certificate alone"
    )


def _accreditation(c: Console, body: Grant | Revocation) -> None:
    """An accreditation, or its revocation, as 別記2 and 別記5 have it."""
    if isinstance(body, Revocation):
        c.say(c.t(f"認定の取消し  {body.date} から", f"revocation of an accreditation, from {body.date} on"))
        c.say(c.t("認定の記録ID", "record id of the accreditation") + f": {body.grant}")
        if body.reason is not None:
            c.say(c.t(f"理由: {body.reason}", f"reason: {body.reason}"))
        return
    held = body.accreditation
    c.say(c.t(f"認定  {body.party}  {held.number or ''}", f"accreditation of {body.party}  {held.number or ''}"))
    c.say(c.t("有効期間", "in force") + f": {held.start} – {held.until or ''}")
    if body.scope is not None:
        c.say(c.t(f"範囲: {body.scope}", f"scope: {body.scope}"))


def _certificate(c: Console, record: Record, body: Certificate) -> None:
    """What the truck at the gate is held against."""
    names = dict(record.names)
    seller, buyer = (names.get(p, p) if p else "—" for p in (body.seller, body.buyer))
    c.say(f"{label(body.form).get(c.lang)}  {body.number or ''}  {body.date}")
    claim = f"{class_name(body.fuel_class, c.lang)}  {body.quantity}"
    if body.quantity.moisture is not None:
        claim += c.t("  水分 ", "  moisture ") + f"{body.quantity.moisture * 100 / PARTS:g}%"
    c.say(c.t(f"主張: {claim}", f"claims: {claim}"))
    goods = label(body.goods).get(c.lang) if body.goods is not None else None
    vehicle = c.t(f"車番 {body.vehicle}", f"vehicle {body.vehicle}") if body.vehicle is not None else None
    species = "、".join(body.species) or None
    if details := [d for d in (goods, species, vehicle) if d is not None]:
        c.say("  ".join(details))
    c.say(f"{seller} → {buyer}")


def _data(s: Scanned, c: Console) -> dict[str, Any]:
    r = s.record
    return {
        "record_id": r.record_id.hex(),
        "kind": r.kind.name.lower(),
        "subject": r.subject,
        "signed_by": s.signer,
        "named_by_trust": s.named_by_trust,
        "transcribed": r.transcribed,
        "sound": s.sound,
        "origin_traced": False,
        "names": dict(r.names),
        "body": body_data(r.body),
        "findings": [finding_data(f, c.lang) for f in s.findings],
        "not_checked": [{"code": u.code, "reason": u.reason.get(c.lang)} for u in s.unchecked],
    }
