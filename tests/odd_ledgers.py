"""Ledgers at random in which much is odd: keys end in retrospect, roles change, corrections of every kind, draws in all
units, twice or on other people's certificates, parties that nobody stated. All of it is what a log admits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from biotrace.chain.admit import admit
from biotrace.chain.keys import DeviceKey
from biotrace.chain.kinds import Body, KeyBinding, KeyEnd, KeyEndReason, RecordKind
from biotrace.chain.record import Record, Signer
from biotrace.chain.replay import Replay
from biotrace.errors import IntegrityError
from biotrace.model.certificate import Certificate, Draw, Form
from biotrace.model.correction import Action, Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document, DocumentKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Party, Role
from biotrace.model.quantity import Quantity, Unit
from tests.builders import NOW, ROOT, device_key

FIRST_DAY = date(2014, 11, 1)
_ROLES = {"a": (Role.PRODUCER,), "b": (Role.PROCESSOR,), "c": (Role.PROCESSOR,), "p": (Role.PLANT,), "p2": ()}
_NEAR = 8
"""How many of the latest certificates are drawn on, delivered and corrected: so they meet."""


class OddLedger:
    """Records in an order in which a log takes them. ``certificates``, ``documents``: those of them."""

    def __init__(self, random: Random, steps: int) -> None:
        self.records: list[Record] = []
        self.certificates: list[Record] = []
        self.documents: list[Record] = []
        self._random, self._replay, self._at = random, Replay(), NOW
        self._keys: dict[str, list[DeviceKey]] = {}
        self._holds: list[Record] = []
        self._bind(ROOT)
        for party, roles in _ROLES.items():
            self._bind(party)
            self._party(party, roles)
        for number in range(3):
            self._document(number)
        for step in random.choices(
            (self._certificate, self._delivery, self._correction, self._end, self._other_role),
            weights=(50, 20, 20, 3, 3),
            k=steps,
        ):
            step()

    def _sign(self, party: str, kind: RecordKind, body: Body, *, key: DeviceKey | None = None, **more: Any) -> bool:
        """Sign and keep it, if a log would take it."""
        key = key or self._random.choice(self._keys[party])
        self._at += 60
        name = f"r-{self._at}"
        record = Signer.after(key, party, self._replay.head(key.kid)).sign(kind, name, body, self._at, **more)
        try:
            admit(record, self._replay)
        except IntegrityError:
            return False
        self._replay.take(record, len(self.records))
        self.records.append(record)
        return True

    def _bind(self, party: str) -> None:
        key = device_key(f"{party}-{len(self.records)}")
        binding = KeyBinding(key.public.raw, party, "", root=party == ROOT)
        assert self._sign(ROOT, RecordKind.KEY, binding, key=self._keys[ROOT][0] if self._keys else key)
        self._keys.setdefault(party, []).append(key)

    def _party(self, party: str, roles: tuple[Role, ...]) -> None:
        self._sign(ROOT, RecordKind.PARTY, Party(party, f"{party}社", roles))

    def _other_role(self) -> None:
        self._party(*self._random.choice([("p2", (Role.PLANT,)), ("c", (Role.PLANT,)), ("c", (Role.PROCESSOR,))]))

    def _document(self, number: int) -> None:
        notice = Document("", DocumentKind.PROTECTION_THINNING_NOTICE, number=f"26-{number}", filed=FIRST_DAY)
        if self._sign("a", RecordKind.DOCUMENT, notice):
            self.documents.append(self.records[-1])

    def _certificate(self) -> None:
        pick = self._random.choice
        drawn = self._draws()
        certificate = Certificate(
            id="",
            form=Form.F2_1 if drawn else Form.F1_PRIVATE,
            fuel_class=FuelClass.THINNED,
            date=self._day(),
            seller=pick(["a", "b", "c", "nobody"]),
            buyer=pick([None, "a", "b", "c", "p", "p2", "x\0", "nobody"]),
            issuer_party=pick([None, None, None, "a", "b", "c"]),
            quantity=self._quantity(),
            species=pick([(), ("スギ",), ("ナラ",), ("スギ", "ナラ"), ("?",)]),
            draws=drawn,
            documents=() if drawn else (pick(self.documents).record_id.hex(),),
        )
        if self._signed_or_copied(certificate.issuer, RecordKind.CERTIFICATE, certificate):
            self.certificates.append(self.records[-1])

    def _draws(self) -> tuple[Draw, ...]:
        if not self.certificates or self._random.random() < 0.25:
            return ()
        some = [Draw(self._near(), self._quantity()) for _ in range(self._random.randint(1, 3))]
        twice = [replace(some[0], quantity=self._quantity())] if self._random.random() < 0.2 else []
        return (*some, *twice)

    def _delivery(self) -> None:
        pick = self._random.choice
        delivery = Delivery(
            id="",
            at=pick(["p", "p2", "a", "c"]),
            date=self._day(),
            quantity=self._quantity(),
            sender=pick([None, "a", "b", "nobody", "y\0z"]),
            certificate=self._near() if self.certificates and self._random.random() < 0.85 else None,
        )
        self._signed_or_copied(delivery.at, RecordKind.DELIVERY, delivery)

    def _correction(self) -> None:
        if len(self.certificates) < 2:
            return
        action = self._random.choice(list(Action))
        certificate, follows = self._near(), None
        if action is Action.RELEASE and self._holds:
            hold = self._random.choice(self._holds)
            assert isinstance(hold.body, Correction)
            certificate, follows = hold.body.certificate, hold.record_id.hex()
        by = self._near() if action in (Action.REPLACE, Action.SUPPLEMENT) else None
        correction = Correction(certificate, action, FIRST_DAY, "誤記", by, follows)
        issuer = next(r.issuer for r in self.certificates if r.record_id.hex() == certificate)
        taken = self._sign(issuer, RecordKind.CORRECTION, correction)
        if action is Action.HOLD and taken:
            self._holds.append(self.records[-1])

    def _end(self) -> None:
        """A key counts no longer from some earlier place on; its party gets another."""
        party = self._random.choice(["a", "b", "c", "p"])
        first = self._random.randint(max(1, len(self.records) - 25), len(self.records) + 1)
        ended = KeyEnd(self._random.choice(self._keys[party]).kid, first, KeyEndReason.LEAKED)
        self._sign(ROOT, RecordKind.KEY_END, ended, key=self._keys[ROOT][0])
        self._bind(party)

    def _signed_or_copied(self, party: str, kind: RecordKind, body: Body) -> bool:
        copied = party not in self._keys or self._random.random() < 0.15
        return self._sign(ROOT if copied else party, kind, body, transcribed=copied)

    def _near(self) -> str:
        return self._random.choice(self.certificates[-_NEAR:]).record_id.hex()

    def _day(self) -> date:
        return FIRST_DAY + timedelta(self._random.randint(0, 40))

    def _quantity(self) -> Quantity:
        amount = self._random.choice([1, 2, 3, 10**6, self._random.randint(1, 10**9)])
        moisture = self._random.choice([None, None, 0, 4_200, self._random.randint(0, 10_000), 10_000])
        return Quantity(amount, self._random.choice(list(Unit)), moisture)
