"""Thresholds of a set of rules. A later revision of the guideline is another profile, not another program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Profile:
    """Thresholds and factors, each with its source in a comment beside the value below.

    ``starts``: the day the guideline took effect; what was felled before it is family T's.

    ``m3_per_bone_dry_t_*``: the default factor (value) and the most favourable one (best), m³ of roundwood per
    bone-dry tonne. Tolerances are shares of the quantity concerned. ``moisture`` is wet basis in 1/10,000.
    """

    name: str
    starts: date
    m3_per_bone_dry_t_softwood: Fraction
    m3_per_bone_dry_t_hardwood: Fraction
    loose_m3_per_m3: Fraction
    loose_m3_per_m3_best: Fraction
    default_moisture: int
    delivery_tolerance: Fraction
    balance_tolerance: Fraction
    document_tolerance: Fraction
    thinning_rate_limit: int
    code_of_conduct_latest: date
    accreditation_years: int
    retention_years: int
    allowed_delay_days: int


RINYA_2012 = Profile(
    name="rinya-2012",
    starts=date(2012, 6, 18),  # G5: the guideline takes effect
    m3_per_bone_dry_t_softwood=Fraction("2.2"),  # conversions.csv (全木チ連 / 木材需給表)
    m3_per_bone_dry_t_hardwood=Fraction("1.7"),  # conversions.csv (全木チ連 / 木材需給表)
    loose_m3_per_m3=Fraction(3),  # conversions.csv (全木チ連)
    loose_m3_per_m3_best=Fraction("2.5"),  # conversions.csv: the low end of the range
    default_moisture=4000,  # conversions.csv: the fuel-price form of 2015 (audit 2017, 図表2-(3)-ア-⑦)
    delivery_tolerance=Fraction(5, 100),  # Q601
    balance_tolerance=Fraction(3, 100),  # Q602
    document_tolerance=Fraction(10, 100),  # H314
    thinning_rate_limit=3500,  # G2(1)①: 35 % by volume
    code_of_conduct_latest=date(2012, 9, 1),  # G5(2)
    accreditation_years=3,  # 別記3 の【別記2】
    retention_years=5,  # G3
    allowed_delay_days=30,  # S107, A203 (interpretation: the guideline sets no time for logging)
)

PROFILES = {RINYA_2012.name: RINYA_2012}
