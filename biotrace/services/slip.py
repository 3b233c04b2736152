"""A logged delivery as the slip that goes with it: certificate and delivery note in one, as plants use it."""

from __future__ import annotations

from biotrace.documents.slip_pdf import SlipPage, render_slip
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.text import Text

from .ledger_case import Reading
from .logged import Logged
from .paper import party_named, proof_of, require_whole


def slip_pdf(reading: Reading, logged: Logged, delivery: Delivery, *, western_dates: bool = False) -> bytes:
    """発電用木質バイオマス証明書 兼 納品書（検量確認書） for a delivery, with its own QR code and its certificate's.

    Raises UsageError where either record is damaged, or the certificate is not there.
    """
    require_whole(logged)
    record, parties = logged.record, reading.parties()
    cited = None if delivery.certificate is None else _certificate(delivery.certificate, reading)
    certificate, names = None, dict(record.names)
    if cited is not None and isinstance(cited.record.body, Certificate):
        certificate, names = cited.record.body, {**dict(cited.record.names), **names}
    supplier = certificate.seller if certificate is not None else delivery.sender
    known = tuple(names.items())
    page = SlipPage(
        plant=party_named(delivery.at, parties, known),
        supplier=None if supplier is None else party_named(supplier, parties, known),
        code=proof_of(record, parties),
        certified=None if cited is None else proof_of(cited.record, parties),
        western_dates=western_dates,
    )
    return render_slip(delivery, certificate, page)


def _certificate(record_id: str, reading: Reading) -> Logged:
    for entry in reading.everything:
        if entry.record.record_id.hex() == record_id and isinstance(entry.record.body, Certificate):
            require_whole(entry)
            return entry
    raise UsageError(
        Text(
            f"納入が引用する証明書の記録 {record_id[:12]} が壊れています",
            f"the record of the certificate that the delivery cites is damaged: {record_id[:12]}",
        ),
        Text("控えの台帳から戻してください", "restore the ledger from a backup"),
        code="damaged",
    )
