"""L406: the places match only through a concordance: which, and who vouches for it.

Example: a certificate in compartments, a notice in parcels, and the town's table between them.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..facts import places_apply
from ..place_family import compare, concordances_used
from ..places.why import listed
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for table, matches in concordances_used(s):
        vouching = s.name(table.vouched_by)
        name = table.id[:12]
        mine, theirs = listed(m.spot for m in matches), listed(spot for m in matches for spot in m.linked)
        yield Fired(
            Text(
                f"対照表 {name}（{vouching}）によれば {mine} は {theirs}",
                f"concordance {name}, vouched for by {vouching}: {mine} is {theirs}",
            )
        )


RULE = Rule(
    code="L406",
    name=Text(
        "伐採箇所を対照表によって照合した",
        "places matched through a concordance",
    ),
    clause="A3",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "地番と林班を対照表で結んで照合した。対照表が正しければ一致する。",
        "Parcels and compartments were linked through a concordance; the match is as good as the table.",
    ),
    expected=Text(
        "同じ表記の伐採箇所",
        "places in one notation",
    ),
    remedy=Text(
        "対照表を作った者に確かめる",
        "ask whoever vouches for the table",
    ),
    stages=FELLING,
    applies=lambda s: places_apply(s) and compare(s).answer is None,
    check=_check,
    example=Text(
        "証明書の林班12い-3と伐採届の地番236-2が、村の対照表1枚だけで結ばれている。",
        "Compartment 12い-3 on the certificate and parcel 236-2 on the notice, linked by the village's table alone.",
    ),
)
