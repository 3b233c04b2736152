"""Patterns do not depend on the order of records of one day, nor on what others do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate, Draw
from biotrace.model.delivery import Delivery
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.text import Text
from biotrace.verify.case import Entry, case_of_casebook
from biotrace.verify.patterns import Around, Looking, PriceChange, Sighting
from biotrace.verify.profile import RINYA_2012
from tests.casebooks import DOCUMENT, PLACE
from tests.sights import TOWN_ONLY, arrived, book, certified, felled

START = date(2015, 1, 5)
CHANGE = PriceChange(date(2015, 4, 1), Text("改定", "a change"), "")
SELLERS = ("kousei", "otsu", "heiwa")
NOTICES = tuple(replace(DOCUMENT, id=f"doc-{n}", number=f"26-{n}") for n in range(3))
DAYS = st.integers(0, 200).map(lambda n: START + timedelta(n))


@st.composite
def fellings(draw: st.DrawFn, n: int) -> Certificate:
    """A felling-stage certificate, on any of three notices or none."""
    notices = draw(st.lists(st.sampled_from(["doc-0", "doc-1", "doc-2"]), unique=True, max_size=2))
    return felled(
        *(n, draw(st.integers(1, 90)) * 1_000_000, draw(st.sampled_from(SELLERS))),
        seller=draw(st.sampled_from(SELLERS)),
        date=draw(DAYS),
        documents=tuple(notices),
        area=draw(st.sampled_from([None, 2_000, 236_110])),
        locations=draw(st.sampled_from([TOWN_ONLY, TOWN_ONLY, (PLACE,), ()])),
    )


@st.composite
def chips(draw: st.DrawFn, n: int) -> Certificate:
    """A certificate of chips drawn from the first felling."""
    into = Quantity(draw(st.integers(1, 40)) * 1_000_000, Unit.M3)
    return certified(
        *(n, draw(DAYS)),
        seller=draw(st.sampled_from(SELLERS)),
        fuel_class=draw(st.sampled_from([FuelClass.THINNED, FuelClass.GENERAL])),
        draws=(Draw("f-0", into),),
    )


@st.composite
def deliveries(draw: st.DrawFn, n: int) -> Delivery:
    """A delivery by one of two trucks in one of two minutes."""
    return arrived(
        n,
        date=draw(DAYS.map(lambda day: START + (day - START) % timedelta(3))),
        vehicle=draw(st.sampled_from(["28-58", "２８－５８", "11-11", None])),
        time=draw(st.sampled_from(["08:40", "09:00", None])),
        at=draw(st.sampled_from(["plant-8", "plant-9"])),
        quantity=Quantity(draw(st.integers(9, 11)) * 1_000_000, Unit.T),
    )


@st.composite
def books(draw: st.DrawFn) -> Casebook:
    """Some of everything."""
    count = draw(st.integers(1, 25))
    certificates = [draw(fellings(n)) for n in range(count)] + [draw(chips(n)) for n in range(count)]
    return book(certificates, [draw(deliveries(n)) for n in range(count)], *NOTICES)


def looked(casebook: Casebook, entries: tuple[Entry, ...]) -> list[Sighting]:
    """Everything that is seen in the entries."""
    looking = Looking(Around(case_of_casebook(casebook), RINYA_2012, (CHANGE,)))
    for entry in entries:
        looking.take(entry)
    return looking.sightings()


@settings(max_examples=60, deadline=None)
@given(books(), st.randoms(use_true_random=False))
def test_the_order_within_a_day_changes_nothing(casebook: Casebook, rng: Random) -> None:
    entries = case_of_casebook(casebook).entries
    shuffled = [*entries]
    rng.shuffle(shuffled)
    by_day = tuple(sorted(shuffled, key=lambda entry: entry.value.date))
    assert looked(casebook, by_day) == looked(casebook, entries)


@settings(max_examples=60, deadline=None)
@given(books(), st.sampled_from(SELLERS))
def test_what_is_seen_of_a_party_does_not_depend_on_others(casebook: Casebook, party: str) -> None:
    entries = case_of_casebook(casebook).entries
    of_party = {"municipality-only", "yield-jump", "class-shift"}
    own = tuple(e for e in entries if isinstance(e.value, Certificate) and e.value.seller == party)

    def about(sightings: list[Sighting]) -> list[Sighting]:
        return [s for s in sightings if s.kind.code in of_party and s.about == (party,)]

    assert about(looked(casebook, own)) == about(looked(casebook, entries))
