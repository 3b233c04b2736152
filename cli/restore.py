"""``biotrace restore``: a workspace made of a backup."""

from __future__ import annotations

from pathlib import Path

import click

from biotrace.chain.kinds import KeyEndReason
from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.services.restore import Order, Restored
from biotrace.services.restore import restore as restore_backup
from biotrace.services.restore_latest import GoOn
from biotrace.services.times import local_time

from .console import FINE, Console, answers, clock
from .opening import PROMPT
from .params import FILE, root_key_option
from .password import password, password_option


@click.command()
@click.argument("file", type=FILE)
@click.argument("folder", metavar="DIR", type=FILE)
@click.option(
    "--continue",
    "same",
    is_flag=True,
    help="控えの後に何も渡していない: 同じログを続ける / nothing was handed out since",
)
@click.option(
    "--new-log", "new", is_flag=True, help="渡したか、分からない: 新しいログとして続ける / something may have been"
)
@click.option(
    "--latest",
    type=FILE,
    multiple=True,
    help="最後に渡したもの: 公開フォルダー、チェックポイント、受領証、受け渡しファイル（複数可）"
    " / what was handed out last; may be given more than once",
)
@click.option(
    "--reason",
    type=click.Choice([reason.value for reason in KeyEndReason]),
    default=KeyEndReason.REPLACED.value,
    show_default=True,
    help="前の端末の署名鍵をやめる理由 / why the old machine's key is ended",
)
@click.option(
    "--local",
    is_flag=True,
    help="台帳のサーバーが失われた: 控えの写しを使う / the ledger's server is lost: use the copy in the backup",
)
@root_key_option
@password_option
@answers()
def restore(
    console: Console,
    file: Path,
    folder: Path,
    same: bool,
    new: bool,
    latest: tuple[Path, ...],
    reason: str,
    local: bool,
    root_key: Path | None,
) -> int:
    """控えから、新しいフォルダー DIR にワークスペースを戻す / make a workspace in the new folder DIR of a backup.

    この端末の署名鍵を新しく作り、前の端末の鍵を失効させる。台帳がサーバーにあるときは、この端末をそこに加える。

    This machine gets a new signing key, and the old machine's is ended. Where the ledger is on a server, this machine
    joins it, and nothing is ended.
    """
    if same and new:
        raise UsageError(
            Text("--continue と --new-log は一方だけ指定します", "give --continue or --new-log, not both"),
            Text("どちらかを省いてください", "leave one out"),
            code="restore-choice",
        )
    go_on = GoOn.CONTINUE if same else GoOn.NEW_LOG if new else None
    order = Order(file, folder, go_on, latest, KeyEndReason(reason), root_key, local)
    restored = restore_backup(order, clock, lambda: password(PROMPT))
    if console.json:
        console.data(
            {
                "workspace": str(restored.folder),
                "party": restored.manifest.party,
                "made_at": restored.manifest.made_at,
                "size": restored.manifest.size,
                "log": str(restored.log),
                "log_before": str(restored.manifest.log),
                "kid": restored.device,
                "ended": restored.ended,
                "shared": restored.shared,
            }
        )
    else:
        _text(console, restored)
    return FINE


def _text(c: Console, done: Restored) -> None:
    at, size = local_time(done.manifest.made_at), done.manifest.size
    c.say(
        c.t(
            f"ワークスペースを戻しました: {done.folder}（{at} の控え、記録 {size} 件）",
            f"workspace restored: {done.folder} (backup of {at}, {size} entries)",
        )
    )
    c.say(c.t(f"この端末の新しい署名鍵 {done.device}", f"this machine's new signing key {done.device}"))
    if done.shared:
        c.say(
            c.t(
                "台帳はサーバーのものです。前の端末の鍵はそのままなので、使わなくなったなら biotrace key end で"
                "失効させてください",
                "the ledger is the one on the server. The old machine's key still signs: if that machine is gone, end "
                "its key with biotrace key end",
            )
        )
        return
    _own(c, done)


def _own(c: Console, done: Restored) -> None:
    if done.ended is not None:
        c.say(c.t(f"前の端末の署名鍵 {done.ended} は失効", f"the old machine's key {done.ended} is ended"))
    if done.log != done.manifest.log:
        c.say(
            c.t(
                f"ログは新しい名前 {done.log.name} で続きます。取引先に新しい検証鍵を伝えてください: {done.log}",
                f"the log goes on as {done.log.name}; tell your partners its verifier key: {done.log}",
            )
        )
        c.say(
            c.t(
                "控えの後に発行した証明書はこの台帳にありません。次に発行する前に、その写しを casebook にして"
                "biotrace sign で取り込んでください（番号と在庫を二度使わないため）。",
                "certificates issued since the backup are not in this ledger: before you issue the next, take in their "
                "copies with biotrace sign, lest their numbers and stock be used twice.",
            )
        )
    c.say(
        c.t(
            "警告: 前のパソコンがまだ動くなら、そこではもう使わないでください。両方で記録するとログが分岐します。",
            "warning: if the old machine still works, use biotrace there no more: with both at work the log forks.",
        )
    )
    c.say(
        c.t(
            "次は、biotrace verify で台帳を確かめ、新しい trust.json を相手に渡し、新しい控えを作ってください。",
            "next: look at the ledger with biotrace verify, hand on the new trust.json, and make a new backup.",
        )
    )
