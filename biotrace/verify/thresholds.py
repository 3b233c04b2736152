"""The thresholds and factors of a profile as rows of a table: what each is, its value, and whose figure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any

from biotrace.model.quantity import PARTS
from biotrace.model.text import Text, same

from .profile import Factor, Profile

_DAYS, _YEARS, _PERCENT = Text(" 日", " days"), Text(" 年", " years"), same(" %")
_M2 = Text(" ㎡", " m²")
_NAMES: Mapping[str, tuple[Text, Text]] = {
    "starts": (Text("ガイドラインの施行日", "the day the guideline took effect"), same("")),
    "delivery_tolerance": (
        Text("納入の計量で証明書を超えてよい割合", "a delivery may exceed its certificate by"),
        _PERCENT,
    ),
    "balance_tolerance": (Text("出荷が引き当てを超えてよい割合", "what goes out may exceed the draws by"), _PERCENT),
    "moisture_tolerance": (
        Text("測り直した水分が低くてよい幅（ポイント）", "points that a moisture measured anew may be too low"),
        _PERCENT,
    ),
    "yield_low": (Text("歩留まりの下限", "least yield of a process"), _PERCENT),
    "yield_high": (Text("歩留まりの上限", "greatest yield of a process"), _PERCENT),
    "document_tolerance": (
        Text("証明の合計が書類の材積を超えてよい割合", "what is certified may exceed the document's volume by"),
        _PERCENT,
    ),
    "thinning_rate_limit": (
        Text("間伐の伐採率の上限（材積）", "greatest felling rate of a thinning, by volume"),
        _PERCENT,
    ),
    "closes_again_years": (
        Text("間伐の後、再びうっ閉するまで", "after a thinning the canopy closes again within"),
        _YEARS,
    ),
    "area_step": (Text("伐採届の面積の刻み", "areas on felling notices are in steps of"), _M2),
    "protection_area_step": (
        Text("保安林の書類の面積の刻み", "areas on protection-forest papers are in steps of"),
        _M2,
    ),
    "notice_days": (
        Text("伐採届から伐採開始まで（最短）", "a felling notice is filed before felling by at least"),
        _DAYS,
    ),
    "protection_notice_days": (
        Text("保安林の間伐届・択伐届から伐採開始まで（最短）", "a notice for a protection forest by at least"),
        _DAYS,
    ),
    "notice_days_most": (Text("届出から伐採開始まで（最長）", "any of these notices by at most"), _DAYS),
    "plan_tolerance": (Text("使用量が計画と離れてよい割合", "what is burned may differ from the plan by"), _PERCENT),
    "code_of_conduct_latest": (
        Text("団体の自主行動規範ができる期限", "the last day for a body to have its code of conduct"),
        same(""),
    ),
    "accreditation_years": (Text("認定の有効期間", "an accreditation is valid for"), _YEARS),
    "retention_years": (Text("書類の保存期間", "papers are kept for"), _YEARS),
    "allowed_delay_days": (Text("日付から台帳に入るまで", "from its own date until it is logged"), _DAYS),
}
"""Field of a profile -> its name, and what the figure counts."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One row. ``key``: the field of the profile; ``value``: with its unit.

    ``low``, ``high`` and ``best`` (what Q602 grants): of conversion factors, otherwise empty.
    """

    key: str
    name: Text
    value: Text
    low: str
    high: str
    best: str
    source: Text


def thresholds(profile: Profile) -> tuple[Threshold, ...]:
    """Every threshold and factor of the profile, in its order. Raises KeyError for one without name or source."""
    keys = [field.name for field in fields(profile) if field.name not in ("name", "sources")]
    return tuple(_row(profile, key, getattr(profile, key)) for key in keys)


def _row(profile: Profile, key: str, value: Any) -> Threshold:
    if isinstance(value, Factor):
        figure, low, high, best = map(_decimal, (value.value, value.low, value.high, value.best))
        return Threshold(key, value.name, same(figure), low, high, best, same(value.source))
    name, unit = _NAMES[key]
    return Threshold(key, name, same(_figure(value, unit)) + unit, "", "", "", profile.sources[key])


def _figure(value: date | Fraction | int, unit: Text) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if unit is _PERCENT:
        return _decimal((value if isinstance(value, Fraction) else Fraction(value, PARTS)) * 100)
    return _decimal(Fraction(value))


def _decimal(value: Fraction) -> str:
    return f"{float(value):g}"
