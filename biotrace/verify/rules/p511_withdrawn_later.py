"""P511: a certificate it draws on was cancelled, replaced or put on hold after this record.

Clean when accepted, not now. Example: chips drawn in November on a certificate cancelled in December.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.correction import Action
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import said, withdrawals
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject

_MESSAGE = {
    Action.CANCEL: Text("引き当てた証明書が後に取り消された", "a certificate it draws on was cancelled later"),
    Action.REPLACE: Text("引き当てた証明書が後に差し替えられた", "a certificate it draws on was replaced later"),
    Action.HOLD: Text("引き当てた証明書が後に保留された", "a certificate it draws on was put on hold later"),
}
_REMEDY = {
    Action.CANCEL: Text("有効な証明書を引き当てる", "rest it on a certificate that stands"),
    Action.REPLACE: Text("差し替え後の証明書を引き当てる", "rest it on the replacement"),
    Action.HOLD: Text("保留の解除を待つ", "wait for the hold to be released"),
}


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for intake, placed in withdrawals(s, before=False):
        action = placed.correction.action
        yield Fired(said(s, intake, placed), message=_MESSAGE[action], remedy=_REMEDY[action])


RULE = Rule(
    code="P511",
    name=Text(
        "引き当てた証明書が後に取消し・差替え・保留となった",
        "a certificate it draws on was cancelled, replaced or put on hold later",
    ),
    clause="G3",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "受け入れた時点では問題がなかったが、その後に根拠の証明書が取り消し・差替え・保留となった。",
        "It was in order when accepted; since then what it rests on was cancelled, replaced or put on hold.",
    ),
    expected=Text(
        "有効な証明書",
        "a certificate that stands",
    ),
    remedy=Text(
        "差し替え後の証明書を引き当てるか、保留の解除を待つ",
        "rest it on the replacement, or wait for the hold to be released",
    ),
    stages=EVERY,
    applies=lambda s: bool(s.intakes),
    check=_check,
    example=Text(
        "11月19日に40㎥を引き当てた証明書が、12月1日に取り消された。",
        "40 m³ drawn on 19 November on a certificate that was cancelled on 1 December.",
    ),
)
