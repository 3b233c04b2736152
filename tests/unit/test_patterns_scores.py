"""What scores are made of: chances, medians, and the records that are named."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from fractions import Fraction
from importlib.resources import files
from itertools import combinations
from math import comb
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biotrace.verify.patterns import MOST, PATTERNS, PRICE_CHANGES, Kind, PriceChange
from biotrace.verify.patterns.chance import at_least, halvings, score, shifted
from biotrace.verify.patterns.figures import decimal, percent
from biotrace.verify.patterns.robust import median, spread
from biotrace.verify.patterns.sample import KEPT, Sample

CHANCES = st.integers(1, 10**9).flatmap(lambda d: st.integers(1, d).map(lambda n: Fraction(n, d)))


@pytest.mark.parametrize(
    ("chance", "points"),
    [(1, 0), (Fraction(1, 2), 50), (Fraction(1, 4), 100), (Fraction(1, 1024), 500), (Fraction(1, 2**20), MOST)],
)
def test_a_halving_is_fifty_points(chance: Fraction, points: int) -> None:
    assert score(halvings(Fraction(chance))) == points


@pytest.mark.parametrize("chance", [0, -1, 2])
def test_what_is_no_chance_is_refused(chance: int) -> None:
    with pytest.raises(ValueError, match="no chance"):
        halvings(Fraction(chance))


@pytest.mark.parametrize(("given", "points"), [(Fraction(-3), 0), (Fraction(1, 100), 0), (1_000, MOST)])
def test_a_score_stays_in_its_bounds(given: Fraction, points: int) -> None:
    assert score(given) == points


@given(CHANCES, CHANCES)
def test_what_is_less_likely_scores_no_less(one: Fraction, other: Fraction) -> None:
    if one <= other:
        assert halvings(one) >= halvings(other)


@given(CHANCES)
def test_halvings_are_those_of_the_chance(chance: Fraction) -> None:
    steps = int(halvings(chance) * 50)
    if steps < 20 * 50:
        assert 2**steps <= (1 / chance) ** 50 < 2 ** (steps + 2)


@given(st.integers(1, 40), st.data())
def test_the_bound_never_lies_below_the_chance(of: int, data: st.DataObject) -> None:
    seen = data.draw(st.integers(0, of))
    rate = data.draw(st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100))
    exact = sum(comb(of, k) * rate**k * (1 - rate) ** (of - k) for k in range(seen, of + 1))
    assert exact <= at_least(seen, of, rate) <= 1


@given(st.lists(st.integers(0, 9), max_size=5), st.lists(st.integers(0, 9), max_size=4))
def test_ranks_are_counted_exactly(before: list[int], after: list[int]) -> None:
    above = sum(b < a for b in before for a in after)
    places = range(len(before) + len(after))

    def pairs_in(chosen: tuple[int, ...]) -> int:
        return sum(other < place for place in chosen for other in places if other not in chosen)

    orders = [pairs_in(chosen) for chosen in combinations(places, len(after))]
    expected = Fraction(sum(pairs >= above for pairs in orders), len(orders))
    assert shifted([Fraction(b) for b in before], [Fraction(a) for a in after]) == expected


@pytest.mark.parametrize(("values", "middle"), [((3,), 3), ((1, 9, 2), 2), ((1, 2, 3, 100), Fraction(5, 2))])
def test_medians(values: tuple[int, ...], middle: Fraction) -> None:
    assert median([Fraction(v) for v in values]) == middle


def test_a_spread_is_no_smaller_than_the_least_and_not_moved_by_one_value() -> None:
    still = [Fraction(9, 10)] * 8
    assert spread(still, Fraction(3, 100)) == Fraction(3, 100)
    assert spread([*still, Fraction(5)], Fraction(3, 100)) == Fraction(3, 100)
    with pytest.raises(ValueError, match="no values"):
        median([])


@given(st.permutations([(date(2014, 1, 1 + n % 28), f"r-{n:03}") for n in range(KEPT + 7)]))
def test_a_sample_names_the_earliest_whatever_comes_first(records: list[tuple[date, str]]) -> None:
    sample, halves = Sample(), (Sample(), Sample())
    for at, (day, record) in enumerate(records):
        sample.add(day, record)
        halves[at % 2].add(day, record)
    halves[0].take(halves[1])
    assert sample == halves[0]
    assert sample.records == tuple(record for _, record in sorted(records)[:KEPT])
    assert (sample.count, sample.first, sample.last) == (KEPT + 7, min(records)[0], max(records)[0])


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(12345), 1, "12,345.0"),
        (Fraction(-1, 999), 1, "0.0"),
    ],
)
def test_numbers_are_rounded_half_up(value: Fraction, decimals: int, text: str) -> None:
    assert decimal(value, decimals) == text
    assert percent(Fraction(1, 8), 1) == "12.5%"


@pytest.mark.parametrize("kind", PATTERNS, ids=lambda kind: kind.code)
def test_every_pattern_explains_itself_and_accuses_nobody(kind: Kind) -> None:
    assert kind.innocent
    for text in (kind.name, kind.why, kind.scored, kind.usual, kind.ask, *kind.innocent):
        assert text.ja
        assert text.en
        assert not any(word in text.ja for word in ("不正", "違反", "詐欺", "偽造"))
        assert not any(word in text.en for word in ("fraud", "forge", "illegal", "guilty"))


@pytest.mark.parametrize("change", PRICE_CHANGES, ids=lambda change: str(change.day))
def test_prices_changed_on_those_days(change: PriceChange) -> None:
    rows = read_table()
    assert prices_on(rows, change.day) != prices_on(rows, change.day - timedelta(1))


def read_table() -> list[dict[str, str]]:
    """The price table that comes with the package."""
    return list(csv.DictReader(io.StringIO((files("biotrace.data") / "fit_prices.csv").read_text("utf-8"))))


def prices_on(rows: list[dict[str, str]], day: date) -> set[tuple[str, ...]]:
    """What thinned and general wood paid for approvals of that day, by output."""
    year = str(day.year if day.month >= 4 else day.year - 1)
    return {
        (r["class"], r["output_kw_min"], r["output_kw_below"], r["yen_per_kwh_excl_tax"])
        for r in rows
        if r["approval_fiscal_year"] == year
        and r["class"] in ("thinned", "general")
        and (not r["approved_from"] or r["approved_from"] <= str(day) <= r["approved_until"])
    }


@pytest.mark.parametrize("kind", PATTERNS, ids=lambda kind: kind.code)
def test_the_page_says_what_the_program_says(kind: Kind) -> None:
    page = (Path(__file__).parents[2] / "docs" / "patterns.md").read_text("utf-8")
    assert f"### `{kind.code}` {kind.name.ja} / {kind.name.en}\n" in page
    for text in (kind.why, kind.usual, kind.scored, kind.ask, *kind.innocent):
        assert text.ja in page
        assert text.en in page
