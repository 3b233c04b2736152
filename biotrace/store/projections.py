"""What tables beside the entries repeat of a record, so that it can be found by it. A database never decides by them.

A change in what they say needs a new SCHEMA_VERSION, and a step in ``biotrace.store.upgrade`` that fills them anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import NamedTuple

from biotrace.chain import cbor
from biotrace.chain.record import Record
from biotrace.model.accreditation import Grant
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.quantity import Quantity, Unit
from biotrace.verify.document_identity import number_key
from biotrace.verify.places import numbers_in

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


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
        "felled": felled_of(record),
    }


def felled_of(record: Record) -> tuple[str, ...]:
    """The numbers of felling places that a certificate may name, in order."""
    if not isinstance(record.body, Certificate) or not record.body.locations:
        return ()
    return tuple(sorted(numbers_in(record.body.locations)))


def number_of(record: Record) -> str | None:
    """The number that people call it by, where it is a paper that has one. With a NUL nobody could: it has none."""
    body = record.body
    if isinstance(body, Certificate | Document):
        return _storable(body.number)
    return _storable(body.accreditation.number) if isinstance(body, Grant) else None


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
    """Who sold to whom by a certificate, and what. Ids are written as by ``id_written``."""
    c = record.body
    if not isinstance(c, Certificate):
        return None
    buyer = None if c.buyer is None else id_written(c.buyer)
    issuer = None if c.issuer == c.seller else id_written(c.issuer)
    species = json.dumps(c.species, ensure_ascii=False) if c.species else None
    return Handed(id_written(c.seller), buyer, issuer, c.date.isoformat(), *_amount(c.quantity), species)


def drawn_of(record: Record) -> tuple[Drawn, ...]:
    """What a certificate takes of others, in the order in which it says so."""
    if not isinstance(record.body, Certificate):
        return ()
    draws = enumerate(record.body.draws)
    return tuple(Drawn(nth, bytes.fromhex(d.certificate), *_amount(d.quantity)) for nth, d in draws)


def arrived_of(record: Record) -> Arrived | None:
    """What a delivery brought to whom. Ids are written as by ``id_written``."""
    d = record.body
    if not isinstance(d, Delivery):
        return None
    sender = None if d.sender is None else id_written(d.sender)
    certificate = None if d.certificate is None else bytes.fromhex(d.certificate)
    return Arrived(sender, id_written(d.at), d.date.isoformat(), certificate, *_amount(d.quantity))


def id_written(party: str) -> str:
    """An id as these tables have it: a NUL, which not every database can hold, as ``\\0``, and a backslash twice.

    No party's id has a NUL, but any certificate may name one that has, and is found by the others that it names.
    """
    return party.replace("\\", "\\\\").replace("\0", "\\0") if "\\" in party or "\0" in party else party


def id_read(written: str) -> str:
    """The id that stands so in a table."""
    return _ESCAPED.sub(lambda found: "\0" if found[1] == "0" else found[1], written) if "\\" in written else written


def _amount(quantity: Quantity) -> tuple[int, str, int | None]:
    return quantity.amount, quantity.unit.value, quantity.moisture


def _storable(text: str | None) -> str | None:
    return None if text is not None and "\0" in text else text
