"""Q606: what was received differs from what was certified by more than 5 %.

A paper for one load, a delivery note or one that names the vehicle, is compared with what arrived on it. On any other
certificate more trucks may come, so that too little is no sign yet; too much in its own unit is Q601's. In another unit
only what no factor of the range can explain is told. Example: 5.2 t arrive on a delivery note over 6.58 t.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, same

from ..effect import Effect
from ..facts import is_valid_use
from ..inputs import left_at_best
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import DELIVERIES
from ..subject import Closed, Subject
from ..tonnage import least_bone_dry, most_bone_dry

_MORE_MAY_COME = Text("同じ証明書でまだ納入があるかもしれない", "more may arrive on this certificate")
_WITHIN_RANGE = Text("単位が違い、換算係数の幅の中にある", "another unit, and within the range of the factors")


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    source = s.source
    assert source is not None
    if source.used_otherwise or not s.quantity.same_measure(source.quantity):
        yield from _converted(s, source)
        return
    total = Quantity(source.used + s.quantity.amount, source.quantity.unit)
    if total.amount >= source.quantity.amount * (1 - s.profile.delivery_tolerance):
        return
    if source.one_load:
        yield _fired(s, source, same(total))
    else:
        yield NotChecked(_MORE_MAY_COME, harmless=True)


def _converted(s: Subject, source: Closed) -> Iterator[Fired | NotChecked]:
    """In another unit: only what no factor can explain, too much or, on a paper for one load, too little."""
    tolerance = s.profile.delivery_tolerance
    least, certified = (least_bone_dry(q, source.group, s.profile) for q in (s.quantity, source.quantity))
    if least is not None and least > left_at_best(s, source) * (1 + tolerance):
        yield _fired(s, source, _dry(s.quantity, least, Text("少なくとも", "at least")))
        return
    most = most_bone_dry(s.quantity, source.group, s.profile)
    if certified is None or most >= certified * (1 - tolerance):
        yield NotChecked(_WITHIN_RANGE, harmless=True)
    elif source.one_load:
        yield _fired(s, source, _dry(s.quantity, most, Text("多くとも", "at most")))
    else:
        yield NotChecked(_MORE_MAY_COME, harmless=True)


def _dry(quantity: Quantity, grams: Fraction, bound: Text) -> Text:
    tonnes = f" {float(grams) / 10**6:,.3f} "
    return same(f"{quantity} (") + bound + same(tonnes) + Text("t (全乾))", "bone-dry t)")


def _fired(s: Subject, source: Closed, received: Text) -> Fired:
    name, certified = s.label(source.certificate), source.quantity
    return Fired(
        Text(f"{name}: 受入 {received.ja}、証明 {certified}", f"{name}: {received.en} received of {certified}")
    )


def _applies(s: Subject) -> bool:
    if not s.at_plant or s.source is None or s.source.supplement or not is_valid_use(s):
        return False
    total = s.source.used + s.quantity.amount
    beyond = total > s.source.quantity.amount * (1 + s.profile.delivery_tolerance)
    return not (beyond and s.quantity.same_measure(s.source.quantity))  # which is Q601's


RULE = Rule(
    code="Q606",
    name=Text(
        "受け入れた量が証明の量と5％以上違う",
        "received and certified differ by more than 5 %",
    ),
    clause="G3",
    scope=Scope.LOT,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "納品書など一台分の証明書は、計量した量と比べる。ほかの証明書では納入が続くことがあるので、"
        "少ないだけでは何も言わない。同じ単位で多すぎればQ601になる。単位が違うときは、"
        "どの換算係数でも説明できない差だけを知らせる。",
        "A paper for one load is compared with what was weighed. On any other more may follow, so too little says "
        "nothing yet; too much in its own unit is Q601's. In another unit only a difference is told that no factor of "
        "the range explains.",
    ),
    expected=Text(
        "証明の量との差が5％以内",
        "within 5 % of what is certified",
    ),
    remedy=Text(
        "計量票と証明書を見比べ、違う方を訂正してもらう",
        "compare the weighing slip with the certificate, and have the wrong one corrected",
    ),
    stages=DELIVERIES,
    applies=_applies,
    check=_check,
    example=Text(
        "6.58トンの納品書（別記2-2）で、計量は5.2トンだった。",
        "5.2 t were weighed on a delivery note (2-2) over 6.58 t.",
    ),
)
