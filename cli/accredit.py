"""``biotrace accredit``: accreditations as an accrediting body's own records; a company's own code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from biotrace.documents.accreditation_papers.answers_file import Answers
from biotrace.errors import UsageError
from biotrace.model.party import Audit, Party, Role
from biotrace.model.text import Text
from biotrace.services.accredit import Terms, grant, own_code
from biotrace.services.accredit_events import inspect, request, revoke
from biotrace.services.accredit_list import standings
from biotrace.services.accredit_print import NO_ANSWERS, Wanted
from biotrace.services.trust import read_key

from .accredit_papers import apply, policy
from .accredit_view import (
    granted_data,
    new_data,
    show_happened,
    show_new,
    show_place,
    standing_data,
    standing_line,
    terms_line,
)
from .console import FINE, Console, answers
from .opening import opened
from .paper_options import answer_options, paper_options, without_pdf
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
@paper_options("事業者認定書（別記2）", "the certificate (別記2)", applied=True)
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
    wanted: Wanted | None,
) -> int:
    """認定を付与・更新する（団体の署名） / accredit a party, or renew that; the body signs it.

    PARTY: 台帳にあるIDか名称。台帳になければ --name などを付ける。

    PARTY: its id or name; where the ledger does not know it, give --name and so on.
    """
    key = None if member_key is None else read_key(member_key)
    newcomer = _newcomer(party, name, roles, address)
    terms = Terms(party, number, start, until, scope, key, renews, newcomer)
    with opened(folder, root_key) as workspace:
        made = grant(workspace, terms, wanted)
    if console.json:
        console.data(new_data(console, made))
    else:
        show_new(console, made)
    return FINE


@accredit.command("revoke")
@click.argument("grant_id", metavar="ID")
@click.option("--date", "day", type=DAY, required=True, help="この日から無効 / in force no longer from this day on")
@click.option("--reason", type=LINE, required=True, help="理由 / reason")
@workspace_option
@password_option
@answers()
@paper_options("認定取消通知書（別記5）", "the notice (別記5)")
def revoke_(console: Console, grant_id: str, day: date, reason: str, folder: Path, wanted: Wanted | None) -> int:
    """認定を取り消す / revoke an accreditation.

    ID: 認定番号、記録の名前、記録IDの先頭6文字以上 / its number, its subject, or 6 or more digits of its record id.
    """
    with opened(folder) as workspace:
        done = revoke(workspace, grant_id, day, reason, wanted)
    return show_happened(console, done, Text("取り消しました", "revoked"), day)


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
    return show_happened(console, done, Text("検査を記録しました", "inspected"), day)


@accredit.command("request")
@click.argument("grant_id", metavar="ID")
@click.option("--date", "day", type=DAY, required=True, help="申請の日 / day of the application")
@workspace_option
@password_option
@answers()
@answer_options("body", "representative", "handled")
@paper_options("事業者認定申請書（継続）（別記1ア）", "the application (別記1ア)", named=False)
def request_(console: Console, grant_id: str, day: date, folder: Path, wanted: Wanted | None, given: Answers) -> int:
    """自社の認定の更新を申請する（期限の1か月前まで） / apply for renewal, due a month before its last day.

    団体の台帳にある認定は、受け渡しファイルで取り込んでおく。申請の記録も受け渡しファイルで団体に送る。

    A grant in the body's log is taken in by bundle before; the request goes to the body by bundle, too.
    """
    if wanted is None and given != NO_ANSWERS:
        raise without_pdf(["--answers", "--body", "--representative", "--handled"])
    paper = None if wanted is None else replace(wanted, answers=given)
    with opened(folder) as workspace:
        done = request(workspace, grant_id, day, paper)
    return show_happened(console, done, Text("更新を申請しました", "renewal applied for"), day)


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
        console.data(granted_data(made))
    else:
        console.say(console.t("自社の行動規範を記録しました: ", "own code recorded: ") + terms_line(console, made))
        show_place(console, made)
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
        console.data([standing_data(s) for s in found])
        return FINE
    for standing in found:
        console.say(standing_line(console, standing))
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


accredit.add_command(apply)
accredit.add_command(policy)
