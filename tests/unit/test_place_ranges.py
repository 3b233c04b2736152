"""A thousand parcels are written in ten letters: what they cost to read and to compare goes with their number, once.

Counted in calls of functions, which are the same on every machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import FrameType
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.document import DocumentKind
from biotrace.model.place import Concordance, Link, Place
from biotrace.verify.case import case_of_casebook
from biotrace.verify.fold import fold
from biotrace.verify.place_family import compare_places
from biotrace.verify.places import Links, Municipalities, Municipality, Notation, Remembered, name_places
from biotrace.verify.places.read import MANY, MOST_NAMED
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from tests.casebooks import DOCUMENT, FELLING, PLACE, clean

ON = date(2014, 6, 27)


def calls(what: Callable[[], object]) -> int:
    """How many functions of ours are called, and iterators asked."""
    count = 0

    def counted(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        what()
    finally:
        sys.setprofile(None)
    return count


def parcels(*texts: str, **names: Any) -> Place:
    return replace(PLACE, parcels=texts, **names)


def compartments(*texts: str) -> Place:
    return Place("長野県", "〇〇市", compartments=texts)


def compared(certificate: Place, document: Place, links: Links) -> None:
    compare_places(name_places([certificate]), name_places([document]), links)


def linking(parcel: str, compartment: str) -> Links:
    line = Link(compartment, (parcel,))
    return Links([Concordance("t", "office", ON, (line,), "長野県", "〇〇市", "大字甲", "字乙")])


SHAPES: dict[str, Callable[[int], tuple[Place, Place, Links]]] = {
    "the same parcels": lambda n: (parcels(f"1番～{n}番"), parcels(f"1番～{n}番"), Links()),
    "other parcels": lambda n: (parcels(f"1番～{n}番"), parcels(f"{n + 1}番～{2 * n}番"), Links()),
    "parcels elsewhere": lambda n: (parcels(f"1番～{n}番"), parcels(f"1番～{n}番", oaza="大字丙"), Links()),
    "compartments": lambda n: (compartments(f"12林班い1～い{n}小班"), compartments(f"12林班い1～い{n}小班"), Links()),
    "a compartment's parts": lambda n: (compartments("12林班"), compartments(f"12林班い1～い{n}小班"), Links()),
    "two notations": lambda n: (parcels(f"1番～{n}番"), compartments(f"12林班い1～い{n}小班"), Links()),
    "a concordance": lambda n: (parcels(f"1番～{n}番"), compartments("12林班い"), linking(f"1番～{n}番", "12林班い")),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_comparing_twice_as_many_places_takes_twice_as_long(shape: str) -> None:
    few, many = (SHAPES[shape](n) for n in (300, 600))
    compared(*few)  # whatever was read before, now both were
    compared(*many)
    assert calls(lambda: compared(*many)) < 2.2 * calls(lambda: compared(*few))


def book(kind: DocumentKind, place: Place, certificates: int) -> Casebook:
    """Certificates, each of another day, for one place and on one document for it."""
    paper = replace(DOCUMENT, kind=kind, locations=(place,))
    felled = (
        replace(FELLING, id=f"f-{i}", date=date(2014, 6, 28 + i), locations=(place,), documents=(paper.id,))
        for i in range(certificates)
    )
    return replace(clean(), documents=(paper,), certificates=tuple(felled), deliveries=())


def judging(kind: DocumentKind, place: Place, certificates: int) -> int:
    case = case_of_casebook(book(kind, place, certificates))
    return calls(lambda: fold(case, RULES, RINYA_2012))


KINDS = (DocumentKind.FELLING_NOTICE, DocumentKind.PROTECTION_PERMIT)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["12林班い1～い{}小班", "12林班1～{}小班"])
def test_judging_twice_as_many_places_takes_twice_as_long(kind: DocumentKind, text: str) -> None:
    few, many = (compartments(text.format(n)) for n in (300, 600))
    judging(kind, few, 1)  # whatever was read before, now both were
    judging(kind, many, 1)
    assert judging(kind, many, 1) < 2.2 * judging(kind, few, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_places_that_are_said_again_are_not_compared_again(kind: DocumentKind) -> None:
    here, there = parcels("1番～501番"), parcels("1番～502番")
    once, twice = judging(kind, here, 1), judging(kind, there, 2)
    assert twice < 1.3 * once


def test_what_is_written_twice_in_an_entry_is_one_place() -> None:
    named = name_places([parcels("1～200、1～200", "150～250"), parcels("1～200、1～200", "150～250")])
    assert sorted(int(spot.unit[0]) for spot in named.spots) == [*range(1, 251)]


def test_the_same_number_elsewhere_is_another_place() -> None:
    named = name_places([parcels("1～200"), parcels("1～200", oaza="大字丙")])
    assert len(named.spots) == 400
    assert {spot.entry for spot in named.spots} == {0, 1}


def test_a_paper_that_names_more_than_anybody_can_check_says_where_it_was_not_read() -> None:
    texts = tuple(f"{i}001～{i + 1}000" for i in range(1, 40))
    for places in ([parcels(*texts)], [parcels("、".join(texts))], [parcels(text) for text in texts]):
        found = calls(lambda places=places: name_places(places))  # type: ignore[misc]  # bound at once
        named = name_places(places)
        assert MOST_NAMED < len(named.spots) <= MOST_NAMED + 1_000
        assert named.vague
        assert found < 12 * MOST_NAMED


def test_what_is_not_read_of_a_document_may_be_the_certificates_place() -> None:
    document = name_places([parcels(*(f"{i}001～{i + 1}000" for i in range(1, 40)))])
    read, unread = (compare_places(name_places([parcels(p)]), document).answer for p in ("1500番", "39500番"))
    assert read is None
    assert unread is not None
    assert unread.code == "L402"


def test_reading_again_and_again_the_same_range_ends_too() -> None:
    """Each text stands for no more than a thousand places, but it takes as long to find that out each time."""
    texts = tuple("、".join(["1～1000"] * 200) + f"、{i}" for i in range(50))
    assert calls(lambda: name_places([parcels(*texts)])) < 12 * MOST_NAMED


def test_days_between_the_same_changes_are_one_time() -> None:
    table = Municipalities(
        [
            Municipality("09364", "栃木県", "岩舟町", None, date(2014, 4, 5), ("09203",)),
            Municipality("09203", "栃木県", "栃木市"),
        ]
    )
    assert table.period(None) is None
    assert table.period(date(2014, 4, 4)) == table.period(date(2012, 1, 1)) != table.period(date(2014, 4, 5))
    place = Place("栃木県", "岩舟町", "静", parcels=(f"1～{MANY + 1}",))
    before, later, after = (name_places([place], table, on=date(2014, m, 5)) for m in (1, 3, 4))
    assert before is later is not after
    assert {spot.on for spot in after.spots} == {date(2014, 4, 5)}


def test_memory_forgets_before_it_holds_too_much() -> None:
    made: list[str] = []

    def value(name: str) -> str:
        made.append(name)
        return name

    memory: Remembered[str, str] = Remembered(10)
    for name in ("aaa", "bbb", "aaa", "ccc", "aaa", "too long to be remembered", "too long to be remembered", "aaa"):
        assert memory.get(name, lambda name=name: value(name), len) == name  # type: ignore[misc]  # bound at once
    assert made == ["aaa", "bbb", "ccc", "aaa", "too long to be remembered", "too long to be remembered", "aaa"]


def test_both_notations_count_as_said_twice_only_where_the_other_one_is_inside() -> None:
    both = replace(parcels("236-2"), compartments=("12林班い",))
    for document, code in ((parcels("236-2"), None), (parcels("9"), "L403"), (compartments("12林班い"), None)):
        answer = compare_places(name_places([both]), name_places([document])).answer
        assert (answer.code if answer is not None else None) == code
    assert {spot.notation for spot in name_places([both]).spots} == set(Notation)
