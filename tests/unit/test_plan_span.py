"""Plans and use of all plants over any span: brought to a year as the audit did; and the audit's own 21 plants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from biotrace.documents.report_papers.report import Kind
from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.rounding import rounded
from biotrace.model.stock import Consumption, Plan
from biotrace.services.report_plan import plan_report
from biotrace.services.report_plan_audit import plants_of_audit
from biotrace.services.report_plans import plans_report
from biotrace.services.report_plans_tables import PlantsBy
from biotrace.services.report_supply import supply_report
from biotrace.services.report_whole import Whole, span_name
from biotrace.verify.case import case_of_casebook
from biotrace.verify.plan_span import PlanInSpan, plant_books
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.span import Span, fiscal_span
from biotrace.verify.tonnage import split
from tests.books import burned, planned, with_books
from tests.casebooks import PLANT, clean, m3, tonnes

THINNED, GENERAL = FuelClass.THINNED, FuelClass.GENERAL


def dry(grams: int) -> Quantity:
    """So many bone-dry grams."""
    return Quantity(grams, Unit.T, 0)


def whole_of(book: Casebook) -> Whole:
    """The book as the material of reports about everybody."""
    return Whole(case_of_casebook(book), RINYA_2012, {})


def line(book: Casebook, span: Span, fuel_class: FuelClass = THINNED) -> PlanInSpan:
    """The only plant's line of a class."""
    (found,) = plant_books(case_of_casebook(book), RINYA_2012)
    return next(x for x in found.within(span) if x.fuel_class is fuel_class)


def months(first: date, count: int, amount: int, **more: object) -> list[Consumption]:
    """The same burned in each of so many months."""
    days = [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(count)]
    return [burned(dry(amount), day, **more) for day in days]


def test_a_short_span_is_brought_to_a_year() -> None:
    book = with_books(clean(), planned(dry(1200)), *months(date(2014, 4, 1), 8, 50))
    found = line(book, fiscal_span(2014))
    assert found.compared.planned == 1200
    assert found.compared.months == 8
    assert found.compared.observed == 400
    assert found.compared.a_year == 600
    assert found.compared.difference == -600
    assert found.is_below
    assert found.planned == 800  # for the eight months observed


def test_over_two_fiscal_years_each_month_has_its_own_years_plan() -> None:
    book = with_books(clean(), planned(dry(1200)), planned(dry(2400), 2015), *months(date(2014, 12, 1), 12, 150))
    found = line(book, Span(date(2014, 12, 1), date(2015, 11, 30)))
    assert found.planned == 4 * 100 + 8 * 200
    assert found.compared.planned == 2000
    assert found.compared.observed == 1800
    assert found.compared.a_year == 1800
    assert len(found.plans) == 2


def test_more_than_a_year_is_brought_to_one_too() -> None:
    book = with_books(clean(), planned(dry(1200)), planned(dry(1200), 2015), *months(date(2014, 4, 1), 24, 100))
    found = line(book, Span(date(2014, 4, 1), date(2016, 3, 31)))
    assert found.compared.planned == 1200
    assert found.compared.months == 24
    assert found.compared.a_year == 1200
    assert found.planned == found.compared.observed == 2400


def test_a_class_left_out_of_a_plan_was_planned_as_0_and_no_plan_at_all_is_none() -> None:
    book = with_books(clean(), planned(dry(1200)), *months(date(2014, 4, 1), 12, 10, fuel_class=GENERAL))
    assert line(book, fiscal_span(2014), GENERAL).compared.planned == 0
    alone = with_books(clean(), *months(date(2014, 4, 1), 12, 10))
    assert line(alone, fiscal_span(2014)).compared.planned is None
    assert not line(alone, fiscal_span(2014)).is_below
    later = with_books(clean(), planned(dry(2400), 2015), *months(date(2014, 12, 1), 12, 150))
    found = line(later, Span(date(2014, 12, 1), date(2015, 11, 30)))  # no plan of the first four months
    assert found.planned == 1600
    assert found.compared.planned == 2400


def test_a_month_counts_by_its_first_day_and_what_nobody_booked_is_not_observed() -> None:
    book = with_books(clean(), planned(dry(1200)), *months(date(2014, 6, 1), 3, 100))
    assert line(book, Span(date(2014, 6, 2), date(2015, 3, 31))).compared.months == 2
    nothing = line(book, Span(date(2014, 10, 1), date(2015, 3, 31)))
    assert nothing.compared.months == 0
    assert nothing.compared.a_year is None
    assert nothing.planned == 600


def test_what_no_factor_tells_is_not_compared() -> None:
    book = with_books(clean(), planned(m3(10, Unit.M3_STACKED)), *months(date(2014, 4, 1), 2, 10))
    found = line(book, fiscal_span(2014))
    assert found.planned is None
    assert found.compared.planned is None
    assert found.compared.observed == 20
    assert plans_report(whole_of(book), None).attention


def test_a_year_of_one_plant_is_what_its_own_report_says() -> None:
    book = with_books(clean(), planned(tonnes(30)), burned(tonnes(12)), burned(tonnes(9), date(2014, 12, 1)))
    whole = whole_of(book)
    (own,) = plan_report(whole.of_party(PLANT.id), 2014).data["lines"]
    for span in (None, fiscal_span(2014)):
        (period,) = plans_report(whole, span).data["periods"]
        ((found,),) = [plant["classes"] for plant in period["plants"]]
        for figure in ("class", "planned", "observed", "months", "a_year", "difference"):
            assert found[figure] == own[figure]
        assert period["period"] == "2014"


def test_nothing_planned_and_nothing_burned_is_refused() -> None:
    with pytest.raises(UsageError):
        plans_report(whole_of(clean()), None)
    with pytest.raises(UsageError):
        plans_report(whole_of(with_books(clean(), planned(dry(1)))), fiscal_span(2020))


# the audit's 21 plants as a ledger

FUELS = {"thinned": THINNED, "general_domestic": GENERAL, "construction": FuelClass.CONSTRUCTION_WASTE}
"""The ledger knows no imported wood of its own class: general is domestic and imported together."""
FIRST = {12: date(2014, 12, 1), 1: date(2016, 1, 1), 2: date(2015, 12, 1)}
"""Where the observed months begin, by their number: to the end of November 2015 except for the latest plants."""


def printed(grams: int) -> int:
    """As the audit prints it, to 1,000 t: eight months of whole grams are not eight twelfths of that to the gram."""
    return rounded(grams, Kind.TEN_THOUSAND_T.step)


def audit_ledger() -> Casebook:
    """Each plant's plan for both fiscal years, and in each month observed a twelfth of what the audit prints."""
    book = Casebook()
    for plant in plants_of_audit():
        party = Party(f"plant-{plant.number}", f"No.{plant.number}", (Role.PLANT,), address="長野県〇〇市")
        book = replace(book, parties=(*book.parties, party))
        months_seen = plant.all_fuels.months
        begin = FIRST.get(months_seen) or date(2015, 12 - months_seen, 1)
        for fuel, fuel_class in FUELS.items():
            compared = plant.fuels[fuel]
            plan = (compared.planned or 0) + (plant.fuels["general_imported"].planned or 0) * (fuel_class is GENERAL)
            year = compared.a_year or Fraction(0)
            if fuel_class is GENERAL:
                year += plant.fuels["general_imported"].a_year or 0
            if plan:
                plans = [Plan(party.id, y, fuel_class, dry(plan)) for y in (2014, 2015)]
                book = with_books(book, *plans)
            if year:
                parts = split(round(year * months_seen / 12), [1] * months_seen)
                use = months(begin, months_seen, 1, plant=party.id, fuel_class=fuel_class, ratio=None)
                book = with_books(book, *(replace(u, quantity=dry(n)) for u, n in zip(use, parts, strict=True)))
    return book


def test_the_audits_plants_as_a_ledger_come_out_as_the_audit_has_them() -> None:
    span = Span(date(2014, 11, 1), date(2016, 1, 31))
    report = plans_report(whole_of(audit_ledger()), span, (PlantsBy.PREFECTURE, PlantsBy.BODY))
    (period,) = report.data["periods"]
    by_plant = {p["plant"]: {x["class"]: x for x in p["classes"]} for p in period["plants"]}
    below = []
    for plant in plants_of_audit():
        found = by_plant[f"plant-{plant.number}"]
        thinned = plant.fuels["thinned"]
        if "thinned" in found:
            assert found["thinned"]["planned"] == thinned.planned
            assert printed(found["thinned"]["a_year"] or 0) == thinned.a_year
            if thinned.a_year:
                assert found["thinned"]["months"] == thinned.months
        if (thinned.difference or 0) < 0:
            below.append(f"plant-{plant.number}")
    assert period["below_plan_in_thinned"] == below
    assert len(below) == 9
    assert "間伐材等由来が計画を下回る発電設備 9" in [t.title.ja for t in report.tables]
    sums = period["sums"]
    assert (sums["thinned"]["planned"], printed(sums["thinned"]["a_year"])) == (515 * 10**9, 512 * 10**9)
    assert (period["total"]["planned"], printed(period["total"]["a_year"])) == (1191 * 10**9, 1245 * 10**9)
    (nagano,) = period["groups"]["prefecture"]
    assert (nagano["id"], nagano["plants"], nagano["planned"]) == ("長野県", 21, 1191 * 10**9)
    assert [g["id"] for g in period["groups"]["body"]] == ["exempt"]


def test_the_months_observed_are_those_of_the_audits_table() -> None:
    """But for plant 21, whose year ends a month before the others' in the audit, and not in this ledger of ours."""
    span = Span(date(2014, 11, 1), date(2016, 1, 31))
    report = plans_report(whole_of(audit_ledger()), span)
    (table,) = [t for t in report.tables if t.title.ja == "発電設備ごとの計画と実績"]
    place = [c.title.ja for c in table.columns].index("観測した期間")
    found = {row[1]: row[place] for row in table.rows}
    for plant in plants_of_audit()[:20]:
        heisei = [part.split(".") for part in plant.period.split("-")]
        first, last = (f"{int(year) + 1988}-{int(month):02}" for year, month in heisei)
        assert found[f"No.{plant.number}"] == (first if first == last else f"{first} – {last}")
    assert [row[place] for row in table.rows if row[place] is None] == []
    (period,) = report.data["periods"]
    assert period["plants"][1]["observed"] == [f"2015-{month:02}" for month in range(4, 12)]


def test_what_was_not_observed_has_no_period() -> None:
    report = plans_report(whole_of(with_books(clean(), planned(dry(1200)))), fiscal_span(2014))
    (table,) = [t for t in report.tables if t.title.ja == "発電設備ごとの計画と実績"]
    assert {row[4] for row in table.rows} == {None}
    assert report.data["periods"][0]["plants"][0]["observed"] == []


@pytest.mark.parametrize(
    ("span", "name"),
    [
        (fiscal_span(2014), "2014"),
        (Span(date(2014, 4, 1), date(2014, 4, 30)), "2014-04"),
        (Span(date(2014, 12, 1), date(2015, 11, 30)), "2014-12 – 2015-11"),
        (Span(date(2014, 12, 2), date(2015, 11, 30)), "2014-12-02 – 2015-11-30"),
    ],
)
def test_what_a_span_is_called(span: Span, name: str) -> None:
    assert span_name(span) == name


def test_that_months_count_as_a_whole_is_said_where_the_period_parts_one() -> None:
    book = with_books(clean(), planned(dry(1200)), *months(date(2014, 6, 1), 3, 100))
    parted = plans_report(whole_of(book), Span(date(2014, 6, 15), date(2014, 8, 14))).attention
    assert any("1日が期間に入る月の全部を数えた: 2014-07 〜 2014-08" in line.ja for line in parted)
    assert "2014-07 〜 2014-08, each as a whole" in parted[0].en
    supply = supply_report(whole_of(book), Span(date(2014, 6, 1), date(2014, 8, 14))).attention
    assert any("2014-06 〜 2014-08" in line.ja for line in supply)
    whole = plans_report(whole_of(book), Span(date(2014, 6, 1), date(2014, 8, 31))).attention
    assert not any("期間に入る月" in line.ja for line in whole)
