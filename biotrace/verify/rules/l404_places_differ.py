"""L404: both papers are precise, and their places do not overlap.

Example: a certificate for 105-1 with the notice for 512.
"""

from __future__ import annotations

from biotrace.model.text import Text

from ..effect import Effect
from ..place_family import applies_up_to, speaks
from ..rule import Rule, Scope
from ..stage import FELLING

RULE = Rule(
    code="L404",
    name=Text("証明書と根拠書類の伐採箇所が異なる", "the places of certificate and document do not overlap"),
    clause="A3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "どちらも特定されているが、同じ箇所が一つもない。別の山の書類である疑いがある。",
        "Both are precise, and they share no place: the document may be another forest's.",
    ),
    expected=Text("根拠書類の伐採箇所の中", "places inside the document's"),
    remedy=Text(
        "箇所の書き誤りか、書類の取り違えかを発行者に確かめ、正しい書類を付けるか証明書を差し替える",
        "ask the issuer which of the two is wrong; attach the right document or replace the certificate",
    ),
    stages=FELLING,
    applies=applies_up_to("L404"),
    check=speaks("L404"),
    example=Text(
        "証明書の伐採箇所は地番105-1、伐採届は地番512。",
        "A certificate for parcel 105-1 with the notice for parcel 512.",
    ),
)
