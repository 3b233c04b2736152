"""P508: it draws on a certificate that was cancelled, replaced or on hold before it, by the order of the log.

Example: chips drawn in December on a certificate cancelled in November.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..facts import said, withdrawals
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for intake, placed in withdrawals(s, before=True):
        yield Fired(said(s, intake, placed))


RULE = Rule(
    code="P508",
    name=Text(
        "取消し・差替え・保留中の証明書を引き当てている",
        "draws on a certificate already withdrawn",
    ),
    clause="G3",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "取り消され、差し替えられ、または保留されている証明書は、その後の証明の根拠にならない。",
        "A certificate that was cancelled, replaced or put on hold carries nothing afterwards.",
    ),
    expected=Text(
        "有効な証明書",
        "a certificate that stands",
    ),
    remedy=Text(
        "有効な証明書を引き当てる",
        "draw on a certificate that stands",
    ),
    stages=EVERY,
    applies=lambda s: bool(s.intakes),
    check=_check,
    example=Text(
        "11月10日に取り消された証明書から、12月3日に40㎥を引き当てた。",
        "40 m³ drawn on 3 December on a certificate that was cancelled on 10 November.",
    ),
)
