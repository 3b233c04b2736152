"""What a request leaves open: the running number, and the accreditation number of the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Draw, Statement
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Accreditation, Party, Role
from biotrace.services.request import FORM_OF, Request, certificate_for, check_request
from tests.casebooks import FELLING, OTSU, PLANT, PROCESSING, m3, tonnes

DAY = date(2014, 11, 19)
REQUEST = Request("plant-8", tonnes(10), FuelClass.THINNED, DAY)


def made(request: Request = REQUEST, seller: Party = OTSU, others: Iterable[Certificate] = ()) -> Certificate:
    """The certificate for a request that draws on f-1."""
    known = {c.id: c for c in (FELLING, *others)}
    return certificate_for(request, seller, PLANT, [Draw("f-1", m3(14))], known)


@pytest.mark.parametrize(
    ("day", "used", "expected"),
    [
        (date(2014, 4, 1), [], "2014-0001"),
        (date(2015, 3, 31), [], "2014-0001"),
        (date(2015, 4, 1), ["2014-0001"], "2015-0001"),
        (DAY, ["2014-0001", "2014-0002"], "2014-0003"),
        (DAY, ["2014-0002"], "2014-0003"),
        (DAY, ["26-001", "26-017"], "26-018"),
        (date(2015, 4, 1), ["第26-017号"], "第27-001号"),
        (DAY, ["2014-0001", "乙-7", None], "2014-0002"),
        (DAY, [f"2014-{i:04}" for i in range(1, 10_000)], "2014-10000"),
    ],
)
def test_numbers_run_within_the_fiscal_year_past_those_in_use(day: date, used: list[str | None], expected: str) -> None:
    others = [replace(PROCESSING, id=f"p-{i}", number=number) for i, number in enumerate(used)]
    strangers = [replace(PROCESSING, id="x", seller="heiwa", number=expected)]
    assert made(replace(REQUEST, day=day), others=[*others, *strangers]).number == expected


def accredited(*held: Accreditation) -> Party:
    return replace(OTSU, accreditations=held)


OLD = Accreditation(date(2011, 4, 1), "旧-1", "nagano-body", date(2014, 3, 31))
NEW = Accreditation(date(2014, 4, 1), "新-2", "nagano-body", date(2017, 3, 31))


@pytest.mark.parametrize(
    ("held", "day", "expected"),
    [
        ((OLD, NEW), date(2014, 3, 31), "旧-1"),
        ((OLD, NEW), date(2014, 4, 1), "新-2"),
        ((NEW, OLD), date(2014, 4, 1), "新-2"),
        ((replace(OLD, until=date(2015, 3, 31)), replace(NEW, revoked=DAY)), DAY, "旧-1"),
        ((replace(OLD, until=None),), DAY, "旧-1"),
        ((OLD,), DAY, "旧-1"),  # none in force: the rules will say so
        ((replace(OLD, number=None, self_declared=True),), DAY, None),
        ((), DAY, None),
    ],
)
def test_the_accreditation_number_is_that_of_the_day(
    held: tuple[Accreditation, ...], day: date, expected: str | None
) -> None:
    assert made(replace(REQUEST, day=day), accredited(*held)).accreditation_number == expected


def test_the_rest_is_what_the_form_asks_for() -> None:
    certificate = made(replace(REQUEST, vehicle="28-58", to_site="plant-8"))
    assert certificate.statements == (Statement.ALL_OF_CLASS, Statement.SEGREGATED)
    assert (certificate.form, certificate.species, certificate.vehicle) == (
        FORM_OF[FuelClass.THINNED],
        ("スギ",),
        "28-58",
    )
    assert made(replace(REQUEST, species=("ヒノキ",))).species == ("ヒノキ",)


@pytest.mark.parametrize(
    ("request_", "buyer", "ja"),
    [
        (replace(REQUEST, fuel_class=FuelClass.GENERAL_WASTE), PLANT, "一般廃棄物の証明書はありません"),
        (REQUEST, OTSU, "自社あて"),
        (replace(REQUEST, day=date(2014, 11, 20)), PLANT, "より後です"),
        (replace(REQUEST, number="乙-1"), PLANT, "すでにあります"),
    ],
)
def test_what_no_certificate_can_say_is_refused(request_: Request, buyer: Party, ja: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_request(request_, OTSU, buyer, DAY, [PROCESSING])
    assert ja in refused.value.message.ja
    assert refused.value.remedy is not None


def test_an_ordinary_request_passes() -> None:
    check_request(replace(REQUEST, number="乙-2"), OTSU, PLANT, DAY, [PROCESSING])
    assert Role.PLANT in PLANT.roles
