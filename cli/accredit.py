"""``biotrace accredit``: accreditations as an accrediting body's own records; a company's own code."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from biotrace.errors import UsageError
from biotrace.model.party import Audit, Party, Role
from biotrace.model.text import Text
from biotrace.services.accredit import NewGrant, Terms, grant, own_code
from biotrace.services.accredit_events import Happened, inspect, request, revoke
from biotrace.services.accredit_list import Standing, State, standings
from biotrace.services.accredit_refusals import called, period
from biotrace.services.logged import Granted
from biotrace.services.trust import read_key

from .console import FINE, Console, answers
from .opening import opened
from .params import DAY, FILE, LINE, root_key_option, workspace_option
from .password import password_option


@click.group()
def accredit() -> None:
    """団体認定（付与・更新・取消し・立入検査・一覧）と自社の行動規範 / accreditations, and a company's own code."""


@accredit.command("grant")
@click.argument("party", type=LINE, metavar="PARTY")
@click.option("--number", type=LINE, required=True, help="認定番号 / accreditation number")
@click.option("--from", "start", type=DAY, required=True, help="認定日 / accredited from")
@click.option("--until", type=DAY, default=None, help="有効期限（既定: 3年） / until (default: 3 years)")
@click.option("--scope", type=LINE, default=None, help="認定の範囲（認定書のとおり） / the business it is for")
@click.option("--member-key", type=FILE, default=None, help="相手の公開鍵 keys/device.pub / the member's public key")
@click.option("--renews", type=LINE, default=None, help="前の認定（既定: 翌日に続くもの） / the grant it continues")
@click.option("--name", type=LINE, default=None, help="台帳にない相手の名称 / name of a party new to the ledger")
@click.option(
    "--role", "roles", type=click.Choice([r.value for r in Role]), multiple=True, help="その役割（複数可） / its roles"
)
@click.option("--address", type=LINE, default=None, help="その住所 / its address")
@workspace_option
@root_key_option
@password_option
@answers()
def grant_(
    console: Console,
    party: str,
    number: str,
    start: date,
    until: date | None,
    scope: str | None,
    member_key: Path | None,
    renews: str | None,
    name: str | None,
    roles: tuple[str, ...],
    address: str | None,
    folder: Path,
    root_key: Path | None,
) -> int:
    """認定を付与・更新する（団体の署名） / accredit a party, or renew that; the body signs it.

    PARTY: 台帳にあるIDか名称。台帳になければ --name などを付ける。

    PARTY: its id or name; where the ledger does not know it, give --name and so on.
    """
    key = None if member_key is None else read_key(member_key)
    newcomer = _newcomer(party, name, roles, address)
    terms = Terms(party, number, start, until, scope, key, renews, newcomer)
    with opened(folder, root_key) as workspace:
        made = grant(workspace, terms)
    if console.json:
        console.data(_new_data(made))
    else:
        _new(console, made)
    return FINE


@accredit.command("revoke")
@click.argument("grant_id", metavar="ID")
@click.option("--date", "day", type=DAY, required=True, help="この日から無効 / in force no longer from this day on")
@click.option("--reason", type=LINE, required=True, help="理由 / reason")
@workspace_option
@password_option
@answers()
def revoke_(console: Console, grant_id: str, day: date, reason: str, folder: Path) -> int:
    """認定を取り消す / revoke an accreditation.

    ID: 認定番号、記録の名前、記録IDの先頭6文字以上 / its number, its subject, or 6 or more digits of its record id.
    """
    with opened(folder) as workspace:
        done = revoke(workspace, grant_id, day, reason)
    return _happened(console, done, Text("取り消しました", "revoked"), day)


@accredit.command("inspect")
@click.argument("grant_id", metavar="ID")
@click.option("--date", "day", type=DAY, required=True, help="検査の日 / day of the inspection")
@click.option("--result", type=LINE, default=None, help="結果 / result")
@workspace_option
@password_option
@answers()
def inspect_(console: Console, grant_id: str, day: date, result: str | None, folder: Path) -> int:
    """認定事業者を検査したことを記録する / record an inspection of an accredited business."""
    with opened(folder) as workspace:
        done = inspect(workspace, grant_id, day, result)
    return _happened(console, done, Text("検査を記録しました", "inspected"), day)


@accredit.command("request")
@click.argument("grant_id", metavar="ID")
@click.option("--date", "day", type=DAY, required=True, help="申請の日 / day of the application")
@workspace_option
@password_option
@answers()
def request_(console: Console, grant_id: str, day: date, folder: Path) -> int:
    """自社の認定の更新を申請する（期限の1か月前まで） / apply for renewal, due a month before its last day.

    団体の台帳にある認定は、受け渡しファイルで取り込んでおく。申請の記録も受け渡しファイルで団体に送る。

    A grant in the body's log is taken in by bundle before; the request goes to the body by bundle, too.
    """
    with opened(folder) as workspace:
        done = request(workspace, grant_id, day)
    return _happened(console, done, Text("更新を申請しました", "renewal applied for"), day)


@accredit.command("own-code")
@click.option("--from", "start", type=DAY, required=True, help="行動規範の開始日 / the code's first day")
@click.option("--until", type=DAY, default=None, help="その終わりの日 / its last day")
@click.option("--audit-by", type=LINE, required=True, help="監査した第三者 / the third party that audited it")
@click.option("--audit-from", type=DAY, required=True, help="監査が有効な最初の日 / first day of the audit's validity")
@click.option("--audit-until", type=DAY, default=None, help="監査が有効な最後の日 / its last day")
@workspace_option
@password_option
@answers()
def own_code_(
    console: Console,
    start: date,
    until: date | None,
    audit_by: str,
    audit_from: date,
    audit_until: date | None,
    folder: Path,
) -> int:
    """団体に属さない自社の行動規範と第三者監査を記録する / record a company's own code and its audit."""
    with opened(folder) as workspace:
        made = own_code(workspace, start, until, Audit(audit_by, audit_from, audit_until))
    if console.json:
        console.data(_granted_data(made))
    else:
        console.say(console.t("自社の行動規範を記録しました: ", "own code recorded: ") + _terms(console, made))
        _place(console, made)
    return FINE


@accredit.command("list")
@click.option("--as-of", type=DAY, default=None, help="この日の時点で見る / as it stood at the end of this day")
@workspace_option
@answers()
def list_(console: Console, as_of: date | None, folder: Path) -> int:
    """認定の一覧（番号・事業者・期間・範囲・状態・最終検査） / the accreditations and how they stand."""
    with opened(folder) as workspace:
        found = standings(workspace, as_of)
    if console.json:
        console.data([_standing_data(s) for s in found])
        return FINE
    for standing in found:
        console.say(_standing(console, standing))
    if not found:
        console.say(console.t("認定の記録はありません", "no accreditation is recorded"))
    return FINE


def _newcomer(party: str, name: str | None, roles: tuple[str, ...], address: str | None) -> Party | None:
    if name is not None:
        return Party(party, name, tuple(Role(r) for r in roles) or (Role.PROCESSOR,), address=address)
    if roles or address is not None:
        raise UsageError(
            Text("--role と --address は --name と一緒に使います", "--role and --address go with --name"),
            Text("台帳にない相手なら --name も指定してください", "for a party new to the ledger give its --name too"),
        )
    return None


def _new(c: Console, made: NewGrant) -> None:
    if made.introduced:
        c.say(c.t(f"当事者として登録しました: {made.holder.name}", f"logged as a party: {made.holder.name}"))
    c.say(c.t("認定しました: ", "accredited: ") + f"{made.holder.name}  {_terms(c, made.granted)}")
    if made.renews is not None:
        c.say(c.t("  更新前: ", "  renews: ") + _terms(c, made.renews))
    if made.granted.grant.member_key is not None:
        c.say(c.t("  この団体が鍵を保証します", "  the body vouches for its key"))
    _place(c, made.granted)
    number = made.granted.held.number
    c.say(
        c.t(
            f"  相手に渡すファイル: biotrace bundle make {number} --out 認定.bundle",
            f"  to hand it on: biotrace bundle make {number} --out FILE",
        )
    )


def _happened(c: Console, done: Happened, what: Text, day: date) -> int:
    if c.json:
        record = done.entry.record
        logged = {"record_id": record.record_id.hex(), "subject": record.subject, "entry": done.entry.position}
        c.data({**logged, "grant": _granted_data(done.granted), "holder": done.holder})
        return FINE
    c.say(f"{what.get(c.lang)}: {done.holder}  {called(done.granted).get(c.lang)}  {day}")
    c.say(c.t(f"  台帳の {done.entry.position} 番", f"  entry {done.entry.position}"))
    if done.granted.held.revoked is not None:
        c.say(
            c.t(
                "  取引先には、新しい受け渡しファイルで届きます（biotrace bundle make）",
                "  it reaches others by a new bundle (biotrace bundle make)",
            )
        )
    return FINE


def _place(c: Console, granted: Granted) -> None:
    record_id = granted.entry.record.record_id.hex()
    c.say(
        c.t(
            f"  台帳の {granted.entry.position} 番  記録ID {record_id}",
            f"  entry {granted.entry.position}, {record_id}",
        )
    )


def _terms(c: Console, granted: Granted) -> str:
    parts = [granted.held.number or c.t("自社の行動規範", "own code"), period(granted.held)]
    if granted.grant.scope is not None:
        parts.append(c.t(f"範囲: {granted.grant.scope}", f"scope: {granted.grant.scope}"))
    if (audit := granted.held.third_party_audit) is not None:
        time = f"{audit.start}..{audit.until or ''}"
        parts.append(c.t(f"監査: {audit.by} {time}", f"audited by {audit.by} {time}"))
    return "  ".join(parts)


def _standing(c: Console, s: Standing) -> str:
    held = s.granted.held
    parts = [s.holder, _terms(c, s.granted), s.state.label.get(c.lang)]
    if s.state is State.REVOKED:
        parts[-1] += f" {held.revoked}"
    if s.body is not None:
        parts.append(c.t(f"団体: {s.body}", f"by {s.body}"))
    if held.renewal_requested is not None:
        parts.append(c.t(f"更新申請 {held.renewal_requested}", f"renewal asked {held.renewal_requested}"))
    last = c.t("なし", "none") if not held.inspected else str(max(held.inspected))
    parts.append(c.t(f"最終検査 {last}", f"last inspection {last}"))
    return "  ".join(parts)


def _new_data(made: NewGrant) -> dict[str, Any]:
    renews = None if made.renews is None else _granted_data(made.renews)
    return {**_granted_data(made.granted), "renews": renews, "introduced": made.introduced}


def _standing_data(s: Standing) -> dict[str, Any]:
    more = {"holder": s.holder, "body_name": s.body, "state": s.state.value, "renewed_by": s.renewed_by}
    return _granted_data(s.granted) | more


def _granted_data(granted: Granted) -> dict[str, Any]:
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
