"""A logged certificate as the PDF that is printed and handed over."""

from __future__ import annotations

from biotrace.chain.kinds import RecordKind
from biotrace.chain.qrtext import to_text
from biotrace.chain.record import Record
from biotrace.documents.pdf import DocumentLabel, PageData, render
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.text import Text

from .ledger_case import Reading
from .logged import Logged

_LONGEST = 60
"""Characters of a subject in a file name: 180 bytes in Japanese, where systems take 255 for the whole name."""


def certificate_pdf(reading: Reading, logged: Logged, *, western_dates: bool = False) -> bytes:
    """The certificate's official form with its QR code; the same record gives the same bytes.

    Raises UsageError for a record that is no certificate, or is damaged.
    """
    record = logged.record
    if record.kind is not RecordKind.CERTIFICATE or not isinstance(record.body, Certificate):
        raise UsageError(
            Text(f"「{record.subject}」は証明書ではありません", f"{record.subject} is no certificate"),
            Text("証明書を指定してください", "name a certificate"),
        )
    if not logged.sound:
        raise UsageError(
            Text(f"「{record.subject}」は壊れています: ", f"{record.subject} is damaged: ")
            + next(f.message for f in logged.findings if not f.is_notice),
            Text("控えの台帳から戻してください", "restore the ledger from a backup"),
            code="damaged",
        )
    certificate = record.body
    parties = reading.parties()
    cited = _cited(certificate, reading)
    page = PageData(
        seller=_party(certificate.seller, parties, record.names),
        buyer=None if certificate.buyer is None else _party(certificate.buyer, parties, record.names),
        issuer=_party(certificate.issuer, parties, record.names),
        record_id=record.record_id.hex(),
        qr_text=to_text(record.envelope),
        documents=tuple(DocumentLabel(d.kind, d.number, d.accepted or d.filed) for d in cited),
        western_dates=western_dates,
        transcribed_by=_party(record.issuer, parties, record.names).name if record.transcribed else None,
    )
    return render(certificate, page)


def pdf_name(record: Record) -> str:
    """A file name for a certificate's PDF: what it is called, as far as every system takes it, and its record id."""
    called = "".join(c if c.isalnum() or c in "-_" else "_" for c in record.subject)[:_LONGEST]
    return f"{called}-{record.record_id.hex()[:8]}.pdf"


def _cited(certificate: Certificate, reading: Reading) -> list[Document]:
    """The documents to be attached. Raises UsageError where one is damaged: none may be missing from the list."""
    bodies = (e.record.body for e in reading.everything if e.sound)
    documents = {body.id: body for body in bodies if isinstance(body, Document)}
    missing = [d for d in certificate.documents if d not in documents]
    if missing:
        raise UsageError(
            Text(
                f"添付する根拠書類の記録 {missing[0][:12]} が壊れています",
                f"the record of a document to be attached is damaged: {missing[0][:12]}",
            ),
            Text("控えの台帳から戻してください", "restore the ledger from a backup"),
            code="damaged",
        )
    return [documents[d] for d in certificate.documents]


def _party(party: str, parties: dict[str, Party], names: tuple[tuple[str, str], ...]) -> Party:
    known = parties.get(party)
    return known if known is not None else Party(id=party, name=dict(names).get(party, party), roles=())
