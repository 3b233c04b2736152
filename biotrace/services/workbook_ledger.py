"""What the ledger holds already, arranged by what tells a row of a workbook from others."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from biotrace.documents.workbook.cells import form
from biotrace.documents.workbook.columns import Values
from biotrace.model.certificate import Certificate, Form
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import Site, StockEntry
from biotrace.verify.document_identity import PaperKey, paper_key

from .ledger_case import Reading
from .logged import Logged
from .workbook_partners import Partners

StockKey = tuple[str, date, FuelClass, str, str]


class Known:
    """A ledger as rows look it up. ``own``: the party whose workspace it is."""

    def __init__(self, reading: Reading, own: str) -> None:
        self.own = own
        self.reading = reading
        self.partners = Partners(reading.parties().values())
        self.by_record: dict[str, Logged] = {}
        self.numbered: dict[tuple[Form, str, str], list[Logged]] = defaultdict(list)
        self.unnumbered: dict[tuple[Form, str, date], list[Logged]] = defaultdict(list)
        self.by_own_number: dict[tuple[str, str], list[Logged]] = defaultdict(list)
        self.documents: dict[PaperKey, Logged] = {}
        self.deliveries: dict[str, list[Delivery]] = defaultdict(list)
        self.stock: dict[StockKey, list[StockEntry]] = defaultdict(list)
        self.sites: dict[str, Site] = {}
        self._subjects: set[str] = set()
        for entry in reading.everything:
            if entry.sound:
                self._take(entry)

    def _take(self, entry: Logged) -> None:
        record, body = entry.record, entry.record.body
        ours = not entry.log and record.issuer == self.own
        if ours:
            self._subjects.add(record.subject)
        if isinstance(body, Certificate):
            self.by_record[body.id] = entry
            if body.number is not None:
                self.numbered[body.form, body.issuer, form(body.number)].append(entry)
            else:
                self.unnumbered[body.form, body.issuer, body.date].append(entry)
            self.by_own_number[body.issuer, form(record.subject)].append(entry)
        elif isinstance(body, Delivery) and body.certificate is not None:
            self.deliveries[body.certificate].append(body)
        elif isinstance(body, Document):
            self.by_record[body.id] = entry
            if ours:  # what others copied is theirs to vouch for: our rows rest on a copy of our own
                self.documents[self.paper_key(body)] = entry
        elif isinstance(body, StockEntry) and ours:
            self.stock[stock_key(body)].append(body)
        elif isinstance(body, Site) and ours and body.party == self.own:
            self.sites.setdefault(body.id, body)

    def paper_key(self, document: Document) -> PaperKey:
        """By what a document is told from others."""
        parties = self.partners.by_id
        return paper_key(document, lambda office: parties[office].name if office in parties else office)

    def with_office(self, values: Values) -> Values:
        """Values of a row with the name of the office that issued the document, where its party id stands."""
        office = values.get("document_issuer")
        return values | {"document_issuer": self.partners.called(office)} if office in self.partners.by_id else values

    def document(self, record_id: str) -> Document | None:
        """The document of that record."""
        entry = self.by_record.get(record_id)
        body = entry.record.body if entry is not None else None
        return body if isinstance(body, Document) else None

    def free(self, subject: str) -> str:
        """The subject, or the next one like it that names none of our records yet; taken from now on."""
        found, n = subject, 1
        while found in self._subjects:
            n += 1
            found = f"{subject}#{n}"
        self._subjects.add(found)
        return found


def stock_key(entry: StockEntry) -> StockKey:
    """What a line of the book is about: two lines that share it are the same one, or should be put together."""
    return entry.site, entry.date, entry.fuel_class, entry.kind.value, entry.to.value if entry.to else ""


def certificate_of(entry: Logged) -> Certificate:
    """The certificate in a record that is one."""
    assert isinstance(entry.record.body, Certificate)
    return entry.record.body
