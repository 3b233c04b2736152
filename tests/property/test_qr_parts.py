"""Whatever is split is joined again, in any order, and nothing but all of it is ever taken for it."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.chain.qrparts import join, missing, parse, split
from biotrace.errors import UnreadableError

ENVELOPES = st.binary(min_size=1, max_size=5_000)


@given(ENVELOPES, st.randoms(use_true_random=False), st.data())
@settings(max_examples=100)
def test_split_and_join_are_the_identity_in_any_order_and_however_often_read(
    envelope: bytes, random: Random, data: st.DataObject
) -> None:
    texts = list(split(envelope))
    again = data.draw(st.lists(st.sampled_from(texts)))
    given_texts = texts + again
    random.shuffle(given_texts)
    assert join(map(parse, given_texts)) == (envelope,)


@given(ENVELOPES, ENVELOPES)
@settings(max_examples=60)
def test_parts_of_two_records_are_never_mixed(one: bytes, other: bytes) -> None:
    both = [part for pair in zip(split(one), split(other), strict=False) for part in pair]
    rest = [text for text in (*split(one), *split(other)) if text not in both]
    assert set(join(map(parse, both + rest))) == {one, other}


@given(ENVELOPES.filter(lambda e: len(e) > 900), st.data())
@settings(max_examples=60)
def test_any_part_that_is_missing_is_named(envelope: bytes, data: st.DataObject) -> None:
    parts = [parse(text) for text in split(envelope)]
    kept = data.draw(
        st.lists(st.sampled_from(parts), min_size=1, max_size=len(parts) - 1, unique_by=lambda p: p.number)
    )
    lacking = tuple(sorted({p.number for p in parts} - {p.number for p in kept}))
    assert missing(kept) == {parts[0].record: lacking}
    with pytest.raises(UnreadableError) as caught:
        join(kept)
    assert caught.value.code == "qr-parts-missing"
    assert ", ".join(map(str, lacking)) in caught.value.message.en


@given(ENVELOPES, ENVELOPES, st.data())
@settings(max_examples=60)
def test_any_part_put_in_from_elsewhere_is_told(envelope: bytes, other: bytes, data: st.DataObject) -> None:
    """In the place of a part of ours, and under our name: the hash tells, unless it holds the very same."""
    parts = [parse(text) for text in split(envelope)]
    foreign = data.draw(st.sampled_from([parse(text) for text in split(other)]))
    place = data.draw(st.integers(0, len(parts) - 1))
    if foreign.data == parts[place].data:
        return
    spoiled = list(parts)
    spoiled[place] = replace(parts[place], data=foreign.data)
    with pytest.raises(UnreadableError) as caught:
        join(spoiled)
    assert caught.value.code == "qr-parts-hash"
    with pytest.raises(UnreadableError) as caught:
        join([*parts, spoiled[place]])
    assert caught.value.code == "qr-parts-differ"
