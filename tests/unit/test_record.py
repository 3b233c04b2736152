"""Records: what a payload may be, what a body may be, and what is refused by name."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from biotrace.chain import cbor, cose
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.kinds import KeyBinding, KeyEnd, KeyEndReason, RecordKind, TrustedBodies
from biotrace.chain.record import Head, Signer, citations, cites, content_digest, parse_record, verify_record
from biotrace.errors import IntegrityError, UpdateNeededError
from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Action, Correction
from biotrace.model.document import Document, DocumentKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Accreditation, Audit, Party, Role
from biotrace.model.private import PrivateField, Sealed
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.retention import Answer, Challenge, Deleted, RetentionHold, StoredFile, Tombstone
from biotrace.model.stock import Plan, Site
from tests.builders import NOW, ROOT, ChainBuilder, device_key, m3

CHAIN = ChainBuilder().story()
SITE = Site("yard-1", "otsu", FuelClass.THINNED)
SITE_BODY = {1: "yard-1", 2: "otsu", 3: 1}
SITE_CONTENT: dict[int, Any] = {0: 8, 1: SITE_BODY}
SITE_PAYLOAD: dict[int, Any] = {0: 1, 1: 0, 3: cbor.encode(SITE_CONTENT)}
A_HASH = bytes(range(32))


def envelope(payload: Any) -> bytes:
    """A signed envelope around any payload."""
    return cose.sign(device_key("otsu"), "otsu", "yard-1", NOW, cbor.encode(payload)).envelope


def saying(content: Any) -> bytes:
    """A signed envelope around any content, the first of its key."""
    return envelope({0: 1, 1: 0, 3: cbor.encode(content)})


def bodied(kind: int, body: Any) -> bytes:
    """A signed envelope around any body."""
    return saying({0: kind, 1: body})


def test_a_record_says_what_was_signed() -> None:
    record = CHAIN["c-1"]
    assert (record.kind, record.issuer, record.subject, record.version) == (RecordKind.CERTIFICATE, "kousei", "c-1", 1)
    assert record.body.id == record.record_id.hex()  # type: ignore[union-attr]
    assert record.names == (("kousei", "kousei株式会社"), ("otsu", "otsu株式会社"))
    assert parse_record(record.envelope) == record
    verify_record(record, device_key("kousei").public)


def test_the_format_holds_any_text_even_what_no_reader_of_ours_takes_in() -> None:
    """U+0000 is text to CBOR: what somebody signed so, every release reads."""
    certificate = CHAIN["c-1"].body
    assert isinstance(certificate, Certificate)
    body = replace(certificate, number="26\0-1")
    record = Signer(device_key("kousei"), "kousei").sign(RecordKind.CERTIFICATE, "c-1", body, NOW)
    read = parse_record(record.envelope).body
    assert isinstance(read, Certificate)
    assert read.number == "26\0-1"


def test_the_bytes_are_those_of_the_format() -> None:
    """Written out by hand once, so that no change of code can change the format unseen."""
    signer = Signer(device_key("otsu"), "otsu")
    assert signer.sign(RecordKind.SITE, "yard-1", SITE, NOW).envelope == envelope(SITE_PAYLOAD)
    document = Document(id="", kind=DocumentKind.OTHER, number="1", filed=date(1970, 1, 2), remains_forest=False)
    second = signer.sign(RecordKind.DOCUMENT, "yard-1", document, NOW, transcribed=True)
    first_id = parse_record(envelope(SITE_PAYLOAD)).record_id
    said: dict[int, Any] = {0: 4, 1: {1: 16, 2: "1", 3: 1, 11: 0}, 3: 1}
    assert second.envelope == envelope({0: 1, 1: 1, 2: first_id, 3: cbor.encode(said)})
    assert second.content == cbor.encode(said)


def test_the_content_digest_is_that_of_the_format() -> None:
    """Over who, about what, and the content; version, place in the chain, time and key do not enter."""
    record = parse_record(envelope(SITE_PAYLOAD))
    said = cbor.encode(["otsu", "yard-1", cbor.encode(SITE_CONTENT)])
    assert content_digest(record) == hashlib.sha256(said).digest()


CITED, DAY = "00" * 31 + "01", date(1970, 1, 2)
CITED_RAW = bytes.fromhex(CITED)
FILE = StoredFile(A_HASH, 5, "image/png")
BY_HAND: list[tuple[int, Any, Any]] = [
    (1, Party("a", "A", (), sealed=(Sealed(PrivateField.PRICE_YEN, A_HASH),)), {7: [{1: 6, 2: A_HASH}]}),
    (1, Party("a", "A", (), replaces=CITED), {8: CITED_RAW}),
    (2, KeyBinding(A_HASH, "p", "P", root=True), {1: A_HASH, 2: "p", 3: "P", 4: 1}),
    (12, TrustedBodies((), CITED), {1: [], 2: CITED_RAW}),
    (13, Grant("p", Accreditation(DAY, "n", "b")), {1: "p", 2: {1: 1, 2: "n", 3: "b"}}),
    (13, Grant("p", Accreditation(DAY), "s", A_HASH, CITED), {1: "p", 2: {1: 1}, 3: "s", 4: A_HASH, 5: CITED_RAW}),
    (
        13,
        Grant("p", Accreditation(DAY, until=DAY, self_declared=True, third_party_audit=Audit("x", DAY))),
        {1: "p", 2: {1: 1, 4: 1, 5: 1, 6: {1: "x", 2: 1}}},
    ),
    (14, RenewalRequest(CITED, DAY), {1: CITED_RAW, 2: 1}),
    (15, Revocation(CITED, DAY, "why"), {1: CITED_RAW, 2: 1, 3: "why"}),
    (16, Inspection(CITED, DAY, "fine"), {1: CITED_RAW, 2: 1, 3: "fine"}),
    (17, KeyEnd(A_HASH[:16], 7, KeyEndReason.LEAKED), {1: A_HASH[:16], 2: 7, 3: 3}),
    (18, RetentionHold((CITED,) * 2, DAY, "why", CITED), {1: [CITED_RAW] * 2, 2: 1, 3: "why", 4: CITED_RAW}),
    (19, Challenge((CITED,), "p", DAY, DAY, "why"), {1: [CITED_RAW], 2: "p", 3: 1, 4: 1, 5: "why"}),
    (20, Answer(CITED, DAY, (FILE,), "all"), {1: CITED_RAW, 2: 1, 3: [{1: A_HASH, 2: 5, 3: "image/png"}], 4: "all"}),
    (21, Tombstone(CITED, DAY, tuple(Deleted), "law"), {1: CITED_RAW, 2: 1, 3: [1, 2], 4: "law"}),
]


@pytest.mark.parametrize(("kind", "body", "written"), BY_HAND)
def test_what_came_with_version_1_is_written_as_its_table_says(kind: int, body: Any, written: Any) -> None:
    record = Signer(device_key("otsu"), "otsu").sign(RecordKind(kind), "x", body, NOW)
    party = {1: "a", 2: "A", 3: []} if kind == 1 else {}
    assert cbor.decode(record.content) == {0: kind, 1: party | written}
    assert parse_record(record.envelope).body == body


def test_a_signer_links_each_record_to_the_one_before() -> None:
    own = [record for record in CHAIN.records if record.issuer == ROOT]
    assert [record.seq for record in own] == list(range(len(own)))
    assert [record.prev for record in own] == [None, *(record.record_id for record in own[:-1])]
    others = [record for record in CHAIN.records if record.issuer == "kousei"]
    assert [(record.seq, record.prev) for record in others] == [(0, None), (1, others[0].record_id)]


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
    hold = RetentionHold((document.hex(), felled.hex(), document.hex()), date(2014, 12, 1), ends=chips.hex())
    held = chain.sign(ROOT, RecordKind.RETENTION_HOLD, "hold", hold)
    assert citations(held) == ((None, document), (None, felled), (RecordKind.RETENTION_HOLD, chips))


def test_the_same_content_is_the_same_whenever_and_wherever_it_was_signed() -> None:
    body, names = CHAIN["c-1"].body, CHAIN["c-1"].names
    assert isinstance(body, Certificate)
    again = Signer(device_key("second pc"), "kousei", 7, bytes(32)).sign(RecordKind.CERTIFICATE, "c-1", body, 9, names)
    assert again.record_id != CHAIN["c-1"].record_id
    assert content_digest(again) == content_digest(CHAIN["c-1"])
    assert again.content == CHAIN["c-1"].content


def test_content_differs_with_anything_that_it_says() -> None:
    body, key = CHAIN["c-1"].body, device_key("kousei")
    assert isinstance(body, Certificate)
    said: list[tuple[str, str, Any, Any, bool]] = [
        ("kousei", "c-1", body, {"otsu": "乙"}, False),
        ("otsu", "c-1", body, {"otsu": "乙"}, False),
        ("kousei", "c-9", body, {"otsu": "乙"}, False),
        ("kousei", "c-1", body, {}, False),
        ("kousei", "c-1", body, {"otsu": "丙"}, False),
        ("kousei", "c-1", body, {"otsu": "乙"}, True),
        ("kousei", "c-1", replace(body, quantity=m3(1)), {"otsu": "乙"}, False),
    ]
    signed = [
        Signer(key, issuer).sign(RecordKind.CERTIFICATE, subject, value, NOW, names, transcribed)
        for issuer, subject, value, names, transcribed in said
    ]
    assert len({content_digest(record) for record in signed}) == len(said)


@pytest.mark.parametrize("version", [2, 3, 2**63 - 1])
def test_a_later_version_asks_for_an_update_and_gives_no_verdict(version: int) -> None:
    with pytest.raises(UpdateNeededError, match=f"does not know record version {version}"):
        parse_record(envelope({0: version, 99: b"whatever comes"}))


@pytest.mark.parametrize("version", [0, -1, -(2**63)])
def test_a_version_before_the_first_is_no_reason_to_update(version: int) -> None:
    with pytest.raises(IntegrityError, match="of a version that no release wrote") as refused:
        parse_record(envelope(SITE_PAYLOAD | {0: version}))
    assert refused.value.code == "record"


@pytest.mark.parametrize(
    ("seq", "prev"), [(0, bytes(32)), (1, None), (1, bytes(31)), (-1, bytes(32)), (True, bytes(32))]
)
def test_a_signer_at_a_place_that_no_chain_has_signs_nothing(seq: int, prev: bytes | None) -> None:
    signer = Signer(device_key("otsu"), "otsu", seq, prev)
    with pytest.raises(IntegrityError):
        signer.sign(RecordKind.SITE, "yard-1", SITE, NOW)


def test_another_key_does_not_verify() -> None:
    with pytest.raises(SignatureError):
        verify_record(CHAIN["c-1"], device_key("otsu").public)


@pytest.mark.parametrize(
    "payload",
    [
        [],
        {},
        {1: 0, 3: cbor.encode(SITE_CONTENT)},
        {0: b"", 1: 0, 3: cbor.encode(SITE_CONTENT)},
        {0: 1, 3: cbor.encode(SITE_CONTENT)},
        {0: 1, 1: 0},
        SITE_PAYLOAD | {4: SITE_BODY},
        SITE_PAYLOAD | {7: 1},
        SITE_PAYLOAD | {1: -1},
        SITE_PAYLOAD | {1: b"\0"},
        SITE_PAYLOAD | {2: bytes(32)},
        SITE_PAYLOAD | {1: 1},
        SITE_PAYLOAD | {1: 1, 2: bytes(31)},
        SITE_PAYLOAD | {1: 1, 2: "0" * 32},
        SITE_PAYLOAD | {3: SITE_CONTENT},
        SITE_PAYLOAD | {3: cbor.encode(SITE_CONTENT).hex()},
    ],
)
def test_payloads_outside_the_format_are_refused(payload: Any) -> None:
    with pytest.raises(IntegrityError) as refused:
        parse_record(envelope(payload))
    assert refused.value.code == "record"
    assert "yard-1" in refused.value.message.en


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        8,
        {0: 8},
        {1: SITE_BODY},
        SITE_CONTENT | {4: 1},
        SITE_CONTENT | {99: 1},
        SITE_CONTENT | {0: 0},
        SITE_CONTENT | {0: 22},
        SITE_CONTENT | {0: "site"},
        SITE_CONTENT | {0: []},
        SITE_CONTENT | {0: b"\x08"},
        SITE_CONTENT | {2: [["otsu", "乙"]]},
        SITE_CONTENT | {3: 0},
        SITE_CONTENT | {3: 2},
        SITE_CONTENT | {3: b"\1"},
    ],
)
def test_contents_outside_the_format_are_refused(content: Any) -> None:
    with pytest.raises(IntegrityError) as refused:
        parse_record(saying(content))
    assert refused.value.code == "record"
    assert "yard-1" in refused.value.message.en


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "cbor-truncated"),
        (cbor.encode(SITE_CONTENT)[:-1], "cbor-truncated"),
        (cbor.encode(SITE_CONTENT) + b"\0", "cbor-trailing"),
        (bytes.fromhex("a2 01 a0 00 08"), "cbor-key-order"),
        (bytes.fromhex("a2 00 18 08 01 a0"), "cbor-not-shortest"),
    ],
)
def test_a_content_has_the_one_form_of_all_cbor(content: bytes, code: str) -> None:
    with pytest.raises(IntegrityError) as refused:
        parse_record(envelope(SITE_PAYLOAD | {3: content}))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "names",
    [[], {}, "otsu", [["otsu"]], [["otsu", 1]], [[1, "乙"]], [["b", "B"], ["a", "A"]], [["a", "A"], ["a", "A"]]],
)
def test_names_outside_the_format_are_refused(names: Any) -> None:
    body = {1: "plant-8", 2: 16_000, 3: {1: 1, 2: 4}}
    with pytest.raises(IntegrityError) as refused:
        parse_record(saying({0: 5, 1: body, 2: names}))
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
        (1, {1: "a", 2: "A", 3: [], 7: []}, "party, sealed: a default, which must be left out"),
        (1, {1: "a", 2: "A", 3: [], 7: [{}]}, "party, sealed.1.field: required, but missing"),
        (1, {1: "a", 2: "A", 3: [], 7: [{1: 7, 2: A_HASH}]}, "party, sealed.1.field: unknown code 7"),
        (1, {1: "a", 2: "A", 3: [], 7: [{1: 1, 2: b"x"}]}, "party, sealed.1.digest: byte string of 32 expected"),
        (1, {1: "a", 2: "A", 3: [], 6: "2012"}, "party, code_from: date expected"),
        (1, {1: "a", 2: "A", 3: [], 6: 2**40}, "party, code_from: no date has the number 1099511627776"),
        (4, {1: 16, 12: 1}, "document, content: a default, which must be left out"),
        (4, {1: 16, 9: {2: 10_001}}, "document, felling.rate: 10001 is out of range"),
        (4, {1: 16, 9: {4: -1}}, "document, felling.area: -1 is out of range"),
        (5, {1: "p", 2: 0, 3: {1: 0, 2: 4}}, "delivery, quantity.amount: 0 is out of range"),
        (5, {1: "p", 2: 0, 3: {1: 1, 2: 4}, 6: "0" * 64}, "delivery, certificate: record id (32 bytes) expected"),
        (5, {1: "p", 2: 0, 3: {1: 1, 2: 4}, 6: bytes(16)}, "delivery, certificate: record id (32 bytes) expected"),
        (2, {1: "key", 2: "otsu", 3: "乙"}, "key, public_key: byte string of 32 expected"),
        (2, {1: bytes(31), 2: "otsu", 3: "乙"}, "key, public_key: byte string of 32 expected"),
        (2, {1: bytes(32), 2: "otsu", 3: "乙", 4: 0}, "key, root: a default, which must be left out"),
        (13, {1: "a", 2: {}}, "accreditation, accreditation.start: required, but missing"),
        (13, {1: "a", 2: {1: 1}, 4: bytes(33)}, "accreditation, member_key: byte string of 32 expected"),
        (17, {1: bytes(32), 2: 1, 3: 1}, "end of a key, kid: byte string of 16 expected"),
        (17, {1: bytes(16), 2: -1, 3: 1}, "end of a key, first: -1 is out of range"),
        (17, {1: bytes(16), 2: 1, 3: 4}, "end of a key, reason: unknown code 4"),
        (18, {1: [bytes(31)], 2: 1}, "retention hold, records.1: record id (32 bytes) expected"),
        (20, {1: A_HASH, 2: 1, 3: [{1: A_HASH, 2: -1, 3: ""}]}, "answer, files.1.size: -1 is out of range"),
        (12, {}, "trusted bodies, bodies: required, but missing"),
    ],
)
def test_bodies_outside_their_table_are_refused_naming_kind_and_field(kind: int, body: Any, message: str) -> None:
    with pytest.raises(IntegrityError) as refused:
        parse_record(bodied(kind, body))
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
        (
            RecordKind.PARTY,
            Party("a", "A", (), accreditations=(Accreditation(date(2014, 1, 1)),)),
            "party, accreditations: said in records of another kind",
        ),
        (
            RecordKind.ACCREDITATION,
            Grant("a", Accreditation(date(2014, 1, 1), revoked=date(2015, 1, 1))),
            "accreditation, accreditation.revoked: said in records of another kind",
        ),
        (
            RecordKind.PARTY,
            Party("a", "A", (), sealed=(Sealed(PrivateField.ADDRESS, b""),)),
            "party, sealed.1.digest: ",
        ),
        (RecordKind.PARTY, Party("a", "\ud800", ()), "CBOR: text that is not valid UTF-8"),
    ],
)
def test_values_that_no_record_can_hold_are_not_signed(kind: RecordKind, body: Any, message: str) -> None:
    with pytest.raises(IntegrityError) as refused:
        Signer(device_key("otsu"), "otsu").sign(kind, "x", body, NOW)
    assert refused.value.code == ("cbor-utf8" if message.startswith("CBOR") else "body")
    assert refused.value.message.en.startswith(message)


def test_an_empty_list_of_trusted_bodies_is_something_else_than_none() -> None:
    signer = Signer(device_key("otsu"), "otsu")
    assert signer.sign(RecordKind.TRUSTED_BODIES, "t", TrustedBodies(()), NOW).body == TrustedBodies(())


def test_a_key_binding_keeps_the_key() -> None:
    body = CHAIN["key-otsu"].body
    assert body == KeyBinding(device_key("otsu").public.raw, "otsu", "otsu株式会社", root=False)
