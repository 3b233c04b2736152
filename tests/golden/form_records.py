"""One small ledger with a usual certificate on every official form, a delivery, and what needs more pages.

    ledger = FormsLedger()
    certificate_pdf(ledger.reading, ledger["2-1"])

Keys come from names and times from a counter, so that the same bytes are signed, and printed, every time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from biotrace.chain.disclosure import Disclosure, seal
from biotrace.chain.kinds import Body, KeyBinding, RecordKind
from biotrace.chain.record import Signer
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
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document, DocumentKind, FellingFacts, FellingMethod, Period
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.place import Place
from biotrace.model.private import PrivateField
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Site
from biotrace.services.ledger_case import Reading
from biotrace.services.logged import Logged
from biotrace.services.stored_files import stored
from tests.golden.release_records import golden_key

START = 1_764_547_200
"""2025-12-01 09:00 in Japan, when the first is signed; each next one a minute later."""
BOTH = (Statement.ALL_OF_CLASS, Statement.SEGREGATED)
ALL = (Statement.ALL_OF_CLASS,)
LOGS = (Statement.LOGS_ALL_THINNED_OR_GENERAL, Statement.SEGREGATED)
OF_NO_PROCEDURE = (Statement.ALL_OF_CLASS, Statement.NO_CONSTRUCTION_WASTE, Statement.LAWFUL)
SALT = bytes(range(16))
FOLDER = Path(__file__).parent / "forms"
SCANS = ("notice.pdf", "map.png")
"""The files of doc-1: two pages, and a picture."""
PRICE = 98_700
"""Yen for 6.58 t."""

PARTIES = (
    Party("shinshu-chip", "信州北部木質燃料株式会社", (Role.PROCESSOR,), address="長野県中野市大字吉田678番地9"),
    Party("togakushi", "戸隠林産有限会社", (Role.PRODUCER,), address="長野県長野市戸隠豊岡1234番地5"),
    Party("marumatsu", "丸松製材株式会社", (Role.SAWMILL,), address="長野県飯山市大字静間2089番地"),
    Party("ringo-en", "山田りんご園　山田 太郎", (Role.OWNER,), as_business=False, address="長野県中野市大字間山45"),
    Party("plant-8", "北信バイオマス発電株式会社", (Role.PLANT,), address="長野県長野市若穂川田3800番地"),
    Party("hokushin-office", "北信森林管理署", (Role.FOREST_OFFICE,)),
)
PERMIT = Permit(date(2025, 5, 8), "北信地域振興局林務課", "7北地林第45-14号")
PLACE = Place("長野県", "長野市", "戸隠豊岡", "字西原", ("236-2", "237-2", "237-1"))
COMPARTMENT = Place("長野県", "飯山市", compartments=("1023い-3", "1023ろ-1"))
DOCUMENT = Document(
    id="",
    kind=DocumentKind.PROTECTION_THINNING_NOTICE,
    number="7北地林第45-14号",
    filed=date(2025, 5, 7),
    accepted=date(2025, 5, 8),
    issuer="北信地域振興局林務課",
    locations=(PLACE,),
    felling=FellingFacts(FellingMethod.THINNING, rate=3_000, area=236_110, volume=2_575_000_000, species=("スギ",)),
)
FELLING = Certificate(
    id="",
    form=Form.F1_PRIVATE,
    fuel_class=FuelClass.THINNED,
    date=date(2025, 6, 27),
    seller="togakushi",
    buyer="shinshu-chip",
    quantity=Quantity(2_575_000_000, Unit.M3),
    origins=(Origin.PROTECTION_FOREST,),
    number="令7-017",
    accreditation_number="長木協第012号",
    permit=PERMIT,
    locations=(PLACE,),
    area=236_110,
    species=("スギ", "ヒノキ"),
    felled=Period(date(2025, 5, 27), date(2025, 6, 20)),
    statements=BOTH,
    vehicle="長野100は14-99",
    goods=Goods.LOGS,
)
CHIPS = Certificate(
    id="",
    form=Form.F2_1,
    fuel_class=FuelClass.THINNED,
    date=date(2025, 11, 19),
    seller="shinshu-chip",
    buyer="plant-8",
    quantity=Quantity(6_580_000, Unit.T, 4_200),
    number="2025-0119",
    accreditation_number="長木協第034号",
    species=("スギ", "ヒノキ"),
    statements=BOTH,
    vehicle="長野100は28-58",
    goods=Goods.CUTTING_CHIPS,
    process=Process.CHIPPING,
    from_site="中野工場第2ヤード",
    to_site="plant-8",
)


class FormsLedger:
    """The ledger as it would be read. ``ledger[subject]``: an entry; certificates are named by their forms."""

    def __init__(self) -> None:
        self._logged: list[Logged] = []
        self._signers: dict[str, Signer] = {}
        for party in PARTIES:
            root = party is PARTIES[0]
            self._sign(
                PARTIES[0].id,
                RecordKind.KEY,
                f"key-{party.id}",
                KeyBinding(golden_key(party.id).public.raw, party.id, party.name, root=root),
            )
        for party in PARTIES:
            self._sign(PARTIES[0].id, RecordKind.PARTY, party.id, party)
        yard = Site("中野工場第2ヤード", "shinshu-chip", FuelClass.THINNED)
        self._sign("shinshu-chip", RecordKind.SITE, yard.id, yard)
        self._felling()
        self._processing()
        self._more_pages()

    def __getitem__(self, subject: str) -> Logged:
        return next(entry for entry in self._logged if entry.record.subject == subject)

    @property
    def reading(self) -> Reading:
        """All entries, sound."""
        return Reading(tuple(self._logged), ())

    def _felling(self) -> None:
        scans = tuple(stored((FOLDER / name).read_bytes()) for name in SCANS)
        self._sign("togakushi", RecordKind.DOCUMENT, "doc-1", replace(DOCUMENT, files=scans))
        notice = replace(DOCUMENT, kind=DocumentKind.FELLING_NOTICE, number="長野市7森第88号")
        self._sign("togakushi", RecordKind.DOCUMENT, "doc-2", notice)
        contract = replace(
            DOCUMENT, kind=DocumentKind.NATIONAL_CONTRACT, number="7北森売第31号", locations=(COMPARTMENT,)
        )
        self._sign("togakushi", RecordKind.DOCUMENT, "doc-3", contract)
        legality = replace(
            DOCUMENT, kind=DocumentKind.LEGALITY_CERTIFICATE, number="合法-7-210", locations=(), felling=None
        )
        self._sign("togakushi", RecordKind.DOCUMENT, "doc-4", legality)
        self._certificate("1-private", replace(FELLING, documents=self._ids("doc-1")))
        national: dict[str, Any] = {
            "form": Form.F1_NATIONAL,
            "origins": (Origin.NATIONAL_FOREST,),
            "forest_office": "hokushin-office",
        }
        self._certificate(
            "1-national",
            replace(
                FELLING,
                permit=None,
                locations=(COMPARTMENT,),
                number="令7-021",
                quantity=Quantity(412_500_000, Unit.M3),
                area=84_300,
                documents=self._ids("doc-3"),
                statements=ALL,
                **national,
            ),
        )
        general: dict[str, Any] = {
            "form": Form.F1_1,
            "fuel_class": FuelClass.GENERAL,
            "origins": (Origin.FINAL_FELLING,),
        }
        final = replace(FELLING, number="令7-030", area=6_000, quantity=Quantity(28_500_000, Unit.KG), **general)
        permit = Permit(date(2025, 1, 21), "長野市長", "長野市7森第88号")
        final = replace(final, statements=ALL, species=("スギ",), permit=permit)
        self._certificate("1-1", replace(final, documents=self._ids("doc-2")))
        legal = replace(final, number="令7-031", permit=None, medium=Medium.LEGALITY_CERTIFICATE)
        self._certificate("1-1-legality", replace(legal, documents=self._ids("doc-4")))
        pruned = replace(
            FELLING,
            form=Form.F1_2,
            fuel_class=FuelClass.GENERAL,
            seller="ringo-en",
            origins=(Origin.ORCHARD_PRUNING,),
            number=None,
            accreditation_number=None,
            permit=None,
            locations=(Place("長野県", "中野市", "大字間山", "字南原", ("45", "46-1")),),
            area=None,
            species=("リンゴ",),
            quantity=Quantity(1_250_000, Unit.KG),
            statements=OF_NO_PROCEDURE,
            felled=None,
            goods=None,
        )
        self._certificate("1-2", pruned)

    def _processing(self) -> None:
        drawn = (Draw(self["1-private"].record.record_id.hex(), Quantity(10_800_000, Unit.M3)),)
        self._certificate("2-1", replace(CHIPS, draws=drawn))
        self._certificate("2-4", replace(self._general(drawn), form=Form.F2_4, number="2025-0120"))
        price = seal(PrivateField.PRICE_YEN, PRICE, SALT)
        note = replace(CHIPS, form=Form.F2_2, medium=Medium.DELIVERY_NOTE, number="2025-0121", draws=drawn)
        self._certificate("2-2", replace(note, sealed=(price,)), PRICE)
        self._certificate("2-2-general", replace(self._general(drawn), medium=Medium.DELIVERY_NOTE, number="2025-0122"))
        residues = replace(
            CHIPS,
            form=Form.F2_3,
            fuel_class=FuelClass.GENERAL,
            seller="marumatsu",
            buyer="shinshu-chip",
            quantity=Quantity(8_000_000, Unit.T, 5_000),
            number="丸-7-301",
            accreditation_number="長木協第078号",
            origins=(Origin.OFFCUTS, Origin.BARK),
            goods=None,
            process=Process.SAWING,
            species=("スギ", "ヒノキ", "カラマツ"),
            statements=LOGS,
            from_site=None,
            to_site="中野工場第2ヤード",
        )
        self._certificate("2-3", replace(residues, draws=drawn))
        arrived = Delivery(
            id="",
            at="plant-8",
            date=date(2025, 11, 19),
            quantity=Quantity(6_580_000, Unit.T),
            time="08:40",
            sender="shinshu-chip",
            certificate=self["2-1"].record.record_id.hex(),
            fuel_class=FuelClass.THINNED,
            goods=Goods.CUTTING_CHIPS,
            vehicle="長野100は28-58",
        )
        names = {party.id: party.name for party in PARTIES if party.id in ("plant-8", "shinshu-chip")}
        self._sign("plant-8", RecordKind.DELIVERY, "delivery", arrived, names=names)

    def _general(self, drawn: tuple[Draw, ...]) -> Certificate:
        return replace(CHIPS, fuel_class=FuelClass.GENERAL, draws=drawn, from_site="丸松製材所 構内土場")

    def _more_pages(self) -> None:
        """A place list for the annex, and a record for several QR codes."""
        some = tuple(f"{compartment}い-{i}" for compartment in range(1_021, 1_032) for i in range(1, 5))
        national = self["1-national"].record.body
        assert isinstance(national, Certificate)
        annex = replace(national, id="", number="令7-022", locations=(Place("長野県", "飯山市", compartments=some),))
        self._certificate("annex", annex)
        private = self["1-private"].record.body
        assert isinstance(private, Certificate)
        parcels = tuple(f"{i}-{i % 7 + 1}" for i in range(1, 421))
        many = (replace(PLACE, parcels=parcels),)
        self._certificate("split", replace(private, id="", number="令7-018", locations=many))

    def _ids(self, *subjects: str) -> tuple[str, ...]:
        return tuple(self[subject].record.record_id.hex() for subject in subjects)

    def _certificate(self, subject: str, certificate: Certificate, price: int | None = None) -> None:
        names = {p.id: p.name for p in PARTIES if p.id in (certificate.seller, certificate.buyer)}
        self._sign(certificate.issuer, RecordKind.CERTIFICATE, subject, certificate, names=names)
        if price is not None:
            entry = self._logged[-1]
            told = Disclosure(entry.record.record_id, PrivateField.PRICE_YEN, SALT, price)
            self._logged[-1] = replace(entry, disclosed=(told,))

    def _sign(self, party: str, kind: RecordKind, subject: str, body: Body, **more: Any) -> None:
        signer = self._signers.setdefault(party, Signer(golden_key(party), party))
        at = START + 60 * len(self._logged)
        record = signer.sign(kind, subject, body, at, **more)
        self._logged.append(Logged(len(self._logged), at + 3_600, record))
