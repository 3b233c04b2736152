"""A clean model casebook, to be altered one thing at a time, and rows for tables of rules.

    book = clean()                            # kousei fells, otsu chips, plant-8 burns: doc-1, f-1, p-1, d-1
    spoiled = change(book, "f-1", area=None)
    assert fired(spoiled) == {"H316"}

The other stories (general, protection, plan, national, imported, homestead, residues, logs_direct) are as clean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import (
    Certificate,
    Draw,
    Form,
    Goods,
    Medium,
    Origin,
    Permit,
    Process,
    Statement,
)
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document, DocumentKind, FellingFacts, FellingMethod, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Accreditation, Party, Role
from biotrace.model.place import Concordance, Place
from biotrace.model.quantity import Quantity, Unit
from biotrace.verify.case import case_of_casebook
from biotrace.verify.effect import Effect
from biotrace.verify.fold import Judged, fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import LotVerdict, Verdict, judge

BODY = Party("nagano-body", "長野県木材協同組合連合会", (Role.BODY,), code_from=date(2012, 8, 20))
OTHER_BODY = Party("gifu-body", "岐阜県木材協同組合連合会", (Role.BODY,), code_from=date(2012, 8, 27))


def accredited(number: str, **changes: Any) -> Accreditation:
    """An accreditation by the body for three years from 2014-04-01."""
    return replace(Accreditation(date(2014, 4, 1), number, BODY.id, date(2017, 3, 31)), **changes)


KOUSEI = Party("kousei", "甲成林産有限会社", (Role.PRODUCER,), accreditations=(accredited("長木-012"),))
OTSU = Party("otsu", "乙チップ工業株式会社", (Role.PROCESSOR,), accreditations=(accredited("長木-034"),))
HEIWA = Party("heiwa", "平和林業株式会社", (Role.TRADER,), accreditations=(accredited("長木-056"),))
MARUMATSU = Party("marumatsu", "丸松製材所", (Role.SAWMILL,), accreditations=(accredited("長木-078"),))
OWNER = Party("yamanushi", "山田太郎", (Role.OWNER,), as_business=False, address="長野県〇〇市大字甲12")
OFFICE = Party("office", "北信森林管理署", (Role.FOREST_OFFICE,))
TOWN = Party("town", "〇〇市", (Role.MUNICIPALITY,))
PLANT = Party("plant-8", "第八バイオマス発電所", (Role.PLANT,))
OTHER_PLANT = Party("plant-9", "第九バイオマス発電所", (Role.PLANT,))
PARTIES = (BODY, OTHER_BODY, KOUSEI, OTSU, HEIWA, MARUMATSU, OWNER, OFFICE, TOWN, PLANT, OTHER_PLANT)

PLACE = Place("長野県", "〇〇市", "大字甲", "字乙", ("236-2", "237-1"))
COMPARTMENT = Place("長野県", "〇〇市", compartments=("12い-3",))
BOTH = (Statement.ALL_OF_CLASS, Statement.SEGREGATED)


def m3(value: int, unit: Unit = Unit.M3) -> Quantity:
    """So many cubic metres."""
    return Quantity(value * unit.scale, unit)


def tonnes(value: int, moisture: int | None = 4_200) -> Quantity:
    """So many tonnes; ``moisture`` in 1/10,000."""
    return Quantity(value * Unit.T.scale, Unit.T, moisture)


DOCUMENT = Document(
    id="doc-1",
    kind=DocumentKind.FELLING_NOTICE,
    number="26-14",
    filed=date(2014, 4, 25),
    accepted=date(2014, 5, 8),
    issuer=TOWN.id,
    locations=(PLACE,),
    felling=FellingFacts(
        method=FellingMethod.THINNING,
        rate=3_000,
        area=236_110,
        volume=100_000_000,
        species=("スギ",),
        start=date(2014, 5, 27),
        until=date(2015, 3, 31),
    ),
)
FELLING = Certificate(
    id="f-1",
    form=Form.F1_PRIVATE,
    fuel_class=FuelClass.THINNED,
    date=date(2014, 6, 27),
    seller=KOUSEI.id,
    buyer=OTSU.id,
    quantity=m3(100),
    origins=(Origin.THINNING,),
    number="第26-017号",
    accreditation_number="長木-012",
    permit=Permit(date(2014, 5, 8), "〇〇市長", "26-14"),
    locations=(PLACE,),
    country="JP",
    area=236_110,
    species=("スギ",),
    felled=Period(date(2014, 5, 27), date(2014, 6, 20)),
    documents=(DOCUMENT.id,),
    statements=BOTH,
)
PROCESSING = Certificate(
    id="p-1",
    form=Form.F2_1,
    fuel_class=FuelClass.THINNED,
    date=date(2014, 11, 19),
    seller=OTSU.id,
    buyer=PLANT.id,
    quantity=tonnes(30),
    number="乙-1",
    accreditation_number="長木-034",
    goods=Goods.CUTTING_CHIPS,
    species=("スギ",),
    draws=(Draw(FELLING.id, m3(40)),),
    statements=BOTH,
    process=Process.CHIPPING,
)
DELIVERY = Delivery(
    id="d-1",
    at=PLANT.id,
    date=date(2014, 11, 19),
    quantity=Quantity(30_000_000, Unit.T),
    time="08:40",
    sender=OTSU.id,
    certificate=PROCESSING.id,
    goods=Goods.CUTTING_CHIPS,
    vehicle="28-58",
)


def clean() -> Casebook:
    """Thinnings under a felling notice, chipped, and delivered to a plant."""
    return Casebook(
        title="model",
        trusted_bodies=(BODY.id,),
        parties=PARTIES,
        documents=(DOCUMENT,),
        certificates=(FELLING, PROCESSING),
        deliveries=(DELIVERY,),
    )


def of_class(book: Casebook, fuel_class: FuelClass) -> Casebook:
    """The same wood declared as another class, on the forms of that class."""
    thinned = fuel_class is FuelClass.THINNED
    book = change(book, "f-1", fuel_class=fuel_class, form=Form.F1_PRIVATE if thinned else Form.F1_1)
    return change(book, "p-1", fuel_class=fuel_class, form=Form.F2_1 if thinned else Form.F2_4)


def general() -> Casebook:
    """A final felling under a plain felling notice, declared general."""
    book = change(of_class(clean(), FuelClass.GENERAL), "f-1", origins=(Origin.FINAL_FELLING,))
    return change_felling(book, "doc-1", method=FellingMethod.CLEAR, rate=10_000)


def protection() -> Casebook:
    """Wood from a protection forest under its thinning notice."""
    book = change(clean(), "doc-1", kind=DocumentKind.PROTECTION_THINNING_NOTICE)
    return change(book, "f-1", origins=(Origin.PROTECTION_FOREST,))


def plan() -> Casebook:
    """Wood from a forest under a certified management plan."""
    valid = Period(date(2013, 4, 1), date(2018, 3, 31))
    book = change(clean(), "doc-1", kind=DocumentKind.MANAGEMENT_PLAN, valid=valid)
    return change(book, "f-1", origins=(Origin.MANAGEMENT_PLAN,))


def national() -> Casebook:
    """National-forest wood under a contract with the forest office; places as compartments."""
    contract = {"kind": DocumentKind.NATIONAL_CONTRACT, "issuer": None, "forest_office": OFFICE.id}
    book = change(clean(), "doc-1", locations=(COMPARTMENT,), **contract)
    certificate = {"form": Form.F1_NATIONAL, "origins": (Origin.NATIONAL_FOREST,), "forest_office": OFFICE.name}
    return change(book, "f-1", locations=(COMPARTMENT,), permit=None, **certificate)


def imported() -> Casebook:
    """Imported wood with a legality certificate, declared general."""
    book = of_class(clean(), FuelClass.GENERAL)
    book = change(book, "doc-1", kind=DocumentKind.LEGALITY_CERTIFICATE, locations=(), felling=None)
    here = {"permit": None, "locations": (), "area": None, "felled": None}
    return change(book, "f-1", origins=(Origin.IMPORTED,), country="US", **here)


def legality() -> Casebook:
    """General wood on an annotated legality certificate (the 2006 guideline) in place of 1-1."""
    book = change(general(), "f-1", medium=Medium.LEGALITY_CERTIFICATE, permit=None, documents=())
    return remove(book, "doc-1")


def homestead() -> Casebook:
    """Homestead trees on 1-2 by their owner, declared general."""
    book = remove(of_class(clean(), FuelClass.GENERAL), "doc-1")
    bare = {"documents": (), "permit": None, "area": None, "felled": None, "accreditation_number": None}
    said = (Statement.ALL_OF_CLASS, Statement.NO_CONSTRUCTION_WASTE, Statement.LAWFUL)
    origin = {"form": Form.F1_2, "origins": (Origin.HOMESTEAD,), "statements": said}
    return change(book, "f-1", seller=OWNER.id, **origin, **bare)


def residues() -> Casebook:
    """Sawmill residues on 2-3 from thinned logs (f-1) and general logs (f-2)."""
    logs = replace(FELLING, buyer=MARUMATSU.id, quantity=m3(50))
    final = replace(DOCUMENT, id="doc-2", number="26-15", felling=FellingFacts(FellingMethod.CLEAR))
    of_final: dict[str, Any] = {"form": Form.F1_1, "fuel_class": FuelClass.GENERAL, "origins": (Origin.FINAL_FELLING,)}
    permit = Permit(date(2014, 5, 8), "〇〇市長", final.number)
    offcuts = replace(
        PROCESSING,
        form=Form.F2_3,
        fuel_class=FuelClass.GENERAL,
        origins=(Origin.OFFCUTS,),
        seller=MARUMATSU.id,
        accreditation_number="長木-078",
        goods=Goods.OFFCUTS,
        process=Process.SAWING,
        draws=(Draw("f-1", m3(20)), Draw("f-2", m3(20))),
        statements=(*BOTH, Statement.LOGS_ALL_THINNED_OR_GENERAL),
    )
    return replace(
        clean(),
        documents=(DOCUMENT, final),
        certificates=(logs, replace(logs, id="f-2", documents=("doc-2",), permit=permit, **of_final), offcuts),
        deliveries=(replace(DELIVERY, sender=MARUMATSU.id, goods=Goods.OFFCUTS),),
    )


def logs_direct() -> Casebook:
    """Logs sold straight to the plant on the felling certificate."""
    book = remove(change(clean(), "f-1", buyer=PLANT.id, goods=Goods.LOGS), "p-1")
    logs = {"sender": KOUSEI.id, "certificate": "f-1", "goods": Goods.LOGS}
    return change(book, "d-1", quantity=m3(40), **logs)


# altering


def change(book: Casebook, entry: str, **changes: Any) -> Casebook:
    """The book with some fields of one entry altered."""
    return _with_entry(book, entry, lambda value: (replace(value, **changes),))


def remove(book: Casebook, entry: str) -> Casebook:
    """The book without one entry."""
    return _with_entry(book, entry, lambda _: ())


def find(book: Casebook, entry: str) -> Any:
    """An entry by its id."""
    return next(value for section in _SECTIONS for value in getattr(book, section) if value.id == entry)


def copy(book: Casebook, entry: str, to: str, **changes: Any) -> Casebook:
    """The book with a second entry like ``entry``, under another id, with some fields altered."""
    return add(book, replace(find(book, entry), id=to, **changes))


def change_felling(book: Casebook, document: str, **changes: Any) -> Casebook:
    """The book with some felling facts of a document altered."""
    facts = find(book, document).felling
    return change(book, document, felling=replace(facts, **changes))


def change_accreditation(book: Casebook, party: str, **changes: Any) -> Casebook:
    """The book with the party's only accreditation altered."""
    (held,) = find(book, party).accreditations
    return change(book, party, accreditations=(replace(held, **changes),))


def add(book: Casebook, *entries: Any) -> Casebook:
    """The book with more entries, each at the end of its section."""
    for entry in entries:
        section = _SECTION_OF[type(entry)]
        more: dict[str, Any] = {section: (*getattr(book, section), entry)}
        book = replace(book, **more)
    return book


def correct(
    book: Casebook, certificate: str, action: Action, day: date = date(2014, 7, 1), by: str | None = None
) -> Casebook:
    """The book with a correction. By default it lies between f-1 and p-1."""
    return add(book, Correction(certificate, action, day, "誤記", by))


_SECTIONS = ("parties", "documents", "certificates", "deliveries", "concordances")
_SECTION_OF = {
    Party: "parties",
    Document: "documents",
    Certificate: "certificates",
    Delivery: "deliveries",
    Concordance: "concordances",
    Correction: "corrections",
}


def _with_entry(book: Casebook, entry: str, make: Callable[[Any], tuple[Any, ...]]) -> Casebook:
    for section in _SECTIONS:
        values = getattr(book, section)
        if any(value.id == entry for value in values):
            altered = tuple(new for old in values for new in (make(old) if old.id == entry else (old,)))
            changes: dict[str, Any] = {section: altered}
            return replace(book, **changes)
    raise KeyError(entry)


# judging

ROUTINE = frozenset({"S108", "Q604"})
"""Notices on a book where nothing is amiss: nobody has signed it, and its logs are in m³."""


def judged(book: Casebook, as_of: date | None = None) -> Mapping[str, Judged]:
    """Every record of the book judged by all rules."""
    return fold(case_of_casebook(book, as_of), RULES, RINYA_2012).judged


def verdict_of(book: Casebook, as_of: date | None = None) -> Verdict:
    """The verdict on the book."""
    return judge(case_of_casebook(book, as_of), RINYA_2012)


def lot_of(book: Casebook, lot: str = "d-1", as_of: date | None = None) -> LotVerdict:
    """The verdict on one lot."""
    return next(found for found in verdict_of(book, as_of).lots if found.id == lot)


def findings(book: Casebook, code: str, as_of: date | None = None) -> list[Finding]:
    """What one rule found, on any record."""
    return [f for j in judged(book, as_of).values() for f in j.findings if f.code == code]


def fired(book: Casebook, as_of: date | None = None) -> set[str]:
    """All codes that fired on any record, but for those that speak of every good book too."""
    return {f.code for j in judged(book, as_of).values() for f in j.findings} - ROUTINE


def unchecked(book: Casebook, code: str) -> list[bool]:
    """For each record on which the rule could not be run: whether that makes the verdict incomplete."""
    return [u.decisive for j in judged(book).values() for u in j.unchecked if u.code == code]


@dataclass(frozen=True, slots=True)
class Bad:
    """A book on which a rule fires once, on one record. ``also``: other codes that rightly fire with it."""

    code: str
    why: str
    book: Casebook
    record: str
    effect: Effect
    ja: str
    en: str
    also: tuple[str, ...] = ()

    def check(self) -> None:
        """The rule fires where and as it should, and nothing else does."""
        assert fired(self.book) == {self.code, *self.also}
        (finding,) = findings(self.book, self.code)
        assert (finding.record, finding.effect) == (self.record, self.effect)
        assert self.ja in f"{finding.message.ja}: {finding.found.ja}"
        assert self.en in f"{finding.message.en}: {finding.found.en}"


@dataclass(frozen=True, slots=True)
class Good:
    """A near miss: a book on which the rule is silent. ``also``: other codes that rightly fire."""

    code: str
    why: str
    book: Casebook
    also: tuple[str, ...] = ()

    def check(self) -> None:
        """The rule is silent, and so is every other."""
        assert fired(self.book) == set(self.also)
        assert self.code not in self.also


def row_name(row: Bad | Good) -> str:
    """A row's name in the list of tests."""
    return f"{row.code} {row.why}"
