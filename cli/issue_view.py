"""What came of issuing, as text or data."""

from __future__ import annotations

from typing import Any

from biotrace.model.quantity import PARTS
from biotrace.services.issue import Issued
from biotrace.services.issue_refusals import Refused
from biotrace.services.record_data import body_data, quantity_data
from biotrace.verify.verdict_json import finding_data

from .console import Console
from .verdict_view import class_name, show_findings, show_unchecked


def show_issued(c: Console, issued: Issued) -> None:
    """A certificate that was issued, or could be, with what it draws on."""
    certificate = issued.certificate
    did = c.t("発行しました", "issued") if issued.logged else c.t("発行できます（試行）", "can be issued (tried only)")
    moisture = certificate.quantity.moisture
    wet = "" if moisture is None else c.t("、水分 ", ", moisture ") + f"{moisture * 100 / PARTS:g}%"
    what = f"{class_name(certificate.fuel_class, c.lang)} {certificate.quantity}{wet}"
    c.say(f"{did}: {certificate.form}/{certificate.number}  {certificate.date}  {what} → {issued.buyer.name}")
    if certificate.from_site is not None:
        c.say(c.t("  置場 ", "  out of yard ") + certificate.from_site)
    for draw in issued.draws:
        left = c.t("残り ", "left ") + (str(draw.left) if draw.left is not None else "0")
        c.say(c.t("  引き当て ", "  drawn on ") + f"{draw.subject}: {draw.quantity}  ({left})")
    for note in issued.notes:
        c.say("  " + note.get(c.lang))
    if issued.logged is not None:
        c.say(f"  {c.t('記録ID', 'record id')}: {issued.logged.record.record_id.hex()}")
        c.say(f"  PDF: {issued.path}")


def show_refused(c: Console, refused: Refused) -> None:
    """Why nothing was issued, and what could not serve."""
    c.say(c.t("発行しません。何も書いていません。", "not issued; nothing was written."))
    for reason in refused.reasons:
        c.say("  " + reason.get(c.lang))
    if refused.unusable:
        c.say(c.t("  残りがあるのに引き当てられない証明書:", "  certificates with something left that cannot serve:"))
    for subject, left, reason in refused.unusable:
        c.say(f"    {subject}  {left}  {reason.get(c.lang)}")
    show_findings(c, refused.findings, refused.subjects)
    show_unchecked(c, refused.unchecked, refused.subjects)


def issued_data(issued: Issued) -> dict[str, Any]:
    """The same as data."""
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


def refused_data(refused: Refused, c: Console) -> dict[str, Any]:
    """The same as data."""
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
