"""別添1: how a business keeps classes apart and keeps its papers (分別管理及び書類管理方針書)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from biotrace.documents.paint import Metadata, paint
from biotrace.model.text import Text

from . import parts
from .values import day_text

TITLE = "分別管理及び書類管理方針書"
SITE = "当社製材工場"
"""Where the policy applies, as the form words it: the example of a sawmill."""

_OPENING = (
    "本方針書は、{body}が作成した「発電利用に供する木質バイオマスの証明に関する自主行動規範（{code_day}）」を受け、"
    "間伐材等由来の木質バイオマス又は一般木質バイオマスであると証明された木材の供給に当たって必要となる"
    "分別管理の方針を定めたものである。"
)
_SCOPE = "本方針書は、{site}において、原木及び当該原木を原料として製造するチップ等の取扱いに当たって適用する。"
_PERSON = (
    "分別管理を適切に行うため、{person}を分別管理責任者として定める。",
    "分別管理責任者は、間伐材等由来の木質バイオマス又は一般木質バイオマスの適切な分別管理及びその実施状況の点検を、"
    "責任をもって行うものとする。",
)
_SEGREGATION = (
    "原木の入荷に当たっては、納品書等により間伐材等由来の木質バイオマス又は一般木質バイオマスであるか否かを確認する。",
    "原木の保管に当たっては、間伐材等由来の木質バイオマス又は一般木質バイオマスとそれ以外の木材が混在しないように、"
    "それぞれの保管場所をテープや標識等により明示する。",
    "チップ加工等に当たっては、間伐材等由来の木質バイオマス又は一般木質バイオマスとそれ以外の木材が混在しないように"
    "加工する。",
    "チップ等の出荷に当たっては、間伐材等由来の木質バイオマス又は一般木質バイオマスであることを確認の上、"
    "納品書に記載する。",
    "製材品の保管に当たっては、間伐材等由来の木質バイオマス又は一般木質バイオマスを原料として製造したチップ等と、"
    "それ以外の木材を原料として製造したチップ等が混在しないように、それぞれの保管場所をテープや標識等により明示する。",
)
_PAPERS = (
    "分別管理責任者は、間伐材等由来の木質バイオマス、一般木質バイオマス及びそれ以外の木材それぞれに係る原木消費量及び"
    "製品生産量を実績報告として取りまとめる。",
    "間伐材等由来の木質バイオマス又は一般木質バイオマスの入出荷及び在庫に関する情報が把握できるよう管理簿を備え付け"
    "適切に記載する。",
    "証明書、納品書及び管理簿等の関係書類は、5年間整理保管する。",
)
_BLANK = "＿" * 8
"""A space in a sentence, to write in by hand."""


@dataclass(frozen=True, slots=True)
class Policy:
    """別添1 as it is filled in. ``day``: on which it was drawn up. ``code_day``: of the body's code of conduct.

    ``person``: the 分別管理責任者. ``site``: where the policy applies.
    """

    company: str | None
    day: date | None
    body: str | None
    code_day: date | None
    person: str | None
    site: str = SITE
    western_dates: bool = False


def render(policy: Policy) -> bytes:
    """The PDF. The same values give the same bytes. Raises UsageError for a character that cannot be printed."""
    western = policy.western_dates
    company = parts.checked(policy.company or _BLANK, parts.NAME)
    flow = parts.paper("別添1　分別管理及び書類管理方針書", company)
    parts.title(flow, TITLE)
    parts.right(flow, company)
    parts.right(flow, f"{day_text(policy.day, western)}作成")
    flow.gap(4)
    body = parts.checked(policy.body or _BLANK, parts.BODY_NAME)
    parts.sentence(flow, _OPENING.format(body=body, code_day=day_text(policy.code_day, western)))
    parts.section(flow, "（適用範囲）")
    parts.sentence(flow, _SCOPE.format(site=parts.checked(policy.site, _WHERE)))
    person = parts.checked(policy.person or f"{_BLANK}（氏名）", _WHO)
    for name, points in (
        ("（分別管理責任者）", tuple(point.format(person=person) for point in _PERSON)),
        ("（分別管理の実施）", _SEGREGATION),
        ("（書類管理）", _PAPERS),
    ):
        parts.section(flow, name)
        parts.points(flow, points)
    parts.right(flow, "以上")
    return paint(flow.finish(None), Metadata(TITLE, policy.company or "", "別記3 別添1"))


_WHERE = Text("適用範囲", "where it applies")
_WHO = Text("分別管理責任者", "person in charge")
