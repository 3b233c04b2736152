"""What stands on a form, before anything is placed: prescribed words, entries from the record, and what both claim."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from biotrace.model.certificate import Certificate, Form, Medium, Origin, Permit, Statement
from biotrace.model.labels import label
from biotrace.model.place import Place
from biotrace.model.text import Text

from .page import PageData

NOT_STATED = "（記載なし）"
_ONLY_AN_ANNEX = Place(annex=True)
_UNDER_ANOTHER_GUIDELINE = (Medium.LEGALITY_CERTIFICATE, Medium.COC_CERTIFICATE)


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
class Column:
    """A column of a delivery note with its one value. ``wide`` in mm; ``paragraphs`` empty: left blank."""

    name: Text
    wide: float
    paragraphs: tuple[str, ...] = ()
    number: bool = False


@dataclass(frozen=True, slots=True)
class IssuerLine:
    """A line of the issuer's block: a name, an address or a number, and what it is. ``large``: the name."""

    field: Text
    text: str
    large: bool = False


@dataclass(frozen=True, slots=True)
class FormContent:
    """One certificate as text, in the order of the form.

    ``says``: the statements that ``sentence`` makes. ``shows``: names of the certificate's fields that stand among the
    entries; 参考 has the rest. ``columns``: of a delivery note, whose entries stand above the table, unnumbered, and
    whose sentence stands below it. ``issuer``: the issuer's block, where it is not the usual one.
    """

    form: Form
    title: str
    sentence: str
    says: tuple[Statement, ...]
    entries: tuple[Entry, ...]
    asides: tuple[Aside, ...] = ()
    shows: Collection[str] = frozenset()
    columns: tuple[Column, ...] = ()
    issuer: tuple[IssuerLine, ...] = ()


def species_entry(certificate: Certificate) -> Entry:
    """樹種."""
    return Entry(Text("樹種", "species"), ("、".join(certificate.species) or NOT_STATED,))


def quantity_entry(certificate: Certificate) -> Entry:
    """数量, in the unit in which it was written."""
    return Entry(Text("数量", "quantity"), (str(certificate.quantity),))


def area_entry(certificate: Certificate) -> Entry:
    """伐採面積."""
    area = NOT_STATED if certificate.area is None else area_text(certificate.area)
    return Entry(Text("伐採面積", "felled area"), (area,))


def permit_entry(certificate: Certificate, page: PageData) -> Entry:
    """Permit or notice data; for wood that rests on a legality certificate without any, what it rests on."""
    lines = permit_lines(certificate.permit, page)
    if certificate.permit is None and certificate.medium in _UNDER_ANOTHER_GUIDELINE:
        lines = (f"（{label(certificate.medium).ja}による）",)
    return Entry(Text("伐採許可（届出）年月日、許可書発行者及び伐採許可番号等", "permit or notice data"), lines)


def places_entry(certificate: Certificate, name: str = "物件（森林）所在地") -> Entry:
    """物件（森林）所在地: a paragraph for each place, and a row for each parcel or compartment."""
    places = certificate.locations
    rows = tuple(row for place in places for row in _rows(place))
    return Entry(Text(name, "felling places"), place_lines(places), rows)


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
