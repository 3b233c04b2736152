"""What a gate answers, for machines: JSON and CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

from biotrace.documents.workbook.csv_cells import cell_text
from biotrace.model.certificate import Certificate
from biotrace.model.text import Lang
from biotrace.services.gate_scan import Seen, Told
from biotrace.services.record_data import body_data
from biotrace.services.scan_codes import Unread
from biotrace.verify.verdict_json import finding_data

from .console import Console

_COLUMNS = (
    *("file", "answer", "reason", "class", "quantity", "unit", "seller", "recipient", "number", "date", "vehicle"),
    *("why", "do", "call", "record_id"),
)


def seen_data(seen: Seen, c: Console) -> list[dict[str, Any]]:
    """One object for each record, then one for each file that could not be read."""
    age = seen.remark.get(c.lang) or None
    told = [_told(t, c) | {"trust_age": age} for t in seen.told]
    return told + [_unread(u, c) for u in seen.unread]


def _told(t: Told, c: Console) -> dict[str, Any]:
    s = t.scanned
    r = s.record
    return {
        "answer": {
            "mark": t.answer.mark.sign,
            "code": t.answer.mark.code,
            "reasons": [
                {
                    "row": reason.row.value,
                    "code": reason.row.mark.code,
                    "why": reason.why.get(c.lang),
                    "do": reason.do.get(c.lang),
                    "call": reason.call.get(c.lang),
                }
                for reason in t.answer.reasons
            ],
            "notes": [note.get(c.lang) for note in t.answer.notes],
        },
        "files": list(t.files),
        "mended": [cause.value for cause in t.spoiled],
        "record_id": r.record_id.hex(),
        "kind": r.kind.name.lower(),
        "subject": r.subject,
        "signed_by": s.signer,
        "named_by_trust": s.named_by_trust,
        "transcribed": r.transcribed,
        "sound": s.sound,
        "origin_traced": t.past is not None and t.past.lot is not None,
        "names": dict(r.names),
        "body": body_data(r.body),
        "findings": [finding_data(f, c.lang) for f in s.findings],
        "not_checked": [{"code": u.code, "reason": u.reason.get(c.lang)} for u in s.unchecked],
    }


def _unread(u: Unread, c: Console) -> dict[str, Any]:
    return {"files": list(u.files), "error": u.error.code, "lines": u.error.lines(c.lang)}


def scan_csv(seen: Seen, lang: Lang) -> str:
    """A row for each record, then one for each file that could not be read; the answer as ○, △, × or ?."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    for told in seen.told:
        rows.writerow(map(cell_text, _row(told, lang)))
    for unread in seen.unread:
        message, *rest = unread.error.lines(lang)
        row = ["、".join(unread.files), "?", unread.error.code, *[None] * 8, message, " ".join(rest), None, None]
        rows.writerow(map(cell_text, row))
    return out.getvalue()


def _row(told: Told, lang: Lang) -> list[object]:
    record, first = told.scanned.record, told.answer.reasons[0]
    body, names = record.body, dict(record.names)
    said: list[object] = [None] * 8
    if isinstance(body, Certificate):
        buyer = names.get(body.buyer, body.buyer) if body.buyer is not None else None
        amount, unit = body.quantity.value.normalize(), body.quantity.unit.value
        said = [body.fuel_class.value, f"{amount:f}", unit, names.get(body.seller, body.seller), buyer]
        said += [body.number, body.date, body.vehicle]
    head = ["、".join(told.files), told.answer.mark.sign, first.row.value]
    tail = [first.why.get(lang), first.do.get(lang), first.call.get(lang), record.record_id.hex()]
    return [*head, *said, *tail]
