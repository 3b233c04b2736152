"""What a scanned record proves, for whoever wants to know: signature, record id, and what the rules find."""

from __future__ import annotations

from biotrace.chain.record import Record
from biotrace.model.accreditation import Grant, Revocation
from biotrace.model.certificate import Certificate
from biotrace.model.labels import label
from biotrace.model.quantity import PARTS
from biotrace.model.text import Text
from biotrace.services.scan import Scanned
from biotrace.services.times import local_time

from .console import Console
from .verdict_view import class_name, show_findings, show_unchecked


def show_details(c: Console, s: Scanned) -> None:
    """Who signed what, and every finding of the record alone."""
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
