"""``biotrace accredit apply`` and ``policy``: a member's papers to its body."""

from __future__ import annotations

from pathlib import Path

import click

from biotrace.documents.accreditation_papers.answers_file import Answers
from biotrace.services.accredit_apply import answers_template, segregation_policy
from biotrace.services.accredit_apply import apply as application
from biotrace.services.accredit_paper import Paper
from biotrace.services.files import require_new, write_new
from biotrace.services.times import day_of

from .accredit_view import paper_data, show_paper
from .console import FINE, Console, answers, clock
from .opening import opened
from .paper_options import answer_options
from .params import FILE, western_option, workspace_option

_OUT = click.option("--out", "-o", type=FILE, default=None, help="PDFの名前 / name of the PDF")


@click.command()
@click.option(
    "--template",
    type=FILE,
    default=None,
    help="記入ファイルの雛形をここに書いて終わる / write a file of answers to fill in, and stop",
)
@_OUT
@western_option
@workspace_option
@answers()
@answer_options("body", "day", "representative", "address", "founded", "employees", "goods", "premises", "other")
def apply(
    console: Console, template: Path | None, out: Path | None, western: bool | None, folder: Path, given: Answers
) -> int:
    """団体への事業者認定申請書（別記1）を作る / write the application for accreditation (別記1).

    名称や所在地は台帳から取る。分からないことは、手書きする欄になる。

    Name and address come from the ledger. What is not known is left as a line to write on by hand.
    """
    if template is not None:
        with opened(folder) as workspace:
            write_new(template, answers_template(workspace))
        if console.json:
            console.data({"template": str(template)})
        else:
            console.say(console.t(f"記入ファイルを書きました: {template}", f"file of answers written: {template}"))
            console.say(
                console.t(
                    f"  埋めたら: biotrace accredit apply --answers {template}",
                    f"  once filled in: biotrace accredit apply --answers {template}",
                )
            )
        return FINE
    path = _path(out, "事業者認定申請書", given)
    with opened(folder) as workspace:
        paper = application(workspace, given, western)
    return _written(console, path, paper)


@click.command()
@_OUT
@western_option
@workspace_option
@answers()
@answer_options("body", "day", "person_in_charge", "code_date", "site")
def policy(console: Console, out: Path | None, western: bool | None, folder: Path, given: Answers) -> int:
    """分別管理及び書類管理方針書（別添1）を作る / write the policy on keeping classes apart (別添1)."""
    path = _path(out, "分別管理及び書類管理方針書", given)
    with opened(folder) as workspace:
        paper = segregation_policy(workspace, given, western)
    return _written(console, path, paper)


def _path(out: Path | None, name: str, given: Answers) -> Path:
    """Where the paper goes: without a name of its own, into this folder. Raises UsageError where that is taken."""
    path = out or Path(f"{name}-{given.day or day_of(clock())}.pdf")
    require_new(path)
    return path


def _written(console: Console, path: Path, paper: Paper) -> int:
    write_new(path, paper.data)
    if console.json:
        console.data(paper_data(console, path, paper))
    else:
        show_paper(console, path, paper)
    return FINE
