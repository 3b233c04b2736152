"""H302: a felling-stage certificate lists no supporting document.

Example: a mill that trusts its producer's information card and asks for nothing else (audit routes t1, t3). A document
listed but not to be had is another rule's (D901).
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..facts import is_felling_stage
from ..origins import is_imported, is_national, on_legality_guideline
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if s.documents or s.certificate is None:
        return
    if s.certificate.documents:
        yield Fired(Text("挙げられた書類がこの時点では手元にない", "what is listed is not at hand at this time"))
    else:
        yield Fired(Text("根拠書類が一つも挙げられていない", "none is listed"))


def _applies(s: Subject) -> bool:
    certificate = s.certificate
    if certificate is None or not is_felling_stage(s) or is_national(certificate):
        return False  # national forest: H309 speaks
    return not (is_imported(certificate) or on_legality_guideline(certificate))


RULE = Rule(
    code="H302",
    name=Text(
        "根拠書類がない",
        "no supporting document",
    ),
    clause="別記1",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "伐採段階の証明書には、伐採届・許可・経営計画の認定書・売買契約書などの写しを添える。1-2、輸入材、"
        "合法性証明による一般木質は除く。",
        "A felling-stage certificate comes with a copy of the notice, permit, plan certification or contract. "
        "Not for 1-2, imported wood, or general wood under the legality guideline.",
    ),
    expected=Text(
        "根拠書類の写し",
        "a copy of a supporting document",
    ),
    remedy=Text(
        "素材生産者から根拠書類の写しをもらい、証明書に付ける",
        "get a copy from the log producer and attach it",
    ),
    stages=FELLING,
    applies=_applies,
    check=_check,
    example=Text(
        "間伐材80㎥の証明書に、伐採届も許可書も1通も添えられていない。",
        "A certificate for 80 m³ of thinnings with no notice, permit or contract attached, not one.",
    ),
)
