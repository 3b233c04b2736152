"""What holds for every trust list: making and reading lose nothing, and no byte of it can be changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from biotrace.chain import trust_list, trust_update
from biotrace.chain.note import COSIGNATURE, ED25519, VerifierKey
from biotrace.chain.trust_content import MAX_TIME, BodyKey, Contents, TrustedBody
from biotrace.chain.trust_list import TrustList
from biotrace.errors import BiotraceError
from tests.builders import NOW, device_key
from tests.trust_lists import AUTHORITY, CONTENTS, DAY, ISSUER

names = st.text("abc県森林組合連合会木 　-", min_size=1, max_size=12)


def several(ids: SearchStrategy[Any], most: int = 3) -> SearchStrategy[list[Any]]:
    return st.lists(ids, unique=True, max_size=most)


@st.composite
def contents(draw: st.DrawFn) -> Contents:
    """What a list may say. Every key is another one: each kind has its own names for them."""
    spare = iter(range(1_000))
    bodies = tuple(
        TrustedBody(
            party,
            draw(names),
            tuple(
                BodyKey(device_key(f"body {next(spare)}").public, draw(st.none() | st.integers(0, MAX_TIME)))
                for _ in range(draw(st.integers(0, 3)))
            ),
            draw(st.none() | st.dates()),
        )
        for party in draw(several(names))
    )
    origins = draw(several(st.text("abc./", min_size=1, max_size=8)))
    logs = tuple(VerifierKey(name, ED25519, device_key(f"log {name}").public) for name in origins)
    numbers = draw(several(st.integers(0, 9)))
    witnesses = tuple(VerifierKey(f"w{n}", COSIGNATURE, device_key(f"witness {n}").public) for n in numbers)
    others = tuple(device_key(f"authority {n}").public for n in draw(several(st.integers(0, 5))))
    return Contents(
        number=draw(st.integers(1, 2**40)),
        expires=NOW + draw(st.integers(1, 2**33)),
        authority=(AUTHORITY.public, *others),
        bodies=bodies,
        logs=logs,
        witnesses=witnesses,
        quorum=draw(st.integers(1, len(witnesses))) if witnesses else None,
    )


def as_a_set(said: Contents) -> object:
    """What it says, whatever the order."""
    bodies = frozenset((b.party, b.name, frozenset(b.keys), b.code_from) for b in said.bodies)
    lists = frozenset(said.authority), bodies, frozenset(said.logs), frozenset(said.witnesses)
    return said.number, said.expires, said.quorum, lists


@settings(max_examples=80)
@given(contents())
def test_making_and_reading_lose_nothing(said: Contents) -> None:
    made = trust_list.make(AUTHORITY, ISSUER, NOW, said)
    assert trust_list.parse(made.data) == made
    trust_list.verify(made, [AUTHORITY.public])
    assert as_a_set(made.contents) == as_a_set(said)
    assert trust_list.make(AUTHORITY, ISSUER, NOW, made.contents).data == made.data


@settings(max_examples=60)
@given(st.data())
def test_every_changed_byte_is_refused(data: st.DataObject) -> None:
    sound = trust_list.make(AUTHORITY, ISSUER, NOW, data.draw(contents())).data
    at = data.draw(st.integers(0, len(sound) - 1))
    spoiled = sound[:at] + bytes([sound[at] ^ data.draw(st.integers(1, 255))]) + sound[at + 1 :]
    with pytest.raises(BiotraceError):
        trust_update.first(spoiled, AUTHORITY.public, NOW)
    with pytest.raises(BiotraceError):
        trust_update.update(trust_list.make(AUTHORITY, ISSUER, NOW, CONTENTS), spoiled, NOW)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 5)), min_size=1, max_size=8))
def test_whatever_is_offered_the_number_never_falls(offers: list[tuple[int, int]]) -> None:
    """Any sequence of sound lists, in any order: the client ends with the highest number that it took."""
    current: TrustList | None = None
    for number, day in offers:
        said = Contents(number=number, expires=NOW + 99 * DAY, authority=(AUTHORITY.public,))
        offered = trust_list.make(AUTHORITY, ISSUER, NOW + day * DAY, said)
        before = current
        try:
            if current is None:
                current = trust_update.first(offered.data, AUTHORITY.public, NOW + 9 * DAY)
            else:
                current = trust_update.update(current, offered.data, NOW + 9 * DAY)
        except BiotraceError:
            assert before is not None
            assert offered.number <= before.number or offered.issued_at < before.issued_at
        assert current is not None
        assert before is None or current == before or current.number > before.number
