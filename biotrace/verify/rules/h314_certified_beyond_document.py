"""H314: the quantity certified on one document, over all valid certificates that cite it, exceeds the volume it allows.

Example: one permit for 500 m³ behind certificates to three mills over 400 m³ each. Volumes of several documents on one
certificate are pooled; copies of one document are that document, and where they differ the smaller volume counts.
What is certified in another unit counts as the least roundwood that it can be.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..document_use import Beyond, beyond, limiting_documents, volumes_known
from ..effect import Effect
from ..facts import is_felling_stage, is_valid_use
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if not volumes_known(s):
        yield NotChecked(Text("根拠書類に材積がない", "a document states no volume"), harmless=True)
        return
    found = beyond(s) if is_valid_use(s) else None
    if found is None:
        return
    surely = found.excess is not None
    yield Fired(_said(found), effect=Effect.UNPROVEN if surely else Effect.NOTICE, excess=found.excess)


def _said(found: Beyond) -> Text:
    certified, allowed = (f"{cm3 / 10**6:,.2f}" for cm3 in (found.certified, found.allowed))
    how = Text("", "")
    if found.converted:
        how = (
            Text("少なくとも ", "at least ")
            if found.excess is not None
            else Text("標準の係数で ", "by default factors ")
        )
    return (
        Text("証明の合計 ", "certified ")
        + how
        + Text(f"{certified} ㎥、書類の材積 {allowed} ㎥", f"{certified} m³ in all, the documents allow {allowed} m³")
    )


RULE = Rule(
    code="H314",
    name=Text(
        "根拠書類の材積を超えて証明している",
        "more certified than the document allows",
    ),
    clause="G3(1)①ア",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "一つの許可・届出・計画について、それを引く有効な証明書の数量を合計し、書類の材積の1割増しを超えたら、"
        "超えた分は由来不明とする。重量や層積は、係数の範囲で最も少ない丸太の材積として数える。"
        "標準の係数でだけ超えるときは注意にとどめる。",
        "Quantities of all valid certificates that cite a document are added up; beyond its volume plus 10 %, "
        "what lies above the volume is unproven. Weights, stacks and loose volumes count as the least roundwood that "
        "factors allow; where only default factors go beyond, it is a notice.",
    ),
    expected=Text(
        "根拠書類の材積の範囲内",
        "within the document's volume",
    ),
    remedy=Text(
        "超過分の根拠書類を添えるか、数量を訂正した証明書に差し替える",
        "attach what covers the excess, or replace the certificate with a corrected quantity",
    ),
    stages=FELLING,
    applies=lambda s: is_felling_stage(s) and bool(limiting_documents(s)),
    check=_check,
    example=Text(
        "材積500㎥の許可書1通を、400㎥の証明書2通が引いている。後の1通のうち300㎥は根拠がない。",
        "One permit for 500 m³ behind two certificates of 400 m³: of the later one 300 m³ have nothing behind them.",
    ),
)
