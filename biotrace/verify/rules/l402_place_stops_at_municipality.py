"""L402: either paper stops above parcel or compartment.

Twelve routes of the audit (3 ii): the producer thought a municipality enough, or the form had no room.
Example: 長野県〇〇市 against a notice for 大字甲 236-2.
"""

from __future__ import annotations

from biotrace.model.text import Text

from ..effect import Effect
from ..place_family import applies_up_to, speaks
from ..rule import Rule, Scope
from ..stage import FELLING

RULE = Rule(
    code="L402",
    name=Text("伐採箇所が市町村・大字までしか書かれていない", "the felling place stops at the municipality or 大字"),
    clause="A3",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "地番または林班・小班まで書かれていないと、根拠書類の伐採箇所と照合できない。「外○筆」も、"
        "読み方が二つある番号（236-2・3 など）も、特定していない。",
        "Without parcels or compartments the place cannot be matched to the document's. “And 3 more parcels” "
        "names none either, nor does a number that can be read in two ways.",
    ),
    expected=Text("地番、または林班・小班までの記載", "parcels (地番) or compartments (林班・小班)"),
    remedy=Text(
        "地番または林班を書いた補足の証明書をもらう（多いときは別紙に全部書く）",
        "get a supplement with parcels or compartments (on an annex where there are many)",
    ),
    stages=FELLING,
    applies=applies_up_to("L402"),
    check=speaks("L402"),
    example=Text(
        "証明書の伐採箇所が「長野県西科野郡笹平村」まで。伐採届は大字杉本236-2。",
        "A certificate that says 長野県西科野郡笹平村 and no more; the notice says 大字杉本 236-2.",
    ),
)
