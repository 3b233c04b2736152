"""What became of the rows of a workbook."""

from __future__ import annotations

from dataclasses import dataclass, field

from biotrace.documents.workbook.cells import CellProblem
from biotrace.documents.workbook.rows import SheetRows
from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.stock import Site, StockEntry
from biotrace.model.text import Text


@dataclass
class SheetOutcome:
    """One sheet. ``new``, ``known``: row numbers; ``told``: what was done with single rows, such as issuing.

    A row may be in neither list: then one of ``problems`` is about it.
    """

    read: SheetRows
    new: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    told: list[tuple[int, Text]] = field(default_factory=list)

    @property
    def problems(self) -> list[CellProblem]:
        """What is wrong, in the order of rows."""
        return sorted(self.read.problems, key=lambda p: (p.spot.row, p.spot.column or 0))

    @property
    def notes(self) -> list[Text]:
        """What the reader should know."""
        return self.read.notes


@dataclass
class Entries:
    """What is to be signed, as it comes."""

    parties: list[Party] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    stock: list[StockEntry] = field(default_factory=list)
    cited: dict[str, str] = field(default_factory=dict)

    def book(self) -> Casebook:
        """All of it as a casebook."""
        return Casebook(
            parties=tuple(self.parties),
            documents=tuple(self.documents),
            certificates=tuple(self.certificates),
            deliveries=tuple(self.deliveries),
            sites=tuple(self.sites),
            stock=tuple(self.stock),
        )

    @property
    def anything(self) -> bool:
        """Whether there is anything to sign."""
        return self.book() != Casebook()
