"""What else lay in a yard: nothing of what had been drawn on to the last."""

from __future__ import annotations

from datetime import date

import pytest

from biotrace.model.certificate import Draw, Form
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.verify.case import case_of_casebook
from biotrace.verify.pooled import Lying, pools
from biotrace.verify.profile import RINYA_2012
from tests.casebooks import OTSU, change, clean, copy, m3

CM3 = 1_000_000


def cut(amount: int) -> Quantity:
    """So many cm³."""
    return Quantity(amount, Unit.M3)


def lying(*used: int) -> list[Lying]:
    """What lay in the mill's yard when it made p-1 out of f-1: f-2 of 100 m³, drawn on so often before."""
    book = change(clean(), "p-1", date=date(2014, 11, 18), draws=(Draw("f-1", m3(10)),))
    book = copy(book, "f-1", "f-2", quantity=m3(100), number="第26-018号")
    for number, amount in enumerate(used):
        draws = (Draw("f-2", cut(amount)),)
        book = copy(book, "p-1", f"p-{number + 2}", date=date(2014, 11, 10), number=f"乙-{number + 2}", draws=draws)
    (pool,) = pools(case_of_casebook(book), OTSU.id, ["p-1"], RINYA_2012)
    return [x for x in pool.lying if not x.drawn]


@pytest.mark.parametrize(
    "used", [(100 * CM3,), (33_333_333, 33_333_333, 33_333_334), (14_285_715, *([14_285_714] * 5), 14_285_715)]
)
def test_what_is_used_up_in_parts_has_not_a_gram_left(used: tuple[int, ...]) -> None:
    """By thirds or sevenths no part is a whole number of grams, but all of them together are all that there was."""
    assert sum(used) == 100 * CM3
    assert lying(*used) == []


def test_what_is_left_is_told_with_what_it_says_of_itself() -> None:
    (left,) = lying(60 * CM3)
    assert (left.certificate, left.form, left.fuel_class) == ("f-2", Form.F1_PRIVATE, FuelClass.THINNED)
    assert left.left == 40 * CM3 * 10 // 22  # 2.2 m³ of softwood are a bone-dry tonne
