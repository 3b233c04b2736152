"""One record and what was said of it later, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from biotrace.chain.disclosure import PrivateValue
from biotrace.chain.kinds import Body
from biotrace.chain.record import citations
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.party import Party
from biotrace.model.private import PrivateField
from biotrace.model.quantity import Quantity
from biotrace.model.retention import StoredFile
from biotrace.verify.case import Case
from biotrace.verify.fold import fold_for
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES

from .find import find_record
from .history import History, history_of
from .ledger_case import Reading, case_of_ledger, read_ledger
from .logged import Logged
from .past import Past, not_logged_yet
from .private_fields import open_party, shown_fields
from .record_data import body_data
from .stored_files import Copy, copy_of, files_of
from .times import day_of, last_second
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Shown:
    """A record with its neighbours in the ledger: what it cites, what cites it, and its corrections.

    ``used`` and ``left``: of a certificate, what valid draws and deliveries have taken so far, and what that leaves;
    None for nothing. ``history``: of a certificate. ``as_of``: the day whose end all this is told for; None: now.
    ``subjects``: record id -> what its signer calls it. ``names``: party id -> name. ``private``: the private fields,
    None for a value that is not at hand. ``files``: those that it names, and what has become of the copies by now.
    """

    logged: Logged
    body: dict[str, Any]
    cites: tuple[Logged, ...]
    cited_by: tuple[Logged, ...]
    corrections: tuple[Logged, ...]
    used: Quantity | None
    left: Quantity | None
    history: History | None
    as_of: date | None
    subjects: dict[str, str]
    names: dict[str, str]
    private: dict[PrivateField, PrivateValue | None]
    files: tuple[tuple[StoredFile, Copy], ...]


def show(workspace: Workspace, text: str, as_of: date | None = None) -> Shown:
    """The record that ``text`` means, with its neighbours, as the ledger stood at the end of the day ``as_of``.

    Raises UsageError where there is none, not yet, or more than one.
    """
    reading = read_ledger(workspace.ledger)
    if as_of is not None:
        reading = _then(workspace, reading, text, as_of)
    logged = find_record(reading, text)
    own = logged.record.record_id
    cited = {record_id for _, record_id in citations(logged.record)}
    citing = [e for e in reading.everything if own in {i for _, i in citations(e.record)}]
    used = left = history = None
    if isinstance(logged.record.body, Certificate):
        within = None if logged.log else set(workspace.ledger.closure([logged.position]))
        today = as_of or day_of(workspace.clock())
        until = None if as_of is None else last_second(as_of)
        case = case_of_ledger(reading.logged, today, within, reading.outside, until)
        used, left = _balance(case, own.hex())
        history = history_of(logged, reading.everything, case)
    return Shown(
        logged=logged,
        body=body_data(_body(reading, logged)),
        cites=tuple(e for e in reading.everything if e.record.record_id in cited),
        cited_by=tuple(e for e in citing if not isinstance(e.record.body, Correction)),
        corrections=tuple(e for e in citing if isinstance(e.record.body, Correction)),
        used=used,
        left=left,
        history=history,
        as_of=as_of,
        subjects=reading.subjects(),
        names={party.id: party.name for party in reading.parties().values()},
        private=shown_fields(logged.record.body, logged.disclosed),
        files=tuple((file, copy_of(workspace.folder, file.sha256)) for file in files_of(logged.record.body)),
    )


def _then(workspace: Workspace, reading: Reading, text: str, as_of: date) -> Reading:
    """The ledger as it stood at the end of that day. Raises UsageError where only later entries can be meant."""
    then = Reading(Past(workspace.ledger, reading).on(as_of), reading.damaged, reading.outside)
    try:
        find_record(then, text)
    except UsageError:
        # What is logged by now was only not there yet; what is unknown altogether is told by the second look.
        later = find_record(reading, text)
        if not later.log and later.position not in {entry.position for entry in then.logged}:
            raise not_logged_yet(later, as_of) from None
        raise
    return then


def _body(reading: Reading, logged: Logged) -> Body:
    """What the record says; the party as it is now comes with its accreditations, which other records state."""
    body = logged.record.body
    if isinstance(body, Party):
        now = reading.parties().get(body.id)
        opened = open_party(body, logged.disclosed)
        return now if now is not None and replace(now, accreditations=()) == opened else opened
    return body


def _balance(case: Case, certificate: str) -> tuple[Quantity | None, Quantity | None]:
    closed = fold_for(case, (), RULES, RINYA_2012).state.closed[certificate]
    amounts = (closed.used, closed.quantity.amount - closed.used)
    used, left = (replace(closed.quantity, amount=amount) if amount > 0 else None for amount in amounts)
    return used, left
