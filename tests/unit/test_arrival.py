"""What arrived against what the certificate says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from biotrace.model.quantity import Quantity, Unit
from biotrace.services.arrival import Arrival, delivery_of, difference
from tests.casebooks import FELLING, PROCESSING, m3, tonnes

DAY = date(2014, 11, 19)
KILOS = Quantity(30_000_000, Unit.KG, 4_200)


@pytest.mark.parametrize(
    ("certified", "measured", "moisture", "told"),
    [
        (tonnes(30), None, None, False),
        (tonnes(30), Quantity(31_500_000, Unit.T), None, False),  # 5 % is within
        (tonnes(30), Quantity(31_500_001, Unit.T), None, True),
        (tonnes(30), Quantity(28_499_999, Unit.T), None, True),
        (tonnes(30), KILOS, None, False),
        (tonnes(30), Quantity(30_000_000, Unit.T), 3_000, True),  # drier: more wood
        (tonnes(30, 4_000), Quantity(25_714_286, Unit.T), 3_000, False),  # dried: the same wood
        (m3(100), m3(104), None, False),
        (m3(100), m3(90), None, True),
        (m3(100), Quantity(75_000_000, Unit.T), 4_000, False),  # 45 bone-dry t, 45.5 by the default factor
        (m3(100), tonnes(100), 4_000, True),
        (m3(100, Unit.M3_STACKED), tonnes(100), None, False),  # no factor tells
    ],
)
def test_a_difference_beyond_five_percent_is_told(
    certified: Quantity, measured: Quantity | None, moisture: int | None, told: bool
) -> None:
    certificate = replace(PROCESSING, quantity=certified)
    delivery = delivery_of(Arrival(DAY, measured, moisture), certificate, "otsu")
    assert (difference(certificate, delivery, ()) is not None) is told


def test_trucks_on_one_certificate_count_together() -> None:
    first, second = (delivery_of(Arrival(DAY, m3(n)), FELLING, "otsu") for n in (60, 60))
    told = difference(FELLING, second, [first])
    assert told is not None
    assert told.ja == "量が違います: 証明 100 ㎥、計量 120 ㎥（2 回の計）  +20.0%"
    assert told.en == "the weight differs: certified 100 ㎥, measured 120 ㎥ (in 2 arrivals)  +20.0%"


def test_what_is_not_said_is_as_on_the_certificate() -> None:
    certificate = replace(PROCESSING, vehicle="28-58")
    delivery = delivery_of(Arrival(DAY), certificate, "otsu")
    assert (delivery.quantity, delivery.vehicle, delivery.sender) == (certificate.quantity, "28-58", "otsu")
