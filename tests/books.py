"""Books of yards and plants, to be added to the stories of ``tests.casebooks``.

book = with_books(clean(), YARD, opening(tonnes(10)))
assert shares(book, "Q607") == [("p-1", Fraction(1, 2))]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from biotrace.model.casebook import Casebook
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity
from biotrace.model.stock import Consumption, Plan, Site, StockEntry, StockKind, WithdrawnTo
from biotrace.verify.booking import BookJudged
from biotrace.verify.case import case_of_casebook
from biotrace.verify.fold import Folded, Judged, fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rule import Finding, Unchecked
from biotrace.verify.rules import RULES
from tests.casebooks import OTSU, PLANT

THINNED, GENERAL = FuelClass.THINNED, FuelClass.GENERAL
YARD = Site("otsu-1", OTSU.id, THINNED)
BUNKER = Site("bunker", PLANT.id)

_SECTIONS: Mapping[type, str] = {Site: "sites", StockEntry: "stock", Consumption: "consumption", Plan: "plans"}


def with_books(book: Casebook, *lines: Site | StockEntry | Consumption | Plan) -> Casebook:
    """The book with more lines, each at the end of its section."""
    for line in lines:
        section = _SECTIONS[type(line)]
        more: dict[str, Any] = {section: (*getattr(book, section), line)}
        book = replace(book, **more)
    return book


def stock(kind: StockKind, quantity: Quantity, day: date, **more: Any) -> StockEntry:
    """A line about the yard's stock of thinned wood."""
    entry = StockEntry(YARD.id, day, THINNED, quantity, kind)
    return replace(entry, **more)


def opening(quantity: Quantity, day: date = date(2014, 4, 1), **more: Any) -> StockEntry:
    """Opening stock."""
    return stock(StockKind.OPENING, quantity, day, **more)


def stocktake(quantity: Quantity, day: date, **more: Any) -> StockEntry:
    """A stocktake."""
    return stock(StockKind.STOCKTAKE, quantity, day, **more)


def withdrawal(quantity: Quantity, day: date, **more: Any) -> StockEntry:
    """Wood that left the chain."""
    return stock(StockKind.WITHDRAWAL, quantity, day, to=WithdrawnTo.SAWN, **more)


def burned(quantity: Quantity, month: date = date(2014, 11, 1), **more: Any) -> Consumption:
    """What the plant burned of thinned wood in a month, with its ratio."""
    return replace(Consumption(PLANT.id, month, THINNED, quantity, ratio=10_000), **more)


def planned(quantity: Quantity, year: int = 2014, **more: Any) -> Plan:
    """What the plant planned to burn of thinned wood."""
    return replace(Plan(PLANT.id, year, THINNED, quantity), **more)


def folded(book: Casebook, as_of: date | None = None) -> Folded:
    """The book judged by all rules."""
    return fold(case_of_casebook(book, as_of), RULES, RINYA_2012)


def _everything(book: Casebook, as_of: date | None) -> list[Judged | BookJudged]:
    judged = folded(book, as_of)
    return [*judged.judged.values(), *judged.books.values()]


def said(book: Casebook, code: str, as_of: date | None = None) -> list[Finding]:
    """What one rule found on any record, booking, plant or body."""
    return [f for j in _everything(book, as_of) for f in j.findings if f.code == code]


def shares(book: Casebook, code: str) -> list[tuple[str, Fraction | None]]:
    """On which record the rule fired, and the share of it in excess."""
    return [(f.record, f.excess) for f in said(book, code)]


def unsaid(book: Casebook, code: str, as_of: date | None = None) -> list[Unchecked]:
    """Where one rule could not be run."""
    return [u for j in _everything(book, as_of) for u in j.unchecked if u.code == code]


def has_passed(book: Casebook, code: str, as_of: date | None = None) -> bool:
    """Whether the rule was run somewhere, and neither fired nor was left open anywhere."""
    passed = any(code in j.passed for j in _everything(book, as_of))
    return passed and not said(book, code, as_of) and not unsaid(book, code, as_of)


def not_about_it(book: Casebook, code: str) -> bool:
    """Whether the rule applies nowhere."""
    silent = not said(book, code) and not unsaid(book, code)
    return silent and not any(code in j.passed for j in _everything(book, None))
