"""What a report is made from: a ledger, or a casebook, as a case; whose report it is; names and prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from biotrace.documents.casebook import read_casebook
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.delivery import Delivery
from biotrace.model.labels import form_name, label
from biotrace.model.party import Party
from biotrace.model.private import PrivateField
from biotrace.model.quantity import Quantity
from biotrace.model.stock import Consumption, StockEntry
from biotrace.model.text import Text, same
from biotrace.verify.case import Booked, Case, case_of_casebook
from biotrace.verify.movements import Movement, Trade, movements, trades
from biotrace.verify.profile import RINYA_2012, Profile

from .copies_at_hand import CopiesAtHand
from .files import read_file
from .find import find_party
from .ledger_case import Reading, case_of_ledger, read_ledger
from .log_verdict import watch_log
from .private_fields import shown_fields
from .shipped import municipalities
from .times import day_of
from .trust_list import trust_now
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Source:
    """A record that a figure rests on, for people. ``day``: its own; a month's use has the month's last."""

    kind: Text
    name: str
    day: date
    partner: str
    quantity: Quantity | None


@dataclass(frozen=True)
class Material:
    """A case and whose report it is. ``subjects``: what signers call their records. ``prices``: disclosed, in yen.

    ``left_out``: damaged entries, which count for nothing.
    """

    case: Case
    party: Party
    profile: Profile
    subjects: Mapping[str, str]
    prices: Mapping[str, int]
    left_out: int = 0

    @property
    def today(self) -> date:
        """The day that the report is as of."""
        return self.case.today

    @cached_property
    def trades(self) -> tuple[Trade, ...]:
        """What the party bought, sold and received."""
        return trades(self.case, self.party.id, self.profile)

    @cached_property
    def movements(self) -> tuple[Movement, ...]:
        """Every line of its book."""
        return movements(self.case, self.party.id, self.profile, self.trades)

    def name(self, party: str | None) -> str:
        """A party's name, or its id where it is not known."""
        if party is None:
            return ""
        known = self.case.parties.get(party)
        return known.name if known is not None else party

    def source(self, record: str) -> Source:
        """The record of that id. Raises KeyError for one that no report can rest on."""
        if record in self._entries:
            return self._of_entry(self._entries[record])
        return self._of_booking(self._bookings[record])

    @cached_property
    def _entries(self) -> Mapping[str, Certificate | Delivery]:
        return {e.value.id: e.value for e in self.case.entries}

    @cached_property
    def _bookings(self) -> Mapping[str, Booked]:
        return {b.id: b for b in self.case.bookings}

    def _of_entry(self, value: Certificate | Delivery) -> Source:
        called = self.subjects.get(value.id, value.id)
        if isinstance(value, Delivery):
            return Source(Text("納入", "delivery"), called, value.date, self.name(value.sender), value.quantity)
        partner = value.buyer if value.seller == self.party.id else value.seller
        kind = Text("証明書 ", "certificate, ") + form_name(value.form)
        return Source(kind, value.number or called, value.date, self.name(partner), value.quantity)

    def _of_booking(self, booked: Booked) -> Source:
        """Bookings have names for programs; people know them by month, year or yard."""
        entry = booked.value
        if isinstance(entry, StockEntry):
            kind, called = label(entry.kind), entry.site
        elif isinstance(entry, Consumption):
            kind, called = Text("使用の記帳", "entry of use"), f"{entry.month:%Y-%m}"
        else:
            kind, called = Text("使用計画", "fuel plan"), str(entry.year)
        return Source(kind, called, booked.day, "", entry.quantity)


def material_of_ledger(workspace: Workspace, party: str | None = None) -> Material:
    """All that the workspace's ledger holds, judged by the trust list and log memory that ``verify`` goes by.

    ``party``: name or id of whose report it is; None: the workspace's own. Raises UsageError for one that the ledger
    does not know.
    """
    watched = watch_log(workspace)
    reading = read_ledger(workspace.ledger, trust_now(workspace))
    parties = reading.parties()
    own = find_party(parties.values(), party or workspace.party)
    files = CopiesAtHand(workspace.folder)
    today = day_of(workspace.clock())
    case = watched.void(case_of_ledger(reading.logged, today, None, reading.outside, None, files))
    broken = {(f.position, f.record_id) for f in reading.damaged if not f.is_notice}
    return Material(case, own, RINYA_2012, reading.subjects(), _prices(reading), len(broken))


def material_of_casebook(path: Path, party: str | None) -> Material:
    """All that a casebook holds. Raises UsageError without a party, and as ``read_casebook`` does."""
    book = read_casebook(read_file(path), path.name)
    if party is None:
        raise UsageError(
            same(f"{path}: ") + Text("どの事業者の報告か分かりません", "whose report is it?"),
            Text("--party でIDか名称を指定してください", "name a party of the casebook with --party"),
            code="no-party",
        )
    own = find_party(book.parties, party)
    return Material(case_of_casebook(book, municipalities=municipalities()), own, RINYA_2012, {}, {})


def _prices(reading: Reading) -> dict[str, int]:
    """The prices at hand, by certificate."""
    found: dict[str, int] = {}
    for entry in reading.everything:
        body = entry.record.body
        if isinstance(body, Certificate) and entry.sound:
            price = shown_fields(body, entry.disclosed).get(PrivateField.PRICE_YEN)
            if isinstance(price, int):
                found[body.id] = price
    return found
