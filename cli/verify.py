"""``biotrace verify``: judge lots in the ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from biotrace.services.accepted import Accepted
from biotrace.services.verify import Verified, verify_lots
from biotrace.verify.verdict_json import finding_data, kilograms_by_class, verdict_data

from .console import FINDINGS, FINE, Console, answers
from .log_view import log_data, show_log
from .opening import opened
from .params import DAY, workspace_option
from .suggestions import CERTIFICATES
from .verdict_view import class_name, outcome_word, show_findings, show_verdict


@click.command()
@click.argument("lots", nargs=-1, metavar="[LOT]...", shell_complete=CERTIFICATES)
@click.option(
    "--as-of", type=DAY, default=None, help="この日までの記録で判定 / judge by what was logged up to this day"
)
@workspace_option
@answers()
def verify(console: Console, lots: tuple[str, ...], as_of: date | None, folder: Path) -> int:
    """納入を伐採地までさかのぼって検証する / verify lots back to the forest.

    LOT を省くと台帳のすべての記録を読み、すべてのロットを判定する / without LOT: every entry is read, every lot judged.
    """
    with opened(folder) as workspace:
        verified = verify_lots(workspace, lots, as_of)
    if console.json:
        data = verdict_data(verified.verdict, str(folder), console.lang)
        data["integrity"] = {
            "entries": verified.entries,
            "read": verified.entries if verified.seen is None else verified.seen,
            "audited_up_to": verified.audited_up_to,
            "findings": [finding_data(f, console.lang) for f in verified.damage],
        }
        data["subjects"] = verified.subjects
        data["logs"] = [log_data(log) for log in verified.logs]
        for lot in data["lots"]:
            lot["when_accepted"] = _accepted_data(verified.when_accepted.get(lot["id"]))
        console.data(data)
    else:
        _text(console, verified, str(folder))
    return FINE if verified.clean else FINDINGS


def _text(c: Console, verified: Verified, name: str) -> None:
    if verified.damage:
        forked = all(finding.code == "S105" for finding in verified.damage)
        count = verified.entries if verified.seen is None else verified.seen
        if forked:
            c.say(
                c.t(
                    f"台帳 {count} 件を読み、ログに重大な問題が見つかりました:",
                    f"{count} entries read; the log is void:",
                )
            )
        else:
            c.say(
                c.t(
                    f"台帳 {count} 件を読み、壊れた記録が見つかりました:",
                    f"{count} entries read; the ledger is damaged:",
                )
            )
        show_findings(c, verified.damage, verified.subjects)
        if not forked:
            c.say(
                c.t(
                    "以下の判定は、壊れた記録がないものとして行いました。ほかの指摘も破損によることがあります。",
                    "what follows leaves the damaged entries out; other findings may come from the damage.",
                )
            )
    elif verified.seen is None:
        c.say(
            c.t(
                f"台帳の {verified.entries} 件すべてについて、署名・ハッシュ・順序を確かめました",
                f"signature, hash and order of all {verified.entries} entries verified",
            )
        )
    else:
        c.say(
            c.t(
                f"台帳 {verified.entries} 件のうち関わりのある {verified.seen} 件を読み、"
                "ハッシュ・署名・ログの木での位置を確かめました",
                f"read the {verified.seen} of {verified.entries} entries that bear on this: "
                "hash, signature and place in the log's tree verified",
            )
        )
    if verified.seen is not None:
        c.say(_elsewhere(c, verified.audited_up_to))
    for log in verified.logs:
        show_log(c, log)
    remarks = {lot: _accepted(c, accepted) for lot, accepted in verified.when_accepted.items()}
    show_verdict(c, verified.verdict, name, verified.subjects, remarks)


def _elsewhere(c: Console, audited: int | None) -> str:
    """Where what a check of single lots does not see is told."""
    what = c.t(
        "ほかの記録、鍵ごとの連なり、発行者・置場・発電所の規則は監査（biotrace audit）で確かめます: ",
        "other entries, chains of keys, and rules about issuers, yards and plants: see the audit (biotrace audit), ",
    )
    if audited is None:
        return what + c.t("このワークスペースの監査はまだありません", "of which there is none yet in this workspace")
    return what + c.t(f"最後の監査は台帳の {audited - 1} 番まで", f"the last one goes up to entry {audited - 1}")


def _accepted(c: Console, accepted: Accepted) -> str:
    """What the lot was when the ledger took it: "受入時（2014-11-18、台帳の 25 番）: 間伐材等由来、適合"."""
    then = accepted.lot
    when = c.t("受入時", "when accepted") if accepted.delivered else c.t("台帳に入った時", "when logged")
    where = c.t(f"（{accepted.day}、台帳の {accepted.position} 番）", f" ({accepted.day}, entry {accepted.position})")
    worse = dict.fromkeys(f.code for f in then.findings if not f.is_notice)
    codes = f" {' '.join(worse)}" if worse else ""
    joined = c.t("、", ", ").join((class_name(then.confirmed, c.lang), outcome_word(then, c)))
    return f"{when}{where}: {joined}{codes}"


def _accepted_data(accepted: Accepted | None) -> dict[str, Any] | None:
    if accepted is None:
        return None
    then = accepted.lot
    return {
        "as_of": accepted.day.isoformat(),
        "entry": accepted.position,
        "confirmed": then.confirmed.value,
        "status": then.status.value,
        "if_passed": then.if_passed.value if then.if_passed is not None else None,
        "clean": then.clean,
        "kg_bone_dry_by_class": kilograms_by_class(then.by_class),
        "fired": list(then.fired),
    }
