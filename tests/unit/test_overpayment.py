"""What was overpaid: by tonnage and all or nothing, ranges, what has no price, mixed and incomplete lots."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from biotrace.model.certificate import Mixed, Share
from biotrace.model.correction import Action
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity, Unit
from biotrace.services.dispute_report import not_as_claimed
from biotrace.services.shipped import fit_prices
from biotrace.verify.overpayment import KWH_UNKNOWN, Kwh, Terms, Ways, Yen, overpaid
from biotrace.verify.overpayment_change import overpaid_more
from biotrace.verify.overpayment_json import overpayment_data
from biotrace.verify.prices import Approval
from biotrace.verify.profile import RINYA_2012
from biotrace.verify.verdict import LotVerdict, Status
from tests.casebooks import change, clean, correct, find, general, lot_of
from tests.unit.test_rules_g_more import mixture
from tests.unit.test_tonnage import table

THINNED, GENERAL, WASTE = FuelClass.THINNED, FuelClass.GENERAL, FuelClass.CONSTRUCTION_WASTE
EVERY = {c: Kwh.by_plant(Decimal(1000)) for c in FuelClass}


def terms(year: int = 2016, kw: str = "5000", kwh: dict[FuelClass, Kwh] | None = None) -> Terms:
    """A plant's; 1,000 kWh a tonne, so that a gram is a watt-hour."""
    return Terms(Approval(year), Decimal(kw), fit_prices(), EVERY if kwh is None else kwh)


def lot(grams: int | None = 17_400_000, **changes: object) -> LotVerdict:
    """The model's lot (30 t at 42 %: 17.4 bone-dry t of thinned wood) with another verdict."""
    sound = lot_of(clean())
    assert sound.dry_grams == 17_400_000
    by_class = None if grams is None else {c: grams if c is THINNED else 0 for c in FuelClass}
    return replace(sound, **{"dry_grams": grams, "by_class": by_class, **changes})  # type: ignore[arg-type]  # by name


def fallen(to: FuelClass = WASTE, grams: int = 1_000_000) -> LotVerdict:
    """All of it confirmed as a lower class."""
    return lot(grams, confirmed=to, by_class={c: grams if c is to else 0 for c in FuelClass})


def split_lot(good: int, bad: int, to: FuelClass = WASTE) -> LotVerdict:
    """Part of it fell."""
    return lot(good + bad, confirmed=to, by_class={THINNED: good, to: bad})


def yen(ways: Ways | None) -> tuple[Fraction | int, Fraction | int]:
    """By tonnage and all or nothing, where neither is a range."""
    assert ways is not None
    both = ways.by_tonnage.yen, ways.all_or_nothing.yen
    assert not any(one.is_range for one in both)
    return both[0].low, both[1].low


@pytest.mark.parametrize(
    ("year", "kw", "to", "difference"),
    [
        (2014, "1999", WASTE, 32 - 13),
        (2015, "1999", WASTE, 40 - 13),
        (2015, "2000", WASTE, 32 - 13),
        (2016, "1999.9", GENERAL, 40 - 24),
        (2016, "2000", GENERAL, 32 - 24),
        (2016, "2000", FuelClass.GENERAL_WASTE, 32 - 17),
        (2018, "1999", GENERAL, 40 - 24),
    ],
)
def test_tonnes_by_kwh_by_the_difference_of_prices(year: int, kw: str, to: FuelClass, difference: int) -> None:
    found = overpaid([fallen(to)], terms(year, kw))
    assert yen(found.today) == (1_000 * difference, 1_000 * difference)
    (part,) = found.today.by_tonnage.parts
    assert (part.claimed, part.counted, part.grams) == (THINNED, to, 1_000_000)


def test_by_tonnage_what_fell_and_all_or_nothing_the_whole_lot() -> None:
    found = overpaid([split_lot(28_000_000, 2_000_000)], terms())
    assert yen(found.today) == (2_000 * 19, 30_000 * 19)
    assert found.if_passed == found.today


def test_three_classes_in_one_lot() -> None:
    by_class = {THINNED: 5_000_000, GENERAL: 3_000_000, WASTE: 2_000_000}
    found = overpaid([lot(10_000_000, confirmed=WASTE, by_class=by_class)], terms())
    assert yen(found.today) == (3_000 * 8 + 2_000 * 19, 10_000 * 19)


def test_nothing_is_overpaid_where_all_is_confirmed() -> None:
    """Neither without a price, nor without a weight: what counts as claimed was paid rightly."""
    for year in (2016, 2012):
        found = overpaid([lot(), lot(None, by_class=None)], terms(year))
        assert found.nothing
        assert yen(found.today) == (0, 0)
        assert not found.weight_unknown


def test_amounts_are_exact_and_round_halves_up_when_shown() -> None:
    half = overpaid([fallen(grams=500), fallen(grams=500)], terms(kwh={THINNED: Kwh.by_plant(Decimal("52.632"))}))
    assert half.lots[0].today is not None
    one = half.lots[0].today.by_tonnage.yen
    assert one.low == Fraction(500, 1_000_000) * Fraction("52.632") * 19
    assert (one.whole, half.today.by_tonnage.yen.whole) == ((1, 1), (1, 1))  # 0.500004 twice is 1.000008
    assert Yen(Fraction(1, 2), Fraction(5, 2)).whole == (1, 3)
    assert Yen(Fraction(49, 100), Fraction(149, 100)).whole == (0, 1)


def test_kwh_are_those_of_the_class_claimed() -> None:
    kwh = {THINNED: Kwh.by_plant(Decimal(1200)), GENERAL: Kwh.by_plant(Decimal(900))}
    assert yen(overpaid([fallen(GENERAL)], terms(kwh=kwh)).today) == (1_200 * 8, 1_200 * 8)


def test_a_range_of_kwh_stays_one() -> None:
    stated = {THINNED: Kwh.by_plant(Decimal(1100), Decimal(1200))}
    found = overpaid([fallen(), fallen()], terms(kwh=stated))
    assert found.today.by_tonnage.yen == Yen(Fraction(2 * 1_100 * 19), Fraction(2 * 1_200 * 19))
    assert found.has_ranges
    unknown = overpaid([fallen()], terms(kwh={GENERAL: Kwh.by_plant(Decimal(1100))}))
    (part,) = unknown.today.by_tonnage.parts
    assert part.kwh is KWH_UNKNOWN
    assert part.yen == Yen(Fraction(720 * 19), Fraction(1510 * 19))


def test_a_range_of_prices_stays_one() -> None:
    """Approved in 2017, 20,000 kW: general wood at 24 or, from October, at 21."""
    found = overpaid([fallen(GENERAL)], terms(2017, "20000"))
    assert found.today.by_tonnage.yen == Yen(Fraction(1_000 * (32 - 24)), Fraction(1_000 * (32 - 21)))
    known = Terms(Approval.on(date(2017, 10, 1)), Decimal(20_000), fit_prices(), EVERY)
    assert yen(overpaid([fallen(GENERAL)], known).today) == (1_000 * 11, 1_000 * 11)


def test_what_has_no_price_is_in_no_sum_and_is_listed() -> None:
    found = overpaid([fallen(), fallen(GENERAL)], terms(2018))
    figure = found.today.by_tonnage
    assert figure.yen.whole == (8_000, 8_000)
    (part,) = figure.not_priced
    assert part.counted is WASTE
    assert [why.en for why in part.why_not] == [
        "not priced: no table, that of fiscal year 2018 has no row for construction waste (建設資材廃棄物)"
    ]
    assert not found.nothing
    assert figure.grams == 2_000_000


def test_where_nothing_has_a_price_there_is_no_amount() -> None:
    found = overpaid([fallen()], terms(2012))
    assert found.today.by_tonnage.has_no_price
    assert overpayment_data(found)["today"]["by_tonnage"]["yen"] is None


def test_a_lot_of_unknown_weight_is_listed_and_not_priced() -> None:
    stacked = Quantity(40_000_000, Unit.M3_STACKED)
    book = change(change(general(), "p-1", quantity=stacked), "d-1", quantity=stacked)
    spoiled = lot_of(change(book, "f-1", statements=()))
    assert spoiled.dry_grams is None
    found = overpaid([spoiled], terms())
    assert [lot.lot.id for lot in found.weight_unknown] == ["d-1"]
    assert found.today.by_tonnage.yen == Yen()
    assert not found.nothing


def test_an_incomplete_lot_is_waste_today_and_as_claimed_if_all_passed() -> None:
    held = lot_of(correct(clean(), "p-1", Action.HOLD, date(2014, 12, 1)))
    assert held.status is not Status.INCOMPLETE  # it was delivered before: held after is a finding
    book = correct(clean(), "p-1", Action.HOLD, date(2014, 12, 1))
    undelivered = replace(book, deliveries=())
    waiting = lot_of(undelivered, "p-1")
    assert waiting.status is Status.INCOMPLETE
    assert waiting.by_class_if_passed == {THINNED: 17_400_000}
    found = overpaid([waiting], terms())
    assert yen(found.today) == (17_400 * 19, 17_400 * 19)
    assert yen(found.if_passed) == (0, 0)
    assert found.has_open


def test_an_incomplete_lot_of_which_a_part_fell_in_any_case() -> None:
    by_class = {c: 10_000_000 if c is WASTE else 0 for c in FuelClass}
    passed = {THINNED: 8_000_000, GENERAL: 2_000_000}
    waiting = lot(
        10_000_000,
        confirmed=WASTE,
        by_class=by_class,
        status=Status.INCOMPLETE,
        if_passed=GENERAL,
        by_class_if_passed=passed,
    )
    found = overpaid([waiting], terms())
    assert yen(found.today) == (10_000 * 19, 10_000 * 19)
    assert yen(found.if_passed) == (2_000 * 8, 10_000 * 8)


def test_a_sound_mixed_lot_is_paid_by_its_shares() -> None:
    sound = lot_of(mixture())
    assert sound.claimed == {THINNED: 8_700_000, GENERAL: 8_700_000}
    assert (sound.declared, sound.confirmed) == (GENERAL, GENERAL)
    assert overpaid([sound], terms()).nothing


def test_a_mixed_lot_falls_share_by_share_in_either_way() -> None:
    spoiled = lot_of(change(mixture(), "f-1", statements=()))
    assert spoiled.by_class is not None
    assert spoiled.by_class[THINNED] == 0
    found = overpaid([spoiled], terms())
    assert found.today.by_tonnage == found.today.all_or_nothing
    assert {(p.claimed, p.counted) for p in found.today.by_tonnage.parts} == {(THINNED, WASTE)}
    assert found.today.by_tonnage.grams == 8_700_000


def test_a_mixed_lot_without_the_exemption_falls_altogether() -> None:
    """The plant that it was certified for is another: G702."""
    elsewhere = Mixed("plant-9", (Share(THINNED, 5_000), Share(GENERAL, 5_000)))
    spoiled = lot_of(change(mixture(), "p-1", mixed=elsewhere))
    found = overpaid([spoiled], terms())
    assert yen(found.today) == (8_700 * (19 + 11), 8_700 * (19 + 11))


def test_a_gram_that_rounding_put_higher_is_not_overpaid() -> None:
    odd = replace(
        lot_of(mixture()),
        dry_grams=3,
        claimed={THINNED: 1, GENERAL: 2},
        by_class={THINNED: 2, GENERAL: 1, FuelClass.GENERAL_WASTE: 0, WASTE: 0},
    )
    assert overpaid([odd], terms()).nothing


def test_lots_of_a_whole_book_by_its_verdicts() -> None:
    """A final felling declared thinned falls to general."""
    book = change(general(), "f-1", fuel_class=THINNED, form=find(clean(), "f-1").form)
    spoiled = change(book, "p-1", fuel_class=THINNED, form=find(clean(), "p-1").form)
    found = overpaid([lot_of(spoiled)], terms())
    assert yen(found.today) == (Fraction(17_400 * 8), Fraction(17_400 * 8))


def test_as_data_with_every_input() -> None:
    data = overpayment_data(overpaid([split_lot(1_000_000, 500_000)], terms()), ["乙-1"])
    assert data["terms"]["approval"] == {"fiscal_year": 2016, "date": None}
    assert data["terms"]["output_kw"] == "5000"
    assert data["terms"]["prices_yen_per_kwh_excl_tax"]["construction_waste"]["yen"] == ["13", "13"]
    assert data["terms"]["kwh_per_bone_dry_tonne"]["thinned"]["stated"] is True
    assert data["today"]["by_tonnage"]["yen"] == {"low": 9_500, "high": 9_500, "exact": ["9500", "9500"]}
    (one,) = data["lots"]
    assert (one["name"], one["claimed"], one["confirmed"]) == ("乙-1", None, "construction_waste")
    assert one["today"]["all_or_nothing"]["parts"][0]["bone_dry"] == 1_500_000
    assert one["records"] == ["f-1", "p-1", "d-1"]


def test_the_working_range_follows_from_its_factors() -> None:
    """Every factor is in the table with its source; both ends are rounded to ten."""
    rows = table()
    heat, water = (
        Fraction(rows[n]["value"]) for n in ("lower_heating_value_bone_dry_wood", "evaporation_heat_of_water")
    )
    efficiency, own = rows["power_plant_gross_efficiency"], rows["power_plant_own_use"]
    moisture = RINYA_2012.moisture.value
    kwh_per_gj = Fraction(1_000, 1) / Fraction("3.6")
    least = (heat - water * moisture / (1 - moisture)) * Fraction(efficiency["low"]) * (1 - Fraction(own["high"]))
    most = heat * Fraction(efficiency["high"]) * (1 - Fraction(own["low"]))
    ends = [round(end * kwh_per_gj / 10) * 10 for end in (least, most)]
    row = rows["kwh_per_bone_dry_tonne"]
    assert ends == [int(row["low"]), int(row["high"])] == [KWH_UNKNOWN.low, KWH_UNKNOWN.high]
    assert row["value"] == ""
    assert not KWH_UNKNOWN.stated


# more than before


def test_what_comes_on_top_is_after_less_before() -> None:
    """Of a lot that is overpaid already only the rest of it; general wood at 24 yen falls to 13."""
    before, after = (fallen(GENERAL), lot(2_000_000)), (fallen(WASTE), split_lot(500_000, 1_500_000))
    more = overpaid_more(before, after, terms())
    assert yen(more.before.today) == (8_000, 8_000)
    assert yen(more.after.today) == (19_000 + 19 * 1_500, 19_000 + 19 * 2_000)
    assert (more.by_tonnage, more.all_or_nothing) == (
        Yen(Fraction(11_000 + 28_500), Fraction(11_000 + 28_500)),
        Yen(Fraction(11_000 + 38_000), Fraction(11_000 + 38_000)),
    )
    assert more.untold == ()


def test_what_comes_on_top_is_a_range_where_the_kwh_is() -> None:
    more = overpaid_more([lot(1_000_000)], [fallen()], terms(kwh={}))
    assert more.by_tonnage == Yen(Fraction(720 * 19), Fraction(1_510 * 19))


def test_a_lot_without_price_or_weight_is_not_on_top() -> None:
    """General wood was priced in 2018, waste was not: the difference would be below 0."""
    unpriced = overpaid_more([fallen(GENERAL)], [fallen(WASTE)], terms(2018))
    unknown = overpaid_more([lot(None)], [lot(None, confirmed=WASTE)], terms())
    for more in (unpriced, unknown):
        assert (more.by_tonnage, more.all_or_nothing) == (Yen(), Yen())
        assert len(more.untold) == 1


def test_of_a_mixed_lot_every_share_is_looked_at() -> None:
    """Two kinds as certified: nothing of it is lost, though only one of them is the class of the whole lot."""
    shares = {THINNED: 600_000, GENERAL: 400_000}
    mixed = lot(1_000_000, declared=GENERAL, confirmed=GENERAL, claimed=shares, by_class=shares)
    assert not_as_claimed(mixed) == 0
    fell = replace(mixed, by_class={THINNED: 500_000, GENERAL: 400_000, WASTE: 100_000})
    assert not_as_claimed(fell) == 100_000
    assert not_as_claimed(fallen()) == 1_000_000
    assert not_as_claimed(lot(None)) is None
