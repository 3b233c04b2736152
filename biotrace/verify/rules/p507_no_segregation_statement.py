"""P507: the statement that the wood was kept apart is missing.

Example: a home-made 2-1 that says the class and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Form, Statement
from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING, PROCESSING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    if Statement.SEGREGATED in s.certificate.statements:
        return
    lenient = s.certificate.form in (Form.F1_NATIONAL, Form.F1_1)
    yield Fired(Text("分別管理の文がない", "no such sentence"), effect=Effect.NOTICE if lenient else Effect.UNPROVEN)


RULE = Rule(
    code="P507",
    name=Text(
        "分別管理の記載がない",
        "the segregation statement is missing",
    ),
    clause="G3, 別記1・別記2",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "「適切に分別管理されていることを証明します」の文が、例1・2-1・2-2・2-3・2-4にはある。"
        "例2と1-1にはないので注意にとどめ、1-2では問わない。",
        "The printed 例1, 2-1, 2-2, 2-3 and 2-4 say that the goods were kept apart. 例2 and 1-1 do not: a notice "
        "there; 1-2: silent.",
    ),
    expected=Text(
        "適切に分別管理されている旨",
        "that it was kept apart properly",
    ),
    remedy=Text(
        "分別管理の文のある証明書に差し替える",
        "replace it with one that carries the sentence",
    ),
    stages=FELLING | PROCESSING,
    applies=lambda s: s.certificate is not None and s.certificate.form is not Form.F1_2,
    check=_check,
    example=Text(
        "自社様式の別記2-1に区分の文はあるが、分別管理の文が1行もない。",
        "A home-made 2-1 that says the class, with no line on segregation.",
    ),
)
