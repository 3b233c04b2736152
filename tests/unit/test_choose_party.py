"""Whom a part of a name means."""

from __future__ import annotations

import pytest

from biotrace.errors import UsageError
from biotrace.model.party import Party, Role
from biotrace.services.find import choose_party
from tests.casebooks import KOUSEI, MARUMATSU, OTSU, PARTIES


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("otsu", "otsu"),
        ("乙チップ工業株式会社", "otsu"),
        ("乙チップ", "otsu"),
        ("チップ", "otsu"),
        ("ﾁｯﾌﾟ", "otsu"),
        (" 乙 ", "otsu"),
        ("長木-034", "otsu"),
        ("長木－０３４", "otsu"),
        ("第八", "plant-8"),
        ("PLANT-8", "plant-8"),
        ("kou", "kousei"),
    ],
)
def test_a_part_is_enough_where_only_one_fits(text: str, party: str) -> None:
    assert choose_party(PARTIES, text).id == party


def test_the_beginning_goes_before_the_middle() -> None:
    other = Party("x", "工業団地株式会社", (Role.TRADER,))
    assert choose_party((OTSU, other), "工業").id == "x"


@pytest.mark.parametrize(("text", "named"), [("plant-", "plant-8"), ("バイオマス", "plant-9"), ("長野", "nagano-body")])
def test_several_that_fit_are_listed_or_the_only_one_is_taken(text: str, named: str) -> None:
    if text == "長野":
        assert choose_party(PARTIES, text).id == named
        return
    with pytest.raises(UsageError, match="may be any of") as raised:
        choose_party(PARTIES, text)
    assert raised.value.code == "ambiguous"
    assert named in raised.value.message.ja


@pytest.mark.parametrize("text", ["", "  ", "だれか", "plant-88", "otsu2"])
def test_nobody_is_taken_for_somebody(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        choose_party((KOUSEI, OTSU, MARUMATSU), text)
    assert raised.value.code == "no-such-party"
