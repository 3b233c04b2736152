"""What a trace forward starts from: a certificate, a document, a party, an accreditation, or a felling place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.party import Accreditation, Party
from biotrace.model.place import Concordance, Place
from biotrace.model.text import Text
from biotrace.verify.document_identity import number_key
from biotrace.verify.effect import Effect
from biotrace.verify.places import Fit, Ground, Links, Municipalities, first_number, match, name_places
from biotrace.verify.supposed import Supposition


class StartKind(StrEnum):
    """What the word that starts a trace names."""

    CERTIFICATE = "certificate"
    DOCUMENT = "document"
    PARTY = "party"
    ACCREDITATION = "accreditation"
    PLACE = "place"


KIND_NAMES: Mapping[StartKind, Text] = {
    StartKind.CERTIFICATE: Text("証明書", "certificate"),
    StartKind.DOCUMENT: Text("根拠書類", "document"),
    StartKind.PARTY: Text("事業者", "party"),
    StartKind.ACCREDITATION: Text("認定", "accreditation"),
    StartKind.PLACE: Text("伐採場所", "felling place"),
}


@dataclass(frozen=True, slots=True)
class Start:
    """What is traced. ``certificates``: ids of all that it stands behind; ``documents``: of a document, all copies.

    ``name``: for people. ``party``: of a party, its id. ``holder``, ``number``, ``since``: of an accreditation, who
    holds it, under which number (see ``number_key``), and from when.
    """

    kind: StartKind
    name: Text
    certificates: tuple[str, ...]
    documents: frozenset[str] = frozenset()
    party: str | None = None
    holder: str | None = None
    number: str = ""
    since: date | None = None

    def supposed(self, effect: Effect, since: date | None) -> Supposition:
        """That it is false. ``effect``: what that does to the wood of certificates.

        Of an accreditation and a document the rules tell what follows. ``since``: from when an accreditation is not
        held, else from its first day.
        """
        if self.kind is StartKind.DOCUMENT:
            return Supposition(documents=self.documents)
        if self.kind is StartKind.ACCREDITATION:
            assert self.holder is not None, "accreditations have a holder"
            return Supposition(accreditations={(self.holder, self.number): since or self.since or date.min})
        return Supposition(certificates=dict.fromkeys(self.certificates, effect))

    def as_read(self, read: Mapping[str, Certificate]) -> Start:
        """Without those of a party's certificates that others made, whatever a table says: they were read."""
        if self.party is None:
            return self
        others = {i for i in self.certificates if i in read and self.party not in (read[i].seller, read[i].issuer)}
        return replace(self, certificates=tuple(i for i in self.certificates if i not in others))


def held_under(party: Party, number: str) -> tuple[Accreditation, ...]:
    """The party's accreditations of that number (see ``number_key``)."""
    return tuple(a for a in party.accreditations if a.number is not None and number_key(a.number) == number)


def under(certificate: Certificate, held: Iterable[Accreditation]) -> bool:
    """Whether a certificate was made out under one of these accreditations: by its number, else by its date."""
    known = tuple(held)
    if certificate.accreditation_number is not None:
        return number_key(certificate.accreditation_number) in {number_key(a.number) for a in known if a.number}
    return any(a.start <= certificate.date <= (a.until or certificate.date) for a in known)


class AtPlace:
    """Finds certificates on which a felling place stands that is the asked one, lies in it, or has a part in it."""

    def __init__(self, text: str, table: Municipalities, concordances: Iterable[Concordance]) -> None:
        """Raises UsageError for a text that names no parcel and no compartment."""
        named = name_places([Place(parcels=(text,))], table)
        if not named.spots or named.vague or named.unclear:
            raise UsageError(
                Text(f"「{text}」は地番も林班も示していません", f"{text} names neither a parcel nor a compartment"),
                Text(
                    "「長野県長野市大字甲字乙236-2」「〇〇市123林班い小班」のように書いてください",
                    "write it as on a certificate: 長野県長野市大字甲字乙236-2, or 〇〇市123林班い小班",
                ),
                code="no-place",
            )
        self._ground = Ground(named.spots)
        self._table = table
        self._links = Links(tuple(concordances), table)
        numbers = [first_number(spot) for spot in named.spots]
        known = frozenset(number for number in numbers if number is not None)
        self.numbers = None if None in numbers else known | self._links.numbers_beside(known)
        """Those of certificates that can name it; None where what is asked for was not understood."""

    def __call__(self, certificate: Certificate) -> bool:
        """Whether the certificate says that wood was felled there."""
        if not certificate.locations:
            return False
        spots = name_places(certificate.locations, self._table, on=certificate.date).spots
        return any(match(spot, self._ground, self._links).fit in _THERE for spot in spots)


_THERE = (Fit.INSIDE, Fit.PARTLY)


def called(value: Certificate | Delivery, subjects: Mapping[str, str]) -> str:
    """How people call a certificate or delivery: by its number, else by the name that its signer gave it."""
    number = value.number if isinstance(value, Certificate) else None
    return number or subjects.get(value.id, value.id)
