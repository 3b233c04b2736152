"""Supporting documents 根拠書類: notices, permits, plans and contracts behind a felling certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .place import Place
from .retention import StoredFile


class DocumentKind(StrEnum):
    """What kind of paper it is. Labels in ``biotrace.model.labels``."""

    FELLING_NOTICE = "felling_notice"
    MANAGEMENT_PLAN = "management_plan"
    PROTECTION_PERMIT = "protection_permit"
    PROTECTION_THINNING_NOTICE = "protection_thinning_notice"
    PROTECTION_SELECTION_NOTICE = "protection_selection_notice"
    NATIONAL_CONTRACT = "national_contract"
    LOCAL_WEEDING_CERTIFICATE = "local_weeding_certificate"
    MUNICIPAL_OPINION = "municipal_opinion"
    LEGALITY_CERTIFICATE = "legality_certificate"
    COC_CERTIFICATE = "coc_certificate"
    CONVERSION_PERMIT = "conversion_permit"
    BAMBOO_PERMIT = "bamboo_permit"
    PRIVATE_CONTRACT = "private_contract"
    INFORMATION_CARD = "information_card"
    WASTE_MANIFEST = "waste_manifest"
    OTHER = "other"


class FellingMethod(StrEnum):
    """間伐, 皆伐, 択伐."""

    THINNING = "thinning"
    CLEAR = "clear"
    SELECTION = "selection"


class DocumentContent(StrEnum):
    """Whether the whole paper or only its cover page (鑑) is at hand."""

    FULL = "full"
    COVER_ONLY = "cover_only"


class DocumentCopy(StrEnum):
    """What became of the copy."""

    KEPT = "kept"
    SHOWN_NOT_KEPT = "shown_not_kept"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included; None is open or not stated."""

    start: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class FellingFacts:
    """What a document allows. ``rate`` by volume in 1/10,000; ``area`` in m²; ``volume`` in cm³ (solid)."""

    method: FellingMethod | None = None
    rate: int | None = None
    age: int | None = None
    area: int | None = None
    volume: int | None = None
    species: tuple[str, ...] = ()
    start: date | None = None
    until: date | None = None
    canopy_closed_before: bool | None = None
    closes_again_in_years: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A supporting document with the facts it states. ``issuer`` and ``forest_office``: text or a party id."""

    id: str
    kind: DocumentKind
    number: str | None = None
    filed: date | None = None
    accepted: date | None = None
    issuer: str | None = None
    forest_office: str | None = None
    applicant: str | None = None
    locations: tuple[Place, ...] = ()
    felling: FellingFacts | None = None
    valid: Period | None = None
    remains_forest: bool | None = None
    content: DocumentContent = DocumentContent.FULL
    copy: DocumentCopy = DocumentCopy.KEPT
    files: tuple[StoredFile, ...] = ()
