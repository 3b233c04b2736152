"""One record and what was said of it later, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from biotrace.chain.kinds import Body
from biotrace.chain.record import citations
from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.party import Party
from biotrace.model.quantity import Quantity
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES

from .find import find_record
from .ledger_case import Reading, case_of_ledger, read_ledger
from .logged import Logged, parties_of
from .private_fields import open_party
from .record_data import body_data
from .times import day_of
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Shown:
    """A record with its neighbours in the ledger: what it cites, what cites it, and its corrections.

    ``used`` and ``left``: of a certificate, what valid draws and deliveries have taken so far, and what that leaves;
    None for nothing.
    ``subjects``: record id -> what its signer calls it.
    """

    logged: Logged
    body: dict[str, Any]
    cites: tuple[Logged, ...]
    cited_by: tuple[Logged, ...]
    corrections: tuple[Logged, ...]
    used: Quantity | None
    left: Quantity | None
    subjects: dict[str, str]


def show(workspace: Workspace, text: str) -> Shown:
    """The record that ``text`` means, with its neighbours. Raises UsageError where there is none, or more than one."""
    reading = read_ledger(workspace.ledger)
    logged = find_record(reading, text)
    own = logged.record.record_id
    cited = {record_id for _, record_id in citations(logged.record)}
    citing = [e for e in reading.logged if own in {i for _, i in citations(e.record)}]
    used, left = _balance(workspace, reading, logged)
    return Shown(
        logged=logged,
        body=body_data(_body(reading, logged)),
        cites=tuple(e for e in reading.logged if e.record.record_id in cited),
        cited_by=tuple(e for e in citing if not isinstance(e.record.body, Correction)),
        corrections=tuple(e for e in citing if isinstance(e.record.body, Correction)),
        used=used,
        left=left,
        subjects=reading.subjects(),
    )


def _body(reading: Reading, logged: Logged) -> Body:
    """What the record says; the party as it is now comes with its accreditations, which other records state."""
    body = logged.record.body
    if isinstance(body, Party):
        now = parties_of(reading.logged).get(body.id)
        opened = open_party(body, logged.disclosed)
        return now if now is not None and replace(now, accreditations=()) == opened else opened
    return body


def _balance(workspace: Workspace, reading: Reading, logged: Logged) -> tuple[Quantity | None, Quantity | None]:
    if not isinstance(logged.record.body, Certificate):
        return None, None
    within = set(workspace.ledger.closure([logged.position]))
    case = case_of_ledger(reading.logged, day_of(workspace.clock()), within)
    closed = fold(case, RULES, RINYA_2012).state.closed[logged.record.record_id.hex()]
    amounts = (closed.used, closed.quantity.amount - closed.used)
    used, left = (replace(closed.quantity, amount=amount) if amount > 0 else None for amount in amounts)
    return used, left
