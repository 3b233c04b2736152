"""別記1 例1: felling stage, private forest, thinned wood."""

from __future__ import annotations

from biotrace.model.certificate import Certificate, Form
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from .claims import ALL_AND_SEGREGATED, require_sentence
from .content import (
    Aside,
    Entry,
    FormContent,
    area_entry,
    origin_text,
    permit_entry,
    places_entry,
    quantity_entry,
    species_entry,
)
from .page import PageData

TITLE = "発電用チップに係る間伐材等由来の木質バイオマス証明"
SENTENCE = "下記の物件は、間伐材等由来の木質バイオマスであり、適切に分別管理されていることを証明します。"
ATTACH = Aside(
    "※",
    (
        "伐採及び伐採後の造林届出書、保安林伐採許可の通知等の関連書類の写しを添付。",
        "また、森林経営計画対象森林から出材された木質バイオマスについては、伐採及び伐採後の造林届出書、"
        "保安林伐採許可の通知等に代わり、森林経営計画の認定に係る情報を記載するとともに認定書の写しを添付。",
        "ただし、林野庁作成の「発電利用に供する木質バイオマスの証明のためのガイドライン（平成24年6月）」2(1)①の"
        "除伐により生じた木質バイオマスにあっては、地方公共団体が独自に行う証明制度等に基づいた証明書"
        "（所有者名、住所、樹種、法規制がなく適切に伐採した場合はその旨等を記述）を添付。",
    ),
)
NOTE = Aside(
    "注",
    (
        "本様式の証明書の作成に代え、伐採及び伐採後の造林届出書、保安林伐採許可の通知等の写しに"
        "必要情報を追加記載することで証明書とすることも可能。",
    ),
)


def content(certificate: Certificate, page: PageData) -> FormContent:
    """The form filled from the certificate. Raises UsageError where its sentence would overstate it."""
    require_sentence(certificate, Form.F1_PRIVATE, (FuelClass.THINNED,), ALL_AND_SEGREGATED)
    return FormContent(
        form=Form.F1_PRIVATE,
        title=TITLE,
        sentence=SENTENCE,
        says=ALL_AND_SEGREGATED,
        entries=(
            Entry(Text("間伐材等由来の木質バイオマスの種類", "kind of origin"), (origin_text(certificate),)),
            permit_entry(certificate, page),
            places_entry(certificate),
            area_entry(certificate),
            species_entry(certificate),
            quantity_entry(certificate),
        ),
        asides=(ATTACH, NOTE),
        shows=frozenset({"origins", "permit", "locations", "area"}),
    )
