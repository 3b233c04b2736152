"""別記2: the body certifies that a business is accredited (事業者認定書), for three years from that day (第六)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from biotrace.documents.forms.sheet import LEFT
from biotrace.documents.paint import Metadata, paint
from biotrace.model.text import Text

from . import parts
from .parts import Field
from .values import Business, Signed, day_text

TITLE = "発電利用に供する木質バイオマスの証明に係る事業者認定書"
_SENTENCE = (
    "{applied}付で申請のありました発電利用に供する木質バイオマスの証明に係る事業者認定申請について、"
    "{body}の事業者認定実施要領に基づき、下記のとおり認定します。"
)
NOTE = "申請内容に変更があった場合は届け出てください。"
_PERIOD = Text("認定の有効期間", "time of validity")
_SCOPE = Text("認定の範囲", "scope")


@dataclass(frozen=True, slots=True)
class AccreditationCertificate:
    """別記2 as it is filled in. ``start``: the day of accreditation, which is the paper's date, too.

    ``body``: name. ``holder``: with its number. ``applied``: the day of the application. ``scope``: the business that
    the accreditation is for, where the record states one; the form has no item for it.
    """

    start: date
    until: date
    body: str
    holder: Business
    signed: Signed
    applied: date | None = None
    scope: str | None = None
    western_dates: bool = False


def render(certificate: AccreditationCertificate) -> bytes:
    """The PDF. The same values give the same bytes.

    Raises UsageError for a character that cannot be printed, and for a QR text that does not fit.
    """
    western, signed = certificate.western_dates, certificate.signed
    number = certificate.holder.number
    flow = parts.paper("別記2　事業者認定書", f"団体認定番号　{number}", signed.transcribed_by)
    parts.title(flow, TITLE)
    parts.right(flow, day_text(certificate.start, western))
    parts.addressee(flow, certificate.holder.name, parts.NAME)
    parts.body_and_code(flow, certificate.body, signed, day_text(signed.day, western))
    parts.sentence(flow, _SENTENCE.format(applied=day_text(certificate.applied, western), body=certificate.body))
    parts.below(flow)
    address, name, representative = parts.business_fields(certificate.holder)
    period = f"{day_text(certificate.start, western)}～{day_text(certificate.until, western)}"
    entries = [
        Field("団体認定番号：", parts.NUMBER, number),
        address,
        name,
        representative,
        Field("認定の有効期間：", _PERIOD, period),
    ]
    parts.fields(flow, entries, LEFT + 8, air=4)
    parts.note(flow, "（注）", NOTE)
    if certificate.scope is not None:
        parts.reference(flow, [Field("認定の範囲：", _SCOPE, certificate.scope)])
    title = f"{TITLE} {number}" if number else TITLE
    author = signed.transcribed_by or certificate.body
    metadata = Metadata(title if signed.transcribed_by is None else f"転記 写し {title}", author, signed.subject)
    return paint(flow.finish(signed.record_id), metadata)
