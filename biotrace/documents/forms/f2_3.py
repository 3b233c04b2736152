"""別記2-3: residues, from the sawmill where they arose. Its sentence speaks of the logs that were sawn."""

from __future__ import annotations

from biotrace.model.certificate import Certificate, Form
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.text import Text

from .claims import LOGS_AND_SEGREGATED, require_sentence
from .content import NOT_STATED, Entry, FormContent, quantity_entry, species_entry
from .page import PageData

TITLE = "発電用チップに係る一般木質バイオマス証明"
SENTENCE = (
    "下記の製材等残材は、全て間伐材等由来の木質バイオマス又は一般木質バイオマスに由来するものであり、"
    "適切に分別管理されていることを証明します。"
)


def content(certificate: Certificate, _: PageData) -> FormContent:
    """The form filled from the certificate. Raises UsageError where its sentence would overstate it."""
    require_sentence(certificate, Form.F2_3, (FuelClass.GENERAL,), LOGS_AND_SEGREGATED)
    return FormContent(
        form=Form.F2_3,
        title=TITLE,
        sentence=SENTENCE,
        says=LOGS_AND_SEGREGATED,
        entries=(
            Entry(Text("製材等残材の物件名", "what residue"), (_residue(certificate),)),
            species_entry(certificate),
            quantity_entry(certificate),
        ),
        shows=frozenset({"origins", "goods"}),
    )


def _residue(certificate: Certificate) -> str:
    """The residue, and what was made of it where that is something else: 端材（切削チップ）."""
    residues = "、".join(label(origin).ja for origin in certificate.origins)
    goods = label(certificate.goods).ja if certificate.goods else ""
    if not residues or residues == goods:
        return goods or NOT_STATED
    return f"{residues}（{goods}）" if goods else residues
