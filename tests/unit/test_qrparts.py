"""A record over several QR codes: the form of a part, and every way in which parts do not make a record."""

import random
from dataclasses import replace

import pytest

from biotrace.chain import cbor
from biotrace.chain.qrparts import MAX_PARTS, PART_BYTES, Part, is_part, join, missing, parse, split
from biotrace.documents.qr import ALPHABET, symbol
from biotrace.errors import UnreadableError, UpdateNeededError


def envelope(length: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(length)


ONE, OTHER = envelope(3_000, 1), envelope(2_500, 2)


def parts(data: bytes) -> list[Part]:
    return [parse(text) for text in split(data)]


def refusal(*given: Part) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        join(given)
    assert caught.value.remedy is not None
    return caught.value


def test_a_part_says_which_of_how_many_of_what() -> None:
    texts = split(ONE)
    name = parts(ONE)[0].record
    assert [text.rpartition(name)[0] for text in texts] == [f"BT1P/{i}/4/" for i in range(1, 5)]
    assert all(is_part(text) and set(text) <= ALPHABET for text in texts)
    assert not is_part("BT1:" + texts[0][5:])


@pytest.mark.parametrize(
    ("length", "sizes"),
    [
        (1, [1]),
        (900, [900]),
        (901, [452, 449]),
        (2_700, [900] * 3),
        (2_701, [676, 676, 676, 673]),
        (3_000, [750] * 4),
        (1_048_577, [900] * 1_165 + [77]),
    ],
)
def test_parts_are_as_few_and_as_equal_as_can_be(length: int, sizes: list[int]) -> None:
    assert [len(part.data) for part in parts(envelope(length))] == sizes


def test_a_part_fits_a_code_that_an_office_scanner_reads() -> None:
    longest = max(split(envelope(900 * 12)), key=len)
    assert len(longest) == 1_350 + len("BT1P/12/12/ABCD1234/")
    assert symbol(longest, side_mm=66).module_mm(66) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "BT1P/0/2/ABCD1234/AB",
        "BT1P/3/2/ABCD1234/AB",
        "BT1P/01/2/ABCD1234/AB",
        "BT1P/1/2/abcd1234/AB",
        "BT1P/1/2/ABCD123/AB",
        "BT1P/1/2/ABCD1234/",
        "BT1P/1/2/ABCD1234",
        "BT1P/",
        f"BT1P/1/{MAX_PARTS + 1}/ABCD1234/AB",
        "BT1P/1/99999999999999999999/ABCD1234/AB",
    ],
)
def test_what_is_no_part_is_refused(text: str) -> None:
    assert is_part(text)
    with pytest.raises(UnreadableError) as caught:
        parse(text)
    assert caught.value.code == "qr-part"


def test_a_part_that_is_no_base45_is_refused() -> None:
    with pytest.raises(UnreadableError) as caught:
        parse("BT1P/1/2/ABCD1234/A")
    assert caught.value.code == "base45"


def test_a_later_version_asks_for_an_update() -> None:
    assert is_part("BT2P/what/ever")
    with pytest.raises(UpdateNeededError, match="version 2"):
        parse("BT2P/what/ever")


def test_missing_parts_are_named() -> None:
    first, *_, last = parts(ONE)
    error = refusal(last, first)
    assert error.code == "qr-parts-missing"
    assert first.record in error.message.ja
    assert "4 個のうち、2、3 番がありません" in error.message.ja
    assert "are missing: 2, 3" in error.message.en
    assert missing([last, first]) == {first.record: (2, 3)}
    assert missing(parts(ONE)) == {}


def test_a_stray_part_of_another_record_is_named_and_mixed_with_none() -> None:
    error = refusal(*parts(ONE), parts(OTHER)[1])
    assert error.code == "qr-parts-missing"
    assert parts(OTHER)[0].record in error.message.en
    assert parts(ONE)[0].record not in error.message.en


def test_two_records_are_put_together_each() -> None:
    assert join([*parts(OTHER)[::-1], *parts(ONE)]) == (OTHER, ONE)


def test_two_different_parts_in_one_place_are_named() -> None:
    first, second, *rest = parts(ONE)
    error = refusal(first, second, replace(second, data=b"other"), *rest)
    assert error.code == "qr-parts-differ"
    assert f"2 of 4 of record {first.record}" in error.message.en
    assert refusal(first, replace(second, count=5), *rest).code == "qr-parts-differ"


def test_parts_that_do_not_make_up_what_they_name_are_refused() -> None:
    first, second, *rest = parts(ONE)
    assert refusal(replace(first, data=first.data[::-1]), second, *rest).code == "qr-parts-hash"
    foreign = replace(parts(OTHER)[0], number=1, count=4, record=first.record)
    assert refusal(foreign, second, *rest).code == "qr-parts-hash"
    swapped = replace(first, number=2), replace(second, number=1)
    assert refusal(*swapped, *rest).code == "qr-parts-hash"


def test_the_most_parts_hold_the_largest_record() -> None:
    assert MAX_PARTS * PART_BYTES >= cbor.MAX_BYTES + 1 > (MAX_PARTS - 2) * PART_BYTES
