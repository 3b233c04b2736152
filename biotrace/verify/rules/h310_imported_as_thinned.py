"""H310: imported wood declared thinned.

The price notice leaves imported wood out of the thinned class. Example: certified thinnings from abroad.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Origin
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from ..effect import Effect
from ..origins import is_imported, is_legality_paper, supports
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import SOURCES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    parties = s.case.parties
    legality = any(supports(d, Origin.IMPORTED, parties) for d in s.documents) or is_legality_paper(s.certificate)
    country = s.certificate.country or "—"
    yield Fired(
        Text(f"産出国: {country}", f"country: {country}"), effect=Effect.GENERAL if legality else Effect.UNPROVEN
    )


RULE = Rule(
    code="H310",
    name=Text(
        "輸入材を間伐材等由来としている",
        "imported wood declared as thinned",
    ),
    clause="N",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "輸入材は間伐材等由来にならない。合法性の証明があれば一般木質、なければ由来不明となる。",
        "Imported wood is never thinned: general with legality evidence, else unproven.",
    ),
    expected=Text(
        "一般木質（合法性の証明付き）",
        "general, with legality evidence",
    ),
    remedy=Text(
        "一般木質として証明し直す",
        "certify it as general",
    ),
    stages=SOURCES,
    applies=lambda s: (
        s.certificate is not None
        and s.certificate.form.is_source
        and is_imported(s.certificate)
        and s.fuel_class is FuelClass.THINNED
    ),
    check=_check,
    example=Text(
        "カナダ産の丸太300㎥を、間伐で出た木だとして間伐材等由来とした。",
        "300 m³ of logs from Canada declared thinned, since they came from thinning there.",
    ),
)
