"""H316: an entry that the guideline names for a felling-stage certificate is missing.

Place, number and segregation have rules of their own. Example: a certificate without 伐採面積.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Certificate, Form, Origin, Statement
from biotrace.model.document import Document
from biotrace.model.text import Text, join

from ..effect import Effect
from ..facts import is_felling_stage
from ..origins import is_imported, on_legality_guideline
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    missing = [name for name, absent in _entries(s.certificate, s.documents) if absent]
    if missing:
        yield Fired(Text("記載がない: ", "missing: ") + join(missing))


_RECIPIENT = Text("販売先", "recipient")
_ALL_OF_CLASS = Text("全てその区分である旨", "that all of it is of the class")
_AREA = Text("伐採面積", "felled area")
_PLAN = Text("経営計画の認定の年月日・発行者", "plan certification, its date and issuer")
_PERMIT = Text("伐採許可（届出）の年月日・発行者", "permit or notice, its date and issuer")


def _entries(c: Certificate, documents: tuple[Document, ...]) -> Iterator[tuple[Text, bool]]:
    yield _RECIPIENT, c.buyer is None
    yield _ALL_OF_CLASS, Statement.ALL_OF_CLASS not in c.statements
    if not is_imported(c):
        yield _AREA, not c.area  # 0 ha is none
    if _needs_permit(c, documents):
        stated = c.permit is not None and c.permit.date is not None and c.permit.issuer is not None
        yield _PLAN if Origin.MANAGEMENT_PLAN in c.origins else _PERMIT, not stated


def _needs_permit(c: Certificate, documents: tuple[Document, ...]) -> bool:
    if c.form is Form.F1_NATIONAL or is_imported(c) or on_legality_guideline(c, documents):
        return False
    return set(c.origins) != {Origin.WEEDING}


RULE = Rule(
    code="H316",
    name=Text(
        "伐採段階の証明書に必要な記載がない",
        "a required entry is missing",
    ),
    clause="G3(1)②, G3(2)②, 別記1",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "販売先、「全て…である」旨、伐採面積、許可・届出（経営計画は認定）の年月日と発行者は、"
        "伐採段階の証明書に欠かせない。輸入材には面積と許可を、合法性ガイドラインによるものには許可を求めない。",
        "Recipient, the sentence that all of it is of the class, felled area, and date and issuer of the permit "
        "or notice (for a plan, its certification) are required. Area and permit are not asked of imported wood, "
        "nor the permit under the legality guideline.",
    ),
    expected=Text(
        "必要な記載がすべてある",
        "every required entry",
    ),
    remedy=Text(
        "足りない項目を記載した証明書に差し替える",
        "replace the certificate with one that states what is missing",
    ),
    stages=FELLING,
    applies=is_felling_stage,
    check=_check,
    example=Text(
        "間伐材80㎥の証明書に、伐採面積（届出では1.80 ha）が書かれていない。",
        "A certificate for 80 m³ of thinnings that leaves out the felled area, 1.80 ha on the notice.",
    ),
)
