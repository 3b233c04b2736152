"""別記1-2: wood that needs no felling procedure, from whoever felled or owns it (G3(2)①イ(イ))."""

from __future__ import annotations

from biotrace.model.certificate import Certificate, Form
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.party import Role
from biotrace.model.private import PrivateField
from biotrace.model.text import Text

from .claims import ALL, refused, require_sentence
from .content import Entry, FormContent, IssuerLine, places_entry, quantity_entry, species_entry
from .page import PageData

TITLE = "発電用チップに係る一般木質バイオマス証明"
SENTENCE = "下記の物件は、全て{kinds}であることを証明します。"
_OWNER, _OWNERS_ADDRESS = Text("所有者名", "owner's name"), Text("所有者住所", "owner's address")
_FELLER, _FELLERS_ADDRESS = Text("伐採者名", "feller's name"), Text("伐採者住所", "feller's address")


def content(certificate: Certificate, page: PageData) -> FormContent:
    """The form filled from the certificate.

    Raises UsageError where its sentence would overstate it, or where the record states no kind for it to name.
    """
    require_sentence(certificate, Form.F1_2, (FuelClass.GENERAL,), ALL)
    kinds = [label(origin).ja for origin in certificate.origins]
    if not kinds:
        raise _without_kind(certificate)
    return FormContent(
        form=Form.F1_2,
        title=TITLE,
        sentence=SENTENCE.format(kinds=_either(kinds)),
        says=ALL,
        entries=(
            Entry(Text("物件名", "what it is"), ("、".join(kinds),)),
            places_entry(certificate, "当該バイオマスの発生場所（伐採箇所など）"),
            species_entry(certificate),
            quantity_entry(certificate),
        ),
        shows=frozenset({"origins", "locations"}),
        issuer=_issuer(certificate, page),
    )


def _either(kinds: list[str]) -> str:
    """全て… 又は…: each piece is one of them."""
    *some, last = kinds
    return f"{'、'.join(some)}又は{last}" if some else last


def _issuer(certificate: Certificate, page: PageData) -> tuple[IssuerLine, ...]:
    """Owner and address, as the form has them; whoever felled for the owner is named as that, with the number."""
    owner, address = (page.private.get(f) for f in (PrivateField.OWNER_NAME, PrivateField.OWNER_ADDRESS))
    issuer = page.issuer
    lines = []
    if issuer.as_business and Role.OWNER not in issuer.roles:
        lines = _named(_FELLER, issuer.name, _FELLERS_ADDRESS, issuer.address)
    elif owner is None:
        owner, address = issuer.name, issuer.address if address is None else address
    if owner is not None:
        lines = [*_named(_OWNER, str(owner), _OWNERS_ADDRESS, None if address is None else str(address)), *lines]
    if certificate.accreditation_number is not None:
        lines.append(IssuerLine(Text("認定番号", "accreditation number"), certificate.accreditation_number))
    return tuple(lines)


def _named(name_field: Text, name: str, address_field: Text, address: str | None) -> list[IssuerLine]:
    name_line = IssuerLine(name_field, name, large=True)
    return [name_line, IssuerLine(address_field, address)] if address else [name_line]


def _without_kind(certificate: Certificate) -> Exception:
    why = Text(
        "証明文「全て○○であること」に入れる種類（由来）の記載がありません",
        "it states no kind of wood for the sentence 全て○○である",
    )
    remedy = Text(
        "剪定枝などの種類（origin）を書いた証明書にしてください", "state what it is, such as prunings (origin)"
    )
    return refused(certificate, Form.F1_2, why, "form-kind", remedy)
