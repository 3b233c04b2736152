"""What traces are made from: a case that is all at hand, or a ledger of any size of which only what bears is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from biotrace.chain.integrity import IntegrityFinding
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.place import Concordance
from biotrace.verify.case import Case
from biotrace.verify.document_identity import identity
from biotrace.verify.fold import Folded, fold
from biotrace.verify.places import Municipalities
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Rule
from biotrace.verify.rules import RULES
from biotrace.verify.supposed import Supposition, supposing
from biotrace.verify.trace_forward import Handing
from biotrace.verify.verdict import pronounce

from .find import LEAST_DIGITS
from .lot_check import Seen, Together
from .trace_start import called

_Paper = TypeVar("_Paper")
Lots = Mapping[str, Certificate | Delivery]


@dataclass(frozen=True, slots=True)
class ByTables:
    """What tables tell of records, in the order of the log.

    ``seen``: the parties, and all corrections of these records with what they name.
    """

    handings: Sequence[Handing]
    seen: Seen


class Desk(Protocol):
    """Where traces look things up. Records are named by their ids (hex); lists are in the order of the log."""

    @property
    def municipalities(self) -> Municipalities:
        """Names of municipalities over time."""

    @property
    def damage(self) -> tuple[IntegrityFinding, ...]:
        """What is wrong with any of the records that were looked at so far: a damaged one may lead nowhere."""

    def lots_called(self, text: str) -> Lots:
        """The certificates and deliveries of that name; where none has it, of that number or beginning of the id."""

    def documents_called(self, text: str) -> Mapping[str, Document]:
        """Likewise documents."""

    def copies(self, document: str) -> frozenset[str]:
        """A document and the other copies of the same paper."""

    def on_documents(self, documents: Collection[str]) -> tuple[str, ...]:
        """The certificates that cite any of these documents."""

    def parties_called(self, text: str) -> Sequence[Party]:
        """The party of that id; else those of that name."""

    def holders(self, number: str) -> Sequence[Party]:
        """Who was ever accredited under a number (see ``number_key``)."""

    def made_by(self, party: str) -> tuple[str, ...]:
        """The certificates by which the party handed wood on, and those that it issued for others."""

    def issued_by(self, party: str) -> Sequence[Certificate]:
        """The certificates that the party issued."""

    def felled_at(self, numbers: Collection[str] | None) -> Iterable[Certificate]:
        """At least the certificates that name a felling place of such a number; None: of any. See ``numbers_in``."""

    def concordances(self) -> Sequence[Concordance]:
        """All tables of compartments and parcels."""

    def by_tables(self, certificates: Collection[str]) -> ByTables | None:
        """What the ledger's tables tell of these and of all that draws on them; None where they do not do.

        No record is read, but for corrections and what they name.
        """

    def named(self, records: Collection[str]) -> Mapping[str, str]:
        """What people call these certificates and deliveries."""

    def downstream(self, certificates: Collection[str]) -> Seen:
        """At least these and all that draws on them, directly or by way of others."""

    def bought(self, party: str, made: Sequence[Certificate]) -> Seen:
        """At least what these certificates of the party draw on, what else was made out to it within ``LYING_DAYS``
        before them, and all that draws on any of it.
        """

    def judge(self, lots: Collection[str], what: Supposition | None = None) -> Together:
        """Verdicts on lots, each over all that it rests on; and supposing something."""


@dataclass(frozen=True)
class WholeDesk:
    """A case that is all at hand: a casebook, or a ledger that holds records of other logs. See ``Desk``."""

    case: Case
    subjects: Mapping[str, str]
    damage: tuple[IntegrityFinding, ...] = ()
    rules: tuple[Rule, ...] = RULES

    @property
    def municipalities(self) -> Municipalities:
        return self.case.municipalities

    def lots_called(self, text: str) -> Lots:
        return self._called(text, {e.value.id: e.value for e in self.case.entries})

    def documents_called(self, text: str) -> Mapping[str, Document]:
        return self._called(text, self.case.documents)

    def copies(self, document: str) -> frozenset[str]:
        return same_paper(document, self.case.documents)

    def on_documents(self, documents: Collection[str]) -> tuple[str, ...]:
        return tuple(c.id for c in self._certificates if not set(c.documents).isdisjoint(documents))

    def parties_called(self, text: str) -> Sequence[Party]:
        known = self.case.parties.get(text)
        return [known] if known is not None else [p for p in self.case.parties.values() if p.name == text]

    def holders(self, number: str) -> Sequence[Party]:
        return list(self.case.parties.values()) if number in self.case.holders else []

    def made_by(self, party: str) -> tuple[str, ...]:
        return tuple(c.id for c in self._certificates if party in (c.seller, c.issuer))

    def issued_by(self, party: str) -> Sequence[Certificate]:
        return [c for c in self._certificates if c.issuer == party]

    def felled_at(self, numbers: Collection[str] | None) -> Iterable[Certificate]:  # noqa: ARG002  # all is at hand
        return (c for c in self._certificates if c.locations)

    def concordances(self) -> Sequence[Concordance]:
        return self.case.concordances

    def by_tables(self, certificates: Collection[str]) -> ByTables | None:  # noqa: ARG002  # there are no tables
        return None

    def named(self, records: Collection[str]) -> Mapping[str, str]:
        return {e.value.id: called(e.value, self.subjects) for e in self.case.entries if e.value.id in records}

    def downstream(self, certificates: Collection[str]) -> Seen:  # noqa: ARG002  # all of it is at hand
        return self._seen

    def bought(self, party: str, made: Sequence[Certificate]) -> Seen:  # noqa: ARG002  # all of it is at hand
        return self._seen

    def judge(self, lots: Collection[str], what: Supposition | None = None) -> Together:
        wanted = [e.value.id for e in self.case.entries if e.value.id in lots]
        judged = self._folded.judged
        told = pronounce(wanted, self.case, judged, self.rules)
        if what is None:
            return Together(self._seen, judged, told)
        other = supposing(self.case, what)
        supposed = fold(other, self.rules, RINYA_2012).judged
        return Together(self._seen, judged, told, pronounce(wanted, other, supposed, self.rules))

    @property
    def _seen(self) -> Seen:
        return Seen(self.case, self.damage, self.subjects)

    @cached_property
    def _folded(self) -> Folded:
        return fold(self.case, self.rules, RINYA_2012)

    @cached_property
    def _certificates(self) -> list[Certificate]:
        return [e.value for e in self.case.entries if isinstance(e.value, Certificate)]

    def _called(self, text: str, values: Mapping[str, _Paper]) -> dict[str, _Paper]:
        by_subject = {i: v for i, v in values.items() if self.subjects.get(i, i) == text}
        if by_subject:
            return by_subject
        digits = text.lower() if len(text) >= LEAST_DIGITS else "-"
        return {i: v for i, v in values.items() if getattr(v, "number", None) == text or i.startswith(digits)}


def same_paper(document: str, documents: Mapping[str, Document]) -> frozenset[str]:
    """The ids of a document and of those that are copies of it, by kind, office, number and date."""
    known = identity(documents[document])
    if known is None:
        return frozenset({document})
    return frozenset(i for i, other in documents.items() if i == document or identity(other) == known)
