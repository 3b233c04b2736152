"""``biotrace key``: the keys of the ledger and of this machine."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from biotrace.chain.kinds import KeyEndReason
from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.services.files import read_file
from biotrace.services.keys import (
    Ended,
    KeyStatus,
    bind_key,
    change_password,
    end_key,
    list_keys,
    replace_device_key,
)
from biotrace.services.trust import read_key

from .console import FINE, Console, answers
from .opening import opened
from .params import DAY, FILE, LINE, root_key_option, workspace_option
from .password import password_option

_REASONS = click.Choice([reason.value for reason in KeyEndReason])
_SINCE = Text(
    "この日以後に台帳に入ったものを無効にする（既定: 今から）", "what was logged from this day on counts no longer"
)


@click.group()
def key() -> None:
    """鍵の一覧・交換・失効 / the keys: list them, replace this machine's, end a lost or leaked one."""


@key.command("list")
@workspace_option
@answers()
def list_(console: Console, folder: Path) -> int:
    """台帳の鍵の一覧 / the keys that the ledger knows."""
    with opened(folder) as workspace:
        keys = list_keys(workspace)
    if console.json:
        console.data([_data(k) for k in keys])
    else:
        for status in keys:
            console.say(_line(console, status))
    return FINE


@key.command("new")
@click.option("--reason", type=_REASONS, default="replaced", show_default=True, help="前の鍵をやめる理由 / why")
@click.option("--since", type=DAY, default=None, help=f"{_SINCE.ja} / {_SINCE.en}")
@workspace_option
@root_key_option
@password_option
@answers()
def new(console: Console, reason: str, since: date | None, folder: Path, root_key: Path | None) -> int:
    """この端末の署名鍵を新しくし、前の鍵を失効させる / a new key for this machine; the old one ends.

    失くした・盗まれたときは --reason lost か leaked と --since を / lost or leaked: give --reason and --since.
    """
    with opened(folder, root_key) as workspace:
        result = replace_device_key(workspace, KeyEndReason(reason), since)
    kid = result if isinstance(result, str) else result.new
    if console.json:
        console.data({"kid": kid, "ended": _ended_data(result) if isinstance(result, Ended) else None})
    else:
        console.say(console.t(f"新しい署名鍵 {kid}", f"new signing key {kid}"))
        if isinstance(result, Ended):
            _ended(console, result)
        _hand_on(console)
    return FINE


@key.command("end")
@click.argument("kid", metavar="KEY")
@click.option("--reason", type=_REASONS, required=True, help="理由: 交換・紛失・漏えい / replaced, lost or leaked")
@click.option("--since", type=DAY, default=None, help=f"{_SINCE.ja} / {_SINCE.en}")
@click.option("--dry-run", is_flag=True, help="何が無効になるかを見るだけ / only show what would count no longer")
@workspace_option
@root_key_option
@password_option
@answers()
def end(
    console: Console, kid: str, reason: str, since: date | None, dry_run: bool, folder: Path, root_key: Path | None
) -> int:
    """鍵を失効させる / end a key: what it signs from then on is refused."""
    with opened(folder, root_key) as workspace:
        result = end_key(workspace, kid, KeyEndReason(reason), since, rehearse=dry_run)
    if console.json:
        console.data(_ended_data(result) | {"dry_run": dry_run})
    else:
        if dry_run:
            console.say(console.t("試しただけで、何も書いていません", "rehearsed: nothing was written"))
        _ended(console, result)
    return FINE


@key.command("bind")
@click.argument("public", type=FILE, metavar="PUBLIC_KEY")
@click.option("--party", type=LINE, required=True, help="鍵の持ち主（台帳にあるIDか名称） / whose it is")
@workspace_option
@root_key_option
@password_option
@answers()
def bind(console: Console, public: Path, party: str, folder: Path, root_key: Path | None) -> int:
    """ほかの端末・当事者の公開鍵を台帳に登録する / bind another machine's or party's key.

    PUBLIC_KEY は相手の keys/device.pub / the file keys/device.pub of theirs.
    """
    with opened(folder, root_key) as workspace:
        status = bind_key(workspace, read_key(public), party)
    if console.json:
        console.data(_data(status))
    else:
        console.say(_line(console, status))
    return FINE


@key.command("password")
@click.option(
    "--new-password-file", "new", type=FILE, required=True, help="新しいパスワードだけを書いたファイル / new password"
)
@workspace_option
@root_key_option
@password_option
@answers()
def password_(console: Console, new: Path, folder: Path, root_key: Path | None) -> int:
    """鍵のパスワードを変える / change the password of the keys that are here."""
    with opened(folder, root_key) as workspace:
        names = change_password(workspace, _one_line(new))
    if console.json:
        console.data({"changed": list(names)})
    else:
        done = "、".join(n.file for n in names)
        console.say(console.t(f"パスワードを変えました: {done}", f"password changed: {done}"))
        console.say(
            console.t(
                "前の控えの鍵は、前のパスワードのままです",
                "keys in earlier backups still have the earlier password",
            )
        )
    return FINE


def _one_line(path: Path) -> str:
    lines = read_file(path).decode("utf-8-sig", errors="replace").splitlines()
    if len(lines) != 1:
        raise UsageError(
            Text(f"{path}: パスワードの1行ではありません", f"{path}: is not one line with a password"),
            Text("パスワードだけを1行、UTF-8 で書いてください", "write the password alone, on one line, in UTF-8"),
            code="password-file",
        )
    return lines[0]


def _line(c: Console, k: KeyStatus) -> str:
    what = c.t("管理鍵", "root") if k.root else c.t("署名鍵", "key")
    here = c.t(f"  ここにある（{k.here.file}）", f"  here ({k.here.file})") if k.here is not None else ""
    line = f"{k.kid}  {what}  {k.name}  {k.day}–"
    if k.until is not None:
        reason = k.reason.label.get(c.lang) if k.reason is not None else c.t("登録した鍵の失効", "its binder ended")
        line += c.t(f"  失効（{k.until} 番から、{reason}）", f"  ended (from index {k.until}, {reason})")
    signed = c.t(f"  署名 {k.signed} 件", f"  {k.signed} signed")
    void = c.t(f"、うち無効 {k.void} 件", f", {k.void} of them void") if k.void else ""
    return line + signed + void + here


def _ended(c: Console, e: Ended) -> None:
    c.say(
        c.t(
            f"鍵 {e.key.kid}（{e.key.name}）は台帳の {e.first} 番から失効",
            f"key {e.key.kid} ({e.key.name}) ends at index {e.first}",
        )
    )
    for logged in e.void:
        record = logged.record
        c.say(c.t("  無効になる: ", "  no longer counts: ") + f"{record.kind.label.get(c.lang)} {record.subject}")


def _hand_on(c: Console) -> None:
    c.say(
        c.t(
            "新しい trust.json を、QRコードを確かめる相手に渡してください",
            "hand the new trust.json to whoever checks your QR codes",
        )
    )


def _data(k: KeyStatus) -> dict[str, Any]:
    return {
        "kid": k.kid,
        "party": k.party,
        "name": k.name,
        "root": k.root,
        "bound": k.bound,
        "day": k.day.isoformat(),
        "until": k.until,
        "reason": k.reason,
        "signed": k.signed,
        "void": k.void,
        "here": k.here.file if k.here is not None else None,
    }


def _ended_data(e: Ended) -> dict[str, Any]:
    void = [{"entry": v.position, "id": v.record.record_id.hex(), "subject": v.record.subject} for v in e.void]
    return {"kid": e.key.kid, "from_index": e.first, "no_longer_counts": void}
