"""別記5: the body tells a business that its accreditation is revoked (認定取消通知書, 第十)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from biotrace.documents.forms.sheet import LEFT
from biotrace.documents.paint import Metadata, paint
from biotrace.model.text import Text

from . import parts
from .parts import Field
from .values import Business, Signed, day_text

TITLE = "発電利用に供する木質バイオマスの証明に係る事業者の認定取消通知書"
_SENTENCE = (
    "貴事業者については、{granted}付けで認定事業者として認定しましたが、発電利用に供する木質バイオマスの証明に係る"
    "事業者認定要領第十の規定に基づき、{revoked}付けでその認定を取り消したので通知します。"
)
_REASON = Text("取消の理由", "reason for the revocation")


@dataclass(frozen=True, slots=True)
class RevocationNotice:
    """別記5 as it is filled in. ``granted``, ``revoked``: the days from which it was in force, and no longer is.

    Its date is the day on which the revocation was signed. ``body``: name. ``holder``: with its number.
    """

    granted: date
    revoked: date
    body: str
    holder: Business
    reason: str | None
    signed: Signed
    western_dates: bool = False


def render(notice: RevocationNotice) -> bytes:
    """The PDF. The same values give the same bytes.

    Raises UsageError for a character that cannot be printed, and for a QR text that does not fit.
    """
    western, signed, holder = notice.western_dates, notice.signed, notice.holder
    flow = parts.paper("別記5　認定取消通知書", f"団体認定番号　{holder.number}", signed.transcribed_by)
    parts.title(flow, TITLE)
    parts.right(flow, day_text(signed.day, western))
    parts.addressee(flow, holder.name, parts.NAME)
    parts.body_and_code(flow, notice.body, signed, day_text(signed.day, western))
    days = {"granted": day_text(notice.granted, western), "revoked": day_text(notice.revoked, western)}
    parts.sentence(flow, _SENTENCE.format(**days))
    parts.below(flow)
    address, name, representative = parts.business_fields(holder)
    entries = [
        Field("団体認定番号：", parts.NUMBER, holder.number),
        name,
        representative,
        address,
        Field("取消の理由", _REASON, notice.reason),
    ]
    parts.fields(flow, entries, LEFT + 8, air=4, numbered=True)
    title = f"{TITLE} {holder.number}" if holder.number else TITLE
    return paint(flow.finish(signed.record_id), Metadata(title, notice.body, signed.subject))
