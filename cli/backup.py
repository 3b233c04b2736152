"""``biotrace backup``: the workspace in one file."""

from __future__ import annotations

from pathlib import Path

import click

from biotrace.services.backup import BackedUp, make_backup
from biotrace.services.times import local_time

from .console import FINDINGS, FINE, Console, answers
from .opening import opened
from .params import FILE, workspace_option

_SHOWN = 5


@click.command()
@click.argument("file", type=FILE)
@workspace_option
@answers()
def backup(console: Console, file: Path, folder: Path) -> int:
    """ワークスペースの控えを1つのファイルに作る / back up the workspace to one file.

    台帳・暗号化された鍵・信頼リストが入る。ほかの操作の途中でもよく、パスワードは要らない。この端末の署名鍵は入らず、
    戻すときに新しくなる。

    With the ledger, the sealed keys and the trust list; not with this machine's signing key, which a restore replaces.
    """
    with opened(folder) as workspace:
        made = make_backup(workspace, file)
    if console.json:
        console.data(
            {
                "file": str(made.path),
                "bytes": made.bytes,
                "origin": made.manifest.log.name,
                "size": made.manifest.size,
                "root": made.manifest.root.hex(),
                "members": sorted(made.manifest.members),
                "left_out": list(made.left_out),
                "root_key": made.root_key,
                "wrong": [wrong.get(console.lang) for wrong in made.wrong],
            }
        )
    else:
        _text(console, made)
    return FINDINGS if made.wrong else FINE


def _text(c: Console, made: BackedUp) -> None:
    at, size = local_time(made.manifest.made_at), made.manifest.size
    c.say(
        c.t(
            f"控えを作り、読み直して確かめました: {made.path}（{at}、記録 {size} 件、{made.bytes:,} バイト）",
            f"backup made and read back: {made.path} ({at}, {size} entries, {made.bytes:,} bytes)",
        )
    )
    if not made.root_key:
        c.say(
            c.t(
                "管理鍵（root.key）はワークスペースにないので入っていません。戻すときに要るので、別に保管してください。",
                "the root key (root.key) is not in the workspace, so not in the backup: keep it, a restore needs it.",
            )
        )
    for name in made.left_out:
        c.say(c.t(f"入れられないファイルです: {name}", f"left out: {name}"))
    c.say(
        c.t(
            "別の場所に置いてください。台帳の中身はパスワードなしで読めます。戻すには鍵のパスワードが要ります。",
            "keep it elsewhere. The ledger in it can be read without a password; restoring it takes that of the keys.",
        )
    )
    if made.wrong:
        c.say(
            c.t(
                "警告: 台帳が壊れているので、この控えからは戻せません。前の控えを残してください。",
                "warning: the ledger is damaged, so nothing can be restored from this backup. Keep the earlier ones.",
            )
        )
        for wrong in made.wrong[:_SHOWN]:
            c.say("  " + wrong.get(c.lang))
