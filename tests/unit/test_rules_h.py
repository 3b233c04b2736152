"""Family H: what a felling-stage certificate must say, and on what it must rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Medium, Origin, Permit, Statement
from biotrace.model.correction import Action
from biotrace.model.document import (
    Document,
    DocumentContent,
    DocumentCopy,
    DocumentKind,
    FellingFacts,
    FellingMethod,
    Period,
)
from biotrace.model.fuel_class import FuelClass
from biotrace.model.place import Place
from biotrace.model.quantity import Quantity, Unit
from biotrace.verify.effect import Effect
from biotrace.verify.verdict import Status
from tests.casebooks import (
    COMPARTMENT,
    DOCUMENT,
    KOUSEI,
    OFFICE,
    PLACE,
    PLANT,
    TOWN,
    Bad,
    Good,
    add,
    change,
    change_felling,
    clean,
    copy,
    correct,
    find,
    findings,
    fired,
    general,
    homestead,
    imported,
    legality,
    logs_direct,
    lot_of,
    m3,
    national,
    of_class,
    plan,
    protection,
    remove,
    row_name,
    tonnes,
    unchecked,
    verdict_of,
)

UNPROVEN, GENERAL, NOTICE = Effect.UNPROVEN, Effect.GENERAL, Effect.NOTICE
THINNED = FuelClass.THINNED
KINDS = DocumentKind
ELSEWHERE = replace(PLACE, parcels=("999",))


def of_kind(kind: DocumentKind, book: Casebook | None = None, **changes: Any) -> Casebook:
    """The book resting on a document of another kind; a contract with the forest office unless ``changes`` differ."""
    office = {"issuer": None, "forest_office": OFFICE.id} if kind is DocumentKind.NATIONAL_CONTRACT else {}
    return change(book or clean(), "doc-1", kind=kind, **{**office, **changes})


def contract(issuer: str | None, office: str | None, book: Casebook | None = None) -> Casebook:
    """The book resting on a contract for national-forest wood, issued by and naming whom it says."""
    return of_kind(DocumentKind.NATIONAL_CONTRACT, book, issuer=issuer, forest_office=office)


def on_nothing(book: Casebook) -> Casebook:
    """The book without any document."""
    return remove(change(book, "f-1", documents=()), "doc-1")


def method(felling: FellingMethod, rate: int, book: Casebook | None = None) -> Casebook:
    """The book whose document names another method and rate."""
    return change_felling(book or clean(), "doc-1", method=felling, rate=rate)


def clear_cut(book: Casebook | None = None) -> Casebook:
    """The book whose document is for a clear felling."""
    return method(FellingMethod.CLEAR, 10_000, book)


def claims(origins: tuple[Origin, ...], book: Casebook | None = None) -> Casebook:
    """The book that claims other origins."""
    return change(book or clean(), "f-1", origins=origins)


def by_the_office(book: Casebook) -> Casebook:
    """National-forest wood on the forest office's own certificate."""
    return on_nothing(change(book, "f-1", seller=OFFICE.id, accreditation_number=None))


def second_document(book: Casebook, document: Document) -> Casebook:
    """The book resting on one document more."""
    return change(add(book, document), "f-1", documents=("doc-1", document.id))


def by_weight(weight: Quantity, species: str = "スギ") -> Casebook:
    """The book whose wood was weighed as it was felled, and is of that species."""
    return change(change(clean(), "f-1", quantity=weight, species=(species,)), "p-1", species=())


def second_felling(book: Casebook, cubic_metres: int) -> Casebook:
    """The book with a later certificate on the same document."""
    return copy(book, "f-1", "f-2", quantity=m3(cubic_metres), date=date(2014, 7, 1))


PERMIT_ELSEWHERE = replace(
    DOCUMENT, id="doc-2", number="保-3", kind=KINDS.PROTECTION_PERMIT, locations=(ELSEWHERE,), felling=None
)
CLEAR_CUT_WITH_ANOTHERS_PERMIT = claims((Origin.PROTECTION_FOREST,), second_document(clear_cut(), PERMIT_ELSEWHERE))

COVER_PAGE = replace(
    DOCUMENT,
    id="doc-2",
    number="26林経1",
    kind=KINDS.MANAGEMENT_PLAN,
    content=DocumentContent.COVER_ONLY,
    locations=(),
    felling=None,
    valid=Period(date(2013, 4, 1), date(2018, 3, 31)),
)
OF_THE_TOWN = replace(COVER_PAGE, content=DocumentContent.FULL, locations=(Place("長野県", "〇〇市"),))
UNLINKED = replace(OF_THE_TOWN, locations=(replace(COMPARTMENT, compartments=("99ろ-9",)),))

PRESENCE = [
    Bad("H301", "chips from nothing", change(clean(), "p-1", draws=()), "p-1", UNPROVEN, "引き当て", "draws on no"),
    Bad(
        "H301",
        "a permit is no certificate",
        change(clean(), "p-1", draws=(), documents=("doc-1",)),
        "p-1",
        UNPROVEN,
        "根拠書類だけで",
        "only a document is cited",
    ),
    Bad(
        "H301",
        "logs without any",
        change(logs_direct(), "d-1", certificate=None, fuel_class=THINNED),
        "d-1",
        UNPROVEN,
        "納入に引き当てた証明書が一つもない",
        "the delivery cites no certificate at all",
    ),
    Bad(
        "H301",
        "thinned wood on a legality certificate",
        change(clean(), "f-1", medium=Medium.LEGALITY_CERTIFICATE),
        "f-1",
        UNPROVEN,
        "合法性証明",
        "thinned wood on a legality",
    ),
    Bad("H302", "thinned", on_nothing(clean()), "f-1", UNPROVEN, "一つも挙げられていない", "none is listed"),
    Bad("H302", "general", on_nothing(general()), "f-1", UNPROVEN, "一つも挙げられていない", "none is listed"),
    Bad("H309", "no contract", on_nothing(national()), "f-1", UNPROVEN, "売買契約書が", "no contract is listed"),
    Bad(
        "H309",
        "other papers only",
        of_kind(KINDS.PRIVATE_CONTRACT, national()),
        "f-1",
        UNPROVEN,
        "売買契約書が",
        "no contract is listed",
        also=("H303",),
    ),
    Bad(
        "H309",
        "another office's contract",
        change(national(), "doc-1", forest_office="木曽森林管理署"),
        "f-1",
        UNPROVEN,
        "証明書は 北信森林管理署、契約書は 木曽森林管理署",
        "contract: 木曽森林管理署",
    ),
    Bad(
        "H309",
        "national-forest wood on the other form",
        on_nothing(claims((Origin.NATIONAL_FOREST,))),
        "f-1",
        UNPROVEN,
        "売買契約書が",
        "no contract is listed",
        also=("P506",),
    ),
]

PRESENCE += [
    Bad(
        "H309",
        "a contract with a company that is no forest office, whatever the certificate says",
        change(contract(None, KOUSEI.id, national()), "f-1", forest_office=KOUSEI.id),
        "f-1",
        UNPROVEN,
        "契約の売り手 甲成林産有限会社 は森林管理署でない",
        "sold by 甲成林産有限会社: no forest office",
        also=("H303",),
    ),
    Bad(
        "H309",
        "a contract with somebody of no such name",
        change(contract("甲野林業", None, national()), "f-1", forest_office="甲野林業"),
        "f-1",
        UNPROVEN,
        "契約の売り手 甲野林業 は森林管理署でない",
        "sold by 甲野林業: no forest office",
        also=("H303",),
    ),
]

WASTE = FuelClass.CONSTRUCTION_WASTE
LISTED_NOT_KEPT = change(clean(), "doc-1", copy=DocumentCopy.MISSING)
PRESENCE_OK = [
    Good("H301", "annotated permit in its place", change(clean(), "f-1", medium=Medium.ANNOTATED_PERMIT)),
    Good("H301", "annotated contract in its place", change(national(), "f-1", medium=Medium.ANNOTATED_CONTRACT)),
    Good("H301", "papers with a delivery note", change(clean(), "f-1", medium=Medium.DELIVERY_NOTE)),
    Good("H301", "general wood on a legality certificate", legality()),
    Good("H301", "declared waste", change(clean(), "d-1", certificate=None, fuel_class=WASTE), also=("Q605",)),
    Good("H302", "listed, but not to be had", LISTED_NOT_KEPT, also=("D901",)),
    Good("H302", "1-2 needs none", homestead()),
    Good("H302", "imported wood on a CoC paper", on_nothing(change(imported(), "f-1", medium=Medium.COC_CERTIFICATE))),
    Good("H302", "general wood under forest certification", change(legality(), "f-1", medium=Medium.COC_CERTIFICATE)),
    Good("H302", "national forest: H309 has the word", on_nothing(national()), also=("H309",)),
    Good("H309", "the office's own certificate", by_the_office(national())),
    Good("H309", "the office by its name", change(national(), "doc-1", forest_office="北信森林管理署 ")),
    Good("H309", "the office as issuer", change(national(), "doc-1", forest_office=None, issuer=OFFICE.id)),
    Good("H309", "the office's head as issuer", contract("北信森林管理署長 山田一郎", None, national())),
    Good(
        "H309", "the office's own, on the other form", by_the_office(claims((Origin.NATIONAL_FOREST,))), also=("P506",)
    ),
]

NOTICE_ELSEWHERE = replace(DOCUMENT, id="doc-2", number="26-15", locations=(ELSEWHERE,))
NO_METHOD = change_felling(clean(), "doc-1", method=None)
SELECTION_NOTICE = of_kind(KINDS.PROTECTION_SELECTION_NOTICE)
IMPORTED_ON_A_CONTRACT = of_kind(KINDS.PRIVATE_CONTRACT, imported())
OVER_PLAN = replace(
    DOCUMENT,
    id="doc-2",
    kind=KINDS.MANAGEMENT_PLAN,
    number="20林経1",
    felling=None,
    valid=Period(date(2008, 4, 1), date(2013, 3, 31)),
)
SUPPORT = [
    Bad(
        "H303", "d13", of_kind(KINDS.PRIVATE_CONTRACT), "f-1", UNPROVEN, "私人間の売買契約書", "private sales contract"
    ),
    Bad("H303", "t1", of_kind(KINDS.INFORMATION_CARD), "f-1", UNPROVEN, "書類: 情報カード", "information card"),
    Bad("H303", "l1", of_kind(KINDS.WASTE_MANIFEST, general()), "f-1", UNPROVEN, "由来: 主伐材", "waste manifest"),
    Bad("H303", "notice without a method", NO_METHOD, "f-1", UNPROVEN, "由来: 間伐材", "felling notice"),
    Bad("H303", "selection is no thinning", SELECTION_NOTICE, "f-1", UNPROVEN, "保安林内択伐届", "selection felling"),
    Bad(
        "H303",
        "plan claimed, notice shown",
        claims((Origin.THINNING, Origin.MANAGEMENT_PLAN)),
        "f-1",
        UNPROVEN,
        "由来: 森林経営計画対象森林から出材された木材／",
        "origin: wood from a forest under a management plan",
    ),
    Bad(
        "H303",
        "imported on a private contract",
        IMPORTED_ON_A_CONTRACT,
        "f-1",
        UNPROVEN,
        "由来: 輸入材",
        "imported wood",
    ),
    Bad(
        "H303",
        "imported by its country, on a felling notice",
        change(of_kind(KINDS.FELLING_NOTICE, imported()), "f-1", origins=()),
        "f-1",
        UNPROVEN,
        "由来: 輸入材",
        "imported wood",
    ),
    Bad(
        "H303",
        "the notice for this place names no method, another place's does",
        change(second_document(NO_METHOD, NOTICE_ELSEWHERE), "f-1", locations=(PLACE, ELSEWHERE)),
        "f-1",
        UNPROVEN,
        "由来: 間伐材",
        "felling notice",
    ),
    Bad("H304", "h1", clear_cut(), "f-1", GENERAL, "伐採届 26-14: 主伐（皆伐） 100 %", "26-14: clear-felling 100 %"),
    Bad(
        "H304", "selection", method(FellingMethod.SELECTION, 3_000), "f-1", GENERAL, "主伐（択伐）", "selection felling"
    ),
    Bad(
        "H304",
        "wins over H303",
        claims((Origin.MANAGEMENT_PLAN,), clear_cut()),
        "f-1",
        GENERAL,
        "主伐（皆伐）",
        "clear-felling",
    ),
    Bad("H304", "no origin named", claims((), clear_cut()), "f-1", GENERAL, "主伐（皆伐）", "clear-felling"),
    Bad(
        "H304",
        "origin 2 is proven for another place only",
        CLEAR_CUT_WITH_ANOTHERS_PERMIT,
        "f-1",
        GENERAL,
        "主伐（皆伐）",
        "clear-felling",
    ),
    *(
        Bad("H304", why, second_document(clear_cut(), paper), "f-1", GENERAL, "主伐（皆伐）", "clear-felling")
        for why, paper in (
            ("the cover page of a plan names no place", COVER_PAGE),
            ("a plan for the municipality names no place", OF_THE_TOWN),
            ("a plan for compartments that nothing links to this place", UNLINKED),
        )
    ),
    Bad("H305", "35.01 %", method(FellingMethod.THINNING, 3_501), "f-1", GENERAL, "伐採率 35.01 %", "rate 35.01 %"),
    Bad(
        "H305",
        "no origin named",
        claims((), method(FellingMethod.THINNING, 5_000)),
        "f-1",
        GENERAL,
        "伐採率 50 %",
        "rate 50 %",
    ),
    Bad("H310", "with legality", of_class(imported(), THINNED), "f-1", GENERAL, "産出国: US", "country: US"),
    Bad("H310", "without", on_nothing(of_class(imported(), THINNED)), "f-1", UNPROVEN, "産出国: US", "country: US"),
    Bad(
        "H310",
        "the certificate is the legality evidence",
        on_nothing(change(of_class(imported(), THINNED), "f-1", medium=Medium.LEGALITY_CERTIFICATE)),
        "f-1",
        GENERAL,
        "産出国: US",
        "country: US",
    ),
    Bad(
        "H303",
        "a final felling by its own words, on a notice for thinning",
        claims((Origin.FINAL_FELLING,)),
        "f-1",
        GENERAL,
        "主伐材を間伐材等由来としている: 由来: 主伐材",
        "wood of a final felling declared as thinned",
    ),
    Bad(
        "H303",
        "a final felling beside thinning",
        claims((Origin.THINNING, Origin.FINAL_FELLING)),
        "f-1",
        GENERAL,
        "主伐材を間伐材等由来としている",
        "wood of a final felling declared as thinned",
    ),
    Bad(
        "H303",
        "a final felling on a notice without a method",
        claims((Origin.FINAL_FELLING,), NO_METHOD),
        "f-1",
        GENERAL,
        "主伐材を間伐材等由来としている",
        "wood of a final felling declared as thinned",
    ),
    Bad(
        "H303",
        "a final felling on a legality certificate",
        claims((Origin.FINAL_FELLING,), of_kind(KINDS.LEGALITY_CERTIFICATE)),
        "f-1",
        GENERAL,
        "主伐材を間伐材等由来としている",
        "wood of a final felling declared as thinned",
    ),
    Bad(
        "H303",
        "a final felling on a contract between private parties",
        claims((Origin.FINAL_FELLING,), of_kind(KINDS.PRIVATE_CONTRACT)),
        "f-1",
        UNPROVEN,
        "私人間の売買契約書",
        "private sales contract",
    ),
    Bad("H303", "imported, on nothing", on_nothing(imported()), "f-1", UNPROVEN, "書類: なし", "documents: none"),
    *(
        Bad(code, why, claims((), second_document(book, OVER_PLAN)), "f-1", GENERAL, "26-14", "26-14")
        for code, why, book in (
            ("H304", "a plan that had ended proves nothing", clear_cut()),
            ("H305", "nor does it for too much thinning", method(FellingMethod.THINNING, 4_000)),
        )
    ),
]

CARD = Document("doc-2", KINDS.INFORMATION_CARD)
LEGALITY_ON_1_1 = change(legality(), "f-1", origins=(Origin.HOMESTEAD,))
LISTED_ABROAD = remove(imported(), "doc-1")
SUPPORT += [
    *(
        Bad("H303", why, contract(*named), "f-1", UNPROVEN, "（森林管理署の名がない）", "(naming no forest office)")
        for why, named in (
            ("a contract that names no office", (None, None)),
            ("a contract that names blanks", (None, "　")),
            ("a contract issued by a municipality", (TOWN.id, None)),
            ("a contract issued by whoever owned the forest", ("山田太郎", None)),
            ("a contract with a forester of the prefecture", (None, "北信林業事務所")),
            ("a contract with a firm that is called after the forest", (None, "林野開発有限会社")),
            ("a contract with a firm that manages forests", (None, "長野森林管理サービス㈱")),
            ("a contract with a firm beside offices", (None, "(株)森林管理局サポート")),
            ("a contract with an association", (None, "国有林野造林組合")),
            ("a contract with a forester's shop", (None, "信州営林")),
            ("a contract with the fire brigade", (None, "北信消防署長")),
            ("a contract with a party that is no forest office", (None, KOUSEI.id)),
        )
    ),
    Bad(
        "H303",
        "general wood on a contract that names no office",
        contract(None, None, general()),
        "f-1",
        UNPROVEN,
        "（森林管理署の名がない）",
        "(naming no forest office)",
    ),
    Bad(
        "H303",
        "a final felling under such a contract is no origin 2",
        claims((Origin.FINAL_FELLING,), contract(None, None)),
        "f-1",
        UNPROVEN,
        "由来: 主伐材",
        "(naming no forest office)",
    ),
    *(
        Bad(
            "H303",
            f"general wood, proven, with an origin that does not fit: {origin}",
            claims((origin,), general()),
            "f-1",
            NOTICE,
            "由来の記載が書類に合わない（一般木質としては証明されている）: 由来: ",
            "as general wood it is proven",
        )
        for origin in (Origin.THINNING, Origin.WEEDING, Origin.PROTECTION_FOREST, Origin.MANAGEMENT_PLAN)
    ),
    Bad(
        "H303",
        "general wood, an origin that does not fit, and one place without a document",
        change(
            claims((Origin.THINNING,), second_document(general(), replace(CARD, locations=(ELSEWHERE,)))),
            "f-1",
            locations=(PLACE, ELSEWHERE),
        ),
        "f-1",
        UNPROVEN,
        "由来: 間伐材",
        "information card",
        also=("L405",),
    ),
    Bad(
        "H303",
        "homestead trees on a legality certificate in place of 1-1",
        LEGALITY_ON_1_1,
        "f-1",
        UNPROVEN,
        "由来: 屋敷林／書類: 必要情報を追加記載した合法性証明書",
        "origin: homestead trees (屋敷林); documents: annotated legality certificate",
    ),
    Bad(
        "H303",
        "offcuts on a CoC paper in place of 1-1",
        change(legality(), "f-1", medium=Medium.COC_CERTIFICATE, origins=(Origin.FINAL_FELLING, Origin.OFFCUTS)),
        "f-1",
        UNPROVEN,
        "由来: 端材／書類: 森林認証・CoC認証の証明書",
        "origin: offcuts",
    ),
    Bad(
        "H303",
        "imported, with a document that is not at hand",
        LISTED_ABROAD,
        "f-1",
        UNPROVEN,
        "書類: この時点では手元にない",
        "documents: not at hand at this time",
    ),
]

RATE_40 = method(FellingMethod.THINNING, 4_000)
BOTH_PAPERS = second_document(
    clear_cut(), replace(DOCUMENT, id="doc-2", kind=KINDS.MANAGEMENT_PLAN, number="26林経1", felling=None)
)
SUPPORT_OK = [
    Good("H303", "no origin named, one of three supported", claims(())),
    Good("H303", "legality certificate for general wood", of_kind(KINDS.LEGALITY_CERTIFICATE, general())),
    Good("H303", "CoC certificate for imported wood", of_kind(KINDS.COC_CERTIFICATE, imported())),
    Good("H303", "clear felling: H304 has the word", clear_cut(), also=("H304",)),
    Good("H304", "declared general", general()),
    Good("H304", "clear felling under a plan", clear_cut(plan())),
    Good("H304", "clear felling in a protection forest", of_kind(KINDS.PROTECTION_PERMIT, clear_cut(protection()))),
    Good("H304", "the notice, and the plan for the same place", BOTH_PAPERS),
    Good("H304", "thinning", clean()),
    Good("H305", "35 % exactly", method(FellingMethod.THINNING, 3_500)),
    Good("H305", "40 % in a protection forest", method(FellingMethod.THINNING, 4_000, protection())),
    Good("H305", "40 % under a plan", claims((Origin.THINNING,), of_kind(KINDS.MANAGEMENT_PLAN, RATE_40))),
    Good("H305", "40 %, declared general", of_class(RATE_40, FuelClass.GENERAL)),
    Good("H305", "clear felling: H304 has the word", clear_cut(RATE_40), also=("H304",)),
    Good("H303", "thinnings on a legality certificate", claims((Origin.THINNING,), legality())),
    *(
        Good("H303", f"a contract with {name}", contract(None, name))
        for name in (
            *(
                "北信森林管理署",
                "関東森林管理局長",
                "上川中部署",
                "中信　森林管理署長　山田一郎",
                "林野庁",
                "長野営林局",
            ),
            *("分任契約担当官 北信森林管理署長", "北信森林管理署（買受人 甲林業株式会社）"),
        )
    ),
    Good("H310", "declared general", imported()),
    Good("H310", "from Japan", change(clean(), "f-1", country="JP")),
    Good("H303", "a final felling in a protection forest", claims((Origin.FINAL_FELLING,), protection())),
    Good("H303", "a final felling under a plan", claims((Origin.FINAL_FELLING,), plan())),
    *(Good("H310", f"country: {name}", change(clean(), "f-1", country=name)) for name in ("国産", "日本（長野県）")),
]

PLAN_OVER = change(plan(), "doc-1", valid=Period(date(2013, 4, 1), date(2014, 6, 19)))
LATE = Period(date(2014, 5, 27), date(2015, 4, 1))
EARLY = Period(date(2014, 5, 26), date(2014, 6, 20))
EXPIRED_HERE = second_document(
    change(clean(), "doc-1", valid=Period(date(2013, 4, 1), date(2014, 5, 31))),
    replace(DOCUMENT, id="doc-2", number="26-15", locations=(ELSEWHERE,)),
)
TIME = [
    Bad(
        "H311", "the plan ended", PLAN_OVER, "f-1", UNPROVEN, "2013-04-01〜2014-06-19", "felled 2014-05-27〜2014-06-20"
    ),
    Bad(
        "H311",
        "accepted after felling began",
        change(clean(), "doc-1", accepted=date(2014, 5, 28)),
        "f-1",
        UNPROVEN,
        "26-14 の期間は 2014-05-28〜2015-03-31",
        "26-14 allows 2014-05-28〜2015-03-31",
        also=("H319",),
    ),
    Bad(
        "H311",
        "a notice is in force to the end of its felling period",
        change(clean(), "f-1", felled=LATE),
        "f-1",
        UNPROVEN,
        "2015-04-01",
        "2015-04-01",
        also=("H312",),
    ),
    Bad(
        "H311",
        "in force for another place only",
        EXPIRED_HERE,
        "f-1",
        UNPROVEN,
        "2014-05-31",
        "2014-05-31",
    ),
    Bad(
        "H311",
        "the cover page of a plan is in force, but names no place",
        second_document(change(clean(), "doc-1", valid=Period(date(2013, 4, 1), date(2014, 5, 31))), COVER_PAGE),
        "f-1",
        UNPROVEN,
        "2014-05-31",
        "2014-05-31",
    ),
    Bad("H312", "too early", change(plan(), "f-1", felled=EARLY), "f-1", UNPROVEN, "2014-05-26", "felled 2014-05-26"),
    Bad("H312", "too late", change(plan(), "f-1", felled=LATE), "f-1", UNPROVEN, "2015-04-01", "2015-04-01"),
    Bad(
        "H312",
        "only the last day is stated, and it is too late",
        change(plan(), "f-1", felled=Period(None, date(2015, 4, 1))),
        "f-1",
        UNPROVEN,
        "2015-04-01",
        "2015-04-01",
    ),
    Bad(
        "H311",
        "a notice accepted after the certificate, without felling dates",
        change(change(clean(), "doc-1", accepted=date(2014, 6, 28)), "f-1", felled=None),
        "f-1",
        UNPROVEN,
        "証明日 2014-06-27 までに伐採した木材なのに、26-14 は 2014-06-28 から",
        "felled by 2014-06-27, the day of issue, but 26-14 is in force from 2014-06-28",
        also=("H319",),
    ),
]
WHOLE_PERIOD = Period(date(2014, 5, 27), date(2015, 3, 31))
LATER_PLAN = change(plan(), "doc-1", valid=Period(date(2014, 6, 28), date(2019, 3, 31)))
STANDING, REVERSED = Period(date(2014, 6, 28), date(2014, 7, 25)), Period(date(2014, 6, 20), date(2014, 5, 27))
TIME += [
    Bad(
        "H311",
        "a plan from the day after the certificate, and only the last day of felling",
        change(LATER_PLAN, "f-1", felled=Period(None, date(2014, 7, 25))),
        "f-1",
        UNPROVEN,
        "証明日 2014-06-27 までに伐採した木材なのに、26-14 は 2014-06-28 から",
        "felled by 2014-06-27, the day of issue, but 26-14 is in force from 2014-06-28",
    ),
    Bad(
        "H321",
        "from the day after the certificate",
        change(clean(), "f-1", felled=STANDING),
        "f-1",
        UNPROVEN,
        "証明日にまだ伐採されていない: 証明日 2014-06-27、伐採は 2014-06-28 から",
        "not felled yet when it was certified: issued 2014-06-27, felled from 2014-06-28",
    ),
    Bad(
        "H321",
        "under a plan that began no sooner",
        change(LATER_PLAN, "f-1", felled=STANDING),
        "f-1",
        UNPROVEN,
        "2014-06-28",
        "2014-06-28",
    ),
    Bad(
        "H321",
        "no last day",
        change(clean(), "f-1", felled=Period(date(2014, 6, 28))),
        "f-1",
        UNPROVEN,
        "2014-06-28",
        "2014-06-28",
    ),
    Bad(
        "H321",
        "it ends before it begins",
        change(clean(), "f-1", felled=REVERSED),
        "f-1",
        UNPROVEN,
        "伐採の終わりが始まりより前になっている: 伐採は 2014-06-20 から 2014-05-27 まで",
        "the felling ends before it begins: felled from 2014-06-20 to 2014-05-27",
    ),
    Bad(
        "H321",
        "homestead trees",
        change(homestead(), "f-1", felled=STANDING),
        "f-1",
        UNPROVEN,
        "2014-06-28",
        "2014-06-28",
    ),
    Bad(
        "H321",
        "imported wood",
        change(imported(), "f-1", felled=REVERSED),
        "f-1",
        UNPROVEN,
        "2014-05-27",
        "2014-05-27",
    ),
]
TIME_OK = [
    Good("H321", "from the day of issue", change(clean(), "f-1", felled=Period(date(2014, 6, 27), date(2014, 7, 25)))),
    Good("H321", "it goes on after the day of issue", change(clean(), "f-1", felled=WHOLE_PERIOD)),
    Good("H321", "felled in one day", change(clean(), "f-1", felled=Period(*[date(2014, 6, 2)] * 2))),
    Good("H321", "no dates", change(clean(), "f-1", felled=None)),
    Good("H311", "first to last day of the plan", change(PLAN_OVER, "f-1", felled=Period(*[date(2014, 6, 19)] * 2))),
    Good("H311", "first to last day of the notice", change(clean(), "f-1", felled=WHOLE_PERIOD)),
    Good("H312", "first to last day", change(plan(), "f-1", felled=WHOLE_PERIOD)),
    Good("H312", "one day, no last one stated", change(plan(), "f-1", felled=Period(date(2014, 6, 1)))),
    Good(
        "H311",
        "accepted on the day",
        change(change(clean(), "doc-1", accepted=date(2014, 6, 27)), "f-1", felled=None),
        also=("H319",),
    ),
]

NOT_ENOUGH = replace(DOCUMENT, id="doc-2", number="26-15", felling=FellingFacts(FellingMethod.THINNING, 3_000))
SECOND_VOLUME = replace(DOCUMENT, id="doc-2", number="26-15", accepted=date(2014, 5, 9))
TOWN_ONLY = replace(PLACE, oaza=None, aza=None, parcels=())
CLEAR_UNSTATED = FellingFacts(FellingMethod.CLEAR, 10_000)
CLEAR_TOO = replace(SECOND_VOLUME, felling=replace(CLEAR_UNSTATED, volume=10**10))
BEYOND = change(clean(), "f-1", quantity=m3(111))
QUANTITY = [
    Bad(
        "H314",
        "one certificate",
        BEYOND,
        "f-1",
        UNPROVEN,
        "合計 111.00 ㎥、書類の材積 100.00 ㎥",
        "certified 111.00 m³",
    ),
    Bad("H314", "the later one", second_felling(clean(), 11), "f-2", UNPROVEN, "合計 111.00 ㎥", "allow 100.00 m³"),
    Bad(
        "H314",
        "by weight, whatever its factors",
        by_weight(tonnes(60, 1_000)),
        "f-1",
        UNPROVEN,
        "証明の合計 少なくとも 118.80 ㎥、書類の材積 100.00 ㎥",
        "certified at least 118.80 m³ in all, the documents allow 100.00 m³",
    ),
    Bad(
        "H314",
        "by weight, without a moisture",
        by_weight(tonnes(100, None)),
        "f-1",
        NOTICE,
        "証明の合計 標準の係数で 132.00 ㎥、書類の材積 100.00 ㎥",
        "certified by default factors 132.00 m³ in all, the documents allow 100.00 m³",
        also=("Q605",),
    ),
    Bad(
        "H314",
        "by weight, of a species that may be denser than by default",
        by_weight(tonnes(72, 1_000), "ナラ"),
        "f-1",
        NOTICE,
        "標準の係数で 110.16 ㎥",
        "by default factors 110.16 m³",
        also=("H315",),
    ),
    Bad(
        "H314",
        "loose, whatever its factors",
        by_weight(m3(386, Unit.M3_LOOSE)),
        "f-1",
        UNPROVEN,
        "少なくとも 110.29 ㎥",
        "at least 110.29 m³",
    ),
    Bad(
        "H314",
        "loose, by default factors",
        by_weight(m3(331, Unit.M3_LOOSE)),
        "f-1",
        NOTICE,
        "標準の係数で 110.33 ㎥",
        "by default factors 110.33 m³",
    ),
    Bad(
        "H314",
        "in m³ after what was surely taken by weight",
        second_felling(by_weight(tonnes(45, 1_000)), 30),
        "f-2",
        UNPROVEN,
        "少なくとも 119.10 ㎥",
        "at least 119.10 m³",
    ),
    Bad(
        "H314",
        "in m³ after what may have been taken by weight",
        second_felling(by_weight(tonnes(60, None)), 40),
        "f-2",
        NOTICE,
        "標準の係数で 119.20 ㎥",
        "by default factors 119.20 m³",
        also=("Q605",),
    ),
    Bad(
        "H314",
        "pooled",
        change(second_document(clean(), SECOND_VOLUME), "f-1", quantity=m3(221)),
        "f-1",
        UNPROVEN,
        "書類の材積 200.00 ㎥",
        "allow 200.00 m³",
    ),
    Bad(
        "H314",
        "a paper that allows nothing does not lift the limit",
        second_document(BEYOND, CARD),
        "f-1",
        UNPROVEN,
        "111.00",
        "111.00",
    ),
    Bad(
        "H314",
        "a permit for another place lends no volume",
        change(second_document(clean(), replace(SECOND_VOLUME, locations=(ELSEWHERE,))), "f-1", quantity=m3(200)),
        "f-1",
        UNPROVEN,
        "合計 200.00 ㎥、書類の材積 100.00 ㎥",
        "certified 200.00 m³ in all, the documents allow 100.00 m³",
    ),
    *(
        Bad(
            "H314",
            f"nor does {why}",
            change(second_document(book, paper), "f-1", quantity=m3(200)),
            "f-1",
            UNPROVEN,
            "合計 200.00 ㎥、書類の材積 100.00 ㎥",
            "certified 200.00 m³ in all, the documents allow 100.00 m³",
        )
        for why, book, paper in (
            ("one for no place beside one for this", clean(), replace(SECOND_VOLUME, locations=())),
            ("one for the whole town", clean(), replace(SECOND_VOLUME, locations=(TOWN_ONLY,))),
            ("a notice of clear felling to a protection forest", protection(), CLEAR_TOO),
            ("such a notice without a volume", protection(), replace(CLEAR_TOO, felling=CLEAR_UNSTATED)),
            ("a contract with nobody", protection(), replace(SECOND_VOLUME, kind=DocumentKind.NATIONAL_CONTRACT)),
        )
    ),
    Bad(
        "H314",
        "nor does one for another place that states no volume",
        change(
            second_document(clean(), replace(SECOND_VOLUME, locations=(ELSEWHERE,), felling=None)),
            "f-1",
            quantity=m3(200),
        ),
        "f-1",
        UNPROVEN,
        "合計 200.00 ㎥",
        "certified 200.00 m³",
    ),
]
SHARED_TWO = second_felling(change(second_document(clean(), SECOND_VOLUME), "f-1", quantity=m3(150)), 40)
BESIDE_NO_VOLUME = second_felling(change(second_document(clean(), NOT_ENOUGH), "f-1", quantity=m3(150)), 10)
SUPPLEMENTED = correct(
    copy(clean(), "f-1", "f-2", date=date(2014, 7, 1)), "f-1", Action.SUPPLEMENT, date(2014, 7, 1), by="f-2"
)
QUANTITY_OK = [
    Good("H314", "within the tolerance", change(clean(), "f-1", quantity=m3(110))),
    Good("H314", "together within it", second_felling(clean(), 10)),
    Good("H314", "by weight, within the tolerance", by_weight(tonnes(55, 1_000))),
    Good("H314", "loose, within the tolerance", by_weight(m3(330, Unit.M3_LOOSE))),
    Good("H314", "a cancelled one does not count", correct(second_felling(clean(), 100), "f-2", Action.CANCEL)),
    Good("H314", "an unproven one counts", change(second_felling(clean(), 5), "f-1", area=None), also=("H316",)),
    Good("H314", "pooled", change(second_document(clean(), SECOND_VOLUME), "f-1", quantity=m3(200))),
    Good(
        "H314",
        "150 of both papers leave room for 40 of one",
        change(SHARED_TWO, "f-2", documents=("doc-1",)),
    ),
    Good(
        "H314",
        "a paper without a volume may carry what is above",
        change(BESIDE_NO_VOLUME, "f-2", documents=("doc-1",)),
    ),
    Good("H314", "a supplement names the same wood again", SUPPLEMENTED),
    Good(
        "H314",
        "general wood may rest on a notice of clear felling, too",
        change(second_document(of_class(clean(), FuelClass.GENERAL), CLEAR_TOO), "f-1", quantity=m3(200)),
    ),
    Good(
        "H314",
        "a plan for all of the compartment that states none lets it open",
        change(
            second_document(clean(), replace(SECOND_VOLUME, kind=DocumentKind.MANAGEMENT_PLAN, felling=None)),
            "f-1",
            quantity=m3(200),
        ),
    ),
]

ONLY_SEGREGATED, PAPER = (Statement.SEGREGATED,), Permit(date(2014, 5, 8), "〇〇市長")
ENTRIES = [
    Bad("H316", "recipient", change(clean(), "f-1", buyer=None), "f-1", UNPROVEN, "記載がない: 販売先", "recipient"),
    Bad(
        "H316",
        "all of it",
        change(clean(), "f-1", statements=ONLY_SEGREGATED),
        "f-1",
        UNPROVEN,
        "全てその区分である旨",
        "that all of it is of the class",
    ),
    Bad("H316", "area", change(clean(), "f-1", area=None), "f-1", UNPROVEN, "記載がない: 伐採面積", "felled area"),
    Bad("H316", "0 ha", change(clean(), "f-1", area=0), "f-1", UNPROVEN, "記載がない: 伐採面積", "felled area"),
    Bad("H316", "permit", change(clean(), "f-1", permit=None), "f-1", UNPROVEN, "伐採許可（届出）", "permit or notice"),
    Bad(
        "H316", "its date", change(clean(), "f-1", permit=replace(PAPER, date=None)), "f-1", UNPROVEN, "年月日", "date"
    ),
    Bad(
        "H316", "its issuer", change(clean(), "f-1", permit=replace(PAPER, issuer=None)), "f-1", UNPROVEN, "発行者", ""
    ),
    Bad("H316", "plan", change(plan(), "f-1", permit=None), "f-1", UNPROVEN, "経営計画の認定", "plan certification"),
    Bad(
        "H316", "1-1", change(general(), "f-1", permit=None, area=None), "f-1", UNPROVEN, "伐採面積、伐採許可", "area, "
    ),
    Bad("H316", "national forest: area", change(national(), "f-1", area=None), "f-1", UNPROVEN, "伐採面積", "area"),
]
ON_A_LEGALITY_PAPER = change(
    general(), "doc-1", kind=KINDS.LEGALITY_CERTIFICATE, locations=(), felling=None, accepted=None
)
ENTRIES_OK = [
    Good("H316", "imported: neither area nor permit", imported()),
    Good("H316", "national forest: no permit", national()),
    Good("H316", "2006 guideline: no permit", legality()),
    Good("H316", "2006 guideline by its document: no permit", change(ON_A_LEGALITY_PAPER, "f-1", permit=None)),
    Good("H316", "number of the permit not stated", change(clean(), "f-1", permit=PAPER)),
    Good("H316", "1-2 has entries of its own", homestead()),
]


@pytest.mark.parametrize("row", PRESENCE + SUPPORT + TIME + QUANTITY + ENTRIES, ids=row_name)
def test_fires(row: Bad) -> None:
    row.check()


@pytest.mark.parametrize("row", PRESENCE_OK + SUPPORT_OK + TIME_OK + QUANTITY_OK + ENTRIES_OK, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


PERMITS = {KINDS.PROTECTION_PERMIT, KINDS.PROTECTION_THINNING_NOTICE, KINDS.PROTECTION_SELECTION_NOTICE}
ACCEPTED = {
    Origin.THINNING: {
        KINDS.FELLING_NOTICE,
        KINDS.PROTECTION_THINNING_NOTICE,
        KINDS.PROTECTION_PERMIT,
        KINDS.MANAGEMENT_PLAN,
        KINDS.NATIONAL_CONTRACT,
        KINDS.LOCAL_WEEDING_CERTIFICATE,
    },
    Origin.PROTECTION_FOREST: PERMITS,
    Origin.MANAGEMENT_PLAN: {KINDS.MANAGEMENT_PLAN},
    Origin.NATIONAL_FOREST: {KINDS.NATIONAL_CONTRACT},
    Origin.FINAL_FELLING: {
        *PERMITS,
        KINDS.FELLING_NOTICE,
        KINDS.MANAGEMENT_PLAN,
        KINDS.NATIONAL_CONTRACT,
        KINDS.LEGALITY_CERTIFICATE,
        KINDS.COC_CERTIFICATE,
    },
    Origin.IMPORTED: {KINDS.LEGALITY_CERTIFICATE, KINDS.COC_CERTIFICATE},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("origin", ACCEPTED)
def test_each_origin_has_its_kinds_of_document(origin: Origin, kind: DocumentKind) -> None:
    book = {Origin.FINAL_FELLING: general, Origin.IMPORTED: imported}.get(origin, clean)()
    book = of_kind(kind, claims((origin,), book))
    assert ("H303" in fired(book)) == (kind not in ACCEPTED[origin])


@pytest.mark.parametrize("kind", sorted(PERMITS | {KINDS.MANAGEMENT_PLAN, KINDS.LOCAL_WEEDING_CERTIFICATE}))
def test_weeding_rests_on_its_local_certificate_or_on_origin_2(kind: DocumentKind) -> None:
    assert "H303" not in fired(of_kind(kind, claims((Origin.WEEDING,))))


def test_h305_without_a_rate_cannot_be_run_and_leaves_nothing_confirmed() -> None:
    book = change_felling(clean(), "doc-1", rate=None)
    assert unchecked(book, "H305") == [True]
    assert lot_of(book).confirmed is FuelClass.CONSTRUCTION_WASTE
    assert lot_of(book).if_passed is THINNED


@pytest.mark.parametrize(
    "book", [change(national(), "f-1", forest_office=None), change(national(), "doc-1", forest_office=None)]
)
def test_h309_without_an_office_to_compare_leaves_nothing_confirmed(book: Casebook) -> None:
    assert unchecked(book, "H309") == [True]
    assert lot_of(book).status is Status.INCOMPLETE


@pytest.mark.parametrize("code", ["H311", "H312"])
def test_without_felling_dates_time_is_not_checked_and_changes_nothing(code: str) -> None:
    book = change(clean(), "f-1", felled=None)
    assert unchecked(book, code) == [False]
    assert lot_of(book).clean


def test_without_a_period_on_the_document_time_is_not_checked() -> None:
    bare = replace(find(clean(), "doc-1").felling, start=None, until=None)
    book = change(clean(), "doc-1", accepted=None, felling=bare)
    assert (unchecked(book, "H311"), unchecked(book, "H312")) == ([False], [False])
    empty = change(book, "doc-1", valid=Period())
    assert unchecked(empty, "H311") == [False]


def test_h321_with_only_a_last_day_after_the_certificate_is_not_checked_and_changes_nothing() -> None:
    book = change(plan(), "f-1", felled=Period(None, date(2014, 7, 25)))
    assert unchecked(book, "H321") == [False]
    assert lot_of(book).clean


@pytest.mark.parametrize("code", ["H311", "H312"])
def test_a_time_of_felling_that_ends_before_it_begins_is_left_to_h321(code: str) -> None:
    book = change(clean(), "f-1", felled=REVERSED)
    assert unchecked(book, code) == [False]


def test_general_wood_with_an_origin_that_does_not_fit_stays_confirmed() -> None:
    assert lot_of(claims((Origin.THINNING,), general())).clean


@pytest.mark.parametrize("area", [0, None])
def test_h313_an_area_of_zero_on_a_document_is_none(area: int | None) -> None:
    assert unchecked(change_felling(clean(), "doc-1", area=area), "H313") == [False]


def test_h314_without_a_volume_is_not_checked() -> None:
    book = change(second_document(clean(), NOT_ENOUGH), "f-1", quantity=m3(500))
    assert unchecked(book, "H314") == [False]
    assert lot_of(book).clean


def test_h314_concerns_what_lies_above_the_volume_not_above_the_tolerance() -> None:
    (one,) = findings(BEYOND, "H314")
    assert one.excess == Fraction(11, 111)
    (other,) = findings(second_felling(change(clean(), "f-1", quantity=m3(105)), 10), "H314")
    assert (other.record, other.excess) == ("f-2", Fraction(1))
    (weighed,) = findings(by_weight(tonnes(60, 1_000)), "H314")
    assert weighed.excess == Fraction(1_880, 11_880)
    (noted,) = findings(by_weight(tonnes(100, None)), "H314")
    assert noted.excess is None


def test_h314_says_what_the_documents_allow() -> None:
    (finding,) = findings(second_felling(change(clean(), "f-1", quantity=m3(105)), 10), "H314")
    assert "certified 115.00 m³ in all, the documents allow 100.00 m³" in finding.found.en


def test_h314_an_excess_on_one_paper_is_not_an_excess_on_another_pooled_with_it() -> None:
    both = change(second_document(clean(), SECOND_VOLUME), "f-1", quantity=m3(10))
    first = copy(both, "f-1", "f-2", documents=("doc-1",), quantity=m3(200), date=date(2014, 7, 1))
    second = copy(first, "f-1", "f-3", documents=("doc-2",), quantity=m3(50), date=date(2014, 7, 2))
    assert [finding.record for finding in findings(second, "H314")] == ["f-2"]


def test_h305_asks_no_rate_of_a_weeding_certificate() -> None:
    weeding = replace(DOCUMENT, id="doc-2", kind=KINDS.LOCAL_WEEDING_CERTIFICATE, number="除-1", felling=None)
    assert unchecked(second_document(clean(), weeding), "H305") == []


def test_h314_excess_lowers_its_share_of_what_was_drawn() -> None:
    lot = lot_of(change(clean(), "f-1", quantity=m3(125)))
    assert lot.by_class is not None
    assert lot.by_class[THINNED] * 5 == lot.by_class[WASTE] * 20
    assert lot.confirmed is WASTE


def test_a_supplement_to_the_plant_is_no_lot_of_its_own() -> None:
    book = copy(logs_direct(), "f-1", "f-2", date=date(2014, 7, 1))
    book = correct(book, "f-1", Action.SUPPLEMENT, by="f-2")
    assert [lot.id for lot in verdict_of(book).lots] == ["d-1"]


def test_a_country_written_in_japanese_is_still_japan() -> None:
    book = on_nothing(change(general(), "f-1", country="日本"))
    assert fired(book) == {"H302"}


@pytest.mark.parametrize("fuel_class", [FuelClass.GENERAL_WASTE, FuelClass.CONSTRUCTION_WASTE])
def test_the_family_does_not_speak_of_declared_waste(fuel_class: FuelClass) -> None:
    book = change(on_nothing(clean()), "f-1", fuel_class=fuel_class, area=None, buyer=PLANT.id)
    assert not {code for code in fired(book) if code[0] == "H"}
