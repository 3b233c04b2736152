"""Drawing on stock, first in, first out: exact amounts, and never more than is left."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate, Draw, Process
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.services.stock import Drawn, Received, Wanted, first_in_first_out, needed, received, unfit
from biotrace.verify.case import case_of_casebook
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from tests import casebooks
from tests.casebooks import m3, tonnes

DAY = date(2014, 11, 19)
BARE = casebooks.remove(casebooks.remove(casebooks.clean(), "d-1"), "p-1")


def stock_of(book: Casebook, day: date = DAY) -> dict[str, Received]:
    """What otsu holds by this casebook, in the order of first in, first out."""
    case = case_of_casebook(book)
    return {held.closed.certificate: held for held in received(fold(case, RULES, RINYA_2012), case, "otsu", day)}


def holding(*certificates: Certificate, volume: int = 10_000) -> Casebook:
    """A casebook in which otsu received these, on a notice that allows ``volume`` m³."""
    book = casebooks.change_felling(BARE, "doc-1", volume=volume * 1_000_000)
    return replace(book, certificates=certificates)


def felling(name: str, quantity: Quantity, day: int = 27, species: tuple[str, ...] = ("スギ",)) -> Certificate:
    """A felling certificate of June 2014 made out to otsu."""
    issued = date(2014, 6, day)
    return replace(casebooks.FELLING, id=name, number=name, quantity=quantity, date=issued, species=species)


def wanted(quantity: Quantity, process: Process = Process.CHIPPING, *species: str) -> Wanted:
    """Thinned wood."""
    return Wanted(quantity, FuelClass.THINNED, process, species)


def drawn(book: Casebook, want: Wanted) -> list[tuple[str, int]]:
    """Draws that cover what is wanted, in base units."""
    result = first_in_first_out(list(stock_of(book).values()), want)
    assert result.covered == want.quantity.amount
    return [(draw.certificate, draw.quantity.amount) for draw in result.draws]


def test_the_oldest_comes_first_whatever_its_place_in_the_file() -> None:
    book = holding(felling("new", m3(10), 29), felling("old", m3(10), 21), felling("middle", m3(10), 25))
    assert list(stock_of(book)) == ["old", "middle", "new"]
    assert drawn(book, wanted(m3(25))) == [("old", 10_000_000), ("middle", 10_000_000), ("new", 5_000_000)]


@pytest.mark.parametrize(
    ("species", "expected"),
    [
        (("スギ",), 2_200_000),
        (("ナラ",), 1_700_000),
        (("スギ", "ヒノキ"), 2_200_000),
        (("スギ", "ナラ"), 2_200_000),  # mixed: as softwood, which makes less of a cubic metre
        (("エリートツリー",), 2_200_000),
        ((), 2_200_000),
    ],
)
def test_a_dry_tonne_takes_the_volume_of_its_species(species: tuple[str, ...], expected: int) -> None:
    book = casebooks.change_felling(holding(felling("c", m3(10), species=species)), "doc-1", species=species)
    assert drawn(book, wanted(tonnes(1, 0))) == [("c", expected)]


def test_hardwood_logs_go_out_as_they_came_in() -> None:
    """Not by their dry weight as softwood: 10 m³ sold are 10 m³ drawn."""
    book = holding(felling("c", m3(10), species=("ナラ",)))
    assert drawn(book, wanted(m3(10), Process.TRADING)) == [("c", 10_000_000)]


@pytest.mark.parametrize(
    ("source", "out", "process", "expected"),
    [
        (tonnes(10, 5_000), tonnes(1, 2_000), Process.DRYING, 1_600_000),
        (tonnes(10, 5_000), tonnes(1, 2_000), Process.TRADING, 1_000_000),
        (tonnes(10, 5_000), tonnes(1, None), Process.CHIPPING, 1_000_000),
        (tonnes(10, None), tonnes(1, 4_000), Process.CHIPPING, 1_000_000),  # unstated: the profile's 40 %
        (tonnes(10, None), Quantity(500_000, Unit.KG, None), Process.CHIPPING, 500_000),
        (Quantity(9_000_000, Unit.KG, 4_000), tonnes(1, 4_000), Process.CHIPPING, 1_000_000),
        (m3(10), m3(6, Unit.M3_LOOSE), Process.CHIPPING, 2_000_000),
        (m3(10, Unit.M3_LOOSE), m3(2), Process.CHIPPING, 6_000_000),
        (m3(10, Unit.M3_STACKED), m3(2, Unit.M3_STACKED), Process.TRADING, 2_000_000),
        (m3(10), tonnes(1, None), Process.CHIPPING, 1_320_000),
    ],
)
def test_what_one_unit_takes_of_another(source: Quantity, out: Quantity, process: Process, expected: int) -> None:
    assert drawn(holding(felling("c", source)), wanted(out, process)) == [("c", expected)]


@pytest.mark.parametrize(
    ("source", "out"),
    [(m3(10, Unit.M3_STACKED), tonnes(1)), (m3(10), m3(1, Unit.M3_STACKED)), (tonnes(10, 10_000), tonnes(1, 4_000))],
)
def test_without_a_factor_nothing_is_drawn(source: Quantity, out: Quantity) -> None:
    (held,) = stock_of(holding(felling("c", source))).values()
    assert needed(held, wanted(out)) is None
    assert "換算係数がない" in str(unfit(held, wanted(out)))
    assert first_in_first_out([held], wanted(out)) == Drawn((), 0)


def test_amounts_are_exact_and_rounded_up_by_less_than_one_base_unit() -> None:
    book = holding(felling("c", m3(100)))
    assert drawn(book, wanted(tonnes(6, 4_200))) == [("c", 7_656_000)]  # 6 × 0.58 × 2.2, exactly
    assert drawn(book, wanted(Quantity(1, Unit.T, 4_321))) == [("c", 2)]  # 1.24938 cm³


amounts = st.integers(1, 10**12)


@given(
    held=st.lists(st.tuples(amounts, st.sampled_from([Unit.M3, Unit.T, Unit.M3_LOOSE])), min_size=1, max_size=5),
    amount=amounts,
    moisture=st.none() | st.integers(0, 9_999),
)
@settings(max_examples=60)
def test_no_draw_exceeds_what_is_left_and_no_gram_is_missing(
    held: list[tuple[int, Unit]], amount: int, moisture: int | None
) -> None:
    certificates = [felling(f"c-{i}", Quantity(quantity, unit), 20 + i) for i, (quantity, unit) in enumerate(held)]
    stock = stock_of(holding(*certificates, volume=10**9))
    want = wanted(Quantity(amount, Unit.T, moisture))
    result = first_in_first_out(list(stock.values()), want)
    shares = Fraction(0)
    for place, draw in enumerate(result.draws):
        whole = needed(stock[draw.certificate], want)
        assert whole is not None
        assert 0 < draw.quantity.amount <= stock[draw.certificate].left
        if place < len(result.draws) - 1:
            assert draw.quantity.amount == stock[draw.certificate].left
        else:
            exact = (1 - shares) * whole
            assert draw.quantity.amount == min(stock[draw.certificate].left, math.ceil(exact))
        shares += draw.quantity.amount / whole
    if shares >= 1:
        assert result.covered == amount
    else:
        assert len(result.draws) == len(stock)
        assert result.covered == math.floor(shares * amount)


# what may be drawn on


def perhaps_expired(book: Casebook) -> Casebook:
    """The book with an old accreditation of the feller's whose last day is not stated."""
    return casebooks.change_accreditation(book, "kousei", start=date(2010, 4, 1), until=None)


@pytest.mark.parametrize(
    ("book", "ja"),
    [
        (holding(replace(felling("f-1", m3(10)), area=None)), "指摘 H316"),
        (casebooks.correct(holding(felling("f-1", m3(10))), "f-1", Action.CANCEL), "取消・差替え・保留"),
        (casebooks.correct(holding(felling("f-1", m3(10))), "f-1", Action.HOLD), "取消・差替え・保留"),
        (perhaps_expired(holding(felling("f-1", m3(10)))), "未検査 A203"),
    ],
)
def test_what_is_not_confirmed_is_barred_with_the_reason(book: Casebook, ja: str) -> None:
    held = stock_of(book)["f-1"]
    assert held.barred is not None
    assert ja in held.barred.ja
    assert first_in_first_out([held], wanted(m3(1))).covered == 0


def test_a_fault_far_up_the_chain_is_the_reason_too() -> None:
    """Chips bought from a trader who bought the wood of a certificate without its area."""
    chips = replace(casebooks.PROCESSING, id="p-9", seller="heiwa", accreditation_number="長木-056", buyer="otsu")
    book = holding(replace(felling("f-1", m3(100)), area=None, buyer="heiwa"), chips)
    assert "指摘 H316" in str(stock_of(book)["p-9"].barred)
    open_question = perhaps_expired(holding(replace(felling("f-1", m3(100)), buyer="heiwa"), chips))
    assert "未検査 A203" in str(stock_of(open_question)["p-9"].barred)


def test_what_came_after_the_day_of_issue_is_barred() -> None:
    book = holding(felling("c", m3(10), 27))
    assert stock_of(book, date(2014, 6, 27))["c"].barred is None
    assert "証明日 2014-06-26 より後" in str(stock_of(book, date(2014, 6, 26))["c"].barred)


def test_a_draw_in_another_unit_leaves_unknown_what_is_left() -> None:
    """Q601 does not count it, so the rest may be gone."""
    book = casebooks.change(casebooks.clean(), "p-1", draws=(Draw("f-1", tonnes(30)),))
    assert "残りが分からない" in str(stock_of(book)["f-1"].barred)


def test_only_what_is_left_counts_and_only_what_was_made_out_to_the_party() -> None:
    book = casebooks.add(casebooks.clean(), felling("f-2", m3(7), 28), replace(felling("f-3", m3(7)), buyer="heiwa"))
    book = casebooks.change_felling(book, "doc-1", volume=10**12)
    assert {name: held.quantity_left for name, held in stock_of(book).items()} == {"f-1": m3(60), "f-2": m3(7)}
    all_used = casebooks.change(book, "p-1", draws=(Draw("f-1", m3(100)),))
    assert list(stock_of(all_used)) == ["f-2"]


def test_other_species_and_another_class_do_not_serve() -> None:
    held = stock_of(holding(felling("c", m3(10))))["c"]
    assert unfit(held, wanted(m3(1))) is None
    assert unfit(held, wanted(m3(1), Process.TRADING, "ヒノキ", "スギ")) is None
    assert "樹種が違う: スギ" in str(unfit(held, wanted(m3(1), Process.TRADING, "ヒノキ")))
    assert "区分が違う" in str(unfit(held, replace(wanted(m3(1)), fuel_class=FuelClass.GENERAL)))
