"""Family A and S108: who issued a certificate, and under which number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Permit, Statement
from biotrace.model.document import FellingFacts, FellingMethod, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Audit, Role
from biotrace.verify.case import Case, Evidence, case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import Status
from tests.casebooks import (
    BOTH,
    KOUSEI,
    OFFICE,
    OTSU,
    OWNER,
    TOWN,
    Bad,
    Good,
    accredited,
    change,
    change_accreditation,
    clean,
    find,
    findings,
    fired,
    homestead,
    lot_of,
    national,
    remove,
    row_name,
    unchecked,
)


def mill(**changes: object) -> Casebook:
    """The clean book with the mill's accreditation altered."""
    return change_accreditation(clean(), OTSU.id, **changes)


def chips_on(day: date, book: Casebook) -> Casebook:
    """The chips certified and delivered on another day."""
    return change(change(book, "p-1", date=day), "d-1", date=day)


def felled_by(seller: str, book: Casebook, **changes: object) -> Casebook:
    """The felling certificate by another seller, without a number."""
    return change(book, "f-1", seller=seller, accreditation_number=None, **changes)


def felled_in_summer_2012(day: date) -> Casebook:
    """Felled in July 2012 and certified without a number on a day before or after the body's code came."""
    facts = FellingFacts(FellingMethod.THINNING, 3_000, start=date(2012, 7, 5), until=date(2013, 3, 31))
    book = change(clean(), "doc-1", filed=date(2012, 6, 1), accepted=date(2012, 7, 2), felling=facts)
    book = change(book, "f-1", felled=Period(date(2012, 7, 5), date(2012, 7, 20)), date=day, accreditation_number=None)
    permit = Permit(date(2012, 7, 2), "〇〇市長", "26-14")
    return change(book, "f-1", permit=permit, statements=(*BOTH, Statement.HELD_WHEN_CODE_CAME))


def own_code(audit: Audit | None = None, **changes: object) -> Casebook:
    """A mill that relies on a code of its own for chips of 2014-11-19."""
    code = mill(number=None, body=None, self_declared=True, third_party_audit=audit, **changes)
    return change(code, "p-1", accreditation_number=None)


def audit(start: date = date(2014, 4, 1), until: date | None = date(2015, 3, 31)) -> Audit:
    """A third party's audit."""
    return Audit("信州監査法人", start, until)


def own_code_of_the_feller(day: date, **changes: object) -> Casebook:
    """Felling certified on a day by a feller who relies on an unaudited code of its own."""
    book = change_accreditation(felled_in_summer_2012(day), KOUSEI.id, number=None, body=None, self_declared=True)
    return change(book, KOUSEI.id, **changes)


UNPROVEN = Effect.UNPROVEN
FELLER_OF_1_2 = felled_by(KOUSEI.id, change(homestead(), KOUSEI.id, address="長野県〇〇市10"))
WITHOUT_A_CODE_DATE = change(felled_in_summer_2012(date(2012, 9, 1)), "nagano-body", code_from=None)
BAD = [
    Bad("A201", "mill", change(clean(), "p-1", accreditation_number=None), "p-1", UNPROVEN, OTSU.name, "states none"),
    Bad(
        "A201",
        "owner in business",
        felled_by(OWNER.id, change(clean(), OWNER.id, as_business=True)),
        "f-1",
        UNPROVEN,
        "山田太郎 の認定番号がない",
        "no accreditation number: 山田太郎 states none",
    ),
    Bad("A201", "feller of 1-2", FELLER_OF_1_2, "f-1", UNPROVEN, KOUSEI.name, "states none"),
    Bad(
        "A201",
        "the day the code came",
        felled_in_summer_2012(date(2012, 8, 20)),
        "f-1",
        UNPROVEN,
        KOUSEI.name,
        "states none",
    ),
    Bad("A201", "last day without a code", WITHOUT_A_CODE_DATE, "f-1", UNPROVEN, KOUSEI.name, "states none"),
    Bad(
        "A201",
        "a code of 2016 exempts nobody in 2014",
        change(change(clean(), "nagano-body", code_from=date(2016, 4, 1)), "p-1", accreditation_number=None),
        "p-1",
        UNPROVEN,
        OTSU.name,
        "states none",
    ),
    Bad(
        "A202",
        "unknown",
        change(clean(), "p-1", accreditation_number="長木-999"),
        "p-1",
        UNPROVEN,
        "長木-999: 不明な番号",
        "長木-999: unknown",
    ),
    Bad(
        "A202",
        "the supplier's",
        change(clean(), "p-1", accreditation_number="長木-012"),
        "p-1",
        UNPROVEN,
        "長木-012: 甲成林産有限会社 の番号",
        "the number of 甲成林産有限会社",
    ),
    Bad(
        "A203",
        "expired",
        chips_on(date(2017, 4, 1), clean()),
        "p-1",
        UNPROVEN,
        "証明日 2017-04-01、認定期間 2014-04-01..2017-03-31",
        "issued 2017-04-01, accredited 2014-04-01..2017-03-31",
    ),
    Bad(
        "A203",
        "revoked that day",
        mill(revoked=date(2014, 11, 19)),
        "p-1",
        UNPROVEN,
        "取消 2014-11-19",
        "2014-11-19",
    ),
    Bad("A203", "not yet", mill(start=date(2014, 11, 20)), "p-1", UNPROVEN, "2014-11-20..2017-03-31", "not in force"),
    Bad("A204", "other body", mill(body="gifu-body"), "p-1", UNPROVEN, "認定団体: 岐阜県", "accredited by 岐阜県"),
    Bad(
        "A205",
        "no audit",
        own_code(),
        "p-1",
        UNPROVEN,
        "証明日 2014-11-19、自社の規範 2014-04-01..2017-03-31（監査なし）",
        "issued 2014-11-19; own code 2014-04-01..2017-03-31 (no audit)",
    ),
    Bad(
        "A205",
        "the audit ended the day before",
        own_code(audit(until=date(2014, 11, 18))),
        "p-1",
        UNPROVEN,
        "信州監査法人の監査 2014-04-01..2014-11-18",
        "audited by 信州監査法人 2014-04-01..2014-11-18",
    ),
    Bad("A205", "audited too late", own_code(audit(date(2014, 11, 20))), "p-1", UNPROVEN, "2014-11-20..", "11-20.."),
    Bad(
        "A205",
        "the code itself not yet in force",
        own_code(audit(), start=date(2014, 11, 20)),
        "p-1",
        UNPROVEN,
        "自社の規範 2014-11-20..",
        "own code 2014-11-20..",
    ),
    Bad(
        "A205",
        "the code given up that day",
        own_code(audit(), revoked=date(2014, 11, 19)),
        "p-1",
        UNPROVEN,
        "自社の規範 2014-04-01..2014-11-19",
        "own code 2014-04-01..2014-11-19",
    ),
    Bad(
        "A205",
        "the last day on which no code was needed is over",
        own_code_of_the_feller(date(2012, 9, 1)),
        "f-1",
        UNPROVEN,
        "監査なし",
        "no audit",
    ),
    Bad(
        "A201",
        "a chip mill that is a forest owner too",
        change(
            change(clean(), OTSU.id, roles=(Role.OWNER, Role.PROCESSOR), as_business=False),
            "p-1",
            accreditation_number=None,
        ),
        "p-1",
        UNPROVEN,
        OTSU.name,
        "states none",
    ),
]

BAD += [
    *(
        Bad(
            "A201",
            f"chips certified by {name}",
            change(clean(), "p-1", issuer_party=party, accreditation_number=None),
            "p-1",
            UNPROVEN,
            "の認定番号がない",
            "states none",
        )
        for name, party in (("the municipality", TOWN.id), ("the forest office", OFFICE.id))
    ),
    Bad(
        "A201",
        "chips certified by an owner who does not do this as a business",
        change(clean(), "p-1", issuer_party=OWNER.id, accreditation_number=None),
        "p-1",
        UNPROVEN,
        OWNER.name,
        "states none",
    ),
    Bad(
        "A201",
        "before bodies had codes, and never a member of any",
        change(felled_in_summer_2012(date(2012, 8, 10)), KOUSEI.id, accreditations=()),
        "f-1",
        UNPROVEN,
        KOUSEI.name,
        "states none",
    ),
    Bad(
        "A201",
        "accredited by then: so the body had its code",
        change_accreditation(
            change(felled_in_summer_2012(date(2012, 8, 10)), "nagano-body", code_from=None),
            KOUSEI.id,
            start=date(2012, 8, 10),
        ),
        "f-1",
        UNPROVEN,
        KOUSEI.name,
        "states none",
    ),
]

OWN_WOOD = felled_by(OWNER.id, clean())
RENEWED = change(
    clean(),
    OTSU.id,
    accreditations=(
        accredited("長木-034"),
        accredited("長木-034", start=date(2017, 4, 1), until=date(2020, 3, 31)),
    ),
)
GOOD = [
    Good("A201", "owner who does not do this as a business", OWN_WOOD),
    Good("A201", "owner of 1-2 wood where it arose", homestead()),
    Good("A201", "owner of 1-2 wood, in business otherwise", change(homestead(), OWNER.id, as_business=True)),
    Good("A201", "forest office", felled_by(OFFICE.id, national())),
    Good("A201", "issued by the municipality", felled_by(KOUSEI.id, clean(), issuer_party=TOWN.id)),
    Good("A201", "the day before the code came", felled_in_summer_2012(date(2012, 8, 19))),
    Good(
        "A201",
        "the day before the member of a body without a code date was accredited",
        change_accreditation(
            change(felled_in_summer_2012(date(2012, 8, 10)), "nagano-body", code_from=None),
            KOUSEI.id,
            start=date(2012, 8, 11),
        ),
    ),
    Good("A201", "1-2 by the municipality", change(homestead(), "f-1", issuer_party=TOWN.id), also=("W801",)),
    Good("A202", "width and 第…号", change(clean(), "p-1", accreditation_number="第 長木－０３４ 号")),
    Good("A202", "exempt issuer", change(OWN_WOOD, "f-1", accreditation_number="山-1")),
    Good("A203", "last day", chips_on(date(2017, 3, 31), clean()), also=("A206",)),
    Good("A203", "first day", mill(start=date(2014, 11, 19))),
    Good("A203", "the day before it was revoked", mill(revoked=date(2014, 11, 20))),
    Good("A203", "renewed", chips_on(date(2017, 4, 1), RENEWED)),
    Good("A203", "last day not stated", mill(until=None)),
    Good("A203", "last day not stated, revoked later", mill(until=None, revoked=date(2016, 1, 10))),
    Good("A204", "no list given", replace(mill(body="gifu-body"), trusted_bodies=None)),
    Good("A205", "first day of the audit", own_code(audit(date(2014, 11, 19)))),
    Good("A205", "last day of the audit", own_code(audit(until=date(2014, 11, 19)))),
    Good("A205", "last day of the audit not stated", own_code(audit(until=None))),
    Good("A205", "last day of the code not stated", own_code(audit(), until=None)),
    Good("A205", "a municipality", own_code_of_the_feller(date(2012, 9, 1), roles=(Role.MUNICIPALITY,))),
    Good("A205", "before bodies had codes", own_code_of_the_feller(date(2012, 8, 31))),
    Good("A204", "on the list", replace(mill(body="gifu-body"), trusted_bodies=("nagano-body", "gifu-body"))),
]


@pytest.mark.parametrize("row", BAD, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()


@pytest.mark.parametrize("row", GOOD, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


def test_a204_names_a_body_once() -> None:
    both = (accredited("長木-034", body="gifu-body"), accredited("長木-034", body="gifu-body", start=date(2014, 5, 1)))
    (finding,) = findings(change(clean(), OTSU.id, accreditations=both), "A204")
    assert finding.found.ja == "認定団体: 岐阜県木材協同組合連合会"


def test_before_bodies_had_codes_nobody_who_never_joined_one_is_asked_what_members_are() -> None:
    book = change(felled_in_summer_2012(date(2012, 8, 10)), KOUSEI.id, accreditations=())
    assert findings(change(book, "f-1", statements=BOTH), "T992") == []


def test_a204_without_a_list_is_not_checked_and_changes_nothing() -> None:
    book = replace(clean(), trusted_bodies=None)
    assert unchecked(book, "A204") == [False, False]
    assert lot_of(book).clean


def test_a203_with_no_last_day_is_undecided_when_three_years_are_over() -> None:
    book = chips_on(date(2017, 4, 1), mill(until=None))
    assert unchecked(book, "A203") == [True]
    assert lot_of(book).status is Status.INCOMPLETE


def test_an_audited_code_confirms_and_one_without_an_audit_does_not() -> None:
    assert lot_of(own_code(audit())).clean
    assert lot_of(own_code()).confirmed is FuelClass.CONSTRUCTION_WASTE


def test_a205_of_two_codes_the_one_that_is_audited_on_the_day_is_enough() -> None:
    (code,) = find(own_code(), OTSU.id).accreditations
    past = replace(code, third_party_audit=audit(until=date(2014, 6, 30)))
    now = replace(code, third_party_audit=audit(date(2014, 7, 1)))
    both = change(own_code(), OTSU.id, accreditations=(past, now))
    assert fired(both) == set()
    assert fired(change(both, OTSU.id, accreditations=(past,))) == {"A205"}


def test_t992_is_not_asked_of_an_issuer_who_is_exempt_for_another_reason() -> None:
    book = felled_by(OFFICE.id, felled_in_summer_2012(date(2012, 8, 10)))
    assert unchecked(book, "T992") == []


def test_before_the_code_a_number_that_nobody_gave_confirms_nothing() -> None:
    book = change(felled_in_summer_2012(date(2012, 8, 10)), "f-1", accreditation_number="偽-1")
    assert not lot_of(book).clean


def test_the_family_does_not_speak_of_declared_waste() -> None:
    book = change(clean(), "p-1", fuel_class=FuelClass.CONSTRUCTION_WASTE, accreditation_number=None)
    assert not fired(book) & {"A201", "A202", "A203", "A204"}


def test_a_party_may_be_both_forest_office_and_seller() -> None:
    book = felled_by(KOUSEI.id, change(clean(), KOUSEI.id, roles=(Role.PRODUCER, Role.MUNICIPALITY)))
    assert fired(book) == set()


def seen_as(evidence: Evidence) -> list[tuple[str, str]]:
    """What S108 says of the clean book's records when they are read with this evidence."""
    case = case_of_casebook(clean())
    signed = Case(
        entries=tuple(replace(entry, evidence=evidence) for entry in case.entries),
        today=case.today,
        parties=case.parties,
        documents=case.documents,
        trusted_bodies=case.trusted_bodies,
    )
    folded = fold(signed, RULES, RINYA_2012)
    notes = [f for j in folded.judged.values() for f in j.findings if f.code == "S108"]
    assert all(f.effect is Effect.NOTICE for f in notes)
    return [(f.record, f"{f.found.ja} / {f.found.en}") for f in notes]


def test_s108_speaks_of_what_its_issuer_did_not_sign() -> None:
    in_a_casebook = "台帳の写し（署名なし） / an entry of a casebook, without a signature"
    copied = "紙からの転記（転記者の署名のみ） / transcribed from paper: only the copyist signed"
    assert seen_as(Evidence.UNSIGNED) == [("f-1", in_a_casebook), ("p-1", in_a_casebook)]
    assert seen_as(Evidence.TRANSCRIBED) == [("f-1", copied), ("p-1", copied)]


def test_s108_is_silent_on_signed_records() -> None:
    assert seen_as(Evidence.SIGNED) == []


def test_a_book_without_the_issuers_accreditation_knows_no_number() -> None:
    book = remove(change(clean(), OTSU.id, accreditations=()), "d-1")
    assert fired(book) == {"A202"}
