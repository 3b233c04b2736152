"""``biotrace show``: one record and its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from biotrace.services.ledger_case import Logged, read_ledger
from biotrace.services.show import Shown, body_data
from biotrace.services.show import show as show_record
from biotrace.services.times import local_time

from .console import FINDINGS, FINE, Console, answers, opened, workspace_option


@click.command()
@click.argument("record", metavar="ID")
@workspace_option
@answers()
def show(console: Console, record: str, folder: Path) -> int:
    """記録の内容・引用・訂正を見る / show a record, what it cites, and its corrections.

    ID: 名前、証明書番号、または記録IDの先頭6文字以上 / its subject, number, or 6 or more digits of its record id.
    """
    workspace = opened(folder)
    shown = show_record(read_ledger(workspace.ledger), record)
    workspace.close()
    if console.json:
        console.data(_data(shown))
    else:
        _text(console, shown)
    return FINDINGS if shown.logged.findings else FINE


def _text(c: Console, shown: Shown) -> None:
    logged, r = shown.logged, shown.logged.record
    how = c.t("転記", "transcribed") if r.transcribed else c.t("署名", "signed")
    c.say(f"{r.kind.label.get(c.lang)} {r.subject}")
    c.say(f"  {c.t('記録ID', 'record id')}: {r.record_id.hex()}")
    c.say(f"  {c.t('台帳', 'ledger')}: {logged.position}  {local_time(logged.logged_at)}")
    signed = f"{r.issuer}  {c.t('鍵', 'key')} {r.kid.hex()}  {c.t('通し番号', 'seq')} {r.seq}"
    c.say(f"  {how}: {signed}  {local_time(r.issued_at)}")
    for finding in logged.findings:
        c.say(f"  {finding.rule}: {finding.message.get(c.lang)}")
    text = yaml.safe_dump(shown.body, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)
    for line in text.splitlines():
        c.say("  | " + line)
    _list(c, c.t("引用", "cites"), shown.cites)
    _list(c, c.t("引用元", "cited by"), shown.cited_by)
    for correction in shown.corrections:
        data = body_data(correction.record.body)
        c.say(f"  {c.t('訂正', 'correction')}: {data['date']} {data['action']} {data.get('reason', '')}")


def _list(c: Console, title: str, entries: Sequence[Logged]) -> None:
    for entry in entries:
        r = entry.record
        c.say(f"  {title}: {r.kind.label.get(c.lang)} {r.subject} ({r.record_id.hex()[:12]})")


def _data(shown: Shown) -> dict[str, Any]:
    return {
        **_head(shown.logged),
        "body": shown.body,
        "findings": [{"code": f.rule, "message": f.message.en} for f in shown.logged.findings],
        "cites": [_head(e) for e in shown.cites],
        "cited_by": [_head(e) for e in shown.cited_by],
        "corrections": [_head(e) | {"body": body_data(e.record.body)} for e in shown.corrections],
    }


def _head(logged: Logged) -> dict[str, Any]:
    r = logged.record
    return {
        "record_id": r.record_id.hex(),
        "kind": r.kind.name.lower(),
        "subject": r.subject,
        "issuer": r.issuer,
        "transcribed": r.transcribed,
        "position": logged.position,
        "logged_at": logged.logged_at,
        "issued_at": r.issued_at,
        "kid": r.kid.hex(),
        "seq": r.seq,
    }
