"""One small ledger in which every kind of record stands, with every field of every type filled somewhere."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import Body, KeyBinding, KeyEnd, KeyEndReason, RecordKind, TrustedBodies
from biotrace.chain.record import Record, Signer
from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.certificate import (
    Certificate,
    Draw,
    Form,
    Goods,
    Medium,
    Mixed,
    Origin,
    Permit,
    Process,
    Share,
    Statement,
)
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
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
from biotrace.model.party import Accreditation, Audit, Party, Role
from biotrace.model.place import Concordance, Link, Place
from biotrace.model.private import PrivateField, Sealed
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.retention import Answer, Challenge, Deleted, RetentionHold, StoredFile, Tombstone
from biotrace.model.stock import Consumption, Plan, Site, StockEntry, StockKind, WithdrawnTo

START = 1_764_547_200
"""2025-12-01 00:00 UTC, when the first is signed; each next one a minute later."""
ROOT, BODY, MORI, OTSU, PLANT = "kumiai", "nagano-body", "mori", "otsu", "plant-8"
DAY, LATER = date(2025, 12, 1), date(2028, 3, 31)
PLACE = Place("長野県", "〇〇市", "大字甲", "字乙", ("236-2", "237-1"), ("12い-3",), "〇〇土場", annex=True)
SCAN = StoredFile(hashlib.sha256(b"a scan").digest(), 6, "application/pdf")
NAMES = {MORI: "森林業", OTSU: "乙チップ工業株式会社", PLANT: "八発電所合同会社"}


def golden_key(name: str) -> DeviceKey:
    """The key of that name, the same for ever."""
    return DeviceKey.generate(hashlib.sha256(f"biotrace golden key {name}".encode()).digest())


def digest_of(text: str) -> bytes:
    """32 bytes to stand for a salted hash."""
    return hashlib.sha256(text.encode()).digest()


class GoldenLedger:
    """Signs the records, each citing earlier ones by their subjects. ``records``: all, in the order of the log."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._signers: dict[str, Signer] = {}
        self._keys()
        self._accreditations()
        self._wood()
        self._afterwards()

    def _id(self, subject: str) -> str:
        return next(record.record_id.hex() for record in self.records if record.subject == subject)

    def _sign(self, party: str, kind: RecordKind, subject: str, body: Body, **more: Any) -> None:
        signer = self._signers.setdefault(party, Signer(golden_key(party), party))
        self.records.append(signer.sign(kind, subject, body, START + 60 * len(self.records), **more))

    def _keys(self) -> None:
        for party in (ROOT, BODY, OTSU, PLANT):
            binding = KeyBinding(golden_key(party).public.raw, party, NAMES.get(party, party), root=party == ROOT)
            self._sign(ROOT, RecordKind.KEY, f"key-{party}", binding)
        self._sign(ROOT, RecordKind.TRUSTED_BODIES, "trusted-1", TrustedBodies(()))
        trusted = TrustedBodies((BODY,), self._id("trusted-1"))
        self._sign(ROOT, RecordKind.TRUSTED_BODIES, "trusted-2", trusted)
        accrediting = Party(BODY, "長野県木材団体連合会", (Role.BODY,), code_from=date(2012, 6, 18))
        self._sign(ROOT, RecordKind.PARTY, "party-body", accrediting)
        self._sign(ROOT, RecordKind.PARTY, "party-otsu-1", Party(OTSU, "乙チップ", (Role.PROCESSOR,)))
        otsu = Party(
            OTSU,
            NAMES[OTSU],
            tuple(Role),
            as_business=False,
            address="長野県〇〇市1-2",
            code_from=date(2012, 6, 18),
            sealed=tuple(Sealed(field, digest_of(field.value)) for field in PrivateField),
            replaces=self._id("party-otsu-1"),
        )
        self._sign(ROOT, RecordKind.PARTY, "party-otsu-2", otsu)

    def _accreditations(self) -> None:
        held = Accreditation(date(2024, 4, 1), "長木-056", BODY, date(2025, 12, 31))
        member = golden_key(MORI).public.raw
        self._sign(BODY, RecordKind.ACCREDITATION, "grant-1", Grant(MORI, held, "素材生産", member))
        own = Accreditation(DAY, self_declared=True, third_party_audit=Audit("審査機構", DAY, LATER))
        self._sign(ROOT, RecordKind.ACCREDITATION, "grant-copied", Grant(OTSU, own), transcribed=True)
        self._sign(MORI, RecordKind.RENEWAL_REQUEST, "request", RenewalRequest(self._id("grant-1"), DAY))
        renewed = Grant(MORI, Accreditation(DAY, "長木-057", BODY, LATER), renews=self._id("grant-1"))
        self._sign(BODY, RecordKind.ACCREDITATION, "grant-2", renewed)
        self._sign(BODY, RecordKind.INSPECTION, "inspection", Inspection(self._id("grant-2"), DAY, "指摘なし"))
        self._sign(BODY, RecordKind.REVOCATION, "revocation", Revocation(self._id("grant-2"), LATER, "廃業"))

    def _wood(self) -> None:
        self._sign(MORI, RecordKind.DOCUMENT, "doc-1", _document())
        self._sign(MORI, RecordKind.CONCORDANCE, "table", _concordance())
        self._sign(MORI, RecordKind.CERTIFICATE, "c-1", self._felling(), names=NAMES)
        self._sign(OTSU, RecordKind.SITE, "yard-1", Site("yard-1", OTSU, FuelClass.THINNED))
        lost = StockEntry(
            "yard-1", DAY, FuelClass.THINNED, Quantity(1, Unit.KG), StockKind.WITHDRAWAL, WithdrawnTo.LOST
        )
        self._sign(OTSU, RecordKind.STOCK, "stock-1", lost)
        self._sign(OTSU, RecordKind.CERTIFICATE, "c-2", self._processing(), names=NAMES)
        arrival = Delivery(
            "",
            PLANT,
            DAY,
            Quantity(6_580_000, Unit.T, 4_200),
            "08:40",
            OTSU,
            self._id("c-2"),
            FuelClass.THINNED,
            Goods.CUTTING_CHIPS,
            "長野100は14-99",
        )
        self._sign(PLANT, RecordKind.DELIVERY, "d-1", arrival, names=NAMES)
        burned = Consumption(PLANT, DAY, FuelClass.THINNED, Quantity(6_580_000, Unit.T), 9_950)
        self._sign(PLANT, RecordKind.CONSUMPTION, "burned-2025-12", burned)
        planned = Plan(PLANT, 2026, FuelClass.GENERAL, Quantity(80_000_000_000, Unit.T))
        self._sign(PLANT, RecordKind.PLAN, "plan-2026", planned)

    def _afterwards(self) -> None:
        felled, chips = self._id("c-1"), self._id("c-2")
        self._sign(ROOT, RecordKind.CORRECTION, "hold", Correction(felled, Action.HOLD, DAY, "照会中"))
        release = Correction(felled, Action.RELEASE, DAY, follows=self._id("hold"))
        self._sign(ROOT, RecordKind.CORRECTION, "release", release)
        self._sign(MORI, RecordKind.CORRECTION, "replaced", Correction(felled, Action.REPLACE, DAY, "誤記", chips))
        self._sign(BODY, RecordKind.RETENTION_HOLD, "keep", RetentionHold((felled, self._id("doc-1")), DAY, "検査中"))
        over = RetentionHold((felled,), LATER, ends=self._id("keep"))
        self._sign(BODY, RecordKind.RETENTION_HOLD, "keep-over", over)
        asked = Challenge((felled, self._id("d-1")), MORI, LATER, DAY, "書類の確認")
        self._sign(PLANT, RecordKind.CHALLENGE, "asked", asked)
        answer = Answer(self._id("asked"), DAY, (SCAN, SCAN), "原本は事務所に保管")
        self._sign(MORI, RecordKind.ANSWER, "answer", answer)
        gone = Tombstone(self._id("doc-1"), LATER, tuple(Deleted), "保存期間の満了")
        self._sign(MORI, RecordKind.TOMBSTONE, "gone", gone)
        leaked = KeyEnd(golden_key(MORI).kid, len(self.records), KeyEndReason.LEAKED)
        self._sign(BODY, RecordKind.KEY_END, "key-end-mori", leaked)

    def _felling(self) -> Certificate:
        return Certificate(
            id="",
            form=Form.F1_PRIVATE,
            fuel_class=FuelClass.THINNED,
            date=DAY,
            seller="owner-3",
            buyer=OTSU,
            issuer_party=MORI,
            medium=Medium.ANNOTATED_PERMIT,
            quantity=Quantity(2_575_000_000, Unit.M3),
            origins=tuple(Origin),
            includes_weeding=True,
            number="第26-017号",
            accreditation_number="長木-057",
            permit=Permit(date(2025, 5, 8), "北信林業事務所", "26-14"),
            forest_office="北信森林管理署",
            locations=(PLACE, Place(municipality="〇〇市")),
            country="日本",
            area=236_110,
            species=("スギ", "ヒノキ"),
            felled=Period(date(2025, 5, 27), date(2025, 6, 20)),
            documents=(self._id("doc-1"),),
            statements=tuple(Statement),
            vehicle="長野100は14-99",
            sealed=(Sealed(PrivateField.OWNER_NAME, digest_of("owner")),),
            files=(SCAN,),
        )

    def _processing(self) -> Certificate:
        return Certificate(
            id="",
            form=Form.F2_1,
            fuel_class=FuelClass.THINNED,
            date=DAY,
            seller=OTSU,
            buyer=PLANT,
            quantity=Quantity(6_580_000, Unit.T, 4_200),
            goods=Goods.CUTTING_CHIPS,
            draws=(Draw(self._id("c-1"), Quantity(11_000_000, Unit.M3)),),
            process=Process.CHIPPING,
            mixed=Mixed(PLANT, (Share(FuelClass.THINNED, 9_000), Share(FuelClass.GENERAL, 1_000))),
            from_site="yard-1",
            to_site="yard-8",
        )


def _document() -> Document:
    facts = FellingFacts(FellingMethod.THINNING, 3_000, 45, 236_110, 2_575_000_000, ("スギ",), DAY, LATER, True, 5)
    return Document(
        id="",
        kind=DocumentKind.PROTECTION_THINNING_NOTICE,
        number="26-14",
        filed=date(2025, 5, 7),
        accepted=date(2025, 5, 8),
        issuer="北信林業事務所",
        forest_office="北信森林管理署",
        applicant=MORI,
        locations=(PLACE,),
        felling=facts,
        valid=Period(DAY, LATER),
        remains_forest=True,
        content=DocumentContent.COVER_ONLY,
        copy=DocumentCopy.SHOWN_NOT_KEPT,
        files=(SCAN,),
    )


def _concordance() -> Concordance:
    pairs = (Link("12い-3", ("236-2", "237-1")), Link("12い-4", ("238",)))
    return Concordance("", "〇〇市", DAY, pairs, "長野県", "〇〇市", "大字甲", "字乙")
