"""P509: a certificate is used at a plant it was not made out to.

Not where P501 speaks of the same source certificate. Example: a truck made out to one plant that unloads at another.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.delivery is not None
    source = s.source
    assert source is not None
    if source.buyer != s.delivery.at:
        buyer, at = s.name(source.buyer), s.name(s.delivery.at)
        yield Fired(Text(f"あて先 {buyer}、納入先 {at}", f"made out to {buyer}, delivered to {at}"))


def _applies(s: Subject) -> bool:
    if not s.at_plant or s.source is None:
        return False
    # A source certificate under processed goods is P501's; a missing recipient on one is H316's.
    passed_on = s.source.form.is_source and s.goods is not None and s.goods.is_processed
    return not passed_on and not (s.source.form.is_source and s.source.buyer is None)


RULE = Rule(
    code="P509",
    name=Text(
        "あて先でない発電所で使われている",
        "used at a plant it was not made out to",
    ),
    clause="G3",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "証明書のあて先と、納入された発電所が違う。",
        "The certificate was made out to somebody else than the plant that took the delivery.",
    ),
    expected=Text(
        "この発電所あての証明書",
        "a certificate made out to this plant",
    ),
    remedy=Text(
        "この発電所あての証明書を発行してもらう",
        "have one made out to this plant",
    ),
    stages=EVERY,
    applies=_applies,
    check=_check,
    example=Text(
        "第八発電所あての証明書で、チップ20トンが第九発電所に納められた。",
        "20 t of chips, certified to plant 8, unloaded at plant 9.",
    ),
)
