"""A casebook: certificates and the papers around them, as someone copied them down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .certificate import Certificate
from .correction import Correction
from .delivery import Delivery
from .document import Document
from .party import Party
from .place import Concordance
from .stock import Consumption, Plan, Site, StockEntry


@dataclass(frozen=True, slots=True)
class Casebook:
    """All entries in the order of the file. ``trusted_bodies`` None: the file names none.

    ``files``: by the id of a document or certificate, the files that stand for the paper, as names relative to the
    casebook's folder with ``/`` between folders. Names only: what is in them, whoever reads files finds out.
    """

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
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
