"""Q601: draws, deliveries and withdrawals on one certificate exceed its quantity.

The later use exceeds, never the certificate drawn from. Example: 31.2 t drawn on 28.5 t. A use in another unit is not
checked; a stranger's draw (P502) takes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.quantity import Quantity
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import is_valid_use
from ..inputs import in_other_measure, overdrawn
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for intake in s.intakes:
        if in_other_measure(intake) and intake.source is not None and not intake.source.supplement:
            reason = Text(
                f"{s.label(intake.certificate)}: 単位が違う（{intake.quantity} と {intake.source.quantity}）",
                f"{s.label(intake.certificate)}: other units ({intake.quantity} of {intake.source.quantity})",
            )
            yield NotChecked(reason, harmless=True)
    for over in overdrawn(s):
        name, unit = s.label(over.source.certificate), over.source.quantity.unit
        if over.source.supplement:
            yield Fired(
                Text(f"{name} は他の証明書を補うだけで、木材は付かない", f"{name} only supplements: it brings no wood"),
                remedy=Text("補われた方の証明書を引き当てる", "draw on the certificate that it supplements"),
                excess=over.share,
            )
            continue
        drawn, certified = Quantity(over.total, unit), over.source.quantity
        yield Fired(
            Text(f"{name}: {drawn} を使用、証明は {certified}", f"{name}: {drawn} used, {certified} certified"),
            excess=over.share,
        )


RULE = Rule(
    code="Q601",
    name=Text(
        "証明書の数量を超えて引き当てている",
        "drawn beyond the certificate's quantity",
    ),
    clause="G3",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "一つの証明書から、その数量を超えて木材は出ない。証明書の単位のまま、先に記録されたものから順に数え、"
        "超えた分を由来不明とする。納入の計量は5％まで超えてよい。",
        "No more wood comes out of a certificate than it covers. Uses count in its own unit, in order; what lies "
        "above is unproven. A delivery's weighing may exceed by 5 %.",
    ),
    expected=Text(
        "証明書の数量の範囲内",
        "within the certificate's quantity",
    ),
    remedy=Text(
        "別の証明書からも引き当てるか、数量を正した証明書に差し替える",
        "draw on another certificate as well, or replace this one with the right quantity",
    ),
    stages=EVERY,
    applies=lambda s: s.finds_source and (s.certificate is not None or s.at_plant) and is_valid_use(s),
    check=_check,
    example=Text(
        "50㎥の証明書から、先に30㎥、後に40㎥を引き当てた。後の40㎥のうち20㎥は由来がない。",
        "30 m³ and then 40 m³ drawn on a certificate for 50 m³: 20 of the later 40 m³ have no source.",
    ),
)
