"""Rows of 入荷 as certificates, the documents behind them, and deliveries: what is new, and what the ledger has."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from biotrace.documents.workbook.cells import form
from biotrace.documents.workbook.columns import Values
from biotrace.documents.workbook.rows import Row
from biotrace.documents.workbook.sheet_received import NOT_NAMED, RECEIVED
from biotrace.model.certificate import Certificate, Form, Medium, Permit
from biotrace.model.document import Document, Period
from biotrace.model.text import Text

from .logged import Logged
from .workbook_arrivals import ARRIVAL, Arrivals, Paper, arrives
from .workbook_compare import Difference, differences, stated, told
from .workbook_document import Documents, facts_of
from .workbook_ledger import Known, certificate_of
from .workbook_outcome import Entries, SheetOutcome
from .workbook_values import NOBODY, PRINTED, certificate_values

_NAMES = ("seller", "buyer", "issuer")
_UNNAMED = frozenset(map(form, NOT_NAMED))
_CORRECT = Text(
    "台帳の記録は書き換えられません。写し間違いなら biotrace cancel・replace で直し、"
    "別の証明書なら番号か整理番号で区別してください",
    "records are never edited: mend a slip with biotrace cancel or replace; another paper needs a number of its own",
)


def take_received(outcome: SheetOutcome, known: Known, entries: Entries) -> None:
    """Work out what the rows add to the ledger."""
    session = _Session(outcome, known, entries)
    for row in outcome.read.rows:
        session.take(row)
    session.arrivals.take()


class _Session:
    """The sheet's certificates on their way in."""

    def __init__(self, outcome: SheetOutcome, known: Known, entries: Entries) -> None:
        self._outcome = outcome
        self._known = known
        self._entries = entries
        self._documents = Documents(outcome, known, entries)
        self.arrivals = Arrivals(outcome, known, entries)
        self._headers = set(outcome.read.headers.by_key) if outcome.read.headers else set()
        self._papers: dict[Hashable, Paper] = {}
        self._matched: set[str] = set()

    def take(self, row: Row) -> None:
        """One row: a certificate that is new, known, changed, or met in a row above."""
        values = self._with_ids(row)
        if values is None:
            return
        row = replace(row, values=values)
        said = {k: v for k, v in stated(row, RECEIVED, self._headers).items() if k not in ARRIVAL}
        said |= self._known.with_office(facts_of(row))
        key = _identity(values) or frozenset(said.items())
        paper = self._papers.get(key)
        if paper is not None:
            self._again(row, said, paper)
            return
        held = self._held(row, said)
        if isinstance(held, list):
            self._refuse(row, Text("前に取り込んだ証明書と違います: ", "entered before, and it has changed: "), held)
            return
        if held is None:
            paper = self._new(row, said)
        else:
            certificate = certificate_of(held)
            paper = Paper(row.number, said, certificate, held.record.subject, held=True)
            self._outcome.known.append(row.number)
        if paper is not None:
            self._papers[key] = paper
            self.arrivals.add(row, paper)

    def _with_ids(self, row: Row) -> Values | None:
        """The values with ids of parties for their names; None where a name is nobody's."""
        values = dict(row.values)
        for key in _NAMES:
            if key not in values:
                continue
            if key == "buyer" and form(values[key]) in _UNNAMED:
                values[key] = NOBODY
                continue
            found = self._known.partners.find(values[key])
            if isinstance(found, Text):
                remedy = Text("取引先シートに加えるか、名前を直してください", "add it to 取引先, or correct the name")
                self._outcome.read.refuse(row.number, key, found, remedy)
                return None
            values[key] = found.id
        return values

    def _again(self, row: Row, said: Values, paper: Paper) -> None:
        """A further row about a certificate: another truck, or the same row twice."""
        first = paper.row
        if _identity(row.values) is None:
            self._outcome.read.refuse(
                row.number,
                "number",
                Text(
                    f"{first} 行目と同じ内容で、番号もなく、区別できません",
                    f"the same as row {first}, and no number tells them apart",
                ),
                Text("別の証明書なら整理番号を書いてください", "if it is another paper, write a number under 整理番号"),
            )
            return
        found = differences(RECEIVED, {k: v for k, v in said.items() if k in paper.said}, paper.said)
        if found:
            self._refuse(row, Text(f"{first} 行目と同じ証明書なのに違います: ", f"unlike row {first} on it: "), found)
        elif arrives(row):
            self.arrivals.add(row, paper)
        else:
            self._outcome.known.append(row.number)
            note = Text(
                f"{row.number} 行目は {first} 行目と同じ証明書です（一度だけ数えます）",
                f"row {row.number} is the certificate of row {first}: counted once",
            )
            self._outcome.notes.append(note)

    def _refuse(self, row: Row, prefix: Text, found: Sequence[Difference]) -> None:
        self._outcome.read.refuse(row.number, found[0].key, prefix + told(list(found)), _CORRECT)

    def _held(self, row: Row, said: Values) -> Logged | list[Difference] | None:
        """The record that says the same; what differs from the one that should; None where there is none."""
        compared = [(entry, self._differences(said, entry)) for entry in self._candidates(row)]
        for entry, found in compared:
            if not found:
                self._matched.add(certificate_of(entry).id)
                return entry
        return min((found for _, found in compared), key=len, default=None)

    def _candidates(self, row: Row) -> list[Logged]:
        """Records that may be the row's certificate, by what identifies it: its record id, own number, or number."""
        values, known = row.values, self._known
        entry = known.by_record.get(str(values.get("record", "")))
        if entry is not None and isinstance(entry.record.body, Certificate):
            return [entry]
        issuer = _issuer(values)
        if "own" in values and (found := known.by_own_number.get((issuer, form(values["own"])))):
            return found
        if "number" in values:
            return known.numbered.get((values["form"], issuer, form(values["number"])), [])
        if "own" in values:
            return []
        of_day = known.unnumbered.get((values["form"], issuer, values["date"]), [])
        return [e for e in of_day if certificate_of(e).id not in self._matched]

    def _differences(self, said: Values, entry: Logged) -> list[Difference]:
        certificate = certificate_of(entry)
        held = self._known.with_office(certificate_values(certificate, self._shown(certificate, said), None))
        return differences(RECEIVED, said, held, ("own",))

    def _shown(self, certificate: Certificate, said: Values) -> Document | None:
        """Of the certificate's documents the one that the row is about, or else the first."""
        documents = [d for d in map(self._known.document, certificate.documents) if d is not None]
        alike = [d for d in documents if d.kind is said.get("document_kind")]
        numbered = [d for d in alike if d.number in (said.get("document_number"), said.get("permit_number"))]
        return next(iter((*numbered, *alike, *documents)), None)

    def _new(self, row: Row, said: Values) -> Paper | None:
        """A certificate that the ledger does not hold; None where the row is no good."""
        subject = str(row.values.get("own") or _subject(row.values))
        documents = self._documents.cited_by(row, subject)
        if documents is None:
            return None
        certificate = certificate_from(row.values, self._known.free(subject), self._known.own, documents)
        self._entries.certificates.append(certificate)
        self._outcome.new.append(row.number)
        return Paper(row.number, said, certificate, certificate.id, held=False)


def _issuer(values: Values) -> str:
    return str(values.get("issuer") or values["seller"])


def _identity(values: Values) -> Hashable:
    """What all rows about one certificate share; None where it has no number to tell it by."""
    if "own" in values:
        return "own", _issuer(values), form(values["own"])
    return ("number", values["form"], _issuer(values), form(values["number"])) if "number" in values else None


def _subject(values: Values) -> str:
    """What the certificate is called in the ledger."""
    return f"{values['form']}/{_issuer(values)}/{values.get('number') or values['date']}"


def certificate_from(values: Values, name: str, own: str, documents: tuple[str, ...]) -> Certificate:
    """The certificate that a row states. ``name``: its id; ``own``: to whom it is made out where the row says nothing.

    What the form prints it says, unless the row states otherwise.
    """
    kind: Form = values["form"]
    permit = Permit(values.get("permit_date"), values.get("permit_issuer"), values.get("permit_number"))
    felled = Period(values.get("felled_from"), values.get("felled_until"))
    buyer = values.get("buyer", own)
    return Certificate(
        id=name,
        form=kind,
        fuel_class=values["class"],
        date=values["date"],
        seller=values["seller"],
        buyer=None if buyer == NOBODY else buyer,
        issuer_party=values.get("issuer"),
        quantity=values["quantity"],
        medium=values.get("medium", Medium.DELIVERY_NOTE if kind is Form.F2_2 else Medium.FORM),
        origins=values.get("origins", ()),
        includes_weeding=values.get("includes_weeding", False),
        number=values.get("number"),
        accreditation_number=values.get("accreditation_number"),
        permit=None if permit == Permit() else permit,
        forest_office=values.get("forest_office"),
        locations=values.get("places", ()),
        country=values.get("country"),
        area=values.get("area"),
        species=values.get("species", ()),
        felled=None if felled == Period() else felled,
        documents=documents,
        statements=values.get("statements", PRINTED[kind]),
        vehicle=values.get("vehicle"),
        goods=values.get("goods"),
        process=values.get("process"),
        from_site=values.get("from_site"),
        to_site=values.get("to_site"),
    )
