"""Every rule that compares days or amounts, on the line itself and one step to either side.

    Line("A203", "last day", chips_on, silent=("2017-03-31",), fires=("2017-04-01",))

Days are those at which calendars are awkward: the fiscal year's end, leap days, a month's last day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from biotrace.chain.cbor import MAX_INT
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw, Mixed, Process, Share, Statement
from biotrace.model.correction import Action
from biotrace.model.document import DocumentCopy, DocumentKind, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Audit
from biotrace.model.quantity import Quantity, Unit
from tests.books import BUNKER, YARD, burned, opening, planned, said, stocktake, unsaid, with_books
from tests.casebooks import (
    BODY,
    BOTH,
    DELIVERY,
    HEIWA,
    KOUSEI,
    OTSU,
    PLANT,
    PROCESSING,
    add,
    change,
    change_accreditation,
    change_felling,
    clean,
    copy,
    correct,
    judged,
    logs_direct,
    lot_of,
    m3,
    plan,
    protection,
    remove,
    residues,
    tonnes,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A rule's line: values of what ``make`` turns into a book on which it is silent, and on which it fires.

    ``as_of``: the value is the day on which one looks instead, at the book that ``make`` makes of nothing.
    """

    code: str
    what: str
    make: Callable[..., Casebook]
    silent: Sequence[Any]
    fires: Sequence[Any]
    as_of: bool = False

    def told(self, value: Any) -> bool:
        """Whether the rule fires."""
        if self.as_of:
            return bool(said(self.make(), self.code, value))
        return bool(said(self.make(value), self.code))


def day(text: str) -> date:
    """A day as it is written."""
    return date.fromisoformat(text)


def days(*written: str) -> tuple[date, ...]:
    """Some of them."""
    return tuple(map(day, written))


def grams(amount: int, moisture: int | None = 4_200) -> Quantity:
    """A weight to the gram."""
    return Quantity(amount, Unit.T, moisture)


def cm3(amount: int) -> Quantity:
    """A volume to the cubic centimetre."""
    return Quantity(amount, Unit.M3)


# days


def chips_on(day: date, book: Casebook | None = None) -> Casebook:
    """The chips certified and delivered on another day."""
    return change(change(book or clean(), "p-1", date=day), "d-1", date=day)


def mill(book: Casebook | None = None, **changes: Any) -> Casebook:
    """The mill's accreditation altered; its chips are of 2014-11-19."""
    return change_accreditation(book or clean(), OTSU.id, **changes)


def accredited_on_a_leap_day(day: date) -> Casebook:
    """Three years from 29 February 2012 end on 28 February 2015, stated or not."""
    return chips_on(day, mill(start=date(2012, 2, 29), until=date(2015, 2, 28)))


def by_its_own_code(audit: Audit | None = None, **changes: Any) -> Casebook:
    """A mill that relies on a code of its own."""
    stated = audit or Audit("監査法人", date(2014, 4, 1))
    book = mill(number=None, body=None, self_declared=True, third_party_audit=stated, **changes)
    return change(book, "p-1", accreditation_number=None)


def without_number(day: date, code_from: date | None = date(2012, 8, 20)) -> Casebook:
    """Felled in July 2012, and certified without a number on that day."""
    book = change(clean(), BODY.id, code_from=code_from)
    book = change_felling(change(book, "doc-1", accepted=date(2012, 7, 2)), "doc-1", start=date(2012, 7, 5))
    statements = (*BOTH, Statement.HELD_WHEN_CODE_CAME)
    felled = Period(date(2012, 7, 5), date(2012, 7, 20))
    return change(book, "f-1", felled=felled, date=day, accreditation_number=None, statements=statements)


def not_said_to_be_held(day: date) -> Casebook:
    """The same without the sentence."""
    return change(without_number(day), "f-1", statements=BOTH)


def felled_from(start: date) -> Casebook:
    """Felled in 2012 from that day on."""
    book = change_felling(change(clean(), "doc-1", accepted=date(2012, 2, 8)), "doc-1", start=start)
    return change(book, "f-1", felled=Period(start, date(2012, 6, 30)))


def notice_gone(issued: date) -> Callable[[], Casebook]:
    """The notice behind a certificate of that day cannot be produced."""
    gone = change(change(clean(), "doc-1", copy=DocumentCopy.MISSING), "f-1", date=issued)
    return lambda: remove(remove(gone, "p-1"), "d-1")


def under_a_plan(until: date) -> Casebook:
    """Felled from 27 May to 20 June 2014 under a plan that ends on that day."""
    return change(plan(), "doc-1", valid=Period(date(2013, 4, 1), until))


def plan_from(start: date) -> Casebook:
    """The same under a plan that begins on that day."""
    return change(plan(), "doc-1", valid=Period(start, date(2018, 3, 31)))


def filed(before: int, book: Casebook | None = None) -> Casebook:
    """The notice filed so many days before felling."""
    return change(book or clean(), "doc-1", filed=date(2014, 5, 27) - timedelta(before))


def protected_by_paper_of(accepted: date) -> Casebook:
    """Another paper shows the place to be in a protection forest; the certificate is of 2014-06-27."""
    permit = replace(protection().documents[0], id="doc-2", number="34-1", accepted=accepted, filed=None)
    return add(clean(), replace(permit, kind=DocumentKind.PROTECTION_PERMIT))


def notice_for(start: date = date(2014, 5, 27), until: date = date(2015, 3, 31)) -> Casebook:
    """Felled from 27 May to 20 June 2014 under a notice for a time."""
    return change_felling(clean(), "doc-1", start=start, until=until)


def cancelled_on(day: date) -> Casebook:
    """The logs' certificate is cancelled; the chips are of 19 November, and the delivery is of the same day."""
    return correct(clean(), "f-1", Action.CANCEL, day)


def booked_and_planned() -> Casebook:
    """30 t burned in November 2014, where 40 t were planned for that fiscal year."""
    return with_books(clean(), burned(tonnes(30)), planned(tonnes(40)))


def burned_in(month: date) -> Casebook:
    """40 t planned for 2014, 50 t burned in that month: it counts in the fiscal year of its April."""
    book = with_books(clean(), burned(tonnes(50), month), planned(tonnes(40)), planned(tonnes(50), 2015))
    return with_books(book, planned(tonnes(50), 2013))


def gap_in_the_book() -> Casebook:
    """An entry for January 2016, none for February, and a delivery on 5 March."""
    book = with_books(clean(), burned(tonnes(30), date(2016, 1, 1)))
    return copy(book, "d-1", "d-2", date=date(2016, 2, 10), quantity=grams(1))


def counted_on(day: date) -> Casebook:
    """The yard's stock is counted as 1 t; on 19 November 30 t go out, for which the logs came in long before."""
    book = change(change(clean(), "f-1", to_site=YARD.id), "p-1", from_site=YARD.id)
    return with_books(book, YARD, stocktake(tonnes(1), day))


def opened_on(day: date) -> Casebook:
    """The yard's book opens with 1 t; the logs for 30 t of chips came on 27 June 2014."""
    book = change(change(clean(), "f-1", to_site=YARD.id), "p-1", from_site=YARD.id)
    return with_books(book, YARD, opening(tonnes(1), day))


YEAR_END, YEAR_START = date(2017, 3, 31), date(2017, 4, 1)
DAYS = [
    Line("A201", "code of the body", without_number, days("2012-08-19"), days("2012-08-20", "2012-08-21")),
    Line(
        "A201",
        "the last day for a code",
        lambda d: without_number(d, None),
        days("2012-08-31"),
        days("2012-09-01", "2012-09-02"),
    ),
    Line("T992", "code of the body", not_said_to_be_held, days("2012-08-20"), days("2012-08-19")),
    Line("T991", "the guideline's first day", felled_from, days("2012-06-18", "2012-06-19"), days("2012-06-17")),
    Line("A203", "last day", chips_on, days("2017-03-30", "2017-03-31"), days("2017-04-01")),
    Line(
        "A203",
        "first day",
        lambda d: mill(start=d),
        days("2014-11-18", "2014-11-19"),
        days("2014-11-20"),
    ),
    Line("A203", "revoked", lambda d: mill(revoked=d), days("2014-11-20"), days("2014-11-19", "2014-11-18")),
    Line("A203", "leap day", accredited_on_a_leap_day, days("2015-02-27", "2015-02-28"), days("2015-03-01")),
    Line(
        "A205",
        "audit's last day",
        lambda d: by_its_own_code(Audit("監査法人", date(2014, 4, 1), d)),
        days("2014-11-19", "2014-11-20"),
        days("2014-11-18"),
    ),
    Line(
        "A205",
        "audit's first day",
        lambda d: by_its_own_code(Audit("監査法人", d)),
        days("2014-11-18", "2014-11-19"),
        days("2014-11-20"),
    ),
    Line("A205", "code's last day", lambda d: by_its_own_code(until=d), days("2014-11-19"), days("2014-11-18")),
    Line(
        "A206",
        "a month before the fiscal year's end",
        lambda: mill(until=YEAR_END),
        days("2017-02-27", "2017-04-01"),
        days("2017-02-28", "2017-03-31"),
        as_of=True,
    ),
    Line(
        "A206",
        "a month before, in a leap year",
        lambda: mill(until=date(2016, 3, 31)),
        days("2016-02-28", "2016-04-01"),
        days("2016-02-29", "2016-03-31"),
        as_of=True,
    ),
    Line(
        "A206",
        "a month before the first of April",
        lambda: mill(change_accreditation(clean(), KOUSEI.id, until=YEAR_START), until=YEAR_START),
        days("2017-02-28", "2017-04-02"),
        days("2017-03-01", "2017-04-01"),
        as_of=True,
    ),
    *(
        Line("D901", f"five years from {issued}", notice_gone(day(issued)), days(after), days(last), as_of=True)
        for issued, last, after in [
            ("2014-06-27", "2019-06-27", "2019-06-28"),
            ("2014-03-31", "2019-03-31", "2019-04-01"),
            ("2014-04-01", "2019-04-01", "2019-04-02"),
            ("2016-02-28", "2021-02-28", "2021-03-01"),
            ("2016-02-29", "2021-02-28", "2021-03-01"),
            ("2016-03-01", "2021-03-01", "2021-03-02"),
            ("2015-02-28", "2020-02-29", "2020-03-01"),
            ("2015-03-01", "2020-03-01", "2020-03-02"),
        ]
    ),
    Line("H311", "plan's last day", under_a_plan, days("2014-06-20", "2014-06-21"), days("2014-06-19")),
    Line("H311", "plan's first day", plan_from, days("2014-05-26", "2014-05-27"), days("2014-05-28")),
    Line("H312", "last day", lambda d: notice_for(until=d), days("2014-06-20", "2014-06-21"), days("2014-06-19")),
    Line("H312", "first day", notice_for, days("2014-05-26", "2014-05-27"), days("2014-05-28")),
    Line("H317", "days before felling", filed, (30, 31, 89, 90), (29, 91)),
    Line("H317", "in a protection forest", lambda n: filed(n, protection()), (20, 21, 89, 90), (19, 91)),
    Line("H318", "known on the day", protected_by_paper_of, days("2014-06-28"), days("2014-06-27", "2014-06-26")),
    Line(
        "P503",
        "the same day",
        lambda d: change(clean(), "f-1", date=d),
        days("2014-11-18", "2014-11-19"),
        days("2014-11-20"),
    ),
    Line("P508", "before, in the order", cancelled_on, days("2014-11-19", "2014-11-20"), days("2014-11-18")),
    Line("P511", "after, in the order", cancelled_on, days("2014-11-18"), days("2014-11-19", "2014-11-20")),
    Line(
        "F954",
        "the fiscal year is over on its last day",
        booked_and_planned,
        days("2015-03-30"),
        days("2015-03-31", "2015-04-01"),
        as_of=True,
    ),
    Line(
        "F954",
        "the fiscal year of a month",
        burned_in,
        days("2014-03-01", "2015-04-01"),
        days("2014-04-01", "2015-03-01"),
    ),
    Line(
        "F952",
        "a month is over on its last day, which is the 29th",
        gap_in_the_book,
        days("2016-02-28"),
        days("2016-02-29", "2016-03-01"),
        as_of=True,
    ),
    Line("Q607", "counted at the day's end", counted_on, days("2014-11-19", "2014-11-20"), days("2014-11-18")),
    Line("Q607", "opened at the day's beginning", opened_on, days("2014-06-27", "2014-06-26"), days("2014-06-28")),
]


# amounts


def drawing(quantity: Quantity, out: Quantity | None = None, book: Casebook | None = None) -> Casebook:
    """The chips (30 t at 42 %) draw so much."""
    return change(book or clean(), "p-1", draws=(Draw("f-1", quantity),), quantity=out or PROCESSING.quantity)


def by_weight(out: Quantity, drawn: Quantity | None = None) -> Casebook:
    """Logs of 60 t at 42 %, of which 30 t are drawn: nothing is converted."""
    logs = change(clean(), "f-1", quantity=tonnes(60))
    return change(drawing(drawn or tonnes(30), out, logs), "d-1", quantity=replace(out, moisture=None))


def delivered(quantity: Quantity, **changes: Any) -> Casebook:
    """So much arrives on the certificate for 30 t."""
    return change(change(clean(), "p-1", **changes), "d-1", quantity=quantity)


def second_truck(amount: int) -> Casebook:
    """After a truck of 20 t."""
    book = change(clean(), "d-1", quantity=grams(20_000_000, None))
    return copy(book, "d-1", "d-2", time="11:00", quantity=grams(amount, None))


def traded(quantity: Quantity) -> Casebook:
    """A trader buys the chips, 30 t at 42 %, and hands on so much."""
    book = remove(change(clean(), "p-1", buyer=HEIWA.id), "d-1")
    sold = {"seller": HEIWA.id, "accreditation_number": "長木-056", "buyer": PLANT.id, "process": Process.TRADING}
    return copy(book, "p-1", "p-2", **sold, quantity=quantity, draws=(Draw("p-1", tonnes(30)),))


def logs_arrive(quantity: Quantity) -> Casebook:
    """Logs certified as 100 m³ of sugi, 45,454,545.45 bone-dry g at most."""
    return change(logs_direct(), "d-1", quantity=quantity)


def certified(quantity: Quantity, **changes: Any) -> Casebook:
    """Logs on a notice for 100 m³ from 23.6110 ha."""
    return change(clean(), "f-1", quantity=quantity, **changes)


def mixed_of(parts: int) -> Casebook:
    """Half of each class is drawn, and so many 1/10,000 are certified as thinned."""
    names = ("form", "origins", "seller", "accreditation_number", "goods", "process", "statements")
    chips = {name: getattr(PROCESSING, name) for name in names}
    book = change(change(residues(), "f-1", buyer=OTSU.id), "f-2", buyer=OTSU.id)
    shares = (Share(FuelClass.THINNED, parts), Share(FuelClass.GENERAL, 10_000 - parts))
    draws = (Draw("f-1", m3(20)), Draw("f-2", m3(20)))
    book = change(book, "p-1", **chips, fuel_class=FuelClass.GENERAL, draws=draws, mixed=Mixed(PLANT.id, shares))
    return add(remove(book, "d-1"), DELIVERY)


def out_of_the_yard(stock: Quantity) -> Casebook:
    """30 t of chips at 42 %, 17.4 bone-dry t, leave a yard in which so much lay at the beginning."""
    book = change(change(clean(), "p-1", from_site=YARD.id), "f-1", buyer=HEIWA.id)
    return with_books(book, YARD, opening(stock))


def burned_of_it(quantity: Quantity) -> Casebook:
    """The plant took in 30 t at 42 %, and burned so much."""
    return with_books(clean(), burned(quantity))


def burned_of_plan(quantity: Quantity) -> Casebook:
    """40 bone-dry t were planned; the year is over."""
    stock = replace(opening(tonnes(100, 0)), site=BUNKER.id)
    used = burned(quantity, date(2015, 3, 1))
    return with_books(clean(), BUNKER, stock, used, planned(tonnes(40, 0)))


AMOUNTS = [
    Line("Q601", "all of it", drawing, (cm3(99_999_999), m3(100)), (cm3(100_000_001),)),
    Line("Q601", "5 % on delivery", delivered, (grams(31_499_999), grams(31_500_000)), (grams(31_500_001),)),
    Line("Q601", "5 % with the truck before", second_truck, (11_499_999, 11_500_000), (11_500_001,)),
    Line("Q602", "3 % by weight", by_weight, (grams(30_899_999), grams(30_900_000)), (grams(30_900_001),)),
    Line("Q602", "3 % in trade", traded, (grams(30_899_999), grams(30_900_000)), (grams(30_900_001),)),
    Line("Q602", "5 points and 3 % drier in trade", traded, (grams(30_000_000, 3_526),), (grams(30_000_000, 3_525),)),
    Line("Q603", "two fifths", lambda q: drawing(q), (cm3(95_699_999), cm3(95_700_000)), (cm3(95_700_001),)),
    Line("Q603", "3 % above all of it", traded, (grams(30_000_000, 4_026),), (grams(30_000_000, 4_025),)),
    Line(
        "Q606",
        "95 % on a paper for one load",
        lambda q: delivered(q, vehicle="28-58"),
        (grams(28_500_000, None), grams(28_500_001, None)),
        (grams(28_499_999, None),),
    ),
    Line(
        "Q606",
        "5 % above what no factor explains",
        logs_arrive,
        (grams(47_727_272, 0), grams(47_727_273, 0)),
        (grams(47_727_274, 0),),
    ),
    Line("Q606", "5 % drier", delivered, (grams(30_000_000, 3_910),), (grams(30_000_000, 3_909),)),
    Line(
        "Q607",
        "all that lies there",
        out_of_the_yard,
        (grams(30_000_001), grams(30_000_000), grams(17_400_000, 0)),
        (grams(17_399_999, 0),),
    ),
    Line(
        "H314",
        "10 % above the document",
        certified,
        (m3(100), cm3(109_999_999), m3(110)),
        (cm3(110_000_001),),
    ),
    Line(
        "H313",
        "half a step of each paper",
        lambda area: certified(m3(100), area=area),
        (236_110, 236_160),
        (236_161,),
    ),
    Line("H305", "35 %", lambda rate: change_felling(clean(), "doc-1", rate=rate), (3_499, 3_500), (3_501,)),
    Line(
        "H306",
        "about five years",
        lambda years: change_felling(clean(), "doc-1", canopy_closed_before=True, closes_again_in_years=years),
        (0, 4, 5),
        (6,),
    ),
    Line("G702", "3 % above what was drawn", mixed_of, (0, 5_000, 5_299, 5_300), (5_301,)),
    Line("F951", "all that came in", burned_of_it, (grams(29_999_999), grams(30_000_000)), (grams(30_000_002),)),
    Line(
        "F954",
        "10 % off the plan",
        burned_of_plan,
        (grams(36_000_000, 0), grams(44_000_000, 0)),
        (grams(35_999_999, 0), grams(44_000_001, 0)),
    ),
]
LINES = [*DAYS, *AMOUNTS]


def named(line: Line) -> str:
    """A line's name in the list of tests."""
    return f"{line.code} {line.what}"


@pytest.mark.parametrize("line", LINES, ids=named)
def test_on_its_line_and_next_to_it(line: Line) -> None:
    assert [value for value in line.silent if line.told(value)] == []
    assert [value for value in line.fires if not line.told(value)] == []


@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("2012-02-28", "2015-02-27"),
        ("2012-02-29", "2015-02-28"),
        ("2012-03-01", "2015-02-28"),
        ("2012-04-01", "2015-03-31"),
    ],
)
def test_an_accreditation_of_which_no_end_is_stated_is_in_force_for_three_years(start: str, last: str) -> None:
    book = mill(start=day(start), until=None)
    assert not said(chips_on(day(last), book), "A203")
    assert not unsaid(chips_on(day(last), book), "A203")
    assert [u.record for u in unsaid(chips_on(day(last) + timedelta(days=1), book), "A203")] == ["p-1"]


# the ends of what can be written


LARGEST = {
    "m³": (Quantity(MAX_INT, Unit.M3), Quantity(MAX_INT, Unit.M3)),
    "t": (grams(MAX_INT), grams(MAX_INT)),
    "t without a moisture": (grams(MAX_INT, None), grams(MAX_INT, None)),
    "nothing but water": (grams(MAX_INT, 10_000), grams(MAX_INT, 10_000)),
    "nothing but wood": (grams(MAX_INT, 0), grams(MAX_INT, 0)),
}
SMALLEST = {name: (replace(one, amount=1), replace(one, amount=1)) for name, (one, _) in LARGEST.items()}
ALIKE = {**{f"{n}, most": q for n, q in LARGEST.items()}, **{f"{n}, least": q for n, q in SMALLEST.items()}}


def handed_on(first: Quantity, then: Quantity) -> Casebook:
    """Logs, traded on whole, and delivered whole."""
    book = change_felling(change(clean(), "f-1", quantity=first), "doc-1", volume=None)
    book = change(book, "p-1", quantity=then, draws=(Draw("f-1", first),), process=Process.TRADING)
    return change(book, "d-1", quantity=then)


@pytest.mark.parametrize("name", ALIKE)
def test_the_largest_and_the_smallest_amount_go_through_unharmed(name: str) -> None:
    book = handed_on(*ALIKE[name])
    assert {"Q601", "Q602", "Q606"}.isdisjoint(f.code for j in judged(book).values() for f in j.findings)
    lot = lot_of(book)
    assert lot.clean
    assert lot.by_class is not None
    assert sum(lot.by_class.values()) == lot.dry_grams


@pytest.mark.parametrize("name", SMALLEST)
def test_one_more_than_the_smallest_amount_is_twice_as_much(name: str) -> None:
    one, _ = SMALLEST[name]
    two = replace(one, amount=2)
    (found,) = said(change(handed_on(one, one), "p-1", draws=(Draw("f-1", two),)), "Q601")
    assert found.excess == Fraction(1, 2)


@pytest.mark.parametrize("name", LARGEST)
def test_amounts_beyond_any_forest_still_add_up(name: str) -> None:
    """Twice the largest amount: of the second delivery nothing is covered."""
    whole, _ = LARGEST[name]
    book = copy(handed_on(whole, whole), "d-1", "d-2", time="11:00")
    (found,) = said(book, "Q601")
    assert (found.record, found.excess) == ("d-2", Fraction(1))
    assert lot_of(book, "d-2").confirmed is FuelClass.CONSTRUCTION_WASTE
