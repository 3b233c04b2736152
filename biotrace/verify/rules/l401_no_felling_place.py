"""L401: the certificate or its document names no felling place.

Twelve routes of the audit (3 i): a landing in a national-forest contract, the cover page of a plan, an empty line.
Example: 物件所在地 〇〇土場.
Curable: a signed supplement mends it, also afterwards, if its issuer was accredited on its day.
"""

from __future__ import annotations

from biotrace.model.text import Text

from ..effect import Effect
from ..place_family import applies_up_to, speaks
from ..rule import Rule, Scope
from ..stage import FELLING

RULE = Rule(
    code="L401",
    name=Text("伐採箇所の記載がない", "no felling place is named"),
    clause="A3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "証明書と根拠書類の両方に伐採箇所がなければ照合できない。土場は伐採箇所ではない。"
        "計画の認定書の鑑には箇所がない。",
        "Without a place on both papers nothing can be compared. A landing (土場) is none, and a plan's cover "
        "page names none.",
    ),
    expected=Text("証明書と根拠書類の両方に伐採箇所", "a felling place on both papers"),
    remedy=Text(
        "伐採箇所を書いた補足の証明書、または箇所の載った書類の写しをもらう",
        "get a supplement that names the place, or a copy of the pages that do",
    ),
    stages=FELLING,
    applies=applies_up_to("L401"),
    check=speaks("L401"),
    example=Text(
        "国有林の売買契約書の物件所在地が「大平土場」だけで、林班が1つも書かれていない。",
        "A national-forest contract whose only place is the landing 大平土場: not one compartment is named.",
    ),
)
