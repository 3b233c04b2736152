"""A casebook: certificates and the papers around them, as someone copied them down."""

from __future__ import annotations

from dataclasses import dataclass

from .certificate import Certificate
from .correction import Correction
from .delivery import Delivery
from .document import Document
from .party import Party
from .place import Concordance
from .stock import Consumption, Plan, Site, StockEntry


@dataclass(frozen=True, slots=True)
class Casebook:
    """All entries in the order of the file. ``trusted_bodies`` None: the file names none."""

    title: str | None = None
    trusted_bodies: tuple[str, ...] | None = None
    parties: tuple[Party, ...] = ()
    documents: tuple[Document, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    concordances: tuple[Concordance, ...] = ()
    corrections: tuple[Correction, ...] = ()
    sites: tuple[Site, ...] = ()
    stock: tuple[StockEntry, ...] = ()
    consumption: tuple[Consumption, ...] = ()
    plans: tuple[Plan, ...] = ()
