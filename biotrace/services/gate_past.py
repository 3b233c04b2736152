"""What a workspace's ledger knows of the certificates that are shown at its gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from biotrace.chain.kinds import KeyEnd, KeyEndReason
from biotrace.chain.record import Record
from biotrace.errors import BiotraceError
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.quantity import Quantity
from biotrace.verify.case import Case
from biotrace.verify.document_identity import number_key
from biotrace.verify.verdict import LotVerdict

from .gate import Gate
from .history import Standing, State, standing_of
from .ledger_case import case_of_ledger
from .logged import Logged
from .times import day_of
from .verify import verify_lots
from .workspace import Clock, open_workspace


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger says of one certificate. Of a record that was taken in as a transcription, what it says of that.

    ``arrivals``: its deliveries at our gate, by day. ``uses``: what else was taken of it, with the day and who did.
    ``left``: what that leaves; None for nothing, or where units differ. ``lot``: what the rules confirm, of a record
    that the ledger holds. ``same_number``: another certificate of that number that its issuer gave, held here.
    ``key_ended``: the day and why. ``doubtful``: the ledger itself is damaged, or was replaced.
    """

    logged: date | None
    standing: Standing
    arrivals: tuple[Delivery, ...] = ()
    uses: tuple[tuple[date, str], ...] = ()
    left: Quantity | None = None
    lot: LotVerdict | None = None
    same_number: Certificate | None = None
    key_ended: tuple[date, KeyEndReason] | None = None
    doubtful: bool = False


def pasts_of(gate: Gate, records: Iterable[Record], plants: Collection[str], clock: Clock) -> dict[bytes, Past]:
    """By record id, what the gate's ledger says of each certificate among ``records``. ``plants``: our ids."""
    ledger = _Ledger(gate, plants, day_of(clock()))
    asked = {r.record_id: r for r in records if isinstance(r.body, Certificate)}
    held = [record_id.hex() for record_id in asked if record_id.hex() in ledger.certificates]
    verdicts, doubtful = _verdicts(gate, held, clock)
    return {
        record_id: replace(ledger.past(record), lot=verdicts.get(record_id.hex()), doubtful=doubtful)
        for record_id, record in asked.items()
    }


def _verdicts(gate: Gate, lots: list[str], clock: Clock) -> tuple[Mapping[str, LotVerdict], bool]:
    """What the rules confirm of certificates in the ledger, and whether the ledger itself is in doubt."""
    if not lots:
        return {}, bool(gate.reading.broken)
    try:
        with open_workspace(gate.folder, clock) as workspace:
            verified = verify_lots(workspace, lots)
    except BiotraceError:
        return {}, True
    return {lot.id: lot for lot in verified.verdict.lots}, bool(verified.damage or gate.reading.broken)


class _Ledger:
    """A ledger's entries as a gate looks them up."""

    def __init__(self, gate: Gate, plants: Collection[str], today: date) -> None:
        self.certificates: dict[str, Logged] = {}
        self._plants = plants
        self._case: Case = case_of_ledger(gate.reading.logged, today, None, gate.reading.outside)
        self._logged = gate.reading.everything
        self._copies: dict[bytes, list[str]] = defaultdict(list)
        self._numbered: dict[tuple[str, str], list[Certificate]] = defaultdict(list)
        self._deliveries: dict[str, list[Delivery]] = defaultdict(list)
        self._draws: dict[str, list[tuple[Certificate, Quantity]]] = defaultdict(list)
        self._ends: dict[bytes, tuple[date, KeyEndReason]] = {}
        for entry in self._logged:
            if entry.sound:
                self._take(entry)

    def _take(self, entry: Logged) -> None:
        body = entry.record.body
        if isinstance(body, Certificate):
            self.certificates[body.id] = entry
            for file in body.files if entry.record.transcribed else ():
                self._copies[file.sha256].append(body.id)
            if body.number is not None:
                self._numbered[body.issuer, number_key(body.number)].append(body)
            for draw in body.draws:
                self._draws[draw.certificate].append((body, draw.quantity))
        elif isinstance(body, Delivery) and body.certificate is not None:
            self._deliveries[body.certificate].append(body)
        elif isinstance(body, KeyEnd) and not entry.log and body.reason is not KeyEndReason.REPLACED:
            self._ends[body.kid] = (day_of(entry.logged_at), body.reason)

    def past(self, record: Record) -> Past:
        """What is known of a certificate, and of what was transcribed from it."""
        body = record.body
        assert isinstance(body, Certificate)
        ids = [record.record_id.hex(), *self._copies.get(record.record_id, ())]
        deliveries = sorted((d for i in ids for d in self._deliveries.get(i, ())), key=lambda d: (d.date, d.time or ""))
        draws = [pair for i in ids for pair in self._draws.get(i, ()) if not self._case.ended(pair[0].id)]
        elsewhere = [(d.date, d.at) for d in deliveries if d.at not in self._plants]
        standings = [standing_of(i, self._logged, self._case) for i in ids]
        held = [self.certificates[i] for i in ids if i in self.certificates]
        twins = self._numbered.get((body.issuer, number_key(body.number)), ()) if body.number is not None else ()
        return Past(
            logged=day_of(held[0].logged_at) if held else None,
            standing=next((s for s in standings if s.state is not State.VALID), standings[0]),
            arrivals=tuple(d for d in deliveries if d.at in self._plants),
            uses=tuple(sorted([*elsewhere, *((c.date, c.issuer) for c, _ in draws)])),
            left=_left(body.quantity, [*(d.quantity for d in deliveries), *(q for _, q in draws)]),
            same_number=next((c for c in twins if c.id not in ids and not self._case.ended(c.id)), None),
            key_ended=self._ends.get(record.kid),
        )


def _left(whole: Quantity, taken: list[Quantity]) -> Quantity | None:
    if any(not quantity.same_measure(whole) for quantity in taken):
        return None
    amount = whole.amount - sum(quantity.amount for quantity in taken)
    return replace(whole, amount=amount) if amount > 0 else None
