"""Rules of yards: Q607 and G703."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw, Form
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Site
from biotrace.verify.case import case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.fold import Fold, Folded, fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import LOT_RULES, RULES
from tests.books import (
    GENERAL,
    THINNED,
    YARD,
    folded,
    has_passed,
    not_about_it,
    opening,
    said,
    shares,
    stocktake,
    unsaid,
    with_books,
    withdrawal,
)
from tests.casebooks import HEIWA, KOUSEI, OTSU, change, clean, copy, correct, lot_of, m3, tonnes

MAY, JULY, DECEMBER = date(2014, 5, 1), date(2014, 7, 1), date(2014, 12, 1)
WASTE = FuelClass.CONSTRUCTION_WASTE


def yard(book: Casebook | None = None, *lines: object) -> Casebook:
    """The clean story: 100 m³ (at most 45.5 t bone-dry) into the yard, 30 t (17.4 t bone-dry) out of it."""
    story = change(change(book or clean(), "f-1", to_site=YARD.id), "p-1", from_site=YARD.id)
    return with_books(story, YARD, *lines)  # type: ignore[arg-type]  # lines of books


def stocked(quantity: Quantity, *lines: object) -> Casebook:
    """The yard with an opening stock only: nothing came in from f-1, which p-1 draws on."""
    book = change(yard(None, opening(quantity), *lines), "f-1", buyer=HEIWA.id, to_site=None)
    return change(book, "d-1", sender=None)


def test_q607_what_came_in_covers_what_goes_out() -> None:
    assert has_passed(yard(), "Q607")
    assert lot_of(yard()).clean


def test_q607_does_not_apply_without_a_yard() -> None:
    assert not_about_it(clean(), "Q607")
    assert not_about_it(change(clean(), "p-1", from_site="plant-8"), "Q607")


def test_q607_what_lies_above_the_stock_has_no_source() -> None:
    book = stocked(tonnes(20))  # 11.6 t bone-dry, 17.4 go out
    assert shares(book, "Q607") == [("p-1", Fraction(58, 174))]
    (finding,) = said(book, "Q607")
    assert finding.effect is Effect.UNPROVEN
    assert "出荷 17.400 t (全乾)、あり得る在庫は最大 11.600 t (全乾)" in finding.found.ja
    assert "17.400 bone-dry t out, at most 11.600 bone-dry t can be there" in finding.found.en


def test_q607_lowers_the_lot_by_the_excess() -> None:
    book = yard(None, stocktake(tonnes(10), date(2014, 7, 31)))
    lot = lot_of(book)
    assert "Q607" in lot.fired
    assert (lot.confirmed, lot.by_class) == (
        WASTE,
        {**dict.fromkeys(FuelClass, 0), THINNED: 5_800_000, WASTE: 11_600_000},
    )


@pytest.mark.parametrize(
    ("out", "fires"),
    [
        (Quantity(20_000_000, Unit.T), False),
        (Quantity(20_000_001, Unit.T), True),
        (Quantity(20_001_000, Unit.KG), True),
        (Quantity(30_000_000, Unit.T, 4_200), False),  # 17.4 t bone-dry: the rest may be rain
        (Quantity(36_000_000, Unit.T, 4_200), True),
    ],
)
def test_q607_tonnes_without_moisture_are_compared_as_they_are(out: Quantity, fires: bool) -> None:
    book = change(stocked(tonnes(20, None)), "p-1", quantity=out)
    assert bool(said(book, "Q607")) is fires


@pytest.mark.parametrize(("cubic", "fires"), [(12, False), (13, True)])
def test_q607_cubic_metres_are_compared_as_they_are(cubic: int, fires: bool) -> None:
    book = change(stocked(m3(12)), "p-1", quantity=m3(cubic))
    assert bool(said(book, "Q607")) is fires


def test_q607_logs_in_and_tonnes_without_moisture_out_count_at_the_wettest() -> None:
    book = change(yard(), "p-1", quantity=tonnes(151, None))  # at 70 %: 45.3 t, of the 45.45 t in 100 m³ of sugi
    assert not said(book, "Q607")
    assert said(change(book, "p-1", quantity=tonnes(152, None)), "Q607")


def test_q607_stacked_wood_out_counts_at_the_least_that_it_can_be() -> None:
    """50 stacked m³ are at least 4.1 bone-dry t of softwood."""
    book = change(stocked(tonnes(20)), "p-1", quantity=m3(50, Unit.M3_STACKED))
    assert not unsaid(book, "Q607")
    assert not said(book, "Q607")
    assert said(change(book, "p-1", quantity=m3(500, Unit.M3_STACKED)), "Q607")


def test_q607_a_withdrawal_takes_out_too() -> None:
    book = stocked(tonnes(40), withdrawal(tonnes(25), JULY))
    assert shares(book, "Q607") == [("p-1", Fraction(15, 30))]


def test_q607_a_withdrawal_beyond_the_stock_is_found_itself() -> None:
    book = with_books(clean(), YARD, opening(tonnes(10), MAY), withdrawal(tonnes(25), date(2014, 6, 1)))
    (finding,) = said(book, "Q607")
    assert finding.record == "withdrawal:otsu-1:2014-06-01:thinned"
    assert has_passed(with_books(clean(), YARD, opening(tonnes(25), MAY), withdrawal(tonnes(25), JULY)), "Q607")


def test_q607_the_later_one_exceeds() -> None:
    book = copy(stocked(tonnes(40)), "p-1", "p-2", date=date(2014, 11, 20))
    assert shares(book, "Q607") == [("p-2", Fraction(20, 30))]


def test_q607_what_was_never_there_is_not_made_good_by_what_comes_later() -> None:
    book = copy(stocked(tonnes(20)), "p-1", "p-2", date=DECEMBER)
    late = copy(book, "f-1", "f-2", buyer=OTSU.id, to_site=YARD.id, date=date(2014, 11, 20), quantity=tonnes(20))
    assert shares(late, "Q607") == [("p-1", Fraction(10, 30)), ("p-2", Fraction(10, 30))]


def test_q607_a_stocktake_takes_the_place_of_the_book() -> None:
    short = yard(None, stocktake(tonnes(10), date(2014, 7, 31)))
    assert shares(short, "Q607") == [("p-1", Fraction(20, 30))]
    assert has_passed(yard(None, stocktake(tonnes(30), date(2014, 7, 31))), "Q607")


def test_q607_a_stocktake_is_of_the_days_end_an_opening_of_its_beginning() -> None:
    day = date(2014, 11, 19)  # of p-1
    assert has_passed(yard(None, stocktake(tonnes(1), day)), "Q607")
    assert said(yard(None, opening(tonnes(1), day)), "Q607")


def test_q607_lines_of_one_count_add_up() -> None:
    assert has_passed(stocked(tonnes(15), opening(tonnes(15))), "Q607")
    assert has_passed(stocked(m3(30), opening(tonnes(10))), "Q607")


def test_q607_what_is_older_than_the_book_is_not_in_it() -> None:
    book = copy(stocked(tonnes(35)), "p-1", "p-0", date=date(2014, 3, 31))
    (left_open,) = unsaid(book, "Q607")
    assert (left_open.record, left_open.decisive) == ("p-0", False)
    assert not said(book, "Q607")


def late_booked(book: Casebook) -> Folded:
    """The book with all lines about yards booked after everything else, as a log may hold them."""
    case = case_of_casebook(book)
    late = replace(case, bookings=tuple(replace(b, order=b.order + 1_000) for b in case.bookings))
    return fold(late, RULES, RINYA_2012)


def test_q607_counts_are_taken_in_by_their_date_wherever_they_were_booked() -> None:
    book = stocked(tonnes(40), stocktake(tonnes(20), JULY))
    assert late_booked(book).judged["p-1"].findings == folded(book).judged["p-1"].findings
    assert shares(book, "Q607") == [("p-1", Fraction(10, 30))]


def test_q607_goes_on_from_the_state_of_an_earlier_run() -> None:
    book = copy(stocked(tonnes(40), stocktake(tonnes(20), JULY)), "p-1", "p-2", date=DECEMBER)
    case = case_of_casebook(book)
    first = Fold(replace(case, bookings=case.bookings[:1]), RULES, RINYA_2012)
    entries = list(case.entries)
    for entry in entries[:-2]:
        first.take(entry)
    again = Fold(case, RULES, RINYA_2012, first.state)
    found = [f for entry in entries[-2:] for f in again.take(entry).findings if f.code == "Q607"]
    # A count of July that is booked now bears on what was judged before: it is not taken in.
    assert [(f.record, f.excess) for f in found] == [("p-2", Fraction(20, 30))]


def test_q607_what_is_logged_after_a_count_but_older_is_in_it() -> None:
    case = case_of_casebook(copy(yard(None, stocktake(tonnes(30), JULY)), "f-1", "f-2", quantity=m3(900)))
    first, *rest = case.entries
    late = [replace(e, order=e.order + 1_000) for e in (*rest[1:], *rest[:1])]
    found = fold(replace(case, entries=(first, *late)), RULES, RINYA_2012)
    (account,) = (a for (party, site, _), a in found.state.accounts.items() if (party, site) == (OTSU.id, YARD.id))
    assert (account.dry, account.plain) == (0, 12_600_000)


def test_q607_wood_for_no_named_yard_may_lie_in_any() -> None:
    book = with_books(yard(), Site("otsu-2", OTSU.id))
    assert said(change(book, "p-1", from_site="otsu-2"), "Q607")
    anywhere = change(book, "f-1", to_site=None)
    assert has_passed(change(anywhere, "p-1", from_site="otsu-2"), "Q607")
    twice = copy(anywhere, "p-1", "p-2", from_site="otsu-2", quantity=tonnes(60), date=DECEMBER)
    assert shares(twice, "Q607") == [("p-2", 1 - Fraction(45_454_546 - 17_400_000, 34_800_000))]


def test_q607_wood_for_no_named_yard_lies_in_the_only_one() -> None:
    book = change(yard(None, stocktake(tonnes(10), date(2014, 7, 31))), "f-1", to_site=None)
    assert shares(book, "Q607") == [("p-1", Fraction(20, 30))]


def test_q607_goods_leave_as_what_came_in() -> None:
    book = change(yard(), "p-1", fuel_class=GENERAL, form=Form.F2_4)
    assert has_passed(book, "Q607")


def test_q607_splits_over_the_classes_drawn_on() -> None:
    book = copy(yard(), "f-1", "f-2", fuel_class=GENERAL, form=Form.F1_1, quantity=m3(10))
    book = change(book, "p-1", draws=(Draw("f-1", m3(10)), Draw("f-2", m3(30))))
    (found,) = said(book, "Q607")  # 3/4 of 17.4 t, of the 4.5 t in 10 m³
    assert found.excess is not None
    assert float(found.excess) == pytest.approx((13_050_000 - 4_545_455) / 17_400_000, abs=1e-6)
    assert "一般木質" in found.found.ja


def test_q607_of_classes_whose_shares_cannot_be_told_is_left_open() -> None:
    book = copy(yard(), "f-1", "f-2", fuel_class=GENERAL, form=Form.F1_1, quantity=m3(10, Unit.M3_STACKED))
    book = change(book, "p-1", draws=(Draw("f-1", m3(10)), Draw("f-2", m3(5, Unit.M3_STACKED))))
    (left_open,) = unsaid(book, "Q607")
    assert (left_open.record, left_open.decisive) == ("p-1", False)


@pytest.mark.parametrize("entry", ["f-1", "p-1"])
def test_q607_what_was_cancelled_moved_nothing(entry: str) -> None:
    book = correct(copy(yard(), "p-1", "p-2", date=DECEMBER, quantity=tonnes(60)), entry, Action.CANCEL, DECEMBER)
    fired = {record for record, _ in shares(book, "Q607")}
    assert fired == ({"p-1", "p-2"} if entry == "f-1" else set())


def test_q607_another_sellers_yard_is_not_emptied() -> None:
    book = copy(yard(None, opening(tonnes(30))), "p-1", "p-0", seller=HEIWA.id, date=JULY, quantity=tonnes(900))
    assert has_passed(book, "Q607")


def test_q607_another_buyers_wood_does_not_come_in() -> None:
    book = change(yard(), "f-1", buyer=HEIWA.id)
    assert shares(book, "Q607") == [("p-1", Fraction(1))]


def test_q607_what_was_felled_comes_from_where_it_grew() -> None:
    landing = Site("kousei-1", KOUSEI.id)
    assert not_about_it(with_books(change(clean(), "f-1", from_site=landing.id), landing), "Q607")


def test_q607_a_delivery_without_a_certificate_comes_in() -> None:
    book = change(yard(), "f-1", buyer=HEIWA.id, to_site=None)
    arrived = replace(book.deliveries[0], id="d-0", at=OTSU.id, sender=None, certificate=None, date=JULY)
    more = replace(book, deliveries=(replace(arrived, fuel_class=THINNED, quantity=tonnes(30)), *book.deliveries))
    assert has_passed(more, "Q607")
    assert said(book, "Q607")


def test_q607_a_delivery_under_its_certificate_comes_in_once() -> None:
    book = change(yard(), "f-1", quantity=m3(30))  # at most 13.6 t bone-dry
    arrived = replace(book.deliveries[0], id="d-0", at=OTSU.id, sender=KOUSEI.id, certificate="f-1", date=JULY)
    more = replace(book, deliveries=(replace(arrived, quantity=m3(30)), *book.deliveries))
    assert shares(more, "Q607") == shares(book, "Q607") != []


MIXED_IN = {"to_site": YARD.id, "form": Form.F1_1, "fuel_class": GENERAL, "date": JULY}


def mixed_yard(**changes: object) -> Casebook:
    """General logs go into the yard for thinned wood, before thinned chips leave it."""
    return copy(yard(), "f-1", "f-2", **{**MIXED_IN, **changes})


def test_g703_a_yard_for_one_class_that_takes_in_that_class() -> None:
    assert has_passed(yard(), "G703")
    assert not_about_it(with_books(yard(), Site("otsu-2", OTSU.id)), "G703") is False


def test_g703_does_not_apply_to_a_yard_for_anything() -> None:
    book = mixed_yard()
    assert not_about_it(replace(book, sites=(Site(YARD.id, OTSU.id),)), "G703")


def test_g703_what_leaves_a_mixed_yard_is_of_the_lower_class() -> None:
    book = mixed_yard()
    brought_in, left = said(book, "G703")
    assert (brought_in.record, brought_in.effect) == ("f-2", Effect.NOTICE)
    assert (left.record, left.effect) == ("p-1", Effect.GENERAL)
    assert "2014-07-01 にほかの区分が入り" in left.found.ja
    assert "(f-2)" in left.found.en
    assert lot_of(book).confirmed is GENERAL


def test_g703_of_waste_leaves_waste() -> None:
    book = mixed_yard(fuel_class=WASTE)
    assert [f.effect for f in said(book, "G703")] == [Effect.NOTICE, Effect.CONSTRUCTION_WASTE]
    assert lot_of(book).confirmed is WASTE


def test_g703_a_higher_class_lowers_nothing_that_claims_the_yards_own() -> None:
    book = replace(yard(), sites=(replace(YARD, fuel_class=GENERAL),))
    assert [(f.record, f.effect) for f in said(book, "G703")] == [("f-1", Effect.NOTICE), ("p-1", Effect.GENERAL)]
    own = change(book, "p-1", fuel_class=GENERAL, form=Form.F2_4)
    assert [(f.record, f.effect) for f in said(own, "G703")] == [("f-1", Effect.NOTICE)]


def test_g703_not_before_it_was_mixed() -> None:
    assert [f.record for f in said(mixed_yard(date=DECEMBER), "G703")] == ["f-2"]


def test_g703_until_the_yard_was_emptied() -> None:
    in_between = date(2014, 8, 1)
    emptied = with_books(
        mixed_yard(), withdrawal(m3(100), in_between), withdrawal(m3(100), in_between, fuel_class=GENERAL)
    )
    refilled = copy(emptied, "f-1", "f-3", date=date(2014, 9, 1), documents=("doc-1",))
    assert [f.record for f in said(refilled, "G703")] == ["f-2"]
    half = copy(with_books(mixed_yard(), withdrawal(m3(100), in_between)), "f-1", "f-3", date=date(2014, 9, 1))
    assert [f.record for f in said(half, "G703")] == ["f-2", "p-1"]


def test_g703_wood_that_names_no_yard_mixes_none() -> None:
    assert has_passed(mixed_yard(to_site=None), "G703")


def test_g703_wood_for_somebody_else_mixes_none() -> None:
    assert has_passed(mixed_yard(buyer=HEIWA.id), "G703")


def test_g703_stock_of_another_class_mixes_too() -> None:
    book = yard(None, opening(tonnes(5), fuel_class=GENERAL))
    assert [(f.record, f.effect) for f in said(book, "G703")] == [
        ("p-1", Effect.GENERAL),
        ("opening:otsu-1:2014-04-01:general", Effect.NOTICE),
    ]


def test_g703_what_was_cancelled_mixed_nothing() -> None:
    book = correct(mixed_yard(), "f-2", Action.CANCEL, DECEMBER)
    assert not said(book, "G703")


def test_a_check_of_one_lot_leaves_yards_alone() -> None:
    case = case_of_casebook(mixed_yard())
    found = fold(case, LOT_RULES, RINYA_2012)
    assert not {"Q607", "G703"} & {f.code for j in found.judged.values() for f in j.findings}
    assert not found.state.accounts
