"""Records as rows: what the cells of a sheet say of them, with party ids where cells have names."""

from __future__ import annotations

from collections.abc import Sequence

from biotrace.documents.workbook.columns import Values
from biotrace.documents.workbook.sheet_book import Entry
from biotrace.documents.workbook.sheet_parties import is_corporate_number
from biotrace.model.certificate import Certificate, Form, Medium, Statement
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document, DocumentKind, FellingFacts, Period
from biotrace.model.party import Accreditation, Party
from biotrace.model.place import Place
from biotrace.model.stock import StockEntry

_BOTH = (Statement.ALL_OF_CLASS, Statement.SEGREGATED)
PRINTED: dict[Form, tuple[Statement, ...]] = {
    Form.F1_PRIVATE: _BOTH,
    Form.F1_NATIONAL: (Statement.ALL_OF_CLASS,),
    Form.F1_1: (Statement.ALL_OF_CLASS,),
    Form.F1_2: (Statement.ALL_OF_CLASS,),
    Form.F2_1: _BOTH,
    Form.F2_2: _BOTH,
    Form.F2_3: (*_BOTH, Statement.LOGS_ALL_THINNED_OR_GENERAL),
    Form.F2_4: _BOTH,
}
"""What the sentence that is printed on each form says (別記1 to 別記2-4)."""
NOBODY = "記載なし"


def certificate_values(certificate: Certificate, document: Document | None, delivery: Delivery | None) -> Values:
    """A row of 入荷. ``document``: the one of its documents that the row shows."""
    c, permit, felled = certificate, certificate.permit, certificate.felled or Period()
    values: Values = {
        "date": c.date,
        "seller": c.seller,
        "buyer": c.buyer or NOBODY,
        "issuer": c.issuer_party,
        "form": c.form,
        "class": c.fuel_class,
        "number": c.number,
        "accreditation_number": c.accreditation_number,
        "origins": c.origins,
        "includes_weeding": c.includes_weeding or None,
        "species": c.species,
        "goods": c.goods,
        "quantity": c.quantity,
        "vehicle": c.vehicle,
        "permit_date": permit.date if permit else None,
        "permit_issuer": permit.issuer if permit else None,
        "permit_number": permit.number if permit else None,
        "forest_office": c.forest_office,
        "places": c.locations,
        "area": c.area,
        "country": c.country,
        "felled_from": felled.start,
        "felled_until": felled.until,
        "statements": c.statements if c.statements != PRINTED[c.form] else None,
        "medium": c.medium if c.medium is not Medium.FORM else None,
        "process": c.process,
        "from_site": c.from_site,
        "to_site": c.to_site,
    }
    if delivery is not None:
        values |= delivery_values(delivery)
    if document is not None:
        values |= document_values(document)
    return values


def delivery_values(delivery: Delivery) -> Values:
    """The part of a row of 入荷 that says what arrived."""
    return {
        "received": delivery.date,
        "time": delivery.time,
        "measured": delivery.quantity,
        "arrived_on": delivery.vehicle,
    }


def document_values(document: Document) -> Values:
    """The part of a row of 入荷 that says what stands on the document."""
    d, felling, valid = document, document.felling or FellingFacts(), document.valid or Period()
    contract = d.kind is DocumentKind.NATIONAL_CONTRACT
    return {
        "document_kind": d.kind,
        "document_number": d.number,
        "document_issuer": (d.forest_office or d.issuer) if contract else (d.issuer or d.forest_office),
        "document_filed": d.filed,
        "document_accepted": d.accepted,
        "document_applicant": d.applicant,
        "document_places": lines_of(d.locations),
        "document_area": felling.area,
        "document_volume": felling.volume,
        "document_species": felling.species,
        "method": felling.method,
        "rate": felling.rate,
        "age": felling.age,
        "felling_from": felling.start,
        "felling_until": felling.until,
        "valid_from": valid.start,
        "valid_until": valid.until,
        "remains_forest": d.remains_forest,
        "canopy_closed": felling.canopy_closed_before,
        "closes_in": felling.closes_again_in_years,
        "content": d.content,
        "copy": d.copy,
    }


def lines_of(places: Sequence[Place]) -> tuple[str, ...]:
    """Places as text, one to a line."""
    return tuple(str(place) for place in places)


def issued_values(certificate: Certificate) -> Values:
    """A row of 出荷."""
    c = certificate
    return {
        "date": c.date,
        "number": c.number,
        "buyer": c.buyer,
        "form": c.form,
        "class": c.fuel_class,
        "quantity": c.quantity,
        "vehicle": c.vehicle,
        "species": c.species,
        "goods": c.goods,
        "process": c.process,
        "from_site": c.from_site,
        "to_site": c.to_site,
    }


def stock_values(entry: StockEntry) -> Values:
    """A row of 管理簿."""
    line = {"entry": Entry(entry.kind.value), "site": entry.site, "class": entry.fuel_class}
    return {"date": entry.date, "line": line | {"quantity": entry.quantity}, "to": entry.to}


def party_values(party: Party, held: Accreditation | None) -> Values:
    """A row of 取引先, with one of the party's accreditations."""
    values: Values = {
        "name": party.name,
        "id": party.id,
        "corporate_number": party.id if is_corporate_number(party.id) else None,
        "address": party.address,
        "roles": party.roles,
        "as_business": party.as_business,
    }
    if held is not None:
        values |= {
            "body": held.body,
            "accreditation_number": held.number,
            "start": held.start,
            "until": held.until,
        }
    return values
