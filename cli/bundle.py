"""``biotrace bundle``: what a partner needs to check lots, in one file by e-mail or on a stick."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from biotrace.chain.bundle_check import VerifiedBundle, VerifiedPart
from biotrace.model.labels import label
from biotrace.model.private import PrivateField
from biotrace.services.bundle_make import Made, Order, write_bundle
from biotrace.services.bundle_take import TakenBundle, take_bundle
from biotrace.services.bundle_verdict import Judged, judge_bundle
from biotrace.services.times import local_time
from biotrace.verify.verdict_json import verdict_data

from .console import FINDINGS, FINE, Console, answers, clock
from .enclosures import enclosure_data, show_enclosures
from .opening import opened
from .params import FILE, LINE, workspace_option
from .password import password_option
from .verdict_view import show_verdict


@click.group()
def bundle() -> None:
    """受け渡しファイル（台帳もネットも要らない証拠一式） / bundles: evidence that needs no ledger and no network."""


@bundle.command("make")
@click.argument("lots", nargs=-1, required=True, metavar="LOT...")
@click.option("--out", type=FILE, required=True, help="作るファイル / the file to make")
@click.option("--to", type=LINE, default=None, help="受取先の事業者ID（開示するとき必須） / the receiver's party id")
@click.option(
    "--disclose",
    type=click.Choice([field.value for field in PrivateField]),
    multiple=True,
    help="開示する非公開項目（複数可） / private field to disclose, may be given more than once",
)
@click.option(
    "--complete",
    is_flag=True,
    help="関係する記録をすべて入れ、漏れがないことを表明する（ほかの取引先も見える）"
    " / everything that touches the lots, with a statement that it is all (shows other customers)",
)
@click.option(
    "--with-documents",
    "documents",
    is_flag=True,
    help="記録にある書類のファイルも入れる（暗号化されない） / enclose the files that the records name, not encrypted",
)
@click.option("--since", type=int, multiple=True, help="相手が前に見た件数 / sizes of the log that the receiver saw")
@workspace_option
@password_option
@answers()
def make(
    console: Console,
    lots: tuple[str, ...],
    out: Path,
    to: str | None,
    disclose: tuple[str, ...],
    complete: bool,
    documents: bool,
    since: tuple[int, ...],
    folder: Path,
) -> int:
    """証明書・納入・認定などについて、相手が確かめるのに要るものを一つのファイルにする / make a bundle about lots.

    LOT: 証明書・納入、認定（番号）、そのほかの記録 / a certificate or delivery, an accreditation's number, any record.
    """
    order = Order(lots, to, frozenset(map(PrivateField, disclose)), complete, since, documents)
    with opened(folder) as workspace:
        made = write_bundle(workspace, order, out)
    if console.json:
        files = enclosure_data(console, made.files)
        by_index = None if made.by_index is None else made.by_index.get(console.lang)
        about = _bundle_data(made.checked, console) | {"files": files, "by_index": by_index}
        console.data({"file": str(out), "bytes": len(made.data), **about})
    else:
        _made(console, made, out)
    return FINDINGS if documents and any(file.missing is not None for file in made.files) else FINE


@bundle.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--pin", is_flag=True, help="初めて見るログの鍵を確かめたうえで信じる / believe the key of a log never met before"
)
@workspace_option
@answers()
def import_(console: Console, file: Path, pin: bool, folder: Path) -> int:
    """受け取ったファイルを確かめて取り込む。何度でも同じ / verify a bundle and take it in; again changes nothing."""
    with opened(folder) as workspace:
        taken = take_bundle(workspace, file, pin)
    if console.json:
        console.data(_taken_data(taken, console))
    else:
        _taken(console, taken)
    return FINDINGS if taken.problems else FINE


@bundle.command("verify")
@click.argument("file", type=FILE)
@click.option("--vkey", type=FILE, multiple=True, help="信じるログの鍵のファイル（複数可） / key of a log to believe")
@click.option("--trust", type=FILE, default=None, help="信頼リスト / trust list")
@click.option(
    "--documents",
    type=FILE,
    default=None,
    help="入っている書類を書き出す新しいフォルダー / a new folder into which to write the enclosed files",
)
@answers()
def verify(console: Console, file: Path, vkey: tuple[Path, ...], trust: Path | None, documents: Path | None) -> int:
    """受け取ったファイルだけでロットを判定する / judge the lots from the bundle alone."""
    judged = judge_bundle(file, vkey, trust, clock(), documents)
    if console.json:
        data = verdict_data(judged.verdict, file.name, console.lang)
        files = enclosure_data(console, judged.files, judged.written)
        console.data({**data, "logs": [_part_data(p, console) for p in judged.checked.parts], "files": files})
    else:
        _judged(console, judged, file.name)
        if documents is not None and not judged.written:
            console.say(console.t("書き出す書類は入っていません", "no files are enclosed: nothing was written out"))
    return FINE if judged.verdict.clean else FINDINGS


def _made(c: Console, made: Made, out: Path) -> None:
    size = f"{len(made.data):,}"
    c.say(c.t(f"{out} を作りました（{size} バイト）", f"made: {out} ({size} bytes)"))
    for lot in made.lots:
        c.say(f"  {lot.record.kind.label.get(c.lang)} {lot.record.subject}")
    for part in made.checked.parts:
        _part(c, part)
    for disclosed in made.checked.bundle.disclosures:
        field = label(disclosed.field).get(c.lang)
        c.say(
            c.t(
                f"  開示: {field}（{made.checked.bundle.to} あて）", f"  disclosed to {made.checked.bundle.to}: {field}"
            )
        )
    show_enclosures(c, made.files)
    if made.by_index is not None:
        c.say("  " + made.by_index.get(c.lang))


def _part(c: Console, part: VerifiedPart) -> None:
    c.say(
        c.t(
            f"  ログ {part.log.name}（{part.checkpoint.size} 件のとき）の記録 {len(part.records)} 件",
            f"  {len(part.records)} records of log {part.log.name}, at size {part.checkpoint.size}",
        )
    )
    if part.incomplete is None:
        c.say(c.t("    運営者が、関係する記録はこれで全部と表明", "    the operator states that these are all"))
    else:
        c.say(c.t("    完全性は確かめられない: ", "    completeness not checked: ") + part.incomplete.get(c.lang))


def _taken(c: Console, taken: TakenBundle) -> None:
    for part in taken.parts:
        if part.pinned:
            c.say(
                c.t(f"初めて見るログの鍵を覚えました: {part.log}", f"log met for the first time, key kept: {part.log}")
            )
        c.say(
            c.t(
                f"ログ {part.log.name}（{part.size} 件のとき）: 新しい記録 {part.new} 件、既知 {part.known} 件",
                f"log {part.log.name} at size {part.size}: {part.new} new records, {part.known} known",
            )
        )
        if part.incomplete is not None:
            c.say(c.t("  完全性は確かめられない: ", "  completeness not checked: ") + part.incomplete.get(c.lang))
    if taken.disclosed:
        c.say(c.t(f"開示された非公開項目 {taken.disclosed} 件", f"{taken.disclosed} private fields disclosed"))
    if taken.files or taken.files_known:
        c.say(
            c.t(
                f"書類のファイル: 新しい写し {taken.files} 件、既知 {taken.files_known} 件",
                f"files: {taken.files} new copies, {taken.files_known} known",
            )
        )
    for record, message in taken.problems:
        c.say(c.t("  指摘: ", "  finding: ") + f"{record.bundled.record_id.hex()[:12]} {message.get(c.lang)}")


def _judged(c: Console, judged: Judged, name: str) -> None:
    made_at = local_time(judged.checked.bundle.made_at)
    c.say(c.t(f"作成 {made_at}（送った人の申告）", f"made {made_at}, by the sender's word"))
    for part in judged.checked.parts:
        _part(c, part)
    show_enclosures(c, judged.files, judged.written)
    if judged.age is not None:
        c.say(judged.age.message)
    else:
        c.say(
            c.t(
                "信頼リストがないので、認定は確かめられません（--trust で指定。なければ A202 に当たります）",
                "without a trust list no accreditation can be confirmed (--trust); A202 fires instead",
            )
        )
    c.say()
    show_verdict(c, judged.verdict, name, judged.subjects)


def _bundle_data(checked: VerifiedBundle, c: Console) -> dict[str, Any]:
    return {
        "about": [record_id.hex() for record_id in checked.bundle.about],
        "to": checked.bundle.to,
        "disclosed": [d.field for d in checked.bundle.disclosures],
        "logs": [_part_data(part, c) for part in checked.parts],
    }


def _part_data(part: VerifiedPart, c: Console) -> dict[str, Any]:
    return {
        "log": str(part.log),
        "size": part.checkpoint.size,
        "root": part.checkpoint.root.hex(),
        "records": len(part.records),
        "complete": part.complete,
        "incomplete": part.incomplete.get(c.lang) if part.incomplete is not None else None,
    }


def _taken_data(taken: TakenBundle, c: Console) -> dict[str, Any]:
    return {
        "about": [record_id.hex() for record_id in taken.about],
        "logs": [
            {
                "log": str(p.log),
                "size": p.size,
                "new": p.new,
                "known": p.known,
                "pinned": p.pinned,
                "incomplete": p.incomplete.get(c.lang) if p.incomplete is not None else None,
            }
            for p in taken.parts
        ],
        "disclosed": taken.disclosed,
        "files": {"new": taken.files, "known": taken.files_known},
        "problems": [{"id": r.bundled.record_id.hex(), "message": m.get(c.lang)} for r, m in taken.problems],
    }
