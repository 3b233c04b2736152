"""What holds for every bundle: it is read back as it was made, and no change to it proves anything that was not so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from biotrace.chain import bundle
from biotrace.chain.bundle_check import VerifiedBundle, VerifiedPart, new_records, verify
from biotrace.chain.bundled import Bundle, BundledRecord, History, LogPart
from biotrace.chain.codes import code_of
from biotrace.chain.disclosure import Disclosure, seal
from biotrace.errors import BiotraceError, UnreadableError
from biotrace.model.private import PrivateField
from biotrace.model.retention import StoredFile
from tests.builders import ChainBuilder
from tests.logs import Log, another_scheme, problems, sent

PAPER = b"%PDF a felling notice"
SALT = bytes(range(16))


def story(chain: ChainBuilder) -> ChainBuilder:
    """The usual story, with a stored paper and a private field."""
    chain.story()
    chain.document("doc-2", files=(StoredFile(hashlib.sha256(PAPER).digest(), len(PAPER), "application/pdf"),))
    sealed = (seal(PrivateField.OWNER_NAME, "長野太郎", SALT),)
    chain.felling("c-3", ("doc-1",), number="第26-018号", sealed=sealed)
    return chain


LOG = Log(story(ChainBuilder()).records)
OTHER = Log(story(another_scheme()).records, "log.example/other")
SIZE = len(LOG.records)
IDS = [record.record_id for record in LOG.records]
HISTORY = (LOG.history(5), LOG.history(9), LOG.history(13))
EARLIER = {index: size for size in (13, 9, 5) for index in range(size)}
PART = LOG.part(records=tuple(LOG.bundled(i, EARLIER.get(i)) for i in range(SIZE)), history=HISTORY)
LOTS = ("c-2", "c-3")
WHOLE = LOG.bundle(
    LOTS,
    logs=(replace(PART, completeness=LOG.statement(LOTS, PART)), OTHER.part()),
    files=(PAPER,),
    disclosures=(Disclosure(LOG.record_id("c-3"), PrivateField.OWNER_NAME, SALT, "長野太郎"),),
    to="plant-8",
)
DATA = bundle.make(WHOLE)


def test_the_bundle_that_is_spoiled_below_is_sound() -> None:
    found = sent(WHOLE)
    assert problems(found) == {}
    assert [part.complete for part in found.parts] == [True, False]


hashes = st.binary(min_size=32, max_size=32)
contents = st.binary(max_size=40)
times = st.integers(0, 253_402_300_799)


def unique(values: st.SearchStrategy[Any], least: int = 0, most: int = 4) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, min_size=least, max_size=most, unique=True).map(sorted).map(tuple)


def histories(sizes: Iterable[int]) -> st.SearchStrategy[tuple[History, ...]]:
    proofs = st.lists(hashes, max_size=3).map(tuple)
    return st.tuples(*(st.builds(History, st.just(size), hashes, proofs) for size in sizes))


def records(log: Log, indexes: Iterable[int]) -> st.SearchStrategy[tuple[BundledRecord, ...]]:
    """Whatever bytes, but none twice: a bundle with a record in two places is refused as a whole."""

    def at(index: int) -> st.SearchStrategy[BundledRecord]:
        return st.builds(BundledRecord, st.just(index), contents.map(f"{log.name} {index}".encode().__add__), contents)

    return st.tuples(*map(at, indexes))


def parts(log: Log) -> st.SearchStrategy[LogPart]:
    """What the format can say of a log, true or not."""
    return st.builds(
        LogPart,
        st.just(log.vkey),
        st.integers(1, SIZE).map(log.checkpoint),
        unique(st.integers(1, 2**63 - 1)).flatmap(histories),
        unique(st.integers(1, 2**63 - 1)).flatmap(lambda indexes: records(log, (0, *indexes))),
        st.none() | st.binary(min_size=1, max_size=40),
    )


disclosures = st.builds(
    lambda record_id, salt, said: Disclosure(record_id, said[0], salt, said[1]),
    hashes,
    st.binary(min_size=16, max_size=16),
    st.one_of(
        st.tuples(st.just(PrivateField.PRICE_YEN), st.integers(-(2**63), 2**63 - 1)),
        st.tuples(st.sampled_from([f for f in PrivateField if f is not PrivateField.PRICE_YEN]), st.text(max_size=9)),
    ),
)
parties = st.text(st.characters(codec="utf-8", min_codepoint=32, exclude_characters="\x7f"), min_size=1, max_size=20)


def place(disclosure: Disclosure) -> tuple[bytes, int, bytes]:
    return disclosure.record_id, code_of(disclosure.field), disclosure.salt


bundles = st.builds(
    Bundle,
    times,
    unique(hashes),
    st.sampled_from([(LOG,), (OTHER,), (LOG, OTHER)]).flatmap(lambda logs: st.tuples(*map(parts, logs))),
    st.none() | st.binary(min_size=1, max_size=40),
    st.lists(contents, max_size=3, unique=True).map(
        lambda f: tuple(sorted(f, key=lambda c: hashlib.sha256(c).digest()))
    ),
    st.lists(disclosures, max_size=3, unique_by=place).map(lambda shown: tuple(sorted(shown, key=place))),
    parties,
)


@given(bundles)
def test_what_was_made_is_read_back_and_made_again(made: Bundle) -> None:
    data = bundle.make(made)
    assert bundle.parse(data) == made
    assert bundle.make(bundle.parse(data)) == data


@given(bundles)
def test_parts_that_are_well_formed_and_otherwise_arbitrary_prove_nothing_and_break_nothing(made: Bundle) -> None:
    """With a history, subjects and side data they are mostly refused; without, each record is judged."""
    with suppress(BiotraceError):
        assert proven(verify(made)) == set()
    logs = tuple(replace(part, history=()) for part in made.logs)
    found = verify(replace(made, about=(), logs=logs, files=(), disclosures=()))
    for part in found.parts:
        assert not part.complete
        assert all(record.problems[0].rule == "S104" for record in part.records)


def proven(found: VerifiedBundle) -> set[tuple[str, int, bytes]]:
    """The log's key, index and id of each record with which nothing is wrong."""
    return {
        (str(part.log), record.bundled.index, record.bundled.record_id)
        for part in found.parts
        for record in part.records
        if not record.problems
    }


PROVEN = proven(verify(WHOLE))


def check_no_more_proven(found: VerifiedBundle) -> None:
    """Of a bundle that was changed: what it proves, the sound one proves too."""
    assert proven(found) <= PROVEN
    for disclosed in found.disclosures_for("plant-8"):
        assert disclosed in WHOLE.disclosures
    assert set(found.files.values()) <= {PAPER}
    for part in found.parts:
        if part.complete:
            assert {(str(part.log), r.bundled.index, r.bundled.record_id) for r in part.records} <= PROVEN
            assert len(part.records) == SIZE


@given(at=st.integers(0, len(DATA) - 1), mask=st.integers(1, 255))
def test_any_changed_byte_is_damage(at: int, mask: int) -> None:
    changed = DATA[:at] + bytes([DATA[at] ^ mask]) + DATA[at + 1 :]
    with pytest.raises(UnreadableError) as caught:
        bundle.parse(changed)
    assert caught.value.code in ("bundle-damaged", "bundle-foreign")


@settings(max_examples=300)
@given(at=st.integers(0, len(DATA) - 33), mask=st.integers(1, 255))
def test_any_byte_changed_on_purpose_is_refused_or_proves_nothing_new(at: int, mask: int) -> None:
    """With the hash made anew, as only somebody who means to does."""
    content = bytearray(DATA[:-32])
    content[at] ^= mask
    try:
        found = verify(bundle.parse(bytes(content) + hashlib.sha256(content).digest()))
    except BiotraceError:
        return
    check_no_more_proven(found)
    frame = found.bundle
    same = replace(frame, made_at=WHOLE.made_at, to=WHOLE.to)
    assert same == verify(WHOLE).bundle or proven(found) < PROVEN or not found.parts[0].complete


indexes = st.integers(0, SIZE - 1)


def changed(part: LogPart, new: Iterable[BundledRecord]) -> VerifiedPart:
    """What a receiver makes of the log's part with these records instead."""
    (found,) = sent(replace(WHOLE, logs=(replace(part, records=tuple(new)),), about=(), files=(), disclosures=())).parts
    check_no_more_proven(VerifiedBundle(WHOLE, (found,), {}))
    return found


@given(dropped=st.sets(st.integers(1, SIZE - 1), min_size=1))
def test_dropped_records_are_missed_and_change_nothing_else(dropped: set[int]) -> None:
    kept = [record for record in PART.records if record.index not in dropped]
    part = replace(WHOLE.logs[0], records=tuple(kept))
    lots = tuple(sorted(LOG.record_id(lot) for lot in LOTS if LOG.index(lot) not in dropped))
    found = sent(replace(WHOLE, logs=(part,), about=lots, files=(), disclosures=()))
    check_no_more_proven(found)
    assert not found.parts[0].complete
    for record in found.parts[0].records:
        assert {problem.code for problem in record.problems} <= {"key-unknown", "not-shown"}


@given(one=indexes, other=indexes, receipts=st.booleans())
def test_exchanged_records_are_not_where_they_are_said_to_be(one: int, other: int, receipts: bool) -> None:
    """With the receipts that stood there, and with their own."""
    assume(one != other)
    moved = list(PART.records)
    for at, source in ((one, other), (other, one)):
        taken = PART.records[source]
        moved[at] = replace(PART.records[at], envelope=taken.envelope)
        if receipts:
            moved[at] = replace(taken, index=at)
    found = changed(PART, moved)
    for at in (one, other):
        assert found.records[at].problems[0].rule == "S104"


@given(at=indexes, source=indexes)
def test_a_receipt_of_another_index_or_log_proves_nothing(at: int, source: int) -> None:
    for receipt in (OTHER.receipt(source), OTHER.receipt(at), *([LOG.receipt(source)] if source != at else [])):
        spoiled = [replace(r, receipt=receipt) if r.index == at else r for r in PART.records]
        found = changed(PART, spoiled)
        assert found.records[at].logged is None
        assert found.records[at].problems[0].rule == "S104"


@given(at=indexes, source=indexes, index=st.integers(SIZE, 2**63 - 1))
def test_a_record_of_another_log_is_in_this_one_neither_added_nor_in_the_place_of_another(
    at: int, source: int, index: int
) -> None:
    foreign = OTHER.bundled(source)
    added = changed(PART, [*PART.records, replace(foreign, index=index)])
    replaced = changed(PART, [replace(foreign, index=r.index) if r.index == at else r for r in PART.records])
    assert added.records[-1].problems[0].rule == replaced.records[at].problems[0].rule == "S104"


@given(only=st.sets(st.sampled_from([r.subject for r in LOG.records])))
def test_any_part_of_a_log_with_its_keys_is_sound_and_imports_once(only: set[str]) -> None:
    found = sent(LOG.bundle(only=only))
    assert {code for found in problems(found).values() for _, code in found} <= {"not-shown"}
    (part,) = found.parts
    first = new_records(part, {}, frozenset())
    held = {record.bundled.index: record.bundled.record_id for record in first}
    assert new_records(part, held, frozenset()) == ()
    (whole,) = sent(LOG.bundle()).parts
    later = new_records(whole, held, frozenset())
    assert held | {r.bundled.index: r.bundled.record_id for r in later} == dict(enumerate(IDS))
    assert len(first) + len(later) == SIZE
