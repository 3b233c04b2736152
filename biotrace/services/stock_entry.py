"""Booking a yard's opening stock, a count, or wood that leaves the chain; never more out than can lie there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from biotrace.chain.kinds import RecordKind
from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.quantity import Quantity
from biotrace.model.stock import StockEntry, StockKind, WithdrawnTo
from biotrace.model.text import Text
from biotrace.verify.case import Booked, Case, Evidence
from biotrace.verify.fold import fold_for
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding
from biotrace.verify.rules import RULES

from .ledger_case import case_of_ledger, read_ledger, require_sound
from .sign import Signed, sign_casebook
from .times import day_of
from .trial import next_booking
from .trust_list import trust_now
from .workspace import Workspace
from .yard import choose_yard
from .yard_balance import balance, missing, overdrawn

NEW = "(これから記帳)"
"""Stands for the record id that the booking will have."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What is to be booked. ``yard``: in part; None: the only one. ``fuel_class`` None: what the yard is for."""

    kind: StockKind
    quantity: Quantity
    day: date
    yard: str | None = None
    fuel_class: FuelClass | None = None
    to: WithdrawnTo | None = None


@dataclass(frozen=True, slots=True)
class BookedStock:
    """A line of the book, and the yard's balance in bone-dry grams before and after it.

    ``findings`` and ``short``: why it was refused; then, and in a rehearsal, ``signed`` is None.
    """

    entry: StockEntry
    before: int
    after: int
    findings: tuple[Finding, ...]
    short: Text | None
    signed: Signed | None = None

    @property
    def refused(self) -> bool:
        """Whether it was not booked because there is less in the yard."""
        return bool(self.findings) or self.short is not None


def book_stock(workspace: Workspace, booking: Booking, *, rehearse: bool = False) -> BookedStock:
    """Book it, unless more would leave the yard than lies there by the book, or can lie there at all (Q607).

    Raises UsageError for a yard or class that is not clear, a day to come, and a line that is booked already.
    """
    reading = read_ledger(workspace.ledger, trust_now(workspace))
    require_sound(reading)
    today = day_of(workspace.clock())
    case = case_of_ledger(reading.logged, today, None, reading.outside)
    entry = _entry(booking, case, workspace.party, today)
    if any(b.party == workspace.party and b.value == entry for b in case.bookings):
        raise UsageError(
            Text(f"同じ記帳がもうあります: {said(entry).ja}", f"it is booked already: {said(entry).en}"),
            Text("同じ日に同じ量が二度なら、合わせた数量で記帳してください", "twice the same on one day: book the sum"),
            code="known",
        )
    last = max((b.order for b in case.bookings), default=-1)
    order = max([last, *(e.order for e in case.entries)]) + 1
    booked = Booked(order, NEW, entry, workspace.party, Evidence.SIGNED, (), today)
    before, after = (
        balance(c, workspace.party, entry.site, (entry.fuel_class,), entry.date)
        for c in (case, replace(case, bookings=(*case.bookings, booked)))
    )
    judged = next_booking(case, fold_for(case, (), RULES, RINYA_2012), booked)
    findings = tuple(f for f in judged.findings if not f.is_notice)
    out = entry.kind is StockKind.WITHDRAWAL and after < before and overdrawn(after)
    result = BookedStock(entry, before, after, findings, missing(entry.site, -after) if out else None)
    if result.refused or rehearse:
        return result
    book = _book(entry, workspace.party, case)
    signed = sign_casebook(workspace, book, first_hand=(RecordKind.STOCK,), decided_by=reading)
    return replace(result, signed=signed)


def said(entry: StockEntry) -> Text:
    """土場1 間伐材等由来の木質バイオマス 10 t 棚卸し 2014-11-19."""
    kind = label(entry.kind)
    name = entry.fuel_class.label
    return Text(
        f"{entry.site} {name.ja} {entry.quantity} {kind.ja} {entry.date}",
        f"{entry.site} {name.en} {entry.quantity} {kind.en} {entry.date}",
    )


def _book(entry: StockEntry, party: str, case: Case) -> Casebook:
    """The line, with its yard, which the ledger has: it tells whose the line is."""
    return Casebook(sites=(case.sites[party, entry.site],), stock=(entry,))


def _entry(booking: Booking, case: Case, party: str, today: date) -> StockEntry:
    if booking.day > today:
        raise UsageError(
            Text(f"日付 {booking.day} は今日（{today}）より後です", f"the day, {booking.day}, is after today, {today}"),
            Text("--date を確かめてください", "look at --date"),
            code="future-date",
        )
    known = case.yards.get(party, ())
    if booking.yard is None and len(known) != 1:
        there = "、".join(known) or "—"
        raise UsageError(
            Text(f"どの置場か分かりません（登録済み: {there}）", f"which yard is meant? There are: {there}"),
            Text(
                "--yard で指定するか、biotrace party yard add で登録してください",
                "name it with --yard, or enter one with biotrace party yard add",
            ),
            code="no-yard",
        )
    site = known[0] if booking.yard is None else choose_yard(case, party, booking.yard)
    fuel_class = booking.fuel_class or case.sites[party, site].fuel_class
    if fuel_class is None:
        raise UsageError(
            Text(f"置場「{site}」には区分の決まりがありません", f"the yard {site} is for no one class"),
            Text("--class で区分を指定してください", "name the class with --class"),
        )
    return StockEntry(site, booking.day, fuel_class, booking.quantity, booking.kind, booking.to)
