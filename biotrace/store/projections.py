"""What tables beside the entries repeat of a record, so that it can be found by it. A database never decides by them.

A change in what they say needs a new SCHEMA_VERSION, and a step in ``biotrace.store.upgrade`` that fills them anew.
"""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

from biotrace.chain import cbor
from biotrace.chain.record import Record
from biotrace.model.accreditation import Grant
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.quantity import Quantity, Unit
from biotrace.verify.document_identity import number_key


class Handed(NamedTuple):
    """What ``tables.HandedRow`` has of a certificate beside its position, in the same order."""

    seller: str
    buyer: str | None
    issuer: str | None
    day: str
    amount: int
    unit: str
    moisture: int | None
    species: str | None


class Drawn(NamedTuple):
    """What ``tables.DrawnRow`` has of a draw beside whose it is, in the same order."""

    nth: int
    certificate: bytes
    amount: int
    unit: str
    moisture: int | None


class Arrived(NamedTuple):
    """What ``tables.ArrivedRow`` has of a delivery beside its position, in the same order."""

    sender: str | None
    place: str
    day: str
    certificate: bytes | None
    amount: int
    unit: str
    moisture: int | None


def projected(record: Record) -> dict[str, object]:
    """All of them by name, as ``StoredEntry`` has them."""
    return {
        "number": number_of(record),
        "identity": identity_of(record),
        "cm3": cm3_of(record),
        "handed": handed_of(record),
        "drawn": drawn_of(record),
        "arrived": arrived_of(record),
    }


def number_of(record: Record) -> str | None:
    """The number that people call it by, where it is a paper that has one."""
    body = record.body
    if isinstance(body, Certificate | Document):
        return body.number
    return body.accreditation.number if isinstance(body, Grant) else None


def identity_of(record: Record) -> bytes | None:
    """SHA-256 over what all copies of a document share; None where it states too little to be told from others.

    The office is left out, which may be written as a party whose name changes later: what is found by this may be a
    copy, and ``biotrace.verify.document_identity`` decides whether it is.
    """
    document = record.body
    if not isinstance(document, Document):
        return None
    day = document.accepted or document.filed
    number = None if document.number is None else number_key(document.number)
    if day is None or not number:
        return None
    said = (cbor.text(document.kind.value), cbor.text(number), cbor.text(day.isoformat()))
    return hashlib.sha256(cbor.head(cbor.ARRAY, len(said)) + b"".join(said)).digest()


def cm3_of(record: Record) -> int | None:
    """What a certificate puts on documents where it says so in m³; None in any other unit: no factor is in here."""
    body = record.body
    if isinstance(body, Certificate) and body.documents and body.quantity.unit is Unit.M3:
        return body.quantity.amount
    return None


def handed_of(record: Record) -> Handed | None:
    """Who sold to whom by a certificate, and what.

    An id with a NUL, which is no party's and which not every database can hold, is left out: as a seller's with the
    whole row.
    """
    c = record.body
    if not isinstance(c, Certificate) or "\0" in c.seller:
        return None
    issuer = None if c.issuer == c.seller else _storable(c.issuer)
    species = json.dumps(c.species, ensure_ascii=False) if c.species else None
    return Handed(c.seller, _storable(c.buyer), issuer, c.date.isoformat(), *_amount(c.quantity), species)


def drawn_of(record: Record) -> tuple[Drawn, ...]:
    """What a certificate takes of others, in the order in which it says so."""
    if not isinstance(record.body, Certificate):
        return ()
    draws = enumerate(record.body.draws)
    return tuple(Drawn(nth, bytes.fromhex(d.certificate), *_amount(d.quantity)) for nth, d in draws)


def arrived_of(record: Record) -> Arrived | None:
    """What a delivery brought to whom. Ids with a NUL are left out, as in ``handed_of``: the place's with the row."""
    d = record.body
    if not isinstance(d, Delivery) or "\0" in d.at:
        return None
    certificate = None if d.certificate is None else bytes.fromhex(d.certificate)
    return Arrived(_storable(d.sender), d.at, d.date.isoformat(), certificate, *_amount(d.quantity))


def _amount(quantity: Quantity) -> tuple[int, str, int | None]:
    return quantity.amount, quantity.unit.value, quantity.moisture


def _storable(party: str | None) -> str | None:
    return None if party is not None and "\0" in party else party
