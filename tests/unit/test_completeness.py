"""Statements of completeness: by this log, at this checkpoint, about these lots and records, and no others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import cbor2
import pytest

from biotrace.chain import cbor, completeness, cose
from biotrace.chain.cbor import CborError
from biotrace.chain.completeness import CompletenessError
from biotrace.chain.ed25519 import SignatureError
from biotrace.chain.keys import DeviceKey
from biotrace.chain.record import parse_record
from biotrace.errors import IntegrityError, UpdateNeededError
from tests.builders import NOW, ChainBuilder, device_key
from tests.logs import Log

LOG = Log(ChainBuilder().story().records)
CHECKPOINT = LOG.checkpoint()
LOTS = [LOG.record_id("c-2"), LOG.record_id("d-1")]
RECORDS = [(index, LOG.records[index].record_id) for index in (12, 0, 13)]
MADE = completeness.make(LOG.key, CHECKPOINT, LOTS, RECORDS, NOW)
DATA = MADE.to_bytes()


def verified(
    data: bytes = DATA, lots: Iterable[bytes] = LOTS, records: Iterable[tuple[int, bytes]] = RECORDS, **other: Any
) -> None:
    parts: dict[str, Any] = {"checkpoint": CHECKPOINT, "log": LOG.vkey} | other
    completeness.verify(completeness.parse(data), parts["checkpoint"], parts["log"], list(lots), records)


def test_what_the_operator_signed_verifies_in_any_order_and_for_fewer_lots() -> None:
    verified()
    verified(lots=reversed(LOTS), records=reversed(RECORDS))
    verified(lots=LOTS[:1])
    assert completeness.parse(DATA) == MADE


def test_another_reader_finds_what_the_format_says() -> None:
    protected, _, payload, _ = cbor2.loads(DATA).value
    assert cbor2.loads(protected)[15] == {1: LOG.name, 2: "completeness", 6: NOW}
    listed = b"".join(i.to_bytes(8, "big") + record_id for i, record_id in sorted(RECORDS))
    assert cbor2.loads(payload) == {
        0: 1,
        1: len(LOG.records),
        2: CHECKPOINT.root,
        3: sorted(LOTS),
        4: hashlib.sha256(listed).digest(),
        5: 3,
    }


def test_a_statement_of_another_checkpoint_does_not_count() -> None:
    """Last month's statement, with today's checkpoint: what was logged since may touch the lots."""
    earlier = LOG.checkpoint(13)
    old = completeness.make(LOG.key, earlier, LOTS, RECORDS, NOW).to_bytes()
    verified(old, checkpoint=earlier)
    with pytest.raises(CompletenessError, match="another checkpoint, of size 13"):
        verified(old)


def test_a_statement_by_another_log_does_not_count() -> None:
    other = Log(LOG.records, "log.example/other")
    theirs = completeness.make(other.key, other.checkpoint(), LOTS, RECORDS, NOW).to_bytes()
    verified(theirs, checkpoint=other.checkpoint(), log=other.vkey)
    for mixed in ({}, {"checkpoint": other.checkpoint()}, {"log": other.vkey}):
        with pytest.raises(CompletenessError):
            verified(theirs, **mixed)


def test_a_statement_in_the_logs_name_by_another_key_does_not_count() -> None:
    forged = completeness.make(device_key("stranger"), CHECKPOINT, LOTS, RECORDS, NOW).to_bytes()
    with pytest.raises(SignatureError):
        verified(forged)


@pytest.mark.parametrize(
    "records",
    [
        RECORDS[:2],
        [*RECORDS, (5, LOG.records[5].record_id)],
        [*RECORDS[:2], (12, RECORDS[2][1])],
        [*RECORDS[:2], (13, LOG.records[5].record_id)],
        [],
    ],
)
def test_a_record_left_out_added_moved_or_exchanged_is_seen(records: list[tuple[int, bytes]]) -> None:
    with pytest.raises(CompletenessError):
        verified(records=records)


@pytest.mark.parametrize("lots", [[], [LOG.record_id("c-1")], [*LOTS, LOG.record_id("c-1")]])
def test_it_counts_for_the_lots_that_it_names(lots: list[bytes]) -> None:
    with pytest.raises(CompletenessError, match="every lot"):
        verified(lots=lots)


def built(key: DeviceKey = LOG.key, subject: str = "completeness", **changes: Any) -> bytes:
    names = {"version": 0, "size": 1, "root": 2, "lots": 3, "digest": 4, "count": 5, "more": 6}
    payload: dict[int, Any] = {0: 1, 1: MADE.size, 2: MADE.root, 3: sorted(LOTS), 4: MADE.digest, 5: 3}
    payload |= {names[name]: value for name, value in changes.items()}
    kept = {label: value for label, value in payload.items() if value is not None}
    return cose.sign(key, LOG.name, subject, NOW, cbor.encode(kept)).envelope


def test_the_same_bytes_by_hand() -> None:
    assert built() == DATA


@pytest.mark.parametrize("changes", [{"root": b"x" * 32}, {"size": 13}, {"count": 4}, {"digest": b"x" * 32}])
def test_a_checkpoint_and_records_that_agree_by_half_are_others(changes: dict[str, Any]) -> None:
    with pytest.raises(CompletenessError):
        verified(built(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"version": None},
        {"version": 0},
        {"version": "1"},
        {"size": None},
        {"size": 0},
        {"size": b""},
        {"root": b"short"},
        {"root": None},
        {"lots": []},
        {"lots": LOTS[0]},
        {"lots": sorted(LOTS, reverse=True)},
        {"lots": [LOTS[0], LOTS[0]]},
        {"lots": [b"short"]},
        {"lots": [1, 2]},
        {"digest": b"short"},
        {"digest": None},
        {"count": None},
        {"count": 0},
        {"more": 1},
        {"subject": "c-1"},
    ],
)
def test_other_forms_are_refused_however_well_signed(changes: dict[str, Any]) -> None:
    with pytest.raises(CompletenessError):
        completeness.parse(built(**changes))


def test_a_later_version_asks_for_an_update() -> None:
    with pytest.raises(UpdateNeededError, match="version 2"):
        completeness.parse(built(version=2, more=[1]))


def test_every_changed_byte_and_every_cut_is_refused() -> None:
    for at in range(len(DATA)):
        with pytest.raises(IntegrityError):
            verified(DATA[:at])
        for mask in (1, 0x20, 0x80):
            with pytest.raises((IntegrityError, UpdateNeededError)):
                verified(DATA[:at] + bytes([DATA[at] ^ mask]) + DATA[at + 1 :])
    with pytest.raises(IntegrityError):
        verified(DATA + b"\0")


def test_a_statement_is_no_record_and_a_record_no_statement() -> None:
    with pytest.raises(IntegrityError):
        parse_record(DATA)
    with pytest.raises(CompletenessError):
        completeness.parse(LOG.records[0].envelope)
    with pytest.raises(CborError):
        completeness.parse(LOG.receipt(0))


@pytest.mark.parametrize(
    ("lots", "records"),
    [
        ([], RECORDS),
        ([b"short"], RECORDS),
        (LOTS, []),
        (LOTS, [*RECORDS, (0, LOTS[0])]),
        (LOTS, [(0, b"short")]),
        (LOTS, [(-1, LOTS[0])]),
    ],
)
def test_a_log_does_not_sign_what_would_not_be_read(lots: list[bytes], records: list[tuple[int, bytes]]) -> None:
    with pytest.raises(CompletenessError):
        completeness.make(LOG.key, CHECKPOINT, lots, records, NOW)
