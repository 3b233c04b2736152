"""Rows of 取引先 as parties: new ones, and what has changed of those in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from biotrace.chain.record import Record
from biotrace.documents.workbook.cells import form, runs
from biotrace.documents.workbook.columns import Values
from biotrace.documents.workbook.rows import Row
from biotrace.documents.workbook.sheet_parties import PARTIES
from biotrace.model.party import Accreditation, Party
from biotrace.model.text import Text

from .sign_accreditations import copied
from .workbook_compare import Difference, differences, stated
from .workbook_ledger import Known
from .workbook_outcome import Entries, SheetOutcome
from .workbook_values import party_values

_OF_PARTY = ("name", "address", "roles", "as_business")
_OF_ACCREDITATION = ("body", "accreditation_number", "start", "until")


def take_parties(outcome: SheetOutcome, known: Known, entries: Entries) -> None:
    """Work out what the rows add to the ledger. Bodies may stand below those whom they accredit."""
    groups: dict[str, list[Row]] = {}
    for row in outcome.read.rows:
        groups.setdefault(_id_of(row, known), []).append(row)
    session = _Session(outcome, known, entries)
    bodies_first = sorted(groups, key=lambda party: any("body" in row.values for row in groups[party]))
    for party in bodies_first:
        before = len(outcome.read.problems)
        session.take(party, groups[party])
        if len(outcome.read.problems) > before and len(groups[party]) > 1:
            numbers = runs([row.number for row in groups[party]])
            note = Text(
                f"{party} の行はどれも取り込みません: {numbers} 行", f"no row about {party} is taken in: {numbers}"
            )
            outcome.notes.append(note)


def _id_of(row: Row, known: Known) -> str:
    """By the id or corporate number; where there is neither, the party that the ledger has under the name."""
    values = row.values
    stated_id = values.get("id") or values.get("corporate_number")
    if stated_id is not None:
        return str(stated_id)
    for word in (values.get("accreditation_number"), values["name"]):
        found = known.partners.find(word) if word is not None else None
        if isinstance(found, Party) and form(found.name) == form(values["name"]):
            return found.id
    return str(values.get("accreditation_number") or values["name"])


class _Session:
    """The sheet's parties on their way in."""

    def __init__(self, outcome: SheetOutcome, known: Known, entries: Entries) -> None:
        self._outcome = outcome
        self._known = known
        self._entries = entries
        self._records: Sequence[Record] = [e.record for e in known.reading.logged if e.sound]
        self._headers = set(outcome.read.headers.by_key) if outcome.read.headers else set()

    def take(self, party_id: str, rows: Sequence[Row]) -> None:
        """All rows about one party, or none of them."""
        read = self._outcome.read
        held = self._known.partners.by_id.get(party_id)
        first = rows[0]
        for row in rows[1:]:
            for key in _OF_PARTY:
                if key in row.values and row.values[key] != first.values.get(key):
                    read.refuse(
                        row.number,
                        key,
                        Text(
                            f"{first.number} 行目と同じ取引先なのに、{PARTIES.column_of(key).title}が違います",
                            f"the same party as row {first.number}, but another {key}",
                        ),
                        Text("どちらかに直してください", "correct one of the two"),
                    )
                    return
        made = self._accreditations(rows, held)
        if made is None:
            return
        base = held or Party(party_id, first.values["name"], first.values["roles"])
        party = self._party(base, first)
        changed = [] if held is None else self._changes(first, held)
        if held is not None and not changed and not made:
            self._outcome.known += [row.number for row in rows]
            return
        self._sign(party, made)
        self._outcome.new += [row.number for row in rows]
        for difference in changed:
            self._outcome.told.append((first.number, Text(f"{party.name}: ", f"{party.name}: ") + difference.text))
        self._known.partners.add(replace(party, accreditations=(*party.accreditations, *made)))

    def _changes(self, row: Row, held: Party) -> list[Difference]:
        said = {k: v for k, v in stated(row, PARTIES, self._headers).items() if k in _OF_PARTY}
        return differences(PARTIES, said, party_values(held, None))

    def _party(self, base: Party, row: Row) -> Party:
        """What the row states, over what is known."""
        said = {key: row.values[key] for key in _OF_PARTY if key in row.values}
        return replace(base, **said)

    def _sign(self, party: Party, made: Sequence[Accreditation]) -> None:
        """Into the casebook, with the accreditations that are copied already, so that none seems to be withdrawn."""
        copies = copied(party.id, self._records)
        merged = [next((m for m in made if _same_grant(m, old)), old) for old in copies]
        added = [m for m in made if not any(_same_grant(m, old) for old in copies)]
        self._entries.parties.append(replace(party, accreditations=(*merged, *added), replaces=None))

    def _accreditations(self, rows: Sequence[Row], held: Party | None) -> list[Accreditation] | None:
        """Those that are new or differ; None where a row is no good."""
        read = self._outcome.read
        made: list[Accreditation] = []
        for row in rows:
            values = row.values
            if not any(key in values for key in _OF_ACCREDITATION):
                continue
            if "start" not in values:
                read.refuse(
                    row.number,
                    "start",
                    Text("認定日がありません", "the first day of the accreditation is missing"),
                    Text("認定書の有効期間の初日を書いてください", "write the first day as on the certificate"),
                )
                return None
            body = self._body(row)
            if isinstance(body, Text):
                read.refuse(
                    row.number,
                    "body",
                    body,
                    Text("役割を「認定団体」とする行を加えてください", "add a row for it with the role 認定団体"),
                )
                return None
            found = self._accreditation(values, body, held)
            if found is not None:
                made.append(found)
        return made

    def _body(self, row: Row) -> str | Text | None:
        if "body" not in row.values:
            return None
        found = self._known.partners.find(row.values["body"])
        return found.id if isinstance(found, Party) else found

    def _accreditation(self, values: Values, body: str | None, held: Party | None) -> Accreditation | None:
        """The accreditation, or None where the ledger says the same."""
        stated_one = Accreditation(values["start"], values.get("accreditation_number"), body, values.get("until"))
        for old in held.accreditations if held is not None else ():
            if not _same_grant(stated_one, old):
                continue
            until = stated_one.until if stated_one.until is not None else old.until
            merged = replace(old, until=until)
            return None if merged == old else merged
        return stated_one


def _same_grant(one: Accreditation, other: Accreditation) -> bool:
    """By number, first day and, where both name one, body: what is left out says nothing."""
    bodies = {one.body, other.body} - {None}
    numbers = {form(a.number) for a in (one, other) if a.number is not None}
    return one.start == other.start and len(bodies) < 2 and len(numbers) < 2
