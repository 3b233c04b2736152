"""H303: the supporting document is of a kind that cannot support the claimed origin.

Example: a private sales contract taken for certificate and document at once (audit route d13).
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Certificate, Origin
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.text import Text, join

from ..effect import Effect
from ..facts import documents_by_place, is_felling_stage
from ..origins import claimed_origins, is_imported, is_legality_paper, supports, supports_as, unsupported
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject
from .h304_final_felling_as_thinned import fires_h304
from .h307_weeding_without_certificate import fires_h307


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    missing = unsupported(s.certificate, s.documents) or _unsupported_somewhere(s, s.certificate)
    if missing:
        held = join([label(d.kind) for d in s.documents]) if s.documents else Text("なし", "none")
        claimed = join([label(o) for o in missing])
        found = Text("由来: ", "origin: ") + claimed + Text("／書類: ", "; documents: ") + held
        yield _lawful_but_not_thinned(found) if _is_lawful_final_felling(s, missing) else Fired(found)


def _is_lawful_final_felling(s: Subject, missing: tuple[Origin, ...]) -> bool:
    """Whether thinned wood says itself that it is from a final felling, with papers that make it general."""
    if s.fuel_class is not FuelClass.THINNED or missing != (Origin.FINAL_FELLING,):
        return False
    return all(any(supports(d, Origin.FINAL_FELLING) for d in place.resting_on) for place in documents_by_place(s))


def _lawful_but_not_thinned(found: Text) -> Fired:
    return Fired(
        found,
        message=Text("主伐材を間伐材等由来としている", "wood of a final felling declared as thinned"),
        expected=Text(
            "②（経営計画・保安林・国有林）の証拠、または間伐材であること",
            "proof of origin ② (plan, protection forest, national forest), or thinning",
        ),
        remedy=Text(
            "一般木質として証明し直すか、②に当たることを示す書類を添える。間伐なら由来を「間伐」に直す",
            "certify it as general, or attach what proves origin ②; where it was thinning, say so as its origin",
        ),
        effect=Effect.GENERAL,
    )


def _unsupported_somewhere(s: Subject, certificate: Certificate) -> tuple[Origin, ...]:
    """All origins claimed, where some place has no document for any of them."""
    claimed = claimed_origins(certificate)
    for place in documents_by_place(s):
        if not any(supports_as(d, o, s.fuel_class) for d in place.resting_on for o in claimed):
            return claimed
    return ()


def _applies(s: Subject) -> bool:
    certificate = s.certificate
    if certificate is None or not is_felling_stage(s) or is_legality_paper(certificate):
        return False
    if not s.documents:  # H302 speaks, but not of wood from abroad: nothing would ask what shows its origin
        return is_imported(certificate) and s.fuel_class is not FuelClass.THINNED and not certificate.documents
    return not (fires_h304(s) or fires_h307(s))


RULE = Rule(
    code="H303",
    name=Text(
        "根拠書類の種類では由来を証明できない",
        "document cannot support the claimed origin",
    ),
    clause="別記1",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "由来の種類ごとに、それを示せる書類が決まっている。民間の売買契約書、情報カード、産業廃棄物管理票は、"
        "法令に基づく伐採であることを示さない。",
        "Each origin has its kinds of document. A private sales contract, an information card or a waste "
        "manifest shows no lawful felling.",
    ),
    expected=Text(
        "由来に合う根拠書類",
        "a document of a kind that supports the origin",
    ),
    remedy=Text(
        "伐採届と適合通知書、許可書、経営計画の認定書など、由来に合う書類の写しを添える",
        "attach the notice with its conformity notice, the permit, the plan certification …, as the origin asks",
    ),
    stages=FELLING,
    applies=_applies,
    check=_check,
    example=Text(
        "間伐材80㎥の根拠として、山主との立木売買契約書1通だけを添えた。",
        "80 m³ of thinnings, supported by one private contract for standing trees and nothing else.",
    ),
)
