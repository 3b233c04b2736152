"""P504: a higher class is claimed than an input declares.

An input lowered by a finding of its own is reported there, not here. Example: a 2-1 thinned drawn from a 2-4 general.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..inputs import declares_several
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for intake in s.intakes:
        source = intake.source
        if source is not None and source.fuel_class.rank > s.fuel_class.rank:
            label, declared, claimed = s.label(intake.certificate), source.fuel_class.label, s.fuel_class.label
            yield Fired(Text(f"{label}: ", f"{label}: ") + declared + Text(" → ", " → ") + claimed)


RULE = Rule(
    code="P504",
    name=Text(
        "入荷時より上位の区分で出荷している",
        "a higher class is claimed than an input declares",
    ),
    clause="G3(1)①イ",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.INPUT_CLASS,
    explanation=Text(
        "加工・流通しても区分は上がらない。引き当てた証明書の区分より上の区分で証明した分は、入荷時の区分に戻る。",
        "Handling does not raise a class. What was drawn from a lower class keeps that class.",
    ),
    expected=Text(
        "入荷した証明書と同じか下位の区分",
        "the inputs' class, or a lower one",
    ),
    remedy=Text(
        "入荷した区分で証明し直す",
        "certify it in the class that came in",
    ),
    stages=EVERY,
    applies=lambda s: s.finds_source and not s.exempt_mixture and not declares_several(s),
    check=_check,
    example=Text(
        "一般木質の証明書から引き当てた40㎥を、間伐材等由来の別記2-1で出荷した。",
        "40 m³ drawn on a general certificate go out as thinned on a 2-1.",
    ),
)
