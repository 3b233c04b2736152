"""Records: what a payload may be, what a body may be, and what is refused by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from biotrace.chain import cbor, cose
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.kinds import KeyBinding, RecordKind, TrustedBodies
from biotrace.chain.record import Head, Signer, citations, cites, content_digest, parse_record, verify_record
from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.correction import Action, Correction
from biotrace.model.document import Document, DocumentKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Plan, Site
from tests.builders import NOW, ChainBuilder, device_key, m3

CHAIN = ChainBuilder().story()
SITE = Site("yard-1", "otsu", FuelClass.THINNED)
SITE_BODY = {1: "yard-1", 2: "otsu", 3: 1}
SITE_PAYLOAD = {0: 0, 1: 8, 2: 0, 4: SITE_BODY}


def envelope(payload: Any) -> bytes:
    """A signed envelope around any payload."""
    return cose.sign(device_key("otsu"), "otsu", "yard-1", NOW, cbor.encode(payload)).envelope


def test_a_record_says_what_was_signed() -> None:
    record = CHAIN["c-1"]
    assert (record.kind, record.issuer, record.subject, record.version) == (RecordKind.CERTIFICATE, "kousei", "c-1", 0)
    assert record.body.id == record.record_id.hex()  # type: ignore[union-attr]
    assert record.names == (("kousei", "kousei株式会社"), ("otsu", "otsu株式会社"))
    assert parse_record(record.envelope) == record
    verify_record(record, device_key("kousei").public)


def test_the_bytes_are_those_of_the_format() -> None:
    """Written out by hand once, so that no change of code can change the format unseen."""
    signer = Signer(device_key("otsu"), "otsu")
    assert signer.sign(RecordKind.SITE, "yard-1", SITE, NOW).envelope == envelope(SITE_PAYLOAD)
    document = Document(id="", kind=DocumentKind.OTHER, number="1", filed=date(1970, 1, 2), remains_forest=False)
    second = signer.sign(RecordKind.DOCUMENT, "yard-1", document, NOW, transcribed=True)
    first_id = parse_record(envelope(SITE_PAYLOAD)).record_id
    assert second.envelope == envelope({0: 0, 1: 4, 2: 1, 3: first_id, 4: {1: 16, 2: "1", 3: 1, 11: 0}, 6: 1})


def test_a_signer_links_each_record_to_the_one_before() -> None:
    own = [record for record in CHAIN.records if record.issuer == "kousei"]
    assert [record.seq for record in own] == [0, 1, 2]
    assert [record.prev for record in own] == [None, own[0].record_id, own[1].record_id]


def test_a_signer_continues_from_a_ledgers_head() -> None:
    last = CHAIN["c-1"]
    signer = Signer.after(device_key("kousei"), "kousei", Head(last.seq, last.record_id))
    record = signer.sign(RecordKind.SITE, "yard-1", SITE, NOW)
    assert (record.seq, record.prev) == (last.seq + 1, last.record_id)
    assert Signer.after(signer.key, "kousei", None) == Signer(signer.key, "kousei", 0, None)


def test_what_cannot_be_signed_takes_no_place_in_the_chain() -> None:
    signer = Signer(device_key("otsu"), "otsu")
    with pytest.raises(IntegrityError):
        signer.sign(RecordKind.SITE, "yard\n1", SITE, NOW)
    assert (signer.seq, signer.prev) == (0, None)


def test_citations_name_kind_and_record_each_once() -> None:
    document, felled, chips = (CHAIN[subject].record_id for subject in ("doc-1", "c-1", "c-2"))
    assert citations(CHAIN["c-1"]) == ((RecordKind.DOCUMENT, document),)
    assert cites(CHAIN["c-2"]) == (felled,)
    assert cites(CHAIN["d-1"]) == (chips,)
    assert cites(CHAIN["otsu"]) == ()
    chain = ChainBuilder().story()
    twice = chain.correction("k-1", "c-1", Action.REPLACE, by="c-1")
    assert cites(twice) == (chain["c-1"].record_id,)


def test_the_same_content_is_the_same_whenever_and_wherever_it_was_signed() -> None:
    body, names = CHAIN["c-1"].body, CHAIN["c-1"].names
    again = Signer(device_key("second pc"), "kousei", 7, bytes(32)).sign(RecordKind.CERTIFICATE, "c-1", body, 9, names)
    assert again.record_id != CHAIN["c-1"].record_id
    assert content_digest(again) == content_digest(CHAIN["c-1"])


def test_content_differs_with_anything_that_it_says() -> None:
    record = CHAIN["c-1"]
    said = [
        record,
        replace(record, issuer="otsu"),
        replace(record, subject="c-9"),
        replace(record, names=()),
        replace(record, transcribed=True),
        replace(record, body=replace(record.body, quantity=m3(1))),  # type: ignore[arg-type]
    ]
    assert len({content_digest(record) for record in said}) == len(said)


def test_another_version_asks_for_an_update_and_gives_no_verdict() -> None:
    with pytest.raises(UpdateNeededError, match="does not know record version 1"):
        parse_record(envelope({0: 1, 99: b"whatever comes"}))


def test_another_key_does_not_verify() -> None:
    with pytest.raises(SignatureError):
        verify_record(CHAIN["c-1"], device_key("otsu").public)


@pytest.mark.parametrize(
    "payload",
    [
        [],
        {},
        {1: 8, 2: 0, 4: SITE_BODY},
        {0: b"", 1: 8, 2: 0, 4: SITE_BODY},
        {0: 0, 2: 0, 4: SITE_BODY},
        {0: 0, 1: 8, 4: SITE_BODY},
        {0: 0, 1: 8, 2: 0},
        SITE_PAYLOAD | {7: 1},
        SITE_PAYLOAD | {1: 0},
        SITE_PAYLOAD | {1: 13},
        SITE_PAYLOAD | {1: "site"},
        SITE_PAYLOAD | {1: []},
        SITE_PAYLOAD | {2: -1},
        SITE_PAYLOAD | {2: b"\0"},
        SITE_PAYLOAD | {3: bytes(32)},
        SITE_PAYLOAD | {2: 1},
        SITE_PAYLOAD | {2: 1, 3: bytes(31)},
        SITE_PAYLOAD | {2: 1, 3: "0" * 32},
        SITE_PAYLOAD | {5: [["otsu", "乙"]]},
        SITE_PAYLOAD | {6: 0},
        SITE_PAYLOAD | {6: 2},
        SITE_PAYLOAD | {6: b"\1"},
    ],
)
def test_payloads_outside_the_format_are_refused(payload: Any) -> None:
    with pytest.raises(IntegrityError) as refused:
        parse_record(envelope(payload))
    assert refused.value.code == "record"
    assert "yard-1" in refused.value.message.en


@pytest.mark.parametrize(
    "names",
    [[], {}, "otsu", [["otsu"]], [["otsu", 1]], [[1, "乙"]], [["b", "B"], ["a", "A"]], [["a", "A"], ["a", "A"]]],
)
def test_names_outside_the_format_are_refused(names: Any) -> None:
    body = {1: "plant-8", 2: 16_000, 3: {1: 1, 2: 4}}
    with pytest.raises(IntegrityError) as refused:
        parse_record(envelope({0: 0, 1: 5, 2: 0, 4: body, 5: names}))
    assert refused.value.code == "record"


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        (8, [], "site, body: map expected"),
        (8, {1: "yard-1"}, "site, party: required, but missing"),
        (8, {1: "yard-1", 2: "otsu", 4: 1}, "site, body: unknown field 4"),
        (8, {1: "yard-1", 2: 5}, "site, party: text expected"),
        (8, {1: "yard-1", 2: "otsu", 3: 5}, "site, fuel_class: unknown code 5"),
        (8, {1: "yard-1", 2: "otsu", 3: "thinned"}, "site, fuel_class: unknown code thinned"),
        (1, {1: "a", 2: "A", 3: [99]}, "party, roles.1: unknown code 99"),
        (1, {1: "a", 2: "A", 3: 1}, "party, roles: list expected"),
        (1, {1: "a", 2: "A", 3: [], 4: 1}, "party, as_business: a default, which must be left out"),
        (1, {1: "a", 2: "A", 3: [], 4: 2}, "party, as_business: truth value (0 or 1) expected"),
        (1, {1: "a", 2: "A", 3: [], 6: []}, "party, accreditations: a default, which must be left out"),
        (1, {1: "a", 2: "A", 3: [], 6: [{}]}, "party, accreditations.1.start: required, but missing"),
        (1, {1: "a", 2: "A", 3: [], 7: "2012"}, "party, code_from: date expected"),
        (1, {1: "a", 2: "A", 3: [], 7: 2**40}, "party, code_from: no date has the number 1099511627776"),
        (4, {1: 16, 12: 1}, "document, content: a default, which must be left out"),
        (4, {1: 16, 9: {2: 10_001}}, "document, felling.rate: 10001 is out of range"),
        (4, {1: 16, 9: {4: -1}}, "document, felling.area: -1 is out of range"),
        (5, {1: "p", 2: 0, 3: {1: 0, 2: 4}}, "delivery, quantity.amount: 0 is out of range"),
        (5, {1: "p", 2: 0, 3: {1: 1, 2: 4}, 6: "0" * 64}, "delivery, certificate: record id (32 bytes) expected"),
        (5, {1: "p", 2: 0, 3: {1: 1, 2: 4}, 6: bytes(16)}, "delivery, certificate: record id (32 bytes) expected"),
        (2, {1: "key", 2: "otsu", 3: "乙"}, "key, public_key: byte string expected"),
        (12, {}, "trusted bodies, bodies: required, but missing"),
    ],
)
def test_bodies_outside_their_table_are_refused_naming_kind_and_field(kind: int, body: Any, message: str) -> None:
    with pytest.raises(IntegrityError) as refused:
        parse_record(envelope({0: 0, 1: kind, 2: 0, 4: body}))
    assert refused.value.code == "body"
    assert refused.value.message.en == message


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        (RecordKind.SITE, Plan("p", 2014, FuelClass.THINNED, m3(1)), "site, body: a Plan does not belong there"),
        (RecordKind.CORRECTION, Correction("c-1", Action.HOLD, date(2014, 1, 1)), "correction, certificate: record id"),
        (
            RecordKind.CORRECTION,
            Correction("AB" * 32, Action.HOLD, date(2014, 1, 1)),
            "correction, certificate: record",
        ),
        (RecordKind.PLAN, Plan("p", 2014, FuelClass.THINNED, Quantity(-5, Unit.T)), "plan, quantity.amount: -5 is out"),
        (RecordKind.PLAN, Plan("p", True, FuelClass.THINNED, m3(1)), "plan, year: integer expected"),
        (RecordKind.PLAN, Plan("p", 2014, "thinned", m3(1)), "plan, fuel_class: FuelClass expected"),  # type: ignore[arg-type]
        (RecordKind.PLAN, Plan("p", 2014, FuelClass.THINNED, 5), "plan, quantity: Quantity expected"),  # type: ignore[arg-type]
        (RecordKind.PARTY, Party("a", "A", [Role.OWNER]), "party, roles: list expected"),  # type: ignore[arg-type]
        (RecordKind.PARTY, Party("a", "A", (), as_business=0), "party, as_business: truth value"),  # type: ignore[arg-type]
        (RecordKind.PARTY, Party("a", "A", (), code_from=datetime(2014, 1, 1)), "party, code_from: date expected"),
    ],
)
def test_values_that_no_record_can_hold_are_not_signed(kind: RecordKind, body: Any, message: str) -> None:
    with pytest.raises(IntegrityError) as refused:
        Signer(device_key("otsu"), "otsu").sign(kind, "x", body, NOW)
    assert refused.value.code == "body"
    assert refused.value.message.en.startswith(message)


def test_an_empty_list_of_trusted_bodies_is_something_else_than_none() -> None:
    signer = Signer(device_key("otsu"), "otsu")
    assert signer.sign(RecordKind.TRUSTED_BODIES, "t", TrustedBodies(()), NOW).body == TrustedBodies(())


def test_a_key_binding_keeps_the_key() -> None:
    body = CHAIN["key-otsu"].body
    assert body == KeyBinding(device_key("otsu").public.raw, "otsu", "otsu株式会社")
