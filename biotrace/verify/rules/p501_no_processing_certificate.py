"""P501: processed goods reached the next hand without a processing-stage certificate.

Five routes of the audit: a mill next door to the plant, where both trusted each other (u1-u4), and one that kept
nothing (k1). Example: a delivery of chips that cites the log producer's certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if s.source is not None and not s.source.form.is_source:
        return
    if s.goods is None:
        yield NotChecked(Text("納入品目が書かれていない", "what was delivered is not stated"))
    elif s.goods.is_processed and s.source is None:
        yield Fired(Text("加工品の納入に証明書がない", "processed goods without any certificate"))
    elif s.goods.is_processed and s.source is not None:
        label = s.label(s.source.certificate)
        yield Fired(Text(f"伐採段階の証明書 {label} だけで納入", f"delivered on the source certificate {label} only"))


RULE = Rule(
    code="P501",
    name=Text(
        "加工・流通段階の証明書がない",
        "no processing-stage certificate",
    ),
    clause="G3(1)①イ",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "チップなど加工した木材を渡すときは、加工した者の証明書が要る。"
        "伐採段階の証明書をそのまま回しても代わりにならない。丸太の直接販売は除く。",
        "Whoever hands on processed wood issues a certificate of its own. Passing on the felling-stage "
        "certificate does not replace it. Logs sold directly are not concerned.",
    ),
    expected=Text(
        "加工・流通段階の証明書（別記2-1〜2-4）",
        "a processing-stage certificate (別記2-1 to 2-4)",
    ),
    remedy=Text(
        "チップ加工事業者に、この納入の証明書（納品書への追記でもよい）を発行してもらう",
        "have the chip processor issue one for this delivery (an annotated delivery note will do)",
    ),
    applies=lambda s: s.at_plant and (not s.intakes or s.source is not None),
    check=_check,
)
