"""A plant's figures: ratios, lots as confirmed, cost from disclosed prices, plans against use; the audit's table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Form, Mixed, Share
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.services.report_basis import BY_WEIGHT, Basis
from biotrace.services.report_fuel import fuel_year
from biotrace.services.report_material import Material
from biotrace.services.report_plan import plan_report
from biotrace.services.report_plan_audit import audit_report, below_plan, plants_of_audit, sums_of
from biotrace.services.report_ratio import plant_arrivals, ratio_book
from biotrace.services.shipped import audit_plant_totals, audit_plants
from biotrace.verify.biomass_ratio import burned as burned_by
from biotrace.verify.biomass_ratio import shares
from biotrace.verify.case import case_of_casebook
from biotrace.verify.plan_use import Compared, observed_months, plan_lines
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.span import Span, fiscal_span
from tests.books import burned, planned, with_books
from tests.casebooks import DELIVERY, HEIWA, OTSU, PLANT, add, change, clean, m3, remove, tonnes

THINNED, GENERAL, WASTE = FuelClass.THINNED, FuelClass.GENERAL, FuelClass.CONSTRUCTION_WASTE
NOVEMBER, DECEMBER = date(2014, 11, 1), date(2014, 12, 1)


def material(book: Casebook, party: str = PLANT.id, prices: dict[str, int] | None = None) -> Material:
    """The book as a report's material."""
    case = case_of_casebook(book)
    return Material(case, case.parties[party], RINYA_2012, {}, prices or {})


def fired() -> Casebook:
    """A plant that burned thinned and general wood in December."""
    general = replace(burned(tonnes(10), DECEMBER, ratio=2_000), fuel_class=GENERAL)
    return with_books(clean(), burned(tonnes(30), DECEMBER, ratio=8_000), general)


def december(book: Casebook, basis: Basis = BY_WEIGHT) -> dict[str, dict[str, object]]:
    """The ratio book's entries for December, by class."""
    data = ratio_book(material(book), Span(NOVEMBER, date(2014, 12, 31)), basis).data
    return {line["class"]: line for line in data["months"] if line["month"] == "2014-12"}


# ratios


def test_shares_by_bone_dry_weight_beside_what_the_book_states() -> None:
    found = december(fired())
    assert found["thinned"]["ratio"] == {"worked_out": 7_500, "stated": 8_000, "difference": 500, "of": 10_000}
    assert found["general"]["ratio"] == {"worked_out": 2_500, "stated": 2_000, "difference": -500, "of": 10_000}


def test_shares_by_stated_kwh() -> None:
    per_tonne = Basis({THINNED: Decimal("1900"), GENERAL: Decimal("1900.5")}, {})
    ratio = december(fired(), per_tonne)["thinned"]["ratio"]
    assert isinstance(ratio, dict)
    assert ratio["worked_out"] == 7_500  # 7,499.5 of 10,000: the larger remainder
    metered = Basis({THINNED: Decimal(1)}, {(DECEMBER, THINNED): 900, (DECEMBER, GENERAL): 100})
    ratio = december(fired(), metered)["thinned"]["ratio"]
    assert isinstance(ratio, dict)
    assert ratio["worked_out"] == 9_000


@pytest.mark.parametrize(
    "basis",
    [
        Basis({THINNED: Decimal(1900)}, {}),
        Basis({}, {(DECEMBER, THINNED): 900}),
        Basis({}, {(DECEMBER, THINNED): 9, (DECEMBER, GENERAL): 1, (DECEMBER, WASTE): 1}),
    ],
)
def test_kwh_of_some_classes_only_is_refused(basis: Basis) -> None:
    with pytest.raises(UsageError, match="burned in 2014-12 is thinned, general"):
        december(fired(), basis)


def test_a_month_by_itself_needs_no_kwh() -> None:
    assert december(fired(), Basis({}, {(NOVEMBER, THINNED): 1}))["thinned"]["ratio"]


def test_lines_of_one_month_and_class_add_up_and_the_last_ratio_counts() -> None:
    book = with_books(clean(), burned(tonnes(1), ratio=9_000), burned(tonnes(2), ratio=10_000))
    (line,) = burned_by(case_of_casebook(book).bookings, PLANT.id, RINYA_2012)
    assert (line.grams, line.stated, len(line.records)) == (1_740_000, 10_000, 2)


def test_what_no_factor_turns_into_weight_leaves_the_month_without_shares() -> None:
    book = with_books(fired(), replace(burned(m3(3, Unit.M3_STACKED), DECEMBER), fuel_class=WASTE))
    report = ratio_book(material(book), Span(DECEMBER, DECEMBER))
    assert {line["ratio"]["worked_out"] for line in report.data["months"]} == {None}
    assert any("比率を算定できない" in line.ja for line in report.attention)


def test_shares_of_nothing() -> None:
    assert shares({}) is None
    assert shares({THINNED: 0}) is None
    assert shares({THINNED: 5, GENERAL: None}) is None
    assert shares({THINNED: 1, GENERAL: 1, WASTE: 1}) == {THINNED: 3_334, GENERAL: 3_333, WASTE: 3_333}


def test_months_that_want_an_entry_are_told() -> None:
    book = with_books(clean(), burned(tonnes(1), date(2014, 9, 1)), burned(tonnes(1), DECEMBER, ratio=None))
    said = [line.ja for line in ratio_book(material(book), fiscal_span(2014)).attention]
    assert "使用の記帳がない月: 2014-10、2014-11" in said
    assert "比率の記帳がない: 2014-12 間伐材等由来" in said


def test_a_ratio_book_is_a_plants() -> None:
    with pytest.raises(UsageError, match="no power plant"):
        ratio_book(material(clean(), OTSU.id), fiscal_span(2014))


# as confirmed


def test_what_is_confirmed_stands_beside_what_is_declared() -> None:
    (arrival,) = plant_arrivals(material(clean()))
    assert (arrival.fuel_class, arrival.wet, arrival.dry) == (THINNED, 30_000_000, 17_400_000)
    assert arrival.confirmed == {THINNED: 17_400_000}
    (fallen,) = plant_arrivals(material(remove(clean(), "doc-1")))
    assert fallen.confirmed is not None
    assert fallen.confirmed.get(THINNED, 0) == 0
    assert sum(fallen.confirmed.values()) == 17_400_000


def test_a_certificate_that_no_delivery_cites_is_a_lot_too() -> None:
    (arrival,) = plant_arrivals(material(remove(clean(), "d-1")))
    assert (arrival.trade.record, arrival.confirmed) == ("p-1", {THINNED: 17_400_000})


def test_a_mixed_lot_is_confirmed_by_class() -> None:
    shares_of = (Share(THINNED, 6_000), Share(GENERAL, 4_000))
    book = change(clean(), "p-1", mixed=Mixed(PLANT.id, shares_of), fuel_class=GENERAL, form=Form.F2_4)
    found = plant_arrivals(material(book))
    assert [(a.fuel_class, a.dry) for a in found] == [(THINNED, 10_440_000), (GENERAL, 6_960_000)]
    for arrival in found:
        assert arrival.confirmed is not None
        assert sum(arrival.confirmed.values()) == arrival.dry
    assert sum(a.wet or 0 for a in found) == 30_000_000


# the year's fuel


def test_a_fuel_with_its_moisture_suppliers_and_cost() -> None:
    (fuel,) = fuel_year(material(clean(), prices={"p-1": 300_001}), 2014).data["fuels"]
    assert (fuel["as_received"], fuel["bone_dry"], fuel["moisture"]) == (30_000_000, 17_400_000, 4_200)
    assert fuel["cost"] == {"deliveries": 1, "yen": 300_001, "yen_per_tonne": 10_000, "records": ["p-1"]}
    assert [(s["party"], s["deliveries"]) for s in fuel["suppliers"]] == [(OTSU.id, 1)]
    assert fuel["records"]["in"] == ["d-1"]


def test_without_a_disclosed_price_there_is_no_cost() -> None:
    (fuel,) = fuel_year(material(clean()), 2014).data["fuels"]
    assert (fuel["cost"]["yen"], fuel["cost"]["yen_per_tonne"]) == (None, None)


def test_a_price_is_divided_over_the_deliveries_of_its_certificate() -> None:
    book = add(clean(), replace(DELIVERY, id="d-2", date=date(2015, 4, 1), quantity=Quantity(15_000_000, Unit.T)))
    found = material(book, prices={"p-1": 100_000})
    yen = {year: fuel_year(found, year).data["fuels"][0]["cost"]["yen"] for year in (2014, 2015)}
    assert yen == {2014: 66_667, 2015: 33_333}


def test_what_was_not_weighed_is_in_no_tonne_and_told() -> None:
    loose = replace(DELIVERY, id="d-2", sender=HEIWA.id, certificate=None, fuel_class=GENERAL)
    report = fuel_year(material(add(clean(), replace(loose, quantity=m3(12, Unit.M3_LOOSE)))), 2014)
    fuels = {fuel["class"]: fuel for fuel in report.data["fuels"]}
    assert (fuels["general"]["as_received"], fuels["general"]["moisture"]) == (0, None)
    assert fuels["general"]["bone_dry"] == 1_818_182
    assert any("入荷時のトンに数えていない: d-2 12" in line.ja for line in report.attention)


def test_the_year_of_fuel_is_from_april_to_march() -> None:
    for day, year in ((date(2015, 3, 31), 2014), (date(2015, 4, 1), 2015)):
        found = material(change(clean(), "d-1", date=day))
        assert {y: len(fuel_year(found, y).data["fuels"]) for y in (2014, 2015)} == {
            y: int(y == year) for y in (2014, 2015)
        }


# plan and use


def test_less_than_a_year_is_scaled_to_one() -> None:
    short = Compared(120, Fraction(50), 8)
    assert short.a_year == 75
    assert short.difference == -45
    assert Compared(120, Fraction(50), 12).a_year == 50
    assert Compared(120, Fraction(0), 0).a_year is None
    assert Compared(None, Fraction(50), 12).difference is None


def test_months_are_observed_from_the_plants_first_to_its_last_entry_of_the_year() -> None:
    days = (date(2014, 11, 1), date(2015, 2, 1), date(2015, 6, 1))
    book = with_books(clean(), *(burned(tonnes(1), day) for day in days))
    found = burned_by(case_of_casebook(book).bookings, PLANT.id, RINYA_2012)
    assert [len(observed_months(found, year)) for year in (2013, 2014, 2015, 2016)] == [0, 4, 3, 0]


def test_a_plan_beside_what_burned() -> None:
    book = with_books(fired(), planned(tonnes(600)), planned(tonnes(500)), planned(tonnes(1), 2016))
    bookings = case_of_casebook(book).bookings
    lines = plan_lines(bookings, burned_by(bookings, PLANT.id, RINYA_2012), PLANT.id, RINYA_2012)
    told = [(line.year, line.fuel_class, line.compared.planned, line.compared.months) for line in lines]
    assert told == [(2014, THINNED, 290_000_000, 1), (2014, GENERAL, 0, 1), (2016, THINNED, 580_000, 0)]
    assert lines[0].compared.a_year == 12 * 17_400_000
    data = plan_report(material(book), 2014).data["lines"]
    assert data[0]["records"]["burned"] == ["burned:plant-8:2014-12:thinned"]
    assert data[0]["difference"] == 12 * 17_400_000 - 290_000_000


def test_without_plan_and_use_there_is_no_report() -> None:
    with pytest.raises(UsageError, match="no plan"):
        plan_report(material(clean()))
    with pytest.raises(UsageError, match="no plan"):
        plan_report(material(with_books(clean(), planned(tonnes(1)))), 2013)


# the audit of 2017


def test_scaling_the_audits_observations_gives_the_years_that_it_prints() -> None:
    for plant, row in zip(plants_of_audit(), audit_plants(), strict=True):
        for fuel, compared in plant.fuels.items():
            assert compared.months == int(row["observed_months"])
            assert compared.a_year == Decimal(row[f"{fuel}_actual"]) * 10**10
            assert compared.planned == Decimal(row[f"{fuel}_plan"]) * 10**10
            if compared.months < 12:
                assert compared.observed == compared.a_year * Fraction(compared.months, 12)


def test_the_audits_rows_add_up_across() -> None:
    for plant, row in zip(plants_of_audit(), audit_plants(), strict=True):
        assert plant.all_fuels.planned == Decimal(row["total_plan"]) * 10**10
        assert plant.all_fuels.a_year == Decimal(row["total_actual"]) * 10**10


def tenths(amounts: tuple[int, int]) -> tuple[str, str]:
    """Grams as 万t."""
    planned_, used = (f"{Decimal(amount) / 10**10:.1f}" for amount in amounts)
    return planned_, used


def test_the_audits_columns_add_up_to_other_sums_than_it_prints() -> None:
    plants = plants_of_audit()
    assert {fuel: tenths(amounts) for fuel, amounts in sums_of(plants).items()} == {
        "thinned": ("51.5", "51.2"),
        "general_imported": ("6.3", "7.1"),
        "general_domestic": ("29.1", "32.6"),
        "construction": ("32.2", "33.6"),
        "total": ("119.1", "124.5"),
    }
    first = sums_of([p for p in plants if p.number <= 19])
    printed = {row["fuel"]: (row["plan"], row["actual"]) for row in audit_plant_totals()}
    assert {fuel: tenths(amounts) for fuel, amounts in first.items()} == printed


def test_nine_plants_used_less_thinned_wood_than_planned() -> None:
    found = {p.number: (p.fuels["thinned"].difference or 0) / 10**9 for p in below_plan(plants_of_audit())}
    assert found == {2: -13, 6: -23, 7: -10, 9: -20, 10: -14, 11: -3, 14: -2, 16: -12, 20: -31}
    assert audit_report().data["below_plan_in_thinned"] == list(found)
