"""``biotrace retain``: keep papers, look after them, ask for them, and destroy them in time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.services.retain_check import check_copies
from biotrace.services.retain_due import due_csv, list_due
from biotrace.services.retain_hold import end_hold
from biotrace.services.retain_hold import hold as put_on_hold
from biotrace.services.retain_purge import Purged, plan_purge
from biotrace.services.retain_purge import purge as purge_papers

from .console import FINDINGS, FINE, Console, answers
from .opening import opened
from .params import DAY, LINE, workspace_option
from .password import password_option
from .progress import Progress
from .retain_ask import answer, challenge, verify
from .retain_view import check_data, due_data, hold_data, purge_data, show_check, show_due, show_hold, show_purge

_RECORDS = click.argument("records", nargs=-1, metavar="[RECORD]...")
_DATE = click.option(
    "--date", "day", type=DAY, default=None, help="記録の日付（既定: 今日） / day of it (default: today)"
)


@click.group()
def retain() -> None:
    """書類の保存・点検・保全・廃棄と提示の求め / keep papers, check, hold, ask for and destroy them.

    RECORD: 名前、番号、または記録IDの先頭6文字以上 / its subject, number, or 6 or more digits of its record id.
    """


@retain.command()
@click.option("--on", type=DAY, default=None, help="この日の状態で（既定: 今日） / as of this day (default: today)")
@click.option(
    "--party", type=LINE, default=None, help="この事業者が保存するものだけ / only what this party has to keep"
)
@workspace_option
@answers("text", "json", "csv")
def due(console: Console, on: date | None, party: str | None, folder: Path) -> int:
    """何を、誰のため、いつまで保存するか、期限の順に一覧にする / what must be kept until when, for whom and why.

    5年の保存（G3）は、その書類に拠る証明書・納入の日付の翌日から数える。
    biotrace settings --retention-years で長くできる。

    Five years (G3) from the day after each certificate or delivery that rests on the paper; longer by biotrace
    settings --retention-years, or while on hold.
    """
    with opened(folder) as workspace:
        listed = list_due(workspace, on, party)
    if console.json:
        console.data(due_data(listed, console))
    elif console.format == "csv":
        console.file(("\ufeff" + due_csv(listed, console.lang)).encode())
    else:
        show_due(console, listed)
    return FINE


@retain.command()
@click.option("--all", "everything", is_flag=True, help="すべて読み直す（既定） / hash all of them again (default)")
@click.option("--sample", type=click.IntRange(min=1), default=None, help="この数だけ抜き取る / only so many of them")
@click.option(
    "--seed", type=LINE, default=None, help="抜き取りの種（同じ種なら同じ書類） / the same seed, the same files"
)
@workspace_option
@answers()
def check(console: Console, everything: bool, sample: int | None, seed: str | None, folder: Path) -> int:
    """写しを読み直し、ハッシュを記録と比べる / hash the stored copies again and compare.

    失われた・変わった・どの記録にもないファイルを、名前と対処を添えて示す。

    Tells copies that are missing, altered or named by no record, and what to do.
    """
    if everything and sample is not None:
        raise _either("--all", "--sample")
    if seed is not None and sample is None:
        raise UsageError(
            Text("--seed は --sample と一緒に使います", "--seed goes with --sample"),
            Text("--sample N を付けてください", "add --sample N"),
            code="misuse",
        )
    with opened(folder) as workspace, Progress(console) as progress:
        checked = check_copies(workspace, sample, seed, progress.show)
    if console.json:
        console.data(check_data(checked, console))
    else:
        show_check(console, checked)
    return FINDINGS if checked.found else FINE


@retain.command()
@_RECORDS
@click.option("--reason", type=LINE, default=None, help="理由 / reason")
@click.option("--end", default=None, metavar="HOLD", help="この保全を終える / end this hold")
@_DATE
@workspace_option
@password_option
@answers()
def hold(
    console: Console, records: tuple[str, ...], reason: str | None, end: str | None, day: date | None, folder: Path
) -> int:
    """期限を過ぎても廃棄しないよう保全する、または保全を終える / keep papers beyond their term, or end that.

    証明書を指定すると、その根拠書類と補足も保全する。解けるのは、かけた者だけ。

    With a certificate its documents and supplements are kept. Only who put a hold on ends it.
    """
    if bool(records) == (end is not None):
        raise _either("RECORD", "--end")
    if end is None and reason is None:
        raise UsageError(
            Text("保全の理由がありません", "a hold needs a reason"),
            Text("--reason を付けてください", "add --reason"),
            code="misuse",
        )
    with opened(folder) as workspace:
        if end is not None:
            said = end_hold(workspace, end, reason, day)
        else:
            said = put_on_hold(workspace, records, reason or "", day)
    if console.json:
        console.data(hold_data(said))
    else:
        show_hold(console, said)
    return FINE


@retain.command()
@_RECORDS
@click.option(
    "--before",
    type=DAY,
    default=None,
    help="この日より前に期限が来たもの（既定: 今日） / whose term ended before this day",
)
@click.option("--dry-run", is_flag=True, help="何が廃棄されるかを見るだけ / only show what would be destroyed")
@workspace_option
@password_option
@answers()
def purge(console: Console, records: tuple[str, ...], before: date | None, dry_run: bool, folder: Path) -> int:
    """期限を過ぎた書類の写しと非公開項目の値を廃棄する / destroy copies and private values whose term is over.

    廃棄の記録を台帳に残してから消す。記録そのものは残り、台帳は検証できるまま。途中で止まったら再実行で完了する。
    RECORD を指定し、一つでも期限前・保全中・提示要求中なら、何も消さない。前に作った控えの中の値は消えない。

    A tombstone is logged first; the records stay, and the log verifies as before. What broke off is completed by
    running it again. Named RECORDs go all or none. Backups made earlier keep what they hold.
    """
    with opened(folder) as workspace:
        done: Purged | None = None
        if dry_run:
            plan = plan_purge(workspace, records, before)
        else:
            done = purge_papers(workspace, records, before)
            plan = done.plan
    if console.json:
        console.data(purge_data(plan, done, console))
    else:
        show_purge(console, plan, done)
    return FINDINGS if done is not None and done.left else FINE


def _either(one: str, other: str) -> UsageError:
    return UsageError(
        Text(f"{one} か {other} のどちらか一方を指定します", f"give either {one} or {other}"),
        Text("biotrace retain --help を見てください", "see biotrace retain --help"),
        code="misuse",
    )


for _command in (challenge, answer, verify):
    retain.add_command(_command)
