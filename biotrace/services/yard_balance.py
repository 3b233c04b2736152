"""What a yard holds by the book: opening stock and counts, what came in, went out and was withdrawn, bone-dry."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import StockEntry
from biotrace.model.text import Text
from biotrace.verify.case import Case
from biotrace.verify.movements import movements
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.running_stock import running_stock
from biotrace.verify.span import Span
from biotrace.verify.stock_book import NO_SITE
from biotrace.verify.tonnage import bone_dry

from .stock import Wanted

_SLACK = 1_000
"""Grams by which roundings may leave a yard below nothing."""


def balance(case: Case, party: str, site: str, classes: Collection[FuelClass], day: date) -> int:
    """Grams, bone-dry at default factors, of these classes in the party's yard at the end of the day.

    With what may lie there as well as in any other: no paper names its yard.
    """
    accounts = running_stock(movements(case, party, RINYA_2012), Span(date.min, day))
    return sum(a.closing for a in accounts if a.site in (site, NO_SITE) and a.fuel_class in classes)


def overdrawn(balance_after: int) -> bool:
    """Whether that is less than nothing."""
    return balance_after < -_SLACK


def missing(site: str, grams: int) -> Text:
    """That the yard is short of so much."""
    tonnes = f"{grams / 10**6:,.3f}"
    return Text(
        f"置場「{site}」の帳簿の在庫が全乾 {tonnes} t 足りません。実際にあるなら、前日までの棚卸しを stock count で",
        f"by the book the yard {site} is short of {tonnes} t bone-dry; if it is there, book yesterday's stock count",
    )


def short_in_yard(wanted: Wanted, case: Case, party: str, site: str, day: date) -> Text | None:
    """Why a yard cannot give what is wanted, by its book, where withdrawals, counts or an opening stock made it one.

    Without any the certificates that are drawn on say what is left. What no factor turns into grams is not looked at.
    """
    booked = (b.value for b in case.bookings if b.party == party and isinstance(b.value, StockEntry))
    out = bone_dry(wanted.quantity, None, RINYA_2012)
    if out is None or not any(entry.site == site for entry in booked):
        return None
    after = balance(case, party, site, wanted.classes, day) - out.grams
    return missing(site, -after) if overdrawn(after) else None
