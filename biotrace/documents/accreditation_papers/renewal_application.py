"""別記1ア: an accredited business applies to go on, with what it handled in the last three years (第十一)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from biotrace.documents.forms.flow import Flow
from biotrace.documents.forms.sheet import BODY, RIGHT, Rule, Style
from biotrace.documents.paint import Metadata, paint

from . import enterprise, parts
from .enterprise import GOODS, OTHER, POLICY, PREMISES, Enterprise
from .values import UNKNOWN, Business, Handled, day_text, fiscal_year_text, volume_text

TITLE = "発電利用に供する木質バイオマスの証明に係る事業者認定申請書（継続）"
SENTENCE = (
    "貴団体の認定を得て発電利用に供する木質バイオマスの証明を継続して行いたいので、発電利用に供する木質バイオマスの"
    "証明に係る事業者認定実施要領に従い、下記のとおり関係書類を添えて申請します。"
)
_HEAD = Style(9, align="center")
_YEAR = Style(9.5, align="center")
_CELL = Style(9.5, align="right")
_PAD = 2.0
_YEAR_WIDE = 26.0
_CLASSES = ("間伐材等由来の木質バイオマス", "一般木質バイオマス")
_COLUMNS = ("原木（原料）入荷量", "チップ等出荷量")


@dataclass(frozen=True, slots=True)
class YearHandled:
    """What was handled of either class in a fiscal year (from 1 April). ``year`` None: a row to write in."""

    year: int | None
    thinned: Handled = UNKNOWN
    general: Handled = UNKNOWN


@dataclass(frozen=True, slots=True)
class RenewalApplication:
    """別記1ア as it is filled in. ``body``: name of the body. ``record_id``: of the signed request, if there is one."""

    day: date | None
    body: str | None
    applicant: Business
    enterprise: Enterprise
    handled: tuple[YearHandled, ...]
    record_id: str | None = None
    western_dates: bool = False


def render(application: RenewalApplication) -> bytes:
    """The PDF. The same values give the same bytes. Raises UsageError for a character that cannot be printed."""
    western = application.western_dates
    flow = parts.paper("別記1ア　事業者認定申請書（継続）", TITLE)
    parts.title(flow, TITLE)
    parts.right(flow, day_text(application.day, western))
    parts.addressee(flow, application.body, parts.BODY_NAME)
    parts.sender(flow, application.applicant, number="認定番号", head="（申請者）")
    parts.sentence(flow, SENTENCE)
    parts.below(flow)
    said = application.enterprise
    enterprise.founded(flow, 1, "創業年、従業員数", said)
    enterprise.about(flow, 2, "取り扱う木材・木材製品の主要品目、年間取扱数量", "", said.products, GOODS)
    x = parts.item(flow, 3, "過去3年間の発電利用に供する木質バイオマスの取扱実績量")
    _table(flow, x, application.handled, western)
    premises = "事業所の敷地、建物及び施設（土場、倉庫等）の配置状況"
    enterprise.about(flow, 4, premises, "", said.premises, PREMISES)
    enterprise.about(flow, 5, "分別管理及び書類管理の方針", "", "別添1のとおり", POLICY)
    enterprise.about(flow, 6, "その他（注）", "", said.other, OTHER)
    parts.note(flow, "注：", enterprise.NOTE)
    if application.record_id is not None:
        parts.small(flow, f"継続の申請の署名付き電子記録　記録ID {application.record_id}")
    metadata = Metadata(TITLE, application.applicant.name or "", "別記3 別記1ア")
    return paint(flow.finish(application.record_id), metadata)


def _table(flow: Flow, x: float, years: Sequence[YearHandled], western: bool) -> None:
    """A row a year: of either class, what came in and what went out."""
    step = (RIGHT - x - _YEAR_WIDE) / 4
    edges = (x, *(x + _YEAR_WIDE + step * n for n in range(5)))
    high = BODY.line + _PAD
    flow.room(high * (len(years) + 2))
    top = flow.y + 1
    for n, name in enumerate(_CLASSES):
        flow.sheet.write(name, edges[1 + 2 * n], top + 1, 2 * step, _HEAD)
    for n, name in enumerate(_COLUMNS * 2):
        flow.sheet.write(name, edges[1 + n], top + high + 1, step, _HEAD)
    for row, year in enumerate(years, start=2):
        y = top + row * high + 1
        flow.sheet.write(fiscal_year_text(year.year, western), x, y, _YEAR_WIDE, _YEAR)
        amounts = (year.thinned.logs_in, year.thinned.chips_out, year.general.logs_in, year.general.chips_out)
        for (left, end), amount in zip(pairwise(edges[1:]), amounts, strict=True):
            flow.sheet.write(volume_text(amount), left, y, end - left - _PAD, _CELL)
    _rules(flow, edges, top, high, len(years) + 2)
    flow.y = top + high * (len(years) + 2) + 3


def _rules(flow: Flow, edges: Sequence[float], top: float, high: float, rows: int) -> None:
    marks, bottom = flow.sheet.marks, top + high * rows
    for row in range(rows + 1):
        marks.append(Rule(edges[1] if row == 1 else edges[0], top + row * high, edges[-1], top + row * high))
    for n, edge in enumerate(edges):
        marks.append(Rule(edge, top + high if n in (2, 4) else top, edge, bottom))
