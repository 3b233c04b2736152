"""H305: declared as thinning, but the accepted document allows more than 35 % by volume.

Example: a felling notice with method 間伐 and rate 40 %. Not where origin ② is proven.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Origin
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import is_felling_stage, thinning_notices
from ..origins import claimed_origins
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject
from .h304_final_felling_as_thinned import fires_h304


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    rates = []
    for document in thinning_notices(s):
        rate = document.felling.rate if document.felling is not None else None
        rates.append(rate)
        if rate is not None and rate > s.profile.thinning_rate_limit:
            number = document.number or document.id[:12]
            yield Fired(Text(f"{number}: 伐採率 {rate / 100:g} %", f"{number}: rate {rate / 100:g} %"))
            return
    if None in rates:
        yield NotChecked(Text("根拠書類に伐採率がない", "a document does not state the felling rate"))


def _applies(s: Subject) -> bool:
    certificate = s.certificate
    if certificate is None or not is_felling_stage(s) or s.fuel_class is not FuelClass.THINNED or fires_h304(s):
        return False
    return Origin.THINNING in claimed_origins(certificate) and bool(thinning_notices(s))


RULE = Rule(
    code="H305",
    name=Text(
        "間伐の伐採率が35％を超える",
        "thinning above 35 % by volume",
    ),
    clause="G2(1)①",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.GENERAL,
    explanation=Text(
        "間伐材といえるのは、材積に係る伐採率35％以下の伐採である。超えるものは②に当たらないかぎり一般木質になる。",
        "Thinning means at most 35 % by volume. Above that the wood is general, unless origin ② is proven.",
    ),
    expected=Text(
        "材積伐採率35％以下",
        "a felling rate of at most 35 % by volume",
    ),
    remedy=Text(
        "一般木質として証明し直すか、②に当たることを示す書類を添える",
        "certify it as general, or attach what proves origin ②",
    ),
    stages=FELLING,
    applies=_applies,
    check=_check,
    example=Text(
        "間伐として届け出た伐採の率が、材積で40％（35％まで）。",
        "A notice for thinning at 40 % by volume; up to 35 % is thinning.",
    ),
)
