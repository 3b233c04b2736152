"""The integer key of every field in a record's body. Written down one by one: a key never changes its meaning.

Keys are counted per type, from 1. Those above 23 take a second byte, so what is rarely stated stands there.
"""

from __future__ import annotations

from collections.abc import Mapping

from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.certificate import Certificate, Draw, Mixed, Permit, Share
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document, FellingFacts, Period
from biotrace.model.party import Accreditation, Audit, Party
from biotrace.model.place import Concordance, Link, Place
from biotrace.model.private import Sealed
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.retention import Answer, Challenge, RetentionHold, StoredFile, Tombstone
from biotrace.model.stock import Consumption, Plan, Site, StockEntry

from .cbor import MAX_INT
from .ed25519 import KEY_BYTES
from .keys import KID_BYTES
from .kinds import KeyBinding, KeyEnd, RecordKind, TrustedBodies

FIELDS: Mapping[type, Mapping[str, int]] = {
    Party: {
        "id": 1,
        "name": 2,
        "roles": 3,
        "as_business": 4,
        "address": 5,
        "code_from": 6,
        "sealed": 7,
        "replaces": 8,
    },
    Accreditation: {
        "start": 1,
        "number": 2,
        "body": 3,
        "until": 4,
        "self_declared": 5,
        "third_party_audit": 6,
    },
    Audit: {"by": 1, "start": 2, "until": 3},
    KeyBinding: {"public_key": 1, "party": 2, "name": 3, "root": 4},
    Certificate: {
        "form": 1,
        "fuel_class": 2,
        "date": 3,
        "seller": 4,
        "buyer": 5,
        "quantity": 6,
        "origins": 7,
        "number": 8,
        "accreditation_number": 9,
        "permit": 10,
        "locations": 11,
        "area": 12,
        "species": 13,
        "felled": 14,
        "documents": 15,
        "statements": 16,
        "vehicle": 17,
        "goods": 18,
        "draws": 19,
        "process": 20,
        "includes_weeding": 21,
        "issuer_party": 22,
        "medium": 23,
        "forest_office": 24,
        "country": 25,
        "mixed": 26,
        "from_site": 27,
        "to_site": 28,
        "sealed": 29,
        "files": 30,
    },
    Permit: {"date": 1, "issuer": 2, "number": 3},
    Draw: {"certificate": 1, "quantity": 2},
    Mixed: {"plant": 1, "shares": 2},
    Share: {"fuel_class": 1, "parts": 2},
    Quantity: {"amount": 1, "unit": 2, "moisture": 3},
    Period: {"start": 1, "until": 2},
    Place: {
        "prefecture": 1,
        "municipality": 2,
        "oaza": 3,
        "aza": 4,
        "parcels": 5,
        "compartments": 6,
        "landing": 7,
        "annex": 8,
    },
    Document: {
        "kind": 1,
        "number": 2,
        "filed": 3,
        "accepted": 4,
        "issuer": 5,
        "forest_office": 6,
        "applicant": 7,
        "locations": 8,
        "felling": 9,
        "valid": 10,
        "remains_forest": 11,
        "content": 12,
        "copy": 13,
        "files": 14,
    },
    FellingFacts: {
        "method": 1,
        "rate": 2,
        "age": 3,
        "area": 4,
        "volume": 5,
        "species": 6,
        "start": 7,
        "until": 8,
        "canopy_closed_before": 9,
        "closes_again_in_years": 10,
    },
    Delivery: {
        "at": 1,
        "date": 2,
        "quantity": 3,
        "time": 4,
        "sender": 5,
        "certificate": 6,
        "fuel_class": 7,
        "goods": 8,
        "vehicle": 9,
    },
    Concordance: {
        "vouched_by": 1,
        "date": 2,
        "pairs": 3,
        "prefecture": 4,
        "municipality": 5,
        "oaza": 6,
        "aza": 7,
    },
    Link: {"compartment": 1, "parcels": 2},
    Correction: {"certificate": 1, "action": 2, "date": 3, "reason": 4, "by": 5, "follows": 6},
    Site: {"id": 1, "party": 2, "fuel_class": 3},
    StockEntry: {"site": 1, "date": 2, "fuel_class": 3, "quantity": 4, "kind": 5, "to": 6},
    Consumption: {"plant": 1, "month": 2, "fuel_class": 3, "quantity": 4, "ratio": 5},
    Plan: {"plant": 1, "year": 2, "fuel_class": 3, "quantity": 4},
    TrustedBodies: {"bodies": 1, "replaces": 2},
    Grant: {"party": 1, "accreditation": 2, "scope": 3, "member_key": 4, "renews": 5},
    RenewalRequest: {"grant": 1, "date": 2},
    Revocation: {"grant": 1, "date": 2, "reason": 3},
    Inspection: {"grant": 1, "date": 2, "result": 3},
    KeyEnd: {"kid": 1, "first": 2, "reason": 3},
    RetentionHold: {"records": 1, "date": 2, "reason": 3, "ends": 4},
    Challenge: {"records": 1, "to": 2, "due": 3, "date": 4, "reason": 5},
    Answer: {"challenge": 1, "date": 2, "files": 3, "remark": 4},
    Tombstone: {"record": 1, "date": 2, "deleted": 3, "ground": 4},
    Sealed: {"field": 1, "digest": 2},
    StoredFile: {"sha256": 1, "size": 2, "media_type": 3},
}

NOT_IN_RECORDS: Mapping[type, frozenset[str]] = {
    Party: frozenset({"accreditations"}),
    Accreditation: frozenset({"revoked", "renewal_requested", "inspected"}),
}
"""Fields of the model that records of other kinds say: a value that states them has no body."""

OWN_ID: frozenset[type] = frozenset({Certificate, Document, Delivery, Concordance})
"""Types whose ``id`` is the id of the record that holds them, in hex, and so does not stand in the body."""

REFERENCES: Mapping[tuple[type, str], RecordKind | None] = {
    (Certificate, "documents"): RecordKind.DOCUMENT,
    (Draw, "certificate"): RecordKind.CERTIFICATE,
    (Delivery, "certificate"): RecordKind.CERTIFICATE,
    (Correction, "certificate"): RecordKind.CERTIFICATE,
    (Correction, "by"): RecordKind.CERTIFICATE,
    (Correction, "follows"): RecordKind.CORRECTION,
    (Party, "replaces"): RecordKind.PARTY,
    (TrustedBodies, "replaces"): RecordKind.TRUSTED_BODIES,
    (Grant, "renews"): RecordKind.ACCREDITATION,
    (RenewalRequest, "grant"): RecordKind.ACCREDITATION,
    (Revocation, "grant"): RecordKind.ACCREDITATION,
    (Inspection, "grant"): RecordKind.ACCREDITATION,
    (RetentionHold, "records"): None,
    (RetentionHold, "ends"): RecordKind.RETENTION_HOLD,
    (Challenge, "records"): None,
    (Answer, "challenge"): RecordKind.CHALLENGE,
    (Tombstone, "record"): None,
}
"""Fields that cite a record, and its kind, None for any: 64 hex digits in the value, 32 bytes in the body."""

LENGTHS: Mapping[tuple[type, str], int] = {
    (KeyBinding, "public_key"): KEY_BYTES,
    (Grant, "member_key"): KEY_BYTES,
    (KeyEnd, "kid"): KID_BYTES,
    (Sealed, "digest"): 32,
    (StoredFile, "sha256"): 32,
}
"""How many bytes a byte string has. Every one of them is listed."""

RANGES: Mapping[tuple[type, str], tuple[int, int]] = {
    (Quantity, "amount"): (1, MAX_INT),
    (Quantity, "moisture"): (0, PARTS),
    (FellingFacts, "rate"): (0, PARTS),
    (Share, "parts"): (0, PARTS),
    (Consumption, "ratio"): (0, PARTS),
}
"""Least and greatest value of an integer field; ANY_COUNT where none is given. Nothing in a record is negative."""

ANY_COUNT = (0, MAX_INT)
