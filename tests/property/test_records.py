"""What holds for every record: serialising loses nothing, a changed byte is refused, a chain keeps its order."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.chain import cbor, cose, payload
from biotrace.chain.admit import admit
from biotrace.chain.kinds import Body, RecordKind
from biotrace.chain.record import VERSION, Record, Signer, content_digest, parse_record, verify_record
from biotrace.chain.replay import Replay
from biotrace.errors import BiotraceError, IntegrityError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site
from tests.builders import NOW, ROOT, ChainBuilder, device_key
from tests.golden.release_records import GoldenLedger
from tests.record_strategies import BODIES, names, names_for

KEY = device_key("otsu")


def with_own_id(body: Body, record: Record) -> Body:
    """The value as the record gives it back: an id that stood for nothing is the record's."""
    return replace(body, id=record.record_id.hex()) if getattr(body, "id", None) == "" else body  # type: ignore[arg-type]


@st.composite
def signed_records(draw: st.DrawFn, kind: RecordKind) -> tuple[Body, Record]:
    """Any body of that kind, and the record that says it, at any place of the key's chain."""
    body: Body = draw(BODIES[kind])
    seq = draw(st.just(0) | st.integers(0, 2**63 - 1))
    signer = Signer(KEY, draw(names), seq, bytes(32) if seq else None)
    at, carried, transcribed = draw(st.integers(0, 2**33)), draw(names_for(kind)), draw(st.booleans())
    return body, signer.sign(kind, draw(names), body, at, carried, transcribed)


def test_there_are_bodies_of_every_kind() -> None:
    assert set(BODIES) == set(RecordKind)


@pytest.mark.parametrize("kind", RecordKind, ids=lambda kind: kind.name.lower())
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_signed_is_what_is_read(kind: RecordKind, data: st.DataObject) -> None:
    """``sign`` does not parse what it made: each of its values is nevertheless what a reader finds in the bytes."""
    body, record = data.draw(signed_records(kind))
    again = parse_record(record.envelope)
    for part in fields(Record):
        assert getattr(again, part.name) == getattr(record, part.name), part.name
        assert type(getattr(again, part.name)) is type(getattr(record, part.name)), part.name
    assert again.signed == record.signed
    assert repr(again) == repr(record)
    assert record.body == with_own_id(body, record)
    verify_record(record, KEY.public)
    verify_record(again, KEY.public)


@pytest.mark.parametrize("kind", RecordKind, ids=lambda kind: kind.name.lower())
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_serialising_loses_nothing(kind: RecordKind, data: st.DataObject) -> None:
    _, record = data.draw(signed_records(kind))
    read = parse_record(record.envelope)
    anew = Signer(KEY, read.issuer, read.seq, read.prev)
    resigned = anew.sign(kind, read.subject, read.body, read.issued_at, read.names, read.transcribed)
    assert resigned.envelope == record.envelope
    assert content_digest(resigned) == content_digest(record) == content_digest(read)


@pytest.mark.parametrize("kind", RecordKind, ids=lambda kind: kind.name.lower())
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_flipped_byte_of_any_record_is_refused(kind: RecordKind, data: st.DataObject) -> None:
    _, record = data.draw(signed_records(kind))
    spoiled = bytearray(record.envelope)
    spoiled[data.draw(st.integers(0, len(spoiled) - 1), "position")] ^= data.draw(st.integers(1, 255), "mask")
    with pytest.raises(BiotraceError):
        verify_record(parse_record(bytes(spoiled)), KEY.public)


@settings(max_examples=200)
@given(st.binary(max_size=40), st.sampled_from(RecordKind))
def test_no_content_breaks_the_parser(said: bytes, kind: RecordKind) -> None:
    """Any bytes as the content, and any as the body, properly signed: a record, or an error that a person can read."""
    for content in (said, bytes([0xA2, 0, kind, 1]) + said):
        envelope = cose.sign(KEY, "otsu", "y", NOW, cbor.encode({0: VERSION, 1: 0, 3: content})).envelope
        try:
            read = parse_record(envelope)
        except BiotraceError:
            continue
        assert Signer(KEY, "otsu").sign(read.kind, "y", read.body, NOW).content == content


@pytest.mark.parametrize("kind", RecordKind, ids=lambda kind: kind.name.lower())
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_reading_in_one_pass_takes_nothing_that_strict_reading_refuses(kind: RecordKind, data: st.DataObject) -> None:
    """Of what is signed, and of it with a byte changed, put in or taken out."""
    _, record = data.draw(signed_records(kind))
    sound, signed = record.content, record.signed
    assert payload._read_plainly(sound, signed) == payload._read_strictly(sound, signed)
    at = data.draw(st.integers(0, len(sound)))
    spoiled = sound[:at] + data.draw(st.binary(max_size=2)) + sound[at + data.draw(st.integers(0, 2)) :]
    try:
        plain = payload._read_plainly(spoiled, signed)
        strict = payload._read_strictly(spoiled, signed)
    except BiotraceError:
        with pytest.raises(BiotraceError):
            payload.read_content(spoiled, signed)
    else:
        assert plain in (None, strict)


@pytest.mark.parametrize("kind", [RecordKind.SITE, RecordKind.CERTIFICATE], ids=lambda kind: kind.name.lower())
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_place_in_one_pass_is_what_it_is_strictly(kind: RecordKind, data: st.DataObject) -> None:
    _, record = data.draw(signed_records(kind))
    sound, signed = record.signed.payload, record.signed
    assert payload._read_place_plainly(sound) == payload._read_place_strictly(signed)
    at = data.draw(st.integers(0, len(sound)) | st.integers(0, 12))
    spoiled = sound[:at] + data.draw(st.binary(max_size=2)) + sound[at + data.draw(st.integers(0, 2)) :]
    try:
        strict = payload._read_place_strictly(signed._replace(payload=spoiled))
    except BiotraceError:
        assert payload._read_place_plainly(spoiled) is None
    else:
        assert payload._read_place_plainly(spoiled) in (None, strict)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_an_envelope_in_one_pass_is_what_it_is_strictly(data: st.DataObject) -> None:
    _, record = data.draw(signed_records(RecordKind.SITE))
    sound = record.envelope
    assert cose._plain_parts(sound) == tuple(cose._four_parts(sound))
    assert cose._plain_header(record.signed.protected) == cose._header(record.signed.protected)
    at = data.draw(st.integers(0, len(sound)))
    spoiled = sound[:at] + data.draw(st.binary(max_size=2)) + sound[at + data.draw(st.integers(0, 2)) :]
    try:
        strict = tuple(cose._four_parts(spoiled))
    except BiotraceError:
        assert cose._plain_parts(spoiled) is None or spoiled[:1] != sound[:1]
    else:
        assert cose._plain_parts(spoiled) in (None, strict)
    header = record.signed.protected
    at = data.draw(st.integers(0, len(header)))
    other = header[:at] + data.draw(st.binary(max_size=2)) + header[at + data.draw(st.integers(0, 2)) :]
    try:
        expected = cose._header(other)
    except BiotraceError:
        assert cose._plain_header(other) is None
    else:
        assert cose._plain_header(other) in (None, expected)


def test_all_that_is_signed_reads_in_one_pass() -> None:
    """Or it would be slow, and nobody would notice."""
    for record in GoldenLedger().records:
        assert payload._read_plainly(record.content, record.signed) is not None
        assert payload._read_place_plainly(record.signed.payload) is not None
        assert cose._plain_parts(record.envelope) is not None
        assert cose._plain_header(record.signed.protected) is not None


SMALL = Signer(KEY, "otsu").sign(RecordKind.SITE, "y", Site("y", "otsu", FuelClass.THINNED), NOW)


@pytest.mark.parametrize("position", range(len(SMALL.envelope)))
def test_any_flipped_byte_is_refused(position: int) -> None:
    masks = {*(1 << bit for bit in range(8)), 255, (position * 37) % 255 + 1}
    for mask in masks:
        spoiled = bytearray(SMALL.envelope)
        spoiled[position] ^= mask
        with pytest.raises(BiotraceError):
            verify_record(parse_record(bytes(spoiled)), KEY.public)


@settings(max_examples=300)
@given(st.integers(0, len(SMALL.envelope)), st.binary(max_size=3), st.integers(0, 3))
def test_bytes_put_in_or_taken_out_are_refused(at: int, put: bytes, taken: int) -> None:
    spoiled = SMALL.envelope[:at] + put + SMALL.envelope[at + taken :]
    if spoiled != SMALL.envelope:
        with pytest.raises(BiotraceError):
            verify_record(parse_record(spoiled), KEY.public)


@settings(max_examples=400)
@given(st.binary(max_size=60))
def test_no_bytes_break_the_decoder(data: bytes) -> None:
    try:
        value = cbor.decode(data)
    except IntegrityError:
        return
    assert cbor.encode(value) == data


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_no_payload_breaks_the_parser(body: bytes) -> None:
    with pytest.raises(BiotraceError):
        parse_record(b"\xd2\x84" + body)


def own_chain(length: int) -> tuple[Replay, list[Record]]:
    """A ledger that knows otsu's key, and otsu's next records."""
    chain = ChainBuilder()
    chain.key("otsu")
    view = chain.admitted()
    return view, [chain.sign("otsu", RecordKind.SITE, f"y-{i}", Site(f"y-{i}", "otsu")) for i in range(length)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=7))
def test_records_of_a_key_are_taken_in_their_order_and_without_gaps_only(order: list[int]) -> None:
    view, records = own_chain(6)
    taken = 0
    for index in order:
        if index == taken:
            admit(records[index], view)
            view.take(records[index], 100 + taken)
            taken += 1
        else:
            with pytest.raises(IntegrityError) as refused:
                admit(records[index], view)
            assert refused.value.code == ("chain-gap" if index > taken else "chain-taken")


@pytest.mark.parametrize("place", range(5))
def test_a_replaced_record_is_noticed_at_the_next(place: int) -> None:
    view, records = own_chain(6)
    for record in records[:place]:
        admit(record, view)
        view.take(record, 100)
    replaced = Signer(KEY, "otsu", place, records[place].prev).sign(RecordKind.SITE, "z", Site("z", "otsu"), NOW)
    admit(replaced, view)
    view.take(replaced, 100)
    with pytest.raises(IntegrityError) as refused:
        admit(records[place + 1], view)
    assert refused.value.code == "chain-prev"


def test_a_chain_of_one_key_says_nothing_about_another() -> None:
    view, records = own_chain(3)
    root = Signer.after(device_key(ROOT), ROOT, view.head(device_key(ROOT).kid))
    admit(root.sign(RecordKind.SITE, "y", Site("y", ROOT), NOW), view)
    admit(records[0], view)
