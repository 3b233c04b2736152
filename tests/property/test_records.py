"""What holds for every record: serialising loses nothing, a changed byte is refused, a chain keeps its order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from biotrace.chain import cbor
from biotrace.chain.admit import admit
from biotrace.chain.kinds import Body, KeyBinding, RecordKind, TrustedBodies
from biotrace.chain.record import Record, Signer, content_digest, parse_record, verify_record
from biotrace.chain.replay import Replay
from biotrace.errors import BiotraceError, IntegrityError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site
from tests import strategies as model
from tests.builders import NOW, ROOT, ChainBuilder, device_key

KEY = device_key("otsu")

record_ids = st.binary(min_size=32, max_size=32).map(bytes.hex)
no_id = st.just("")
names = st.text(st.characters(codec="utf-8", min_codepoint=32, exclude_characters="\x7f"), min_size=1, max_size=20)

BODIES: dict[RecordKind, SearchStrategy[Any]] = {
    RecordKind.PARTY: model.parties(),
    RecordKind.KEY: st.builds(KeyBinding, st.binary(min_size=32, max_size=32), names, names),
    RecordKind.CERTIFICATE: model.certificates(ids=no_id, document_ids=record_ids, certificate_ids=record_ids),
    RecordKind.DOCUMENT: model.documents(ids=no_id),
    RecordKind.DELIVERY: model.deliveries(ids=no_id, certificate_ids=record_ids),
    RecordKind.CONCORDANCE: model.concordances(ids=no_id),
    RecordKind.CORRECTION: model.corrections(certificate_ids=record_ids),
    RecordKind.SITE: model.sites(),
    RecordKind.STOCK: model.stock_entries(),
    RecordKind.CONSUMPTION: model.consumptions(),
    RecordKind.PLAN: model.plans(),
    RecordKind.TRUSTED_BODIES: st.builds(TrustedBodies, st.lists(names, max_size=4).map(tuple)),
}


def with_own_id(body: Body, record: Record) -> Body:
    """The value as the record gives it back: an id that stood for nothing is the record's."""
    return replace(body, id=record.record_id.hex()) if getattr(body, "id", None) == "" else body  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", RecordKind, ids=lambda kind: kind.name.lower())
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_serialising_loses_nothing(kind: RecordKind, data: st.DataObject) -> None:
    body: Body = data.draw(BODIES[kind])
    carried = data.draw(st.dictionaries(names, names, max_size=3)) if kind in (3, 5) else {}
    signer = Signer(KEY, data.draw(names), data.draw(st.integers(1, 2**40)), bytes(32))
    record = signer.sign(
        kind, data.draw(names), body, data.draw(st.integers(0, 2**33)), carried, data.draw(st.booleans())
    )
    verify_record(record, KEY.public)
    assert record.body == with_own_id(body, record)
    assert dict(record.names) == carried
    again = parse_record(record.envelope)
    assert again == record
    anew = Signer(KEY, record.issuer, record.seq, record.prev)
    resigned = anew.sign(kind, record.subject, record.body, record.issued_at, record.names, record.transcribed)
    assert resigned.envelope == record.envelope
    assert content_digest(resigned) == content_digest(record)


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
