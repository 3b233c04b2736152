"""Q603 to Q606: yields, factors, moistures, and what arrived against what was certified."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw, Form, Goods, Medium, Process
from biotrace.model.correction import Action
from biotrace.model.quantity import Quantity, Unit
from biotrace.verify.effect import Effect
from tests.casebooks import (
    HEIWA,
    OTSU,
    PLANT,
    Bad,
    Good,
    change,
    change_felling,
    clean,
    copy,
    correct,
    findings,
    fired,
    judged,
    logs_direct,
    lot_of,
    m3,
    remove,
    residues,
    row_name,
    tonnes,
    unchecked,
)

NOTICE, UNPROVEN = Effect.NOTICE, Effect.UNPROVEN


def drawing(quantity: Quantity, book: Casebook | None = None) -> Casebook:
    """The chips draw so much from the logs."""
    return change(book or clean(), "p-1", draws=(Draw("f-1", quantity),))


def traded(quantity: Quantity) -> Casebook:
    """A trader buys the 30 t of chips and hands on so much."""
    book = remove(change(clean(), "p-1", buyer=HEIWA.id), "d-1")
    sold = {"seller": HEIWA.id, "accreditation_number": "長木-056", "buyer": PLANT.id, "process": Process.TRADING}
    return copy(book, "p-1", "p-2", **sold, quantity=quantity, draws=(Draw("p-1", tonnes(30)),))


def all_in_tonnes(moisture: int | None = 4_200) -> Casebook:
    """Logs by weight, so that nothing is converted."""
    return drawing(tonnes(31, moisture), change(clean(), "f-1", quantity=tonnes(60, moisture)))


UNSTATED = change(clean(), "p-1", quantity=tonnes(30, None))
WEIGHED_AGAIN = change(UNSTATED, "d-1", quantity=tonnes(30, 4_200))
OAK = change(change(clean(), "f-1", species=("ナラ",)), "p-1", species=("ナラ",))
HARDWOOD = change_felling(OAK, "doc-1", species=("ナラ",))
FEW_RESIDUES = change(residues(), "p-1", quantity=tonnes(3))
YIELDS = [
    Bad(
        "Q603",
        "little came out",
        drawing(m3(100)),
        "p-1",
        NOTICE,
        "全乾の歩留まり 0.38（目安 0.40〜1.00）",
        "yield of 0.38",
    ),
    Bad(
        "Q603",
        "more came out, if the wood was the kind that weighs least",
        drawing(m3(31), change(change(clean(), "f-1", species=()), "p-1", species=())),
        "p-1",
        NOTICE,
        "歩留まり 1.23",
        "yield of 1.23 (expected 0.40 to 1.00)",
        also=("H320",),
    ),
    Bad("Q603", "sold drier than bought", traded(tonnes(30, 4_000)), "p-2", NOTICE, "1.03", "1.03"),
]
YIELDS_OK = [
    Good("Q603", "the least", drawing(Quantity(95_700_000, Unit.M3))),
    Good("Q603", "3 % for weighing", drawing(Quantity(37_200_000, Unit.M3))),
    Good("Q603", "oak", drawing(m3(30), HARDWOOD)),
    Good("Q603", "residues are what is left over", change(FEW_RESIDUES, "d-1", quantity=tonnes(3))),
    Good("Q603", "too much is Q602's", drawing(m3(30)), also=("Q602",)),
]
MOISTURES = [
    Bad(
        "Q605",
        "chips",
        UNSTATED,
        "p-1",
        NOTICE,
        "30 t: 40% とみなした（幅 10%〜70%、総務省 2017",
        "30 t: taken as 40% (10% to 70%, 総務省 2017",
    ),
    Bad("Q605", "chips, and weighed with one at the gate", WEIGHED_AGAIN, "p-1", NOTICE, "30 t", "30 t"),
    Bad(
        "Q605",
        "a delivery by weight of logs in m³",
        change(logs_direct(), "d-1", quantity=tonnes(30, None)),
        "d-1",
        NOTICE,
        "30 t",
        "30 t",
    ),
    Bad("Q605", "a draw by weight on logs in m³", drawing(tonnes(30, None)), "p-1", NOTICE, "30 t", "30 t"),
]
MOISTURES_OK = [
    Good("Q605", "stated", clean()),
    Good("Q605", "0 % is one", change(change(clean(), "p-1", quantity=tonnes(17, 0)), "d-1", quantity=tonnes(17, 0))),
    Good("Q605", "m³ need none", logs_direct()),
    Good("Q605", "the delivery's is its certificate's", change(clean(), "d-1", quantity=tonnes(30, None))),
]


def on_one_load(book: Casebook, how: str = "vehicle") -> Casebook:
    """The chips certified on a paper for one truck."""
    paper: dict[str, dict[str, Any]] = {
        "vehicle": {"vehicle": "28-58"},
        "form": {"form": Form.F2_2},
        "medium": {"medium": Medium.DELIVERY_NOTE},
    }
    return change(book, "p-1", **paper[how])


def received(quantity: Quantity, book: Casebook | None = None) -> Casebook:
    """So much arrives at the plant."""
    return change(book or clean(), "d-1", quantity=quantity)


def logs_weighed(grams: int, moisture: int | None, vehicle: str | None = None) -> Casebook:
    """Logs certified as 100 m³ of sugi, 45.5 bone-dry t at most and 28.6 at least, weighed at the gate."""
    book = change(logs_direct(), "f-1", vehicle=vehicle)
    return change(book, "d-1", quantity=Quantity(grams, Unit.T, moisture))


SHORT = Quantity(28_499_999, Unit.T)
RECEIVED = [
    *(
        Bad(
            "Q606",
            f"too little on a paper for one load ({how})",
            received(SHORT, on_one_load(clean(), how)),
            "d-1",
            NOTICE,
            "乙-1 (p-1): 受入 28.499999 t、証明 30 t",
            "乙-1 (p-1): 28.499999 t received of 30 t",
        )
        for how in ("vehicle", "form", "medium")
    ),
    Bad(
        "Q606",
        "more than 100 m³ can weigh",
        logs_weighed(47_800_000, 0),
        "d-1",
        UNPROVEN,
        "受入 47.8 t (少なくとも 47.800 t (全乾))、証明 100 ㎥",
        "47.8 t (at least 47.800 bone-dry t) received of 100 ㎥",
    ),
    Bad(
        "Q606",
        "logs of which nobody knows how wet: more than 100 m³ are likely to weigh",
        logs_weighed(150_000_000, None),
        "d-1",
        NOTICE,
        "受入 150 t (標準の換算で 90.000 t (全乾))、証明 100 ㎥ (多くとも 45.455 t (全乾))",
        "150 t (by default factors 90.000 bone-dry t) received of 100 ㎥ (at most 45.455 bone-dry t)",
        also=("Q605",),
    ),
    Bad(
        "Q606",
        "less than 100 m³ can weigh, on one truck",
        logs_weighed(27_100_000, 0, "28-58"),
        "d-1",
        NOTICE,
        "多くとも 27.100 t (全乾)",
        "27.1 t (at most 27.100 bone-dry t) received of 100 ㎥",
    ),
]
RECEIVED_OK = [
    Good("Q606", "95 % on a paper for one load", received(Quantity(28_500_000, Unit.T), on_one_load(clean()))),
    Good("Q606", "105 %", received(Quantity(31_500_000, Unit.T), on_one_load(clean()))),
    Good("Q606", "more may come", received(SHORT)),
    Good("Q606", "above is Q601's", received(Quantity(31_500_001, Unit.T), on_one_load(clean())), also=("Q601",)),
    Good("Q606", "wet logs", logs_weighed(150_000_000, 6_900)),
    Good("Q606", "logs of which nobody knows how wet", logs_weighed(79_000_000, None), also=("Q605",)),
    Good("Q606", "few logs, and more may come", logs_weighed(10_000_000, 0)),
    Good("Q606", "as few as 100 m³ can weigh, less 5 %", logs_weighed(27_200_000, 0, "28-58")),
    Good(
        "Q606",
        "a withdrawn use is none",
        correct(received(SHORT, on_one_load(clean())), "p-1", Action.HOLD),
        also=("P508",),
    ),
]
ROWS = [*YIELDS, *MOISTURES, *RECEIVED]
NEAR = [*YIELDS_OK, *MOISTURES_OK, *RECEIVED_OK]


@pytest.mark.parametrize("row", ROWS, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()


@pytest.mark.parametrize("row", NEAR, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


@pytest.mark.parametrize("code", ["Q603", "Q604", "Q605", "Q606"])
def test_notices_never_cost_the_class(code: str) -> None:
    for row in ROWS:
        if row.code == code:
            confirmed = lot_of(row.book, "p-2" if row.record == "p-2" else "d-1").confirmed.value
            assert (confirmed == "thinned") is (row.effect is NOTICE)


def told(book: Casebook, record: str = "p-1") -> list[str]:
    """What Q604 says of a record."""
    return [f.found.en for f in findings(book, "Q604") if f.record == record]


def test_q604_names_factor_range_and_source() -> None:
    (said,) = told(clean())
    assert said == "40 ㎥ as 18.182 bone-dry t: softwood, m³ per bone-dry t 2.2 (2.2 to 3.5, 全木チ連 / 木材需給表)"
    (said,) = told(drawing(m3(40), HARDWOOD))
    assert "40 ㎥ as 23.529 bone-dry t: hardwood, m³ per bone-dry t 1.7 (1.4 to 2.2," in said


def test_q604_names_both_factors_of_loose_chips() -> None:
    book = drawing(m3(120, Unit.M3_LOOSE), change(clean(), "f-1", quantity=m3(300, Unit.M3_LOOSE)))
    (said,) = told(book)
    assert "loose m³ per m³ 3 (2.5 to 3.5, 全木チ連), softwood" in said


def test_q604_speaks_of_a_lot_in_cubic_metres() -> None:
    assert told(logs_direct(), "d-1") == [
        "40 ㎥ as 18.182 bone-dry t: softwood, m³ per bone-dry t 2.2 (2.2 to 3.5, 全木チ連 / 木材需給表)"
    ]
    assert told(clean(), "f-1") == []


def test_q604_speaks_of_draws_of_two_groups_of_wood() -> None:
    """Traded logs: the shares of sugi and oak are told by weight."""
    book = change(clean(), "p-1", goods=Goods.LOGS, process=Process.TRADING, quantity=m3(40), buyer=HEIWA.id)
    one = change(remove(book, "d-1"), "p-1", draws=(Draw("f-1", m3(40)),))
    assert told(one) == []
    oak = copy(one, "f-1", "f-2", species=("ナラ",), quantity=m3(20))
    (said,) = told(change(oak, "p-1", draws=(Draw("f-1", m3(20)), Draw("f-2", m3(20)))))
    assert "softwood" in said
    assert "hardwood" in said


def test_q604_is_passed_where_everything_was_weighed() -> None:
    assert told(all_in_tonnes()) == []
    assert {"Q604", "Q605"} <= judged(all_in_tonnes())["p-1"].passed


def test_q604_has_nothing_to_say_of_stacks_for_which_there_is_no_factor() -> None:
    book = drawing(m3(40, Unit.M3_STACKED), change(clean(), "f-1", quantity=m3(100, Unit.M3_STACKED)))
    assert told(book) == []
    assert unchecked(book, "Q603") == [False]
    assert lot_of(book).clean


def test_q606_says_where_it_could_not_compare() -> None:
    for book in (received(SHORT), logs_weighed(30_000_000, None), logs_weighed(10_000_000, 0)):
        assert unchecked(book, "Q606") == [False]
        assert lot_of(book).clean


def test_q606_adds_up_the_trucks_of_a_certificate_in_another_unit() -> None:
    """Two trucks of 30 t at 20 % are 48 bone-dry t; 100 m³ of sugi hold at most 45.5."""
    one = logs_weighed(30_000_000, 2_000)
    assert "Q606" not in fired(one)
    two = copy(one, "d-1", "d-2", time="11:00")
    (finding,) = findings(two, "Q606")
    assert finding.record == "d-2"
    stranger = change(two, "d-1", sender=OTSU.id)
    assert "Q606" not in fired(stranger)


def test_q606_adds_what_came_in_its_own_unit_to_what_came_in_another() -> None:
    """90 of 100 m³ are nine tenths of what they hold, 40.9 of 45.5 bone-dry t, however heavy the wood is: 4.5 t and 5 %
    of it all are left."""
    first = copy(logs_weighed(7_000_000, 0), "d-1", "d-0", date=date(2014, 11, 1), quantity=m3(90))
    (finding,) = findings(first, "Q606")
    assert finding.record == "d-1"
    assert finding.excess == 1 - Fraction(45_454_546, 10) / 7_000_000
    less = change(first, "d-1", quantity=Quantity(6_800_000, Unit.T, 0))
    assert "Q606" not in fired(less)
    later = copy(first, "d-1", "d-2", date=date(2014, 12, 1), quantity=m3(10))
    assert {f.record for f in findings(later, "Q606")} == {"d-1", "d-2"}


def test_q603_of_a_lot_whose_draws_weigh_nothing_cannot_be_told() -> None:
    wet = drawing(tonnes(40, 10_000), change(clean(), "f-1", quantity=tonnes(60, 10_000)))
    book = change(wet, "p-1", quantity=tonnes(30, 10_000))
    assert unchecked(change(book, "d-1", quantity=tonnes(30, 10_000)), "Q603") == [False]


def test_q602_of_the_excess_as_a_share() -> None:
    (finding,) = findings(drawing(m3(30)), "Q602")
    assert finding.excess == 1 - Fraction(30_000_000 * 10, 22) / 17_400_000
