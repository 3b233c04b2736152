"""Families Q, G and D: quantities, segregation, and papers that cannot be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw, Form, Goods, Mixed, Process, Share
from biotrace.model.correction import Action
from biotrace.model.document import DocumentCopy
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.verify.effect import Effect
from tests.casebooks import (
    DOCUMENT,
    HEIWA,
    MARUMATSU,
    PLANT,
    PROCESSING,
    Bad,
    Good,
    add,
    change,
    change_felling,
    clean,
    copy,
    correct,
    findings,
    fired,
    general,
    lot_of,
    m3,
    of_class,
    remove,
    residues,
    row_name,
    tonnes,
    unchecked,
)

UNPROVEN, INPUT, NOTICE = Effect.UNPROVEN, Effect.INPUT_CLASS, Effect.NOTICE
THINNED, GENERAL, WASTE = FuelClass.THINNED, FuelClass.GENERAL, FuelClass.CONSTRUCTION_WASTE
EARLIER, LATER = date(2014, 10, 1), date(2014, 12, 1)


def drawing(*draws: Draw, book: Casebook | None = None) -> Casebook:
    """The clean book whose chips draw otherwise."""
    return change(book or clean(), "p-1", draws=draws)


def first_takes(amount: Quantity, **changes: object) -> Casebook:
    """An earlier record p-0 takes something from f-1; then p-1 takes its 40 m³."""
    taken: dict[str, object] = {"draws": (Draw("f-1", amount),), "date": EARLIER, "buyer": HEIWA.id}
    return copy(clean(), "p-1", "p-0", **{**taken, **changes})


def delivered(grams: int) -> Casebook:
    """The clean book with another weight at the gate."""
    return change(clean(), "d-1", quantity=Quantity(grams, Unit.T))


def second_truck(grams: int) -> Casebook:
    """One more delivery on the same certificate, weighed in kilograms."""
    return copy(delivered(10_000_000), "d-1", "d-2", time="10:15", quantity=Quantity(grams, Unit.KG))


OVER = Draw("f-1", m3(101))
TWICE = drawing(Draw("f-1", m3(60)), Draw("f-1", m3(41)))
USES = [
    Bad(
        "Q601",
        "one draw",
        drawing(OVER),
        "p-1",
        UNPROVEN,
        "101 ㎥ を使用、証明は 100 ㎥",
        "101 ㎥ used, 100 ㎥ certified",
        also=("Q603",),
    ),
    Bad("Q601", "the later draw", first_takes(m3(61)), "p-1", UNPROVEN, "101 ㎥ を使用", "101 ㎥ used"),
    Bad("Q601", "within one record", TWICE, "p-1", UNPROVEN, "101", "101", also=("Q603",)),
    Bad("Q601", "delivery over 5 %", delivered(31_500_001), "d-1", UNPROVEN, "乙-1 (p-1): 31.5", "30 t certified"),
    Bad("Q601", "second truck", second_truck(21_500_001), "d-2", UNPROVEN, "31.5", "31.5"),
    Bad(
        "Q601",
        "an unproven use counts",
        first_takes(m3(61), accreditation_number=None),
        "p-1",
        UNPROVEN,
        "101 ㎥ を使用",
        "101 ㎥ used",
        also=("A201",),
    ),
    Bad(
        "Q601",
        "a held use counts, for it may be released",
        correct(first_takes(m3(61)), "p-0", Action.HOLD, LATER),
        "p-1",
        UNPROVEN,
        "101 ㎥ を使用",
        "101 ㎥ used",
    ),
]
USES_OK = [
    Good("Q601", "all of it", drawing(Draw("f-1", m3(100))), also=("Q603",)),
    Good("Q601", "together all of it", first_takes(m3(60))),
    Good("Q601", "delivery 5 % over", delivered(31_500_000)),
    Good("Q601", "two trucks 5 % over", second_truck(21_500_000)),
    Good(
        "Q601",
        "a stranger's draw takes nothing",
        first_takes(m3(61), seller=MARUMATSU.id, accreditation_number="長木-078"),
        also=("P502",),
    ),
    Good("Q601", "a cancelled one takes nothing", correct(first_takes(m3(61)), "p-0", Action.CANCEL, LATER)),
    Good(
        "Q601",
        "one on a withdrawn certificate takes nothing",
        correct(
            correct(first_takes(m3(61), date=date(2014, 8, 1)), "f-1", Action.HOLD, date(2014, 7, 1)),
            "f-1",
            Action.RELEASE,
            date(2014, 9, 1),
        ),
        also=("P508",),
    ),
    Good("Q601", "kilograms are tonnes", change(clean(), "d-1", quantity=Quantity(30_000_000, Unit.KG))),
]

HARDWOOD = change(change(clean(), "f-1", species=("ナラ",)), "p-1", species=("ナラ",))
HARDWOOD = change_felling(HARDWOOD, "doc-1", species=("ナラ",))
NAMELESS = change(change(clean(), "f-1", species=()), "p-1", species=())
LOOSE = change(
    change(clean(), "f-1", quantity=m3(300, Unit.M3_LOOSE)), "p-1", draws=(Draw("f-1", m3(110, Unit.M3_LOOSE)),)
)
TRADED_M3 = change(
    change(clean(), "p-1", goods=Goods.LOGS, process=Process.TRADING, quantity=m3(50)),
    "d-1",
    goods=Goods.LOGS,
    quantity=m3(50),
)
WET_TRADE = copy(
    change(clean(), "p-1", buyer=HEIWA.id),
    "p-1",
    "p-2",
    seller=HEIWA.id,
    accreditation_number="長木-056",
    buyer=PLANT.id,
    process=Process.TRADING,
    quantity=tonnes(31, 5_000),
    draws=(Draw("p-1", tonnes(30)),),
)
BALANCE = [
    Bad(
        "Q602",
        "too little sugi",
        drawing(Draw("f-1", m3(37))),
        "p-1",
        UNPROVEN,
        "出荷 17.400 t (全乾)、引き当ては最大 16.818 t",
        "17.400 bone-dry t out, at most 16.818 bone-dry t in",
    ),
    Bad(
        "Q602",
        "too little oak",
        drawing(Draw("f-1", m3(28)), book=HARDWOOD),
        "p-1",
        UNPROVEN,
        "16.471 t",
        "16.471 bone-dry t",
    ),
    Bad(
        "Q602",
        "logs traded on",
        TRADED_M3,
        "p-1",
        UNPROVEN,
        "出荷 50.000 ㎥、引き当ては最大 40.000 ㎥",
        "at most 40.000 ㎥",
    ),
    Bad(
        "Q602",
        "chips traded on, by the weight as it is",
        remove(WET_TRADE, "d-1"),
        "p-2",
        UNPROVEN,
        "出荷 31.000 t、引き当ては最大 30.000 t",
        "31.000 t out, at most 30.000 t in",
    ),
]
BALANCE_OK = [
    Good("Q602", "3 % are let pass", drawing(Draw("f-1", Quantity(37_200_000, Unit.M3)))),
    Good("Q602", "oak weighs more", drawing(Draw("f-1", m3(30)), book=HARDWOOD)),
    Good(
        "Q602",
        "unknown wood counts as the heaviest",
        drawing(Draw("f-1", m3(30)), book=NAMELESS),
        also=("Q603", "H320"),
    ),
    Good("Q602", "loose chips at the most favourable factor", LOOSE, also=("Q603",)),
    Good(
        "Q602",
        "3 % of what is traded",
        remove(change(WET_TRADE, "p-2", quantity=Quantity(30_900_000, Unit.T, 5_000)), "d-1"),
    ),
    Good(
        "Q602",
        "incoming weight without moisture may be dry",
        drawing(Draw("f-1", tonnes(18, None)), book=change(clean(), "f-1", quantity=tonnes(40, None))),
        also=("Q603", "Q605"),
    ),
]


def two_classes(**changes: object) -> Casebook:
    """The chips draw on thinned logs (f-1) and on general logs (f-2)."""
    logs = residues()
    mill = change(change(logs, "f-1", buyer="otsu"), "f-2", buyer="otsu")
    return change(replace(mill, deliveries=clean().deliveries), "p-1", **{**vars_of_chips(), **changes})


def vars_of_chips() -> dict[str, object]:
    """What makes the sawmill's residues the mill's chips."""
    names = ("form", "fuel_class", "origins", "seller", "accreditation_number", "goods", "process", "statements")
    return {name: getattr(PROCESSING, name) for name in names}


def with_waste(kind: FuelClass, **changes: object) -> Casebook:
    """The chips draw on logs, and on a lot declared as waste (w-1)."""
    waste = replace(PROCESSING, id="w-1", fuel_class=kind, buyer="otsu", seller=HEIWA.id, draws=(), date=EARLIER)
    book = add(clean(), waste)
    return change(book, "p-1", draws=(Draw("f-1", m3(20)), Draw("w-1", tonnes(16))), **changes)


EXEMPT = Mixed(PLANT.id, (Share(THINNED, 5_000), Share(GENERAL, 5_000)))
HALF_WASTE = Mixed(PLANT.id, (Share(THINNED, 4_900), Share(WASTE, 5_100)))
MIXED = [
    Bad(
        "G701",
        "thinned",
        two_classes(),
        "p-1",
        INPUT,
        "第26-017号 (f-1): 間伐材等由来の木質バイオマス、第26-017号 (f-2): 一般木質バイオマス",
        "(f-2): general wood (一般木質)",
    ),
    Bad(
        "G701",
        "general",
        two_classes(fuel_class=GENERAL, form=Form.F2_4),
        "p-1",
        INPUT,
        "(f-2): 一般木質",
        "general wood",
    ),
    Bad(
        "G704",
        "construction waste",
        with_waste(WASTE),
        "p-1",
        UNPROVEN,
        "建設資材廃棄物",
        "construction waste",
        also=("P504",),
    ),
    Bad(
        "G704",
        "general waste",
        with_waste(FuelClass.GENERAL_WASTE),
        "p-1",
        UNPROVEN,
        "乙-1 (w-1): 一般廃棄物",
        "乙-1 (w-1): general waste",
        also=("P504",),
    ),
]
MIXED_OK = [
    Good("G701", "residues of both", residues()),
    Good("G701", "residues of both on a delivery note", change(residues(), "p-1", form=Form.F2_2)),
    Good("G701", "one class", clean()),
    Good("G701", "exempt", two_classes(mixed=EXEMPT, fuel_class=GENERAL)),
    Good("G701", "declared waste", two_classes(fuel_class=WASTE)),
    Good("G704", "declared waste itself", change(with_waste(WASTE, fuel_class=WASTE), "d-1", fuel_class=WASTE)),
    Good("G704", "exempt", with_waste(WASTE, mixed=HALF_WASTE, fuel_class=WASTE)),
    Good("G704", "nothing drawn: H301 has the word", drawing(), also=("H301",)),
]

GONE = change(clean(), "doc-1", copy=DocumentCopy.MISSING)
AFTER_FIVE_YEARS = copy(GONE, "d-1", "d-2", date=date(2019, 6, 28), certificate=None, fuel_class=WASTE)
PAPERS = [
    Bad("D901", "missing", GONE, "f-1", UNPROVEN, "26-14: 所在不明", "26-14: missing"),
    Bad(
        "D901",
        "shown, not kept",
        change(clean(), "doc-1", copy=DocumentCopy.SHOWN_NOT_KEPT),
        "f-1",
        UNPROVEN,
        "26-14: 提示のみで写しなし",
        "26-14: shown, no copy kept",
    ),
    Bad(
        "D901",
        "the last day of five years",
        change(AFTER_FIVE_YEARS, "d-2", date=date(2019, 6, 27)),
        "f-1",
        UNPROVEN,
        "26-14: 所在不明",
        "26-14: missing",
        also=("Q605",),
    ),
]
PAPERS_OK = [
    Good("D901", "after five years", AFTER_FIVE_YEARS, also=("Q605",)),
    Good(
        "D901", "another certificate's document", add(clean(), replace(DOCUMENT, id="doc-2", copy=DocumentCopy.MISSING))
    ),
]


@pytest.mark.parametrize("row", USES + BALANCE + MIXED + PAPERS, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()


@pytest.mark.parametrize("row", USES_OK + BALANCE_OK + MIXED_OK + PAPERS_OK, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


def excess(book: Casebook, code: str) -> Fraction | None:
    """The share of the record that the rule's only finding concerns."""
    (finding,) = findings(book, code)
    return finding.excess


def test_q601_concerns_what_lies_above_the_quantity() -> None:
    assert excess(drawing(Draw("f-1", m3(125))), "Q601") == Fraction(25, 125)
    assert excess(first_takes(m3(80)), "Q601") == Fraction(20, 40)
    assert excess(delivered(32_000_000), "Q601") == Fraction(2, 32)


def test_q601_excess_is_a_share_of_the_record_by_dry_weight() -> None:
    book = drawing(Draw("f-1", m3(132)), Draw("f-2", m3(44)), book=copy(clean(), "f-1", "f-2", documents=()))
    assert excess(book, "Q601") == Fraction(32, 132) * Fraction(3, 4)


def test_q601_the_split_is_shown_and_the_lowest_class_counts() -> None:
    lot = lot_of(delivered(32_000_000))
    assert lot.dry_grams == 18_560_000
    assert lot.by_class == {THINNED: 17_400_000, GENERAL: 0, FuelClass.GENERAL_WASTE: 0, WASTE: 1_160_000}
    assert lot.confirmed is WASTE


def test_q601_never_speaks_of_the_certificate_drawn_from() -> None:
    lot = lot_of(first_takes(m3(61), buyer=PLANT.id), "p-0")
    assert lot.clean


def test_q601_in_another_unit_is_not_checked_and_changes_nothing() -> None:
    book = drawing(Draw("f-1", tonnes(40)))
    assert unchecked(book, "Q601") == [False]
    assert lot_of(book).clean


def test_q601_lowers_even_a_record_without_dry_weight() -> None:
    book = change(clean(), "p-1", quantity=tonnes(30, 10_000))
    lot = lot_of(change(book, "d-1", quantity=tonnes(40, 10_000)))
    assert "Q601" in lot.fired
    assert lot.confirmed is WASTE


def test_q601_shows_amounts_as_they_are_written() -> None:
    book = change_felling(clean(), "doc-1", volume=None)
    book = change(book, "f-1", quantity=Quantity(2_575_125_000, Unit.M3))
    (finding,) = findings(drawing(Draw("f-1", Quantity(2_600_555_000, Unit.M3)), book=book), "Q601")
    assert "2,600.555 ㎥ used, 2,575.125 ㎥ certified" in finding.found.en


def chips_without_moisture(cubic_metres: int, unit: Unit = Unit.M3) -> Casebook:
    """30 t without a moisture out of so many m³."""
    logs = change(clean(), "f-1", quantity=m3(100, unit))
    return change(logs, "p-1", quantity=tonnes(30, None), draws=(Draw("f-1", m3(cubic_metres, unit)),))


def test_q602_without_a_moisture_grants_the_highest_that_can_be_believed() -> None:
    """30 t at 70 % are 9 bone-dry t, of sugi at least 19.8 m³; 3 % are let pass. At 40 % they would be 18: a notice."""
    assert fired(chips_without_moisture(1)) == {"Q602", "Q605", "Q606"}
    assert findings(chips_without_moisture(1), "Q606")[0].is_notice
    assert excess(chips_without_moisture(1), "Q602") == 1 - Fraction(1, 22) * 10 / 9
    assert "Q602" in fired(chips_without_moisture(19))
    for book in (chips_without_moisture(20), chips_without_moisture(40)):
        assert "Q602" not in fired(book)
        assert unchecked(book, "Q602") == []
        assert lot_of(book).clean


def test_q602_grants_that_a_stack_is_solid_wood() -> None:
    assert "Q602" in fired(chips_without_moisture(19, Unit.M3_STACKED))
    assert "Q602" not in fired(chips_without_moisture(20, Unit.M3_STACKED))


def test_q602_counts_a_stack_that_went_out_at_the_least_that_it_can_be() -> None:
    stacked = change(clean(), "p-1", quantity=m3(40, Unit.M3_STACKED))
    book = change(stacked, "d-1", quantity=m3(40, Unit.M3_STACKED))
    assert unchecked(book, "Q602") == []
    assert lot_of(book).clean
    assert "Q602" in fired(change(book, "p-1", quantity=m3(4_000, Unit.M3_STACKED)))


def test_q602_grants_a_draw_in_another_unit_no_more_than_the_certificate_can_hold() -> None:
    tonne_draws = Draw("f-1", tonnes(40))
    small = change(clean(), "f-1", quantity=m3(1))
    assert "Q602" in fired(drawing(tonne_draws, book=small))
    assert excess(drawing(tonne_draws, book=small), "Q602") == 1 - Fraction(1, 22) * 10 / Fraction(174, 10)
    assert "Q602" not in fired(drawing(tonne_draws))


def test_q602_counts_what_earlier_uses_in_any_unit_must_have_taken() -> None:
    """80 m³ hold at most 36.4 bone-dry t; three records of 17.4 t each are more, each by itself is not."""
    tonne_draws = (Draw("f-1", tonnes(30)),)
    book = change(change(clean(), "f-1", quantity=m3(80)), "p-1", draws=tonne_draws)
    book = copy(book, "p-1", "p-0", date=EARLIER, buyer=HEIWA.id)
    assert "Q602" not in fired(book)
    book = copy(book, "p-1", "p-00", date=EARLIER, buyer=HEIWA.id)
    (finding,) = findings(book, "Q602")
    assert finding.record == "p-1"
    assert "Q602" in fired(change(book, "p-1", draws=(Draw("f-1", m3(40)),)))
    assert "Q602" not in fired(change(book, "p-00", seller=MARUMATSU.id, accreditation_number="長木-078"))


def test_q602_concerns_what_lies_above_what_came_in() -> None:
    assert excess(TRADED_M3, "Q602") == Fraction(10, 50)


def test_g701_falls_to_the_lowest_class_that_came_in() -> None:
    lot = lot_of(two_classes())
    assert lot.confirmed is GENERAL
    assert lot.by_class is not None
    assert lot.by_class[THINNED] == 0


def test_g701_speaks_instead_of_p504() -> None:
    assert fired(two_classes()) == {"G701"}
    assert fired(change(general(), "p-1", form=Form.F2_1, fuel_class=THINNED)) == {"P504"}


def test_a_mixture_in_units_that_cannot_be_compared_counts_as_its_lowest_class() -> None:
    book = copy(clean(), "f-1", "f-2", quantity=m3(50, Unit.M3_STACKED), documents=("doc-1",), area=None)
    lot = lot_of(drawing(Draw("f-1", m3(40)), Draw("f-2", m3(10, Unit.M3_STACKED)), book=book))
    assert lot.confirmed is WASTE
    assert "H316" in lot.fired
    assert not lot.clean


def test_declared_waste_needs_no_family_but_its_balance() -> None:
    book = of_class(drawing(Draw("f-1", m3(101))), WASTE)
    assert fired(change(book, "f-1", area=None)) == {"Q601", "Q603"}


def test_a_lot_that_is_a_felling_certificate_is_its_own_source() -> None:
    book = remove(remove(change(clean(), "f-1", buyer=PLANT.id), "p-1"), "d-1")
    lot = lot_of(book, "f-1")
    assert lot.sources == (("f-1", lot.dry_grams),)


@pytest.mark.parametrize("quantity", [m3(40), tonnes(30), m3(90, Unit.M3_LOOSE)], ids=["its unit", "t", "loose m³"])
def test_a_supplement_brings_no_wood_in_whatever_unit(quantity: Quantity) -> None:
    book = correct(copy(clean(), "f-1", "f-0"), "f-0", Action.SUPPLEMENT, EARLIER, by="f-1")
    book = drawing(Draw("f-1", quantity), book=book)
    (found,) = findings(book, "Q601")
    assert (found.record, found.excess) == ("p-1", Fraction(1))
    assert "他の証明書を補うだけ" in found.found.ja
    assert lot_of(book).confirmed is WASTE
    assert not unchecked(book, "Q601")


def test_water_does_not_turn_to_wood_by_a_drier_draw() -> None:
    logs = change(clean(), "f-1", quantity=tonnes(10, 6_000))
    book = change(drawing(Draw("f-1", tonnes(10, 0)), book=logs), "p-1", quantity=tonnes(9, 0))
    (found,) = findings(book, "Q602")
    assert found.excess == Fraction(5, 9)
    dried = change(drawing(Draw("f-1", tonnes(5, 2_000)), book=logs), "p-1", quantity=tonnes(4, 0))
    assert not findings(dried, "Q602")
