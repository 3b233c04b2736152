"""How accreditations, and what was said of them, are shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from biotrace.model.text import Text, join
from biotrace.services.accredit import NewGrant
from biotrace.services.accredit_events import Happened
from biotrace.services.accredit_list import Standing, State
from biotrace.services.accredit_paper import Paper
from biotrace.services.accredit_refusals import called, period
from biotrace.services.logged import Granted

from .console import FINE, Console


def show_new(c: Console, made: NewGrant) -> None:
    """A new grant."""
    if made.introduced:
        c.say(c.t(f"事業者として登録しました: {made.holder.name}", f"logged as a party: {made.holder.name}"))
    c.say(c.t("認定しました: ", "accredited: ") + f"{made.holder.name}  {terms_line(c, made.granted)}")
    if made.renews is not None:
        c.say(c.t("  更新前: ", "  renews: ") + terms_line(c, made.renews))
    if made.granted.grant.member_key is not None:
        c.say(c.t("  この団体が鍵を保証します", "  the body vouches for its key"))
    show_place(c, made.granted)
    if made.printed is not None:
        show_paper(c, made.printed.path, made.printed.paper)
    number = made.granted.held.number
    c.say(
        c.t(
            f"  相手に渡すファイル: biotrace bundle make {number} --out 認定.bundle",
            f"  to hand it on: biotrace bundle make {number} --out FILE",
        )
    )


def show_happened(c: Console, done: Happened, what: Text, day: date) -> int:
    """What was said of a grant; the exit code."""
    if c.json:
        record = done.entry.record
        logged = {"record_id": record.record_id.hex(), "subject": record.subject, "entry": done.entry.position}
        data = {**logged, "grant": granted_data(done.granted), "holder": done.holder}
        if done.missed is not None:
            data["was_due"] = done.missed.isoformat()
        c.data(data if done.printed is None else data | paper_data(c, done.printed.path, done.printed.paper))
        return FINE
    c.say(f"{what.get(c.lang)}: {done.holder}  {called(done.granted).get(c.lang)}  {day}")
    c.say(c.t(f"  台帳の {done.entry.position} 番", f"  entry {done.entry.position}"))
    if done.missed is not None:
        c.say(
            c.t(
                f"  申請の期限 {done.missed}（有効期間の満了の1か月前）を過ぎています。団体に相談してください",
                f"  it was due on {done.missed}, a month before the last day: talk to the body",
            )
        )
    if done.printed is not None:
        show_paper(c, done.printed.path, done.printed.paper)
    if done.granted.held.revoked is not None:
        c.say(
            c.t(
                "  取引先には、新しい受け渡しファイルで届きます（biotrace bundle make）",
                "  it reaches others by a new bundle (biotrace bundle make)",
            )
        )
    return FINE


def show_place(c: Console, granted: Granted) -> None:
    """Where a grant stands in the log."""
    record_id = granted.entry.record.record_id.hex()
    c.say(
        c.t(
            f"  台帳の {granted.entry.position} 番  記録ID {record_id}",
            f"  entry {granted.entry.position}, {record_id}",
        )
    )


def terms_line(c: Console, granted: Granted) -> str:
    """Number, time, scope and audit."""
    parts = [granted.held.number or c.t("自社の行動規範", "own code"), period(granted.held)]
    if granted.grant.scope is not None:
        parts.append(c.t(f"範囲: {granted.grant.scope}", f"scope: {granted.grant.scope}"))
    if (audit := granted.held.third_party_audit) is not None:
        time = f"{audit.start}..{audit.until or ''}"
        parts.append(c.t(f"監査: {audit.by} {time}", f"audited by {audit.by} {time}"))
    return "  ".join(parts)


def standing_line(c: Console, s: Standing) -> str:
    """How an accreditation stands, on one line."""
    held = s.granted.held
    parts = [s.holder, terms_line(c, s.granted), s.state.label.get(c.lang)]
    if s.state is State.REVOKED:
        parts[-1] += f" {held.revoked}"
    if s.body is not None:
        parts.append(c.t(f"団体: {s.body}", f"by {s.body}"))
    if held.renewal_requested is not None:
        parts.append(c.t(f"更新申請 {held.renewal_requested}", f"renewal asked {held.renewal_requested}"))
    last = c.t("なし", "none") if not held.inspected else str(max(held.inspected))
    parts.append(c.t(f"最終検査 {last}", f"last inspection {last}"))
    return "  ".join(parts)


def show_paper(c: Console, path: Path, paper: Paper) -> None:
    """Where a paper was written, and what should be known of it."""
    c.say(f"  PDF: {path}")
    show_open(c, paper)


def show_open(c: Console, paper: Paper) -> None:
    """What is left open on a paper, and what else should be known of it."""
    if paper.open:
        c.say(c.t("  手書きする欄: ", "  left to write by hand: ") + join(list(paper.open)).get(c.lang))
    for note in paper.notes:
        c.say("  " + note.get(c.lang))


def paper_data(c: Console, path: Path, paper: Paper) -> dict[str, Any]:
    """The same as data."""
    return {
        "pdf": str(path),
        "open": [entry.get(c.lang) for entry in paper.open],
        "notes": [note.get(c.lang) for note in paper.notes],
    }


def new_data(c: Console, made: NewGrant) -> dict[str, Any]:
    """A new grant with the one that it renews, and its certificate, where one was written."""
    renews = None if made.renews is None else granted_data(made.renews)
    data = {**granted_data(made.granted), "renews": renews, "introduced": made.introduced}
    return data if made.printed is None else data | paper_data(c, made.printed.path, made.printed.paper)


def standing_data(s: Standing) -> dict[str, Any]:
    """The same as data."""
    more = {"holder": s.holder, "body_name": s.body, "state": s.state.value, "renewed_by": s.renewed_by}
    return granted_data(s.granted) | more


def granted_data(granted: Granted) -> dict[str, Any]:
    """A grant with what was said of it later, as data."""
    held, record = granted.held, granted.entry.record
    audit = held.third_party_audit
    return {
        "record_id": record.record_id.hex(),
        "subject": record.subject,
        "entry": granted.entry.position,
        "log": granted.entry.log or None,
        "transcribed": record.transcribed,
        "party": granted.grant.party,
        "body": held.body,
        "number": held.number,
        "from": held.start.isoformat(),
        "until": _iso(held.until),
        "scope": granted.grant.scope,
        "member_key": None if granted.grant.member_key is None else granted.grant.member_key.hex(),
        "revoked": _iso(held.revoked),
        "renewal_requested": _iso(held.renewal_requested),
        "inspected": [day.isoformat() for day in sorted(held.inspected)],
        "audit": None
        if audit is None
        else {"by": audit.by, "from": audit.start.isoformat(), "until": _iso(audit.until)},
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
