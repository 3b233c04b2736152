"""Whatever felling places a text names, it is found by their first numbers; and so is whatever overlaps them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from biotrace.model.place import Place
from biotrace.verify.places import RANGE, first_number, name_places, numbers_in

_LETTERS = (
    "0123456789０１２二三百十千万廿甲乙いろはアイ番地の之ノ-－～~から、，・/ \u3000"  # as on papers
    "林班小班字外筆()（）号第Aa同上まで一部内\n"  # as on papers
)
_WORDS = (
    *("236-2", "二百三十六番地の二", "大字甲字乙", "12林班", "い小班3", "、", "・", " ", "の3", "外3筆", "一部", "〜"),
    *("から", "まで", "0012", "1.5ha", "(", ")", "甲", "霧山国有林", "第", "号", "\n", "と", "及び"),
)
texts = st.one_of(
    st.text(_LETTERS, min_size=1, max_size=14), st.lists(st.sampled_from(_WORDS), min_size=1, max_size=7).map("".join)
)


@settings(max_examples=3_000, deadline=None)
@given(texts, st.booleans())
@example("236一部", True)
@example("5の廿林班", False)
@example("8二7 8，", False)
@example("三(い4小班）9", True)
def test_no_number_is_missed(text: str, parcels: bool) -> None:
    place = Place(parcels=(text,)) if parcels else Place(compartments=(text,))
    numbers = numbers_in([place])
    for spot in name_places([place]).spots:
        number = first_number(spot)
        assert number is None or number in numbers or RANGE in numbers


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("236-2", {"236"}),
        ("２３６番地の２、甲２４０", {"236", "240"}),
        ("12林班い小班3", {"12", "3"}),
        ("大字三沢12番", {"3", "12"}),
        ("0012-3", {"12"}),
        ("", set()),
        ("1" * 2_001, set()),
    ],
)
def test_numbers(written: str, numbers: set[str]) -> None:
    """Branches are none of them; now and then there is one too many."""
    assert numbers_in([Place(parcels=(written,))]) == numbers


def test_ranges_stand_for_all_in_them() -> None:
    assert RANGE in numbers_in([Place(parcels=("236〜240",))])
    assert RANGE in numbers_in([Place(compartments=("12林班から15林班まで",))])


@settings(max_examples=500, deadline=None)
@given(texts, texts)
def test_of_two_that_overlap_the_first_number_is_one(one: str, other: str) -> None:
    here, there = (name_places([Place(parcels=(text,))]).spots for text in (one, other))
    for spot in here:
        for near in there:
            if spot.same_number(near):
                assert first_number(spot) == first_number(near)
