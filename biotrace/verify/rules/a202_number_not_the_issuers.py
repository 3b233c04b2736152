"""A202: the accreditation number is unknown, or somebody else's.

Example: a trader copies its supplier's number onto its own certificate. Mended by a certificate with the right number.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..document_identity import number_key
from ..effect import Effect
from ..facts import held_accreditations, needs_no_accreditation, own_code
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    stated = s.certificate.accreditation_number
    if stated is None or held_accreditations(s):
        return
    others = s.case.holders.get(number_key(stated), ())
    whose = Text(f"{others[0]} の番号", f"the number of {others[0]}") if others else Text("不明な番号", "unknown")
    yield Fired(Text(f"{stated}: ", f"{stated}: ") + whose)


RULE = Rule(
    code="A202",
    name=Text(
        "認定番号が発行者のものでない",
        "accreditation number is not the issuer's",
    ),
    clause="G3(3)①",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "記載された認定番号が、発行者の認定書の番号と一致しない。他社の番号か、知られていない番号である。",
        "The number stated is not among those the issuer was accredited under: another business's, or unknown.",
    ),
    expected=Text(
        "発行者自身の認定番号",
        "a number that the issuer was accredited under",
    ),
    remedy=Text(
        "団体の公表する名簿で番号を確かめ、正しい番号で再発行してもらう",
        "check the body's published list and have it reissued with the right number",
    ),
    stages=CERTIFICATES,
    applies=lambda s: (
        s.certificate is not None
        and s.certificate.accreditation_number is not None
        and not own_code(s)
        and not needs_no_accreditation(s)
    ),
    check=_check,
    example=Text(
        "認定番号が東木燃-034のチップ工場が、仕入れ先の番号「東木燃-012」を自社の証明書に書いた。",
        "A mill accredited as 東木燃-034 wrote its supplier's number 東木燃-012 on its own certificate.",
    ),
)
