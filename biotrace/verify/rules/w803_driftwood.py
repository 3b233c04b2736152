"""W803: driftwood. From a dam with 1-2 the class stays; from a river or a coast it is judged as street prunings are.

Example: driftwood gathered on a beach, on 1-2 alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Origin
from biotrace.model.labels import label
from biotrace.model.text import Text

from ..effect import Effect
from ..no_procedure import is_no_procedure, judge_waste, named
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import NO_PROCEDURE
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for kind in named(s, (Origin.DAM_DRIFTWOOD,)):
        yield Fired(
            label(kind),
            message=Text("ダム流木（区分はそのまま）", "driftwood from a dam; the class stays"),
            effect=Effect.NOTICE,
        )
    yield from judge_waste(s, named(s, (Origin.DRIFTWOOD,)))


RULE = Rule(
    code="W803",
    name=Text(
        "河川・海岸の流木は一般廃棄物とされる",
        "driftwood from rivers and coasts counts as general waste",
    ),
    clause="G3(2)①イ(イ), A ウ",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.GENERAL_WASTE,
    explanation=Text(
        "ダム流木はガイドラインが別記1-2の木材に挙げており、区分を保つ。河川や海岸の流木は、"
        "廃棄物に当たらないという市町村の書面があれば区分を保ち、なければ一般廃棄物とする。",
        "The guideline names dam driftwood among the wood that 1-2 is for: its class stays. Driftwood from rivers and "
        "coasts keeps its class with the municipality's written view that it is no waste; without it it is general "
        "waste.",
    ),
    expected=Text(
        "ダムの流木か、廃棄物に当たらない旨の市町村の書面",
        "driftwood from a dam, or the municipality's written view that it is no waste",
    ),
    remedy=Text(
        "市町村に文書で見解を求めて根拠書類に加えるか、一般廃棄物として扱う",
        "ask the municipality for its view in writing and cite it, or treat the wood as general waste",
    ),
    stages=NO_PROCEDURE,
    applies=is_no_procedure,
    check=_check,
    example=Text(
        "海岸に流れ着いた流木20トンを、市町村の書面なしに別記1-2で一般木質とした。",
        "20 t of driftwood from a beach are certified as general on 1-2, without a word from the municipality.",
    ),
)
