"""H301: wood entered the chain without a felling-stage certificate.

The audit found 23 such routes: mills that felled their own logs, or held the permit and thought that enough.
Permits say what may be felled, not that this wood is it. Example: a 2-1 that draws on nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import is_processing_stage
from ..origins import is_imported, is_legality_paper
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if not _lacks_source(s):
        return
    if s.delivery is not None:
        yield Fired(Text("納入に引き当てた証明書が一つもない", "the delivery cites no certificate at all"))
    elif is_processing_stage(s):
        yield Fired(_without_source(s))
    else:
        yield Fired(
            Text("合法性証明・認証だけで間伐材等由来としている", "thinned wood on a legality or CoC certificate only")
        )


def _without_source(s: Subject) -> Text:
    if s.documents:
        return Text(
            "根拠書類だけで、素材生産者の証明書を引き当てていない",
            "only a document is cited, no certificate of whoever felled the wood",
        )
    return Text("引き当てた証明書がない", "it draws on no certificate")


def _lacks_source(s: Subject) -> bool:
    certificate = s.certificate
    if certificate is None:
        return s.at_plant and not s.intakes
    if is_processing_stage(s):
        return not certificate.draws
    return s.fuel_class is FuelClass.THINNED and is_legality_paper(certificate) and not is_imported(certificate)


RULE = Rule(
    code="H301",
    name=Text(
        "伐採段階の証明書がない",
        "no felling-stage certificate",
    ),
    clause="G3(1)①ア",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "木材が流通に入るとき、伐採を行う者の証明書が要る。自社で伐採した場合も、根拠書類がある場合も省けない。"
        "許可書・契約書の写しに追記したもの、納品書に既存の書類を添えたもの、一般木質では合法性証明で代えられる。",
        "Wood enters the chain with a certificate of whoever felled it, also when the processor felled it "
        "itself, and also where the permit is at hand. An annotated copy of the permit or contract, papers "
        "attached to a delivery note, or, for general wood, a legality certificate may stand in for it.",
    ),
    expected=Text(
        "伐採段階の証明書（別記1・1-1・1-2 など）",
        "a felling-stage certificate (別記1, 1-1, 1-2 …)",
    ),
    remedy=Text(
        "素材生産者に証明書を出してもらい、それを引き当てる（自社伐採でも自社名で作成する）",
        "have the log producer issue one and draw on it (issue your own where you felled)",
    ),
    stages=EVERY,
    applies=lambda s: s.certificate is not None or s.at_plant,
    check=_check,
    example=Text(
        "自社の山で伐採したスギのチップ20トンを、伐採段階の証明書を作らずに別記2-1だけで出荷した。",
        "20 t of chips from the mill's own felling go out on a 2-1 that draws on no felling-stage certificate.",
    ),
)
