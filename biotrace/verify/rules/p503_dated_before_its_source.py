"""P503: a record is dated before a certificate it draws on, or draws on one that comes later in the order.

Example: chips certified on 3 June from logs certified on 10 June.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for intake in s.intakes:
        if intake.source is not None and intake.source.date <= s.date:
            continue
        name = s.label(intake.certificate)
        cited = s.case.by_id.get(intake.certificate)
        if cited is None:
            yield Fired(Text(f"{name} は手元にない", f"{name} is not at hand"))
        elif cited.date > s.date:
            yield Fired(Text(f"{name} は {cited.date}、本記録は {s.date}", f"{name}: {cited.date}; this: {s.date}"))
        elif intake.source is None:
            yield Fired(Text(f"{name} は本記録より後に記載されている", f"{name} comes later in the order"))


RULE = Rule(
    code="P503",
    name=Text(
        "引き当てた証明書より前の日付である",
        "dated before a certificate it draws on",
    ),
    clause="G3",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "まだ受け取っていない木材は引き当てられない。",
        "Wood cannot be passed on before it was received.",
    ),
    expected=Text(
        "引き当てた証明書の日付以後",
        "not earlier than the certificate it draws on",
    ),
    remedy=Text(
        "日付の誤りなら差し替える。引き当て先の誤りなら正しい証明書を引き当てる",
        "replace it if the date is wrong; draw on the right certificate if the draw is",
    ),
    stages=EVERY,
    applies=lambda s: bool(s.intakes) and (s.certificate is not None or s.at_plant),
    check=_check,
    example=Text(
        "6月3日付けのチップの証明書が、6月10日付けの原木の証明書を引き当てている。",
        "Chips certified on 3 June, drawn on logs certified on 10 June.",
    ),
)
