"""Reports add up: a book to the gram, a year to its months, parts to their whole, whatever moved."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from biotrace.documents.report_papers.report import Kind
from biotrace.model.casebook import Casebook
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS, Unit
from biotrace.model.rounding import rounded, rounded_parts
from biotrace.services.report_basis import BY_WEIGHT, Basis
from biotrace.services.report_fuel import fuel_year
from biotrace.services.report_material import Material
from biotrace.services.report_ratio import ratio_book
from biotrace.services.report_stock import stock_book
from biotrace.services.report_yearly import Sender, form, yearly_report
from biotrace.verify.biomass_ratio import Burned, shares
from biotrace.verify.case import case_of_casebook
from biotrace.verify.handled import CERTIFIED, IN, OUT, handled_in
from biotrace.verify.movements import Move, movements
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.running_stock import running_stock
from biotrace.verify.span import Span, fiscal_span
from tests.casebooks import OTSU, PLANT
from tests.property.test_stock_conserved import DAYS, yards

AMOUNTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=8)


def material(book: Casebook, party: str) -> Material:
    """The book as a report's material."""
    case = case_of_casebook(book)
    return Material(case, case.parties[party], RINYA_2012, {}, {})


@given(yards(), DAYS, st.integers(0, 400), st.sampled_from([OTSU.id, PLANT.id]))
def test_opening_and_in_less_out_is_closing(book: Casebook, start: date, days: int, party: str) -> None:
    lines = movements(case_of_casebook(book), party, RINYA_2012)
    span = Span(start, start + timedelta(days=days))
    for account in running_stock(lines, span):
        assert account.opening + account.into - account.out + account.adjusted == account.closing
        balance = account.opening
        for line in account.lines:
            balance += line.into - line.out + line.adjusted
            assert line.balance == balance
            assert line.movement.day in span
        assert {m.quantity.unit for m in account.not_counted} <= {Unit.M3_STACKED}


@given(yards(), DAYS)
def test_one_book_goes_on_where_the_last_one_ended(book: Casebook, cut: date) -> None:
    lines = movements(case_of_casebook(book), OTSU.id, RINYA_2012)
    before = running_stock(lines, Span(date(2014, 4, 1), cut))
    after = running_stock(lines, Span(cut + timedelta(days=1), date(2016, 12, 31)))
    whole = running_stock(lines, Span(date(2014, 4, 1), date(2016, 12, 31)))
    closing = {(a.site, a.fuel_class): a.closing for a in before}
    # What begins on that day, with an opening stock, opens with it, and is in no book before.
    begun = {(a.site, a.fuel_class) for a in after if a.lines and a.lines[0].movement.move is Move.OPENING}
    begun -= {(line.site, line.fuel_class) for line in lines if line.day <= cut}
    opened = {(a.site, a.fuel_class): a.opening for a in after if (a.site, a.fuel_class) not in begun}
    assert {k: v for k, v in opened.items() if v} == {k: v for k, v in closing.items() if v}
    at_the_end = {(a.site, a.fuel_class): a.closing for a in after if a.closing}
    assert at_the_end == {(a.site, a.fuel_class): a.closing for a in whole if a.closing}
    assert sum(len(a.lines) for a in (*before, *after)) == sum(len(a.lines) for a in whole)


@given(yards())
def test_every_record_that_moves_wood_is_in_the_book(book: Casebook) -> None:
    lines = movements(case_of_casebook(book), OTSU.id, RINYA_2012)
    wanted = {c.id for c in book.certificates} | {b.id for b in case_of_casebook(book).bookings if b.party == OTSU.id}
    assert {line.record for line in lines} == wanted
    grams = {c: sum(line.grams or 0 for line in lines if line.fuel_class is c) for c in FuelClass}
    assert all(total >= 0 for total in grams.values())


@given(yards())
def test_a_year_is_the_sum_of_its_months_and_a_total_of_its_parts(book: Casebook) -> None:
    found = material(book, OTSU.id)
    for year in (2013, 2014, 2015):
        handled = handled_in(found.trades, OTSU.id, fiscal_span(year), RINYA_2012)
        counted = [e for e in handled.entries if e.cm3 is not None]
        for side in (IN, OUT):
            of_classes = [handled.volume(side, c) for c in (*CERTIFIED, None)]
            assert handled.total(side) == sum(of_classes) == sum(e.cm3 or 0 for e in counted if e.side is side)
            assert handled.total(side) == sum(handled.total(side, month) for month in handled.span.months)
        _printed_sums_hold(found, year)


def _printed_sums_hold(found: Material, year: int) -> None:
    report = yearly_report(found, year)
    *months, last = report.tables[0].rows
    columns = list(zip(*months, strict=True))[1:]
    assert [sum(int(str(cell)) for cell in column) for column in columns] == list(last[1:])
    for row in report.tables[0].rows:
        numbers = [int(str(cell)) for cell in row[1:]]
        assert sum(numbers[:3]) == numbers[3]
        assert sum(numbers[4:7]) == numbers[7]
        assert all(number >= 0 and number % Kind.M3.step == 0 for number in numbers)
    filled = form(found, year, Sender())
    assert (filled.total.logs_in, filled.total.chips_out) == (last[4], last[8])
    assert (filled.thinned.logs_in, filled.general.chips_out) == (last[1], last[6])


@given(yards())
def test_reports_of_a_plant_add_up(book: Casebook) -> None:
    found = material(book, PLANT.id)
    book_of = ratio_book(found, Span(date(2014, 4, 1), date(2015, 6, 30)))
    for month in {line["month"] for line in book_of.data["months"]}:
        ratios = [x["ratio"]["worked_out"] for x in book_of.data["months"] if x["month"] == month and x["burned"]]
        assert None in ratios or not ratios or sum(ratios) == PARTS
    for line in book_of.data["months"]:
        assert sum(line["in"]["confirmed"].values()) == line["in"]["bone_dry"]
    by_fuel = fuel_year(found, 2014).data["fuels"]
    for fuel in by_fuel:
        assert sum(s["as_received"] for s in fuel["suppliers"]) == fuel["as_received"]
        assert sum(s["bone_dry"] for s in fuel["suppliers"]) == fuel["bone_dry"] == sum(fuel["confirmed"].values())
        assert sum(s["deliveries"] for s in fuel["suppliers"]) == fuel["deliveries"]
    stock = stock_book(found, Span(date(2014, 4, 1), date(2016, 3, 31)))
    assert [a["closing"] for a in stock.data["accounts"]] == [r[-1] for r in stock.tables[0].rows[:-1]]


@given(AMOUNTS, st.sampled_from([1, 7, 1_000, 100_000]))
def test_parts_are_rounded_to_a_whole(parts: list[int], step: int) -> None:
    found = rounded_parts(parts, step)
    assert sum(found) == rounded(sum(parts), step)
    assert all(part % step == 0 and abs(part - exact) < step for part, exact in zip(found, parts, strict=True))


@given(st.dictionaries(st.sampled_from(FuelClass), st.integers(0, 10**12), min_size=1))
def test_shares_are_a_whole(weights: dict[FuelClass, int]) -> None:
    found = shares(weights)
    assert (found is None) == (not sum(weights.values()))
    assert found is None or sum(found.values()) == PARTS


@given(
    st.dictionaries(st.sampled_from(FuelClass), st.integers(1, 10**9), min_size=1),
    st.decimals("0.001", 9_999, places=3),
)
def test_the_same_kwh_from_every_tonne_changes_no_share(grams: dict[FuelClass, int], kwh: Decimal) -> None:
    month = [Burned(date(2014, 11, 1), c, (), g, None, (), ()) for c, g in grams.items()]
    by_kwh = Basis(dict.fromkeys(FuelClass, kwh), {}).weights(month)
    assert shares(by_kwh) == shares(BY_WEIGHT.weights(month)) == shares(grams)
