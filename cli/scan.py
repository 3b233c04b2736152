"""``biotrace scan``: what a gate answers to a paper's QR code."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from biotrace.chain.trust_update import TrustSettings
from biotrace.model.quantity import Quantity
from biotrace.services.gate_scan import Seen, Terms, at_the_gate, folder_at_the_gate

from .console import FINDINGS, FINE, MISUSE, Console, answers, clock
from .params import AMOUNT, FILE, LINE
from .scan_data import scan_csv, seen_data
from .scan_view import show_seen

_DAYS = click.IntRange(1, 3_650)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--trust", type=FILE, default=None, help="信頼ファイル trust.json / trust file")
@click.option("--key", type=FILE, default=None, help="発行者の公開鍵 device.pub / the issuer's public key")
@click.option(
    "--workspace",
    "-w",
    "folder",
    type=FILE,
    default=None,
    envvar="BIOTRACE_WORKSPACE",
    help="ワークスペースが知る鍵と履歴で確かめる / check by the keys and the history that a workspace knows",
)
@click.option("--plant", type=LINE, default=None, help="ここの納め先の名前かID / our plant, by name or id")
@click.option("--weight", type=AMOUNT, default=None, help="計量した重さ、6.58t など / what the scales say")
@click.option("--details", is_flag=True, help="署名・記録ID・規則の指摘も / signature, record id and findings too")
@click.option("--recursive", "-r", is_flag=True, help="フォルダーの下のフォルダーも / folders in the folder too")
@click.option("--warn-days", type=_DAYS, default=30, show_default=True, help="信頼ファイルの古さを注意する日数 / days")
@click.option("--refuse-days", type=_DAYS, default=90, show_default=True, help="信頼ファイルを使わない日数 / days")
@answers("text", "json", "csv")
def scan(
    console: Console,
    files: tuple[Path, ...],
    trust: Path | None,
    key: Path | None,
    folder: Path | None,
    plant: str | None,
    weight: Quantity | None,
    details: bool,
    recursive: bool,
    warn_days: int,
    refuse_days: int,
) -> int:
    """紙のQRコードを読み、受け取れるかを答える / read a QR code and say whether to take the load.

    FILE: 写真、PDF、QRコードの文字を入れたファイル、それらのフォルダー。- なら標準入力（USBの読み取り機、
    1行に1コード）。台帳も通信も要らない。「QRコード別紙」のある証明書は、全ての枚数を一度に渡す（複数のファイルでよい、順序は問わない）。
    終了コード: ○ 0、△と× 1、読めない 2。

    FILE: a photograph, a PDF, a file with the text of the code, or folders of them; - for standard input (a USB
    scanner, a code a line). No ledger, no network. Of a certificate with sheets of QR codes give all, in one file or
    several, in any order. Exit code: 0 for ○, 1 for △ and ×, 2 for what cannot be read.
    """
    if key is not None and trust is None:
        folder = None
    terms = Terms(trust, key, folder, plant, weight, TrustSettings(warn_days, refuse_days))
    listed = any(file.is_dir() for file in files)
    if listed:
        seen = folder_at_the_gate(files, terms, clock, sys.stdin.buffer.read, recursive=recursive)
    else:
        seen = at_the_gate(files, terms, clock, sys.stdin.buffer.read)
    if console.json:
        console.data(seen_data(seen, console))
    elif console.format == "csv":
        # UTF-8 wherever it goes, and the mark that lets Excel know.
        console.file(("\ufeff" + scan_csv(seen, console.lang)).encode())
    else:
        show_seen(console, seen, details=details, listed=listed)
    return _code(seen)


def _code(seen: Seen) -> int:
    if seen.unread:
        return MISUSE
    return FINE if seen.fine else FINDINGS
