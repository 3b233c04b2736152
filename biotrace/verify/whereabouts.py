"""Where wood was felled, where a party is, and which body accredits it: by prefecture and body, or why not told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from biotrace.model.certificate import Certificate, Form
from biotrace.model.document import Document
from biotrace.model.party import Accreditation, Party, Role
from biotrace.model.private import PrivateField
from biotrace.model.text import Text

from .case import Case
from .origins import is_imported
from .places import Told, Untold, one_prefecture, prefecture_of_text


class By(StrEnum):
    """The paper that tells the felling place."""

    CERTIFICATE = "certificate"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Felled:
    """The prefecture of a felling place, or why it is not told. ``by``: the paper that tells, None where none does."""

    told: Told
    by: By | None


class Unaccredited(StrEnum):
    """Why nobody accredits a party."""

    EXEMPT = "exempt"
    OWN_CODE = "own_code"
    NONE_KNOWN = "none_known"
    NO_PARTY = "no_party"

    @property
    def label(self) -> Text:
        """In words."""
        return _UNACCREDITED[self]


_UNACCREDITED = {
    Unaccredited.EXEMPT: Text("（認定不要: 森林管理署・所有者・発電所など）", "(needs no accreditation)"),
    Unaccredited.OWN_CODE: Text("（自社の行動規範）", "(its own code of conduct)"),
    Unaccredited.NONE_KNOWN: Text("（認定の記録なし）", "(no accreditation known)"),
    Unaccredited.NO_PARTY: Text("（分からない）", "(cannot be told)"),
}


@dataclass(frozen=True)
class Whereabouts:
    """Looks up a case's places, parties and bodies; what it has found of a certificate it remembers."""

    case: Case
    _felled: dict[str, Felled] = field(default_factory=dict)

    def felled(self, certificate: Certificate) -> Felled:
        """Where the wood of a certificate was felled: as it and its supplements say, else as its documents do."""
        if certificate.id not in self._felled:
            self._felled[certificate.id] = self._look(certificate)
        return self._felled[certificate.id]

    @property
    def nowhere(self) -> Told:
        """Of wood that came without any certificate."""
        return Told(None, Untold.NO_PAPER)

    def party(self, party: str | None, on: date | None = None) -> Told:
        """The prefecture of a party's address. ``on``: a day, for municipalities that changed since."""
        known = self.case.parties.get(party or "")
        if known is None:
            return Told(None, Untold.NOT_STATED)
        if known.address is None:
            sealed = any(s.field is PrivateField.ADDRESS for s in known.sealed)
            return Told(None, Untold.PRIVATE if sealed else Untold.NOT_STATED)
        return prefecture_of_text(known.address, self.case.municipalities, on)

    def body(self, party: str | None, on: date) -> str | Unaccredited:
        """Id of the body whose accreditation a party held on a day; of several the one that began last.

        Where none was in force, the last one before, else the first after: whose member it was is asked, not whether
        its accreditation was good (A203).
        """
        known = self.case.parties.get(party or "")
        if known is None:
            return Unaccredited.NO_PARTY
        held = [a for a in known.accreditations if a.body is not None]
        if held:
            return _nearest(held, on).body or Unaccredited.NONE_KNOWN
        if any(a.self_declared for a in known.accreditations):
            return Unaccredited.OWN_CODE
        return Unaccredited.EXEMPT if _is_exempt(known) else Unaccredited.NONE_KNOWN

    def called(self, name: str) -> str | None:
        """The party of that id, or the only one of that name."""
        if name in self.case.parties:
            return name
        known = self._by_name.get(name, ())
        return known[0] if len(known) == 1 else None

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for party in self.case.parties.values():
            found.setdefault(party.name, []).append(party.id)
        return found

    def documents(self, certificate: Certificate) -> tuple[Document, ...]:
        """The documents that a certificate cites, of those at hand."""
        return tuple(self.case.documents[i] for i in certificate.documents if i in self.case.documents)

    def _look(self, certificate: Certificate) -> Felled:
        if is_imported(certificate):
            return Felled(Told(None, Untold.ABROAD, certificate.country or ""), By.CERTIFICATE)
        table, on = self.case.municipalities, certificate.date
        later = [e.value for e in self.case.supplements(certificate) if isinstance(e.value, Certificate)]
        places = [place for c in (certificate, *later) for place in c.locations]
        told = one_prefecture(places, table, on)
        if told.prefecture is not None:
            return Felled(told, By.CERTIFICATE)
        if told.why is Untold.SEVERAL or certificate.form is Form.F1_2:
            return Felled(told, None)
        papers = [d for c in (certificate, *later) for d in self.documents(c)]
        by_paper = one_prefecture([p for d in papers for p in d.locations], table, _day(papers) or on)
        if by_paper.prefecture is not None:
            return Felled(by_paper, By.DOCUMENT)
        return Felled(told if told.why is not Untold.NOT_STATED else by_paper, None)


_NEED_NONE = (Role.FOREST_OFFICE, Role.MUNICIPALITY, Role.PLANT)


def _day(papers: Sequence[Document]) -> date | None:
    return next((day for d in papers if (day := d.accepted or d.filed) is not None), None)


def _nearest(held: Sequence[Accreditation], on: date) -> Accreditation:
    begun = [a for a in held if a.start <= on]
    running = [a for a in begun if (a.until is None or on <= a.until) and (a.revoked is None or on < a.revoked)]
    if running or begun:
        return max(running or begun, key=lambda a: a.start)
    return min(held, key=lambda a: a.start)


def _is_exempt(party: Party) -> bool:
    return not party.as_business or any(role in _NEED_NONE for role in party.roles)
