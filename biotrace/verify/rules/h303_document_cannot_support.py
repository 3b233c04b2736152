"""H303: the supporting document is of a kind that cannot support the claimed origin.

Example: a private sales contract taken for certificate and document at once (audit route d13).
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Certificate, Origin
from biotrace.model.document import Document, DocumentKind
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.text import Text, join

from ..effect import Effect
from ..facts import documents_by_place, is_felling_stage
from ..origins import (
    FOREST_ORIGINS,
    claimed_origins,
    is_imported,
    is_legality_paper,
    names_forest_office,
    supports,
    supports_as,
    unsupported,
)
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject
from .h304_final_felling_as_thinned import fires_h304
from .h307_weeding_without_certificate import fires_h307


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    if is_legality_paper(s.certificate):
        other = _not_from_a_forest(s.certificate)
        if other:
            yield Fired(_found(other, label(s.certificate.medium)))
        return
    missing = unsupported(s.certificate, s.documents, s.case.parties) or _unsupported_somewhere(s, s.certificate)
    if missing:
        found = _found(missing, _held(s))
        if not _is_lawful_felling(s, missing):
            yield Fired(found)
        elif s.fuel_class is FuelClass.THINNED:
            yield _lawful_but_not_thinned(found) if missing == (Origin.FINAL_FELLING,) else Fired(found)
        else:
            yield _general_by_another_felling(found)


def _not_from_a_forest(certificate: Certificate) -> tuple[Origin, ...]:
    """Origins that no legality or forest/CoC certificate can be for in place of 1-1 (G3(2)①イ(ア)): no forest wood."""
    return tuple(o for o in claimed_origins(certificate) if o not in FOREST_ORIGINS)


def _found(origins: tuple[Origin, ...], papers: Text) -> Text:
    return Text("由来: ", "origin: ") + join([label(o) for o in origins]) + Text("／書類: ", "; documents: ") + papers


def _held(s: Subject) -> Text:
    if s.documents:
        return join([_named(s, document) for document in s.documents])
    assert s.certificate is not None
    listed = Text("この時点では手元にない", "not at hand at this time")
    return listed if s.certificate.documents else Text("なし", "none")


def _named(s: Subject, document: Document) -> Text:
    told = label(document.kind)
    if document.kind is DocumentKind.NATIONAL_CONTRACT and not names_forest_office(document, s.case.parties):
        return told + Text("（森林管理署の名がない）", " (naming no forest office)")
    return told


def _is_lawful_felling(s: Subject, missing: tuple[Origin, ...]) -> bool:
    """Whether papers for every place show a lawful felling of forest wood, which makes it general whatever its origin.

    Wood from abroad, and what comes from no felling, is none.
    """
    if Origin.IMPORTED in missing or not FOREST_ORIGINS.issuperset(missing):
        return False
    parties = s.case.parties
    return all(
        any(supports(d, Origin.FINAL_FELLING, parties) for d in place.resting_on) for place in documents_by_place(s)
    )


def _lawful_but_not_thinned(found: Text) -> Fired:
    """Thinned wood that says itself that it is from a final felling."""
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


def _general_by_another_felling(found: Text) -> Fired:
    """General wood needs a lawful felling, of whatever kind: form 1-1 has no line for the kind."""
    return Fired(
        found,
        message=Text(
            "由来の記載が書類に合わない（一般木質としては証明されている）",
            "the origin stated does not fit the document; as general wood it is proven",
        ),
        expected=Text("書類のとおりの由来", "the origin that the document shows"),
        remedy=Text("由来の記載を書類に合わせる", "state the origin that the document shows"),
        effect=Effect.NOTICE,
    )


def _unsupported_somewhere(s: Subject, certificate: Certificate) -> tuple[Origin, ...]:
    """All origins claimed, where some place has no document for any of them."""
    claimed, parties = claimed_origins(certificate), s.case.parties
    for place in documents_by_place(s):
        if not any(supports_as(d, o, s.fuel_class, parties) for d in place.resting_on for o in claimed):
            return claimed
    return ()


def _applies(s: Subject) -> bool:
    certificate = s.certificate
    if certificate is None or not is_felling_stage(s):
        return False
    if is_legality_paper(certificate):
        return bool(_not_from_a_forest(certificate))
    if not s.documents:  # H302 speaks, but not of wood from abroad: nothing would ask what shows its origin
        return is_imported(certificate) and s.fuel_class is not FuelClass.THINNED
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
        "法令に基づく伐採であることを示さず、国有林の売買契約書は森林管理署の名があるものに限る。一般木質は、"
        "法令に基づく伐採が示されていれば、記載の由来が書類と違っても一般木質である（注意）。",
        "Each origin has its kinds of document. A private sales contract, an information card or a waste "
        "manifest shows no lawful felling, and a contract for national-forest wood names the forest office. General "
        "wood with papers for a lawful felling stays general where the origin stated is another (a notice).",
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
