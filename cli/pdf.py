"""``biotrace pdf``: a certificate onto paper."""

from __future__ import annotations

from pathlib import Path

import click

from biotrace.services.files import require_new, write_new
from biotrace.services.find import find_record
from biotrace.services.ledger_case import read_ledger
from biotrace.services.paper import certificate_pdf, pdf_name

from .console import FINE, Console, answers
from .opening import opened
from .params import FILE, workspace_option


@click.command()
@click.argument("record", metavar="ID")
@click.option("--out", "-o", type=FILE, default=None, help="PDFの名前（既定: 名前-記録ID.pdf） / name of the PDF")
@click.option("--western", is_flag=True, help="西暦で印字 / western dates")
@workspace_option
@answers()
def pdf(console: Console, record: str, out: Path | None, western: bool, folder: Path) -> int:
    """証明書を公式の様式とQRコードのPDFにする / print a certificate as PDF."""
    if out is not None:
        require_new(out)
    with opened(folder) as workspace:
        reading = read_ledger(workspace.ledger)
        logged = find_record(reading, record)
        data = certificate_pdf(reading, logged, western_dates=western)
    path = out or Path(pdf_name(logged.record))
    write_new(path, data)
    if console.json:
        console.data({"pdf": str(path), "record_id": logged.record.record_id.hex(), "bytes": len(data)})
    else:
        console.say(console.t(f"PDFを書きました: {path}", f"PDF written: {path}"))
    return FINE
