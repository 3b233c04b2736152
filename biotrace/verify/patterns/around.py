"""What patterns look things up in: the papers around the entries, thresholds, and when prices changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.text import Text

from ..case import Case
from ..profile import Profile


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A day from which on ``thinned`` wood was worth more against other wood. ``source``: whose figures these are."""

    day: date
    what: Text
    source: str


PRICE_CHANGES = (
    PriceChange(
        date(2015, 4, 1),
        Text("間伐材等由来（2,000kW未満）が32円から40円に", "thinned wood below 2,000 kW from 32 to 40 yen"),
        "data/fit_prices.csv: 総務省 2017 図表2-(3)-⑨",
    ),
    PriceChange(
        date(2017, 10, 1),
        Text("一般木質（20,000kW以上）が24円から21円に", "general wood from 20,000 kW on from 24 to 21 yen"),
        "data/fit_prices.csv: jwba guidebook",
    ),
    PriceChange(
        date(2018, 4, 1),
        Text("一般木質（10,000kW以上）が入札に", "general wood from 10,000 kW on by tender"),
        "data/fit_prices.csv: ohisama-energystation",
    ),
)
"""Used unless others are asked for. Each is of approvals from that day on, so that new plants buy by it."""


@dataclass(frozen=True)
class Around:
    """``case``: parties, documents, corrections, and every certificate by id; its entries are not looked at."""

    case: Case
    profile: Profile
    prices: tuple[PriceChange, ...] = PRICE_CHANGES

    def counts(self, certificate: Certificate) -> bool:
        """Whether it brings wood of its own: neither cancelled nor replaced, nor a supplement to another."""
        return not self.case.ended(certificate.id) and certificate.id not in self.case.supplementing

    def papers(self, certificate: Certificate) -> tuple[Certificate, ...]:
        """The certificate, and what supplements it: their documents and places count too."""
        if certificate.id not in self.case.corrections:
            return (certificate,)
        added = (entry.value for entry in self.case.supplements(certificate))
        return (certificate, *(value for value in added if isinstance(value, Certificate)))

    def documents(self, certificate: Certificate) -> tuple[Document, ...]:
        """The documents at hand that it cites."""
        ids = dict.fromkeys(i for paper in self.papers(certificate) for i in paper.documents)
        found = (self.case.documents.get(i) for i in ids)
        return tuple(document for document in found if document is not None)

    def source(self, certificate: str | None) -> Certificate | None:
        """The certificate of that id, where it is at hand."""
        return None if certificate is None else self.case.by_id.get(certificate)

    def name(self, party: str | None) -> str:
        """A party's name, or its id where it is not known."""
        known = self.case.parties.get(party) if party is not None else None
        return known.name if known is not None else party or "—"
