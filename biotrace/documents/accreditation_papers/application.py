"""別記1: a business applies to be accredited (事業者認定申請書). To continue: ``renewal_application``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from biotrace.documents.paint import Metadata, paint

from . import enterprise, parts
from .enterprise import GOODS, OTHER, PREMISES, Enterprise
from .values import Business, day_text

TITLE = "発電利用に供する木質バイオマスの証明に係る事業者認定申請書"
SENTENCE = (
    "貴団体の認定を得て発電利用に供する木質バイオマスの証明を行いたいので、発電利用に供する木質バイオマスの証明に係る"
    "事業者認定実施要領に従い、下記のとおり関係書類を添えて申請します。"
)
_ENCLOSED = "（別添：適宜作成）"


@dataclass(frozen=True, slots=True)
class Application:
    """別記1 as it is filled in. ``body``: name of the body that it goes to."""

    day: date | None
    body: str | None
    applicant: Business
    enterprise: Enterprise
    western_dates: bool = False


def render(application: Application) -> bytes:
    """The PDF. The same values give the same bytes. Raises UsageError for a character that cannot be printed."""
    flow = parts.paper("別記1　事業者認定申請書", TITLE)
    parts.title(flow, TITLE)
    parts.right(flow, day_text(application.day, application.western_dates))
    parts.addressee(flow, application.body, parts.BODY_NAME)
    parts.sender(flow, application.applicant, head="（申請者）")
    parts.sentence(flow, SENTENCE)
    parts.below(flow)
    said = application.enterprise
    enterprise.founded(flow, 1, "創業年、従業員数：", said)
    goods = "取り扱う木材・木材製品の主要品目、年間取扱数量："
    enterprise.about(flow, 2, goods, _ENCLOSED, said.products, GOODS)
    premises = "事業所の敷地、建物及び施設（土場、倉庫等）の配置状況："
    enterprise.about(flow, 3, premises, _ENCLOSED, said.premises, PREMISES)
    enterprise.enclosed(flow, 4, "分別管理及び書類管理の方針：（別添1）")
    enterprise.about(flow, 5, "その他（注）：", _ENCLOSED, said.other, OTHER)
    parts.note(flow, "注：", enterprise.NOTE)
    return paint(flow.finish(None), Metadata(TITLE, application.applicant.name or "", "別記3 別記1"))
