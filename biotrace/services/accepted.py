"""What lots were confirmed as when the ledger took them, beside what they are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from biotrace.chain.kinds import RecordKind
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document, DocumentCopy
from biotrace.store.ledger import Ledger
from biotrace.verify.fold import fold_for
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import LotVerdict, pronounce

from .foreign import Outside
from .ledger_case import case_of_ledger
from .logged import Logged
from .past import Past
from .times import day_of

_REACHING_BACK = frozenset(
    {
        *(RecordKind.CORRECTION, RecordKind.CONCORDANCE, RecordKind.PARTY, RecordKind.TRUSTED_BODIES),
        *(RecordKind.ACCREDITATION, RecordKind.RENEWAL_REQUEST, RecordKind.REVOCATION, RecordKind.INSPECTION),
        *(RecordKind.KEY_END, RecordKind.TOMBSTONE),
    }
)
"""Kinds that change what is known of records logged before them."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The verdict on a lot over the ledger up to and with its own entry, on the day of that.

    ``delivered``: it is a delivery; a certificate has not been accepted by anyone, only logged.
    """

    day: date
    position: int
    delivered: bool
    lot: LotVerdict


def when_accepted(
    ledger: Ledger, past: Past, logged: Iterable[Logged], lots: Iterable[LotVerdict], outside: Outside
) -> dict[str, Accepted]:
    """By lot: the verdict when it was accepted, where that was another one.

    ``logged``: what the verdicts on ``lots`` were made from. A lot on which nothing later can bear is not judged twice.
    """
    by_id = {entry.record.record_id.hex(): entry for entry in logged}
    by_position = {entry.position: entry for entry in by_id.values()}
    found = {}
    for now in lots:
        own = by_id.get(now.id)
        if own is None:
            continue  # another log's: when we took it in is not when anybody accepted it
        within = ledger.closure([own.position])
        later = any(_can_differ(by_position[p], own) for p in within if p in by_position)
        if later or outside.logs:
            then = _judged_at(own, within, past, outside)
            if outcome(then.lot) != outcome(now):
                found[now.id] = then
    return found


def _can_differ(entry: Logged, lot: Logged) -> bool:
    """Whether the entry may count otherwise now: it came later and reaches back, or, for D901, time has run out."""
    body = entry.record.body
    if isinstance(body, Document) and body.copy is not DocumentCopy.KEPT:
        return True
    return entry.position > lot.position and entry.record.kind in _REACHING_BACK


def _judged_at(lot: Logged, within: Iterable[int], past: Past, outside: Outside) -> Accepted:
    day, record_id = day_of(lot.logged_at), lot.record.record_id.hex()
    case = case_of_ledger(past.until(lot.position, within), day, None, outside, lot.logged_at)
    (verdict,) = pronounce([record_id], case, fold_for(case, [record_id], RULES, RINYA_2012).judged)
    return Accepted(day, lot.position, isinstance(lot.record.body, Delivery), verdict)


def outcome(lot: LotVerdict) -> tuple[object, ...]:
    """What is paid by the verdict, and whether anybody has to look."""
    return lot.confirmed, lot.status, lot.if_passed, lot.clean, lot.by_class
