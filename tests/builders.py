"""A valid signed chain in memory, to be spoiled one thing at a time.

    chain = ChainBuilder().story()      # keys, parties, document, felling, processing, delivery
    chain.processing("c-9", {"c-1": m3(2_570)})     # draws more than is left
    Ledger.create(path, LOG).append(chain.records, NOW)

Keys come from the parties' ids and times from a counter, so that every run signs the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

from biotrace.chain.admit import admit
from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import Body, KeyBinding, RecordKind, TrustedBodies
from biotrace.chain.record import Record, Signer
from biotrace.chain.replay import Replay
from biotrace.model.accreditation import Grant
from biotrace.model.certificate import (
    Certificate,
    Draw,
    Form,
    Goods,
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
from biotrace.model.place import Place
from biotrace.model.quantity import Quantity, Unit
from biotrace.store.log_key import LogKey

NOW = 1_416_355_200
"""2014-11-19 00:00 UTC, when the first record is signed."""
ROOT = "kumiai"
PLACE = Place("長野県", "〇〇市", "大字甲", "字乙", ("236-2", "237-2", "237-1"))


def device_key(name: str) -> DeviceKey:
    """The test key of that name, always the same."""
    return DeviceKey.generate(hashlib.sha256(f"test key {name}".encode()).digest())


LOG = LogKey("log.example/test", device_key("log"))
"""The log of the tests' ledgers."""


def m3(value: int) -> Quantity:
    """So many solid cubic metres."""
    return Quantity(value * 1_000_000, Unit.M3)


def tonnes(grams: int) -> Quantity:
    """So many grams, as written in tonnes."""
    return Quantity(grams, Unit.T, 4_200)


class ChainBuilder:
    """Signs records as the parties would, one after another. ``records``: all; by subject: ``chain["c-1"]``."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.signers: dict[str, Signer] = {}
        self._at = NOW
        self.key(ROOT)

    def __getitem__(self, subject: str) -> Record:
        return next(record for record in reversed(self.records) if record.subject == subject)

    def signer(self, party: str) -> Signer:
        """The party's signer at its place; its key is bound first where it is new."""
        if party not in self.signers:
            self.key(party)
        return self.signers[party]

    def key(self, party: str) -> Record:
        """Bind the party's key: the first one binds itself, the others are bound by the root."""
        self.signers[party] = Signer(device_key(party), party)
        binding = KeyBinding(device_key(party).public.raw, party, f"{party}株式会社", root=party == ROOT)
        return self.sign(ROOT, RecordKind.KEY, f"key-{party}", binding)

    def sign(self, party: str, kind: RecordKind, subject: str, body: Body, **more: Any) -> Record:
        """Sign any record as ``party`` and keep it."""
        signer = self.signer(party)
        self._at += 60
        record = signer.sign(kind, subject, body, self._at, **more)
        self.records.append(record)
        return record

    def party(self, party: str, *roles: Role, **more: Any) -> Record:
        """What the root says of the party, and copies of its accreditations."""
        body = Party(id=party, name=f"{party}株式会社", roles=roles, **more)
        held, body = body.accreditations, replace(body, accreditations=())
        self.signer(party)
        record = self.sign(ROOT, RecordKind.PARTY, party, body)
        for number, accreditation in enumerate(held, 1):
            grant = Grant(party, accreditation)
            self.sign(ROOT, RecordKind.ACCREDITATION, f"accreditation:{party}:{number}", grant, transcribed=True)
        return record

    def document(self, subject: str, by: str = "kousei", **changes: Any) -> Record:
        """A thinning notice for a protection forest."""
        notice = Document(
            id="",
            kind=DocumentKind.PROTECTION_THINNING_NOTICE,
            number="26-14",
            filed=date(2014, 5, 7),
            accepted=date(2014, 5, 8),
            issuer="北信林業事務所",
            locations=(PLACE,),
            felling=FellingFacts(FellingMethod.THINNING, rate=3_000, area=236_110, species=("スギ", "ヒノキ")),
        )
        return self.sign(by, RecordKind.DOCUMENT, subject, replace(notice, **changes))

    def felling(self, subject: str, documents: tuple[str, ...], seller: str = "kousei", **changes: Any) -> Record:
        """A felling-stage certificate (例1) resting on documents, which are named by their subjects."""
        certificate = Certificate(
            id="",
            form=Form.F1_PRIVATE,
            fuel_class=FuelClass.THINNED,
            date=date(2014, 6, 27),
            seller=seller,
            buyer="otsu",
            quantity=m3(2_575),
            origins=(Origin.PROTECTION_FOREST,),
            number="第26-017号",
            accreditation_number="長木-012",
            permit=Permit(date(2014, 5, 8), "北信林業事務所", "26-14"),
            locations=(PLACE,),
            area=236_110,
            species=("スギ", "ヒノキ"),
            felled=Period(date(2014, 5, 27), date(2014, 6, 20)),
            documents=tuple(self[document].record_id.hex() for document in documents),
            statements=(Statement.ALL_OF_CLASS, Statement.SEGREGATED),
            vehicle="長野100は14-99",
        )
        return self._certificate(subject, replace(certificate, **changes))

    def processing(self, subject: str, draws: dict[str, Quantity], seller: str = "otsu", **changes: Any) -> Record:
        """A processing-stage certificate (2-1) drawing on others, which are named by their subjects."""
        certificate = Certificate(
            id="",
            form=Form.F2_1,
            fuel_class=FuelClass.THINNED,
            date=date(2014, 11, 19),
            seller=seller,
            buyer="plant-8",
            quantity=tonnes(6_580_000),
            accreditation_number="長木-034",
            goods=Goods.CUTTING_CHIPS,
            species=("スギ",),
            draws=tuple(Draw(self[drawn].record_id.hex(), amount) for drawn, amount in draws.items()),
            statements=(Statement.ALL_OF_CLASS, Statement.SEGREGATED),
            process=Process.CHIPPING,
        )
        return self._certificate(subject, replace(certificate, **changes))

    def delivery(self, subject: str, certificate: str, at: str = "plant-8", **changes: Any) -> Record:
        """What arrived at a plant under a certificate, which is named by its subject."""
        arrival = Delivery(
            id="",
            at=at,
            date=date(2014, 11, 19),
            quantity=tonnes(6_580_000),
            time="08:40",
            sender="otsu",
            certificate=self[certificate].record_id.hex(),
            vehicle="28-58",
        )
        names = {"otsu": "otsu株式会社", "plant-8": "plant-8株式会社"}
        return self.sign(at, RecordKind.DELIVERY, subject, replace(arrival, **changes), names=names)

    def correction(self, subject: str, certificate: str, action: Action, by: str | None = None, **more: Any) -> Record:
        """What the issuer of a certificate says of it later. ``by``: subject of the one in its place."""
        replacing = None if by is None else self[by].record_id.hex()
        cited = self[certificate].record_id.hex()
        holds = [r for r in self.records if isinstance(r.body, Correction) and r.body.certificate == cited]
        follows = holds[-1].record_id.hex() if holds else None
        body = Correction(cited, action, date(2014, 12, 1), "誤記", replacing, follows)
        return self.sign(self[certificate].issuer, RecordKind.CORRECTION, subject, body, **more)

    def story(self) -> ChainBuilder:
        """Wood from a forest to a plant: fourteen records under four keys, among them doc-1, c-1, c-2 and d-1."""
        self.sign(ROOT, RecordKind.TRUSTED_BODIES, "trusted", TrustedBodies(("nagano-body",)))
        accredited = Accreditation(date(2014, 4, 1), "長木-012", "nagano-body", date(2017, 3, 31))
        self.party("kousei", Role.PRODUCER, accreditations=(accredited,))
        self.party("otsu", Role.PROCESSOR, accreditations=(replace(accredited, number="長木-034"),))
        self.party("plant-8", Role.PLANT)
        self.document("doc-1")
        self.felling("c-1", ("doc-1",))
        self.processing("c-2", {"c-1": m3(11)})
        self.delivery("d-1", "c-2")
        return self

    def admitted(self) -> Replay:
        """The state of a ledger that took every record; raises where one is not admitted."""
        replay = Replay()
        for position, record in enumerate(self.records):
            admit(record, replay)
            replay.take(record, position)
        return replay

    def _certificate(self, subject: str, certificate: Certificate) -> Record:
        names = {party: f"{party}株式会社" for party in (certificate.seller, certificate.buyer) if party is not None}
        return self.sign(certificate.issuer, RecordKind.CERTIFICATE, subject, certificate, names=names)
