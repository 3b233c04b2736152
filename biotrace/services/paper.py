"""A logged certificate as the PDF that is printed and handed over."""

from __future__ import annotations

from biotrace.chain.kinds import RecordKind
from biotrace.chain.qrparts import split
from biotrace.chain.qrtext import to_text
from biotrace.chain.record import Record
from biotrace.documents.forms.page import Proof
from biotrace.documents.pdf import DocumentLabel, PageData, render
from biotrace.documents.qr import fits
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.stock import Site
from biotrace.model.text import Text

from .ledger_case import Reading
from .logged import Logged
from .private_fields import shown_fields

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
    require_whole(logged)
    certificate = record.body
    parties = reading.parties()
    cited = _cited(certificate, reading)
    proof = proof_of(record, parties)
    known = shown_fields(certificate, logged.disclosed)
    page = PageData(
        seller=party_named(certificate.seller, parties, record.names),
        buyer=None if certificate.buyer is None else party_named(certificate.buyer, parties, record.names),
        issuer=party_named(certificate.issuer, parties, record.names),
        record_id=proof.record_id,
        qr_text=proof.qr_text,
        qr_parts=proof.qr_parts,
        documents=tuple(DocumentLabel(d.kind, d.number, d.accepted or d.filed) for d in cited),
        from_site=_site(certificate.from_site, (certificate.seller, certificate.issuer), reading, parties),
        to_site=_site(certificate.to_site, (certificate.buyer,), reading, parties),
        forest_office=_name(certificate.forest_office, parties),
        private={field: value for field, value in known.items() if value is not None},
        western_dates=western_dates,
        transcribed_by=proof.transcribed_by,
    )
    return render(certificate, page)


def proof_of(record: Record, parties: dict[str, Party]) -> Proof:
    """What ties a page to its record: the text of its QR code, and of its parts where that does not fit one."""
    text = to_text(record.envelope)
    return Proof(
        record_id=record.record_id.hex(),
        qr_text=text,
        qr_parts=() if fits(text) else split(record.envelope),
        transcribed_by=party_named(record.issuer, parties, record.names).name if record.transcribed else None,
    )


def pdf_name(record: Record) -> str:
    """A file name for a certificate's PDF: what it is called, as far as every system takes it, and its record id."""
    called = "".join(c if c.isalnum() or c in "-_" else "_" for c in record.subject)[:_LONGEST]
    return f"{called}-{record.record_id.hex()[:8]}.pdf"


def require_whole(logged: Logged) -> None:
    """Raise UsageError for a record that is damaged: it proves nothing, on paper neither."""
    if logged.sound:
        return
    subject = logged.record.subject
    raise UsageError(
        Text(f"「{subject}」は壊れています: ", f"{subject} is damaged: ")
        + next(f.message for f in logged.findings if not f.is_notice),
        Text("控えの台帳から戻してください", "restore the ledger from a backup"),
        code="damaged",
    )


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


def _name(text: str | None, parties: dict[str, Party]) -> str | None:
    """The name of a party that is called by its id; anything else as it is written."""
    return parties[text].name if text in parties else text


def _site(site: str | None, owners: tuple[str | None, ...], reading: Reading, parties: dict[str, Party]) -> str | None:
    """A site by its owner's name and its own, where one of ``owners`` has it; a party by its name; else as written."""
    bodies = (e.record.body for e in reading.everything if e.sound)
    owner = next((b.party for b in bodies if isinstance(b, Site) and b.id == site and b.party in owners), None)
    if owner in parties:
        return f"{parties[owner].name}　{site}"
    return _name(site, parties)


def party_named(party: str, parties: dict[str, Party], names: tuple[tuple[str, str], ...]) -> Party:
    """The party as the ledger knows it, else by the name that the record itself gives."""
    known = parties.get(party)
    return known if known is not None else Party(id=party, name=dict(names).get(party, party), roles=())
