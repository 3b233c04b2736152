"""``biotrace show``: one record and its neighbours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
import yaml

from biotrace.model.labels import label
from biotrace.services.logged import Logged
from biotrace.services.record_data import body_data, quantity_data
from biotrace.services.show import Shown
from biotrace.services.show import show as show_record
from biotrace.services.stored_files import Copy
from biotrace.services.times import local_time

from .console import FINDINGS, FINE, Console, answers
from .enclosures import file_data, file_line
from .history_view import event_data, show_history, standing_data
from .opening import opened
from .params import DAY, workspace_option
from .suggestions import CERTIFICATES

_RECORD_ID = re.compile("[0-9a-f]{64}")


@click.command()
@click.argument("record", metavar="ID", shell_complete=CERTIFICATES)
@click.option(
    "--as-of", type=DAY, default=None, help="この日の終わりの時点で見る / as the ledger stood at the end of this day"
)
@workspace_option
@answers()
def show(console: Console, record: str, as_of: date | None, folder: Path) -> int:
    """記録の内容・引用・経過・残りを見る / show a record, its links, history and balance.

    ID: 名前、証明書番号、または記録IDの先頭6文字以上 / its subject, number, or 6 or more digits of its record id.
    """
    with opened(folder) as workspace:
        shown = show_record(workspace, record, as_of)
    if console.json:
        console.data(_data(shown))
    else:
        _text(console, shown)
    altered = any(copy is Copy.ALTERED for _, copy in shown.files)
    return FINDINGS if shown.logged.findings or altered else FINE


def _text(c: Console, shown: Shown) -> None:
    logged, r = shown.logged, shown.logged.record
    how = c.t("転記", "transcribed") if r.transcribed else c.t("署名", "signed")
    c.say(f"{r.kind.label.get(c.lang)} {r.subject}")
    c.say(f"  {c.t('記録ID', 'record id')}: {r.record_id.hex()}")
    place = c.t(f"台帳: {logged.position} 番", f"ledger: entry {logged.position}")
    if logged.log:
        place = c.t(f"ログ {logged.log}: {logged.position} 番", f"log {logged.log}: entry {logged.position}")
    c.say(f"  {place}  {local_time(logged.logged_at)}")
    c.say(f"  {how}: {r.issuer}  {local_time(r.issued_at)}  {c.t('鍵', 'key')} {r.kid.hex()} ({r.seq})")
    for finding in logged.findings:
        weight = c.t("注意", "notice") if finding.is_notice else c.t("壊れています", "DAMAGED")
        c.say(f"  {weight}: {finding.rule} {finding.message.get(c.lang)}")
    body = {key: value for key, value in shown.body.items() if value != r.record_id.hex() and key != "files"}
    text = yaml.safe_dump(body, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)
    for line in text.splitlines():
        c.say("  | " + _with_names(line, shown.subjects))
    for field, value in shown.private.items():
        said = c.t("（開示されていない）", "(not disclosed)") if value is None else str(value)
        c.say(f"  {c.t('非公開', 'private')}: {label(field).get(c.lang)} {said}")
    for file, copy in shown.files:
        c.say(f"  {c.t('ファイル', 'file')}: {file_line(c, file)}  {copy.message.get(c.lang)}")
    if shown.used is not None or shown.left is not None:
        used, left = (str(quantity) if quantity is not None else "0" for quantity in (shown.used, shown.left))
        c.say(c.t(f"  引き当て・納入済み {used}、残り {left}", f"  drawn and delivered {used}, left {left}"))
    _list(c, c.t("引用", "cites"), shown.cites)
    _list(c, c.t("引用元", "cited by"), shown.cited_by)
    if shown.history is not None:
        show_history(c, shown.history, shown)


def _with_names(line: str, subjects: Mapping[str, str]) -> str:
    """Record ids as their signers' names for them, with the digits that find them."""
    return _RECORD_ID.sub(lambda found: f"{subjects.get(found[0], '?')} ({found[0][:12]})", line)


def _list(c: Console, title: str, entries: Sequence[Logged]) -> None:
    for entry in entries:
        r = entry.record
        c.say(f"  {title}: {r.kind.label.get(c.lang)} {r.subject} ({r.record_id.hex()[:12]})")


def _data(shown: Shown) -> dict[str, Any]:
    return {
        **_head(shown.logged),
        "body": shown.body,
        "used": quantity_data(shown.used) if shown.used is not None else None,
        "left": quantity_data(shown.left) if shown.left is not None else None,
        "private": {str(field): value for field, value in shown.private.items()},
        "files": [file_data(file) | {"copy": copy.value} for file, copy in shown.files],
        "findings": [{"code": f.rule, "message": f.message.en} for f in shown.logged.findings],
        "cites": [_head(e) for e in shown.cites],
        "cited_by": [_head(e) for e in shown.cited_by],
        "corrections": [_head(e) | {"body": body_data(e.record.body)} for e in shown.corrections],
        "as_of": shown.as_of.isoformat() if shown.as_of is not None else None,
        "standing": standing_data(shown.history.standing) if shown.history is not None else None,
        "history": [event_data(e) for e in shown.history.events] if shown.history is not None else [],
    }


def _head(logged: Logged) -> dict[str, Any]:
    r = logged.record
    return {
        "record_id": r.record_id.hex(),
        "kind": r.kind.name.lower(),
        "subject": r.subject,
        "log": logged.log or None,
        "issuer": r.issuer,
        "transcribed": r.transcribed,
        "position": logged.position,
        "logged_at": logged.logged_at,
        "issued_at": r.issued_at,
        "kid": r.kid.hex(),
        "seq": r.seq,
    }
