"""別記4: which papers count in a fiscal year, on which side, in which class, and how they become m³."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Form, Mixed, Share
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.rounding import rounded
from biotrace.services.report_material import Material
from biotrace.services.report_yearly import Sender, form, volumes_of, yearly_report
from biotrace.verify.case import case_of_casebook
from biotrace.verify.handled import IN, OUT, HandledYear, factors_to_m3, handled_in
from biotrace.verify.movements import trades
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.span import Span, fiscal_span, month_span
from biotrace.verify.species import WoodGroup
from tests.casebooks import DELIVERY, KOUSEI, MARUMATSU, OTSU, PLANT, add, change, clean, copy, m3, residues, tonnes

THINNED, GENERAL = FuelClass.THINNED, FuelClass.GENERAL
TOTAL_OF_30_T = 38_280_000  # 30 t less 42 % water, 2.2 m³ a bone-dry tonne


def handled(book: Casebook, year: int = 2014, party: str = OTSU.id) -> HandledYear:
    """What the party handled in a year."""
    found = trades(case_of_casebook(book), party, RINYA_2012)
    return handled_in(found, party, fiscal_span(year), RINYA_2012)


def material(book: Casebook, party: str = OTSU.id) -> Material:
    """The book as a report's material."""
    case = case_of_casebook(book)
    return Material(case, case.parties[party], RINYA_2012, {}, {})


def test_logs_in_and_chips_out_of_a_mill() -> None:
    found = handled(clean())
    assert (found.volume(IN, THINNED), found.volume(OUT, THINNED)) == (100_000_000, TOTAL_OF_30_T)
    assert (found.volume(IN, GENERAL), found.volume(IN, None)) == (0, 0)
    assert found.volume(IN, THINNED, date(2014, 6, 1)) == 100_000_000
    assert found.total(OUT, date(2014, 11, 1)) == TOTAL_OF_30_T
    assert [f.source for e in found.entries for f in e.factors] == ["全木チ連 / 木材需給表"]


def test_what_a_producer_fells_and_sells_counts_on_both_sides() -> None:
    found = handled(clean(), party=KOUSEI.id)
    assert (found.total(IN), found.total(OUT)) == (100_000_000, 100_000_000)


def test_each_paper_counts_as_what_it_certifies() -> None:
    found = handled(residues(), party=MARUMATSU.id)
    assert (found.volume(IN, THINNED), found.volume(IN, GENERAL)) == (50_000_000, 50_000_000)
    assert (found.volume(OUT, THINNED), found.volume(OUT, GENERAL)) == (0, TOTAL_OF_30_T)


def test_a_mixed_lot_counts_by_its_shares_and_waste_in_the_total_alone() -> None:
    shares = (Share(THINNED, 5_000), Share(GENERAL, 2_000), Share(FuelClass.CONSTRUCTION_WASTE, 3_000))
    book = change(clean(), "p-1", mixed=Mixed(PLANT.id, shares), fuel_class=GENERAL, form=Form.F2_4)
    found = handled(book)
    volumes = [found.volume(OUT, c) for c in (THINNED, GENERAL, None)]
    assert volumes == [19_140_000, 7_656_000, 11_484_000]
    assert found.total(OUT) == TOTAL_OF_30_T


def test_wood_without_a_paper_counts_in_the_total_alone() -> None:
    bare = replace(DELIVERY, id="d-2", at=OTSU.id, sender=None, certificate=None, fuel_class=THINNED, quantity=m3(7))
    found = handled(add(clean(), bare))
    assert (found.volume(IN, None), found.volume(IN, THINNED)) == (7_000_000, 100_000_000)
    assert found.total(IN) == 107_000_000


def test_what_is_certified_to_oneself_has_gone_nowhere() -> None:
    own = copy(clean(), "p-1", "p-2", buyer=OTSU.id)
    assert handled(own).total(OUT) == handled(clean()).total(OUT)
    assert handled(own).total(IN) == handled(clean()).total(IN)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2014, 3, 31), 2013),
        (date(2014, 4, 1), 2014),
        (date(2015, 3, 31), 2014),
        (date(2015, 4, 1), 2015),
        (date(2016, 2, 29), 2015),
    ],
)
def test_a_paper_counts_in_the_fiscal_year_of_its_day(day: date, year: int) -> None:
    book = change(clean(), "f-1", date=day)
    volumes = {y: handled(book, y).total(IN) for y in (2013, 2014, 2015)}
    assert volumes == {y: 100_000_000 if y == year else 0 for y in volumes}
    assert handled(book, year).volume(IN, THINNED, day.replace(day=1)) == 100_000_000


def test_stacked_wood_is_listed_and_not_counted() -> None:
    book = change(clean(), "f-1", quantity=m3(20, Unit.M3_STACKED))
    found = handled(book)
    assert (found.total(IN), [e.trade.record for e in found.not_counted]) == (0, ["f-1"])
    report = yearly_report(material(book), 2014)
    assert [row[3] for row in report.tables[1].rows] == ["第26-017号"]
    assert any("数えていないもの: 第26-017号 20 ㎥(層積)" in line.ja for line in report.attention)
    assert report.data["not_counted"][0]["record"] == "f-1"
    assert [row[-1] for row in report.evidence.rows] == ["p-1"]


def test_an_empty_year_is_zeros_that_say_so() -> None:
    found = material(clean())
    report = yearly_report(found, 2010)
    filled = form(found, 2010, Sender())
    assert (filled.total.logs_in, filled.general.chips_out) == (0, 0)
    assert {cell for row in report.tables[0].rows for cell in row[1:]} == {0}
    assert any("台帳にありません" in line.ja for line in report.attention)
    assert volumes_of(found, (2010, 2014))[0].year == 2014


def test_a_year_that_is_not_over_says_so() -> None:
    assert any("年度は 2015-03-31 まで" in line.ja for line in yearly_report(material(clean()), 2014).attention)
    later = add(clean(), replace(DELIVERY, id="d-2", date=date(2015, 4, 1)))
    assert yearly_report(material(later), 2014).attention == ()


def test_every_figure_names_its_records() -> None:
    data = yearly_report(material(clean()), 2014).data
    assert [r["record"] for r in data["logs_in"]["thinned"]["records"]] == ["f-1"]
    assert [r["record"] for r in data["chips_out"]["thinned"]["records"]] == ["p-1"]
    assert data["logs_in"]["thinned"]["cm3"] == 100_000_000
    assert data["factors"] == [
        {"name": "softwood, m³ per bone-dry t", "value": "2.2", "source": "全木チ連 / 木材需給表"}
    ]


def test_the_form_names_body_and_number_of_the_accreditation() -> None:
    filled = form(material(clean()), 2014, Sender(representative="乙 太郎", day=date(2015, 4, 20)))
    assert (filled.body, filled.business.number) == ("長野県木材協同組合連合会", "長木-034")
    assert (filled.start, filled.until) == (date(2014, 4, 1), date(2015, 3, 31))


@pytest.mark.parametrize(
    ("quantity", "group", "factors"),
    [
        (m3(1), None, []),
        (m3(1, Unit.M3_LOOSE), None, ["loose m³ per m³"]),
        (m3(1, Unit.M3_STACKED), None, []),
        (tonnes(1), None, ["softwood, m³ per bone-dry t"]),
        (tonnes(1), WoodGroup.HARDWOOD, ["hardwood, m³ per bone-dry t"]),
        (Quantity(1_000, Unit.KG), None, ["moisture (wet basis)", "softwood, m³ per bone-dry t"]),
    ],
)
def test_the_factors_that_make_m3(quantity: Quantity, group: WoodGroup | None, factors: list[str]) -> None:
    assert [f.name.en for f in factors_to_m3(quantity, group, RINYA_2012)] == factors


def test_spans() -> None:
    assert fiscal_span(2015) == Span(date(2015, 4, 1), date(2016, 3, 31))
    assert month_span(date(2016, 2, 10)).until == date(2016, 2, 29)
    assert [f"{m:%m}" for m in fiscal_span(2014).months][-4:] == ["12", "01", "02", "03"]
    assert len(fiscal_span(2014).months) == 12
    with pytest.raises(ValueError, match="before"):
        Span(date(2014, 4, 2), date(2014, 4, 1))


def test_rounding() -> None:
    assert [rounded(n, 10) for n in (4, 5, 15, -5, -4)] == [0, 10, 20, -10, 0]
