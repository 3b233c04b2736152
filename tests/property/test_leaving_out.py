"""Nobody makes the verifier confirm more by leaving something out of a clean chain, or by altering it.

Every field of every entry of every clean story is taken away once, every listed value too, and every record; and
hypothesis takes several away at once, or alters them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Statement
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party
from biotrace.verify.case import case_of_casebook
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import LotVerdict, Status, judge
from tests import casebooks

STORIES: dict[str, Callable[[], Casebook]] = {
    story.__name__: story
    for story in (
        *(casebooks.clean, casebooks.general, casebooks.protection, casebooks.plan, casebooks.national),
        *(casebooks.imported, casebooks.legality, casebooks.homestead, casebooks.residues, casebooks.logs_direct),
    )
}
SECTIONS = ("parties", "documents", "certificates", "deliveries", "concordances", "trusted_bodies")
RANK = {c: rank for rank, c in enumerate(FuelClass)}
"""From the best class to the lowest."""

Path = tuple[str | int, ...]
"""Names of fields and places in tuples, from the casebook down."""


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """Every place below a value."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _below(getattr(value, field.name), (*here, field.name))
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from _below(part, (*here, place))


def _below(value: Any, here: Path) -> Iterator[Path]:
    if value is None or value == ():
        return
    yield here
    yield from paths(value, here)


def at(value: Any, path: Path) -> Any:
    """What stands there."""
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


GONE = object()


def put(value: Any, path: Path, new: Any) -> Any:
    """The value with something else there; GONE: with nothing. LookupError where it cannot be nothing."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        part = put(value[step], rest, new)
        return (*value[:step], *(() if part is GONE else (part,)), *value[step + 1 :])
    part = put(getattr(value, step), rest, new)
    return replace(value, **{step: _nothing(value, step) if part is GONE else part})


def _nothing(value: Any, name: str) -> Any:
    """A field left out: as a casebook does that does not state it."""
    field = next(f for f in dataclasses.fields(value) if f.name == name)
    if field.default is dataclasses.MISSING:
        raise LookupError(name)
    return field.default


def altered(value: Any, choice: int) -> Any:
    """Another value of the same type; GONE where there is none."""
    if isinstance(value, Enum):
        others = [member for member in type(value) if member is not value]
        return others[choice % len(others)] if others else GONE
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return (value + 1, value * 2, max(1, value // 2), value * 100)[choice % 4]
    if isinstance(value, date):
        return value + timedelta(days=(-3650, -400, -1, 1, 400, 3650)[choice % 6])
    if isinstance(value, str):
        return (value + "9", "別" + value, value[::-1] + "x")[choice % 3]
    return GONE


@cache
def places(story: str) -> tuple[Path, ...]:
    """Every place of a story below its sections' entries."""
    book = STORIES[story]()
    return tuple(p for p in paths(book) if p[0] in SECTIONS and len(p) > 1)


def verdict(book: Casebook) -> LotVerdict | None:
    """On the truck; None where it is not there, or no longer at a plant."""
    return next((lot for lot in judge(case_of_casebook(book), RINYA_2012).lots if lot.id == "d-1"), None)


def is_better(after: LotVerdict | None, before: LotVerdict) -> bool:
    return after is not None and RANK[after.confirmed] < RANK[before.confirmed]


@pytest.mark.parametrize("story", STORIES)
def test_the_stories_are_confirmed_as_declared(story: str) -> None:
    lot = verdict(STORIES[story]())
    assert lot is not None
    assert (lot.confirmed, lot.status) == (lot.declared, Status.COMPLETE)


@pytest.mark.parametrize("story", STORIES)
def test_leaving_one_thing_out_never_helps(story: str) -> None:
    book = STORIES[story]()
    before = verdict(book)
    assert before is not None
    tried = 0
    for path in places(story):
        try:
            left = put(book, path, GONE)
        except LookupError:
            continue
        tried += 1
        assert not is_better(verdict(left), before), path
    assert tried > 50


@dataclass(frozen=True)
class Proof:
    """Something on which a class rests, in the clean story: gone, nothing is left of ``thinned``."""

    why: str
    spoil: Callable[[Casebook], Casebook]


def _without(entry: str, **changes: Any) -> Callable[[Casebook], Casebook]:
    return lambda book: casebooks.change(book, entry, **changes)


def _unaccredited(party: Party) -> Callable[[Casebook], Casebook]:
    return lambda book: casebooks.change(book, party.id, accreditations=())


PROOFS = (
    Proof("the felling certificate", lambda book: casebooks.remove(book, "f-1")),
    Proof("the processing certificate", lambda book: casebooks.remove(book, "p-1")),
    Proof("the permit", lambda book: casebooks.remove(book, "doc-1")),
    Proof("the link to the permit", _without("f-1", documents=())),
    Proof("the draw on the logs", _without("p-1", draws=())),
    Proof("the truck's certificate", _without("d-1", certificate=None)),
    Proof("the feller's number", _without("f-1", accreditation_number=None)),
    Proof("the chipper's number", _without("p-1", accreditation_number=None)),
    Proof("the feller's accreditation", _unaccredited(casebooks.KOUSEI)),
    Proof("the chipper's accreditation", _unaccredited(casebooks.OTSU)),
    Proof("the body's trust", lambda book: replace(book, trusted_bodies=())),
    Proof("the felling place", _without("f-1", locations=())),
    Proof("the permit's place", _without("doc-1", locations=())),
    Proof("the felled area", _without("f-1", area=None)),
    Proof("the permit's data", _without("f-1", permit=None)),
    Proof("the recipient", _without("f-1", buyer=None)),
    Proof("that all of it is thinned", _without("f-1", statements=(Statement.SEGREGATED,))),
    Proof("that it was kept apart", _without("p-1", statements=(Statement.ALL_OF_CLASS,))),
    Proof("the felling method", lambda book: casebooks.change_felling(book, "doc-1", method=None)),
    Proof("the felling rate", lambda book: casebooks.change_felling(book, "doc-1", rate=None)),
    Proof("all felling facts", _without("doc-1", felling=None)),
)


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.why)
def test_where_proof_is_gone_nothing_is_confirmed_thinned(proof: Proof) -> None:
    lot = verdict(proof.spoil(casebooks.clean()))
    assert lot is not None
    assert lot.confirmed is not FuelClass.THINNED


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, Casebook, list[Path]]:
    """A story with a few things left out or altered, and which."""
    story = draw(st.sampled_from(sorted(STORIES)))
    book, done = STORIES[story](), []
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(places(story)))
        try:
            value = at(book, path)
            new = GONE if draw(st.booleans()) else altered(value, draw(st.integers(0, 11)))
            book = put(book, path, new)
        except (LookupError, AttributeError, TypeError):
            continue  # an earlier step took the place away, or it cannot be left out
        done.append(path)
    return story, book, done


@settings(max_examples=400)
@given(spoilt())
def test_nothing_left_out_or_altered_makes_it_better(spoiled: tuple[str, Casebook, list[Path]]) -> None:
    story, book, _ = spoiled
    before, after = verdict(STORIES[story]()), verdict(book)
    assert before is not None
    assert not is_better(after, before)
