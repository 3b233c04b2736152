"""G701: one declared class, but the draws are on lots declared as several: thinned and general.

Speaks instead of P504 (interpretation). Example: a 2-1 drawn from a thinned and a general lot.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text, join, same

from ..effect import Effect
from ..inputs import declares_several
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if declares_several(s):
        parts = [
            same(f"{s.label(i.certificate)}: ") + i.source.fuel_class.label for i in s.intakes if i.source is not None
        ]
        yield Fired(join(parts))


RULE = Rule(
    code="G701",
    name=Text(
        "異なる区分の木材を一つの区分で証明している",
        "one class declared over lots of several",
    ),
    clause="G3(3)②",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.INPUT_CLASS,
    explanation=Text(
        "間伐材等由来と一般木質は、伐採から利用まで混じらないように扱う。"
        "両方を引き当てて一つの区分で証明したものは、入荷した中で最も低い区分になる（製材等残材と、"
        "一発電所あての混合の例外を除く）。",
        "Thinned and general wood are kept apart from felling to furnace. One certificate over both falls to the "
        "lowest class that came in. Not for sawmill residues, nor under the single-plant exemption.",
    ),
    expected=Text(
        "一つの区分だけを引き当てる",
        "draws on one class only",
    ),
    remedy=Text(
        "区分ごとに分けて証明書を発行する",
        "issue one certificate per class",
    ),
    stages=CERTIFICATES,
    applies=lambda s: s.certificate is not None and s.finds_source and not s.exempt_mixture,
    check=_check,
    example=Text(
        "間伐材等由来20㎥と一般木質20㎥を混ぜてチップにし、全て間伐材等由来とした。",
        "20 m³ thinned and 20 m³ general, chipped together and certified as thinned.",
    ),
)
