"""What tables beside the entries repeat of a record, so that it can be found by it. A database never decides by them.

A change in what they say needs a new SCHEMA_VERSION, and a step in ``biotrace.store.upgrade`` that fills them anew.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

from biotrace.chain import cbor
from biotrace.chain.record import Record
from biotrace.model.accreditation import Grant
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.quantity import Unit
from biotrace.verify.document_identity import number_key

Handed: TypeAlias = tuple[str, str | None]
"""Seller and buyer of a certificate, by their party ids; it may name no buyer."""


def projected(record: Record) -> dict[str, object]:
    """All of them by name, as ``StoredEntry`` has them."""
    return {
        "number": number_of(record),
        "identity": identity_of(record),
        "cm3": cm3_of(record),
        "handed": handed_of(record),
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
    """Who sold to whom by a certificate.

    An id with a NUL, which is no party's and which not every database can hold, is left out: as a seller's with the
    whole row.
    """
    body = record.body
    if not isinstance(body, Certificate) or "\0" in body.seller:
        return None
    return body.seller, None if body.buyer is not None and "\0" in body.buyer else body.buyer
