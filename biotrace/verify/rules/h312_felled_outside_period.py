"""H312: the wood was felled outside the document's felling period.

Example: a notice for 2015-02-20 to 2016-02-19 and logs felled in March 2016.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..facts import is_felling_stage
from ..felling_time import judge_time
from ..origins import names_places
from ..period import felling_period
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    yield from judge_time(s, felling_period, Text("根拠書類に伐採期間がない", "no document states a felling period"))


RULE = Rule(
    code="H312",
    name=Text(
        "届出・許可の伐採期間の外で伐採している",
        "felled outside the document's period",
    ),
    clause="G2(1)",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "根拠書類に伐採の期間があるときは、その間に伐採した木材でなければならない。",
        "Where the document states a felling period, the wood must have been felled in it.",
    ),
    expected=Text(
        "書類の伐採期間の中",
        "within the document's felling period",
    ),
    remedy=Text(
        "期間を延ばした届出・許可の写しを添えるか、日付の誤りを正す",
        "attach the extended notice or permit, or correct the dates",
    ),
    stages=FELLING,
    applies=lambda s: is_felling_stage(s) and bool(names_places(s.documents)),
    check=_check,
    example=Text(
        "届出の伐採期間は2015年2月20日から。伐採は2月2日から13日まで。",
        "A notice for felling from 20 February 2015 on behind wood felled from 2 to 13 February.",
    ),
)
