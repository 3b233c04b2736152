"""別記2-4: processing and distribution, general wood."""

from __future__ import annotations

from biotrace.model.certificate import Certificate, Form
from biotrace.model.fuel_class import FuelClass

from .claims import ALL_AND_SEGREGATED, require_sentence
from .content import Aside, FormContent, quantity_entry, species_entry
from .page import PageData

TITLE = "発電用チップに係る一般木質バイオマス証明"
SENTENCE = "下記の物件は、全て一般木質バイオマスであり、適切に分別管理されていることを証明します。"
# The guideline's own 2-4 says 間伐材等由来 in the brackets, as if taken over from 2-1; printed as it stands there.
NOTE = Aside(
    "注",
    (
        "本様式の証明書の作成に代え、既存の納品書等に必要な情報（間伐材等由来の木質バイオマスであること等）を"
        "追加記載することで証明書とすることも可能。",
    ),
)


def content(certificate: Certificate, _: PageData) -> FormContent:
    """The form filled from the certificate. Raises UsageError where its sentence would overstate it."""
    require_sentence(certificate, Form.F2_4, (FuelClass.GENERAL,), ALL_AND_SEGREGATED)
    return FormContent(
        form=Form.F2_4,
        title=TITLE,
        sentence=SENTENCE,
        says=ALL_AND_SEGREGATED,
        entries=(species_entry(certificate), quantity_entry(certificate)),
        asides=(NOTE,),
    )
