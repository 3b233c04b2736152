"""T992: issued without a number before the issuer's body had its code, and not said to be held when that code came.

Bodies had until 2012-09-01 to set their code of conduct. Until then their members' certificates need no number, and
say instead that the wood was held at that time. Example: a certificate of 2012-07-20 by a member of a body whose code
began on 2012-08-20.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Statement
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import is_before_the_code, is_exempt_issuer
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if s.certificate is not None and Statement.HELD_WHEN_CODE_CAME not in s.certificate.statements:
        issuer = s.name(s.certificate.issuer)
        yield Fired(
            Text(
                f"証明日 {s.date}、{issuer} の団体の規範はまだない。所有していた旨の記載がない",
                f"issued {s.date}, before the code of {issuer}'s body; not said to be held",
            )
        )


def _applies(s: Subject) -> bool:
    c = s.certificate
    if c is None or c.accreditation_number is not None or not s.needs_proof or s.is_supplement:
        return False
    return is_before_the_code(s) and not is_exempt_issuer(s)


RULE = Rule(
    code="T992",
    name=Text(
        "規範ができる前の証明書に、所有していた旨がない",
        "issued before the body's code, and not said to have been held",
    ),
    clause="G5(2)",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "団体の自主行動規範ができるまで（遅くとも2012年9月1日まで）の証明書には認定番号が要らないが、"
        "その木材を所有していたことを記載する。",
        "Until the body has its code of conduct (by 2012-09-01) its members' certificates need no accreditation "
        "number, but say that the wood was held then.",
    ),
    expected=Text(
        "規範の策定時点で所有していた旨の記載",
        "the statement that it was held when the code came",
    ),
    remedy=Text(
        "その旨を記載した証明書に差し替えるか、認定番号のある証明書を出してもらう",
        "replace it with one that says so, or have one issued with an accreditation number",
    ),
    stages=CERTIFICATES,
    applies=_applies,
    check=_check,
    example=Text(
        "規範が2012年8月20日にできた団体の会員が、7月20日に番号なしで出した証明書。",
        "A certificate without a number of 20 July 2012, by a member of a body whose code began on 20 August.",
    ),
)
