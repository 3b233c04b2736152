"""Thresholds of a set of rules. A later revision of the guideline is another profile, not another program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from biotrace.model.quantity import PARTS
from biotrace.model.text import Text


@dataclass(frozen=True)
class Factor:
    """A conversion: its default ``value``, the range (``low`` to ``high``) it lies in, and whose figures these are.

    ``best``: the most favourable one that Q602 grants, for it can cost a lot its class.
    """

    name: Text
    value: Fraction
    low: Fraction
    high: Fraction
    best: Fraction
    source: str

    @cached_property
    def said(self) -> Text:
        """Its name, value, range and source; half of all lots in a log are told of one."""
        value, low, high = (f"{float(f):g}" for f in (self.value, self.low, self.high))
        ja, en = f" {value}（{low}〜{high}、{self.source}）", f" {value} ({low} to {high}, {self.source})"
        return self.name + Text(ja, en)


@dataclass(frozen=True)
class Profile:
    """Thresholds and factors. ``sources``: whose figure each is, by field; a ``Factor`` bears its own.

    ``starts``: the day the guideline took effect; what was felled before it is family T's.

    ``m3_per_bone_dry_t_*``: m³ of roundwood per bone-dry tonne. ``moisture``: water ÷ wet mass. Tolerances are shares
    of the quantity concerned, but ``moisture_tolerance``: points of moisture in 1/10,000; ``yield_*``: bone-dry tonnes
    out per tonne in. ``*area_step``: m² (H313). ``*notice_days*``: days from filing to felling (H317).
    """

    name: str
    starts: date
    m3_per_bone_dry_t_softwood: Factor
    m3_per_bone_dry_t_hardwood: Factor
    loose_m3_per_m3: Factor
    moisture: Factor
    delivery_tolerance: Fraction
    balance_tolerance: Fraction
    moisture_tolerance: int
    yield_low: Fraction
    yield_high: Fraction
    document_tolerance: Fraction
    plan_tolerance: Fraction
    thinning_rate_limit: int
    closes_again_years: int
    area_step: int
    protection_area_step: int
    notice_days: int
    protection_notice_days: int
    notice_days_most: int
    code_of_conduct_latest: date
    accreditation_years: int
    retention_years: int
    allowed_delay_days: int
    sources: Mapping[str, Text]

    @cached_property
    def default_moisture(self) -> int:
        """Moisture where a paper states none, in 1/10,000."""
        return int(self.moisture.value * PARTS)


def _factor(name: Text, value: str, span: tuple[str, str], best: str, source: str) -> Factor:
    low, high = map(Fraction, span)
    return Factor(name, Fraction(value), low, high, Fraction(best), source)


RINYA_2012 = Profile(
    name="rinya-2012",
    starts=date(2012, 6, 18),
    m3_per_bone_dry_t_softwood=_factor(  # conversions.csv
        Text("針葉樹 ㎥/全乾t", "softwood, m³ per bone-dry t"), "2.2", ("2.2", "3.5"), "2.2", "全木チ連 / 木材需給表"
    ),
    m3_per_bone_dry_t_hardwood=_factor(  # conversions.csv; what Q602 grants is the catalogue's 1/1.7
        Text("広葉樹 ㎥/全乾t", "hardwood, m³ per bone-dry t"), "1.7", ("1.4", "2.2"), "1.7", "全木チ連 / 木材需給表"
    ),
    loose_m3_per_m3=_factor(  # conversions.csv
        Text("チップ層積㎥/㎥", "loose m³ per m³"), "3.0", ("2.5", "3.5"), "2.5", "全木チ連"
    ),
    moisture=_factor(  # conversions.csv: the fuel-price form of 2015; wood may come in quite dry (best)
        Text("水分（湿量基準）", "moisture (wet basis)"),
        "0.40",
        ("0.10", "0.70"),
        "0",
        "総務省 2017, 図表2-(3)-ア-⑦ (FIT設備認定における事前チェックの様式)",
    ),
    delivery_tolerance=Fraction(5, 100),
    balance_tolerance=Fraction(3, 100),  # see ADR 13
    moisture_tolerance=500,  # see ADR 19
    yield_low=Fraction(4, 10),
    yield_high=Fraction(1),
    document_tolerance=Fraction(10, 100),
    plan_tolerance=Fraction(10, 100),
    thinning_rate_limit=3500,
    closes_again_years=5,
    area_step=100,
    protection_area_step=1,
    notice_days=30,
    protection_notice_days=20,
    notice_days_most=90,
    code_of_conduct_latest=date(2012, 9, 1),
    accreditation_years=3,
    retention_years=5,
    allowed_delay_days=30,
    sources={
        "starts": Text("G5: ガイドラインの施行", "G5: the guideline takes effect"),
        "delivery_tolerance": Text("解釈（Q601・Q606）: 計量の差", "interpretation (Q601, Q606): weighings differ"),
        "balance_tolerance": Text(
            "解釈（Q602・Q603・G702）: 計量と端数", "interpretation (Q602, Q603, G702): weighing and rounding"
        ),
        "moisture_tolerance": Text(
            "解釈（Q602・Q606）: 同じ木材でも測るたびに違う", "interpretation (Q602, Q606): no two measurements agree"
        ),
        "yield_low": Text("解釈（Q603）", "interpretation (Q603)"),
        "yield_high": Text("解釈（Q603）", "interpretation (Q603)"),
        "document_tolerance": Text("解釈（H314）", "interpretation (H314)"),
        "plan_tolerance": Text("解釈（F954）", "interpretation (F954)"),
        "thinning_rate_limit": Text("G2(1)①: 材積の35％以下", "G2(1)①: up to 35 % by volume"),
        "closes_again_years": Text("G2(1)①: おおむね5年", "G2(1)①: about five years"),
        "area_step": Text(
            "伐採届の記載要領: ヘクタールで小数2位まで", "the felling notice's instructions: hectares to two decimals"
        ),
        "protection_area_step": Text(
            "保安林の申請書・届出書の注意事項: 小数4位まで", "notes on the protection-forest forms: four decimals"
        ),
        "notice_days": Text("森林法施行規則9条", "enforcement regulation of the Forest Act, art. 9"),
        "protection_notice_days": Text("森林法施行規則68条", "enforcement regulation of the Forest Act, art. 68"),
        "notice_days_most": Text("森林法施行規則9条・68条", "enforcement regulation of the Forest Act, arts. 9 and 68"),
        "code_of_conduct_latest": Text("G5(2)", "G5(2)"),
        "accreditation_years": Text("別記3 の【別記2】認定書", "別記3, its form 2 (認定書)"),
        "retention_years": Text("G3: 5年以上", "G3: at least five years"),
        "allowed_delay_days": Text(
            "解釈（S107・A203）: ガイドラインに定めはない", "interpretation (S107, A203): the guideline sets no time"
        ),
    },
)

PROFILES = {RINYA_2012.name: RINYA_2012}
