"""The document behind a row of 入荷: one paper for all the rows that name it."""

from __future__ import annotations

from dataclasses import dataclass

from biotrace.documents.workbook.cells import form
from biotrace.documents.workbook.columns import Values
from biotrace.documents.workbook.rows import Row
from biotrace.documents.workbook.sheet_received import RECEIVED, SAME
from biotrace.model.document import Document, DocumentContent, DocumentCopy, DocumentKind, FellingFacts, Period
from biotrace.model.place import Place
from biotrace.model.text import Text
from biotrace.verify.document_identity import PaperKey

from .workbook_compare import differences, told
from .workbook_ledger import Known
from .workbook_outcome import Entries, SheetOutcome
from .workbook_values import document_values, lines_of

FACTS = tuple(key for key in document_values(Document("", DocumentKind.OTHER)))
"""The columns that say something of the document."""
_SAME = frozenset(map(form, SAME))


@dataclass
class _Paper:
    """A document that rows of the sheet name. ``stated``: what they say of it, first row first."""

    row: int
    stated: Values
    id: str
    entered: int | None = None


class Documents:
    """The documents of one sheet, each once."""

    def __init__(self, outcome: SheetOutcome, known: Known, entries: Entries) -> None:
        self._outcome = outcome
        self._known = known
        self._entries = entries
        self._papers: dict[PaperKey, _Paper] = {}

    def cited_by(self, row: Row, certificate: str) -> tuple[str, ...] | None:
        """The id of the document, in a tuple; none where the row names none. None where the row is no good.

        ``certificate``: its subject, after which a document without a number is called.
        """
        values = row.values
        stated = self._known.with_office(facts_of(row))
        if "document_kind" not in values:
            if not stated:
                return ()
            self._outcome.read.refuse(
                row.number,
                "document_kind",
                Text("根拠書類の種類がありません", "the kind of the document is missing"),
                Text("根拠書類の列に種類を書いてください", "write it under 根拠書類"),
            )
            return None
        whole = effective(values)
        key = self._known.paper_key(document_of(whole, f"({certificate})"))
        paper = self._papers.get(key)
        if paper is not None:
            return self._again(row, stated, paper)
        held = self._known.documents.get(key)
        if held is not None:
            body = held.record.body
            assert isinstance(body, Document)
            facts = self._known.with_office(document_values(body))
            prefix = Text("台帳の同じ書類と違います: ", "the ledger has it with other facts: ")
            if not self._agrees(row, stated, facts, prefix):
                return None
            self._papers[key] = _Paper(row.number, facts, body.id)
            self._entries.cited[body.id] = body.id
            return (body.id,)
        name = values.get("document_number") or values.get("permit_number") or certificate
        document = document_of(whole, self._known.free(f"{whole['document_kind']}/{name}"))
        self._papers[key] = _Paper(row.number, stated, document.id, len(self._entries.documents))
        self._entries.documents.append(document)
        return (document.id,)

    def _again(self, row: Row, stated: Values, paper: _Paper) -> tuple[str, ...] | None:
        """A further row about a paper that was met before; it may say what earlier rows left open."""
        both = {key: value for key, value in stated.items() if key in paper.stated}
        prefix = Text(f"{paper.row} 行目と同じ書類なのに違います: ", f"the same document as in row {paper.row}: ")
        if not self._agrees(row, both, paper.stated, prefix):
            return None
        if paper.entered is not None:
            paper.stated |= stated
            number = paper.entered
            whole = {**effective(row.values), **paper.stated}
            self._entries.documents[number] = document_of(whole, paper.id)
        return (paper.id,)

    def _agrees(self, row: Row, stated: Values, other: Values, prefix: Text) -> bool:
        found = differences(RECEIVED, stated, other)
        if found:
            self._outcome.read.refuse(
                row.number,
                found[0].key,
                prefix + told(found),
                Text("書類を確かめ、どちらかを直してください", "look at the document, and correct one of the two"),
            )
        return not found


def facts_of(row: Row) -> Values:
    """What the row states of the document; its places as text."""
    stated = {key: row.values[key] for key in FACTS if key in row.values}
    if "document_places" in stated:
        stated["document_places"] = lines_of(_places(row.values))
    return stated


def effective(values: Values) -> Values:
    """The same with what the row leaves to the certificate's own entries about the permit."""
    whole = dict(values)
    contract = values.get("document_kind") is DocumentKind.NATIONAL_CONTRACT
    office = values.get("forest_office") if contract else values.get("permit_issuer")
    for key, value in (("document_number", values.get("permit_number")), ("document_issuer", office)):
        if value is not None:
            whole.setdefault(key, value)
    if "document_filed" not in values and "document_accepted" not in values and "permit_date" in values:
        whole["document_accepted"] = values["permit_date"]
    return whole


def document_of(values: Values, name: str) -> Document:
    """The document that a row names, under this id."""
    felling = FellingFacts(
        method=values.get("method"),
        rate=values.get("rate"),
        age=values.get("age"),
        area=values.get("document_area"),
        volume=values.get("document_volume"),
        species=values.get("document_species", ()),
        start=values.get("felling_from"),
        until=values.get("felling_until"),
        canopy_closed_before=values.get("canopy_closed"),
        closes_again_in_years=values.get("closes_in"),
    )
    valid = Period(values.get("valid_from"), values.get("valid_until"))
    kind, office = values["document_kind"], values.get("document_issuer")
    contract = kind is DocumentKind.NATIONAL_CONTRACT
    return Document(
        id=name,
        kind=kind,
        number=values.get("document_number"),
        filed=values.get("document_filed"),
        accepted=values.get("document_accepted"),
        issuer=None if contract else office,
        forest_office=office if contract else None,
        applicant=values.get("document_applicant"),
        locations=_places(values),
        felling=None if felling == FellingFacts() else felling,
        valid=None if valid == Period() else valid,
        remains_forest=values.get("remains_forest"),
        content=values.get("content", DocumentContent.FULL),
        copy=values.get("copy", DocumentCopy.KEPT),
    )


def _places(values: Values) -> tuple[Place, ...]:
    lines: tuple[str, ...] = values.get("document_places", ())
    if len(lines) == 1 and form(lines[0]) in _SAME:
        places: tuple[Place, ...] = values.get("places", ())
        return places
    return tuple(Place(parcels=(line,)) for line in lines if line)
