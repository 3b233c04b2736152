"""P510: a certificate is, directly or not, its own source.

Only casebooks can hold one; a log cannot, since a record cites only what is already logged.
Example: two mills that draw on each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if s.id in s.case.circular:
        yield Fired(Text("引き当てが循環している", "its draws run in a circle"))


RULE = Rule(
    code="P510",
    name=Text(
        "証明書が自分自身のもとになっている",
        "a certificate is its own source",
    ),
    clause="G3",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.VOID,
    explanation=Text(
        "引き当てをたどると同じ証明書に戻る。木材の流れとしてあり得ない。",
        "Following the draws leads back to the same certificate, which no flow of wood can do.",
    ),
    expected=Text(
        "伐採に行き着く引き当て",
        "draws that lead back to a felling",
    ),
    remedy=Text(
        "引き当ての誤りを正す",
        "correct the draws",
    ),
    stages=CERTIFICATES,
    applies=lambda s: s.certificate is not None and bool(s.intakes),
    check=_check,
    example=Text(
        "A社の証明書がB社の証明書から40㎥を引き当て、そのB社の証明書もA社のものから40㎥を引き当てている。",
        "A draws 40 m³ on B's certificate, and that certificate draws 40 m³ on A's.",
    ),
)
