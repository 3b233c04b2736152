"""Making values without their ``__init__``."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import pytest

from biotrace.chain.made import maker


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Pair:
    left: int
    right: str = ""


@dataclass(frozen=True)
class Loose:
    left: int


@dataclass(frozen=True, slots=True)
class Checked:
    left: int

    def __post_init__(self) -> None:
        assert self.left


def test_what_is_made_is_as_if_made_the_usual_way() -> None:
    made = maker(Pair)(1, "a")
    assert (made, repr(made), hash(made)) == (Pair(1, "a"), repr(Pair(1, "a")), hash(Pair(1, "a")))
    with pytest.raises(FrozenInstanceError):
        made.left = 2  # type: ignore[misc]


@pytest.mark.parametrize("values", [(1,), (1, "a", 2)])
def test_it_takes_one_value_for_each_field(values: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match="argument"):
        maker(Pair)(*values)


@pytest.mark.parametrize("cls", [Loose, Checked], ids=lambda cls: cls.__name__)
def test_a_class_that_would_not_be_whole_is_refused(cls: type) -> None:
    with pytest.raises(TypeError, match=cls.__name__):
        maker(cls)
