"""Q606: what was received differs from what was certified by more than 5 %.

A paper for one load, a delivery note or one that names the vehicle, is compared with what arrived on it. On any other
certificate more trucks may come, so that too little is no sign yet; too much in its own unit is Q601's. In another
unit, or at another moisture, all that was taken so far is compared bone-dry: what no factor of the range explains is
unproven, what only the default factors do not explain is a notice. Example: 30 t at 20 % moisture, 24 bone-dry t, on
a certificate for 10 m³ of sugi, which hold at most 4.5.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, same

from ..effect import Effect
from ..facts import is_valid_use
from ..inputs import at_other_moisture, in_other_measure, least_taken, share_held, taken_at_least
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import DELIVERIES
from ..subject import Closed, Subject
from ..tonnage import bone_dry, exact_bone_dry, least_bone_dry, most_bone_dry

_MORE_MAY_COME = Text("同じ証明書でまだ納入があるかもしれない", "more may arrive on this certificate")
_WITHIN_RANGE = Text(
    "単位か水分が違い、換算係数の幅の中にある", "another unit or moisture, and within the range of the factors"
)
_AT_LEAST, _AT_MOST = Text("少なくとも", "at least"), Text("多くとも", "at most")
_BY_DEFAULT = Text("標準の換算で", "by default factors")


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    source, intake = s.source, s.intakes[0]
    assert source is not None
    if source.used_otherwise or in_other_measure(intake) or at_other_moisture(intake):
        yield from _too_much_dry(s, source) or _too_little_dry(s, source)
        return
    total = Quantity(source.used + s.quantity.amount, source.quantity.unit)
    short = total.amount < source.quantity.amount * (1 - s.profile.delivery_tolerance)
    if short and source.one_load:
        yield _fired(s, source, same(total))
        return
    dry, at_most = bone_dry(s.quantity, source.group, s.profile), share_held(source, s.quantity.amount)
    if dry is not None and dry.grams > at_most * (1 + s.profile.delivery_tolerance):
        yield _fired(s, source, _weighed(s.quantity, dry.grams, _BY_DEFAULT), _dried(at_most, _AT_MOST))
    elif short:
        yield NotChecked(_MORE_MAY_COME, harmless=True)


def _too_much_dry(s: Subject, source: Closed) -> tuple[Fired, ...]:
    """With all that was taken before: what no factor explains is unproven, what the default ones do not is a notice."""
    tolerance, before = s.profile.delivery_tolerance, taken_at_least(source)
    holds = _dried(source.most, _AT_MOST) + (_before(before) if before else Text("", ""))
    stated, least = least_bone_dry(s.quantity, source.group, s.profile), least_taken(s.intakes[0], s.profile)
    if stated and before + least > source.most * (1 + tolerance):
        excess = min(Fraction(1), (before + stated - source.most) / stated)
        told = _weighed(s.quantity, stated, _AT_LEAST)
        return (_fired(s, source, told, holds, Effect.UNPROVEN, excess),)
    likely = bone_dry(s.quantity, source.group, s.profile)
    if likely is not None and before + likely.grams > _likely_held(s, source) * (1 + tolerance):
        return (_fired(s, source, _weighed(s.quantity, likely.grams, _BY_DEFAULT), holds),)
    return ()


def _likely_held(s: Subject, source: Closed) -> int:
    """What the certificate holds by default factors. A weight without a moisture needs none: it may be dry."""
    likely = exact_bone_dry(source.quantity, source.group, s.profile)
    unstated = source.quantity.unit.is_mass and source.quantity.moisture is None
    return source.most if likely is None or unstated else min(source.most, math.ceil(likely))


def _too_little_dry(s: Subject, source: Closed) -> tuple[Fired | NotChecked, ...]:
    """On a paper for one load: less than any factor of the range explains."""
    arrived = most_bone_dry(s.quantity, source.group, s.profile)
    certified = least_bone_dry(source.quantity, source.group, s.profile)
    if arrived >= certified * (1 - s.profile.delivery_tolerance):
        return (NotChecked(_WITHIN_RANGE, harmless=True),)
    if source.one_load:
        return (_fired(s, source, _weighed(s.quantity, arrived, _AT_MOST)),)
    return (NotChecked(_MORE_MAY_COME, harmless=True),)


def _weighed(quantity: Quantity, grams: Fraction | int, bound: Text) -> Text:
    return same(f"{quantity}") + _dried(grams, bound)


def _dried(grams: Fraction | int, bound: Text) -> Text:
    return same(" (") + bound + same(f" {float(grams) / 10**6:,.3f} ") + Text("t (全乾))", "bone-dry t)")


def _before(grams: Fraction) -> Text:
    tonnes = f"{float(grams) / 10**6:,.3f}"
    return Text(f"、うち先に {tonnes} t", f", of which {tonnes} t before")


def _fired(
    s: Subject,
    source: Closed,
    received: Text,
    holds: Text | None = None,
    effect: Effect = Effect.NOTICE,
    excess: Fraction | None = None,
) -> Fired:
    name = s.label(source.certificate)
    certified = same(f"{source.quantity}") + (holds or same(""))
    return Fired(
        Text(
            f"{name}: 受入 {received.ja}、証明 {certified.ja}",
            f"{name}: {received.en} received of {certified.en}",
        ),
        effect=effect,
        excess=excess,
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
    effect=Effect.UNPROVEN,
    explanation=Text(
        "納品書など一台分の証明書は、計量した量と比べる。少なければ注意とする。ほかの証明書では納入が続くことがあるので、"
        "少ないだけでは何も言わない。同じ単位で多すぎればQ601になる。単位や水分が違うときは、その証明書から先に出た分も"
        "合わせて全乾重量で比べる。木材は乾けば軽くなるが、水分0％の重さは増えない。最も有利な換算係数でも説明できず、"
        "測り直した水分のずれ（5ポイント）と計量の差（5％）を見込んでもなお多ければ、証明の量を超える分を由来不明とする。"
        "標準の換算係数でだけ多いときは注意とする。",
        "A paper for one load is compared with what was weighed; too little is a notice. On any other more may follow, "
        "so too little says nothing yet; too much in its own unit is Q601's. In another unit or at another moisture "
        "all that was taken of the certificate is compared bone-dry: wood that dries gets lighter, but not more. What "
        "lies above the certificate even at the most favourable factors, beyond 5 points of moisture and 5 % by "
        "weight, is unproven; too much by default factors only is a notice.",
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
        "水分42％で6.58トン（全乾3.82トン）の納品書（別記2-2）で、水分20％の6.58トン（全乾5.26トン）が届いた。1.45トン分は由来がない。",
        "6.58 t at 20 % moisture, 5.26 t bone-dry, arrived on a delivery note (2-2) over 6.58 t at 42 %, 3.82 t: "
        "1.45 t have no source.",
    ),
)
