"""G702, lots under the single-plant exemption, and what P504 leaves of a lot."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw, Form, Mixed, Process, Share
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Unit
from biotrace.verify.case import case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules.p504_higher_than_declared_input import RULE as P504
from biotrace.verify.verdict import Status
from tests.casebooks import (
    DELIVERY,
    HEIWA,
    OTHER_PLANT,
    PLANT,
    PROCESSING,
    Bad,
    Good,
    add,
    change,
    change_accreditation,
    clean,
    copy,
    correct,
    findings,
    fired,
    lot_of,
    m3,
    of_class,
    remove,
    residues,
    row_name,
    tonnes,
    unchecked,
)

THINNED, GENERAL, WASTE = FuelClass.THINNED, FuelClass.GENERAL, FuelClass.CONSTRUCTION_WASTE
UNPROVEN = Effect.UNPROVEN


def shares(plant: str = PLANT.id, **parts: int) -> Mixed:
    """An exemption with these shares in per cent."""
    return Mixed(plant, tuple(Share(FuelClass(name), percent * 100) for name, percent in parts.items()))


HALF = shares(thinned=50, general=50)


def mixture(thinned: int = 20, general: int = 20, mixed: Mixed = HALF, **changes: Any) -> Casebook:
    """30 t of chips out of so many m³ of thinned logs (f-1) and of general ones (f-2), all for plant-8."""
    names = ("form", "origins", "seller", "accreditation_number", "goods", "process", "statements")
    chips = {name: getattr(PROCESSING, name) for name in names}
    book = change(change(residues(), "f-1", buyer="otsu"), "f-2", buyer="otsu")
    draws = (Draw("f-1", m3(thinned)), Draw("f-2", m3(general)))
    book = change(book, "p-1", **{**chips, "fuel_class": GENERAL, "draws": draws, "mixed": mixed, **changes})
    return add(remove(book, "d-1"), DELIVERY)


def sold_on(book: Casebook, **changes: Any) -> Casebook:
    """A trader buys the mixed chips and hands them on."""
    sold: dict[str, Any] = {"seller": HEIWA.id, "accreditation_number": "長木-056", "process": Process.TRADING}
    bought = remove(change(book, "p-1", buyer=HEIWA.id), "d-1")
    handed_on = {"draws": (Draw("p-1", tonnes(30)),), "mixed": None, **sold, **changes}
    return copy(bought, "p-1", "p-2", **handed_on)


WITH_WASTE = shares(thinned=40, construction_waste=60)
UNSTATED_SHARE = mixture(mixed=shares(thinned=50, general=49))
ROWS = [
    Bad("G702", "99 %", UNSTATED_SHARE, "p-1", UNPROVEN, "割合の合計が 99.00%", "the shares add up to 99.00%"),
    Bad(
        "G702",
        "declared higher than its lowest share",
        mixture(fuel_class=THINNED),
        "p-1",
        UNPROVEN,
        "区分 間伐材等由来の木質バイオマス、割合で最も低いのは 一般木質バイオマス",
        "the lowest share is general wood",
    ),
    Bad(
        "G702",
        "more certified than drawn",
        mixture(10, 30),
        "p-1",
        UNPROVEN,
        "間伐材等由来の木質バイオマス以上: 証明 50.0%、引き当て 25.0%",
        "50.0% certified, 25.0% drawn",
    ),
    Bad(
        "G702",
        "just above the tolerance",
        mixture(mixed=shares(thinned=54, general=46)),
        "p-1",
        UNPROVEN,
        "証明 54.0%、引き当て 50.0%",
        "54.0% certified",
    ),
    Bad(
        "G702",
        "nothing drawn on",
        mixture(draws=()),
        "p-1",
        UNPROVEN,
        "割合を示す証明書を引き当てていない",
        "draws on no certificates",
        also=("H301",),
    ),
    Bad(
        "G702",
        "for two plants",
        remove(mixture(mixed=shares(OTHER_PLANT.id, thinned=50, general=50)), "d-1"),
        "p-1",
        UNPROVEN,
        "第九バイオマス発電所 あて、販売先は 第八",
        "the exemption names 第九",
    ),
]
GOODS = [
    Good("G702", "proven shares, one plant", mixture()),
    Good("G702", "3 % for rounding", mixture(mixed=shares(thinned=53, general=47))),
    Good("G702", "less certified than drawn", mixture(30, 10)),
    Good("G702", "no exemption claimed", clean()),
    Good("G702", "uncertified wood as waste", mixture(14, 2, WITH_WASTE, fuel_class=WASTE)),
]


@pytest.mark.parametrize("row", ROWS, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()


@pytest.mark.parametrize("row", GOODS, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


def test_g702_whoever_draws_on_a_mixed_lot_mixes_it_again() -> None:
    for mixed in (None, HALF):
        book = sold_on(mixture(), mixed=mixed, buyer=PLANT.id)
        found = [f for f in findings(book, "G702") if f.record == "p-2"]
        assert ["it draws on a mixed lot: 乙-1 (p-1)" in f.found.en for f in found][:1] == [True]
        assert lot_of(book, "p-2").confirmed is WASTE


def test_g702_a_truck_of_it_at_another_plant_is_told_there() -> None:
    book = copy(mixture(), "d-1", "d-2", at=OTHER_PLANT.id, time="11:00", quantity=tonnes(1))
    found = findings(change(book, "d-1", quantity=tonnes(29)), "G702")
    assert [(f.record, f.found.en) for f in found] == [
        ("d-2", "a lot for 第八バイオマス発電所 only, taken in at 第九バイオマス発電所")
    ]


def test_g702_who_is_no_plant_is_not_one_plant() -> None:
    book = mixture(mixed=shares(HEIWA.id, thinned=50, general=50), buyer=HEIWA.id)
    assert [f.record for f in findings(book, "G702")] == ["p-1", "d-1"]


def test_g702_cannot_compare_units_without_a_factor() -> None:
    stacked = change(mixture(), "f-2", quantity=m3(50, Unit.M3_STACKED))
    book = change(stacked, "p-1", draws=(Draw("f-1", m3(20)), Draw("f-2", m3(20, Unit.M3_STACKED))))
    assert unchecked(book, "G702") == [True]
    assert lot_of(book).status is Status.INCOMPLETE


# what such a lot is worth


def test_an_exempt_lot_is_paid_by_its_certified_shares() -> None:
    lot = lot_of(mixture())
    assert lot.status is Status.COMPLETE
    assert lot.clean
    assert lot.confirmed is GENERAL
    assert lot.by_class == {THINNED: 8_700_000, GENERAL: 8_700_000, FuelClass.GENERAL_WASTE: 0, WASTE: 0}


def test_an_exempt_lot_is_paid_no_more_than_it_drew() -> None:
    """48 % drawn, 50 % certified: within the tolerance, but not paid."""
    lot = lot_of(mixture(24, 26))
    assert lot.by_class is not None
    assert (lot.by_class[THINNED], lot.by_class[GENERAL]) == (8_352_000, 9_048_000)


def test_what_an_exempt_lot_has_of_waste_is_a_share_and_no_finding() -> None:
    lot = lot_of(mixture(14, 2, WITH_WASTE, fuel_class=WASTE))
    assert lot.status is Status.COMPLETE
    assert lot.clean
    assert lot.confirmed is WASTE
    assert lot.by_class is not None
    assert lot.by_class[THINNED] == 6_960_000


def test_an_exempt_lot_with_a_share_of_waste_needs_proof_of_the_rest() -> None:
    book = mixture(14, 2, WITH_WASTE, fuel_class=WASTE)
    unaccredited = change(book, "p-1", accreditation_number=None)
    assert fired(unaccredited) == {"A201"}
    lot = lot_of(unaccredited)
    assert lot.by_class is not None
    assert lot.by_class[THINNED] == 0
    perhaps = change_accreditation(book, "otsu", start=date(2010, 4, 1), until=None)
    lot = lot_of(perhaps)
    assert lot.status is Status.INCOMPLETE
    assert lot.by_class is not None
    assert lot.by_class[THINNED] == 0
    stranger = change(book, "d-1", sender=HEIWA.id)
    assert fired(stranger) == {"P502"}


def test_an_exempt_lot_with_a_share_of_waste_that_is_withdrawn_is_worth_nothing() -> None:
    book = remove(mixture(14, 2, WITH_WASTE, fuel_class=WASTE), "d-1")
    held = correct(book, "p-1", Action.HOLD, date(2014, 12, 1))
    assert lot_of(held, "p-1").status is Status.INCOMPLETE


def test_a_lot_declared_waste_without_exemption_still_needs_no_proof() -> None:
    book = of_class(clean(), WASTE)
    assert lot_of(change(book, "p-1", accreditation_number=None)).status is Status.COMPLETE


def test_q602_of_an_exempt_lot_asks_only_for_what_is_certified_as_more_than_waste() -> None:
    """40 % of 17.4 bone-dry t is 6.96; 16 m³ bring at most 7.3, 14 m³ at most 6.4."""
    assert fired(mixture(14, 2, WITH_WASTE, fuel_class=WASTE)) == set()
    short = mixture(12, 2, WITH_WASTE, fuel_class=WASTE)
    (finding,) = findings(short, "Q602")
    assert finding.excess is not None
    assert finding.excess < 1 - WITH_WASTE.shares[1].parts / 10_000


# P504


def test_p504_hits_the_share_of_the_draw_concerned() -> None:
    """Chips called thinned from thinned logs and a lot declared general waste: the thinned half is still told apart."""
    other = copy(
        clean(), "p-1", "w-1", fuel_class=FuelClass.GENERAL_WASTE, draws=(), buyer="otsu", date=date(2014, 10, 1)
    )
    book = change(other, "p-1", draws=(Draw("f-1", m3(22)), Draw("w-1", tonnes(10, 0))))
    book = change(book, "w-1", quantity=tonnes(20, 0), form=Form.F2_4)
    judged = fold(case_of_casebook(book), [P504], RINYA_2012).judged["p-1"]
    assert [f.code for f in judged.findings] == ["P504"]
    assert judged.composition.grams == {THINNED: 8_700_000, FuelClass.GENERAL_WASTE: 8_700_000}
    assert judged.composition.lowest is FuelClass.GENERAL_WASTE
