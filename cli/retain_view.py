"""What ``biotrace retain due``, ``check``, ``hold`` and ``purge`` say, in lines and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from biotrace.model.labels import label
from biotrace.model.retention import RetentionHold
from biotrace.services.logged import Logged
from biotrace.services.retain_check import Checked, Found
from biotrace.services.retain_due import Due, Row, State, kind_name, totals
from biotrace.services.retain_hold import HoldSaid
from biotrace.services.retain_purge import Doomed, Plan, Purged, Standing, Why

from .console import Console

_SHOWN = 20
"""How many records are listed where they may be thousands."""


def show_due(c: Console, due: Due) -> None:
    """The list, a line and its reason for each paper, and totals."""
    whose = f"  {due.party.name}" if due.party is not None else ""
    c.say(c.t(f"保存期限の一覧（{due.on} 現在）{whose}", f"what is to be kept, as of {due.on}{whose}"))
    for row in due.rows:
        c.say(f"{row.duty.until}  [{row.state.label.get(c.lang)}] {_named(c, row)}")
        c.say(f"    {c.t('保存する者', 'kept by')}: {'、'.join(row.parties)}")
        c.say(f"    {c.t('理由', 'why')}: {row.reason.get(c.lang)}")
        for hold in row.paper.holds:
            reason = f"  {hold.reason}" if hold.reason else ""
            c.say(f"    {c.t('保全', 'hold')}: {hold.logged.record.subject}  {hold.by}{reason}")
        for asked in row.paper.asked:
            c.say(f"    {c.t('提示の求め', 'asked')}: {asked.by.party} → {asked.to}  {c.t('期限', 'due')} {asked.due}")
        belongings = _belongings(c, row)
        if belongings:
            c.say(f"    {belongings}")
    _totals(c, due)


def _named(c: Console, row: Row) -> str:
    number = f" {row.number}" if row.number else ""
    return f"{kind_name(row).get(c.lang)} {row.paper.record.subject}{number}"


def _belongings(c: Console, row: Row) -> str:
    parts = []
    if row.paper.files:
        parts.append(c.t(f"写し {row.held}/{len(row.paper.files)}", f"copies {row.held} of {len(row.paper.files)}"))
    if row.paper.values:
        parts.append(c.t(f"非公開項目の値 {row.paper.values}", f"private values {row.paper.values}"))
    return "  ".join(parts)


def _totals(c: Console, due: Due) -> None:
    c.say()
    c.say(c.t("期限の年ごとの件数", "by the year of the last day"))
    for year, count in due.by_year.items():
        c.say(f"  {year}  {count:>6,}")
    states = "  ".join(f"{state.label.get(c.lang)} {count:,}" for state, count in totals(due))
    c.say(c.t(f"計 {len(due.rows):,} 件  {states}", f"{len(due.rows):,} in all  {states}").rstrip())
    if due.destroyed:
        c.say(c.t(f"廃棄済みのため載せていない: {due.destroyed:,} 件", f"not listed, destroyed: {due.destroyed:,}"))
    if any(row.state is State.FREE and (row.held or row.paper.values) for row in due.rows):
        c.say(
            c.t("期間満了のものは biotrace retain purge で廃棄できます", "biotrace retain purge destroys what may be")
        )


def due_data(due: Due, c: Console) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "on": due.on.isoformat(),
        "years": due.years,
        "party": due.party.id if due.party is not None else None,
        "papers": [
            {
                **head(row.paper.logged),
                "number": row.number,
                "until": row.duty.until.isoformat(),
                "state": row.state.value,
                "parties": [duty.party for duty in row.paper.duties],
                "because": row.duty.because.record.subject,
                "reason": row.reason.get(c.lang),
                "files": len(row.paper.files),
                "held": row.held,
                "private_values": row.paper.values,
                "holds": [head(hold.logged) | {"by": hold.by, "reason": hold.reason} for hold in row.paper.holds],
                "asked": [{"by": a.by.party, "to": a.to, "due": a.due.isoformat()} for a in row.paper.asked],
            }
            for row in due.rows
        ],
        "by_year": {str(year): count for year, count in due.by_year.items()},
        "destroyed": due.destroyed,
    }


def show_check(c: Console, checked: Checked) -> None:
    """What is wrong with copies, and what to do."""
    for found in checked.found:
        names = f"  ({', '.join(found.records)})" if found.records else ""
        detail = found.detail.get(c.lang)
        c.say(f"[{found.fault.label.get(c.lang)}] {found.name}{names}" + (f"  {detail}" if detail else ""))
        c.say(c.t("    対処: ", "    what to do: ") + found.fault.remedy.get(c.lang))
    sampled = (
        c.t(f"（抜取り、種 {checked.seed}）", f" (a sample, seed {checked.seed})") if checked.seed is not None else ""
    )
    c.say(
        c.t(
            f"{checked.read:,} 件を読み直し、問題 {len(checked.found):,} 件{sampled}",
            f"{checked.read:,} copies hashed again, {len(checked.found):,} problems{sampled}",
        )
    )
    if checked.elsewhere:
        c.say(
            c.t(
                f"見ていない: ほかの者が署名した記録のファイルで、手元にないもの {checked.elsewhere:,} 件",
                f"not checked: {checked.elsewhere:,} files of records that others signed, which are not here",
            )
        )


def check_data(checked: Checked, c: Console) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "read": checked.read,
        "named": checked.named,
        "elsewhere": checked.elsewhere,
        "seed": checked.seed,
        "found": [_found_data(found, c) for found in checked.found],
    }


def _found_data(found: Found, c: Console) -> dict[str, Any]:
    return {
        "fault": found.fault.value,
        "file": found.name,
        "records": list(found.records),
        "detail": found.detail.get(c.lang) or None,
        "remedy": found.fault.remedy.get(c.lang),
    }


def show_hold(c: Console, said: HoldSaid) -> None:
    """A hold, or its end, and what it is about."""
    record = said.logged.record
    assert isinstance(record.body, RetentionHold)
    ends = record.body.ends is not None
    word = c.t("保全を終えました", "hold ended") if ends else c.t("保全しました", "on hold")
    if said.already:
        word = c.t("すでにそう記録されています。何も書いていません", "said already; nothing was written")
    c.say(f"{word}: {record.subject}  {record.record_id.hex()[:12]}")
    listed(c, said.about)


def hold_data(said: HoldSaid) -> dict[str, Any]:
    """The same as plain data."""
    return head(said.logged) | {"already": said.already, "records": [head(entry) for entry in said.about]}


def show_purge(c: Console, plan: Plan, done: Purged | None) -> None:
    """What was, or would be, destroyed; what stays though its term is over; and what is left to do."""
    if done is None and plan.unfinished:
        c.say(
            c.t(
                "前の廃棄が途中です。--dry-run なしで完了します",
                "an earlier purge broke off: run this without --dry-run",
            )
        )
    title = c.t("廃棄するもの", "to be destroyed") if done is None else c.t("廃棄したもの", "destroyed")
    c.say(f"{title}: {len(plan.doomed):,}")
    for one in plan.doomed:
        c.say("  " + _doomed(c, one))
    if not plan.doomed:
        c.say(c.t("  期限を過ぎて手元にあるものはない", "  nothing is at hand whose term is over"))
    held = [one for one in plan.standing if any(r.why is not Why.TERM for r in one.reasons)]
    if held:
        c.say(c.t("残すもの", "kept"))
    for kept in held:
        c.say("  " + _standing(c, kept))
    waiting = [r.until for one in plan.standing for r in one.reasons if r.why is Why.TERM and r.until is not None]
    if waiting:
        n, first = len(waiting), min(waiting)
        c.say(c.t(f"期限前 {n:,} 件（早くて {first} まで）", f"before their term: {n:,}, the first until {first}"))
    if done is None:
        c.say(c.t("試行なので、何も消していません", "only tried: nothing was destroyed"))
        return
    if plan.doomed or plan.unfinished:
        gone, said = (done.files, done.values), len(done.tombstones)
        c.say(
            c.t(
                f"写し {gone[0]:,} 件、非公開項目の値 {gone[1]:,} 件を消し、廃棄の記録 {said:,} 件を残しました",
                f"{gone[0]:,} copies and {gone[1]:,} private values destroyed, {said:,} tombstones logged",
            )
        )
        c.say(
            c.t(
                "前に作った控え・渡したファイルには残っています",
                "backups made earlier, and what was handed out, still hold them",
            )
        )
    for left in done.left:
        c.say(c.t("  まだある: ", "  still there: ") + left.get(c.lang))


def _doomed(c: Console, one: Doomed) -> str:
    parts = [c.t(f"写し {len(one.files)}", f"{len(one.files)} copies")] if one.files else []
    if one.values:
        parts.append(c.t(f"非公開項目の値 {one.values}", f"{one.values} private values"))
    until = max(duty.until for duty in one.paper.duties)
    record = one.paper.record
    return f"{record.kind.label.get(c.lang)} {record.subject}  {', '.join(parts)}  {c.t('期限', 'term')} {until}"


def _standing(c: Console, one: Standing) -> str:
    record = one.paper.record
    why = " / ".join(reason.message.get(c.lang) for reason in one.reasons)
    return f"{record.kind.label.get(c.lang)} {record.subject}  {why}"


def purge_data(plan: Plan, done: Purged | None, c: Console) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "before": plan.before.isoformat(),
        "dry_run": done is None,
        "unfinished": plan.unfinished and done is None,
        "destroyed": [
            head(one.paper.logged)
            | {"files": [sha256.hex() for sha256 in one.files], "private_values": one.values}
            | {"tombstone": [label(part).en for part in one.stated]}
            for one in plan.doomed
        ],
        "kept": [
            head(one.paper.logged)
            | {
                "reasons": [
                    {
                        "why": reason.why.value,
                        "until": reason.until.isoformat() if reason.until is not None else None,
                        "message": reason.message.get(c.lang),
                    }
                    for reason in one.reasons
                ]
            }
            for one in plan.standing
        ],
        "tombstones": list(done.tombstones) if done is not None else [],
        "files": done.files if done is not None else 0,
        "private_values": done.values if done is not None else 0,
        "left": [left.get(c.lang) for left in done.left] if done is not None else [],
    }


def listed(c: Console, entries: Sequence[Logged]) -> None:
    """Records by kind, name and the digits that find them; the first of many."""
    for entry in entries[:_SHOWN]:
        c.say(f"  {entry.record.kind.label.get(c.lang)} {entry.record.subject} ({entry.record.record_id.hex()[:12]})")
    if len(entries) > _SHOWN:
        c.say(c.t(f"  ほか {len(entries) - _SHOWN:,} 件", f"  and {len(entries) - _SHOWN:,} more"))


def head(entry: Logged) -> dict[str, Any]:
    """Which record it is, as plain data."""
    r = entry.record
    return {
        "record_id": r.record_id.hex(),
        "kind": r.kind.name.lower(),
        "subject": r.subject,
        "position": entry.position,
        "log": entry.log or None,
    }
