"""What if: a case in which some papers are not what they say, to be judged beside the case as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from biotrace.model.certificate import Certificate
from biotrace.model.party import Accreditation, Party
from biotrace.model.text import Text

from .case import Case, Entry
from .document_identity import number_key
from .effect import Effect
from .rule import Finding

SUPPOSED = "IF"
"""The code of what is only supposed."""
_SAID = {
    Effect.UNPROVEN: Text(
        "仮定: この証明書は事実と異なり、何も証明しない", "supposed: false, so that it proves nothing"
    ),
    Effect.GENERAL: Text(
        "仮定: 間伐材等でなく、一般木質バイオマスである（例: 伐採届による主伐）",
        "supposed: not thinned but general wood, such as a final felling under a plain notice",
    ),
}


@dataclass(frozen=True, slots=True)
class Supposition:
    """What is supposed. ``certificates``: by id, what being false does to their wood: ``UNPROVEN``, or ``GENERAL``.

    ``documents``: ids of documents that prove nothing, as if no certificate had cited them. ``accreditations``: by
    party id and number (see ``number_key``), the day from which on it is not accredited under that number.
    """

    certificates: Mapping[str, Effect] = field(default_factory=dict)
    documents: frozenset[str] = frozenset()
    accreditations: Mapping[tuple[str, str], date] = field(default_factory=dict)


def supposing(case: Case, what: Supposition) -> Case:
    """The case with that supposed; it is not changed itself. Raises ValueError for an effect that nothing can have."""
    for effect in what.certificates.values():
        if effect not in _SAID:
            raise ValueError(f"a false certificate is not {effect}")
    entries = tuple(_entry(entry, what) for entry in case.entries)
    parties = _Parties(case.parties, what.accreditations) if what.accreditations else case.parties
    return replace(case, entries=entries, parties=parties)


def _entry(entry: Entry, what: Supposition) -> Entry:
    value = entry.value
    if not isinstance(value, Certificate):
        return entry
    effect = what.certificates.get(value.id)
    if effect is not None:
        entry = replace(entry, findings=(*entry.findings, _finding(value.id, effect)))
    if not what.documents.isdisjoint(value.documents):
        left = tuple(d for d in value.documents if d not in what.documents)
        entry = replace(entry, value=replace(value, documents=left))
    return entry


def _finding(record: str, effect: Effect) -> Finding:
    nothing = Text("—", "—")
    found = Text("仮定による（台帳にはない）", "by supposition; the ledger does not say so")
    return Finding(SUPPOSED, record, effect, "", _SAID[effect], nothing, found, nothing)


class _Parties(Mapping[str, Party]):
    """The parties, some of whose accreditations end on a day at the latest. Looked up when asked for."""

    def __init__(self, known: Mapping[str, Party], until: Mapping[tuple[str, str], date]) -> None:
        self._known, self._until = known, until
        self._about = frozenset(party for party, _ in until)

    def __getitem__(self, party: str) -> Party:
        found = self._known[party]
        if party not in self._about:
            return found
        return replace(found, accreditations=tuple(self._ended(party, held) for held in found.accreditations))

    def _ended(self, party: str, held: Accreditation) -> Accreditation:
        day = None if held.number is None else self._until.get((party, number_key(held.number)))
        if day is None:
            return held
        return replace(held, revoked=day if held.revoked is None else min(day, held.revoked))

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
