"""P501: processed goods reached the next hand without a processing-stage certificate.

Five routes of the audit: a mill next door to the plant, where both trusted each other (u1-u4), and one that kept
nothing (k1). Example: a delivery of chips that cites the log producer's certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.labels import label
from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if s.certificate is not None:
        if s.goods is not None and s.goods.is_processed:
            yield Fired(Text("伐採段階の証明書で渡した: ", "handed on with a source certificate: ") + label(s.goods))
    elif s.goods is None:
        yield NotChecked(Text("納入品目が書かれていない", "what was delivered is not stated"))
    elif s.goods.is_processed and s.source is None:
        yield Fired(Text("加工品の納入に証明書がない", "processed goods without any certificate"))
    elif s.goods.is_processed and s.source is not None:
        name = s.label(s.source.certificate)
        yield Fired(Text(f"伐採段階の証明書 {name} だけで納入", f"delivered on the source certificate {name} only"))


def _applies(s: Subject) -> bool:
    if s.certificate is not None:
        return s.certificate.form.is_felling
    if not s.at_plant or (s.intakes and s.source is None):
        return False
    # A source certificate that says itself that the goods are processed has been spoken of already.
    source = s.source
    spoken = source is not None and source.form.is_felling and source.goods is not None and source.goods.is_processed
    return source is None or (source.form.is_source and not spoken)


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
    stages=EVERY,
    applies=_applies,
    check=_check,
    example=Text(
        "チップ工場が発電所に切削チップ20トンを納め、素材生産者の別記1だけを渡した。",
        "A chip mill delivers 20 t of chips to a plant and hands on the log producer's 別記1 only.",
    ),
)
