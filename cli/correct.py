"""``biotrace cancel``, ``replace``, ``hold`` and ``release``: correct a certificate by a new record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from biotrace.model.correction import Action
from biotrace.model.labels import label
from biotrace.services.consequences import Affected
from biotrace.services.correct import AlreadySo, Ask, Planned, log_correction, plan_correction
from biotrace.services.history import Event, What
from biotrace.services.logged import Logged
from biotrace.services.times import day_of
from biotrace.verify.verdict import LotVerdict

from .console import FINE, Console, answers, clock
from .history_view import event_data, standing_data, standing_text
from .opening import opened
from .params import DAY, LINE, workspace_option
from .password import password_option
from .suggestions import CERTIFICATES
from .verdict_view import class_name, outcome_word

F = TypeVar("F", bound=Callable[..., Any])


def _correcting(*, reason_needed: bool) -> Callable[[F], F]:
    """The argument and options that the four commands share."""

    def decorate(command: F) -> F:
        for option in (
            password_option,
            workspace_option,
            click.option("--dry-run", is_flag=True, help="試すだけで、何も書かない / only try: write nothing"),
            click.option(
                "--date", "day", type=DAY, default=None, help="訂正の日付（既定: 今日） / day of it (default: today)"
            ),
            click.option("--reason", type=LINE, required=reason_needed, help="理由 / reason"),
            click.argument("certificate", metavar="ID", shell_complete=CERTIFICATES),
        ):
            command = option(command)
        return command

    return decorate


@click.command()
@_correcting(reason_needed=True)
@answers()
def cancel(console: Console, certificate: str, reason: str, day: date | None, dry_run: bool, folder: Path) -> int:
    """証明書を取り消す / cancel a certificate.

    元の記録は消えない。取消しという新しい記録が加わり、これを引き当てた証明書・納入は由来不明となる。

    Nothing is removed: a new record says so, and what draws on the certificate counts as unproven.
    """
    return _correct(console, folder, Ask(Action.CANCEL, certificate, day or day_of(clock()), reason), dry_run)


@click.command()
@click.option("--by", type=LINE, required=True, help="差替え後の証明書 / the certificate in its place")
@_correcting(reason_needed=True)
@answers()
def replace(
    console: Console, certificate: str, by: str, reason: str, day: date | None, dry_run: bool, folder: Path
) -> int:
    """証明書を別の証明書で差し替える / replace a certificate by another.

    差替え後の証明書は、同じ発行者が先に発行しておく。引き当ては自動では移らない。

    The other one is issued first, by the same issuer. Draws do not move by themselves.
    """
    return _correct(console, folder, Ask(Action.REPLACE, certificate, day or day_of(clock()), reason, by), dry_run)


@click.command()
@_correcting(reason_needed=True)
@answers()
def hold(console: Console, certificate: str, reason: str, day: date | None, dry_run: bool, folder: Path) -> int:
    """証明書を保留にする / put a certificate on hold.

    確認が済むまでの間、これを引き当てた証明書・納入は由来不明となる。release で解く。

    Until it is released, what draws on the certificate counts as unproven.
    """
    return _correct(console, folder, Ask(Action.HOLD, certificate, day or day_of(clock()), reason), dry_run)


@click.command()
@_correcting(reason_needed=False)
@answers()
def release(
    console: Console, certificate: str, reason: str | None, day: date | None, dry_run: bool, folder: Path
) -> int:
    """証明書の保留を解く / release a certificate from hold.

    保留は、かけた者だけが解ける。保留中に引き当てたものは、解いた後も由来不明のまま。

    Only who put it on hold releases it. What drew on it meanwhile stays unproven.
    """
    return _correct(console, folder, Ask(Action.RELEASE, certificate, day or day_of(clock()), reason), dry_run)


def _correct(c: Console, folder: Path, ask: Ask, dry_run: bool) -> int:
    with opened(folder) as workspace:
        plan = plan_correction(workspace, ask)
        if isinstance(plan, Planned) and not c.json:
            _plan(c, plan)  # before anything is signed
        done: Logged | AlreadySo | None = None
        if isinstance(plan, AlreadySo):
            done = plan
        elif not dry_run:
            done = log_correction(workspace, plan)
    if c.json:
        c.data(_data(c, plan, done))
    elif isinstance(done, AlreadySo):
        _already(c, done)
    elif done is not None:
        c.say(c.t(f"台帳の {done.position} 番に記録しました", f"logged as entry {done.position}"))
        c.say(f"  {c.t('記録ID', 'record id')}: {done.record.record_id.hex()}")
    else:
        c.say(c.t("試行なので、何も書いていません", "only tried: nothing was written"))
    return FINE


def _plan(c: Console, plan: Planned) -> None:
    correction, record = plan.correction, plan.certificate.record
    target = f"{record.subject} ({record.record_id.hex()[:12]})"
    by = correction.by
    to = f" → {plan.subjects.get(by, '?')} ({by[:12]})" if by is not None else ""
    reason = c.t(f"  理由: {correction.reason}", f"  reason: {correction.reason}") if correction.reason else ""
    copied = c.t("  転記として", "  as a transcription") if plan.transcribed else ""
    c.say(f"{_name(c, plan.ask.action)}: {target}{to}  {correction.date}{reason}{copied}")
    for warning in plan.warnings:
        c.say(c.t("  注意: ", "  note: ") + warning.get(c.lang))
    _consequences(c, plan)


def _name(c: Console, action: Action) -> str:
    return label(action).ja if c.lang == "ja" else action.value


def _consequences(c: Console, plan: Planned) -> None:
    changed = [a for a in plan.affected if a.changes]
    if not plan.affected:
        c.say(c.t("  これを引き当てた証明書・納入はありません", "  nothing draws on it"))
    elif not changed:
        n = len(plan.affected)
        c.say(c.t(f"  これに拠る {n} 件の判定は変わりません", f"  the verdicts on the {n} that rest on it stay"))
    else:
        lots = sum(a.lot for a in changed)
        c.say(
            c.t(
                f"  判定が変わるもの {len(changed)} 件（うち発電所のロット {lots} 件）:",
                f"  verdicts that change: {len(changed)}, of these on lots at plants: {lots}",
            )
        )
        for affected in changed:
            c.say("    " + _affected(c, affected))
    if plan.ask.action in (Action.CANCEL, Action.REPLACE, Action.HOLD):
        c.say(
            c.t(
                "  今後これを引き当てると P508（由来不明）になります",
                "  whatever draws on it from now on is P508 (unproven)",
            )
        )


def _affected(c: Console, affected: Affected) -> str:
    record, own = affected.logged.record, affected.before.id
    new = {f.code for f in affected.after.findings} - {f.code for f in affected.before.findings}
    fell = "P511" in new and affected.before.clean
    why = c.t("（受入時は適合、今後は不適合）", " (clean when accepted, not now)") if fell else ""
    states = " → ".join(_outcome(c, lot) for lot in (affected.before, affected.after))
    lot = c.t("  発電所のロット", "  a lot at a plant") if affected.lot else ""
    codes = f"  {' '.join(sorted(new))}" if new else ""
    return f"{record.kind.label.get(c.lang)} {record.subject} ({own[:12]})  {states}{codes}{why}{lot}"


def _outcome(c: Console, lot: LotVerdict) -> str:
    return f"{class_name(lot.confirmed, c.lang)}[{outcome_word(lot, c)}]"


def _already(c: Console, same: AlreadySo) -> None:
    name = same.certificate.record.subject
    said = standing_text(c, same.standing, same.subjects)
    c.say(
        c.t(
            f"「{name}」はすでにそう記録されています: {said}。何も書いていません",
            f"{name}: said already: {said}; nothing was written",
        )
    )


def _data(c: Console, plan: Planned | AlreadySo, done: Logged | AlreadySo | None) -> dict[str, Any]:
    record = plan.certificate.record
    logged = done if isinstance(done, Logged) else None
    data: dict[str, Any] = {
        "action": plan.ask.action.value,
        "certificate": {
            "record_id": record.record_id.hex(),
            "subject": record.subject,
            "position": plan.certificate.position,
        },
        "logged": logged is not None,
        "already": isinstance(done, AlreadySo),
        "standing": None,
        "correction": None,
        "affected": [],
        "warnings": [],
    }
    if isinstance(done, AlreadySo):
        data["standing"] = standing_data(done.standing)
    if logged is not None:
        data["correction"] = event_data(Event(What.CORRECTED, logged))
    if isinstance(plan, Planned):
        data["warnings"] = [w.get(c.lang) for w in plan.warnings]
        data["affected"] = [_affected_data(a) for a in plan.affected]
    return data


def _affected_data(affected: Affected) -> dict[str, Any]:
    record = affected.logged.record
    return {
        "record_id": record.record_id.hex(),
        "kind": record.kind.name.lower(),
        "subject": record.subject,
        "lot": affected.lot,
        "changes": affected.changes,
        "before": _lot_data(affected.before),
        "after": _lot_data(affected.after),
    }


def _lot_data(lot: LotVerdict) -> dict[str, Any]:
    return {
        "confirmed": lot.confirmed.value,
        "status": lot.status.value,
        "clean": lot.clean,
        "fired": list(lot.fired),
    }
