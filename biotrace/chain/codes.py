"""The numbers that stand for the model's words in records. Written down one by one: a number never changes its meaning.

No code is 0, so that a forgotten value is never taken for a meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from biotrace.model.certificate import Form, Goods, Medium, Origin, Process, Statement
from biotrace.model.correction import Action
from biotrace.model.document import DocumentContent, DocumentCopy, DocumentKind, FellingMethod
from biotrace.model.fuel_class import FuelClass
from biotrace.model.party import Role
from biotrace.model.private import PrivateField
from biotrace.model.quantity import Unit
from biotrace.model.retention import Deleted
from biotrace.model.stock import StockKind, WithdrawnTo

from .kinds import KeyEndReason

E = TypeVar("E", bound=StrEnum)

CODES: Mapping[type[StrEnum], Mapping[StrEnum, int]] = {
    FuelClass: {
        FuelClass.THINNED: 1,
        FuelClass.GENERAL: 2,
        FuelClass.GENERAL_WASTE: 3,
        FuelClass.CONSTRUCTION_WASTE: 4,
    },
    Form: {
        Form.F1_PRIVATE: 1,
        Form.F1_NATIONAL: 2,
        Form.F1_1: 3,
        Form.F1_2: 4,
        Form.F2_1: 5,
        Form.F2_2: 6,
        Form.F2_3: 7,
        Form.F2_4: 8,
    },
    Medium: {
        Medium.FORM: 1,
        Medium.ANNOTATED_PERMIT: 2,
        Medium.ANNOTATED_CONTRACT: 3,
        Medium.DELIVERY_NOTE: 4,
        Medium.LEGALITY_CERTIFICATE: 5,
        Medium.COC_CERTIFICATE: 6,
    },
    Origin: {
        Origin.THINNING: 1,
        Origin.WEEDING: 2,
        Origin.PROTECTION_FOREST: 3,
        Origin.MANAGEMENT_PLAN: 4,
        Origin.NATIONAL_FOREST: 5,
        Origin.FINAL_FELLING: 6,
        Origin.IMPORTED: 7,
        Origin.HOMESTEAD: 8,
        Origin.ORCHARD_PRUNING: 9,
        Origin.STREET_PRUNING: 10,
        Origin.GARDEN_PRUNING: 11,
        Origin.LANDSCAPING_PRUNING: 12,
        Origin.DAM_DRIFTWOOD: 13,
        Origin.DRIFTWOOD: 14,
        Origin.BAMBOO: 15,
        Origin.SITE_CLEARING: 16,
        Origin.OFFCUTS: 17,
        Origin.SAWDUST: 18,
        Origin.BARK: 19,
    },
    Goods: {
        Goods.LOGS: 1,
        Goods.CUTTING_CHIPS: 2,
        Goods.PIN_CHIPS: 3,
        Goods.OFFCUTS: 4,
        Goods.SAWDUST: 5,
        Goods.BARK: 6,
        Goods.PELLETS: 7,
    },
    Process: {
        Process.CHIPPING: 1,
        Process.SAWING: 2,
        Process.DRYING: 3,
        Process.TRADING: 4,
    },
    Statement: {
        Statement.ALL_OF_CLASS: 1,
        Statement.SEGREGATED: 2,
        Statement.NO_CONSTRUCTION_WASTE: 3,
        Statement.LAWFUL: 4,
        Statement.LOGS_ALL_THINNED_OR_GENERAL: 5,
        Statement.HELD_ON_2012_06_18: 6,
        Statement.HELD_WHEN_CODE_CAME: 7,
    },
    DocumentKind: {
        DocumentKind.FELLING_NOTICE: 1,
        DocumentKind.MANAGEMENT_PLAN: 2,
        DocumentKind.PROTECTION_PERMIT: 3,
        DocumentKind.PROTECTION_THINNING_NOTICE: 4,
        DocumentKind.PROTECTION_SELECTION_NOTICE: 5,
        DocumentKind.NATIONAL_CONTRACT: 6,
        DocumentKind.LOCAL_WEEDING_CERTIFICATE: 7,
        DocumentKind.MUNICIPAL_OPINION: 8,
        DocumentKind.LEGALITY_CERTIFICATE: 9,
        DocumentKind.COC_CERTIFICATE: 10,
        DocumentKind.CONVERSION_PERMIT: 11,
        DocumentKind.BAMBOO_PERMIT: 12,
        DocumentKind.PRIVATE_CONTRACT: 13,
        DocumentKind.INFORMATION_CARD: 14,
        DocumentKind.WASTE_MANIFEST: 15,
        DocumentKind.OTHER: 16,
    },
    FellingMethod: {
        FellingMethod.THINNING: 1,
        FellingMethod.CLEAR: 2,
        FellingMethod.SELECTION: 3,
    },
    DocumentContent: {
        DocumentContent.FULL: 1,
        DocumentContent.COVER_ONLY: 2,
    },
    DocumentCopy: {
        DocumentCopy.KEPT: 1,
        DocumentCopy.SHOWN_NOT_KEPT: 2,
        DocumentCopy.MISSING: 3,
    },
    Role: {
        Role.OWNER: 1,
        Role.PRODUCER: 2,
        Role.SAWMILL: 3,
        Role.PROCESSOR: 4,
        Role.TRADER: 5,
        Role.PLANT: 6,
        Role.BODY: 7,
        Role.FOREST_OFFICE: 8,
        Role.MUNICIPALITY: 9,
    },
    Unit: {
        Unit.M3: 1,
        Unit.M3_LOOSE: 2,
        Unit.M3_STACKED: 3,
        Unit.T: 4,
        Unit.KG: 5,
    },
    Action: {
        Action.CANCEL: 1,
        Action.REPLACE: 2,
        Action.HOLD: 3,
        Action.RELEASE: 4,
        Action.SUPPLEMENT: 5,
    },
    StockKind: {
        StockKind.OPENING: 1,
        StockKind.STOCKTAKE: 2,
        StockKind.WITHDRAWAL: 3,
    },
    WithdrawnTo: {
        WithdrawnTo.SOLD_ELSEWHERE: 1,
        WithdrawnTo.SAWN: 2,
        WithdrawnTo.LOST: 3,
    },
    KeyEndReason: {
        KeyEndReason.REPLACED: 1,
        KeyEndReason.LOST: 2,
        KeyEndReason.LEAKED: 3,
    },
    PrivateField: {
        PrivateField.ADDRESS: 1,
        PrivateField.OWNER_NAME: 2,
        PrivateField.OWNER_ADDRESS: 3,
        PrivateField.FELLER_NAME: 4,
        PrivateField.FELLER_ADDRESS: 5,
        PrivateField.PRICE_YEN: 6,
    },
    Deleted: {
        Deleted.FILES: 1,
        Deleted.PRIVATE_FIELDS: 2,
    },
}

_MEMBERS = {words: {code: member for member, code in table.items()} for words, table in CODES.items()}


def code_of(member: StrEnum) -> int:
    """The number that stands for ``member``."""
    return CODES[type(member)][member]


def member_of(words: type[E], code: int) -> E | None:
    """The member of ``words`` for which ``code`` stands; None where it stands for none."""
    member = _MEMBERS[words].get(code)
    return member if isinstance(member, words) else None
