"""What a correction does to everything that rests on the certificate: the verdicts before and after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from biotrace.model.certificate import Certificate
from biotrace.model.correction import Correction
from biotrace.model.delivery import Delivery
from biotrace.verify.case import Case, Placed
from biotrace.verify.fold import fold_for
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.verdict import LotVerdict, lots_of, pronounce

from .ledger_case import Reading, case_of_ledger
from .logged import Logged
from .times import day_of
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Affected:
    """A certificate or delivery that rests on the corrected one, with its verdict before and after.

    ``lot``: wood that a plant has received under it, or is to receive.
    """

    logged: Logged
    lot: bool
    before: LotVerdict
    after: LotVerdict

    @property
    def changes(self) -> bool:
        """Whether the correction changes what is confirmed of it."""
        return _outcome(self.before) != _outcome(self.after)


def _outcome(lot: LotVerdict) -> tuple[object, ...]:
    return lot.confirmed, lot.status, lot.if_passed, lot.clean


def resting_on(reading: Reading, certificate: Logged) -> list[Logged]:
    """Certificates and deliveries that draw on it, directly or by way of others, in order."""
    reached: set[str | None] = {certificate.record.record_id.hex()}
    found = []
    for entry in reading.everything:
        body = entry.record.body
        # The log is in topological order: what rests on a certificate comes after it.
        if isinstance(body, Certificate | Delivery) and reached & _sources(body):
            reached.add(body.id)
            found.append(entry)
    return found


def _sources(record: Certificate | Delivery) -> set[str | None]:
    if isinstance(record, Delivery):
        return {record.certificate}
    return {draw.certificate for draw in record.draws}


def consequences(
    workspace: Workspace, reading: Reading, certificate: Logged, correction: Correction
) -> tuple[Affected, ...]:
    """What rests on the certificate, before and after the correction; the certificate itself where it is a lot."""
    entries = [certificate, *resting_on(reading, certificate)]
    within = set(workspace.ledger.closure([entry.position for entry in entries]))
    before = case_of_ledger(reading.logged, day_of(workspace.clock()), within, reading.outside)
    placed = Placed(len(reading.everything), correction, workspace.party)
    of = correction.certificate
    after = replace(before, corrections={**before.corrections, of: (*before.corrections.get(of, ()), placed)})
    lots = {*lots_of(before), *lots_of(after)}
    old, new = _verdicts(before, entries), _verdicts(after, entries)
    ids = [entry.record.record_id.hex() for entry in entries]
    return tuple(
        Affected(entry, i in lots, old[i], new[i])
        for entry, i in zip(entries, ids, strict=True)
        if entry is not certificate or i in lots
    )


def _verdicts(case: Case, entries: Sequence[Logged]) -> Mapping[str, LotVerdict]:
    ids = [entry.record.record_id.hex() for entry in entries]
    judged = fold_for(case, ids, RULES, RINYA_2012).judged
    return {lot.id: lot for lot in pronounce(ids, case, judged)}
