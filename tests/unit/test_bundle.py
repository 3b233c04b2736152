"""The file that a bundle is: one form, damage told from other faults, and nothing in it that is not in the format."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import cbor2
import pytest

from biotrace.chain import bundle, cbor, note
from biotrace.chain.bundled import Bundle, BundleError
from biotrace.chain.codes import code_of
from biotrace.chain.disclosure import Disclosure
from biotrace.chain.note import COSIGNATURE, VerifierKey
from biotrace.errors import BiotraceError, IntegrityError, UnreadableError, UpdateNeededError
from biotrace.model.private import PrivateField
from tests.builders import ChainBuilder, device_key
from tests.logs import LATER, Log

LOG = Log(ChainBuilder().story().records)
OTHER = Log(ChainBuilder().records, "log.example/other")
FILES = (b"%PDF one", b"%PDF two", b"")
DISCLOSED = (
    Disclosure(LOG.record_id("c-1"), PrivateField.OWNER_NAME, b"\1" * 16, "長野太郎"),
    Disclosure(LOG.record_id("c-1"), PrivateField.PRICE_YEN, b"\2" * 16, 5_000),
    Disclosure(LOG.record_id("c-2"), PrivateField.OWNER_NAME, b"\3" * 16, "長野次郎"),
)
SMALL = LOG.bundle(["c-2"], only=["c-2"])
FULL = LOG.bundle(
    ["c-2", "d-1"],
    logs=(LOG.part(history=(LOG.history(5), LOG.history(9)), completeness=b"statement"), OTHER.part()),
    trust_list=b"trust list",
    files=FILES,
    disclosures=DISCLOSED,
    to="plant-8",
)


def content(made: Bundle) -> dict[int, Any]:
    """The map, as another reader of CBOR finds it."""
    read: dict[int, Any] = cbor2.loads(bundle.make(made)[len(bundle.MAGIC) : -32])
    return read


def framed(value: Any) -> bytes:
    """Any map in a sound frame."""
    data = bundle.MAGIC + (value if isinstance(value, bytes) else cbor2.dumps(value, canonical=True))
    return data + hashlib.sha256(data).digest()


def refusal(data: bytes) -> BiotraceError:
    with pytest.raises(BiotraceError) as caught:
        bundle.parse(data)
    assert caught.value.message.ja != caught.value.message.en
    return caught.value


def ordered(made: Bundle) -> Bundle:
    """The same, with its sets in the order of the file."""
    return replace(
        made,
        logs=tuple(sorted(made.logs, key=lambda part: str(part.key))),
        files=tuple(sorted(made.files, key=lambda data: hashlib.sha256(data).digest())),
        disclosures=tuple(sorted(made.disclosures, key=lambda d: (d.record_id, code_of(d.field)))),
    )


@pytest.mark.parametrize("made", [SMALL, FULL])
def test_what_was_made_is_read_back(made: Bundle) -> None:
    data = bundle.make(made)
    assert bundle.parse(data) == ordered(made)
    assert bundle.make(bundle.parse(data)) == data


def test_the_order_in_which_sets_are_given_makes_no_difference() -> None:
    part = FULL.logs[0]
    mixed = replace(part, records=part.records[::-1], history=part.history[::-1])
    other = replace(
        FULL,
        logs=(FULL.logs[1], mixed),
        files=FILES[::-1],
        disclosures=DISCLOSED[::-1],
        about=FULL.about[::-1],
    )
    assert bundle.make(other) == bundle.make(FULL)


def test_another_reader_finds_what_the_format_says() -> None:
    data = bundle.make(FULL)
    assert data.startswith(b"biotrace bundle\n")
    assert data[-32:] == hashlib.sha256(data[:-32]).digest()
    read = content(FULL)
    assert list(read) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert read[0] == 1
    assert read[1] == LATER
    assert read[2] == sorted([LOG.record_id("c-2"), LOG.record_id("d-1")])
    assert (read[4], read[7]) == (b"trust list", "plant-8")
    assert sorted(read[5]) == sorted(FILES)
    assert [LOG.record_id("c-1"), 6, b"\2" * 16, 5_000] in read[6]
    log = read[3][0]
    assert log[0] == str(LOG.vkey)
    assert log[1] == LOG.checkpoint().to_bytes()
    assert log[2][0] == [5, LOG.tree.root(5), list(LOG.history(5).proof)]
    assert log[3][7] == [7, LOG.records[7].envelope, LOG.receipt(7)]
    assert log[4] == b"statement"


def test_what_there_is_none_of_is_left_out() -> None:
    read = content(SMALL)
    assert list(read) == [0, 1, 2, 3]
    assert list(read[3][0]) == [0, 1, 2, 3]


def test_any_changed_bit_is_damage_or_another_kind_of_file() -> None:
    data = bundle.make(SMALL)
    for at in range(len(data)):
        error = refusal(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :])
        assert error.code == ("bundle-foreign" if at < len(bundle.MAGIC) else "bundle-damaged")
        assert isinstance(error, UnreadableError)
        assert error.remedy is not None


def test_a_part_of_it_and_something_behind_it_are_damage() -> None:
    data = bundle.make(SMALL)
    for length in range(len(bundle.MAGIC), len(data), 7):
        assert refusal(data[:length]).code == "bundle-damaged"
    assert refusal(data + b"\0").code == "bundle-damaged"
    assert refusal(data[:10]).code == refusal(b"PK\3\4").code == refusal(b"").code == "bundle-foreign"


def with_log(**changes: Any) -> dict[int, Any]:
    """A bundle's map with other parts of its log."""
    read = content(SMALL)
    names = {"key": 0, "checkpoint": 1, "history": 2, "records": 3, "statement": 4, "more": 5}
    read[3] = [changed(read[3][0], {names[name]: value for name, value in changes.items()})]
    return read


def changed(value: dict[int, Any], changes: dict[int, Any]) -> dict[int, Any]:
    return {key: part for key, part in (value | changes).items() if part is not None}


RECORDS = content(SMALL)[3][0][3]
HISTORY = content(FULL)[3][0][2]
SHOWN = content(FULL)[6]
WITNESS = str(VerifierKey(LOG.name, COSIGNATURE, LOG.key.public))


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\x80",
        b"\xa0",
        {},
        [1],
        changed(content(SMALL), {0: None}),
        changed(content(SMALL), {0: 0}),
        changed(content(SMALL), {0: "1"}),
        changed(content(SMALL), {1: None}),
        changed(content(SMALL), {1: -1}),
        changed(content(SMALL), {1: 2**40}),
        changed(content(SMALL), {1: b""}),
        changed(content(SMALL), {2: None}),
        changed(content(SMALL), {2: [b"short"]}),
        changed(content(SMALL), {2: ["x" * 32]}),
        changed(content(SMALL), {2: [bytes(32), bytes(32)]}),
        changed(content(SMALL), {2: [b"\1" * 32, bytes(32)]}),
        changed(content(SMALL), {2: {}}),
        changed(content(SMALL), {3: None}),
        changed(content(SMALL), {3: []}),
        changed(content(SMALL), {3: content(SMALL)[3] * 2}),
        changed(content(SMALL), {3: [5]}),
        changed(content(FULL), {3: content(FULL)[3][::-1]}),
        changed(content(SMALL), {4: b""}),
        changed(content(SMALL), {4: "x"}),
        changed(content(SMALL), {5: []}),
        changed(content(SMALL), {5: b"x"}),
        changed(content(SMALL), {5: ["x"]}),
        changed(content(SMALL), {5: [b"x", b"x"]}),
        changed(content(FULL), {5: content(FULL)[5][::-1]}),
        changed(content(SMALL), {6: SHOWN}),
        changed(content(FULL), {6: []}),
        changed(content(FULL), {6: SHOWN[::-1]}),
        changed(content(FULL), {6: [SHOWN[0], SHOWN[0]]}),
        changed(content(FULL), {6: [SHOWN[0][:3]]}),
        changed(content(FULL), {6: [[*SHOWN[0][:1], 0, *SHOWN[0][2:]]]}),
        changed(content(FULL), {6: [[*SHOWN[0][:1], 99, *SHOWN[0][2:]]]}),
        changed(content(FULL), {6: [[*SHOWN[0][:2], b"short", SHOWN[0][3]]]}),
        changed(content(FULL), {6: [[*SHOWN[0][:3], b"bytes"]]}),
        changed(content(FULL), {6: [[*SHOWN[0][:3], 7]]}),
        changed(content(FULL), {7: None}),
        changed(content(FULL), {7: ""}),
        changed(content(FULL), {7: b"plant-8"}),
        changed(content(FULL), {7: "plant\x1b[31m"}),
        changed(content(FULL), {7: "x" * 257}),
        changed(content(SMALL), {8: 1}),
        with_log(key=None),
        with_log(key=b"x"),
        with_log(key=str(LOG.vkey) + "x"),
        with_log(key=WITNESS),
        with_log(checkpoint=None),
        with_log(checkpoint=b"no note"),
        with_log(checkpoint="text"),
        with_log(history=None),
        with_log(history=5),
        with_log(history=HISTORY[::-1]),
        with_log(history=[HISTORY[0], HISTORY[0]]),
        with_log(history=[[0, *HISTORY[0][1:]]]),
        with_log(history=[[5, b"short", HISTORY[0][2]]]),
        with_log(history=[[5, HISTORY[0][1], [b"short"]]]),
        with_log(history=[[5, HISTORY[0][1], b"x" * 32]]),
        with_log(history=[HISTORY[0][:2]]),
        with_log(records=None),
        with_log(records=[]),
        with_log(records={}),
        with_log(records=RECORDS[::-1]),
        with_log(records=[RECORDS[0], RECORDS[0]]),
        with_log(records=[RECORDS[0][:2]]),
        with_log(records=[[-1, *RECORDS[0][1:]], *RECORDS]),
        with_log(records=[RECORDS[0], [1, "text", b""]]),
        with_log(records=[RECORDS[0], [1, b"", "text"]]),
        with_log(records=[RECORDS[0], 1]),
        with_log(statement=b""),
        with_log(statement="x"),
        with_log(more=1),
    ],
)
def test_other_content_is_refused_in_however_sound_a_frame(value: Any) -> None:
    error = refusal(framed(value))
    assert isinstance(error, IntegrityError)
    assert error.code != "bundle-damaged"


def test_the_frame_of_these_tests_is_the_bundles_own() -> None:
    assert framed(content(FULL)) == bundle.make(FULL)


def test_a_part_without_the_record_that_binds_the_first_root_key_is_refused() -> None:
    assert refusal(framed(with_log(records=RECORDS[1:]))).code == "bundle-root"
    with pytest.raises(BundleError, match=f"first record of {LOG.name} is missing"):
        bundle.make(replace(SMALL, logs=(replace(SMALL.logs[0], records=SMALL.logs[0].records[1:]),)))


def test_bytes_that_are_not_canonical_are_refused() -> None:
    """The version in two bytes: the same map to a lenient reader."""
    map_of_four = cbor2.dumps(content(SMALL), canonical=True)
    assert map_of_four[:3] == b"\xa4\x00\x01"
    error = refusal(framed(b"\xa4\x00\x18\x01" + map_of_four[3:]))
    assert error.code == "cbor-not-shortest"
    assert error.message.en.startswith("bundle: ")


@pytest.mark.parametrize("value", [changed(content(SMALL), {0: 2}), {0: 2, 99: b"new"}, {0: 2**63 - 1}])
def test_a_later_version_asks_for_an_update(value: dict[int, Any]) -> None:
    with pytest.raises(UpdateNeededError, match="bundle version"):
        bundle.parse(framed(value))


def test_two_logs_of_one_name_are_refused() -> None:
    """One name under two keys: a receiver would not know which of them holds the records."""
    other = replace(OTHER.part(), key=VerifierKey(LOG.name, note.ED25519, device_key("x").public))
    with pytest.raises(BundleError, match="two of one name"):
        bundle.make(replace(SMALL, logs=(LOG.part(), other)))


@pytest.mark.parametrize(
    "changes",
    [{"made_at": -1}, {"about": (b"short",)}, {"logs": ()}, {"to": "\ud800"}, {"to": ""}, {"trust_list": b""}],
)
def test_nothing_is_made_that_would_not_be_read(changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        bundle.make(replace(SMALL, **changes))


def test_what_is_disclosed_is_disclosed_to_somebody() -> None:
    with pytest.raises(BundleError, match="to nobody named"):
        bundle.make(replace(FULL, to=None))


def test_larger_than_a_record_may_be_and_still_limited() -> None:
    large = replace(SMALL, files=(bytes(2 * cbor.MAX_BYTES),))
    data = bundle.make(large)
    assert bundle.parse(data) == large
    with patch.object(bundle, "MAX_BYTES", len(data)):
        assert bundle.make(large) == data
        assert bundle.parse(data) == large
    with patch.object(bundle, "MAX_BYTES", len(data) - 1):
        assert refusal(data).code == "bundle-size"
        with pytest.raises(BundleError) as caught:
            bundle.make(large)
    assert caught.value.code == "bundle-size"
    assert bundle.MAX_BYTES == 64 * 1024 * 1024
