"""``biotrace pdf``: a certificate onto paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from biotrace.documents.accreditation_papers.answers_file import Answers
from biotrace.services.accredit_paper import Wishes
from biotrace.services.files import require_new, write_new
from biotrace.services.paper import pdf_name
from biotrace.services.printing import print_record

from .accredit_view import paper_data, show_open
from .console import FINE, Console, answers
from .opening import opened
from .paper_options import answer_options
from .params import DAY, FILE, western_option, workspace_option
from .suggestions import CERTIFICATES


@click.command()
@click.argument("record", metavar="ID", shell_complete=CERTIFICATES)
@click.option("--out", "-o", type=FILE, default=None, help="PDFの名前（既定: 名前-記録ID.pdf） / name of the PDF")
@western_option
@click.option("--applied", type=DAY, default=None, help="認定の申請の日（別記2） / day of the application (別記2)")
@workspace_option
@answers()
@answer_options("representative", "handled")
def pdf(
    console: Console,
    record: str,
    out: Path | None,
    western: bool | None,
    applied: date | None,
    folder: Path,
    given: Answers,
) -> int:
    """証明書・納入・根拠書類・認定をPDFにする / print a certificate, delivery, supporting document or accreditation.

    証明書は公式の様式、納入は証明書兼納品書（検量確認書）、根拠書類は保存してある写し（「写し」と印字）になる。

    A certificate becomes its official form, a delivery the slip that combines certificate and delivery note, a
    supporting document its stored copy, marked as a copy.

    認定は事業者認定書（別記2）、その取消しは認定取消通知書（別記5）、更新の申請は申請書（継続）（別記1ア）になる。

    An accreditation becomes its certificate, its revocation the notice, a request for renewal the application.
    """
    if out is not None:
        require_new(out)
    with opened(folder) as workspace:
        wishes = Wishes(western, given.representative, applied)
        logged, paper = print_record(workspace, record, wishes, replace(given, representative=None))
    path = out or Path(pdf_name(logged.record))
    write_new(path, paper.data)
    if console.json:
        written = {"record_id": logged.record.record_id.hex(), "bytes": len(paper.data)}
        console.data(paper_data(console, path, paper) | written)
    else:
        console.say(console.t(f"PDFを書きました: {path}", f"PDF written: {path}"))
        show_open(console, paper)
    return FINE
