"""W804: prunings from landscaping construction are industrial waste of the building trade.

Example: branches cut when a park was built. Pruning by a gardener is W802.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Origin
from biotrace.model.labels import label
from biotrace.model.text import Text

from ..effect import Effect
from ..no_procedure import is_no_procedure, named
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import NO_PROCEDURE
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for kind in named(s, (Origin.LANDSCAPING_PRUNING,)):
        yield Fired(label(kind))


RULE = Rule(
    code="W804",
    name=Text(
        "造園工事の剪定枝は産業廃棄物",
        "prunings from landscaping construction are industrial waste",
    ),
    clause="A ウ (注23)",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.CONSTRUCTION_WASTE,
    explanation=Text(
        "庭園・公園・緑地を造る造園工事は建設業で、そこで出た剪定くずは産業廃棄物（建設業に係る木くず）に当たる。"
        "植木の手入れで出たものは園芸サービス業のもので、W802で見る。",
        "Laying out gardens, parks and green is construction, and prunings from it are industrial waste. Those from "
        "the care of trees are a gardening service's: see W802.",
    ),
    expected=Text(
        "造園工事によらない木材",
        "wood that is not from landscaping construction",
    ),
    remedy=Text(
        "建設資材廃棄物として扱う",
        "treat it as construction waste",
    ),
    stages=NO_PROCEDURE,
    applies=is_no_procedure,
    check=_check,
    example=Text(
        "公園の造成で切った枝6トンを、別記1-2で一般木質とした。",
        "6 t of branches cut while a park was laid out are certified as general on 1-2.",
    ),
)
