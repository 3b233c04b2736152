"""Q605: a weight without a moisture, so that its bone-dry figures are estimates.

Example: 30 t of chips counted as 18 bone-dry t at 40 %; at 70 % they would be 9. A delivery's moisture is its
certificate's where it states none, and then that certificate is spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, join

from ..effect import Effect
from ..inputs import as_drawn, in_other_measure
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    bare = [quantity for quantity in _weights(s) if quantity.moisture is None]
    if bare:
        factor = s.profile.moisture
        value, low, high = (f"{float(f):.0%}" for f in (factor.value, factor.low, factor.high))
        amounts = join([Text(str(q), str(q)) for q in bare])
        yield Fired(
            amounts
            + Text(f": {value} とみなした（幅 {low}〜{high}、", f": taken as {value} ({low} to {high}, ")
            + _by(s)
        )


def _by(s: Subject) -> Text:
    return Text(f"{s.profile.moisture.source}）", f"{s.profile.moisture.source})")


def _weights(s: Subject) -> Iterator[Quantity]:
    """Weights that the record itself states: its own, and draws on a certificate in another unit."""
    own = s.entry.value.quantity
    cites = s.delivery is not None and s.delivery.certificate is not None
    other_unit = s.source is not None and not own.same_measure(s.source.quantity)
    if own.unit.is_mass and (not cites or other_unit):
        yield own
    if s.certificate is not None:
        yield from (as_drawn(i) for i in s.intakes if in_other_measure(i) and i.quantity.unit.is_mass)


RULE = Rule(
    code="Q605",
    name=Text(
        "水分が書かれておらず、全乾重量は推定",
        "no moisture is stated, so bone-dry figures are estimates",
    ),
    clause="A",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "重さは水分0％で比べる。水分の記載がないものは標準の水分で換算するので、実際とは違うことがある。",
        "Weights compare at 0 % moisture. Where none is stated, a default stands in, and the wood may have been drier "
        "or wetter.",
    ),
    expected=Text(
        "重さとともに書かれた水分（湿量基準）",
        "a moisture (wet basis) beside the weight",
    ),
    remedy=Text(
        "水分を量って証明書や納入の記録に書く",
        "measure the moisture and state it on the certificate or with the delivery",
    ),
    stages=EVERY,
    applies=lambda s: any(True for _ in _weights(s)),
    check=_check,
    example=Text(
        "水分の記載がないチップ30トンを、40％とみなして全乾18トンと数えた。70％なら9トンになる。",
        "30 t of chips without a moisture count as 18 bone-dry t at 40 %; at 70 % they would be 9 t.",
    ),
)
