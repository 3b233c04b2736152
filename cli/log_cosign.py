"""``biotrace log cosign``: a witness's word for a checkpoint, given and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.services.log_cosign import Cosigning, TakenBack, take_back, witness_key
from biotrace.services.log_cosign import cosign as cosign_checkpoint
from biotrace.services.log_keys import sources

from .console import FINE, Console, answers, clock
from .log_options import memory_of, verifier_options
from .log_view import cosigned_data, cosigned_text, show_pinned
from .opening import opened
from .params import FILE
from .password import password, password_option


@click.command()
@click.argument("target", metavar="[CHECKPOINT]", type=FILE, required=False)
@click.option("--name", default=None, help="証人の名前 / the witness's name")
@click.option("--key", "key_file", type=FILE, default=None, help="証人の鍵ファイル / the witness's key file")
@click.option("--out", "-o", type=FILE, default=None, help="書くファイル / file to write")
@click.option("--print-vkey", is_flag=True, help="信頼リストに載せる検証鍵を出す / print the key for the trust list")
@click.option(
    "--add",
    "added",
    type=FILE,
    multiple=True,
    help="-w のログに、連署済みのチェックポイントを取り込む。複数可 / take cosigned checkpoints into the log of -w",
)
@verifier_options
@password_option
@answers()
def cosign(
    console: Console,
    target: Path | None,
    name: str | None,
    key_file: Path | None,
    out: Path | None,
    print_vkey: bool,
    added: tuple[Path, ...],
    vkey: str | None,
    trust: Path | None,
    folder: Path | None,
    pin: bool,
    proof: Path | None,
    memory_folder: Path | None,
) -> int:
    """証人としてチェックポイントに連署する / cosign a checkpoint as a witness.

    CHECKPOINT: チェックポイントのファイル、つながりの証明、またはログの公開フォルダー。前に見たログの続きだと
    確かめてから連署する。証人の鍵は biotrace trust key で作る。

    CHECKPOINT: a checkpoint's file, a consistency proof, or the folder of a published log. Only what is proven to
    continue the log as it was last seen is cosigned. A witness's key is made by biotrace trust key.
    """
    if (target is not None) + print_vkey + bool(added) != 1:
        raise _misused(
            Text(
                "CHECKPOINT・--print-vkey・--add のどれか一つを指定します",
                "give a CHECKPOINT, --print-vkey or --add, one of the three",
            )
        )
    if added:
        with opened(folder or Path()) as workspace:
            _show_taken(console, take_back(workspace, added, clock()))
        return FINE
    if name is None or key_file is None:
        raise _misused(Text("証人の --name と --key が要ります", "a witness's --name and --key are needed"))
    if target is None:
        verifier, _ = witness_key(name, key_file, password)
        if console.json:
            console.data({"name": name, "vkey": str(verifier)})
        else:
            console.say(str(verifier))
        return FINE
    if out is None:
        raise _misused(Text("--out に書くファイルを指定します", "name the file to write with --out"))
    among = sources(vkey, trust, folder, clock(), pin=pin)
    memory = memory_of(memory_folder, folder)
    done = cosign_checkpoint(target, proof, among, memory, (name, key_file, password), out, clock())
    _show_cosigned(console, done, out)
    return FINE


def _misused(message: Text) -> UsageError:
    help_text = Text("biotrace log cosign --help で使い方を見られます", "see biotrace log cosign --help")
    return UsageError(message, help_text, code="command-line")


def _show_cosigned(c: Console, done: Cosigning, out: Path) -> None:
    shown = done.checkpoint
    if c.json:
        data: dict[str, Any] = {"origin": shown.origin, "size": shown.size, "root": shown.root.hex()}
        before = None if done.before is None else done.before.size
        c.data(data | {"file": str(out), "witness": str(done.witness), "before": before, "pinned_now": done.pinned})
        return
    if done.pinned:
        show_pinned(c, done.belief.log)
    c.say(
        c.t(
            f"ログ {shown.origin} の {shown.size} 件に {done.witness.name} として連署しました: {out}",
            f"{shown.size} entries of log {shown.origin} cosigned as {done.witness.name}: {out}",
        )
    )
    if done.before is None:
        c.say(c.t("  前に見たことのないログです", "  this log was not seen before"))


def _show_taken(c: Console, taken: Sequence[TakenBack]) -> None:
    if c.json:
        c.data(
            {
                "checkpoints": [
                    {
                        "origin": each.checkpoint.origin,
                        "size": each.checkpoint.size,
                        "cosigned": cosigned_data(each.cosigned),
                        "unknown": list(each.unknown),
                    }
                    for each in taken
                ]
            }
        )
        return
    for each in taken:
        size = each.checkpoint.size
        c.say(c.t(f"{size} 件のチェックポイント: ", f"checkpoint of {size}: ") + cosigned_text(c, each.cosigned))
        for name in each.unknown:
            c.say(
                c.t(
                    f"  {name}: 信頼リストにない署名者。確かめずに残しました",
                    f"  {name}: not in the trust list; kept, not verified",
                )
            )
