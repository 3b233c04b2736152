"""L405: the certificate's places lie partly outside the document's.

Example: 236-2 and 240 with a notice for 236-2 only.
"""

from __future__ import annotations

from biotrace.model.text import Text

from ..effect import Effect
from ..place_family import applies_up_to, speaks
from ..rule import Rule, Scope
from ..stage import FELLING

RULE = Rule(
    code="L405",
    name=Text("証明書の伐採箇所の一部が根拠書類にない", "some of the certificate's places are outside the document's"),
    clause="A3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "証明書に、根拠書類にない箇所が含まれる。どの木材がそこから出たか分けられないので、証明書全体が証明されない。",
        "The certificate names places that the document does not. Which wood came from there cannot be told, so "
        "the whole certificate is unproven.",
    ),
    expected=Text("すべての箇所が根拠書類の中", "every place inside the document's"),
    remedy=Text(
        "残りの箇所の根拠書類を添えるか、箇所を正した証明書に差し替える",
        "attach the document for the rest, or replace the certificate",
    ),
    stages=FELLING,
    applies=applies_up_to("L405"),
    check=speaks("L405"),
    example=Text(
        "証明書の伐採箇所は236-2と240の2筆、伐採届は236-2の1筆だけ。",
        "A certificate for parcels 236-2 and 240 with a notice for 236-2 alone.",
    ),
)
