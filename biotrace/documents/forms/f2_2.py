"""別記2-2: a delivery note as certificate. For general wood its sentence is read so by G3(2)②."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from biotrace.model.certificate import Certificate, Form
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.private import PrivateField
from biotrace.model.quantity import Unit
from biotrace.model.text import Text

from .claims import ALL_AND_SEGREGATED, require_sentence
from .content import NOT_STATED, Column, Entry, FormContent
from .page import PageData

TITLE = "納品書（出荷伝票）"
SENTENCE = (
    "上記の製品は、全て間伐材等由来の木質バイオマスに由来するものであり、適切に分別管理されていることを証明します。"
)
_THINNED, _GENERAL = FuelClass.THINNED, FuelClass.GENERAL
_SOLID = (Unit.M3, Unit.M3_STACKED)


def content(certificate: Certificate, page: PageData) -> FormContent:
    """The form filled from the certificate. Raises UsageError where its sentence would overstate it."""
    require_sentence(certificate, Form.F2_2, (_THINNED, _GENERAL), ALL_AND_SEGREGATED)
    return FormContent(
        form=Form.F2_2,
        title=TITLE,
        # 「間伐材等由来の木質バイオマス」を「一般木質バイオマス」と読み替える (G3(2)②ア, イ(ア))
        sentence=SENTENCE.replace(_THINNED.label.ja, certificate.fuel_class.label.ja),
        says=ALL_AND_SEGREGATED,
        entries=(
            Entry(Text("発地（出荷場所）", "ship-from site"), (_or(page.from_site, certificate.from_site),)),
            Entry(Text("着地（納入場所）", "delivery site"), (_or(page.to_site, certificate.to_site),)),
        ),
        columns=tuple(_columns(certificate, page)),
        shows=frozenset({"from_site", "to_site", "goods", "vehicle"}),
    )


def _or(*names: str | None) -> str:
    return next((name for name in names if name), NOT_STATED)


def _columns(certificate: Certificate, page: PageData) -> Iterator[Column]:
    """The table's columns; grade and size are in no record and stay blank."""
    quantity = certificate.quantity
    written, solid = (str(quantity),), quantity.unit in _SOLID
    price = page.private.get(PrivateField.PRICE_YEN)
    yen = price if isinstance(price, int) else None
    yield Column(Text("樹種", "species"), 25, ("、".join(certificate.species) or NOT_STATED,))
    yield Column(Text("品等", "grade"), 13)
    yield Column(Text("寸法", "size"), 13)
    yield Column(Text("数量", "quantity"), 22, () if solid else written, number=True)
    yield Column(Text("材積", "volume"), 22, written if solid else (), number=True)
    yield Column(Text("単価", "unit price"), 18, _unit_price(yen, certificate), number=True)
    yield Column(Text("金額", "price"), 22, () if yen is None else (f"{yen:,}円", "（税抜）"), number=True)
    yield Column(Text("備考", "remarks"), 25, tuple(_remarks(certificate)))


def _unit_price(yen: int | None, certificate: Certificate) -> tuple[str, ...]:
    """Yen by the unit written, where it comes out whole; a rounded one would contradict the sum."""
    if yen is None:
        return ()
    quantity = certificate.quantity
    each = Fraction(yen * quantity.unit.scale, quantity.amount)
    return (f"{each.numerator:,}円", f"／{quantity.unit.sign}") if each.denominator == 1 else ()


def _remarks(certificate: Certificate) -> Iterator[str]:
    if certificate.goods is not None:
        yield label(certificate.goods).ja
    if certificate.vehicle is not None:
        yield f"車番 {certificate.vehicle}"
