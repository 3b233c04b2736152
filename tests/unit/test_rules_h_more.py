"""Family H, the rest: canopy, weeding, land that stays forest, and what a person should look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Origin, Permit
from biotrace.model.correction import Action
from biotrace.model.document import (
    Document,
    DocumentContent,
    DocumentKind,
    FellingFacts,
    FellingMethod,
    Period,
)
from biotrace.model.fuel_class import FuelClass
from biotrace.model.place import Place
from biotrace.verify.case import case_of_casebook
from biotrace.verify.document_identity import identity, number_key, office_key, paper_key
from biotrace.verify.effect import Effect
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.species import is_among, species_named
from tests.casebooks import (
    COMPARTMENT,
    DOCUMENT,
    OFFICE,
    PLACE,
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
    judged,
    lot_of,
    m3,
    national,
    of_class,
    plan,
    protection,
    remove,
    row_name,
    unchecked,
)

UNPROVEN, GENERAL, NOTICE = Effect.UNPROVEN, Effect.GENERAL, Effect.NOTICE
KINDS = DocumentKind
ELSEWHERE = replace(PLACE, parcels=("999",))
LOCAL = Document(
    id="doc-2",
    kind=KINDS.LOCAL_WEEDING_CERTIFICATE,
    number="除-1",
    accepted=date(2014, 5, 8),
    issuer=TOWN.id,
    applicant="山田太郎",
    locations=(PLACE,),
    felling=FellingFacts(species=("スギ",)),
)


def resting_on(book: Casebook, *documents: Document) -> Casebook:
    """The book resting on these documents besides its own."""
    return change(add(book, *documents), "f-1", documents=("doc-1", *(d.id for d in documents)))


def canopy(book: Casebook, closed: bool | None = True, years: int | None = 5) -> Casebook:
    """The book whose document says whether the canopy was closed, and when it closes again."""
    return change_felling(book, "doc-1", canopy_closed_before=closed, closes_again_in_years=years)


def weeded(book: Casebook) -> Casebook:
    """The book whose wood includes some from weeding."""
    return change(book, "f-1", includes_weeding=True)


def kind(book: Casebook, of: DocumentKind, **changes: Any) -> Casebook:
    """The book resting on a document of another kind."""
    return change(book, "doc-1", kind=of, **changes)


ONLY_WEEDING = change(clean(), "f-1", origins=(Origin.WEEDING,))
ON_LOCAL = change(kind(ONLY_WEEDING, KINDS.LOCAL_WEEDING_CERTIFICATE, applicant="山田太郎"), "f-1")
TWO_PLACES = change(clean(), "f-1", locations=(PLACE, ELSEWHERE))
NOTICE_ELSEWHERE = replace(DOCUMENT, id="doc-3", number="26-15", locations=(ELSEWHERE,))

CANOPY = [
    Bad(
        "H306", "not closed before", canopy(clean(), False), "f-1", GENERAL, "うっ閉していない", "was not closed before"
    ),
    Bad("H306", "closes again late", canopy(clean(), True, 6), "f-1", GENERAL, "まで 6 年", "closes again in 6 years"),
    Bad("H306", "only that is stated", canopy(clean(), None, 10), "f-1", GENERAL, "まで 10 年", "in 10 years"),
    Bad("H306", "no origin named", change(canopy(clean(), False), "f-1", origins=()), "f-1", GENERAL, "26-14", "26-14"),
    Bad(
        "H306",
        "weeding is claimed, its certificate is for another place",
        weeded(resting_on(canopy(clean(), False), replace(LOCAL, locations=(ELSEWHERE,)))),
        "f-1",
        GENERAL,
        "うっ閉していない",
        "was not closed before",
        also=("H307",),
    ),
]
CANOPY_OK = [
    Good("H306", "closed, and again in 5 years", canopy(clean())),
    Good("H306", "in a protection forest", canopy(protection(), False, 20)),
    Good("H306", "under a plan", canopy(change(plan(), "f-1", origins=(Origin.THINNING,)), False)),
    Good("H306", "declared general", of_class(canopy(clean(), False), FuelClass.GENERAL)),
    Good("H306", "weeding comes before the canopy closes", weeded(resting_on(canopy(clean(), False), LOCAL))),
]

WEEDING = [
    Bad(
        "H307", "included, a notice only", weeded(clean()), "f-1", UNPROVEN, "書類: 伐採及び伐採後の", "felling notice"
    ),
    Bad("H307", "wins over H303", ONLY_WEEDING, "f-1", UNPROVEN, "書類: 伐採及び伐採後の", "documents: felling notice"),
    Bad(
        "H307",
        "no document at all",
        remove(change(weeded(clean()), "f-1", documents=()), "doc-1"),
        "f-1",
        UNPROVEN,
        "書類: なし",
        "documents: none",
        also=("H302",),
    ),
    Bad(
        "H307",
        "the certificate names no owner",
        change(ON_LOCAL, "doc-1", applicant=None),
        "f-1",
        UNPROVEN,
        "26-14 に記載がない: 所有者名",
        "26-14 does not state: owner",
    ),
    Bad(
        "H307",
        "nor species",
        change(ON_LOCAL, "doc-1", applicant="", felling=None),
        "f-1",
        UNPROVEN,
        "所有者名、樹種",
        "owner, species",
    ),
    Bad(
        "H307",
        "weeding alone is at every place, the certificate for one only",
        change(resting_on(ON_LOCAL, NOTICE_ELSEWHERE), "f-1", locations=(PLACE, ELSEWHERE)),
        "f-1",
        UNPROVEN,
        "書類: ",
        "documents: ",
    ),
]
WEEDING_OK = [
    Good("H307", "the local certificate", ON_LOCAL),
    Good("H307", "beside the notice for the thinning", weeded(resting_on(clean(), LOCAL))),
    Good("H307", "in a protection forest", weeded(protection())),
    Good("H307", "weeding only, under a plan", change(plan(), "f-1", origins=(Origin.WEEDING,))),
    Good("H307", "by the forest office itself", weeded(change(national(), "f-1", documents=(), seller=OFFICE.id))),
    Good(
        "H307",
        "included: it may come from the place that the certificate covers",
        weeded(change(resting_on(clean(), LOCAL, NOTICE_ELSEWHERE), "f-1", locations=(PLACE, ELSEWHERE))),
    ),
    Good("H307", "declared general: it is no thinning then", weeded(of_class(clean(), FuelClass.GENERAL))),
]

CONVERSION = Document("doc-2", KINDS.CONVERSION_PERMIT, number="開-7", locations=(PLACE,), remains_forest=False)
LOST = change(plan(), "doc-1", remains_forest=False)
FOREST = [
    Bad("H308", "without papers", LOST, "f-1", UNPROVEN, "森林経営計画の認定書 26-14", "management plan"),
    Bad(
        "H308",
        "with a permit",
        resting_on(LOST, CONVERSION),
        "f-1",
        GENERAL,
        "（転用の手続あり）",
        "(lawful conversion)",
    ),
    Bad(
        "H308",
        "the permit alone says it",
        resting_on(protection(), replace(CONVERSION, remains_forest=None)),
        "f-1",
        GENERAL,
        "開-7",
        "開-7",
    ),
    Bad(
        "H308",
        "a permit for another place",
        resting_on(LOST, replace(CONVERSION, locations=(ELSEWHERE,))),
        "f-1",
        UNPROVEN,
        "26-14",
        "26-14",
    ),
    Bad(
        "H308",
        "thinning at 50 % that rests on the plan",
        change_felling(change(LOST, "f-1", origins=(Origin.THINNING,)), "doc-1", rate=5_000),
        "f-1",
        UNPROVEN,
        "26-14",
        "26-14",
    ),
]
FOREST_OK = [
    Good("H308", "stays forest", change(plan(), "doc-1", remains_forest=True)),
    Good("H308", "not stated", national()),
    Good("H308", "thinning under a notice is origin 1", change(clean(), "doc-1", remains_forest=False)),
    Good("H308", "declared general", of_class(LOST, FuelClass.GENERAL)),
    Good("H308", "cleared for a time only", resting_on(plan(), replace(CONVERSION, remains_forest=True))),
    Good("H308", "another place is cleared", resting_on(plan(), replace(CONVERSION, locations=(ELSEWHERE,)))),
]


def areas(book: Casebook, certified: int, *allowed: int) -> Casebook:
    """The book with an area (m²) on the certificate and on each of its documents."""
    book = change_felling(change(book, "f-1", area=certified), "doc-1", area=allowed[0])
    more = (
        replace(
            DOCUMENT,
            id=f"doc-{n}",
            number=f"26-{n}",
            accepted=date(2014, 5, 9),
            felling=replace(DOCUMENT.felling or FellingFacts(), area=area),
        )
        for n, area in enumerate(allowed[1:], 2)
    )
    return resting_on(book, *more)


AREA = [
    Bad(
        "H313", "1.69 of 1.68 ha", areas(clean(), 16_900, 16_800), "f-1", NOTICE, "1.6900 ha、書類 1.6800", "1.6800 ha"
    ),
    Bad("H313", "a notice is rounded", areas(clean(), 16_851, 16_800), "f-1", NOTICE, "1.6851 ha", "1.6851 ha"),
    Bad("H313", "four decimals", areas(protection(), 236_111, 236_110), "f-1", NOTICE, "23.6111", "23.6111 ha"),
    Bad(
        "H313", "two notices", areas(clean(), 33_801, 16_800, 16_800), "f-1", NOTICE, "書類 3.3600", "documents 3.3600"
    ),
]
AREA_OK = [
    Good("H313", "smaller", areas(clean(), 5_000, 16_800)),
    Good("H313", "1.6849 may be rounded to 1.68", areas(clean(), 16_849, 16_800)),
    Good("H313", "the certificate rounds 23.6151 to 23.62", areas(protection(), 236_200, 236_151)),
    Good("H313", "two notices together", areas(clean(), 33_600, 16_800, 16_800)),
    Good("H313", "none stated: H316", change(clean(), "f-1", area=None), also=("H316",)),
    Good("H313", "on 1-2", homestead()),
]


def species(book: Casebook, on_certificate: tuple[str, ...], on_document: tuple[str, ...]) -> Casebook:
    """The book with species on the certificate and on its document."""
    book = change(book, "p-1", species=())
    return change_felling(change(book, "f-1", species=on_certificate), "doc-1", species=on_document)


SPECIES = [
    Bad(
        "H315", "another", species(clean(), ("ナラ",), ("スギ",)), "f-1", NOTICE, "（スギ）にない: ナラ", "(スギ): ナラ"
    ),
    Bad("H315", "one of two", species(clean(), ("杉", "桧"), ("スギ",)), "f-1", NOTICE, "ヒノキ", "ヒノキ"),
    Bad("H315", "another group", species(clean(), ("スギ",), ("その他広葉樹",)), "f-1", NOTICE, "スギ", "スギ"),
]
SPECIES_OK = [
    Good("H315", "other letters", species(clean(), ("杉・桧",), ("すぎ", "ﾋﾉｷ"))),
    Good("H315", "a group on the document", species(clean(), ("ナラ", "クリ"), ("スギ", "その他の広葉樹"))),
    Good("H315", "a group on the certificate", species(clean(), ("針葉樹",), ("スギ",))),
    Good("H315", "まつ stands for two", species(clean(), ("アカマツ",), ("まつ",))),
    Good("H315", "none stated: H320", change(clean(), "f-1", species=()), also=("H320",)),
]


def filed(book: Casebook, days: int) -> Casebook:
    """The book whose notice was filed so many days before felling began."""
    return change(book, "doc-1", filed=date(2014, 5, 27) - timedelta(days))


SELECTION = change(kind(protection(), KINDS.PROTECTION_SELECTION_NOTICE), "f-1")
FILED = [
    Bad(
        "H317", "29 days", filed(clean(), 29), "f-1", NOTICE, "伐採の 29 日前（30～90 日前）", "29 days before felling"
    ),
    Bad("H317", "91 days", filed(clean(), 91), "f-1", NOTICE, "91 日前", "91 days before felling (30 to 90)"),
    Bad("H317", "19 days, protected", filed(protection(), 19), "f-1", NOTICE, "（20～90 日前）", "(20 to 90)"),
    Bad("H317", "91 days, selection", filed(SELECTION, 91), "f-1", NOTICE, "（20～90 日前）", "(20 to 90)"),
    Bad("H317", "after felling had begun", filed(clean(), -1), "f-1", NOTICE, "-1 日前", "-1 days before"),
    Bad(
        "H317",
        "by the certificate's first day where the notice names none",
        change_felling(filed(clean(), 20), "doc-1", start=None),
        "f-1",
        NOTICE,
        "20 日前",
        "20 days",
    ),
]
FILED_OK = [
    Good("H317", "30 days", filed(clean(), 30)),
    Good("H317", "90 days", filed(clean(), 90)),
    Good("H317", "20 days, protected", filed(protection(), 20)),
    Good("H317", "20 days, selection", filed(SELECTION, 20)),
    Good("H317", "a permit has no such term", filed(kind(protection(), KINDS.PROTECTION_PERMIT), 5)),
    Good(
        "H317",
        "logs felled months later under the same notice",
        change(clean(), "f-1", felled=Period(date(2014, 9, 1), date(2014, 9, 9)), date=date(2014, 9, 10)),
    ),
]

PERMIT = replace(DOCUMENT, id="doc-2", number="保-3", kind=KINDS.PROTECTION_PERMIT, issuer="長野県知事")
REGISTERED = add(clean(), PERMIT)
BESIDE = replace(PLACE, parcels=("238",))
LATE_PERMIT = replace(PERMIT, accepted=date(2014, 6, 28))
IN_COMPARTMENTS = change(change(clean(), "f-1", locations=(COMPARTMENT,)), "doc-1", locations=(COMPARTMENT,))
WHOLE_COMPARTMENT = replace(PERMIT, locations=(replace(COMPARTMENT, compartments=("１２林班",)),))
PROTECTED = [
    Bad("H318", "a permit at hand", REGISTERED, "f-1", NOTICE, "236-2 は保安林（保-3 による）", "(by 保-3)"),
    Bad(
        "H318",
        "a thinning notice",
        change(REGISTERED, "doc-2", kind=KINDS.PROTECTION_THINNING_NOTICE),
        "f-1",
        NOTICE,
        "書類は伐採届",
        "the document is a felling notice",
    ),
    Bad(
        "H318",
        "a compartment holds its parts",
        add(IN_COMPARTMENTS, WHOLE_COMPARTMENT),
        "f-1",
        NOTICE,
        "12い-3",
        "保-3",
    ),
    Bad("H318", "general wood too", add(general(), PERMIT), "f-1", NOTICE, "236-2 は保安林", "236-2 is in"),
    Bad(
        "H318",
        "written otherwise",
        add(clean(), replace(PERMIT, locations=(Place(None, "長野県〇〇市", "甲", None, ("二三六番地の２",)),))),
        "f-1",
        NOTICE,
        "保-3",
        "保-3",
    ),
]
PROTECTED_OK = [
    Good("H318", "another parcel", add(clean(), replace(PERMIT, locations=(BESIDE,)))),
    Good("H318", "the permit is of a later day", add(clean(), LATE_PERMIT)),
    Good("H318", "the wood rests on the permit as well", resting_on(clean(), PERMIT)),
    Good("H318", "a cover page names no place", add(clean(), replace(PERMIT, content=DocumentContent.COVER_ONLY))),
    Good("H318", "another plain notice shows nothing", add(clean(), replace(PERMIT, kind=KINDS.FELLING_NOTICE))),
    Good(
        "H318",
        "parcels of a town not named",
        add(clean(), replace(PERMIT, locations=(Place(None, None, "大字甲", None, ("236-2",)),))),
    ),
    Good("H318", "the document is a permit", add(plan(), PERMIT)),
]


def states(book: Casebook, **permit: Any) -> Casebook:
    """The book whose certificate states other permit data."""
    return change(book, "f-1", permit=replace(Permit(date(2014, 5, 8), "〇〇市長", "26-14"), **permit))


def second(book: Casebook, **changes: Any) -> Casebook:
    """The book with a later certificate (10 m³) on a second copy of its document, which it quotes rightly."""
    felling = changes.pop("felling", {})
    book = change_felling(change(copy(book, "doc-1", "doc-2", **changes), "f-1", quantity=m3(80)), "doc-2", **felling)
    paper: Document = find(book, "doc-2")
    permit = Permit(paper.accepted, paper.issuer, paper.number)
    later = {"documents": ("doc-2",), "quantity": m3(10), "date": date(2014, 7, 1), "permit": permit}
    return copy(book, "f-1", "f-2", **later)


FACTS = DOCUMENT.felling or FellingFacts()
SEVERAL = resting_on(clean(), replace(DOCUMENT, id="doc-2", number="26-15", accepted=date(2014, 5, 9)))
TWICE = resting_on(clean(), replace(DOCUMENT, id="doc-2", felling=replace(FACTS, age=45)))
THRICE = resting_on(
    clean(), *(replace(DOCUMENT, id=f"doc-{n}", felling=replace(FACTS, age=age)) for n, age in ((2, 45), (3, 30)))
)
MATCHES = [
    Bad(
        "H319",
        "date",
        states(clean(), date=date(2014, 5, 9)),
        "f-1",
        NOTICE,
        "年月日: 証明書 2014-05-09、書類 2014-05-08",
        "date: certificate 2014-05-09, document 2014-05-08",
    ),
    Bad("H319", "issuer", states(clean(), issuer="△△市長"), "f-1", NOTICE, "証明書 △△市長、書類 〇〇市", "issuer: "),
    Bad("H319", "number", states(clean(), number="26-41"), "f-1", NOTICE, "証明書 26-41、書類 26-14", "number: "),
    Bad(
        "H319",
        "one document's date with another's number",
        states(SEVERAL, number="26-15"),
        "f-1",
        NOTICE,
        "証明書",
        "certificate",
    ),
    Bad(
        "H319",
        "copies: volume",
        second(clean(), felling={"volume": 300_000_000}),
        "f-2",
        NOTICE,
        "26-14 の写しで違う: 材積",
        "copies of 26-14 differ in volume",
    ),
    Bad("H319", "copies: places", second(clean(), locations=(PLACE, ELSEWHERE)), "f-2", NOTICE, "箇所", "places"),
    Bad("H319", "copies: species", second(clean(), felling={"species": ("スギ", "ナラ")}), "f-2", NOTICE, "樹種", "sp"),
    Bad(
        "H319",
        "both copies on one certificate",
        change_felling(TWICE, "doc-1", age=30),
        "f-1",
        NOTICE,
        "26-14 の写しで違う: 伐採齢",
        "copies of 26-14 differ in age",
    ),
    Bad(
        "H319",
        "what the first copy leaves out, the second says and the third contradicts",
        change_felling(THRICE, "doc-1", age=None),
        "f-1",
        NOTICE,
        "伐採齢",
        "age",
    ),
]
COVER = {"content": DocumentContent.COVER_ONLY, "locations": (), "felling": {"volume": None, "area": None}}
MATCHES_OK = [
    Good("H319", "other letters", states(clean(), number="第２６－１４号", issuer="長野県〇〇市長　山田太郎")),
    Good("H319", "the day of filing: 許可（届出）年月日", states(clean(), date=date(2014, 4, 25))),
    Good("H319", "no number stated", states(clean(), number=None)),
    Good("H319", "one of several documents", states(SEVERAL, number="26-15", date=date(2014, 5, 9))),
    Good("H319", "copies agree", second(clean())),
    Good("H319", "a copy may leave facts out", second(clean(), **COVER), also=("L401",)),
    Good("H319", "another office's number", second(clean(), issuer="△△市", felling={"age": 80})),
    Good("H319", "another date", second(clean(), accepted=date(2014, 5, 9), felling={"age": 80}), also=("H322",)),
    Good("H319", "another kind", second(clean(), kind=KINDS.BAMBOO_PERMIT, felling={"age": 80}), also=("H303",)),
    Good("H319", "national forest states no permit", national()),
]
OTHER_KIND = {"kind": KINDS.PROTECTION_THINNING_NOTICE}
APRIL = {"accepted": date(2015, 4, 1), "filed": date(2015, 3, 20)}
ONE_PAPER = [
    Bad(
        "H322",
        "number",
        second(clean(), number="26-41"),
        "f-2",
        NOTICE,
        "〇〇市 の 伐採及び伐採後の造林届出書・適合通知書 26-41（2014-05-08） は、先に引かれた",
        "26-14 (2014-05-08), cited before (they differ in number)",
    ),
    Bad(
        "H322",
        "kind",
        second(clean(), kind=KINDS.PROTECTION_THINNING_NOTICE),
        "f-2",
        NOTICE,
        "違うのは 種類",
        "differ in kind",
        also=("H318",),
    ),
    Bad("H322", "day", second(clean(), accepted=date(2014, 5, 9)), "f-2", NOTICE, "違うのは 年月日", "differ in date"),
    Bad(
        "H322",
        "the next fiscal year, for the same place and volume",
        second(clean(), **APRIL),
        "f-2",
        NOTICE,
        "2015-04-01",
        "2015-04-01",
        also=("H311", "H317"),
    ),
    Bad(
        "H322",
        "another day of the year for the same place, whatever the volume",
        second(clean(), accepted=date(2015, 3, 31), felling={"volume": 300_000_000}),
        "f-2",
        NOTICE,
        "2015-03-31",
        "2015-03-31",
        also=("H311",),
    ),
    Bad(
        "H322",
        "another day of the year, on a cover page",
        second(clean(), accepted=date(2014, 5, 9), **COVER),
        "f-2",
        NOTICE,
        "年月日",
        "date",
        also=("L401",),
    ),
    Bad(
        "H322",
        "both on one certificate",
        resting_on(clean(), replace(DOCUMENT, id="doc-2", number="26-15")),
        "f-1",
        NOTICE,
        "番号",
        "number",
    ),
]
ONE_PAPER_OK = [
    Good("H322", "a copy", second(clean())),
    Good("H322", "another number and day", second(clean(), number="26-41", accepted=date(2014, 5, 9))),
    Good("H322", "another office", second(clean(), issuer="△△市", number="26-41")),
    Good("H322", "another volume", second(clean(), number="26-41", felling={"volume": 90_000_000})),
    Good("H322", "no volume", second(clean(), number="26-41", felling={"volume": None})),
    Good(
        "H322",
        "another kind with another volume",
        second(clean(), **OTHER_KIND, felling={"volume": 90_000_000}),
        also=("H318",),
    ),
    Good(
        "H322",
        "a number of the next fiscal year",
        second(clean(), **APRIL, felling={"volume": 90_000_000}),
        also=("H311", "H317"),
    ),
    Good("H322", "another place in the year", second(clean(), accepted=date(2014, 5, 9), locations=(PLACE, ELSEWHERE))),
    Good("H322", "a paper that allows no volume", second(clean(), kind=KINDS.BAMBOO_PERMIT), also=("H303",)),
]
ENTRIES = [
    Bad("H320", "number", change(clean(), "f-1", number=None), "f-1", NOTICE, "記載がない: 番号", "missing: number"),
    Bad("H320", "species", change(clean(), "f-1", species=()), "f-1", NOTICE, "記載がない: 樹種", "missing: species"),
    Bad("H320", "both", change(clean(), "f-1", species=(), number=""), "f-1", NOTICE, "番号、樹種", "number, species"),
]
ENTRIES_OK = [
    Good("H320", "both stated", clean()),
    Good("H320", "1-2 has entries of its own", change(homestead(), "f-1", number=None)),
]


@pytest.mark.parametrize(
    "row", CANOPY + WEEDING + FOREST + AREA + SPECIES + FILED + PROTECTED + MATCHES + ONE_PAPER + ENTRIES, ids=row_name
)
def test_fires(row: Bad) -> None:
    row.check()


GOOD = [
    *(CANOPY_OK + WEEDING_OK + FOREST_OK + AREA_OK + SPECIES_OK),
    *(FILED_OK + PROTECTED_OK + MATCHES_OK + ONE_PAPER_OK + ENTRIES_OK),
]


@pytest.mark.parametrize("row", GOOD, ids=row_name)
def test_near_miss(row: Good) -> None:
    row.check()


# not checked


@pytest.mark.parametrize(
    ("code", "book"),
    [
        ("H306", clean()),
        ("H306", canopy(clean(), True, None)),
        ("H308", plan()),
        ("H313", change_felling(clean(), "doc-1", area=None)),
        ("H315", change_felling(clean(), "doc-1", species=())),
        ("H315", species(clean(), ("メタセコイア",), ("その他針葉樹",))),
        ("H317", change(clean(), "doc-1", filed=None)),
        ("H317", change(change_felling(clean(), "doc-1", start=None), "f-1", felled=None)),
        ("H318", clean()),
        ("H319", change(clean(), "doc-1", accepted=None, filed=None, issuer=None, number=None)),
    ],
)
def test_lacking_a_fact_is_not_checked_and_changes_nothing(code: str, book: Casebook) -> None:
    assert unchecked(book, code) == [False]
    assert lot_of(book).clean


@pytest.mark.parametrize(
    ("code", "book"),
    [
        ("H306", protection()),
        ("H307", clean()),
        ("H308", clean()),
        ("H313", change(clean(), "f-1", area=None)),
        ("H315", change(clean(), "f-1", species=())),
        ("H317", plan()),
        ("H318", plan()),
        ("H319", change(change(clean(), "f-1", permit=None), "doc-1", number=None)),
    ],
)
def test_without_its_subject_a_rule_does_not_apply(code: str, book: Casebook) -> None:
    answers = judged(book)["f-1"]
    assert code not in answers.passed | {u.code for u in answers.unchecked} | {f.code for f in answers.findings}


@pytest.mark.parametrize(
    ("code", "book"),
    [
        ("H306", canopy(clean())),
        ("H307", ON_LOCAL),
        ("H308", change(plan(), "doc-1", remains_forest=True)),
        ("H318", resting_on(clean(), PERMIT)),
    ],
)
def test_with_its_facts_in_order_a_rule_passes(code: str, book: Casebook) -> None:
    assert code in judged(book)["f-1"].passed


# wins over


def test_weeding_without_its_certificate_silences_h303_only_where_it_fires() -> None:
    book = kind(change(clean(), "f-1", origins=(Origin.THINNING, Origin.WEEDING)), KINDS.PRIVATE_CONTRACT)
    assert fired(book) == {"H307"}
    assert fired(states(resting_on(book, LOCAL), number="除-1")) == set()
    general_wood = of_class(ONLY_WEEDING, FuelClass.GENERAL)
    assert fired(general_wood) == {"H303"}


def test_a_final_felling_called_weeding_lacks_both() -> None:
    book = change_felling(ONLY_WEEDING, "doc-1", method=FellingMethod.CLEAR, rate=10_000)
    assert fired(book) == {"H304", "H307"}
    assert lot_of(book).confirmed is FuelClass.CONSTRUCTION_WASTE


@pytest.mark.parametrize("signed_by", ["北信森林管理署長", "長野県北信森林管理署", "北信森林管理署　署長"])
def test_h309_the_offices_head_signs_for_it(signed_by: str) -> None:
    book = change(national(), "doc-1", forest_office=signed_by)
    assert ("H309" in fired(book)) == ("　署長" in signed_by)


# protection forests, as a log tells of them


def logged(book: Casebook) -> set[str]:
    """Codes that fire where the entries come from a log: papers are known from the certificates that cite them."""
    case = replace(case_of_casebook(book), integrity_checked=True)
    return {f.code for j in fold(case, RULES, RINYA_2012).judged.values() for f in j.findings} - {"S108"}


def test_h318_in_a_log_papers_cited_before_are_at_hand() -> None:
    other = {"documents": ("doc-2",), "origins": (Origin.PROTECTION_FOREST,), "date": date(2014, 6, 20)}
    book = copy(REGISTERED, "f-1", "f-0", permit=None, **other)
    assert "H318" in logged(book)
    assert "H318" not in logged(change(book, "f-0", date=date(2014, 6, 28)))
    assert "H318" not in logged(REGISTERED)


# identity


def test_an_identity_is_kind_office_number_and_date() -> None:
    assert identity(DOCUMENT) == ("felling_notice", "town", "26-14", date(2014, 5, 8))
    assert identity(DOCUMENT, {"town": "長野県〇〇市"}.__getitem__) == (
        "felling_notice",
        "00市",
        "26-14",
        date(2014, 5, 8),
    )
    assert identity(replace(DOCUMENT, accepted=None)) == ("felling_notice", "town", "26-14", date(2014, 4, 25))
    contract = replace(DOCUMENT, kind=KINDS.NATIONAL_CONTRACT, issuer="甲", forest_office="北信森林管理署長")
    assert (identity(contract) or ("", ""))[1] == "北信森林管理署"


@pytest.mark.parametrize(
    "changes", [{"number": None}, {"number": "第　号"}, {"issuer": None}, {"accepted": None, "filed": None}]
)
def test_without_one_of_them_a_document_is_its_own(changes: dict[str, Any]) -> None:
    bare = replace(DOCUMENT, **changes)
    assert identity(bare) is None
    assert paper_key(bare) == ("doc-1",)
    assert sorted({paper_key(bare), paper_key(DOCUMENT)})[0] == ("doc-1",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("長野県北信林業事務所長", "北信林業事務所"),
        ("福島県会峰郡霧沢町長 山田太郎", "霧沢町"),
        ("長野県知事", "長野県"),
        ("三次市長", "三次市"),
        ("飯田農林振興センター所長", "飯田農林振興センター"),
    ],
)
def test_an_offices_head_stands_for_it(one: str, other: str) -> None:
    assert office_key(one) == office_key(other)


def test_what_only_looks_like_a_head_is_part_of_the_name() -> None:
    assert office_key("神戸市長田区長") == office_key("神戸市長田区") != office_key("神戸市")
    assert number_key("第２６－１４号") == number_key("26-14") != number_key("26-41")


def test_h314_two_copies_of_one_permit_are_good_for_its_volume_once() -> None:
    book = change(second(clean()), "f-2", quantity=m3(40))
    assert [(f.record, f.found.en) for f in findings(book, "H314")] == [
        ("f-2", "certified 120.00 m³ in all, the documents allow 100.00 m³")
    ]
    own = change(change(book, "doc-2", number="26-15"), "f-2", permit=None)
    assert findings(own, "H314") == []


def test_h314_where_copies_differ_the_smaller_volume_counts() -> None:
    for first, later in ((100, 60), (60, 100)):
        book = second(change_felling(clean(), "doc-1", volume=first * 10**6), felling={"volume": later * 10**6})
        book = change(change(book, "f-1", quantity=m3(55)), "f-2", quantity=m3(20))
        (finding,) = findings(book, "H314")
        assert (finding.record, finding.found.en[-8:]) == ("f-2", "60.00 m³")


def test_h314_a_copy_without_the_volume_has_its_other_copys() -> None:
    book = second(clean(), felling={"volume": None})
    assert unchecked(book, "H314") == []
    assert [f.record for f in findings(change(book, "f-2", quantity=m3(40)), "H314")] == ["f-2"]


def test_a_supplements_copy_is_compared_once() -> None:
    book = change(second(clean(), felling={"age": 45}), "f-2", quantity=m3(80))
    book = correct(change_felling(book, "doc-1", age=30), "f-1", Action.SUPPLEMENT, date(2014, 7, 1), by="f-2")
    assert [f.record for f in findings(book, "H319")] == ["f-1"]


# species


def test_names_of_species_are_one_however_written() -> None:
    assert species_named(("杉・桧", "その他の広葉樹", "スギ（人工林）", "まつ外")) == {
        "スギ",
        "ヒノキ",
        "広葉樹",
        "マツ",
    }


@pytest.mark.parametrize(
    ("name", "allowed", "among"),
    [
        ("スギ", {"スギ"}, True),
        ("スギ", {"ヒノキ"}, False),
        ("ミズナラ", {"ナラ"}, True),
        ("ナラ", {"広葉樹"}, True),
        ("ナラ", {"針葉樹"}, False),
        ("広葉樹", {"ナラ"}, True),
        ("広葉樹", {"スギ"}, False),
        ("広葉樹", {"メタセコイア"}, None),
        ("メタセコイア", {"針葉樹"}, None),
        ("メタセコイア", {"スギ"}, False),
    ],
)
def test_a_group_stands_for_its_species(name: str, allowed: set[str], among: bool | None) -> None:
    assert is_among(name, frozenset(allowed)) is among
