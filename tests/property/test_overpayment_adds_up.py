"""Yen add up: a whole is the sum of its lots in any order, by tonnage is never more, and never below nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from biotrace.model.fuel_class import FuelClass, lowest
from biotrace.services.shipped import fit_prices
from biotrace.verify.overpayment import Kwh, Overpayment, Terms, Ways, Yen, overpaid
from biotrace.verify.prices import Approval
from biotrace.verify.verdict import LotVerdict, Status
from tests.casebooks import clean, lot_of

MODEL = lot_of(clean())
GRAMS = st.integers(0, 10**9)
CLASSES = st.sampled_from(list(FuelClass))
RATES = st.decimals(1, 6_000, places=3)


@st.composite
def lots(draw: st.DrawFn) -> LotVerdict:
    """Any verdict that can be: nothing above what was claimed."""
    declared = draw(CLASSES)
    below = [c for c in FuelClass if c.rank >= declared.rank]
    parts = {c: draw(GRAMS) for c in below}
    confirmed = lowest(c for c, grams in parts.items() if grams) if any(parts.values()) else declared
    total = sum(parts.values())
    verdict = replace(MODEL, declared=declared, confirmed=confirmed, dry_grams=total, by_class=parts)
    if confirmed is declared or not draw(st.booleans()):
        return verdict
    waste = {FuelClass.CONSTRUCTION_WASTE: total}
    return replace(
        verdict,
        confirmed=FuelClass.CONSTRUCTION_WASTE,
        by_class=waste,
        status=Status.INCOMPLETE,
        if_passed=confirmed,
        by_class_if_passed=parts,
    )


@st.composite
def terms(draw: st.DrawFn, years: tuple[int, ...] = tuple(range(2012, 2025))) -> Terms:
    """Any plant's."""
    low, high = sorted((draw(RATES), draw(RATES)))
    kwh = {c: Kwh.by_plant(low, high) for c in draw(st.sets(CLASSES))}
    output = draw(st.decimals(1, 100_000, places=1))
    return Terms(Approval(draw(st.sampled_from(years))), output, fit_prices(), kwh)


def both(found: Overpayment) -> list[Ways]:
    """As proven today, and if all passed."""
    return [found.today, found.if_passed]


@given(st.lists(lots(), max_size=6), terms())
def test_the_whole_is_the_sum_of_its_lots(some: list[LotVerdict], by: Terms) -> None:
    whole = overpaid(some, by)
    for n, ways in enumerate(both(whole)):
        each = [both(overpaid([lot], by))[n] for lot in some]
        assert ways.by_tonnage.yen == sum((w.by_tonnage.yen for w in each), Yen())
        assert ways.all_or_nothing.yen == sum((w.all_or_nothing.yen for w in each), Yen())
        assert ways.by_tonnage.grams == sum(w.by_tonnage.grams for w in each)


@given(st.lists(lots(), max_size=6), terms(), st.randoms())
def test_the_order_does_not_matter(some: list[LotVerdict], by: Terms, random: Random) -> None:
    other = list(some)
    random.shuffle(other)
    one, two = overpaid(some, by), overpaid(other, by)
    assert [w.by_tonnage.yen for w in both(one)] == [w.by_tonnage.yen for w in both(two)]
    assert [w.all_or_nothing.yen for w in both(one)] == [w.all_or_nothing.yen for w in both(two)]


@given(st.lists(lots(), max_size=6), terms(years=(2016,)))
def test_by_tonnage_is_at_most_all_or_nothing(some: list[LotVerdict], by: Terms) -> None:
    """In 2016 every class has a price, so that nothing is left out of either sum."""
    for ways in both(overpaid(some, by)):
        assert not ways.by_tonnage.not_priced
        assert 0 <= ways.by_tonnage.yen.low <= ways.all_or_nothing.yen.low
        assert ways.by_tonnage.yen.high <= ways.all_or_nothing.yen.high
        assert ways.by_tonnage.yen.low <= ways.by_tonnage.yen.high


@given(st.lists(lots(), max_size=6), terms())
def test_what_passes_costs_nothing_more(some: list[LotVerdict], by: Terms) -> None:
    """If what could not be checked had passed, no more would have fallen than today."""
    found = overpaid(some, by)
    assert found.if_passed.by_tonnage.grams <= found.today.by_tonnage.grams
    assert found.today.by_tonnage.grams <= found.today.all_or_nothing.grams


@given(st.lists(lots(), max_size=6), terms())
def test_confirmed_as_claimed_is_never_overpaid(some: list[LotVerdict], by: Terms) -> None:
    sound = [
        replace(
            lot,
            confirmed=lot.declared,
            by_class={lot.declared: lot.dry_grams or 0},
            status=Status.COMPLETE,
            if_passed=None,
            by_class_if_passed=None,
        )
        for lot in some
    ]
    found = overpaid(sound, by)
    assert found.nothing
    assert all(ways.by_tonnage.yen == ways.all_or_nothing.yen == Yen() for ways in both(found))


@given(st.dictionaries(CLASSES, GRAMS, min_size=1), st.dictionaries(CLASSES, GRAMS), terms(years=(2016,)))
def test_a_mixed_lot_falls_by_what_its_shares_lost(
    claimed: dict[FuelClass, int], fell: dict[FuelClass, int], by: Terms
) -> None:
    """What each share lost goes to construction waste: the yen are those of what it lost, class by class."""
    waste = FuelClass.CONSTRUCTION_WASTE
    lost = {c: min(g, fell.get(c, 0)) for c, g in claimed.items() if c is not waste}
    counted = {c: g - lost.get(c, 0) for c, g in claimed.items()}
    counted[waste] = counted.get(waste, 0) + sum(lost.values())
    mixed = replace(MODEL, claimed=claimed, dry_grams=sum(claimed.values()), by_class=counted, confirmed=waste)
    found = overpaid([mixed], replace(by, kwh={c: Kwh.by_plant(Decimal(1_000)) for c in FuelClass}))
    prices = {FuelClass.THINNED: 40 if by.output_kw < 2_000 else 32, FuelClass.GENERAL: 24, FuelClass.GENERAL_WASTE: 17}
    expected = sum((Fraction(g, 1_000) * (prices[c] - 13) for c, g in lost.items()), Fraction(0))
    for figure in (found.today.by_tonnage, found.today.all_or_nothing):
        assert figure.yen == Yen(expected, expected)
