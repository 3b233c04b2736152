"""P502: the seller was not the recipient of a certificate it draws on.

Example: a mill that cites a certificate issued to its neighbour. For a delivery: the sender did not
issue the certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..facts import strangers
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if s.seller is None:
        yield NotChecked(Text("搬入者が書かれていない", "who delivered is not stated"))
    for intake in strangers(s):
        source = intake.source
        assert source is not None
        owner = s.name(source.buyer if s.delivery is None else source.seller)
        label = s.label(intake.certificate)
        seller = s.name(s.seller)
        if s.delivery is None:
            yield Fired(Text(f"{label} は {owner} あて、売り手は {seller}", f"{label} is {owner}'s, sold by {seller}"))
        else:
            yield Fired(Text(f"{label} の発行者は {owner}、搬入者は {seller}", f"{label}: {owner}; sent by {seller}"))


RULE = Rule(
    code="P502",
    name=Text(
        "売り手が引き当てた証明書の受取人でない",
        "the seller was not the recipient of what it draws on",
    ),
    clause="G3(1)①イ",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "証明書は、その受取人だけが次の証明の根拠にできる。他社あての証明書を引き当てた記録は、木材の流れを示さない。",
        "Only the recipient of a certificate can rest its own on it. A draw on somebody else's certificate shows "
        "no flow of wood.",
    ),
    expected=Text(
        "売り手自身が受け取った証明書",
        "a certificate made out to the seller",
    ),
    remedy=Text(
        "自社あての証明書を引き当てる。間に入った業者があれば、その業者の証明書をもらう",
        "draw on certificates made out to you; if a trader stood between, get its certificate",
    ),
    stages=EVERY,
    applies=lambda s: s.finds_source and (s.certificate is not None or s.at_plant),
    check=_check,
    example=Text(
        "チップ工場が、隣の製材所あての証明書から40㎥を引き当てた。",
        "A chip mill draws 40 m³ on a certificate made out to the sawmill next door.",
    ),
)
