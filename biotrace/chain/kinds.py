"""The kinds of record, and what each kind's body is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeAlias

from biotrace.model.accreditation import Grant, Inspection, RenewalRequest, Revocation
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.place import Concordance
from biotrace.model.retention import Answer, Challenge, RetentionHold, Tombstone
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
    ACCREDITATION = 13
    RENEWAL_REQUEST = 14
    REVOCATION = 15
    INSPECTION = 16
    KEY_END = 17
    RETENTION_HOLD = 18
    CHALLENGE = 19
    ANSWER = 20
    TOMBSTONE = 21

    @property
    def label(self) -> Text:
        """The kind's name for people."""
        return _LABEL[self]


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """Says that a key signs for a party from now on. ``name``: the party's, for where no party record is at hand.

    ``root``: the key runs the ledger: it says who is who. The first record binds the first of them.
    """

    public_key: bytes
    party: str
    name: str
    root: bool = False


class KeyEndReason(StrEnum):
    """Why a key no longer signs."""

    REPLACED = "replaced"
    LOST = "lost"
    LEAKED = "leaked"

    @property
    def label(self) -> Text:
        """The reason for people."""
        return _REASON[self]


@dataclass(frozen=True, slots=True)
class KeyEnd:
    """Says that nothing counts that the key ``kid`` signed and the log took at index ``first`` or later."""

    kid: bytes
    first: int
    reason: KeyEndReason


@dataclass(frozen=True, slots=True)
class TrustedBodies:
    """The accrediting bodies, as party ids, whose accreditations count here. Empty: none does.

    ``replaces``: record id of the list that this one follows.
    """

    bodies: tuple[str, ...]
    replaces: str | None = None


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
    | Grant
    | RenewalRequest
    | Revocation
    | Inspection
    | KeyEnd
    | RetentionHold
    | Challenge
    | Answer
    | Tombstone
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
    RecordKind.ACCREDITATION: Grant,
    RecordKind.RENEWAL_REQUEST: RenewalRequest,
    RecordKind.REVOCATION: Revocation,
    RecordKind.INSPECTION: Inspection,
    RecordKind.KEY_END: KeyEnd,
    RecordKind.RETENTION_HOLD: RetentionHold,
    RecordKind.CHALLENGE: Challenge,
    RecordKind.ANSWER: Answer,
    RecordKind.TOMBSTONE: Tombstone,
}

_REASON = {
    KeyEndReason.REPLACED: Text("鍵の更新", "replaced by a new key"),
    KeyEndReason.LOST: Text("鍵の紛失", "lost"),
    KeyEndReason.LEAKED: Text("鍵の漏えい", "leaked, or feared to be"),
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
    RecordKind.ACCREDITATION: Text("認定", "accreditation"),
    RecordKind.RENEWAL_REQUEST: Text("認定更新の申請", "renewal request"),
    RecordKind.REVOCATION: Text("認定の取消し", "revocation"),
    RecordKind.INSPECTION: Text("立入検査", "inspection"),
    RecordKind.KEY_END: Text("鍵の失効", "end of a key"),
    RecordKind.RETENTION_HOLD: Text("保存の延長", "retention hold"),
    RecordKind.CHALLENGE: Text("書類の提示要求", "challenge"),
    RecordKind.ANSWER: Text("提示要求への回答", "answer"),
    RecordKind.TOMBSTONE: Text("書類の廃棄", "tombstone"),
}
