"""H313: the certificate's felled area is larger than on the documents, beyond rounding.

A felling notice states hectares to two decimals, protection-forest papers to four; a certificate may have rounded too.
Example: 1.69 ha certified on a notice for 1.68 ha.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import FellingFacts
from biotrace.model.text import Text

from ..document_identity import PaperKey
from ..document_use import key_of
from ..effect import Effect
from ..facts import documents_rested_on, is_felling_stage
from ..protection import PROTECTION_KINDS
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject

_HECTARE = 10_000


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    assert s.certificate.area is not None
    areas: dict[PaperKey, int] = {}
    steps = 0
    coarse, fine = s.profile.area_step, s.profile.protection_area_step
    for document in documents_rested_on(s):
        area, key = (document.felling or FellingFacts()).area, key_of(s, document)
        if not area:  # 0 ha is none
            yield NotChecked(Text("根拠書類に伐採面積がない", "a document states no area"), harmless=True)
            return
        if key not in areas:
            steps += fine if document.kind in PROTECTION_KINDS else coarse
        areas[key] = min(area, areas.get(key, area))
    certified, allowed = s.certificate.area, sum(areas.values())
    steps += fine if certified % coarse else coarse
    if 2 * (certified - allowed) >= steps:  # each may have been rounded by half a step
        mine, theirs = (f"{area / _HECTARE:.4f} ha" for area in (certified, allowed))
        yield Fired(Text(f"証明書 {mine}、書類 {theirs}", f"certificate {mine}, documents {theirs}"))


RULE = Rule(
    code="H313",
    name=Text(
        "伐採面積が根拠書類より大きい",
        "felled area larger than on the document",
    ),
    clause="別記1",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "証明書の伐採面積が根拠書類の面積（複数あればその合計）を、端数処理を超えて上回る。"
        "伐採届は小数2位、保安林の書類は小数4位まで書かれる。",
        "The certificate's felled area is above that of its documents, added up, by more than rounding. Felling "
        "notices state two decimals, protection-forest papers four.",
    ),
    expected=Text(
        "根拠書類の面積以内",
        "no more than the documents' area",
    ),
    remedy=Text(
        "面積を確かめ、誤記なら差し替える。ほかの書類があれば添える",
        "check the area; replace the certificate where it is a slip, or attach the other documents",
    ),
    stages=FELLING,
    applies=lambda s: (
        s.certificate is not None and bool(s.certificate.area) and is_felling_stage(s) and bool(documents_rested_on(s))
    ),
    check=_check,
    example=Text(
        "1.68haの伐採届で、1.69haを伐採したとする証明書。",
        "A certificate for 1.69 ha on a felling notice for 1.68 ha.",
    ),
)
