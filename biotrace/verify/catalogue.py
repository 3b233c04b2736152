"""Every code that a verdict can name, in order, whoever judges it: for explanations and pages, not for judging."""

from __future__ import annotations

from collections.abc import Mapping

from biotrace.model.text import Text

from .effect import Effect
from .rule import Rule, Scope
from .rules import NOT_RUN, RULES, WHY_NOT_RUN
from .rules.f953_report_differs import F953
from .rules.integrity import BY_CODE, INTEGRITY, Described

Entry = Rule | Described

FAMILIES: Mapping[str, Text] = {
    "S": Text("署名と記録の連なり", "signatures and chain"),
    "A": Text("事業者の認定", "accreditation"),
    "H": Text("伐採段階の証明書", "felling stage"),
    "L": Text("伐採箇所", "felling places"),
    "P": Text("加工・流通段階の証明書", "processing and distribution"),
    "Q": Text("数量", "quantities"),
    "G": Text("分別管理", "segregation"),
    "W": Text("伐採届等を必要としない木材", "wood without a felling procedure"),
    "D": Text("書類と保存", "documents and retention"),
    "F": Text("発電所の帳簿", "books of the plant"),
    "T": Text("施行前後の経過措置", "transition"),
}
"""First letter of a code -> what the family is about, in the order of the catalogue."""

RETIRED: Mapping[str, Text] = {}
"""Codes that no release uses any more -> what they said. They are never given to another rule."""

SCOPES: Mapping[Scope, Text] = {
    Scope.RECORD: Text("記録", "record"),
    Scope.LOT: Text("納入ロット", "lot"),
    Scope.ISSUER: Text("発行者", "issuer"),
    Scope.SITE: Text("置場", "site"),
    Scope.PLANT: Text("発電所", "plant"),
}

EFFECT_WORDS: Mapping[Effect, Text] = {
    Effect.VOID: Text("無効", "void"),
    Effect.UNPROVEN: Text("由来不明", "unproven"),
    Effect.GENERAL: Text("一般木質", "general"),
    Effect.GENERAL_WASTE: Text("一般廃棄物", "general waste"),
    Effect.CONSTRUCTION_WASTE: Text("建設資材廃棄物", "construction waste"),
    Effect.INPUT_CLASS: Text("入荷区分", "input class"),
    Effect.NOTICE: Text("注意", "notice"),
}

EFFECTS: Mapping[Effect, Text] = {
    Effect.VOID: Text("無効（何も証明しない）", "void: the record proves nothing"),
    Effect.UNPROVEN: Text("由来不明（建設資材廃棄物になる）", "unproven: counts as construction waste"),
    Effect.GENERAL: Text("一般木質になる", "falls to general"),
    Effect.GENERAL_WASTE: Text("一般廃棄物になる", "falls to general waste"),
    Effect.CONSTRUCTION_WASTE: Text("建設資材廃棄物になる", "falls to construction waste"),
    Effect.INPUT_CLASS: Text("入荷した中で最も低い区分になる", "falls to the lowest class that came in"),
    Effect.NOTICE: Text("注意（区分は変わらない）", "notice: the class stays"),
}

PROOF = Text("証明（検査できなければ未完）", "proof: if it cannot be run, the verdict is incomplete")
PLAUSIBILITY = Text("妥当性（検査できなくても判定は変わらない）", "plausibility: if it cannot be run, nothing changes")

SOURCES: Mapping[str, Text] = {
    "G": Text(
        "林野庁「発電利用に供する木質バイオマスの証明のためのガイドライン」（平成24年6月）",
        "the Forestry Agency's guideline of June 2012 on certifying woody biomass for power generation",
    ),
    "別記": Text("同ガイドラインの様式例", "the forms annexed to it"),
    "N": Text("調達価格等の告示（平成24年経済産業省告示第139号）", "the price notice (METI notice 139 of 2012)"),
    "森林法": Text("森林法とその施行規則", "the Forest Act and its enforcement regulation"),
    "A": Text(
        "総務省行政評価局「森林の管理・活用に関する行政評価・監視」（平成29年7月）",
        "the Administrative Evaluation Bureau's audit of July 2017",
    ),
}
"""First letters of a clause -> the text that it is in."""


def _place(code: str) -> tuple[int, str]:
    return list(FAMILIES).index(code[0]), code


def kind_of(entry: Entry) -> Text:
    """Whether the class depends on the rule having been run."""
    return PROOF if entry.proof else PLAUSIBILITY


_ALL: tuple[Entry, ...] = (*RULES, *INTEGRITY, F953)

CATALOGUE: Mapping[str, Entry] = {entry.code: entry for entry in sorted(_ALL, key=lambda entry: _place(entry.code))}
"""Code -> what it means, in the order of the families."""

NEVER_RUN: Mapping[str, Text] = {code: WHY_NOT_RUN[code] for code in NOT_RUN if code not in BY_CODE}
"""Codes that this version explains and never runs -> why not."""
