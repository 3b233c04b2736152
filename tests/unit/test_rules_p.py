"""Family P: from the mill's gate to the plant's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw, Form, Goods, Origin, Process, Statement
from biotrace.model.correction import Action, Correction
from biotrace.model.fuel_class import FuelClass
from biotrace.verify.case import Case, Placed, case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.verdict import Status, pronounce
from tests.casebooks import (
    BOTH,
    FELLING,
    HEIWA,
    KOUSEI,
    MARUMATSU,
    OTHER_PLANT,
    OTSU,
    PLANT,
    PROCESSING,
    Bad,
    Good,
    add,
    change,
    clean,
    copy,
    correct,
    findings,
    fired,
    general,
    homestead,
    judged,
    logs_direct,
    lot_of,
    m3,
    national,
    of_class,
    remove,
    residues,
    row_name,
    tonnes,
    unchecked,
    verdict_of,
)

UNPROVEN, GENERAL, VOID, INPUT = Effect.UNPROVEN, Effect.GENERAL, Effect.VOID, Effect.INPUT_CLASS
THINNED, WASTE = FuelClass.THINNED, FuelClass.CONSTRUCTION_WASTE
ALL_ONLY = (Statement.ALL_OF_CLASS,)
BEFORE, BETWEEN, AFTER = date(2014, 6, 20), date(2014, 7, 1), date(2014, 12, 1)


def chips_direct() -> Casebook:
    """u2: chips delivered on the log producer's certificate, which was made out to the mill."""
    return change(remove(clean(), "p-1"), "d-1", certificate="f-1", fuel_class=THINNED, quantity=tonnes(30))


def traded(**changes: object) -> Casebook:
    """The chips go through a trader: p-1 to heiwa, p-2 from heiwa to the plant."""
    book = change(clean(), "p-1", buyer=HEIWA.id)
    sold = {"seller": HEIWA.id, "accreditation_number": "長木-056", "process": Process.TRADING}
    book = copy(book, "p-1", "p-2", buyer=PLANT.id, draws=(Draw("p-1", tonnes(30)),), **sold)
    book = change(book, "p-2", **changes)
    return change(book, "d-1", sender=HEIWA.id, certificate="p-2")


def dated(book: Casebook, **days: date) -> Casebook:
    """The book with other dates: f, p or d."""
    for letter, day in days.items():
        book = change(book, f"{letter}-1", date=day)
    return book


def circle() -> Casebook:
    """Two mills that draw on each other, each for half of what it sells."""
    book = change(clean(), "p-1", draws=(*PROCESSING.draws, Draw("p-2", tonnes(1))), date=date(2014, 11, 18))
    return add(book, replace(PROCESSING, id="p-2", buyer=OTSU.id, draws=(Draw("p-1", tonnes(1)),)))


HELD = correct(clean(), "f-1", Action.HOLD, BETWEEN)
TWICE_HELD = correct(correct(HELD, "f-1", Action.CANCEL, date(2014, 7, 2)), "f-1", Action.RELEASE, date(2014, 7, 3))
RESIDUES_ON_2_1 = change(residues(), "p-1", form=Form.F2_1, fuel_class=THINNED, draws=(Draw("f-1", m3(40)),))

ORCHARD_CHIPS = change(
    remove(change(homestead(), "f-1", buyer=PLANT.id, goods=Goods.CUTTING_CHIPS), "p-1"),
    "d-1",
    certificate="f-1",
    sender="yamanushi",
    quantity=m3(40),
)

FLOW = [
    Bad(
        "P501",
        "u2: only the felling certificate",
        chips_direct(),
        "d-1",
        UNPROVEN,
        "伐採段階の証明書 第26-017号 (f-1) だけで納入",
        "delivered on the source certificate 第26-017号 (f-1) only",
    ),
    Bad(
        "P501",
        "k1: no paper at all",
        change(clean(), "d-1", certificate=None, fuel_class=THINNED),
        "d-1",
        UNPROVEN,
        "加工品の納入に証明書がない",
        "processed goods without any certificate",
        also=("H301", "Q605"),
    ),
    Bad(
        "P501",
        "chips made out to the plant on a felling certificate",
        remove(change(logs_direct(), "f-1", goods=Goods.CUTTING_CHIPS), "d-1"),
        "f-1",
        UNPROVEN,
        "伐採段階の証明書",
        "source certificate",
    ),
    Bad(
        "P502",
        "the neighbour's certificate",
        change(clean(), "f-1", buyer=MARUMATSU.id),
        "p-1",
        UNPROVEN,
        "第26-017号 (f-1) は 丸松製材所 あて、売り手は 乙チップ工業株式会社",
        "is 丸松製材所's, sold by 乙チップ工業株式会社",
    ),
    Bad(
        "P502",
        "delivered by a stranger",
        change(clean(), "d-1", sender=HEIWA.id),
        "d-1",
        UNPROVEN,
        "乙-1 (p-1) の発行者は 乙チップ工業株式会社、搬入者は 平和林業株式会社",
        "sent by 平和林業株式会社",
    ),
    Bad(
        "P502",
        "1-2 made out to nobody",
        change(homestead(), "f-1", buyer=None),
        "p-1",
        UNPROVEN,
        "売り手は 乙チップ工業株式会社",
        "sold by 乙チップ工業株式会社",
        also=("W801",),
    ),
    Bad(
        "P503",
        "chips before logs",
        dated(clean(), f=date(2014, 11, 20), d=date(2014, 11, 20)),
        "p-1",
        UNPROVEN,
        "第26-017号 (f-1) は 2014-11-20、本記録は 2014-11-19",
        "第26-017号 (f-1): 2014-11-20; this: 2014-11-19",
    ),
    Bad(
        "P503",
        "delivered before it was certified",
        change(dated(clean(), d=date(2014, 11, 18)), "d-1", fuel_class=THINNED),
        "d-1",
        UNPROVEN,
        "乙-1 (p-1) は 2014-11-19、本記録は 2014-11-18",
        "this: 2014-11-18",
    ),
    Bad(
        "P503",
        "and the class is the certificate's",
        dated(clean(), d=date(2014, 11, 18)),
        "d-1",
        UNPROVEN,
        "2014-11-19、本記録は 2014-11-18",
        "this: 2014-11-18",
    ),
    Bad(
        "P503",
        "the same day, but later in the order",
        replace(
            dated(clean(), f=date(2014, 11, 19)), certificates=(PROCESSING, replace(FELLING, date=PROCESSING.date))
        ),
        "p-1",
        UNPROVEN,
        "第26-017号 (f-1)",
        "第26-017号 (f-1)",
    ),
    Bad(
        "P509",
        "other plant",
        change(clean(), "d-1", at=OTHER_PLANT.id),
        "d-1",
        UNPROVEN,
        "あて先 第八バイオマス発電所、納入先 第九バイオマス発電所",
        "made out to 第八バイオマス発電所, delivered to 第九バイオマス発電所",
    ),
    Bad("P509", "nobody's", change(clean(), "p-1", buyer=None), "d-1", UNPROVEN, "あて先 —", "made out to —"),
    Bad(
        "P510",
        "its own source",
        change(clean(), "p-1", draws=(*PROCESSING.draws, Draw("p-1", tonnes(1)))),
        "p-1",
        VOID,
        "循環",
        "run in a circle",
        also=("P503",),
    ),
]
FLOW_OK = [
    Good("P501", "logs sold directly", logs_direct()),
    Good("P501", "chips with a certificate of their own", clean()),
    Good("P501", "declared waste", change(chips_direct(), "d-1", fuel_class=WASTE)),
    Good("P501", "goods are the certificate's", change(clean(), "d-1", goods=None)),
    Good("P502", "a trader between", traded()),
    Good("P502", "recipient missing: H316 has the word", change(clean(), "f-1", buyer=None), also=("H316",)),
    Good("P502", "issued for the seller by another", change(clean(), "p-1", issuer_party=OTSU.id)),
    Good("P503", "the same day", dated(clean(), f=date(2014, 11, 19))),
    Good("P509", "P501 has the word", chips_direct(), also=("P501",)),
    Good("P509", "logs to the plant they were sold to", logs_direct()),
    Good("P510", "two draws on one certificate", change(clean(), "p-1", draws=(Draw("f-1", m3(20)),) * 2)),
]

HIGHER = change(clean(), "p-1", fuel_class=FuelClass.GENERAL, form=Form.F2_4)
CLASS = [
    Bad(
        "P504",
        "general logs as thinned chips",
        change(general(), "p-1", form=Form.F2_1, fuel_class=THINNED),
        "p-1",
        INPUT,
        "一般木質バイオマス → 間伐材等由来の木質バイオマス",
        "general wood (一般木質) → thinned wood (間伐材等由来)",
    ),
    Bad(
        "P504",
        "delivered as a higher class",
        change(general(), "d-1", fuel_class=THINNED),
        "d-1",
        INPUT,
        "乙-1 (p-1): 一般木質バイオマス",
        "乙-1 (p-1): general wood",
    ),
    Bad(
        "P505",
        "2-3",
        change(residues(), "p-1", fuel_class=THINNED, draws=(Draw("f-1", m3(40)),)),
        "p-1",
        GENERAL,
        "製材等残材を間伐材等由来としている: 別記2-3（製材等残材）、端材、製材",
        "sawmill residues claimed as thinned: form 2-3 (sawmill residues), offcuts, sawing",
    ),
    Bad("P505", "offcuts on 2-1", RESIDUES_ON_2_1, "p-1", GENERAL, "製材等残材", "offcuts"),
    Bad("P505", "bark", change(clean(), "p-1", goods=Goods.BARK), "p-1", GENERAL, "製材等残材", "residues"),
    Bad("P505", "sawn", change(clean(), "p-1", process=Process.SAWING), "p-1", GENERAL, "製材等残材", "residues"),
    Bad(
        "P505",
        "the kind of residue, no goods",
        change(clean(), "p-1", origins=(Origin.SAWDUST,), goods=None),
        "p-1",
        GENERAL,
        "製材等残材",
        "residues",
    ),
    Bad(
        "P512",
        "2-3 without the sentence",
        change(residues(), "p-1", statements=BOTH),
        "p-1",
        UNPROVEN,
        "原木についての文がない",
        "no such sentence",
    ),
]
CLASS_OK = [
    Good("P504", "thinned logs as general chips", HIGHER),
    Good("P504", "an input lowered by its own finding", change(clean(), "f-1", area=None), also=("H316",)),
    Good("P504", "delivered as a lower class", change(clean(), "d-1", fuel_class=FuelClass.GENERAL)),
    Good("P505", "residues declared general", residues()),
    Good("P505", "chips of thinned logs", clean()),
    Good("P512", "not on 2-1", RESIDUES_ON_2_1, also=("P505",)),
    Good("P512", "with the sentence", residues()),
]


def unsaid(book: Casebook, certificate: str, statements: tuple[Statement, ...] = ALL_ONLY) -> Casebook:
    """The book whose certificate does not say that the wood was kept apart."""
    return change(book, certificate, statements=statements)


RESIDUES_UNSAID = unsaid(residues(), "p-1", (Statement.ALL_OF_CLASS, Statement.LOGS_ALL_THINNED_OR_GENERAL))
NOTE = change(clean(), "p-1", form=Form.F2_2)
KEPT_APART = [
    Bad("P507", "例1", unsaid(clean(), "f-1"), "f-1", UNPROVEN, "分別管理の文がない", "no such sentence"),
    Bad("P507", "2-1", unsaid(clean(), "p-1"), "p-1", UNPROVEN, "分別管理の文がない", "no such sentence"),
    Bad("P507", "2-2", unsaid(NOTE, "p-1"), "p-1", UNPROVEN, "分別管理の文がない", "no such sentence"),
    Bad("P507", "2-3", RESIDUES_UNSAID, "p-1", UNPROVEN, "分別管理の文がない", "no such sentence"),
    Bad("P507", "2-4", unsaid(general(), "p-1"), "p-1", UNPROVEN, "分別管理の文がない", "no such sentence"),
    Bad("P507", "例2", unsaid(national(), "f-1"), "f-1", Effect.NOTICE, "分別管理", "segregation statement"),
    Bad("P507", "1-1", unsaid(general(), "f-1"), "f-1", Effect.NOTICE, "分別管理", "segregation statement"),
]
KEPT_APART_OK = [
    Good("P507", "1-2 does not say so", homestead()),
    Good("P507", "declared waste", unsaid(of_class(clean(), WASTE), "p-1")),
]

REPLACED = correct(add(clean(), replace(FELLING, id="f-9", date=BETWEEN)), "f-1", Action.REPLACE, BETWEEN, by="f-9")
WITHDRAWN = [
    Bad(
        "P508",
        "cancelled before",
        correct(clean(), "f-1", Action.CANCEL, BETWEEN),
        "p-1",
        UNPROVEN,
        "第26-017号 (f-1): 2014-07-01",
        "第26-017号 (f-1): cancel on 2014-07-01",
    ),
    Bad("P508", "replaced before", REPLACED, "p-1", UNPROVEN, "2014-07-01", "replace on 2014-07-01"),
    Bad("P508", "on hold", HELD, "p-1", UNPROVEN, "2014-07-01", "hold on 2014-07-01"),
    Bad("P508", "cancelled while on hold, hold released", TWICE_HELD, "p-1", UNPROVEN, "2014-07-0", "cancel on"),
    Bad(
        "P508",
        "on hold then, released since",
        correct(HELD, "f-1", Action.RELEASE, AFTER),
        "p-1",
        UNPROVEN,
        "2014-07-01",
        "hold on 2014-07-01",
    ),
    Bad(
        "P508",
        "the delivery",
        correct(dated(clean(), d=AFTER), "p-1", Action.CANCEL, date(2014, 11, 30)),
        "d-1",
        UNPROVEN,
        "乙-1 (p-1): 2014-11-30",
        "cancel on 2014-11-30",
    ),
    Bad(
        "P511",
        "cancelled later",
        correct(clean(), "f-1", Action.CANCEL, AFTER),
        "p-1",
        UNPROVEN,
        "引き当てた証明書が後に取り消された: 第26-017号 (f-1): 2014-12-01",
        "a certificate it draws on was cancelled later: 第26-017号 (f-1): cancel on 2014-12-01",
    ),
    Bad(
        "P511",
        "the same day: corrections come last",
        correct(clean(), "p-1", Action.HOLD, date(2014, 11, 19)),
        "d-1",
        UNPROVEN,
        "引き当てた証明書が後に保留された: 乙-1 (p-1): 2014-11-19",
        "a certificate it draws on was put on hold later: 乙-1 (p-1): hold on 2014-11-19",
    ),
    Bad(
        "P511",
        "replaced later",
        correct(copy(clean(), "f-1", "f-9", date=AFTER), "f-1", Action.REPLACE, AFTER, by="f-9"),
        "p-1",
        UNPROVEN,
        "引き当てた証明書が後に差し替えられた",
        "a certificate it draws on was replaced later",
    ),
]
WITHDRAWN_OK = [
    Good("P508", "released in time", correct(HELD, "f-1", Action.RELEASE, date(2014, 7, 2))),
    Good("P508", "another certificate", correct(copy(clean(), "p-1", "p-2", buyer=KOUSEI.id), "p-2", Action.CANCEL)),
    Good(
        "P511",
        "held and released later",
        correct(correct(clean(), "f-1", Action.HOLD, AFTER), "f-1", Action.RELEASE, AFTER),
    ),
    Good("P511", "supplemented later", correct(clean(), "f-1", Action.SUPPLEMENT, AFTER)),
]


@pytest.mark.parametrize("row", FLOW + CLASS + KEPT_APART + WITHDRAWN, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()


@pytest.mark.parametrize("row", FLOW_OK + CLASS_OK + KEPT_APART_OK + WITHDRAWN_OK, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


def test_p511_is_clean_when_accepted_and_not_now() -> None:
    book = correct(clean(), "f-1", Action.CANCEL, AFTER)
    assert lot_of(book, as_of=date(2014, 11, 30)).clean
    assert lot_of(book).confirmed is WASTE


def test_p501_judges_chips_on_1_2_alike_whichever_paper_names_the_goods() -> None:
    on_the_delivery = change(ORCHARD_CHIPS, "f-1", goods=None)
    assert fired(ORCHARD_CHIPS) == fired(on_the_delivery)


def test_p501_without_goods_on_a_felling_certificate_leaves_nothing_confirmed() -> None:
    book = change(logs_direct(), "d-1", goods=None)
    book = change(book, "f-1", goods=None)
    assert unchecked(book, "P501") == [True]
    assert lot_of(book).status is Status.INCOMPLETE


def test_p502_of_a_delivery_without_a_sender_leaves_nothing_confirmed() -> None:
    book = change(clean(), "d-1", sender=None)
    assert unchecked(book, "P502") == [True]
    assert lot_of(book).status is Status.INCOMPLETE


def test_p504_an_input_lowered_by_its_own_finding_lowers_the_lot_without_a_second_finding() -> None:
    lot = lot_of(change(clean(), "f-1", area=None))
    assert [f.code for f in lot.findings if not f.is_notice] == ["H316"]
    assert lot.confirmed is WASTE


def test_p510_every_certificate_of_a_circle_is_void() -> None:
    assert {(f.record, f.effect) for f in findings(circle(), "P510")} == {("p-1", VOID), ("p-2", VOID)}
    assert lot_of(circle()).confirmed is WASTE
    assert lot_of(circle()).sources == ()


def test_p510_a_void_record_takes_nothing_from_what_it_draws_on() -> None:
    looped = copy(clean(), "p-1", "p-2", draws=(Draw("f-1", m3(70)), Draw("p-2", tonnes(1))), date=date(2014, 10, 1))
    assert "Q601" not in fired(looped)


def test_p503_a_draw_on_a_later_entry_is_nothing_else() -> None:
    book = dated(clean(), f=AFTER, d=AFTER)
    book = correct(book, "f-1", Action.CANCEL, date(2014, 12, 2))
    assert fired(book) == {"P503"}


def test_p503_says_why_when_both_days_are_the_same() -> None:
    row = next(row for row in FLOW if row.why == "the same day, but later in the order")
    (finding,) = findings(row.book, "P503")
    assert finding.found.en != "第26-017号 (f-1): 2014-11-19; this: 2014-11-19"


def test_p508_names_the_correction_in_japanese() -> None:
    (finding,) = findings(correct(clean(), "f-1", Action.CANCEL, BETWEEN), "P508")
    assert "取消し" in finding.found.ja
    assert "cancel" not in finding.found.ja


def test_a_declared_downgrade_needs_no_proof() -> None:
    book = change(clean(), "d-1", fuel_class=WASTE, sender=HEIWA.id, at=OTHER_PLANT.id)
    assert fired(book) == set()
    assert lot_of(book).confirmed is WASTE


def test_every_record_of_the_traded_chain_is_judged() -> None:
    assert list(judged(traded())) == ["f-1", "p-1", "p-2", "d-1"]
    assert lot_of(traded()).records == ("f-1", "p-1", "p-2", "d-1")


# a certificate that is a lot by itself, and is withdrawn


def undelivered(*actions: Action) -> Casebook:
    """The chips still on their way: p-1 is the lot; what was said of it since, a day after the other."""
    book = remove(clean(), "d-1")
    for day, action in enumerate(actions, 1):
        book = correct(book, "p-1", action, date(2014, 12, day))
    return book


def test_on_hold_it_stays_a_lot_and_is_open_until_released() -> None:
    (lot,) = verdict_of(undelivered(Action.HOLD)).lots
    assert (lot.id, lot.status, lot.confirmed, lot.if_passed) == ("p-1", Status.INCOMPLETE, WASTE, FuelClass.THINNED)
    (reason,) = [u.reason for u in lot.not_checked if u.decisive]
    assert (reason.ja, reason.en) == (
        "2014-12-01 保留（誤記）。解除されるまで決まらない",
        "on hold, 2014-12-01 (誤記): open until released",
    )
    assert lot.by_class is not None
    assert lot.by_class[WASTE] == lot.dry_grams
    (released,) = verdict_of(undelivered(Action.HOLD, Action.RELEASE)).lots
    assert released.clean


@pytest.mark.parametrize("action", [Action.CANCEL, Action.REPLACE])
def test_cancelled_or_replaced_it_is_no_lot(action: Action) -> None:
    assert verdict_of(undelivered(action)).lots == ()


def test_asked_for_by_name_a_cancelled_certificate_is_not_confirmed() -> None:
    book = undelivered(Action.HOLD, Action.CANCEL)
    (lot,) = pronounce(["p-1"], case_of_casebook(book), judged(book))
    assert (lot.status, lot.confirmed, lot.clean) == (Status.COMPLETE, WASTE, False)
    (finding,) = [f for f in lot.findings if f.code == "P508"]
    assert (finding.record, finding.message.ja) == ("p-1", "この証明書は取り消し・差替え済み")
    assert finding.found.en == "cancelled, 2014-12-02 (誤記)"
    assert "P508" not in lot.passed


def test_a_release_ends_the_holds_of_who_signs_it_only() -> None:
    said = [("otsu", Action.HOLD), ("operator", Action.HOLD), ("otsu", Action.HOLD), ("otsu", Action.RELEASE)]
    placed = [Placed(n, Correction("p-1", action, AFTER), who) for n, (who, action) in enumerate(said)]
    case = Case((), AFTER, corrections={"p-1": tuple(placed)})
    assert case.withdrawn("p-1") == placed[1]
    assert not case.ended("p-1")
    lifted = Placed(4, Correction("p-1", Action.RELEASE, AFTER), "operator")
    assert replace(case, corrections={"p-1": (*placed, lifted)}).withdrawn("p-1") is None
