"""別記1-1: felling stage, general wood. Its sentence says nothing of segregation.

It may rest on a legality certificate under the guideline of 2006 instead of a permit (G3(2)①イ(ア)).
"""

from __future__ import annotations

from biotrace.model.certificate import Certificate, Form
from biotrace.model.fuel_class import FuelClass

from .claims import ALL, require_sentence
from .content import Aside, FormContent, area_entry, permit_entry, places_entry, quantity_entry, species_entry
from .page import PageData

TITLE = "発電用チップに係る一般木質バイオマス証明"
SENTENCE = "下記の物件は、一般木質バイオマスであることを証明します。"
ATTACH = Aside("※", ("伐採及び伐採後の造林届出書等の関連書類の写しを添付。",))
NOTE = Aside(
    "注",
    (
        "本様式の証明書の作成に代え、「木材・木材製品の合法性、持続可能性の証明のためのガイドライン」に基づき証明書に"
        "必要情報を追加記載することによって証明書とすることも可能。",
    ),
)


def content(certificate: Certificate, page: PageData) -> FormContent:
    """The form filled from the certificate. Raises UsageError where its sentence would overstate it."""
    require_sentence(certificate, Form.F1_1, (FuelClass.GENERAL,), ALL)
    return FormContent(
        form=Form.F1_1,
        title=TITLE,
        sentence=SENTENCE,
        says=ALL,
        entries=(
            permit_entry(certificate, page),
            places_entry(certificate),
            area_entry(certificate),
            species_entry(certificate),
            quantity_entry(certificate),
        ),
        asides=(ATTACH, NOTE),
        shows=frozenset({"permit", "locations", "area"}),
    )
