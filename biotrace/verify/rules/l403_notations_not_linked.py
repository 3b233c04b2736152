"""L403: one paper is in parcels 地番, the other in compartments 林班, and no concordance links all of it.

Six routes of the audit (3 iii). Curable, also afterwards. Example: 12い-3 against 236-2.
"""

from __future__ import annotations

from biotrace.model.text import Text

from ..effect import Effect
from ..place_family import applies_up_to, speaks
from ..rule import Rule, Scope
from ..stage import FELLING

RULE = Rule(
    code="L403",
    name=Text(
        "一方は地番、他方は林班で、結ぶ対照表がない",
        "one in parcels, the other in compartments, and nothing links them",
    ),
    clause="A3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "地番と林班は別の番号であり、対照表がなければ同じ場所か分からない。",
        "Parcels and compartments are different numberings; without a concordance nobody can tell whether they "
        "are one place.",
    ),
    expected=Text(
        "同じ表記、または全箇所を結ぶ林班・地番対照表", "one notation, or a concordance that links every place"
    ),
    remedy=Text(
        "市町村・森林組合などの林班・地番対照表を付けるか、同じ表記で書いた補足をもらう",
        "attach a concordance from the municipality or forest owners' association, or a supplement in the same "
        "notation",
    ),
    stages=FELLING,
    applies=applies_up_to("L403"),
    check=speaks("L403"),
    example=Text(
        "証明書は林班12い-3、伐採届は地番236-2で、両者を結ぶ対照表が1つもない。",
        "A certificate for compartment 12い-3, a notice for parcel 236-2, and no concordance between the two.",
    ),
)
