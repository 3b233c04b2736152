"""Papers for patterns: a few dozen certificates or deliveries that differ in one thing, and what is seen in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate, Draw
from biotrace.model.delivery import Delivery
from biotrace.model.document import Document
from biotrace.model.fuel_class import FuelClass
from biotrace.model.place import Place
from biotrace.model.quantity import PARTS, Quantity, Unit
from biotrace.verify.case import Entry, case_of_casebook
from biotrace.verify.patterns import Around, Looking, PriceChange, Sighting
from biotrace.verify.profile import RINYA_2012
from tests.casebooks import BODY, DELIVERY, DOCUMENT, FELLING, PARTIES, PROCESSING, m3

DAY = timedelta(1)
TOWN_ONLY = (Place("長野県", "〇〇市"),)


def book(certificates: Iterable[Certificate], deliveries: Iterable[Delivery] = (), *documents: Document) -> Casebook:
    """A casebook of these, on the model notice unless others are given."""
    return Casebook(
        trusted_bodies=(BODY.id,),
        parties=PARTIES,
        documents=documents or (DOCUMENT,),
        certificates=tuple(certificates),
        deliveries=tuple(deliveries),
    )


def seen(casebook: Casebook, code: str, *prices: PriceChange, entries: Iterable[Entry] | None = None) -> list[Sighting]:
    """What one pattern sees in it, by its code. ``entries``: in another order."""
    case = case_of_casebook(casebook)
    around = Around(case, RINYA_2012, prices) if prices else Around(case, RINYA_2012)
    looking = Looking(around)
    for entry in case.entries if entries is None else entries:
        looking.take(entry)
    return [s for s in looking.sightings() if s.kind.code == code]


def felled(n: int, cm3: int, buyer: str = "otsu", **changes: object) -> Certificate:
    """The n-th felling-stage certificate, on the model notice."""
    made = replace(FELLING, id=f"f-{n}", number=f"26-{n}", buyer=buyer, quantity=Quantity(cm3, Unit.M3))
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def arrived(n: int, **changes: object) -> Delivery:
    """The n-th delivery, each under a certificate of its own."""
    made = replace(DELIVERY, id=f"d-{n}", certificate=f"p-{n}")
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def certified(n: int, day: date, **changes: object) -> Certificate:
    """The n-th certificate of chips."""
    made = replace(PROCESSING, id=f"p-{n}", number=f"乙-{n}", date=day)
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def month(n: int) -> date:
    """The n-th month after April 2014."""
    return date(2014 + (3 + n) // 12, (3 + n) % 12 + 1, 10)


def chipped(ratios: Iterable[int], lots: int = 3) -> Casebook:
    """Logs, and so many lots of chips a month, of which as many hundredths came out of a bone-dry tonne."""
    logs = felled(0, 90_000_000_000)
    chips = []
    for at, percent in enumerate(ratios):
        for lot in range(lots):
            out = Quantity(10_000_000, Unit.T, 4_000)
            dry = out.amount * (PARTS - 4_000) // PARTS
            into = m3(1)
            into = replace(into, amount=dry * 100 // percent * 22 // 10)
            chips.append(certified(at * lots + lot, month(at), quantity=out, draws=(Draw(logs.id, into),)))
    return book([logs, *chips])


def sold(thinned: Iterable[int], lots: int = 5) -> Casebook:
    """So many lots a month from April 2014 on, of which so many are thinned wood."""
    chips = []
    for at, count in enumerate(thinned):
        for lot in range(lots):
            fuel_class = FuelClass.THINNED if lot < count else FuelClass.GENERAL
            chips.append(certified(at * lots + lot, month(at), fuel_class=fuel_class, draws=()))
    return book(chips)
