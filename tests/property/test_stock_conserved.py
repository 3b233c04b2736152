"""A yard gives no more than it took in: whatever moves, in any order, units and classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from biotrace.model.casebook import Casebook
from biotrace.model.certificate import Certificate
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.model.stock import Consumption, Site, StockEntry, StockKind
from biotrace.verify.case import case_of_casebook
from biotrace.verify.fold import fold
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.rules import RULES
from biotrace.verify.stock_book import Account, load_in, load_out, take, taking
from biotrace.verify.tonnage import least_bone_dry, most_bone_dry
from tests.casebooks import HEIWA, OTSU, PARTIES, PLANT, PROCESSING

START = date(2014, 4, 1)
YARDS = (Site("otsu-1", OTSU.id, FuelClass.THINNED), Site("otsu-2", OTSU.id))
SITES = st.sampled_from([None, "otsu-1", "otsu-2", "somewhere"])
CLASSES = st.sampled_from([FuelClass.THINNED, FuelClass.GENERAL])
DAYS = st.integers(0, 400).map(lambda n: START + timedelta(days=n))


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    """In any unit, from a gram to 100 t, with moisture or without."""
    unit = draw(st.sampled_from(Unit))
    moisture = draw(st.none() | st.integers(0, 9_999)) if unit.is_mass else None
    return Quantity(draw(st.integers(1, 100_000_000)), unit, moisture)


@given(st.lists(quantities(), max_size=6), st.lists(quantities(), min_size=1, max_size=6))
def test_an_account_gives_no_more_than_it_took_in(brought: list[Quantity], taken: list[Quantity]) -> None:
    account = Account()
    for quantity in brought:
        account.put(load_in(quantity, None, RINYA_2012))
    most = sum((most_bone_dry(q, None, RINYA_2012) for q in brought), Fraction(0))
    proven = Fraction(0)
    for quantity in taken:
        load = load_out(quantity, None, RINYA_2012)
        found = taking([account], load)
        short = found.short if found is not None else Fraction(0)
        take([account], load, short)
        assert 0 <= short <= 1
        assert account.dry >= 0
        assert account.plain is None or account.plain >= 0
        proven += (least_bone_dry(quantity, None, RINYA_2012) or 0) * (1 - short)
    rounding = 2 * (len(brought) + len(taken))
    assert proven <= most + rounding


@given(st.lists(quantities(), min_size=1, max_size=6))
def test_what_came_in_may_go_out_again(moved: list[Quantity]) -> None:
    account = Account()
    for quantity in moved:
        account.put(load_in(quantity, None, RINYA_2012))
    for quantity in moved:
        load = load_out(quantity, None, RINYA_2012)
        found = taking([account], load)
        assert found is None or found.short == 0
        take([account], load, Fraction(0))


@st.composite
def yards(draw: st.DrawFn) -> Casebook:
    """Wood in and out of a mill's two yards, and a plant that burns it."""
    bought = draw(st.lists(st.tuples(DAYS, quantities(), CLASSES, SITES), max_size=6))
    sold = draw(st.lists(st.tuples(DAYS, quantities(), CLASSES, SITES), max_size=6))
    lines = draw(
        st.lists(st.tuples(DAYS, quantities(), CLASSES, st.sampled_from(StockKind), st.integers(0, 1)), max_size=5)
    )
    burned = draw(st.lists(st.tuples(DAYS, quantities(), CLASSES), max_size=4))
    return Casebook(
        parties=PARTIES,
        certificates=(
            *(_moved(f"in-{n}", *m[:3], HEIWA.id, OTSU.id, to_site=m[3]) for n, m in enumerate(bought)),
            *(_moved(f"out-{n}", *m[:3], OTSU.id, PLANT.id, from_site=m[3]) for n, m in enumerate(sold)),
        ),
        sites=YARDS,
        stock=tuple(StockEntry(YARDS[n].id, day, c, q, kind) for day, q, c, kind, n in lines),
        consumption=tuple(Consumption(PLANT.id, day.replace(day=1), c, q) for day, q, c in burned),
    )


def _moved(
    name: str,
    day: date,
    quantity: Quantity,
    fuel_class: FuelClass,
    seller: str,
    buyer: str,
    from_site: str | None = None,
    to_site: str | None = None,
) -> Certificate:
    made = replace(PROCESSING, id=name, date=day, quantity=quantity, fuel_class=fuel_class, draws=(), species=())
    return replace(made, seller=seller, buyer=buyer, from_site=from_site, to_site=to_site)


@given(yards())
def test_no_account_falls_below_zero_and_no_excess_exceeds_the_record(book: Casebook) -> None:
    folded = fold(case_of_casebook(book), RULES, RINYA_2012)
    for account in folded.state.accounts.values():
        assert account.dry >= 0
        assert account.likely >= 0
        assert account.plain is None or account.plain >= 0
    said = [f for j in folded.judged.values() for f in j.findings]
    said += [f for j in folded.books.values() for f in j.findings]
    excesses = [f.excess for f in said if f.code in ("Q607", "F951") and f.excess is not None]
    assert all(0 < excess <= 1 for excess in excesses)


@given(yards())
def test_more_in_never_makes_a_shortage(book: Casebook) -> None:
    bought = [c for c in book.certificates if c.buyer == OTSU.id]
    more = replace(book, certificates=(*book.certificates, *(replace(c, id=f"{c.id}-again") for c in bought)))
    assert short(more) <= short(book)


def short(book: Casebook) -> set[str]:
    """The certificates that Q607 speaks of."""
    judged = fold(case_of_casebook(book), RULES, RINYA_2012).judged
    return {record for record, j in judged.items() for f in j.findings if f.code == "Q607"}
