"""Family L: the felling place on the certificate against the place on its document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Draw
from biotrace.model.correction import Action
from biotrace.model.document import DocumentContent, DocumentKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.place import Concordance, Link, Place
from biotrace.model.text import Text
from biotrace.services.shipped import municipalities
from biotrace.verify.case import case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import Status
from tests.casebooks import (
    BODY,
    COMPARTMENT,
    DOCUMENT,
    FELLING,
    KOUSEI,
    OFFICE,
    PLACE,
    TOWN,
    Bad,
    Good,
    accredited,
    add,
    change,
    change_accreditation,
    clean,
    correct,
    fired,
    homestead,
    imported,
    legality,
    lot_of,
    m3,
    national,
    remove,
    row_name,
    unchecked,
)

UNPROVEN = Effect.UNPROVEN
LANDING = Place("長野県", "〇〇市", landing="甲土場")
ANNEX = Place("長野県", "〇〇市", annex=True)


def places(mine: tuple[Place, ...], theirs: tuple[Place, ...] = (PLACE,)) -> Casebook:
    """The clean book with the certificate's places, and the document's."""
    return change(change(clean(), "f-1", locations=mine), "doc-1", locations=theirs)


def parcels(*numbers: str, **area: Any) -> Place:
    """Some parcels in the sample place."""
    return replace(PLACE, parcels=numbers, **area)


def compartments(*names: str) -> Place:
    """Some compartments in the sample municipality."""
    return replace(COMPARTMENT, compartments=names)


def table(*pairs: tuple[str, tuple[str, ...]]) -> Concordance:
    """The town's concordance of compartments and parcels."""
    links = tuple(Link(compartment, numbers) for compartment, numbers in pairs)
    return Concordance("k-1", TOWN.id, date(2014, 4, 1), links, "長野県", "〇〇市", "甲", None)


def linked(book: Casebook, *pairs: tuple[str, tuple[str, ...]]) -> Casebook:
    """The book with that concordance."""
    return add(book, table(*pairs))


def supplemented(book: Casebook, **changes: Any) -> Casebook:
    """The book with a supplement that names the places and nothing else, dated after the delivery."""
    more = replace(FELLING, id="f-9", date=date(2014, 12, 1), documents=(), area=None, permit=None)
    more = replace(more, **changes)
    return correct(add(book, more), "f-1", Action.SUPPLEMENT, date(2014, 12, 1), by="f-9")


def office_without_a_place() -> Casebook:
    """National-forest wood on the office's own certificate, which is its document too, without a place."""
    own = {"seller": OFFICE.id, "accreditation_number": None, "documents": (), "locations": ()}
    return remove(change(national(), "f-1", **own), "doc-1")


HERE, THERE = (PLACE,), (parcels("512"),)
MUNICIPALITY = (Place("長野県", "〇〇市"),)
LARGE_AREA = (Place("長野県", "〇〇市", "大字甲"),)
COVER = change(clean(), "doc-1", content=DocumentContent.COVER_ONLY, kind=DocumentKind.MANAGEMENT_PLAN)
BY_COMPARTMENT = places((compartments("12い-3"),))
BY_PARCEL = places(HERE, (compartments("12い-3"),))
BOTH_PARCELS = ("236-2", "237-1")
OTHER_LARGE_AREA = places((parcels(*BOTH_PARCELS, oaza="大字丙"),))

BAD = [
    Bad(
        "L401", "a2", places(()), "f-1", UNPROVEN, "証明書に伐採箇所の記載がない", "certificate names no felling place"
    ),
    Bad("L401", "document", places(HERE, ()), "f-1", UNPROVEN, "根拠書類に伐採箇所", "document names no felling place"),
    Bad("L401", "cover page", COVER, "f-1", UNPROVEN, "根拠書類に伐採箇所", "document names no felling place"),
    Bad("L401", "landing", places((LANDING,)), "f-1", UNPROVEN, "証明書は土場（甲土場）", "names a landing only"),
    Bad(
        "L401", "j3", places(HERE, (LANDING,)), "f-1", UNPROVEN, "根拠書類は土場（甲土場）", "document names a landing"
    ),
    Bad("L401", "landing beside parcels", places((*HERE, LANDING)), "f-1", UNPROVEN, "甲土場", "甲土場"),
    Bad("L401", "ends the family", places((LANDING,), MUNICIPALITY), "f-1", UNPROVEN, "証明書は土場", "certificate"),
    Bad("L401", "the office's own paper", office_without_a_place(), "f-1", UNPROVEN, "伐採箇所", "no felling place"),
    Bad(
        "L402", "municipality", places(MUNICIPALITY), "f-1", UNPROVEN, "証明書は「長野県〇〇市」まで", "certificate: 「"
    ),
    Bad("L402", "large area", places(LARGE_AREA), "f-1", UNPROVEN, "「長野県〇〇市大字甲」まで", "大字甲"),
    Bad("L402", "one of two entries", places((*HERE, *MUNICIPALITY)), "f-1", UNPROVEN, "〇〇市」まで", "certificate: "),
    Bad("L402", "and 3 more", places((parcels("236-2 外3筆"),)), "f-1", UNPROVEN, "「236-2 外3筆」", "外3筆"),
    Bad("L402", "document", places(HERE, MUNICIPALITY), "f-1", UNPROVEN, "根拠書類は「長野県〇〇市」", "document: 「"),
    Bad(
        "L402",
        "the document's unnamed parcels may be these",
        places((parcels("240"),), (parcels("236-2 外3筆"),)),
        "f-1",
        UNPROVEN,
        "根拠書類は「236-2 外3筆」",
        "document: 「236-2 外3筆」",
    ),
    Bad(
        "L403",
        "compartment and parcel",
        BY_COMPARTMENT,
        "f-1",
        UNPROVEN,
        "証明書は林班、根拠書類は地番。12い-3 を結ぶ対照表がない",
        "no concordance links 12い-3",
    ),
    Bad(
        "L403",
        "parcel and compartment",
        BY_PARCEL,
        "f-1",
        UNPROVEN,
        "証明書は地番、根拠書類は林班。236-2、237-1",
        "236-2",
    ),
    Bad(
        "L403",
        "one parcel is not in the table",
        linked(BY_PARCEL, ("12い-3", ("236-2",))),
        "f-1",
        UNPROVEN,
        "237-1 を結ぶ対照表がない",
        "no concordance links 237-1",
    ),
    Bad(
        "L403",
        "the table names no compartment",
        linked(BY_COMPARTMENT, ("国有林", BOTH_PARCELS)),
        "f-1",
        UNPROVEN,
        "12い-3 を結ぶ対照表がない",
        "no concordance links 12い-3",
    ),
    Bad(
        "L403",
        "the table is another place's",
        add(BY_PARCEL, replace(table(("12い-3", BOTH_PARCELS)), oaza="大字乙")),
        "f-1",
        UNPROVEN,
        "を結ぶ対照表がない",
        "no concordance links",
    ),
    Bad(
        "L404",
        "other parcel",
        places(THERE),
        "f-1",
        UNPROVEN,
        "証明書は 512、根拠書類は 236-2、237-1",
        "certificate: 512",
    ),
    Bad("L404", "other 大字", OTHER_LARGE_AREA, "f-1", UNPROVEN, "236-2", "236-2"),
    Bad("L404", "大字 omitted", places((parcels(*BOTH_PARCELS, oaza=None),)), "f-1", UNPROVEN, "236-2", "236-2"),
    Bad(
        "L404",
        "the table says another parcel",
        linked(BY_COMPARTMENT, ("12い-3", ("999",))),
        "f-1",
        UNPROVEN,
        "証明書は 12い-3",
        "certificate: 12い-3",
    ),
    Bad("L405", "one parcel more", places((parcels("236-2", "240"),)), "f-1", UNPROVEN, "にない箇所: 240", "): 240"),
    Bad(
        "L405",
        "the whole compartment, the document has a part",
        places((compartments("12い"),), (compartments("12い-3"),)),
        "f-1",
        UNPROVEN,
        "12い",
        "not in the document (12い-3): 12い",
    ),
    Bad(
        "L405",
        "the compartment holds a parcel that the document lacks",
        linked(BY_COMPARTMENT, ("12い-3", ("236-2", "237-1", "238"))),
        "f-1",
        UNPROVEN,
        "12い-3",
        "12い-3",
    ),
    Bad(
        "L406",
        "compartment to parcels",
        linked(BY_COMPARTMENT, ("12い-3", BOTH_PARCELS)),
        "f-1",
        Effect.NOTICE,
        "対照表 k-1（〇〇市）によれば 12い-3 は 236-2、237-1",
        "concordance k-1, vouched for by 〇〇市: 12い-3 is 236-2、237-1",
    ),
    Bad(
        "L406",
        "parcels to compartment",
        linked(BY_PARCEL, ("12い-3", BOTH_PARCELS)),
        "f-1",
        Effect.NOTICE,
        "対照表 k-1（〇〇市）",
        "concordance k-1",
    ),
    Bad(
        "L406",
        "parcels to sub-compartments of the document's",
        linked(places(HERE, (compartments("12い"),)), ("12い-3", ("236-2",)), ("12い-4", ("237-1",))),
        "f-1",
        Effect.NOTICE,
        "k-1",
        "k-1",
    ),
    *(
        Bad("L402", f"both say {text}", places((parcels(text),), (parcels(text),)), "f-1", UNPROVEN, text, text)
        for text in ("市内一円30箇所", "3団地", "約10筆", "第3号契約")
    ),
    Bad(
        "L402",
        "a supplement that stops at the municipality too",
        supplemented(places(MUNICIPALITY), locations=MUNICIPALITY),
        "f-1",
        UNPROVEN,
        "証明書は「長野県〇〇市」",
        "certificate: 「",
    ),
]

SAME_IN_OTHER_WORDS = Place("長野県", "長野県〇〇市", "甲", "乙", ("二三六番地の２", "２３７番１"))
GOOD = [
    Good("L401", "imported", imported()),
    Good("L401", "1-2", homestead()),
    Good("L401", "a legality certificate names no place", legality()),
    Good("L401", "supplemented afterwards", supplemented(places(()))),
    Good("L401", "supplemented by a paper that says nothing else", supplemented(places(()), statements=())),
    Good("L402", "supplemented with parcels of its own", supplemented(places(()), locations=(parcels("237-1"),))),
    Good("L402", "the cover of one paper, the whole of another", add(clean(), replace(DOCUMENT, id="doc-2"))),
    Good("L403", "a document in both notations", places((compartments("12い-3"),), (PLACE, compartments("12い-3")))),
    Good("L404", "the same in other words", places((SAME_IN_OTHER_WORDS,))),
    Good("L404", "字 omitted", places((parcels(*BOTH_PARCELS, aza=None),))),
    Good("L404", "prefecture omitted", places((parcels(*BOTH_PARCELS, prefecture=None),))),
    Good("L405", "a part of the document's", places((parcels("237-1"),))),
    Good("L405", "a sub-compartment", places((compartments("１２林班い小班３"),), (compartments("12い"),))),
    Good("L406", "a table that was not needed", linked(clean(), ("12い-3", BOTH_PARCELS))),
    Good("L402", "a municipality, supplemented", supplemented(places(MUNICIPALITY))),
    Good("L401", "a landing, supplemented", supplemented(places((LANDING,)))),
    Good("L402", "外3筆, supplemented", supplemented(places((parcels("236-2外3筆"),)))),
]


@pytest.mark.parametrize("row", BAD, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()


@pytest.mark.parametrize("row", GOOD, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


def test_a_supplement_mends_afterwards_and_not_before() -> None:
    book = supplemented(places(()))
    assert lot_of(book).clean
    assert fired(book, as_of=date(2014, 11, 30)) == {"L401"}


def test_a_concordance_mends_afterwards_and_not_before() -> None:
    later = replace(table(("12い-3", BOTH_PARCELS)), date=date(2014, 12, 1))
    book = add(BY_PARCEL, later)
    assert lot_of(book).clean
    assert fired(book, as_of=date(2014, 11, 30)) == {"L403"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda book: correct(book, "f-9", Action.CANCEL, date(2014, 12, 2)),
        lambda book: change(book, "f-9", seller="heiwa", accreditation_number="長木-056"),
        lambda book: change_accreditation(book, KOUSEI.id, until=date(2014, 11, 30)),
        lambda book: change_accreditation(book, KOUSEI.id, revoked=date(2014, 12, 1)),
        lambda book: change(book, "f-9", accreditation_number=None),
        lambda book: change(book, "f-9", accreditation_number="長木-034"),
        lambda book: change(book, "f-9", fuel_class=FuelClass.CONSTRUCTION_WASTE, accreditation_number=None),
        lambda book: change_accreditation(change(book, "f-9", date=date(2017, 4, 1)), KOUSEI.id, until=None),
    ],
    ids=[
        *("cancelled", "somebody else's", "no longer accredited", "revoked that day", "without a number"),
        *("another's number", "claiming nothing", "maybe accredited no longer"),
    ],
)
def test_only_a_standing_supplement_of_the_issuer_mends(spoil: Callable[[Casebook], Casebook]) -> None:
    assert "L401" in fired(spoil(supplemented(places(()))))


def test_a_supplement_under_an_untrusted_body_does_not_mend() -> None:
    held = (accredited("長木-012"), accredited("岐木-1", body="gifu-body", start=date(2014, 12, 1)))
    book = change(supplemented(places(()), accreditation_number="岐木-1"), KOUSEI.id, accreditations=held)
    assert fired(book) == {"L401", "A204"}
    assert fired(replace(book, trusted_bodies=(BODY.id, "gifu-body"))) == set()


def test_nothing_is_lost_by_a_supplement_that_does_not_count() -> None:
    """f-1 names its place itself; f-9, after the accreditation, would add another one."""
    book = supplemented(clean(), locations=(parcels("999"),))
    assert fired(book) == {"L405"}
    late = change_accreditation(book, KOUSEI.id, until=date(2014, 11, 30))
    assert fired(late) == {"A203"}
    assert lot_of(late).clean


def spoilt(finding: Effect) -> set[str]:
    """What is found where f-1 rests on a supplement of whose bytes something is said with that effect."""
    case = case_of_casebook(supplemented(places(())))
    nothing = Text("", "")
    said = Finding("S101", "f-9", finding, "", nothing, nothing, nothing, nothing)
    entries = tuple(replace(e, findings=(said,)) if e.value.id == "f-9" else e for e in case.entries)
    found = fold(replace(case, entries=entries), RULES, RINYA_2012).judged["f-1"].findings
    return {f.code for f in found if not f.is_notice}


def test_a_supplement_whose_bytes_are_void_does_not_mend() -> None:
    assert spoilt(Effect.VOID) == {"L401"}
    assert spoilt(Effect.NOTICE) == set()


BY_NUMBER = (parcels("別紙1のとおり"),)


@pytest.mark.parametrize(
    "book",
    [places((ANNEX,)), places(HERE, (ANNEX,)), places(BY_NUMBER, BY_NUMBER)],
    ids=["certificate's", "document's", "both by number"],
)
def test_an_annex_that_was_not_copied_leaves_nothing_confirmed(book: Casebook) -> None:
    assert unchecked(book, "L401") == [True]
    assert lot_of(book).status is Status.INCOMPLETE


def test_an_annex_beside_other_places_leaves_nothing_confirmed() -> None:
    lot = lot_of(places((*HERE, Place(annex=True))))
    assert lot.status is Status.INCOMPLETE
    assert lot.confirmed is FuelClass.CONSTRUCTION_WASTE


def test_an_annex_does_not_matter_where_the_rest_of_the_document_covers_everything() -> None:
    assert lot_of(places(HERE, (*HERE, ANNEX))).clean


def test_an_annex_that_was_copied_is_a_place_like_any_other() -> None:
    assert lot_of(places((replace(PLACE, annex=True),))).clean


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("12林班3小班", "123林班"),
        ("12-3", "123林班"),
        ("1林班23小班", "12林班3小班"),
        ("12い-3-1", "12い-31"),
        ("12い-3", "国有林"),
        ("12い-3", "林班"),
        ("12の-3", "12-3"),
    ],
)
def test_compartments_that_differ_do_not_match(mine: str, theirs: str) -> None:
    book = places((compartments(mine),), (compartments(theirs),))
    assert fired(book) & {"L401", "L402", "L404", "L405"}


@pytest.mark.parametrize("by", ["f-1", "f-2"], ids=["itself", "somebody else's"])
def test_what_is_no_supplement_stays_a_certificate_of_its_own(by: str) -> None:
    other = replace(FELLING, id="f-2", seller="heiwa", accreditation_number="長木-056", documents=("doc-2",))
    book = add(clean(), replace(DOCUMENT, id="doc-2", number="26-15"), other)
    book = change(book, "p-1", draws=(Draw("f-1", m3(20)), Draw("f-2", m3(20))))
    assert lot_of(correct(book, "f-1", Action.SUPPLEMENT, by=by)).clean


def test_l406_names_each_table_once() -> None:
    two = replace(table(("12い-3", ("237-1",))), id="k-2")
    book = add(BY_PARCEL, table(("12い-3", ("236-2",))), two)
    assert [f.found.en for f in lot_of(book).findings if f.code == "L406"] == [
        "concordance k-1, vouched for by 〇〇市: 236-2 is 12い-3",
        "concordance k-2, vouched for by 〇〇市: 237-1 is 12い-3",
    ]


def test_a_landing_beside_parcels_is_not_said_to_be_all_there_is() -> None:
    (finding,) = [f for f in lot_of(places((*HERE, LANDING))).findings if f.code == "L401"]
    assert "だけ" not in finding.found.ja
    assert "only" not in finding.found.en


def test_a_town_that_was_merged_since_is_found_in_the_table() -> None:
    before = Place("栃木県", "下都賀郡岩舟町", "大字静", parcels=("236-2",))
    after = Place("栃木県", "栃木市", "岩舟町静", parcels=("236-2",))
    book = change(places((after,), (before,)), "doc-1", accepted=date(2014, 3, 20))
    assert "L404" in fired(book)
    case = case_of_casebook(book, municipalities=municipalities())
    judged = fold(case, RULES, RINYA_2012).judged["f-1"]
    assert "L404" in judged.passed
    assert not [f for f in judged.findings if f.code.startswith("L")]
