"""Certificates of the 2012 guideline (別記1 to 別記2-4): who hands how much of which class to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .document import Period
from .fuel_class import FuelClass
from .place import Place
from .private import Sealed
from .quantity import Quantity
from .retention import StoredFile


class Form(StrEnum):
    """The official form, by its number in the guideline."""

    F1_PRIVATE = "1-private"  # 別記1 例1
    F1_NATIONAL = "1-national"  # 別記1 例2
    F1_1 = "1-1"
    F1_2 = "1-2"
    F2_1 = "2-1"
    F2_2 = "2-2"
    F2_3 = "2-3"
    F2_4 = "2-4"

    def __init__(self, number: str) -> None:
        # Asked ten times for each record of an audit: attributes, no properties.
        self.is_felling = number in ("1-private", "1-national", "1-1")
        """例1, 例2 and 1-1: issued where forest wood was felled."""
        self.is_source = self.is_felling or number == "1-2"
        """Where wood enters the chain: the felling stage, or 1-2."""


class Medium(StrEnum):
    """On what the certificate is written."""

    FORM = "form"
    ANNOTATED_PERMIT = "annotated_permit"
    ANNOTATED_CONTRACT = "annotated_contract"
    DELIVERY_NOTE = "delivery_note"
    LEGALITY_CERTIFICATE = "legality_certificate"
    COC_CERTIFICATE = "coc_certificate"


class Origin(StrEnum):
    """Where the wood comes from: felling stage, then 1-2, then 2-3."""

    THINNING = "thinning"
    WEEDING = "weeding"
    PROTECTION_FOREST = "protection_forest"
    MANAGEMENT_PLAN = "management_plan"
    NATIONAL_FOREST = "national_forest"
    FINAL_FELLING = "final_felling"
    IMPORTED = "imported"
    HOMESTEAD = "homestead"
    ORCHARD_PRUNING = "orchard_pruning"
    STREET_PRUNING = "street_pruning"
    GARDEN_PRUNING = "garden_pruning"
    LANDSCAPING_PRUNING = "landscaping_pruning"
    DAM_DRIFTWOOD = "dam_driftwood"
    DRIFTWOOD = "driftwood"
    BAMBOO = "bamboo"
    SITE_CLEARING = "site_clearing"
    OFFCUTS = "offcuts"
    SAWDUST = "sawdust"
    BARK = "bark"


class Goods(StrEnum):
    """What is handed over."""

    LOGS = "logs"
    CUTTING_CHIPS = "cutting_chips"
    PIN_CHIPS = "pin_chips"
    OFFCUTS = "offcuts"
    SAWDUST = "sawdust"
    BARK = "bark"
    PELLETS = "pellets"

    @property
    def is_processed(self) -> bool:
        """Everything but logs."""
        return self is not Goods.LOGS


class Process(StrEnum):
    """What the issuer did with the wood."""

    CHIPPING = "chipping"
    SAWING = "sawing"
    DRYING = "drying"
    TRADING = "trading"


class Statement(StrEnum):
    """A sentence that the certificate carries."""

    ALL_OF_CLASS = "all_of_class"
    SEGREGATED = "segregated"
    NO_CONSTRUCTION_WASTE = "no_construction_waste"
    LAWFUL = "lawful"
    LOGS_ALL_THINNED_OR_GENERAL = "logs_all_thinned_or_general"
    HELD_ON_2012_06_18 = "held_on_2012_06_18"
    HELD_WHEN_CODE_CAME = "held_when_code_came"


@dataclass(frozen=True, slots=True)
class Permit:
    """Permit, notice or plan data as written on the certificate."""

    date: date | None = None
    issuer: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """Wood taken from an earlier certificate, in that certificate's own unit."""

    certificate: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Share:
    """One class's share of a mixed lot, in 1/10,000."""

    fuel_class: FuelClass
    parts: int


@dataclass(frozen=True, slots=True)
class Mixed:
    """The single-plant exemption (G3(3)②): proven shares, all to one plant."""

    plant: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as issued. Party, document and certificate fields are ids; ``area`` in m².

    ``files``: scans of the paper, where it was one.
    """

    id: str
    form: Form
    fuel_class: FuelClass
    date: date
    seller: str
    quantity: Quantity
    buyer: str | None = None
    issuer_party: str | None = None
    medium: Medium = Medium.FORM
    origins: tuple[Origin, ...] = ()
    includes_weeding: bool = False
    number: str | None = None
    accreditation_number: str | None = None
    permit: Permit | None = None
    forest_office: str | None = None
    locations: tuple[Place, ...] = ()
    country: str | None = None
    area: int | None = None
    species: tuple[str, ...] = ()
    felled: Period | None = None
    documents: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    vehicle: str | None = None
    goods: Goods | None = None
    draws: tuple[Draw, ...] = ()
    process: Process | None = None
    mixed: Mixed | None = None
    from_site: str | None = None
    to_site: str | None = None
    sealed: tuple[Sealed, ...] = ()
    files: tuple[StoredFile, ...] = ()

    @property
    def issuer(self) -> str:
        """Party id of who issues it: the seller unless another party does."""
        return self.issuer_party or self.seller
