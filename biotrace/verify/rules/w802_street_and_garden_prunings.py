"""W802: prunings from streets and gardens, on which the ministries disagree: waste, or general wood.

With the municipality's written view that they are no waste, and 1-2, the class stays. Example: prunings of street trees
on 1-2 alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Origin
from biotrace.model.text import Text

from ..effect import Effect
from ..no_procedure import is_no_procedure, judge_waste, named
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import NO_PROCEDURE
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    yield from judge_waste(s, named(s, (Origin.STREET_PRUNING, Origin.GARDEN_PRUNING)))


RULE = Rule(
    code="W802",
    name=Text(
        "街路樹・庭木の剪定枝は一般廃棄物とされる",
        "prunings from streets and gardens count as general waste",
    ),
    clause="A ウ",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.GENERAL_WASTE,
    explanation=Text(
        "剪定枝を林野庁は一般木質、資源エネルギー庁と環境省は一般廃棄物とする。街路樹や庭木のものは、"
        "廃棄物に当たらないという市町村の書面と別記1-2がそろえば区分を保ち、なければ一般廃棄物とする。",
        "The Forestry Agency puts prunings in general wood, the energy agency and the environment ministry in general "
        "waste. Those of streets and gardens keep their class with the municipality's written view that they are no "
        "waste, and 1-2; without it they are general waste.",
    ),
    expected=Text(
        "廃棄物に当たらない旨の市町村の書面",
        "the municipality's written view that it is no waste",
    ),
    remedy=Text(
        "市町村に文書で見解を求めて根拠書類に加えるか、一般廃棄物として扱う",
        "ask the municipality for its view in writing and cite it, or treat the wood as general waste",
    ),
    stages=NO_PROCEDURE,
    applies=is_no_procedure,
    check=_check,
    example=Text(
        "街路樹の剪定枝12トンを、市町村の書面なしに別記1-2で一般木質とした。",
        "12 t of prunings from street trees are certified as general on 1-2, without a word from the municipality.",
    ),
)
