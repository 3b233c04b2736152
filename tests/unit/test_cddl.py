"""docs/record.cddl, by a validator that others wrote (cddl-verifier), takes the records that we take and no others.

It supports every operator of the grammar, ``.cbor`` included, so envelopes are validated whole; it is also asked to
refuse what is not deterministically encoded. What the grammar cannot say, and these tests leave out, is in its head:
the order of names, and control characters in iss and sub.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cddl_verifier import ValidationResult, Validator
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from biotrace.chain import cose
from biotrace.chain.kinds import RecordKind
from biotrace.chain.record import Record, Signer, parse_record
from biotrace.errors import BiotraceError
from tests.builders import NOW, ChainBuilder, device_key
from tests.golden.make_release import RELEASES
from tests.record_strategies import BODIES, names, names_for
from tools import make_cddl as tool

GRAMMAR = Validator(tool.TARGET)
KEY = device_key("otsu")
STORY = ChainBuilder().story().records
GOLDEN = sorted(RELEASES.glob("*/records/*.cbor"))


def judged(envelope: bytes) -> ValidationResult:
    return GRAMMAR.validate(envelope, "record", require_deterministic=True)


def saying(content: Any, payload: Any = None) -> bytes:
    """A signed envelope around any content, or any payload."""
    given_payload = {0: 1, 1: 0, 3: cbor2.dumps(content, canonical=True)} if payload is None else payload
    return cose.sign(KEY, "otsu", "x", NOW, cbor2.dumps(given_payload, canonical=True)).envelope


def of(subject: str) -> dict[int, Any]:
    """The content of a record of the story, to be spoiled."""
    content = cbor2.loads(next(record for record in STORY if record.subject == subject).content)
    assert isinstance(content, dict)
    return content


def test_the_grammar_is_up_to_date() -> None:
    assert tool.written("") == tool.TARGET.read_text(encoding="utf-8")


def test_the_grammar_has_no_name_that_it_does_not_use() -> None:
    text = tool.TARGET.read_text(encoding="utf-8")
    defined = [line.split(" ")[0] for line in text.splitlines() if line[:1].isalpha() and " =" in line]
    assert len(defined) == len(set(defined))
    for name in defined:
        assert name == "record" or text.count(name) >= 2, name


@pytest.mark.parametrize("record", STORY, ids=lambda record: record.subject)
def test_every_record_of_the_story_is_one(record: Record) -> None:
    assert judged(record.envelope), judged(record.envelope).format()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_golden_record_is_one(path: Path) -> None:
    assert judged(path.read_bytes()), judged(path.read_bytes()).format()


@st.composite
def signed(draw: st.DrawFn, kind: RecordKind) -> Record:
    seq = draw(st.just(0) | st.integers(1, 2**63 - 1))
    signer = Signer(KEY, draw(names), seq, bytes(32) if seq else None)
    carried, transcribed = draw(names_for(kind)), draw(st.booleans())
    return signer.sign(kind, draw(names), draw(BODIES[kind]), draw(st.integers(0, 2**33)), carried, transcribed)


@pytest.mark.parametrize("kind", RecordKind, ids=lambda kind: kind.name.lower())
@settings(max_examples=20)
@given(data=st.data())
def test_every_record_that_can_be_signed_is_one(kind: RecordKind, data: st.DataObject) -> None:
    record = data.draw(signed(kind))
    assert judged(record.envelope), judged(record.envelope).format()


SPOILED: dict[str, bytes] = {
    "a required field is missing": saying(of("c-1") | {1: {k: v for k, v in of("c-1")[1].items() if k != 6}}),
    "a required field of a part is missing": saying(of("c-1") | {1: of("c-1")[1] | {6: {1: 5}}}),
    "a field is unknown": saying(of("c-1") | {1: of("c-1")[1] | {31: 1}}),
    "a field of a part is unknown": saying(of("c-1") | {1: of("c-1")[1] | {6: {1: 5, 2: 1, 4: 1}}}),
    "a code is unknown": saying(of("c-1") | {1: of("c-1")[1] | {2: 5}}),
    "a code is 0": saying(of("c-1") | {1: of("c-1")[1] | {2: 0}}),
    "a code in a list is unknown": saying(of("c-1") | {1: of("c-1")[1] | {16: [1, 8]}}),
    "a hash is too short": saying(of("c-1") | {1: of("c-1")[1] | {15: [bytes(31)]}}),
    "a public key is too long": saying(of("key-otsu") | {1: of("key-otsu")[1] | {1: bytes(33)}}),
    "an amount is 0": saying(of("c-1") | {1: of("c-1")[1] | {6: {1: 0, 2: 1}}}),
    "a moisture is above 1": saying(of("c-1") | {1: of("c-1")[1] | {6: {1: 5, 2: 1, 3: 10_001}}}),
    "an area is negative": saying(of("c-1") | {1: of("c-1")[1] | {12: -1}}),
    "a day is text": saying(of("c-1") | {1: of("c-1")[1] | {3: "2014-06-27"}}),
    "a day is beyond the calendar": saying(of("c-1") | {1: of("c-1")[1] | {3: 2_932_897}}),
    "a list at its default is stated": saying(of("c-1") | {1: of("c-1")[1] | {13: []}}),
    "a truth value at its default is stated": saying(of("otsu") | {1: of("otsu")[1] | {4: 1}}),
    "a code at its default is stated": saying(of("c-1") | {1: of("c-1")[1] | {23: 1}}),
    "the body is another kind's": saying(of("c-1") | {1: of("doc-1")[1]}),
    "the kind is unknown": saying(of("c-1") | {0: 22}),
    "a kind without names carries some": saying(of("doc-1") | {2: [["otsu", "乙"]]}),
    "names are empty": saying(of("c-1") | {2: []}),
    "a name is alone": saying(of("c-1") | {2: [["otsu"]]}),
    "the mark of a transcription is 0": saying(of("c-1") | {3: 0}),
    "content has a part too many": saying(of("c-1") | {4: 1}),
    "content is no byte string": saying(None, {0: 1, 1: 0, 3: of("c-1")}),
    "content is no CBOR": saying(None, {0: 1, 1: 0, 3: b"\xff"}),
    "the version is another": saying(None, {0: 2, 1: 0, 3: cbor2.dumps(of("c-1"), canonical=True)}),
    "the first has a predecessor": saying(None, {0: 1, 1: 0, 2: bytes(32), 3: cbor2.dumps(of("c-1"), canonical=True)}),
    "a later one has none": saying(None, {0: 1, 1: 7, 3: cbor2.dumps(of("c-1"), canonical=True)}),
    "payload has a part too many": saying(None, {0: 1, 1: 0, 3: cbor2.dumps(of("c-1"), canonical=True), 4: 1}),
}


@pytest.mark.parametrize("envelope", SPOILED.values(), ids=SPOILED)
def test_what_is_broken_is_none(envelope: bytes) -> None:
    assert not judged(envelope)
    with pytest.raises(BiotraceError):
        parse_record(envelope)


def envelopes_spoiled() -> Iterator[bytes]:
    """The envelope itself: parts, header, claims, tag, encoding."""
    protected, unprotected, payload, signature = cbor2.loads(STORY[0].envelope).value
    header = cbor2.loads(protected)

    def envelope(changed: Any, *rest: Any, tag: int = 18) -> bytes:
        encoded = changed if isinstance(changed, bytes) else cbor2.dumps(changed, canonical=True)
        return cbor2.dumps(cbor2.CBORTag(tag, [encoded, *rest]))

    rest = (unprotected, payload, signature)
    yield envelope(header | {1: -8}, *rest)
    yield envelope(header | {4: bytes(15)}, *rest)
    yield envelope(header | {5: 1}, *rest)
    yield envelope(header | {15: header[15] | {7: b""}}, *rest)
    yield envelope(header | {15: header[15] | {6: cose.MAX_TIME + 1}}, *rest)
    yield envelope(header | {15: header[15] | {1: ""}}, *rest)
    yield envelope(header | {15: header[15] | {2: "長" * 86}}, *rest)
    yield envelope(protected, {4: b""}, payload, signature)
    yield envelope(protected, {}, None, signature)
    yield envelope(protected, {}, payload, signature[:-1])
    yield envelope(protected, {}, payload)
    yield envelope(protected, *rest, tag=98)
    yield STORY[0].envelope[1:]
    yield STORY[0].envelope[:-1]
    yield b"\xd2\x98\x04" + STORY[0].envelope[2:]


@pytest.mark.parametrize("envelope", list(envelopes_spoiled()))
def test_a_broken_envelope_is_none(envelope: bytes) -> None:
    assert not judged(envelope)
    with pytest.raises(BiotraceError):
        parse_record(envelope)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a value, with each of its keys or indexes."""
    if isinstance(value, dict | list):
        for at in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, at
            yield from places(value[at])


INSTEAD = st.sampled_from([0, 1, 2, 9, 99, -1, 10_001, 2**63 - 1, "", "x", b"", bytes(16), bytes(32), [], [1], {}])


@pytest.mark.parametrize("kind", RecordKind, ids=lambda kind: kind.name.lower())
@settings(max_examples=30)
@given(data=st.data())
def test_the_grammar_and_the_parser_agree_on_whatever_is_changed(kind: RecordKind, data: st.DataObject) -> None:
    """One value of a content is replaced, taken out, or given a neighbour."""
    record = data.draw(signed(kind))
    content = cbor2.loads(record.content)
    container, at = data.draw(st.sampled_from(list(places(content))))
    change = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if change == "replace":
        container[at] = data.draw(INSTEAD)
    elif change == "remove":
        del container[at]
    elif isinstance(container, dict):
        container[data.draw(st.integers(0, 31))] = data.draw(INSTEAD)
    else:
        container.append(data.draw(INSTEAD))
    pairs = content.get(2)
    if isinstance(pairs, list) and all(isinstance(pair, list) and pair for pair in pairs):
        ids = [pair[0] for pair in pairs]
        assume(not all(isinstance(i, str) for i in ids) or all(a < b for a, b in pairwise(ids)))
    envelope = saying(content)
    try:
        parse_record(envelope)
    except BiotraceError:
        assert not judged(envelope)
    else:
        assert judged(envelope), judged(envelope).format()
