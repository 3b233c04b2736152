"""What lies in one's yards: per yard and class the certificates with what is left of each, and the book's balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.text import Text
from biotrace.verify.case import Case
from biotrace.verify.movements import movements
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.running_stock import running_stock
from biotrace.verify.span import Span
from biotrace.verify.stock_book import NO_SITE
from biotrace.verify.tonnage import bone_dry

from .find import find_party
from .ledger_case import case_of_ledger, read_ledger
from .stock import Received, stock_of
from .times import day_of
from .trust_list import trust_now
from .workspace import Workspace
from .yard import choose_yard


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate with something left. ``dry``: bone-dry grams, None where no factor tells; ``barred``: see there."""

    subject: str
    number: str | None
    day: date
    seller: str
    left: Quantity
    dry: int | None
    barred: Text | None


@dataclass(frozen=True, slots=True)
class Lot:
    """One class in one yard. ``site`` empty: no yard is named. ``book``: bone-dry grams there by the book.

    The book counts opening stocks, counts and withdrawals, which no certificate knows of.
    """

    site: str
    fuel_class: FuelClass
    held: tuple[Held, ...]
    book: int

    @property
    def totals(self) -> tuple[Quantity, ...]:
        """What can be drawn on, unit by unit; kilograms are tonnes."""
        sums: dict[Unit, int] = {}
        for each in self.held:
            if each.barred is None:
                unit = Unit.T if each.left.unit.is_mass else each.left.unit
                sums[unit] = sums.get(unit, 0) + each.left.amount
        return tuple(Quantity(amount, unit) for unit, amount in sums.items())

    @property
    def dry(self) -> int:
        """Bone-dry grams of what can be drawn on, as far as factors tell."""
        return sum(each.dry or 0 for each in self.held if each.barred is None)


@dataclass(frozen=True, slots=True)
class Stock:
    """All of it, as of a day. ``damaged``: entries that count for nothing."""

    day: date
    lots: tuple[Lot, ...]
    damaged: int


def stock(
    workspace: Workspace, fuel_class: FuelClass | None = None, yard: str | None = None, as_of: date | None = None
) -> Stock:
    """What is left, by what is dated up to ``as_of``. Raises UsageError for an unknown ``yard``."""
    reading = read_ledger(workspace.ledger, trust_now(workspace))
    today = day_of(workspace.clock())
    whole = case_of_ledger(reading.logged, today, None, reading.outside)
    own = find_party(whole.parties.values(), workspace.party)
    site = None if yard is None else choose_yard(whole, own.id, yard)
    case = whole if as_of is None else _dated_by(whole, as_of)
    subjects = reading.subjects()
    by_place: dict[tuple[str, FuelClass], list[Held]] = {}
    for each in stock_of(case, own.id, case.today):
        if not case.ended(each.closed.certificate):
            by_place.setdefault((each.site, each.closed.fuel_class), []).append(_held(each, case, subjects))
    accounts = running_stock(movements(case, own.id, RINYA_2012), Span(date.min, case.today))
    book = {(a.site, a.fuel_class): a.closing for a in accounts}
    places = sorted({*by_place, *(place for place, grams in book.items() if grams)}, key=_by_yard)
    lots = [Lot(*place, tuple(by_place.get(place, ())), book.get(place, 0)) for place in places]
    chosen = [lot for lot in lots if fuel_class in (None, lot.fuel_class) and site in (None, lot.site)]
    broken = {(f.position, f.record_id) for f in reading.damaged if not f.is_notice}
    return Stock(case.today, tuple(chosen), len(broken))


def _by_yard(place: tuple[str, FuelClass]) -> tuple[bool, str, int]:
    return place[0] == NO_SITE, place[0], place[1].rank


def _dated_by(case: Case, day: date) -> Case:
    """The case with what is dated up to that day."""
    corrections = {
        of: kept
        for of, placed in case.corrections.items()
        if (kept := tuple(p for p in placed if p.correction.date <= day))
    }
    return replace(
        case,
        entries=tuple(e for e in case.entries if e.value.date <= day),
        bookings=tuple(b for b in case.bookings if b.day <= day),
        corrections=corrections,
        today=day,
    )


def _held(each: Received, case: Case, subjects: dict[str, str]) -> Held:
    closed = each.closed
    certificate = case.by_id[closed.certificate]
    seller = case.parties.get(certificate.seller)
    dry = bone_dry(each.quantity_left, closed.group, RINYA_2012)
    return Held(
        subject=subjects[closed.certificate],
        number=certificate.number,
        day=closed.date,
        seller=seller.name if seller is not None else certificate.seller,
        left=each.quantity_left,
        dry=None if dry is None else dry.grams,
        barred=each.barred,
    )
