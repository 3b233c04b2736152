"""Rules of plants and accrediting bodies: F951, F952, F954, F955 and A207."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Form, Mixed, Share
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Consumption, Plan, Site, StockEntry
from biotrace.verify.case import case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import LOT_RULES, NOT_RUN, RULES, WHY_NOT_RUN, not_run
from biotrace.verify.verdict import judge
from tests.books import (
    BUNKER,
    GENERAL,
    THINNED,
    burned,
    folded,
    has_passed,
    not_about_it,
    opening,
    planned,
    said,
    shares,
    stocktake,
    unsaid,
    with_books,
)
from tests.casebooks import (
    BODY,
    DELIVERY,
    KOUSEI,
    OTHER_BODY,
    OTHER_PLANT,
    OTSU,
    PLANT,
    accredited,
    change,
    change_accreditation,
    clean,
    copy,
    m3,
    remove,
    tonnes,
    verdict_of,
)

OCTOBER, NOVEMBER, DECEMBER = date(2014, 10, 1), date(2014, 11, 1), date(2014, 12, 1)
WASTE = FuelClass.CONSTRUCTION_WASTE
BURNED = "burned:plant-8:2014-11:thinned"


def with_lines(*lines: Site | StockEntry | Consumption | Plan) -> Casebook:
    """The clean story, in which the plant accepts 30 t (17.4 t bone-dry) in November, and its books."""
    return with_books(clean(), *lines)


def test_f951_needs_a_book_of_what_was_burned() -> None:
    assert not_about_it(clean(), "F951")
    assert not_about_it(with_lines(BUNKER, planned(tonnes(30))), "F951")


def test_f951_no_more_than_was_accepted() -> None:
    book = with_lines(burned(tonnes(30)))
    assert has_passed(book, "F951")
    assert verdict_of(book).clean


def test_f951_what_lies_above_has_no_source() -> None:
    book = with_lines(burned(tonnes(40)))
    assert shares(book, "F951") == [(BURNED, Fraction(1, 4))]
    (finding,) = said(book, "F951")
    assert finding.effect is Effect.UNPROVEN
    assert "使用 23.200 t (全乾)、受入れと在庫は最大 17.400 t (全乾)" in finding.found.ja
    assert "23.200 bone-dry t burned, at most 17.400 bone-dry t brought in" in finding.found.en


def test_f951_reaches_no_lot_but_the_verdict() -> None:
    verdict = verdict_of(with_lines(burned(tonnes(40))))
    assert all(lot.clean for lot in verdict.lots)
    assert not verdict.clean
    assert [f.code for f in dict(verdict.records)[BURNED]] == ["F951"]
    assert "F951" not in verdict.books.passed


def test_f951_of_each_class() -> None:
    book = with_lines(burned(tonnes(20)), burned(tonnes(5), fuel_class=GENERAL))
    assert shares(book, "F951") == [("burned:plant-8:2014-11:general", Fraction(1))]


def test_f951_the_later_month_exceeds() -> None:
    book = with_lines(burned(tonnes(10), DECEMBER), burned(tonnes(25)))
    assert shares(book, "F951") == [("burned:plant-8:2014-12:thinned", Fraction(1, 2))]


def test_f951_not_what_comes_in_the_month_after() -> None:
    book = with_lines(burned(tonnes(10), OCTOBER))
    assert shares(book, "F951") == [("burned:plant-8:2014-10:thinned", Fraction(1))]


def test_f951_stock_of_the_plant_counts() -> None:
    at_plant = replace(opening(tonnes(10)), site=BUNKER.id)
    assert has_passed(with_lines(BUNKER, at_plant, burned(tonnes(40))), "F951")
    assert shares(with_lines(BUNKER, at_plant, burned(tonnes(50))), "F951") == [(BURNED, Fraction(1, 5))]


def test_f951_of_several_bunkers_together() -> None:
    other = Site("bunker-2", PLANT.id)
    stocks = (replace(opening(tonnes(5)), site=site.id) for site in (BUNKER, other))
    assert has_passed(with_lines(BUNKER, other, *stocks, burned(tonnes(40))), "F951")


def test_f951_a_stocktake_takes_the_place_of_the_book() -> None:
    counted = replace(stocktake(tonnes(4), date(2014, 11, 30)), site=BUNKER.id)
    book = with_lines(BUNKER, counted, burned(tonnes(20)), burned(tonnes(8), DECEMBER))
    assert shares(book, "F951") == [("burned:plant-8:2014-12:thinned", Fraction(1, 2))]


def test_f951_a_month_before_the_last_count_is_open() -> None:
    counted = replace(stocktake(tonnes(4), date(2014, 11, 10)), site=BUNKER.id)
    case = case_of_casebook(with_lines(BUNKER, counted, burned(tonnes(8), OCTOBER)))
    booked = [replace(b, order=b.order + 1_000) for b in case.bookings]
    found = fold(replace(case, bookings=tuple(booked)), RULES, RINYA_2012)
    (left_open,) = [u for j in found.books.values() for u in j.unchecked if u.code == "F951"]
    assert left_open.decisive


def test_f951_a_certificate_that_no_delivery_cites_is_a_lot_too() -> None:
    book = remove(with_lines(burned(tonnes(40))), "d-1")
    assert shares(book, "F951") == [(BURNED, Fraction(1, 4))]
    assert has_passed(remove(with_lines(burned(tonnes(30))), "d-1"), "F951")


@pytest.mark.parametrize(("loads", "excess"), [((10,), Fraction(2, 3)), ((10, 20), None), ((10, 10), Fraction(1, 3))])
def test_f951_deliveries_take_the_place_of_their_certificate(loads: tuple[int, ...], excess: Fraction | None) -> None:
    deliveries = tuple(replace(DELIVERY, id=f"d-{n}", quantity=tonnes(load)) for n, load in enumerate(loads))
    book = replace(with_lines(burned(tonnes(30))), deliveries=deliveries)
    assert shares(book, "F951") == ([] if excess is None else [(BURNED, excess)])


def test_f951_lots_count_as_what_they_were_accepted_as() -> None:
    unproven = change(with_lines(burned(tonnes(30))), "f-1", documents=())
    assert has_passed(unproven, "F951")
    claimed = change(with_lines(burned(tonnes(30))), "d-1", fuel_class=GENERAL)
    assert shares(claimed, "F951") == [(BURNED, Fraction(1))]


def test_f951_an_exempt_lot_counts_by_its_shares() -> None:
    mixed = Mixed(PLANT.id, (Share(THINNED, 7_000), Share(GENERAL, 3_000)))
    book = change(clean(), "p-1", mixed=mixed, fuel_class=GENERAL, form=Form.F2_4)
    both = with_books(book, burned(tonnes(21)), burned(tonnes(9), fuel_class=GENERAL))
    assert has_passed(both, "F951")
    more = with_books(book, burned(tonnes(22)), burned(tonnes(9), fuel_class=GENERAL))
    assert [record for record, _ in shares(more, "F951")] == [BURNED]


def test_f951_what_went_to_another_plant_was_not_burned_here() -> None:
    book = change(change(with_lines(burned(tonnes(30))), "d-1", at=OTHER_PLANT.id), "p-1", buyer=OTHER_PLANT.id)
    assert shares(book, "F951") == [(BURNED, Fraction(1))]


def test_f951_stacked_wood_burned_counts_as_the_least_that_it_can_be() -> None:
    assert has_passed(with_lines(burned(m3(10, Unit.M3_STACKED))), "F951")
    assert said(with_lines(burned(m3(1_000, Unit.M3_STACKED))), "F951")


def test_f952_every_month_has_its_ratio() -> None:
    assert not_about_it(clean(), "F952")
    assert has_passed(with_lines(burned(tonnes(10)), burned(tonnes(10), DECEMBER)), "F952")


def test_f952_an_entry_without_a_ratio() -> None:
    book = with_lines(burned(tonnes(10), ratio=None))
    (finding,) = said(book, "F952")
    assert (finding.record, finding.effect) == (BURNED, Effect.NOTICE)
    assert "2014-11" in finding.found.en
    assert verdict_of(book).clean


def test_f952_months_without_an_entry() -> None:
    book = with_lines(burned(tonnes(5), date(2014, 9, 1)), burned(tonnes(5), DECEMBER))
    (finding,) = said(book, "F952")
    assert (finding.record, finding.found.ja) == (PLANT.id, "記帳のない月: 2014-10、2014-11")


def test_f952_up_to_the_last_activity_as_far_as_the_month_is_over() -> None:
    book = with_lines(burned(tonnes(5), date(2014, 9, 1)))
    assert [f.found.en for f in said(book, "F952")] == ["no entry for 2014-10"]  # d-1 came on 2014-11-19
    later = copy(book, "d-1", "d-2", date=date(2014, 11, 30))
    assert [f.found.en for f in said(later, "F952")] == ["no entry for 2014-10, 2014-11"]
    without_lots = remove(remove(book, "d-1"), "p-1")
    assert has_passed(without_lots, "F952")


def test_f952_many_months_are_told_in_short() -> None:
    book = with_lines(burned(tonnes(5), date(2013, 1, 1)), burned(tonnes(5)))
    (finding,) = said(book, "F952")
    assert finding.found.ja.endswith("2013-07、ほか15か月")
    assert finding.found.en.endswith("2013-07 and 15 more")


YEARS_END = date(2015, 3, 1)


@pytest.mark.parametrize(("plan", "fires"), [(33, False), (34, True), (28, False), (27, True)])
def test_f954_a_tenth_either_way(plan: int, fires: bool) -> None:
    book = with_lines(burned(tonnes(30), YEARS_END), planned(tonnes(plan)))
    assert bool(said(book, "F954")) is fires
    assert has_passed(book, "F954") is not fires


def test_f954_is_a_notice_on_the_plan() -> None:
    (finding,) = said(with_lines(burned(tonnes(10), YEARS_END), planned(tonnes(40, 0))), "F954")
    assert (finding.record, finding.effect) == ("plan:plant-8:2014:thinned", Effect.NOTICE)
    assert finding.found.en == "fiscal year 2014: 5.8 t used, 40.0 t planned (both bone-dry)"


def test_f954_says_where_moisture_was_assumed() -> None:
    (finding,) = said(with_lines(burned(tonnes(10), YEARS_END), planned(tonnes(40, None))), "F954")
    assert "24.0 t planned" in finding.found.en
    assert "by default" in finding.found.en


def test_f954_too_little_shows_when_the_year_is_over_too_much_before() -> None:
    little, much = (with_lines(burned(tonnes(used)), planned(tonnes(20))) for used in (10, 30))
    assert [u.decisive for u in unsaid(little, "F954")] == [False]
    assert said(much, "F954")
    over = with_books(little, burned(tonnes(1), YEARS_END))
    assert said(over, "F954")


def test_f954_of_the_fiscal_year() -> None:
    parts = (burned(tonnes(10), date(2014, 4, 1)), burned(tonnes(10), YEARS_END), burned(tonnes(99), date(2015, 4, 1)))
    assert has_passed(with_lines(*parts, planned(tonnes(20))), "F954")


def test_f954_a_planned_class_that_was_not_used_at_all() -> None:
    book = with_lines(burned(tonnes(20), YEARS_END), planned(tonnes(20)), planned(tonnes(5), fuel_class=GENERAL))
    assert [f.record for f in said(book, "F954")] == ["plan:plant-8:2014:general"]


def test_f954_the_last_plan_of_a_year_counts() -> None:
    assert has_passed(with_lines(burned(tonnes(20), YEARS_END), planned(tonnes(90)), planned(tonnes(20))), "F954")


def test_f954_needs_a_plan_and_a_book_of_that_year() -> None:
    assert not_about_it(with_lines(burned(tonnes(20))), "F954")
    assert not_about_it(with_lines(burned(tonnes(20)), planned(tonnes(20), 2013)), "F954")


def test_f954_a_quantity_without_a_factor_is_left_open() -> None:
    book = with_lines(burned(tonnes(20), YEARS_END), planned(m3(20, Unit.M3_STACKED)))
    assert [u.decisive for u in unsaid(book, "F954")] == [False]
    book = with_lines(burned(m3(20, Unit.M3_STACKED), YEARS_END), planned(tonnes(20)))
    assert [u.decisive for u in unsaid(book, "F954")] == [False]


def test_f955_a_class_that_the_plan_has() -> None:
    assert not_about_it(with_lines(burned(tonnes(20))), "F955")
    assert has_passed(with_lines(burned(tonnes(20)), planned(tonnes(90))), "F955")


def test_f955_a_class_that_the_plan_does_not_have() -> None:
    book = with_lines(burned(tonnes(3), fuel_class=WASTE), burned(tonnes(3)), planned(tonnes(90)))
    book = with_books(book, burned(tonnes(3), DECEMBER, fuel_class=WASTE))
    (finding,) = said(book, "F955")
    assert (finding.record, finding.effect) == ("burned:plant-8:2014-11:construction_waste", Effect.NOTICE)
    assert "construction waste" in finding.found.en


def test_f955_without_a_plan_for_the_year_is_left_open() -> None:
    book = with_lines(burned(tonnes(3)), planned(tonnes(90), 2013))
    assert [(u.record, u.decisive) for u in unsaid(book, "F955")] == [(BURNED, False)]


def test_f953_needs_a_record_that_no_log_has() -> None:
    assert "F953" in NOT_RUN
    assert WHY_NOT_RUN["F953"].en == "no yearly report in the records"


def inspected(*days: date) -> Casebook:
    """The clean story, in which kousei, of the body's two members there, was inspected."""
    book = replace(
        clean(), parties=tuple(p for p in clean().parties if p.id in (BODY.id, KOUSEI.id, OTSU.id, PLANT.id))
    )
    return change_accreditation(book, KOUSEI.id, inspected=days)


def test_a207_in_a_casebook_needs_a_word_of_any_inspection() -> None:
    assert not_about_it(inspected(), "A207")


def test_a207_names_who_was_never_inspected_and_their_share() -> None:
    (finding,) = said(inspected(NOVEMBER), "A207")
    assert (finding.record, finding.effect) == (BODY.id, Effect.NOTICE)
    assert finding.found.ja == "認定事業者 2 のうち 1（50％）: 乙チップ工業株式会社"
    assert finding.found.en == "1 of 2 accredited businesses (50 %): 乙チップ工業株式会社"


def test_a207_all_inspected() -> None:
    assert has_passed(change_accreditation(inspected(NOVEMBER), OTSU.id, inspected=(OCTOBER,)), "A207")


def test_a207_of_a_ledger_where_silence_means_never() -> None:
    case = replace(case_of_casebook(inspected()), integrity_checked=True)
    (finding,) = fold(case, RULES, RINYA_2012).books[BODY.id].findings
    assert finding.found.en.startswith("2 of 2 accredited businesses (100 %)")


def test_a207_counts_inspections_until_that_day_by_that_body() -> None:
    book = inspected(NOVEMBER)
    later = change_accreditation(book, OTSU.id, inspected=(DECEMBER,))
    assert said(later, "A207")
    by_another = (accredited("長木-034"), accredited("岐木-1", body=OTHER_BODY.id, inspected=(OCTOBER,)))
    twice = change(replace(book, parties=(*book.parties, OTHER_BODY)), OTSU.id, accreditations=by_another)
    assert [f.record for f in said(twice, "A207")] == [BODY.id]


@pytest.mark.parametrize("gone", [{"until": date(2014, 10, 31)}, {"revoked": OCTOBER}, {"start": DECEMBER}])
def test_a207_counts_who_is_accredited_on_that_day(gone: dict[str, date]) -> None:
    assert has_passed(change_accreditation(inspected(NOVEMBER), OTSU.id, **gone), "A207")


def test_a207_many_names_are_told_in_short() -> None:
    book = inspected(NOVEMBER)
    more = tuple(replace(OTSU, id=f"otsu-{n}", name=f"乙{n}") for n in range(6))
    (finding,) = said(replace(book, parties=(*book.parties, *more)), "A207")
    assert finding.found.en.endswith("乙3 and 2 more")
    assert finding.found.ja.endswith("乙3、ほか2")


def test_a_check_of_one_lot_says_what_it_leaves_to_an_audit() -> None:
    case = case_of_casebook(with_lines(burned(tonnes(40)), planned(tonnes(1))))
    verdict = judge(case, RINYA_2012, LOT_RULES)
    assert verdict.clean
    assert set(verdict.not_run) == {*NOT_RUN, *(r.code for r in RULES if r not in LOT_RULES)}
    assert {"A207", "Q607", "G703", "F951", "F952", "F954", "F955"} <= set(not_run(LOT_RULES))
    assert not_run(RULES) == NOT_RUN


def test_bookings_have_names_of_their_own() -> None:
    names = list(folded(with_lines(burned(tonnes(1)), burned(tonnes(1)), planned(Quantity(1, Unit.KG, 0)))).books)
    assert names == ["plan:plant-8:2014:thinned", BURNED, f"{BURNED}:2", PLANT.id]


def test_as_of_a_day_bookings_of_later_days_are_left_out() -> None:
    book = with_lines(burned(tonnes(40)), planned(tonnes(90), 2015))
    assert [b.id for b in case_of_casebook(book, date(2014, 11, 29)).bookings] == []
    assert [b.id for b in case_of_casebook(book, date(2014, 11, 30)).bookings] == [BURNED]
    assert case_of_casebook(book).today == date(2014, 11, 30)
    assert [b.value for b in case_of_casebook(book).bookings] == [*book.consumption, *book.plans]
