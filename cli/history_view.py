"""A certificate's history and standing, as text and as plain data."""

from __future__ import annotations

from typing import Any

from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.labels import label
from biotrace.services.history import Event, History, Standing, What
from biotrace.services.record_data import body_data, quantity_data
from biotrace.services.show import Shown
from biotrace.services.times import local_time

from .console import Console

_DID = {
    Action.CANCEL: ("取消し", "cancelled"),
    Action.REPLACE: ("差替え", "replaced"),
    Action.HOLD: ("保留", "put on hold"),
    Action.RELEASE: ("保留の解除", "hold released"),
    Action.SUPPLEMENT: ("補足", "supplemented"),
}


def show_history(c: Console, history: History, shown: Shown) -> None:
    """How the certificate stands, then what happened to it, each entry on a line, in the order of the log."""
    when = c.t(f"（{shown.as_of} 時点）", f" (on {shown.as_of})") if shown.as_of is not None else ""
    c.say(c.t(f"  状態{when}: ", f"  standing{when}: ") + standing_text(c, history.standing, shown.subjects))
    c.say(c.t("  経過（台帳に入った順）:", "  history (in the order of the log):"))
    for event in history.events:
        entry = event.logged
        place = c.t(f"台帳の {entry.position} 番", f"entry {entry.position}")
        c.say(f"    {local_time(entry.logged_at)}  {place}  {_event(c, event, shown)}")


def standing_text(c: Console, standing: Standing, subjects: dict[str, str]) -> str:
    """ "差替え → f-9 (0123456789ab)（2014-12-01付、理由: 誤記、台帳の 30 番）"."""
    said = standing.state.label.get(c.lang)
    if standing.by is None or not isinstance(standing.by.record.body, Correction):
        return said
    correction, position = standing.by.record.body, standing.by.position
    if correction.by is not None:
        said += f" → {_called(correction.by, subjects)}"
    reason = c.t(f"、理由: {correction.reason}", f", {correction.reason}") if correction.reason else ""
    return said + c.t(
        f"（{correction.date}付{reason}、台帳の {position} 番）",
        f" (dated {correction.date}{reason}, entry {position})",
    )


def standing_data(standing: Standing) -> dict[str, Any]:
    """The same for programs: ``correction`` as in the history."""
    by = event_data(Event(What.CORRECTED, standing.by)) if standing.by is not None else None
    return {"state": standing.state.value, "correction": by}


def event_data(event: Event) -> dict[str, Any]:
    """One entry of the history."""
    entry = event.logged
    body = body_data(entry.record.body)
    data = {
        "what": event.what.value,
        "record_id": entry.record.record_id.hex(),
        "subject": entry.record.subject,
        "position": entry.position,
        "logged_at": entry.logged_at,
        "date": body.get("date"),
        "by": entry.record.issuer,
        "transcribed": entry.record.transcribed,
        "sound": entry.sound,
    }
    if event.what in (What.CORRECTED, What.NAMED):
        data |= {"action": body["action"], "reason": body.get("reason"), "certificate": body["certificate"]}
        data |= {"replacement": body.get("by")}
    if event.quantity is not None:
        data |= {"quantity": quantity_data(event.quantity), "ended": event.ended}
    return data


def _event(c: Console, event: Event, shown: Shown) -> str:
    record = event.logged.record
    signer = shown.names.get(record.issuer, record.issuer)
    by = signer + (c.t("（転記）", " (transcribed)") if record.transcribed else "")
    marks = "" if event.logged.sound else c.t("  壊れています", "  DAMAGED")
    return f"{_what(c, event, shown)}  {by}{marks}"


def _what(c: Console, event: Event, shown: Shown) -> str:
    record, body = event.logged.record, event.logged.record.body
    if isinstance(body, Correction):
        return _correction(c, event.what, body, shown)
    if event.what is What.ISSUED and isinstance(body, Certificate):
        return c.t(f"発行  {body.date}付", f"issued  dated {body.date}")
    drawn = event.what is What.DRAWN_ON
    said = c.t("引き当て", "drawn on by") if drawn else c.t("納入", "delivered as")
    ended = c.t("（取消し・差替え済み）", " (cancelled or replaced)") if event.ended else ""
    return f"{said} {record.subject} ({record.record_id.hex()[:12]}) {event.quantity}{ended}"


def _correction(c: Console, what: What, correction: Correction, shown: Shown) -> str:
    if what is What.NAMED:
        other = _called(correction.certificate, shown.subjects)
        done = label(correction.action)
        said = c.t(f"{other} の{done.ja}として挙げられる", f"named for {other}, which is {done.en}")
    else:
        said = c.t(*_DID[correction.action])
        said += f" → {_called(correction.by, shown.subjects)}" if correction.by is not None else ""
    reason = c.t(f"  理由: {correction.reason}", f"  reason: {correction.reason}") if correction.reason else ""
    return said + c.t(f"  {correction.date}付{reason}", f"  dated {correction.date}{reason}")


def _called(record_id: str, subjects: dict[str, str]) -> str:
    return f"{subjects.get(record_id, '?')} ({record_id[:12]})"
