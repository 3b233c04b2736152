"""Bone-dry grams: factors with their sources, and sums that stay whole."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS, Quantity, Unit
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.species import WoodGroup, group_of
from biotrace.verify.tonnage import (
    Composition,
    bone_dry,
    combined,
    least_bone_dry,
    least_solid_volume,
    most_bone_dry,
    solid_volume,
    split,
)
from biotrace.verify.verdict_json import kilograms
from tests.casebooks import m3, tonnes

THINNED, GENERAL, WASTE = FuelClass.THINNED, FuelClass.GENERAL, FuelClass.CONSTRUCTION_WASTE
SOFT, HARD = WoodGroup.SOFTWOOD, WoodGroup.HARDWOOD
CONVERSIONS = Path(__file__).resolve().parents[2] / "data" / "conversions.csv"


def table() -> dict[str, dict[str, str]]:
    """The rows of the table of conversions by name."""
    with CONVERSIONS.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def grams(quantity: Quantity, group: WoodGroup | None = None) -> int:
    """Bone-dry grams, which must be known."""
    dry = bone_dry(quantity, group, RINYA_2012)
    assert dry is not None
    return dry.grams


def test_the_factors_are_those_of_the_table() -> None:
    rows = table()
    factors = {
        "roundwood_softwood_per_bone_dry_tonne": RINYA_2012.m3_per_bone_dry_t_softwood,
        "roundwood_hardwood_per_bone_dry_tonne": RINYA_2012.m3_per_bone_dry_t_hardwood,
        "loose_chips_per_m3_roundwood": RINYA_2012.loose_m3_per_m3,
        "default_moisture": RINYA_2012.moisture,
    }
    for name, factor in factors.items():
        row = rows[name]
        assert (factor.value, factor.low, factor.high) == tuple(Fraction(row[c]) for c in ("value", "low", "high"))
        assert factor.source == row["source"]
        assert factor.best <= factor.value
    assert Fraction(RINYA_2012.default_moisture, PARTS) == RINYA_2012.moisture.value
    assert all(row["source"].strip() for row in rows.values())


def test_every_range_holds_its_value() -> None:
    for row in table().values():
        if row["low"] and row["high"]:
            assert Decimal(row["low"]) <= Decimal(row["value"] or row["low"]) <= Decimal(row["high"])


def test_a_truck_of_the_audit() -> None:
    truck = Quantity(6_580_000, Unit.T, 4_200)
    assert grams(truck) == 3_816_400
    assert kilograms(grams(truck)) == 3_816


@pytest.mark.parametrize(
    ("quantity", "group", "expected"),
    [
        (tonnes(10, 0), None, 10_000_000),
        (tonnes(10, 5_000), None, 5_000_000),
        (tonnes(10, 10_000), None, 0),
        (tonnes(10, None), None, 6_000_000),
        (Quantity(10_000_000, Unit.KG, 4_200), HARD, 5_800_000),
        (Quantity(1, Unit.KG, 5_000), None, 1),
        (m3(22), SOFT, 10_000_000),
        (m3(17), HARD, 10_000_000),
        (m3(22), None, 10_000_000),
        (m3(66, Unit.M3_LOOSE), SOFT, 10_000_000),
        (m3(51, Unit.M3_LOOSE), HARD, 10_000_000),
    ],
)
def test_bone_dry(quantity: Quantity, group: WoodGroup | None, expected: int) -> None:
    assert grams(quantity, group) == expected


def test_a_default_factor_is_named_and_a_stated_moisture_needs_none() -> None:
    soft, loose, moisture = (
        RINYA_2012.m3_per_bone_dry_t_softwood,
        RINYA_2012.loose_m3_per_m3,
        RINYA_2012.moisture,
    )
    for quantity, factors in (
        (m3(1), (soft,)),
        (m3(1, Unit.M3_LOOSE), (loose, soft)),
        (tonnes(1, None), (moisture,)),
        (tonnes(1, 100), ()),
    ):
        dry = bone_dry(quantity, SOFT, RINYA_2012)
        assert dry is not None
        assert dry.assumed == factors


def test_stacked_wood_has_no_default_factor_but_holds_as_much_as_chips_in_the_same_room() -> None:
    stacked, loose = m3(10, Unit.M3_STACKED), m3(10, Unit.M3_LOOSE)
    assert bone_dry(stacked, SOFT, RINYA_2012) is None
    assert solid_volume(stacked, SOFT, RINYA_2012) is None
    assert least_bone_dry(stacked, SOFT, RINYA_2012) == least_bone_dry(loose, SOFT, RINYA_2012)
    assert least_solid_volume(stacked, SOFT, RINYA_2012) == 2_857_142


@pytest.mark.parametrize(
    ("quantity", "group", "expected"),
    [
        (tonnes(10, None), None, 10_000_000),
        (tonnes(10, 4_000), None, 6_000_000),
        (m3(22), SOFT, 10_000_000),
        (m3(17), HARD, 10_000_000),
        (m3(17), None, 10_000_000),
        (m3(55, Unit.M3_LOOSE), SOFT, 10_000_000),
        (m3(22, Unit.M3_STACKED), SOFT, 10_000_000),
    ],
)
def test_the_most_that_can_have_come_in(quantity: Quantity, group: WoodGroup | None, expected: int) -> None:
    assert most_bone_dry(quantity, group, RINYA_2012) == expected


@pytest.mark.parametrize(
    ("quantity", "group", "expected"),
    [
        (tonnes(10, None), None, 3_000_000),
        (tonnes(10, 4_000), None, 6_000_000),
        (m3(35), SOFT, 10_000_000),
        (m3(22), HARD, 10_000_000),
        (m3(35), None, 10_000_000),
        (m3(77, Unit.M3_LOOSE), HARD, 10_000_000),
    ],
)
def test_the_least_that_can_have_gone_out(quantity: Quantity, group: WoodGroup | None, expected: int) -> None:
    assert least_bone_dry(quantity, group, RINYA_2012) == expected


@pytest.mark.parametrize(
    ("quantity", "group", "expected"),
    [
        (m3(10), None, 10_000_000),
        (m3(30, Unit.M3_LOOSE), None, 10_000_000),
        (tonnes(10, 0), SOFT, 22_000_000),
        (tonnes(10, 0), HARD, 17_000_000),
    ],
)
def test_the_roundwood_behind_a_quantity(quantity: Quantity, group: WoodGroup | None, expected: int) -> None:
    assert solid_volume(quantity, group, RINYA_2012) == expected


@pytest.mark.parametrize(
    ("species", "group"),
    [
        (("スギ", "ヒノキ"), SOFT),
        (("ｽｷﾞ",), SOFT),
        ((" 杉 ",), SOFT),
        (("ナラ", "広葉樹"), HARD),
        (("スギ", "ナラ"), None),
        (("スギ", "セコイア"), None),
        ((), None),
    ],
)
def test_the_group_of_some_species(species: tuple[str, ...], group: WoodGroup | None) -> None:
    assert group_of(species) is group


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (10, [0, 0], [5, 5]),
        (1, [0, 0, 0], [1, 0, 0]),
        (0, [3, 4], [0, 0]),
        (7, [1, 2, 4], [1, 2, 4]),
        (100, [1, 0, 199], [1, 0, 99]),
        (5, [3], [5]),
    ],
)
def test_split_by_largest_remainder_ties_in_order(total: int, weights: list[int], parts: list[int]) -> None:
    assert split(total, weights) == parts


def test_split_over_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing"):
        split(10, [])


def test_a_class_falls_and_never_rises() -> None:
    both = Composition.of({THINNED: 60, GENERAL: 40}, GENERAL)
    assert both.capped(GENERAL).grams == {GENERAL: 100}
    assert both.capped(THINNED) == both
    assert Composition.pure(WASTE, 5).capped(THINNED) == Composition.pure(WASTE, 5)


def test_an_excess_is_spread_over_the_whole_record() -> None:
    both = Composition.of({THINNED: 60, GENERAL: 40}, GENERAL)
    assert both.with_excess(50) == Composition.of({THINNED: 30, GENERAL: 20, WASTE: 50}, WASTE)
    assert both.with_excess(500).grams[WASTE] == 100
    assert both.with_excess(0) == both


def test_a_share_too_small_for_a_gram_still_decides_the_class() -> None:
    speck = Composition.of({THINNED: 1_000_000, WASTE: 1}, WASTE).scaled(10)
    assert speck.grams[THINNED] == 10
    assert speck.lowest is WASTE
    assert combined([Composition.pure(THINNED, 10), speck]).lowest is WASTE


def test_certified_shares_are_the_most_that_counts() -> None:
    half = {THINNED: 5_000, GENERAL: 5_000}
    assert Composition.pure(THINNED, 100).capped_by_shares(half).grams == {THINNED: 50, GENERAL: 50}
    assert Composition.pure(WASTE, 100).capped_by_shares(half).grams == {WASTE: 100}
    assert Composition.pure(GENERAL, 100).capped_by_shares(half).grams == {GENERAL: 100}
    assert Composition.of({THINNED: 40, GENERAL: 60}, GENERAL).capped_by_shares(half).grams == {
        THINNED: 40,
        GENERAL: 60,
    }
    quarter = {THINNED: 2_500, WASTE: 7_500}
    assert Composition.of({THINNED: 40, GENERAL: 60}, GENERAL).capped_by_shares(quarter).grams == {
        THINNED: 25,
        WASTE: 75,
    }
