"""What stands on a form, before anything is placed: prescribed words, entries from the record, and who may say them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Form, Origin, Permit, Statement
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.place import Place
from biotrace.model.text import Text, join

from .page import PageData

NOT_STATED = "（記載なし）"
_ONLY_AN_ANNEX = Place(annex=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One numbered line of an annex: the area down to 大字・字, and one parcel or compartment in it."""

    area: str
    unit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of the form. ``name.ja`` is printed; ``paragraphs`` each start on a line of their own.

    ``rows`` is the same value, one unit a row, for the annex that takes it where the page has no room.
    """

    name: Text
    paragraphs: tuple[str, ...]
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """A prescribed remark under the items, with its sign: ※ or 注."""

    sign: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormContent:
    """One certificate as text, in the order of the form."""

    form: Form
    title: str
    sentence: str
    entries: tuple[Entry, ...]
    asides: tuple[Aside, ...]


SENTENCE_SAYS = (Statement.ALL_OF_CLASS, Statement.SEGREGATED)
"""What the certifying sentence of 例1, 2-1 and 2-4 claims. The certificate must have claimed it."""


def require_sentence(certificate: Certificate, fuel_class: FuelClass) -> None:
    """Raise UsageError where the form's sentence would say what the certificate does not."""
    if certificate.fuel_class is not fuel_class:
        raise _refusal(
            certificate,
            Text(
                f"この様式は「{fuel_class.label.ja}」の証明ですが、証明書の区分は「{certificate.fuel_class.label.ja}」です",
                f"this form certifies {fuel_class.label.en}, the certificate says {certificate.fuel_class.label.en}",
            ),
            "form-class",
        )
    if certificate.mixed is not None:
        raise _refusal(
            certificate,
            Text(
                "区分の混じったロットは「全て」と書くこの様式では証明できません",
                "a mixed lot cannot go on a form that says 全て",
            ),
            "form-mixed",
        )
    missing = [label(s) for s in SENTENCE_SAYS if s not in certificate.statements]
    if missing:
        named = join(missing)
        raise _refusal(
            certificate,
            Text(
                f"証明文のうち次の記載がこの証明書にありません: {named.ja}",
                f"it does not state what the form's sentence says: {named.en}",
            ),
            "statement-missing",
        )


def _refusal(certificate: Certificate, why: Text, code: str) -> UsageError:
    form = label(certificate.form)
    return UsageError(
        Text(
            f"証明書 {certificate.id}: {form.ja}に印刷できません。",
            f"certificate {certificate.id} cannot be printed as {form.en}: ",
        )
        + why,
        Text("証明書の内容に合う様式で発行し直してください", "issue it again on the form that fits what it certifies"),
        code=code,
    )


def species_entry(certificate: Certificate) -> Entry:
    """樹種."""
    return Entry(Text("樹種", "species"), ("、".join(certificate.species) or NOT_STATED,))


def quantity_entry(certificate: Certificate) -> Entry:
    """数量, in the unit in which it was written."""
    return Entry(Text("数量", "quantity"), (str(certificate.quantity),))


def origin_text(certificate: Certificate) -> str:
    """The kinds of origin; says that weeding is included, as the form asks."""
    origins = certificate.origins
    weeding = certificate.includes_weeding
    if Origin.THINNING in origins and Origin.WEEDING in origins:
        origins = tuple(o for o in origins if o is not Origin.WEEDING)
        weeding = True
    named = "、".join(label(o).ja for o in origins) or NOT_STATED
    return named + ("（除伐によるものを含む。）" if weeding and origins != (Origin.WEEDING,) else "")


def permit_lines(permit: Permit | None, page: PageData) -> tuple[str, ...]:
    """Date, issuer and number, a line each; what the certificate leaves out is said to be left out."""
    if permit is None:
        return (NOT_STATED,)
    day = page.day(permit.date) if permit.date else NOT_STATED
    return (f"年月日　{day}", f"発行者　{permit.issuer or NOT_STATED}", f"番号　　{permit.number or NOT_STATED}")


def area_text(square_metres: int) -> str:
    """Hectares with two decimals or, where the area is finer, four: 0.60 ha, 23.6110 ha."""
    hectares = Decimal(square_metres) / 10_000
    return f"{hectares:,.2f} ha" if square_metres % 100 == 0 else f"{hectares:,.4f} ha"


def places_entry(certificate: Certificate) -> Entry:
    """物件（森林）所在地: a paragraph for each place, and a row for each parcel or compartment."""
    places = certificate.locations
    rows = tuple(row for place in places for row in _rows(place))
    return Entry(Text("物件（森林）所在地", "felling places"), place_lines(places), rows)


def place_lines(places: tuple[Place, ...]) -> tuple[str, ...]:
    """A line for each place, as written."""
    return tuple(_place_text(place) for place in places) or (NOT_STATED,)


def _place_text(place: Place) -> str:
    if place == _ONLY_AN_ANNEX:
        return "別紙に記載（別紙の内容は記録されていない）"
    return str(place)


def _rows(place: Place) -> list[Row]:
    if place == _ONLY_AN_ANNEX:
        return [Row(_place_text(place), "")]
    area = "".join(p for p in (place.prefecture, place.municipality, place.oaza, place.aza) if p) or NOT_STATED
    landing = (f"土場: {place.landing}",) if place.landing else ()
    return [Row(area, unit) for unit in (*place.parcels, *place.compartments, *landing) or (NOT_STATED,)]
