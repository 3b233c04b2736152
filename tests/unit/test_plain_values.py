"""Values kept between two runs come back as they were, and nothing else does."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biotrace.services.audit_state import _classes
from biotrace.services.plain_values import Plain
from biotrace.verify.document_identity import Identity
from biotrace.verify.document_room import Room
from biotrace.verify.subject import Closed, DocumentPool, Paper, State
from tests.casebooks import clean, judged, residues


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Odd(Enum):
    PAIR = (1, "one")


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclass(frozen=True, slots=True)
class Fixed:
    name: str
    held: Any


@dataclass(slots=True)
class Pool:
    held: Any
    more: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stranger:
    name: str


class Bare:
    pass


CLASSES = (Colour, Level, Odd, Pair, Fixed, Pool, Bare)

keys = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.binary()
    | st.dates()
    | st.fractions()
    | st.sampled_from([*Colour, *Level, Odd.PAIR]),
    lambda inner: (
        st.tuples(inner, inner)
        | st.builds(Pair, inner, inner)
        | st.frozensets(inner, max_size=3)
        | st.builds(Fixed, st.text(), inner)
    ),
    max_leaves=6,
)
values = st.recursive(
    keys,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3) | st.tuples(inner)
    | st.sets(keys, max_size=3) | st.builds(Pool, inner, st.dictionaries(keys, inner, max_size=2)),
    max_leaves=12,
)  # fmt: skip


def there_and_back(*given_values: Any) -> list[Any]:
    """What a reader makes of the lines that a writer wrote."""
    writer, reader = Plain(CLASSES), Plain(CLASSES)
    return [reader.loads(writer.dumps(value)) for value in given_values]


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same types all the way down: True is no 1, a text no member of an enumeration."""
    return bool(one == other) and repr(one) == repr(other) if not _unordered(one) else bool(one == other)


def _unordered(value: Any) -> bool:
    return "set(" in repr(value) or "{" in repr(value)


@given(st.lists(values, max_size=4))
def test_what_is_written_is_read(some: list[Any]) -> None:
    found = there_and_back(*some)
    assert all(map(same, some, found))
    assert [Plain(CLASSES).dumps(value) for value in found] == [Plain(CLASSES).dumps(value) for value in some]


@given(values)
def test_a_line_is_a_line_of_text(value: Any) -> None:
    line = Plain(CLASSES).dumps(value)
    assert "\n" not in line
    assert json.loads(line) is not NotImplemented


def test_members_of_a_set_need_not_compare() -> None:
    """As the documents that a certificate cites: some by office and number, some by their id."""
    cited = frozenset({("kind", "office", "26-14", date(2014, 5, 8)), "doc-1", 3, None})
    (found,) = there_and_back(cited)
    assert found == cited
    written = Plain(()).dumps(cited)
    assert all(Plain(()).dumps(frozenset(reversed([*cited]))) == written for _ in range(5))


def test_an_object_that_can_change_stays_one() -> None:
    """Documents that are pooled share their pool: what one puts on it, the other finds there, also in later lines."""
    shared, other = Pool([1]), Pool([1])
    (first, second), third = there_and_back([shared, other], {"again": shared})
    assert first is third["again"]
    assert first is not second
    first.held.append(2)
    assert third["again"].held == [1, 2]


def test_what_shared_objects_hold_is_shared_too() -> None:
    inner = Pool(0)
    one, other = there_and_back(Pool(inner), Pool(inner))
    assert one.held is other.held


def test_an_object_made_while_writing_is_not_taken_for_another() -> None:
    """Python gives the same number to objects that come after one another."""
    writer, reader = Plain(CLASSES), Plain(CLASSES)
    lines = [writer.dumps(Pool(number)) for number in range(50)]
    assert [reader.loads(line).held for line in lines] == [*range(50)]


@pytest.mark.parametrize("value", [Stranger("x"), [Stranger("x")], 0.5, datetime, object(), Bare(), complex(1)])
def test_what_is_not_listed_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        Plain(CLASSES).dumps(value)


def test_another_class_of_the_same_name_is_not_written() -> None:
    listed = type("Stranger", (), {"__module__": Stranger.__module__})
    with pytest.raises(TypeError):
        Plain((listed,)).dumps(Stranger("x"))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        '{"x":1}',
        '{"b":"zz"}',
        '{"b":1}',
        '{"f":[1,0]}',
        '{"f":[1]}',
        '{"D":"2014-13-01"}',
        '{"D":3}',
        '{"t":1}',
        '{"d":[1]}',
        '{"d":[[{"t":[[]]},1]]}',
        '{"r":0}',
        '{"r":"a"}',
        '{"e":["tests.unit.test_plain_values.Colour","green"]}',
        '{"e":["tests.unit.test_plain_values.Colour"]}',
        '{"e":["tests.unit.test_plain_values.Pair","RED"]}',
        '{"e":["tests.unit.test_plain_values.Stranger","x"]}',
        '{"n":["tests.unit.test_plain_values.Pair",1]}',
        '{"o":["tests.unit.test_plain_values.Fixed","x"]}',
        '{"o":["tests.unit.test_plain_values.Fixed","x",1,2]}',
        '{"o":["tests.unit.test_plain_values.Stranger","x"]}',
        '{"o":["os.system","x"]}',
        '{"o":[]}',
        '{"m":["tests.unit.test_plain_values.Bare"]}',
        '{"b":"","t":[]}',
        "{}",
    ],
)
def test_what_was_not_written_is_not_read(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Plain(CLASSES).loads(line)


def test_two_modules_may_have_a_class_of_the_same_name() -> None:
    other: Any = dataclass(frozen=True)(
        type("Fixed", (), {"__annotations__": {"name": str}, "__module__": "elsewhere"})
    )
    writer, reader = Plain((*CLASSES, other)), Plain((*CLASSES, other))
    found = [reader.loads(writer.dumps(value)) for value in (Fixed("x", 1), other("y"))]
    assert [type(value) for value in found] == [Fixed, other]


def test_every_value_of_the_core_has_a_name_of_its_own() -> None:
    """Else one could not be written, or would be read as another."""
    listed = list(dict.fromkeys(_classes()))
    assert len({f"{cls.__module__}.{cls.__qualname__}" for cls in listed}) == len(listed) > 50


def test_what_a_fold_carries_comes_back() -> None:
    """Closed certificates as they are, and pools that documents share."""
    closed = Closed("f-1", **_of_model())
    rooms = (Room(5, 3, {(("doc-1",), _identity()): 3}), Room(None))
    pool = DocumentPool({("doc-1",): Paper(5, rooms=rooms), _identity(): Paper(None, 2, 4)}, 5, 3)
    state = State(closed={"f-1": closed}, documents={("doc-1",): pool, _identity(): pool})
    writer, reader = Plain(_classes()), Plain(_classes())
    found = reader.loads(writer.dumps(state))
    assert found == state
    assert found.documents[("doc-1",)] is found.documents[_identity()]
    assert found.closed["f-1"].composition == closed.composition


def _identity() -> Identity:
    return ("felling_notice", "〇〇市", "26-14", date(2014, 5, 8))


def _of_model() -> dict[str, Any]:
    certificate = clean().certificates[0]
    names = ("form", "fuel_class", "date", "seller", "buyer", "quantity", "goods")
    told = {name: getattr(certificate, name) for name in names}
    composition = judged(residues())["d-1"].composition
    rest = {"mixed": None, "one_load": False, "supplement": False, "incomplete": False, "flawed": True}
    counted = {"most": 5, "covered": 6, "used": 7}
    return told | rest | counted | {"group": None, "composition": composition, "as_shown": False}


def test_fractions_keep_their_value() -> None:
    assert there_and_back(Fraction(1, 3)) == [Fraction(1, 3)]
