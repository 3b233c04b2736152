"""G704: it draws on a lot declared construction waste or general waste.

An exempt lot with proven shares may. Example: a 2-1 drawn in part on a lot of demolition wood.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject

_WASTE = (FuelClass.CONSTRUCTION_WASTE, FuelClass.GENERAL_WASTE)


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for intake in s.intakes:
        if intake.source is not None and intake.source.fuel_class in _WASTE:
            yield Fired(
                Text(f"{s.label(intake.certificate)}: ", f"{s.label(intake.certificate)}: ")
                + intake.source.fuel_class.label
            )


RULE = Rule(
    code="G704",
    name=Text(
        "建設資材廃棄物・一般廃棄物を引き当てている",
        "draws on a lot declared as waste",
    ),
    clause="G3(3)②",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "建設資材廃棄物や一般廃棄物として渡された木材を、証明された木材に混ぜてはならない。",
        "Wood handed over as construction or general waste must not be mixed into certified wood.",
    ),
    expected=Text(
        "証明された木材だけを引き当てる",
        "draws on certified wood only",
    ),
    remedy=Text(
        "廃棄物を含まないロットを分けて証明する",
        "certify the part without waste apart",
    ),
    stages=CERTIFICATES,
    applies=lambda s: s.certificate is not None and s.needs_proof and s.finds_source and not s.exempt_mixture,
    check=_check,
    example=Text(
        "間伐材30㎥に建設資材廃棄物5トンを混ぜたチップを、間伐材等由来とした。",
        "Chips of 30 m³ of thinnings and 5 t of construction waste, certified as thinned.",
    ),
)
