"""The papers of 別記3 as they were last looked at: the same words in the same places."""

from __future__ import annotations

import pytest

from tests.golden.make_papers import FOLDER, differences
from tests.golden.paper_values import VALUES


@pytest.mark.parametrize("name", VALUES)
def test_a_paper_is_as_it_was(name: str) -> None:
    assert differences(name) == [], "look at it, then: python -m tests.golden.make_papers"


def test_no_golden_file_is_of_no_paper() -> None:
    assert {path.stem.removesuffix("-1") for path in FOLDER.iterdir()} == set(VALUES)


@pytest.mark.parametrize("name", VALUES)
def test_the_same_values_give_the_same_bytes(name: str) -> None:
    assert VALUES[name]() == VALUES[name]()
