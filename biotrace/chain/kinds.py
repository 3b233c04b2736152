"""The kinds of record, and what each kind's body is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.place import Concordance
from biotrace.model.stock import Consumption, Plan, Site, StockEntry
from biotrace.model.text import Text


class RecordKind(IntEnum):
    """What a record is about; the number stands in its payload and never changes its meaning."""

    PARTY = 1
    KEY = 2
    CERTIFICATE = 3
    DOCUMENT = 4
    DELIVERY = 5
    CONCORDANCE = 6
    CORRECTION = 7
    SITE = 8
    STOCK = 9
    CONSUMPTION = 10
    PLAN = 11
    TRUSTED_BODIES = 12

    @property
    def label(self) -> Text:
        """The kind's name for people."""
        return _LABEL[self]


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """Says that a key signs for a party from now on. ``name``: the party's, for where no party record is at hand."""

    public_key: bytes
    party: str
    name: str


@dataclass(frozen=True, slots=True)
class TrustedBodies:
    """The accrediting bodies, as party ids, whose accreditations count here. Empty: none does."""

    bodies: tuple[str, ...]


Body: TypeAlias = (
    Party
    | KeyBinding
    | Certificate
    | Document
    | Delivery
    | Concordance
    | Correction
    | Site
    | StockEntry
    | Consumption
    | Plan
    | TrustedBodies
)

BODY_TYPE: dict[RecordKind, type[Body]] = {
    RecordKind.PARTY: Party,
    RecordKind.KEY: KeyBinding,
    RecordKind.CERTIFICATE: Certificate,
    RecordKind.DOCUMENT: Document,
    RecordKind.DELIVERY: Delivery,
    RecordKind.CONCORDANCE: Concordance,
    RecordKind.CORRECTION: Correction,
    RecordKind.SITE: Site,
    RecordKind.STOCK: StockEntry,
    RecordKind.CONSUMPTION: Consumption,
    RecordKind.PLAN: Plan,
    RecordKind.TRUSTED_BODIES: TrustedBodies,
}

_LABEL = {
    RecordKind.PARTY: Text("当事者", "party"),
    RecordKind.KEY: Text("鍵", "key"),
    RecordKind.CERTIFICATE: Text("証明書", "certificate"),
    RecordKind.DOCUMENT: Text("根拠書類", "document"),
    RecordKind.DELIVERY: Text("納入", "delivery"),
    RecordKind.CONCORDANCE: Text("林班・地番対照表", "concordance"),
    RecordKind.CORRECTION: Text("訂正", "correction"),
    RecordKind.SITE: Text("土場", "site"),
    RecordKind.STOCK: Text("在庫", "stock entry"),
    RecordKind.CONSUMPTION: Text("消費", "consumption"),
    RecordKind.PLAN: Text("計画", "plan"),
    RecordKind.TRUSTED_BODIES: Text("信頼する認定団体", "trusted bodies"),
}
