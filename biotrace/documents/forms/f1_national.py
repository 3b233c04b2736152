"""別記1 例2: felling stage, national forest, thinned wood. Its sentence says nothing of segregation."""

from __future__ import annotations

from biotrace.model.certificate import Certificate, Form
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from .claims import ALL, require_sentence
from .content import (
    NOT_STATED,
    Aside,
    Entry,
    FormContent,
    area_entry,
    places_entry,
    quantity_entry,
    species_entry,
)
from .page import PageData

TITLE = "発電用チップに係る間伐材等由来の木質バイオマス証明"
SENTENCE = "下記の物件は、間伐材等由来の木質バイオマスであることを証明します。"
ATTACH = "森林管理署等と〇〇素材生産事業者の売買契約書の写しを添付。"
PRODUCER = "〇〇素材生産事業者"
"""Stands in the form for who bought the wood from the forest office."""
NOTE = Aside(
    "注",
    ("本様式の証明書の作成に代え、売買契約書の写しに必要情報を追加記載することによって証明書とすることも可能。",),
)


def content(certificate: Certificate, page: PageData) -> FormContent:
    """The form filled from the certificate. Raises UsageError where its sentence would overstate it."""
    require_sentence(certificate, Form.F1_NATIONAL, (FuelClass.THINNED,), ALL)
    office = page.forest_office or certificate.forest_office or NOT_STATED
    return FormContent(
        form=Form.F1_NATIONAL,
        title=TITLE,
        sentence=SENTENCE,
        says=ALL,
        entries=(
            Entry(Text("出材元の森林管理署名", "forest office"), (office,)),
            places_entry(certificate, "物件（森林）所在地（林班名など）"),
            area_entry(certificate),
            species_entry(certificate),
            quantity_entry(certificate),
        ),
        asides=(Aside("※", (ATTACH.replace(PRODUCER, page.seller.name),)), NOTE),
        shows=frozenset({"forest_office", "locations", "area"}),
    )
