"""``biotrace sign``: take a casebook into the ledger."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from biotrace.services.late import logged_too_late
from biotrace.services.sign import Signed, sign_file

from .console import FINE, Console, answers
from .opening import opened
from .params import FILE, root_key_option, workspace_option
from .password import password_option


@click.command()
@click.argument("casebook", type=FILE)
@click.option(
    "--demo-keys", is_flag=True, help="各当事者の鍵で署名（実演・試験用） / sign as every party (demonstrations, tests)"
)
@workspace_option
@root_key_option
@password_option
@answers()
def sign(console: Console, casebook: Path, demo_keys: bool, folder: Path, root_key: Path | None) -> int:
    """casebook に署名して台帳に入れる / sign a casebook into the ledger.

    自分の鍵による「転記」として入る。何度実行しても同じ記録は一度しか入らない。

    It enters as transcriptions under the workspace's key; run again, it adds nothing twice.

    casebook の files にあるファイルは、写しをワークスペースの files フォルダーに取り、そのハッシュを記録に書く。

    Files that it names are copied into the workspace's folder files; the records state their hashes.

    古い書類を --demo-keys で入れると、認定の終わりから30日を過ぎて台帳に入ったものは A203（由来不明）。転記は別。

    Old papers under --demo-keys: what is logged over 30 days after its accreditation ended is A203 (unproven); a
    transcription is not.
    """
    with opened(folder, root_key) as workspace:
        result = sign_file(workspace, casebook, demo_keys=demo_keys)
        late = logged_too_late(workspace) if demo_keys else 0
    if console.json:
        console.data(asdict(result) | {"logged_too_late": late})
    else:
        _text(console, result, demo_keys, late)
    return FINE


def _text(c: Console, result: Signed, demo_keys: bool, late: int) -> None:
    if result.added:
        place = f"{result.first}–{result.last}"
        c.say(
            c.t(
                f"{result.added} 件に署名し、台帳の {place} 番に入れました",
                f"{result.added} records signed, entries {place}",
            )
        )
    if result.known:
        c.say(c.t(f"{result.known} 件はすでに台帳にあります", f"{result.known} were in the ledger already"))
    if result.changed:
        names = " ".join(result.changed)
        c.say(c.t(f"以後はこの casebook の内容を使います: {names}", f"from now on as in this casebook: {names}"))
    if result.outdated:
        names = " ".join(result.outdated)
        c.say(
            c.t(
                f"台帳にはより新しい内容があり、そちらを使います: {names}",
                f"the ledger goes by a later version of {names}",
            )
        )
    if result.files:
        c.say(
            c.t(
                f"書類のファイル {result.files} 件の写しをワークスペースに取りました",
                f"{result.files} files copied into the workspace",
            )
        )
    if demo_keys:
        c.say(
            c.t(
                "注意: 実演用の鍵は誰でも作れます。実際の証明には使えません。",
                "note: demonstration keys can be made by anyone and prove nothing in earnest.",
            )
        )
    if late:
        c.say(
            c.t(
                f"注意: 認定が終わった後に署名して台帳に入れたので、証明書 {late} 件は A203（由来不明）になります。"
                "転記（--demo-keys なし）ならなりません。",
                f"note: {late} certificates were signed and logged after their accreditation had ended: they are A203, "
                "unproven. Transcriptions (without --demo-keys) are excepted.",
            )
        )
