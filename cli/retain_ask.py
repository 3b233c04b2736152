"""``biotrace retain challenge``, ``answer`` and ``verify``: papers asked for and shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.services.files import require_new, write_new
from biotrace.services.retain_answer import answer as answer_challenge
from biotrace.services.retain_challenge import DAYS, Ask
from biotrace.services.retain_challenge import challenge as ask_for
from biotrace.services.retain_verify import verify_answer

from .console import FINDINGS, FINE, Console, answers
from .opening import opened
from .params import DAY, FILE, LINE, workspace_option
from .password import password_option
from .retain_ask_view import answer_data, challenge_data, looked_data, show_answer, show_challenge, show_looked


@click.command()
@click.argument("records", nargs=-1, metavar="[RECORD]...")
@click.option("--to", required=True, type=LINE, help="求める相手（IDか名前） / of whom (id or name)")
@click.option(
    "--random", "count", type=click.IntRange(1, 100_000), default=None, help="無作為にこの件数 / so many by chance"
)
@click.option(
    "--seed",
    type=LINE,
    default=None,
    help="双方で決めた種（さいころの目など。省くと自分の署名） / seed that both saw thrown (else a signature)",
)
@click.option(
    "--population", type=FILE, default=None, help="母集団の記録IDを書くファイル / file for the ids chosen from"
)
@click.option(
    "--due", type=DAY, default=None, help=f"回答の期限（既定: {DAYS}日後） / until when (default: {DAYS} days from now)"
)
@click.option("--reason", type=LINE, default=None, help="理由 / reason")
@workspace_option
@password_option
@answers()
def challenge(
    console: Console,
    records: tuple[str, ...],
    to: str,
    count: int | None,
    seed: str | None,
    population: Path | None,
    due: date | None,
    reason: str | None,
    folder: Path,
) -> int:
    """保存しているはずの書類の提示を求める / ask a party to produce papers.

    証明書を指定すると、その根拠書類も求める。--random では相手が保存すべき書類から選び、相手も選び方を再現できる。
    求めは bundle make で相手に渡す。期限までに回答がなければ D904。

    With a certificate its documents are asked for too. --random chooses among what the other has to keep, in a way that
    it can make again. Hand the challenge on with bundle make; without an answer in time it is D904.
    """
    if bool(records) == (count is not None):
        raise _misuse(Text("RECORD か --random のどちらか一方を指定します", "give either RECORDs or --random"))
    if count is None and (seed is not None or population is not None):
        raise _misuse(
            Text("--seed と --population は --random と一緒に使います", "--seed and --population go with --random")
        )
    if seed is not None and seed.split() != [seed]:
        raise _misuse(Text("--seed に空白は使えません", "a seed has no white space"))
    if population is not None:
        require_new(population)
    with opened(folder) as workspace:
        asked = ask_for(workspace, Ask(to, records, count, seed, due, reason))
        if population is not None:
            write_new(population, "".join(f"{record_id.hex()}\n" for record_id in asked.population).encode())
    if console.json:
        console.data(challenge_data(asked))
    else:
        show_challenge(console, asked, population)
    return FINE


@click.command()
@click.argument("challenge", metavar="CHALLENGE")
@click.option(
    "--file",
    "scans",
    type=FILE,
    multiple=True,
    help="添えるスキャン（複数可） / scan to add, may be given more than once",
)
@click.option("--partial", is_flag=True, help="ある分だけで答える / answer with what there is")
@click.option("--remark", type=LINE, default=None, help="付記 / remark")
@workspace_option
@password_option
@answers()
def answer(
    console: Console, challenge: str, scans: tuple[Path, ...], partial: bool, remark: str | None, folder: Path
) -> int:
    """提示の求めに、写しと所持の証明で答える / answer a challenge with the files and a proof of possession.

    回答は bundle make 回答の名前 --with-documents で、書類とともに渡す。

    Hand the answer on, with the files, by bundle make ANSWER --with-documents.
    """
    with opened(folder) as workspace:
        given = answer_challenge(workspace, challenge, scans, remark, partial=partial)
    if console.json:
        console.data(answer_data(given))
    else:
        show_answer(console, given)
    return FINDINGS if given.lacking else FINE


@click.command()
@click.argument("record", metavar="ANSWER")
@click.option(
    "--population", type=FILE, default=None, help="母集団の記録ID（1行に1件） / ids chosen from, one on a line"
)
@workspace_option
@answers()
def verify(console: Console, record: str, population: Path | None, folder: Path) -> int:
    """回答を、手元の写しで確かめる / look at an answer by the copies at hand.

    提示の求めだけを指定すると、署名と無作為抽出の再現だけを確かめる。

    With a challenge only its signature and the random choice are looked at.
    """
    with opened(folder) as workspace:
        looked = verify_answer(workspace, record, population)
    if console.json:
        console.data(looked_data(looked, console))
    else:
        show_looked(console, looked)
    return FINE if looked.fine else FINDINGS


def _misuse(message: Text) -> UsageError:
    return UsageError(
        message,
        Text("biotrace retain challenge --help を見てください", "see biotrace retain challenge --help"),
        code="misuse",
    )
