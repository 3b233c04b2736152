"""別記2-1: processing and distribution, thinned wood."""

from __future__ import annotations

from biotrace.model.certificate import Certificate, Form
from biotrace.model.fuel_class import FuelClass

from .claims import ALL_AND_SEGREGATED, require_sentence
from .content import Aside, FormContent, quantity_entry, species_entry
from .page import PageData

TITLE = "発電用チップに係る間伐材等由来の木質バイオマス証明"
SENTENCE = "下記の物件は、全て間伐材等由来の木質バイオマスであり、適切に分別管理されていることを証明します。"
NOTE = Aside(
    "注",
    (
        "なお、本様式の証明書の作成に代え、既存の納品書等に必要な情報（間伐材等由来の木質バイオマスであること等）を"
        "追加記載することで証明書とすることも可能。",
    ),
)


def content(certificate: Certificate, _: PageData) -> FormContent:
    """The form filled from the certificate. Raises UsageError where its sentence would overstate it."""
    require_sentence(certificate, Form.F2_1, (FuelClass.THINNED,), ALL_AND_SEGREGATED)
    return FormContent(
        form=Form.F2_1,
        title=TITLE,
        sentence=SENTENCE,
        says=ALL_AND_SEGREGATED,
        entries=(species_entry(certificate), quantity_entry(certificate)),
        asides=(NOTE,),
    )
