"""What rows of 入荷 say of trucks that arrived, one or more on each certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from biotrace.documents.workbook.columns import Values
from biotrace.documents.workbook.rows import Row
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.text import Text

from .workbook_ledger import Known
from .workbook_outcome import Entries, SheetOutcome

ARRIVAL = ("received", "time", "measured", "arrived_on")
"""What a row says of the truck and not of the certificate."""


@dataclass
class Paper:
    """A certificate that rows of the sheet are about. ``row``: the first; ``said``: what that states of it.

    ``subject``: what the ledger calls it, or will; ``held``: it is in the ledger, else in the casebook to be signed.
    """

    row: int
    said: Values
    certificate: Certificate
    subject: str
    held: bool
    arrivals: list[tuple[Row, Delivery]] = field(default_factory=list)


def arrives(row: Row) -> bool:
    """Whether the row says that something arrived."""
    return any(key in row.values for key in ARRIVAL)


class Arrivals:
    """The deliveries of one sheet."""

    def __init__(self, outcome: SheetOutcome, known: Known, entries: Entries) -> None:
        self._outcome = outcome
        self._known = known
        self._entries = entries
        self._papers: dict[int, Paper] = {}

    def add(self, row: Row, paper: Paper) -> None:
        """What the row says of a truck, if anything."""
        if arrives(row):
            self._papers[paper.row] = paper
            paper.arrivals.append((row, _delivery(row.values, paper.certificate, self._known.own)))

    def take(self) -> None:
        """Each delivery that the ledger does not have. To be called when all rows are known."""
        for paper in self._papers.values():
            left = list(self._known.deliveries.get(paper.certificate.id, ())) if paper.held else []
            unknown = []
            for row, delivery in paper.arrivals:
                same = next((held for held in left if _is_same(delivery, held, row.values)), None)
                if same is None:
                    unknown.append((row, delivery))
                else:
                    left.remove(same)
                    self._say(row, new=False)
            self._enter(paper, unknown, left)

    def _enter(self, paper: Paper, rows: Sequence[tuple[Row, Delivery]], left: list[Delivery]) -> None:
        """Rows that no delivery of the ledger matches: changed where one of their day is left over, else new."""
        seen: dict[Delivery, int] = {}
        for row, delivery in rows:
            changed = next((held for held in left if held.date == delivery.date), None)
            if changed is not None:
                left.remove(changed)
                self._refuse_changed(row, changed)
            elif delivery in seen:
                self._refuse_twin(row, seen[delivery])
            else:
                seen[delivery] = row.number
                name = self._known.free(f"{paper.subject}/{delivery.date}")
                self._entries.deliveries.append(replace(delivery, id=name))
                if paper.held:
                    self._entries.cited[paper.certificate.id] = paper.certificate.id
                self._say(row, new=True)

    def _say(self, row: Row, *, new: bool) -> None:
        """That the row brings something new, or, unless it did already, that it is known."""
        outcome = self._outcome
        if new:
            outcome.known[:] = [number for number in outcome.known if number != row.number]
        wanted = outcome.new if new else outcome.known
        if row.number not in outcome.new and row.number not in wanted:
            wanted.append(row.number)

    def _refuse_changed(self, row: Row, held: Delivery) -> None:
        self._outcome.known[:] = [number for number in self._outcome.known if number != row.number]
        time, vehicle = held.time or "–", held.vehicle or "–"
        self._outcome.read.refuse(
            row.number,
            "measured",
            Text(
                f"前に取り込んだ入荷と違います: 台帳では {held.date} {time} {held.quantity} 車番 {vehicle}",
                f"entered before, and it has changed: in the ledger {held.date} {time} {held.quantity} by {vehicle}",
            ),
            Text(
                "別の車なら、前の行も残してください。台帳の記録は書き換えられません",
                "if it is another truck, keep the earlier row too; records are never edited",
            ),
        )

    def _refuse_twin(self, row: Row, other: int) -> None:
        self._outcome.read.refuse(
            row.number,
            "measured",
            Text(f"{other} 行目と同じ入荷です", f"the same arrival as row {other}"),
            Text("別の車なら、到着時刻か入荷車番を書いてください", "if it is another truck, write its time or number"),
        )


def _delivery(values: Values, certificate: Certificate, own: str) -> Delivery:
    """Without an id. It arrives where the certificate is made out to, or here."""
    return Delivery(
        id="",
        at=certificate.buyer or own,
        date=values.get("received") or certificate.date,
        quantity=values.get("measured") or certificate.quantity,
        time=values.get("time"),
        sender=certificate.seller,
        certificate=certificate.id,
        goods=certificate.goods,
        vehicle=values.get("arrived_on") or values.get("vehicle"),
    )


def _is_same(delivery: Delivery, held: Delivery, values: Values) -> bool:
    """As far as the row says anything."""
    times = "time" not in values or delivery.time == held.time
    vehicles = delivery.vehicle is None or delivery.vehicle == held.vehicle
    return delivery.date == held.date and delivery.quantity == held.quantity and times and vehicles
