"""Who may speak of a yard or plant in a ledger: its own party, and whoever runs the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from biotrace.chain.kinds import Body, RecordKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Consumption, Plan, Site, StockEntry, StockKind
from biotrace.services.ledger_case import case_of_ledger
from biotrace.services.logged import Logged
from biotrace.verify.case import Case, Evidence
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from tests.builders import NOW, ROOT, ChainBuilder

DAY = date(2014, 11, 19)
TEN = Quantity(10_000_000, Unit.T, 0)
YARD = Site("土場1", "otsu", FuelClass.THINNED)
STOCK = StockEntry(YARD.id, date(2014, 4, 1), FuelClass.THINNED, TEN, StockKind.OPENING)
BURNED = Consumption("plant-8", date(2014, 10, 1), FuelClass.THINNED, TEN)
PLAN = Plan("plant-8", 2014, FuelClass.THINNED, TEN)
KINDS = {
    Site: RecordKind.SITE,
    StockEntry: RecordKind.STOCK,
    Consumption: RecordKind.CONSUMPTION,
    Plan: RecordKind.PLAN,
}


def case_of(*said: tuple[str, Body], copied: bool = False) -> Case:
    """The case of a ledger in which parties say something; ``copied`` from paper."""
    chain = ChainBuilder()
    for number, (party, body) in enumerate(said):
        chain.sign(party, KINDS[type(body)], f"said-{number}", body, transcribed=copied)
    chain.admitted()
    return case_of_ledger([Logged(i, NOW, record) for i, record in enumerate(chain.records)], DAY)


def test_a_party_speaks_of_its_own_yard_and_plant() -> None:
    case = case_of(("otsu", YARD), ("otsu", STOCK), ("plant-8", BURNED), ("plant-8", PLAN))
    assert case.sites == {("otsu", YARD.id): YARD}
    assert [(b.value, b.party, b.evidence) for b in case.bookings] == [
        (STOCK, "otsu", Evidence.SIGNED),
        (BURNED, "plant-8", Evidence.SIGNED),
        (PLAN, "plant-8", Evidence.SIGNED),
    ]


@pytest.mark.parametrize("copied", [False, True])
def test_who_runs_the_ledger_copies_the_books_of_others(copied: bool) -> None:
    case = case_of((ROOT, YARD), (ROOT, STOCK), (ROOT, BURNED), (ROOT, PLAN), copied=copied)
    assert case.sites == {("otsu", YARD.id): YARD}
    assert [(b.party, b.evidence) for b in case.bookings] == [
        ("otsu", Evidence.TRANSCRIBED),
        ("plant-8", Evidence.TRANSCRIBED),
        ("plant-8", Evidence.TRANSCRIBED),
    ]


@pytest.mark.parametrize("copied", [False, True])
@pytest.mark.parametrize("body", [STOCK, BURNED, PLAN])
def test_a_stranger_books_nothing(body: Body, copied: bool) -> None:
    assert case_of((ROOT, YARD), ("heiwa", body), copied=copied).bookings == ()


def test_a_stranger_makes_no_yard_for_another() -> None:
    assert case_of(("heiwa", YARD)).sites == {}
    assert case_of(("heiwa", YARD), ("otsu", STOCK)).bookings == ()


def test_a_stranger_cannot_take_a_yards_name() -> None:
    own = replace(YARD, party="heiwa", fuel_class=FuelClass.GENERAL)
    theirs = replace(STOCK, kind=StockKind.STOCKTAKE, quantity=replace(TEN, amount=1))
    case = case_of(("heiwa", own), ("otsu", YARD), ("otsu", STOCK), ("heiwa", theirs))
    assert case.sites == {("heiwa", YARD.id): own, ("otsu", YARD.id): YARD}
    assert [(b.party, b.value) for b in case.bookings] == [("otsu", STOCK), ("heiwa", theirs)]


def test_of_two_yards_of_one_name_a_copy_speaks_of_none() -> None:
    case = case_of(("heiwa", replace(YARD, party="heiwa")), ("otsu", YARD), (ROOT, STOCK))
    assert case.bookings == ()


def test_the_first_record_of_a_yard_stands() -> None:
    assert case_of(("otsu", YARD), ("otsu", replace(YARD, fuel_class=None))).sites == {("otsu", YARD.id): YARD}


def test_the_closure_of_a_lot_has_no_books() -> None:
    chain = ChainBuilder()
    chain.sign("otsu", RecordKind.SITE, "site", YARD)
    chain.sign("otsu", RecordKind.STOCK, "stock", STOCK)
    entries = [Logged(i, NOW, record) for i, record in enumerate(chain.records)]
    case = case_of_ledger(entries, DAY, within=set(range(len(entries))))
    assert (case.sites, case.bookings) == ({}, ())


@pytest.mark.parametrize("year", [0, 10**15])
def test_a_plan_of_no_year_breaks_nothing(year: int) -> None:
    case = case_of(("plant-8", replace(PLAN, year=year)), ("plant-8", BURNED))
    assert [f.code for j in fold(case, RULES, RINYA_2012).books.values() for f in j.findings] == ["F951", "F952"]


def test_the_last_days_of_the_calendar_break_nothing() -> None:
    last = [replace(STOCK, date=date.max, kind=kind) for kind in StockKind]
    month = replace(BURNED, month=date(9999, 12, 1))
    case = case_of(("otsu", YARD), *(("otsu", entry) for entry in last), ("plant-8", month))
    assert len(fold(case, RULES, RINYA_2012).books) == len(last) + 2
