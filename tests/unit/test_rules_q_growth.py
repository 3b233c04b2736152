"""However often wood is certified, split, converted or measured anew, it does not become more (Q602, Q606, P513)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate, Draw, Goods, Mixed, Process, Share
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Role
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Site
from biotrace.verify.effect import Effect
from tests.books import YARD, burned, said, with_books
from tests.casebooks import (
    DELIVERY,
    FELLING,
    HEIWA,
    OTSU,
    PLANT,
    PROCESSING,
    Bad,
    Good,
    change,
    change_felling,
    clean,
    copy,
    findings,
    fired,
    judged,
    logs_direct,
    lot_of,
    m3,
    row_name,
    tonnes,
)

NOTICE, UNPROVEN = Effect.NOTICE, Effect.UNPROVEN
WASTE, THINNED = FuelClass.CONSTRUCTION_WASTE, FuelClass.THINNED
JULY = date(2014, 7, 1)


def chain(*hops: Quantity, process: Process = Process.TRADING, arrived: Quantity | None = None) -> Casebook:
    """Logs (the first quantity), and certificates of one firm, each over all of the one before; then to the plant."""
    firm: dict[str, Any] = {"seller": OTSU.id, "buyer": OTSU.id, "process": process, "goods": Goods.LOGS, "date": JULY}
    made: list[Certificate] = [replace(FELLING, quantity=hops[0])]
    for place, quantity in enumerate(hops[1:], 1):
        draws = (Draw(made[-1].id, made[-1].quantity),)
        made.append(replace(PROCESSING, id=f"p-{place}", quantity=quantity, draws=draws, **firm))
    made[-1] = replace(made[-1], buyer=PLANT.id)
    last = replace(DELIVERY, certificate=made[-1].id, goods=Goods.LOGS, quantity=arrived or hops[-1])
    return replace(change_felling(clean(), "doc-1", volume=None), certificates=tuple(made), deliveries=(last,))


def proven(book: Casebook, record: str = "d-1") -> int:
    """Bone-dry grams that are confirmed as the class that is declared."""
    return judged(book)[record].composition.grams.get(THINNED, 0)


def growing(first: Quantity, hops: int, percent: int) -> tuple[Quantity, ...]:
    """Each so many percent above the one before."""
    amounts = [first.amount]
    for _ in range(hops):
        amounts.append(amounts[-1] * (100 + percent) // 100)
    return tuple(replace(first, amount=amount) for amount in amounts)


WET, UNSTATED = tonnes(100, 6_000), tonnes(100, None)
CUBIC, LOOSE, STACKED = m3(100), m3(100, Unit.M3_LOOSE), m3(100, Unit.M3_STACKED)
SMALL_STACK = m3(3, Unit.M3_STACKED)


# many hops


@pytest.mark.parametrize("process", [Process.TRADING, Process.CHIPPING])
@pytest.mark.parametrize("first", [WET, UNSTATED, CUBIC, LOOSE], ids=["t", "t, moisture unstated", "m³", "loose m³"])
def test_a_hundred_tolerances_are_no_more_than_one(first: Quantity, process: Process) -> None:
    hops = growing(first, 100, 3)
    most = proven(chain(first, first, process=process))
    assert most - 100 <= proven(chain(*hops, process=process)) <= most * Fraction(103, 100)  # rounded at every hop
    assert findings(chain(*hops, process=process), "Q602")[0].record == "p-2"


@pytest.mark.parametrize("process", [Process.TRADING, Process.CHIPPING])
@pytest.mark.parametrize(
    "first", [WET, UNSTATED, CUBIC, LOOSE, STACKED], ids=["t", "t, moisture unstated", "m³", "loose m³", "stacked m³"]
)
def test_a_hundred_hops_of_the_same_wood_are_in_order(first: Quantity, process: Process) -> None:
    book = chain(*[first] * 101, process=process)
    assert not {"Q601", "Q602"} & fired(book)
    assert lot_of(book).clean


def test_one_hop_may_be_three_percent_above_wherever_it_is() -> None:
    for place in (1, 2, 50):
        book = chain(*[WET] * place, *[tonnes(103, 6_000)] * (51 - place))
        assert lot_of(book).clean


def test_what_rounding_adds_up_to_is_found_where_it_passes_the_tolerance() -> None:
    """+1 % at each of five hops: the third is 3.03 % above what was felled."""
    book = chain(*growing(WET, 5, 1))
    assert [f.record for f in findings(book, "Q602")] == ["p-3"]
    assert findings(book, "Q602")[0].excess == 1 - Fraction(100_000_000, 103_030_100)


def test_who_comes_after_does_not_answer_for_it_again() -> None:
    """Twice as much as came in: half of it is unproven there, and stays so, through ten more hops and at the gate."""
    double = tonnes(200, 6_000)
    book = chain(WET, *[double] * 11)
    assert [f.record for f in findings(book, "Q602")] == ["p-1"]
    assert proven(book) == 40_000_000
    assert "Q606" not in fired(book)


# conversions


@pytest.mark.parametrize(
    "between",
    [
        (m3(100, Unit.M3_STACKED),),
        (m3(100, Unit.M3_STACKED), m3(900, Unit.M3_STACKED)),
        (m3(5, Unit.M3_LOOSE), m3(900, Unit.M3_STACKED)),
        (tonnes(1, None), m3(100, Unit.M3_STACKED)),
        (m3(100, Unit.M3_STACKED), tonnes(1, None)),
    ],
    ids=["stacked", "a larger stack", "loose, stacked", "t, stacked", "stacked, t"],
)
def test_a_cubic_metre_that_is_stacked_does_not_come_out_as_forty_tonnes(between: tuple[Quantity, ...]) -> None:
    """1 m³ of sugi holds at most 0.455 bone-dry t."""
    book = chain(m3(1), *between, tonnes(40, 0), process=Process.CHIPPING)
    assert "Q602" in fired(book)
    assert proven(book) <= 454_546 * Fraction(103, 100)
    assert lot_of(book).confirmed is WASTE


@pytest.mark.parametrize("unit", [Unit.M3_STACKED, Unit.M3_LOOSE])
def test_nor_at_the_gate_of_the_plant(unit: Unit) -> None:
    book = chain(m3(1), m3(3, unit), arrived=tonnes(40, 0))
    (found,) = findings(book, "Q606")
    assert (found.record, found.effect) == ("d-1", UNPROVEN)
    assert proven(book) <= 454_546


def test_a_weight_without_moisture_holds_no_more_than_came_in() -> None:
    """100 t of logs at 60 % are 40 bone-dry t; the chips say no moisture, and are measured at the gate."""
    bare = chain(WET, UNSTATED, process=Process.CHIPPING, arrived=tonnes(100, 0))
    (found,) = findings(bare, "Q606")
    assert (found.effect, found.excess) == (UNPROVEN, Fraction(60, 100))
    assert "100 t (at least 100.000 bone-dry t) received of 100 t (at most 40.000 bone-dry t)" in found.found.en
    dried = chain(WET, UNSTATED, process=Process.CHIPPING, arrived=tonnes(50, 2_000))
    assert "Q606" not in fired(dried)


def test_a_weight_without_any_moisture_is_told_where_the_default_makes_more_of_it_than_came_in() -> None:
    book = chain(WET, UNSTATED, process=Process.CHIPPING)
    (found,) = findings(book, "Q606")
    assert found.effect is NOTICE
    assert "by default factors 60.000 bone-dry t" in found.found.en
    assert lot_of(book).clean


def test_loose_chips_as_they_come_out_of_logs_may_be_traded_on() -> None:
    """1 m³ makes about three loose ones: nothing has grown, whichever factor one takes."""
    for loose in (3, 4):
        book = chain(m3(1), *[m3(loose, Unit.M3_LOOSE)] * 5)
        assert lot_of(book).clean


def two_mills(*draws: Quantity) -> Casebook:
    """100 m³ of sugi, 45.5 bone-dry t at most, drawn on by one certificate after the other, each of all it draws."""
    logs = replace(FELLING, quantity=CUBIC)
    mills = [
        replace(PROCESSING, id=f"p-{i}", quantity=q, draws=(Draw("f-1", q),), goods=Goods.LOGS, buyer=HEIWA.id)
        for i, q in enumerate(draws, 1)
    ]
    return replace(clean(), certificates=(logs, *mills), deliveries=())


def test_what_is_left_of_logs_goes_by_the_share_that_others_took_in_its_own_unit() -> None:
    """Of 100 m³ 90 are gone: however light the wood is, what is left is a tenth of it."""
    book = two_mills(m3(90), tonnes(20, 0))
    (found,) = findings(book, "Q602")
    assert found.record == "p-2"
    assert found.excess is not None
    assert round(found.excess * 20_000_000) == 20_000_000 - 4_545_454
    assert "Q602" not in fired(two_mills(m3(90), tonnes(4, 0)))


def test_one_record_draws_no_more_than_is_left_whatever_the_order_of_its_draws() -> None:
    """50 m³ and 30 t of a certificate for 100 m³: 45.5 bone-dry t together."""
    for draws in ((m3(50), tonnes(30, 0)), (tonnes(30, 0), m3(50))):
        taken = tuple(Draw("f-1", q) for q in draws)
        book = change(two_mills(m3(50)), "p-1", draws=taken, quantity=tonnes(50, 0))
        (found,) = findings(book, "Q602")
        assert "at most 45.455 bone-dry t in" in found.found.en


@pytest.mark.parametrize("cut", [1, 2], ids=["one draw", "two draws on the same"])
@pytest.mark.parametrize("sources", [1, 2], ids=["of one certificate", "of two at a time"])
@pytest.mark.parametrize("drawn", [STACKED, LOOSE, tonnes(18, None)], ids=["stacked m³", "loose m³", "t"])
def test_draws_that_leave_it_open_how_much_they_took_took_what_was_made_of_them(
    drawn: Quantity, sources: int, cut: int
) -> None:
    """Ten mills draw on 100 m³ in a unit of their own: 45.5 bone-dry t at most, whoever takes them."""
    logs = [replace(FELLING, id=f"f-{i}", quantity=CUBIC) for i in range(sources)]
    part = replace(drawn, amount=drawn.amount // cut)
    draws = tuple(Draw(each.id, part) for each in logs for _ in range(cut))
    mills = [replace(PROCESSING, id=f"p-{i}", draws=draws, quantity=tonnes(31 * sources)) for i in range(10)]
    book = replace(change_felling(clean(), "doc-1", volume=None), certificates=(*logs, *mills), deliveries=())
    assert sum(proven(book, mill.id) for mill in mills) <= 45_454_546 * sources + len(mills)  # rounded at each


@pytest.mark.parametrize(
    ("drawn", "chips"),
    [(m3(75, Unit.M3_LOOSE), 15), (m3(40, Unit.M3_STACKED), 15), (tonnes(20, None), 14)],
    ids=["loose m³", "stacked m³", "t"],
)
def test_and_honest_ones_come_out_even(drawn: Quantity, chips: int) -> None:
    """100 m³ of sugi, some 35 bone-dry t, in four truckloads of chips."""
    mills = [replace(PROCESSING, id=f"p-{i}", draws=(Draw("f-1", drawn),), quantity=tonnes(chips)) for i in range(4)]
    book = replace(clean(), certificates=(replace(FELLING, quantity=CUBIC), *mills), deliveries=())
    assert "Q602" not in fired(book)


@pytest.mark.parametrize(
    ("felled", "code"), [(m3(300, Unit.M3_STACKED), "Q602"), (tonnes(160, None), "Q602"), (tonnes(60, 0), "H314")]
)
def test_a_stack_holds_no_more_than_its_permit_allows(felled: Quantity, code: str) -> None:
    """A notice for 100 m³: with its tolerance 50 bone-dry t of sugi at most. Where H314 says so, nobody else has to."""
    mill = replace(PROCESSING, draws=(Draw("f-1", felled),), quantity=tonnes(60, 0))
    book = replace(clean(), certificates=(replace(FELLING, quantity=felled), mill), deliveries=())
    assert {"H314", "Q602"} & {f.code for j in judged(book).values() for f in j.findings if not f.is_notice} == {code}
    assert proven(book, "p-1") <= 50_000_000


# arrivals in another unit


def logs_at_gate(*loads: Quantity, certified: Quantity = CUBIC) -> Casebook:
    """Logs certified, and arriving in loads; sugi of 100 m³ is 45.5 bone-dry t at most and 28.6 at least."""
    book = change(logs_direct(), "f-1", quantity=certified)
    days = (date(2014, 11, 1 + place) for place in range(len(loads)))
    arrived = tuple(
        replace(book.deliveries[0], id=f"d-{place}", date=day, quantity=load)
        for place, (day, load) in enumerate(zip(days, loads, strict=True), 1)
    )
    return replace(change_felling(book, "doc-1", volume=None), deliveries=arrived)


def told(book: Casebook) -> list[tuple[str, Effect]]:
    """What Q606 says, record by record."""
    return [(f.record, f.effect) for f in findings(book, "Q606")]


def test_far_more_than_the_certificate_can_be_is_unproven_and_the_rest_stays() -> None:
    book = logs_at_gate(tonnes(100, 0))
    (found,) = findings(book, "Q606")
    assert (found.effect, found.excess) == (UNPROVEN, 1 - Fraction(45_454_546, 100_000_000))
    assert lot_of(book, "d-1").confirmed is WASTE
    assert proven(book, "d-1") == 45_454_546


def test_all_loads_of_a_certificate_count_in_their_order() -> None:
    """20 + 20 + 20 t on 45.5: of the third load 5.5 t are still covered, of the fourth nothing."""
    book = logs_at_gate(*[tonnes(20, 0)] * 4)
    assert told(book) == [("d-3", UNPROVEN), ("d-4", UNPROVEN)]
    excess = [f.excess for f in findings(book, "Q606")]
    assert excess == [1 - Fraction(5_454_546, 20_000_000), 1]
    assert "of which 40.000 t before" in findings(book, "Q606")[0].found.en


def test_a_draw_counts_as_a_load_does() -> None:
    """A mill takes 90 of the 100 m³; 20 bone-dry t of logs arrive on the same certificate."""
    book = change(logs_at_gate(tonnes(20, 0)), "f-1", buyer=OTSU.id)
    mill = replace(PROCESSING, date=JULY, draws=(Draw("f-1", m3(90)),), quantity=tonnes(30, 0))
    assert told(replace(book, certificates=(*book.certificates, mill))) == [("d-1", UNPROVEN)]
    assert told(book) == []


@pytest.mark.parametrize(
    ("load", "effect"),
    [
        (tonnes(47, 0), None),
        (Quantity(47_727_273, Unit.T, 0), None),
        (Quantity(47_727_274, Unit.T, 0), UNPROVEN),
        (tonnes(79, None), None),
        (tonnes(80, None), NOTICE),
        (tonnes(159, None), NOTICE),
        (tonnes(160, None), UNPROVEN),
        (m3(100, Unit.M3_STACKED), None),
    ],
    ids=str,
)
def test_within_the_range_of_the_factors_it_is_a_notice(load: Quantity, effect: Effect | None) -> None:
    """5 % above 45.454546 t. Without a moisture 79.5 t at the default of 40 %, and 159.1 t at the highest of 70 %."""
    assert [found for _, found in told(logs_at_gate(load))] == ([] if effect is None else [effect])


def test_wood_of_an_unknown_kind_may_be_the_heaviest_but_is_told() -> None:
    """100 m³: 45.5 bone-dry t of softwood, 58.8 of hardwood."""
    for tonnage, effect in ((47, []), (50, [NOTICE]), (61, [NOTICE]), (62, [UNPROVEN])):
        book = change(logs_at_gate(tonnes(tonnage, 0)), "f-1", species=())
        assert [found for _, found in told(book)] == effect


# drier than certified


@pytest.mark.parametrize(
    ("load", "effect"),
    [
        (tonnes(5, 2_000), None),
        (tonnes(10, 6_000), None),
        (tonnes(10, 7_000), None),
        (tonnes(10, 2_000), UNPROVEN),
        (tonnes(10, 0), UNPROVEN),
        (Quantity(5_250_000, Unit.T, 2_000), None),
        (Quantity(5_250_001, Unit.T, 2_000), NOTICE),
        (tonnes(10, 5_500), NOTICE),
        (tonnes(10, 5_300), NOTICE),
        (tonnes(10, 5_299), UNPROVEN),
    ],
    ids=lambda value: f"{value} {value.moisture}" if isinstance(value, Quantity) else str(value),
)
def test_wood_that_dries_gets_lighter_but_not_more(load: Quantity, effect: Effect | None) -> None:
    """10 t at 60 % are 4 bone-dry t. A moisture measured anew may be 5 points too low, a weight 5 % too high."""
    book = logs_at_gate(load, certified=tonnes(10, 6_000))
    assert [found for _, found in told(book)] == ([] if effect is None else [effect])
    assert lot_of(book, "d-1").clean is (effect is not UNPROVEN)


def test_what_lies_above_the_certificate_is_unproven_not_above_the_tolerance() -> None:
    book = logs_at_gate(tonnes(10, 2_000), certified=tonnes(10, 6_000))
    assert findings(book, "Q606")[0].excess == Fraction(4, 8)
    assert proven(book, "d-1") == 4_000_000


def test_loads_measured_one_by_one_may_differ_as_long_as_all_of_them_are_not_more() -> None:
    """Wetter and drier loads of one certificate make up for one another; drier ones alone do not."""
    wetter, drier = tonnes(5, 7_000), tonnes(5, 4_700)
    assert told(logs_at_gate(wetter, drier, certified=tonnes(10, 6_000))) == []
    assert told(logs_at_gate(tonnes(5, 3_000), tonnes(5, 3_000), certified=tonnes(10, 6_000))) == [("d-2", UNPROVEN)]


def trade(*hops: Quantity) -> list[str]:
    """Records on which Q602 speaks when wood is traded on so."""
    return [f.record for f in findings(chain(*hops), "Q602")]


def test_trading_does_not_dry_wood_without_making_it_lighter() -> None:
    wet = tonnes(10, 6_000)
    assert trade(wet, wet, tonnes(10, 0)) == ["p-2"]
    assert trade(wet, tonnes(10, 2_000)) == ["p-1"]
    assert findings(chain(wet, tonnes(10, 0)), "Q602")[0].excess == Fraction(6, 10)
    assert trade(wet, tonnes(5, 2_000)) == []
    assert trade(wet, tonnes(10, 5_500)) == []  # 5 points, as at the gate
    assert trade(wet, tonnes(10, 5_380)) == []  # and 3 %: 4.12 of 4 t
    assert trade(wet, tonnes(10, 5_379)) == ["p-1"]


def test_five_points_at_every_hop_are_no_more_than_once() -> None:
    hops = [tonnes(100, moisture) for moisture in range(6_000, 0, -400)]
    assert trade(*hops)[0] == "p-2"
    assert proven(chain(*hops)) <= 40_000_000 * Fraction(55, 50)


def test_a_drier_draw_weighs_no_more_in_a_mixture_than_its_certificate_holds() -> None:
    """Drawn as 10 t at 0 %, of a certificate for 10 t at 60 %: 4 of 8 bone-dry t, not 10 of 14."""
    logs = replace(FELLING, quantity=tonnes(10, 6_000))
    other = replace(logs, id="f-2", fuel_class=FuelClass.GENERAL)
    draws = (Draw("f-1", tonnes(10, 0)), Draw("f-2", tonnes(10, 6_000)))
    mixed = Mixed(PLANT.id, (Share(THINNED, 5_000), Share(FuelClass.GENERAL, 5_000)))
    chips = replace(PROCESSING, quantity=tonnes(8, 0), draws=draws, mixed=mixed, fuel_class=FuelClass.GENERAL)
    book = replace(clean(), certificates=(logs, other, chips), deliveries=())
    assert [grams for _, grams in judged(book)["p-1"].shares] == [4_000_000, 4_000_000]


def test_nor_does_a_weight_without_moisture() -> None:
    """30 t at 60 %, 12 bone-dry t, certified as 30 t without a moisture; 12 t of general wood go with it."""
    bare = chain(tonnes(30, 6_000), tonnes(30, None), process=Process.CHIPPING)
    general = replace(FELLING, id="f-2", fuel_class=FuelClass.GENERAL, quantity=tonnes(12, 0))
    draws = (Draw("p-1", tonnes(30, None)), Draw("f-2", tonnes(12, 0)))
    mixed = Mixed(PLANT.id, (Share(THINNED, 5_000), Share(FuelClass.GENERAL, 5_000)))
    chips = replace(PROCESSING, id="p-2", quantity=tonnes(24, 0), draws=draws, mixed=mixed)
    chips = replace(chips, fuel_class=FuelClass.GENERAL)
    inner = change(bare, "p-1", buyer=OTSU.id)
    book = replace(inner, certificates=(*inner.certificates, general, chips), deliveries=())
    assert [grams for _, grams in judged(book)["p-2"].shares] == [12_000_000, 12_000_000]


def test_of_an_exempt_mixture_only_what_is_certified_has_to_have_come_in() -> None:
    """Half of it is waste that needs no certificate: 40 bone-dry t came in for 80, and for no more once it dries."""
    shares = (Share(THINNED, 5_000), Share(WASTE, 5_000))
    lot: dict[str, Any] = {"mixed": Mixed(PLANT.id, shares), "fuel_class": WASTE}
    book = change(chain(WET, tonnes(200, 6_000), process=Process.CHIPPING), "p-1", **lot)
    assert not {"Q602", "Q606"} & fired(book)
    assert told(change(book, "d-1", quantity=tonnes(200, 2_000))) == [("d-1", UNPROVEN)]


# yards and plants


def test_a_plant_burns_no_more_than_can_have_come_into_what_it_took_in() -> None:
    """1 m³ of sugi as a stack of 3 m³, which can hold as little as 0.86 m³."""
    stack = chain(m3(1), SMALL_STACK)
    assert not said(with_books(stack, burned(Quantity(454_546, Unit.T, 0))), "F951")
    assert said(with_books(stack, burned(Quantity(454_547, Unit.T, 0))), "F951")
    bare = chain(WET, UNSTATED, process=Process.CHIPPING)
    assert not said(with_books(bare, burned(tonnes(40, 0))), "F951")
    assert said(with_books(bare, burned(Quantity(40_000_001, Unit.T, 0))), "F951")


def test_nor_does_more_leave_a_yard() -> None:
    book = change(chain(m3(1), SMALL_STACK, SMALL_STACK, process=Process.CHIPPING), "p-1", to_site=YARD.id)
    book = change(book, "p-2", from_site=YARD.id, quantity=tonnes(40, 0))
    (found,) = said(with_books(book, YARD), "Q607")
    assert found.excess == 1 - Fraction(454_546 + 454_546, 40_000_000)


# a certificate to oneself


def to_itself(**changes: Any) -> Casebook:
    """The chips go through a certificate of the mill to itself (p-1), and then to the plant (p-2)."""
    book = copy(clean(), "p-1", "p-2", draws=(Draw("p-1", tonnes(30)),), process=Process.TRADING)
    book = change(book, "d-1", certificate="p-2")
    return change(book, "p-1", **{"buyer": OTSU.id, **changes})


SITES = (Site("yard", OTSU.id), Site("mill", OTSU.id))
FELLED_ITSELF = change(clean(), "f-1", seller=OTSU.id, accreditation_number=PROCESSING.accreditation_number)
BETWEEN_YARDS = replace(to_itself(from_site="yard", to_site="mill"), sites=SITES)
ROWS = [
    Bad("P513", "chips", to_itself(), "p-1", NOTICE, "売り手も買い手も 乙チップ工業株式会社", "both seller and buyer"),
    Bad("P513", "one yard", replace(to_itself(from_site="yard"), sites=SITES), "p-1", NOTICE, "乙チップ", "both"),
    Bad(
        "P513",
        "from a yard to the same",
        replace(to_itself(from_site="yard", to_site="yard"), sites=SITES),
        "p-1",
        NOTICE,
        "乙チップ",
        "both",
    ),
]
ROWS_OK = [
    Good("P513", "to the plant", clean()),
    Good("P513", "from yard to mill", BETWEEN_YARDS),
    Good("P513", "who fells and chips has a felling-stage certificate of its own", FELLED_ITSELF),
    Good("P513", "its own plant", change(to_itself(), OTSU.id, roles=(Role.PROCESSOR, Role.PLANT))),
]


@pytest.mark.parametrize("row", ROWS, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()
    assert lot_of(row.book).clean


@pytest.mark.parametrize("row", ROWS_OK, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


# stacks, of which no default factor tells what they hold


def stacks(count: int, of: Quantity) -> Casebook:
    """So many certificates of the mill, each for a stack out of the one felling certificate."""
    draw = (Draw("f-1", of),)
    made = [replace(PROCESSING, id=f"p-{n}", draws=draw, quantity=of, process=Process.TRADING) for n in range(count)]
    return replace(clean(), certificates=(FELLING, *made), deliveries=())


def test_a_certificate_is_not_stacked_again_and_again() -> None:
    """100 m³ are at most 45.5 bone-dry t, a stack of 100 m³ at least 8.2: five may be, and the sixth is too much."""
    assert not {"Q601", "Q602"} & fired(stacks(5, STACKED))
    assert findings(stacks(10, STACKED), "Q602")[0].record == "p-5"


def test_nor_is_a_permit() -> None:
    """A notice for 100 m³, and ten certificates of a stack of 100 m³ on it."""
    felled = [replace(FELLING, id=f"f-{n}", number=f"26-{n}", quantity=STACKED) for n in range(10)]
    book = replace(clean(), certificates=tuple(felled), deliveries=())
    assert findings(book, "H314")[0].record == "f-3"
