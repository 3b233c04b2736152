"""``biotrace log``: the log as others see it: published, proven, verified, and cosigned by witnesses."""

from __future__ import annotations

import base64
from pathlib import Path

import click

from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.services.files import write_new
from biotrace.services.log_keys import count, sources, witnesses_in
from biotrace.services.log_publish import publish as publish_log
from biotrace.services.log_receipt import checkpoint_of, prove_growth, prove_record
from biotrace.services.log_verify import is_receipt, verify_log, verify_receipt

from .console import FINDINGS, FINE, Console, answers, clock
from .log_cosign import cosign
from .log_options import memory_of, record_id_of, verifier_options
from .log_view import checkpoint_data, receipt_data, show_receipt, show_verified, verified_data
from .opening import opened
from .params import FILE, workspace_option
from .password import password_option


@click.group()
def log() -> None:
    """ログを公開する・証明する・確かめる・連署する / publish, prove, verify and cosign the log."""


@log.command("publish")
@click.argument("out", metavar="DIR", type=FILE)
@click.option(
    "--all", "everything", is_flag=True, help="すべてのファイルを書き直す / write all files anew, to mend a folder"
)
@workspace_option
@answers()
def publish(console: Console, out: Path, everything: bool, folder: Path) -> int:
    """ログを静的ファイルとして書き出す / write the log as static files (tlog-tiles).

    DIR を Web サーバーに置けば誰でも確かめられる。名前・場所・数量は出ない。鍵は要らない。

    Put DIR on any web server. It shows hashes and times, and no partner, place or quantity. Needs no key.
    """
    with opened(folder) as workspace:
        done = publish_log(workspace, out, everything=everything)
        vkey = str(workspace.ledger.log_name)
    shown = done.checkpoint
    if console.json:
        data = {"dir": str(out), "origin": shown.origin, "size": shown.size, "root": shown.root.hex()}
        console.data(data | {"before": done.before, "files": done.files, "vkey": vkey})
        return FINE
    before = done.before or 0
    console.say(
        console.t(
            f"ログ {shown.origin} の {shown.size} 件を {out} に書き出しました（前は {before} 件、"
            f"書いたファイル {done.files}）",
            f"{shown.size} entries of log {shown.origin} published in {out} ({before} before, {done.files} files "
            "written)",
        )
    )
    console.say(console.t(f"確かめる人に伝える検証鍵: {vkey}", f"verifier key, to be told to verifiers: {vkey}"))
    return FINE


@log.command("checkpoint")
@click.option("--size", type=click.IntRange(0), default=None, help="この件数のとき（既定: 最新） / of this size")
@click.option("--out", "-o", type=FILE, default=None, help="書くファイル / file to write")
@workspace_option
@answers()
def checkpoint(console: Console, size: int | None, out: Path | None, folder: Path) -> int:
    """署名済みのチェックポイントを出す / print a signed checkpoint."""
    with opened(folder) as workspace:
        shown = checkpoint_of(workspace.ledger, size)
        logged_at = workspace.ledger.leaf(shown.size - 1).logged_at if shown.size else None
        witnesses = witnesses_in(folder, clock())
    if out is not None:
        write_new(out, shown.to_bytes())
    if console.json:
        cosigned = None if witnesses is None else count(shown, witnesses)
        console.data(checkpoint_data(shown, logged_at, cosigned) | {"file": None if out is None else str(out)})
    elif out is not None:
        console.say(console.t(f"チェックポイントを書きました: {out}", f"checkpoint written: {out}"))
    else:
        console.file(shown.to_bytes())
    return FINE


@log.command("prove")
@click.argument("record", metavar="[ID]", required=False)
@click.option(
    "--from", "start", type=click.IntRange(0), default=None, help="この件数からのつながり / growth from this size"
)
@click.option("--out", "-o", type=FILE, default=None, help="書くファイル / file to write")
@workspace_option
@password_option
@answers()
def prove(console: Console, record: str | None, start: int | None, out: Path | None, folder: Path) -> int:
    """記録の受領証、またはログのつながりの証明を書く / write a receipt, or a consistency proof.

    ID: 名前、証明書番号、または記録IDの先頭6文字以上。受領証（RFC 9942）にはログの鍵で署名する。

    With ID the receipt (RFC 9942) for that record, signed by the log's key; with --from the proof that the log only
    grew since it had that many entries.
    """
    if (record is None) == (start is None):
        raise UsageError(
            Text("ID か --from のどちらか一方を指定します", "give an ID or --from, one of the two"),
            Text("biotrace log prove --help で使い方を見られます", "see biotrace log prove --help"),
        )
    with opened(folder) as workspace:
        if record is not None:
            proven = prove_record(workspace, record)
            record_id = proven.logged.record.record_id.hex()
            content, name = proven.receipt.to_bytes(), f"{record_id[:16]}.receipt"
            said: dict[str, str | int] = {
                "record_id": record_id,
                "index": proven.receipt.index,
                "size": proven.receipt.size,
            }
            encoded = {"receipt": base64.b64encode(content).decode()}
        else:
            growth = prove_growth(workspace, start or 0)
            content, name = growth.to_bytes(), f"{growth.first.size}-{growth.second.size}.proof"
            said = {"from": growth.first.size, "size": growth.second.size}
            encoded = {"proof": content.decode()}
    path = out or (None if console.json else Path(name))
    if path is not None:
        write_new(path, content)
    if console.json:
        console.data(said | encoded | {"file": None if path is None else str(path)})
    elif record is not None:
        console.say(console.t(f"受領証を書きました: {path}", f"receipt written: {path}"))
        console.say(f"  {console.t('記録ID', 'record id')}: {said['record_id']}")
    else:
        console.say(console.t(f"つながりの証明を書きました: {path}", f"consistency proof written: {path}"))
    return FINE


@log.command("verify")
@click.argument("target", type=FILE)
@click.option(
    "--record",
    default=None,
    help="受領証の記録: 封筒のファイル、記録ID、-w があればその名前 / the receipt's record: envelope file or id",
)
@verifier_options
@answers()
def verify(
    console: Console,
    target: Path,
    record: str | None,
    vkey: str | None,
    trust: Path | None,
    folder: Path | None,
    pin: bool,
    proof: Path | None,
    memory_folder: Path | None,
) -> int:
    """公開されたログ・チェックポイント・受領証を確かめる / verify a published log, checkpoint or receipt.

    前に見たものと比べ、分岐（S105）や巻き戻しを見つけたら、両方を証拠として残す。

    It is compared with what was seen before; a log that forked or shrank (S105) is refused and both checkpoints kept.
    """
    among = sources(vkey, trust, folder, clock(), pin=pin)
    memory = memory_of(memory_folder, folder)
    if is_receipt(target):
        receipt = verify_receipt(target, record_id_of(record, folder), proof, among, memory)
        if console.json:
            console.data(receipt_data(receipt, console))
        else:
            show_receipt(console, receipt)
        return FINDINGS if receipt.findings else FINE
    verified = verify_log(target, proof, among, memory)
    if console.json:
        console.data(verified_data(verified, console))
    else:
        show_verified(console, verified)
    return FINDINGS if verified.findings else FINE


log.add_command(cosign)
