"""D901: within the retention period, a cited document cannot be produced.

Example: a notice that was looked at on delivery and not kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import DocumentCopy
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import is_felling_stage
from ..retention import ends
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    gone = [d for d in s.documents if d.copy is not DocumentCopy.KEPT]
    within = s.case.today <= ends(s)
    for document in gone if within else []:
        number = document.number or document.id[:12]
        seen = document.copy is DocumentCopy.SHOWN_NOT_KEPT
        how = Text("提示のみで写しなし", "shown, no copy kept") if seen else Text("所在不明", "missing")
        yield Fired(Text(f"{number}: ", f"{number}: ") + how)


RULE = Rule(
    code="D901",
    name=Text(
        "保存期間内の書類がない",
        "a document cannot be produced within the retention period",
    ),
    clause="G3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "証明書と関係書類は5年以上保存し、求めに応じて示せなければならない。",
        "Certificates and supporting papers are kept for at least five years and shown when asked for.",
    ),
    expected=Text(
        "5年間の保存",
        "kept for five years",
    ),
    remedy=Text(
        "発行元から写しを取り直して保存する",
        "get another copy from whoever issued it, and keep it",
    ),
    stages=FELLING,
    applies=lambda s: is_felling_stage(s) and bool(s.documents),
    check=_check,
    example=Text(
        "伐採届は見せてもらっただけで、写し1通も残さず、5年の保存期間のうちに示せない。",
        "The felling notice was looked at and not copied; within the five years it cannot be shown.",
    ),
)
