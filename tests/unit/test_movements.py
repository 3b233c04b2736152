"""Which records move a party's wood, and as what: the lines of its book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw, Form, Mixed, Share
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Site, StockKind
from biotrace.verify.case import case_of_casebook
from biotrace.verify.movements import Move, Movement, movements, parts, trades
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.running_stock import RunningStock, running_stock
from biotrace.verify.span import Span, fiscal_span
from tests.books import YARD, burned, opening, stock, stocktake, with_books, withdrawal
from tests.casebooks import (
    DELIVERY,
    HEIWA,
    KOUSEI,
    MARUMATSU,
    OTSU,
    PLANT,
    add,
    change,
    clean,
    copy,
    correct,
    m3,
    remove,
    residues,
    tonnes,
)

THINNED, GENERAL = FuelClass.THINNED, FuelClass.GENERAL
YEAR = fiscal_span(2014)


def lines(book: Casebook, party: str = OTSU.id) -> tuple[Movement, ...]:
    """The lines of the party's book."""
    return movements(case_of_casebook(book), party, RINYA_2012)


def told(book: Casebook, party: str = OTSU.id) -> list[tuple[str, Move]]:
    """The records in the book, and what each of them is."""
    return [(line.record, line.move) for line in lines(book, party)]


def account(book: Casebook, party: str = OTSU.id, span: Span = YEAR) -> RunningStock:
    """The only account of the party's book."""
    (found,) = running_stock(lines(book, party), span)
    return found


def test_a_mill_takes_in_logs_and_sends_out_chips() -> None:
    came, left = lines(clean())
    assert (came.move, came.partner, came.quantity) == (Move.IN, KOUSEI.id, m3(100))
    assert (left.move, left.partner, left.quantity) == (Move.OUT, PLANT.id, tonnes(30))
    found = account(clean())
    assert (found.into, found.out) == (45_454_545, 17_400_000)  # 100 m³ at 2.2 m³ a tonne; 30 t less 42 % water
    assert found.closing == 28_054_545
    assert found.written == {(True, Unit.M3): 100_000_000, (False, Unit.T): 30_000_000}


def test_what_a_producer_fells_and_sells_goes_through_its_book() -> None:
    assert told(clean(), KOUSEI.id) == [("f-1", Move.THROUGH)]
    found = account(clean(), KOUSEI.id)
    assert (found.into, found.out, found.closing) == (45_454_545, 45_454_545, 0)


def test_a_delivery_at_a_plant_takes_the_place_of_its_certificate() -> None:
    assert told(clean(), PLANT.id) == [("d-1", Move.IN)]
    assert told(remove(clean(), "d-1"), PLANT.id) == [("p-1", Move.IN)]
    twice = add(clean(), replace(DELIVERY, id="d-2", quantity=Quantity(1_000_000, Unit.T)))
    assert told(twice, PLANT.id) == [("d-1", Move.IN), ("d-2", Move.IN)]
    (line,) = lines(clean(), PLANT.id)
    assert line.quantity.moisture == 4_200  # of the certificate


def test_a_delivery_at_a_yard_is_its_certificate_once_more() -> None:
    logs = replace(DELIVERY, id="d-2", at=OTSU.id, certificate="f-1", quantity=m3(100))
    assert told(add(clean(), logs)) == told(clean())
    without = add(clean(), replace(logs, certificate=None, fuel_class=GENERAL))
    assert ("d-2", Move.IN) in told(without)


def test_wood_without_a_paper_is_certified_as_nothing() -> None:
    book = add(clean(), replace(DELIVERY, id="d-2", at=OTSU.id, certificate=None, fuel_class=GENERAL))
    found = [t for t in trades(case_of_casebook(book), OTSU.id, RINYA_2012) if t.record == "d-2"]
    assert [(t.certified, t.certificate, t.classes) for t in found] == [((), None, ((GENERAL, Fraction(1)),))]


def test_cancelled_and_replaced_papers_move_nothing_and_those_on_hold_do() -> None:
    for action, moved in ((Action.CANCEL, False), (Action.HOLD, True)):
        book = correct(clean(), "p-1", action, date(2014, 12, 1))
        assert (("p-1", Move.OUT) in told(book)) is moved
    replaced = correct(copy(clean(), "p-1", "p-2"), "p-1", Action.REPLACE, date(2014, 12, 1), by="p-2")
    assert told(replaced) == [("f-1", Move.IN), ("p-2", Move.OUT)]


def test_wood_leaves_the_stock_of_the_class_that_was_drawn_on() -> None:
    came_and_left = [(line.move, line.fuel_class) for line in lines(residues(), MARUMATSU.id)]
    assert came_and_left[:2] == [(Move.IN, THINNED), (Move.IN, GENERAL)]
    assert sorted(came_and_left[2:]) == [(Move.OUT, GENERAL), (Move.OUT, THINNED)]
    out = [line for line in lines(residues(), MARUMATSU.id) if line.move is Move.OUT]
    assert sum(line.quantity.amount for line in out) == tonnes(30).amount
    assert sum(line.grams or 0 for line in out) == 17_400_000
    assert all(line.told for line in out)


def test_where_the_classes_drawn_on_cannot_be_told_the_certified_one_is_taken() -> None:
    book = residues()
    book = change(book, "f-1", quantity=m3(50, Unit.M3_STACKED))
    draws = (Draw("f-1", m3(20, Unit.M3_STACKED)), Draw("f-2", m3(20)))
    (out,) = [x for x in lines(change(book, "p-1", draws=draws), MARUMATSU.id) if x.move is Move.OUT]
    assert (out.fuel_class, out.told) == (GENERAL, False)


def test_a_mixed_lot_is_divided_by_its_shares() -> None:
    shares = (Share(THINNED, 3_333), Share(GENERAL, 6_667))
    mixed = change(clean(), "p-1", mixed=Mixed(PLANT.id, shares), fuel_class=GENERAL, form=Form.F2_4)
    found = {line.fuel_class: line for line in lines(mixed, PLANT.id)}
    assert found.keys() == {THINNED, GENERAL}
    assert sum(line.grams or 0 for line in found.values()) == 17_400_000
    assert found[THINNED].grams == 5_799_420


def test_yards_are_named_by_papers_or_are_the_only_one() -> None:
    named = change(with_books(clean(), YARD), "f-1", to_site=YARD.id)
    assert [line.site for line in lines(named)] == [YARD.id, YARD.id]
    two = with_books(named, Site("otsu-2", OTSU.id))
    assert [line.site for line in lines(two)] == [YARD.id, ""]
    assert [(a.site, a.closing) for a in running_stock(lines(two), YEAR)] == [("", -17_400_000), (YARD.id, 45_454_545)]


def test_a_book_that_begins_with_an_opening_stock_opens_with_it() -> None:
    """On the span's first day it is what the year begins with; later, or after a balance, it is a count."""
    book = with_books(clean(), YARD, opening(tonnes(10)), opening(tonnes(5), site=YARD.id))
    found = account(book)
    assert (found.opening, found.adjusted) == (8_700_000, 0)
    assert [line.balance for line in found.lines[:2]] == [5_800_000, 8_700_000]
    assert found.closing == found.opening + found.into - found.out
    later = account(with_books(clean(), YARD, opening(tonnes(10), date(2014, 4, 2))))
    assert (later.opening, later.adjusted) == (0, 5_800_000)
    counted = with_books(clean(), YARD, stocktake(tonnes(20), date(2014, 3, 31)), opening(tonnes(10)))
    assert (account(counted).opening, account(counted).adjusted) == (11_600_000, -5_800_000)


def test_counts_set_the_balance_at_their_day_and_what_they_changed_is_told() -> None:
    book = with_books(
        clean(),
        YARD,
        opening(tonnes(10)),
        opening(tonnes(5), site=YARD.id),
        stocktake(tonnes(50), date(2014, 6, 27)),
        withdrawal(tonnes(1), date(2014, 6, 28)),
    )
    found = account(book)
    assert [line.movement.move for line in found.lines] == [
        Move.OPENING,
        Move.OPENING,
        Move.IN,
        Move.STOCKTAKE,
        Move.WITHDRAWAL,
        Move.OUT,
    ]
    balances = [line.balance for line in found.lines]
    assert balances == [5_800_000, 8_700_000, 54_154_545, 29_000_000, 28_420_000, 11_020_000]
    assert found.lines[3].adjusted == 29_000_000 - 54_154_545
    assert found.opening + found.into - found.out + found.adjusted == found.closing == 11_020_000


def test_stacked_wood_stands_in_the_book_and_not_in_the_balance() -> None:
    book = change(clean(), "f-1", quantity=m3(100, Unit.M3_STACKED))
    found = account(book)
    assert [m.record for m in found.not_counted] == ["f-1"]
    assert (found.into, found.closing, found.lowest) == (0, -17_400_000, -17_400_000)
    counted = account(with_books(book, YARD, stocktake(m3(7, Unit.M3_STACKED), date(2014, 7, 1))))
    assert counted.closing == found.closing  # a count that no factor turns into grams counts nothing


def test_what_burned_leaves_the_plant_on_the_last_day_of_its_month() -> None:
    book = with_books(clean(), burned(tonnes(12), date(2016, 2, 1)))
    (_, line) = lines(book, PLANT.id)
    assert (line.move, line.day) == (Move.BURNED, date(2016, 2, 29))
    assert account(book, PLANT.id, Span(date(2016, 2, 1), date(2016, 2, 29))).closing == 17_400_000 - 6_960_000
    assert account(book, PLANT.id, Span(date(2016, 2, 1), date(2016, 2, 28))).closing == 17_400_000


def test_a_party_that_certifies_to_itself_moves_wood_in_and_out() -> None:
    book = copy(clean(), "p-1", "p-2", buyer=OTSU.id, quantity=tonnes(1))
    assert [move for record, move in told(book) if record == "p-2"] == [Move.IN, Move.OUT]
    own = change(clean(), "f-1", seller=OTSU.id)
    assert told(own) == [("f-1", Move.IN), ("p-1", Move.OUT)]


def test_others_books_are_not_in_it() -> None:
    elsewhere = with_books(
        clean(), Site("heiwa-1", HEIWA.id), stock(StockKind.OPENING, tonnes(1), date(2014, 4, 1), site="heiwa-1")
    )
    assert told(elsewhere) == told(clean())
    assert running_stock(lines(elsewhere, HEIWA.id), YEAR)[0].closing == 580_000


def test_nothing_is_lost_in_dividing() -> None:
    thirds = ((THINNED, Fraction(1, 3)), (GENERAL, Fraction(2, 3)))
    assert parts(100, thirds) == [(THINNED, 33), (GENERAL, 67)]
    assert parts(1, thirds) == [(THINNED, 0), (GENERAL, 1)]
