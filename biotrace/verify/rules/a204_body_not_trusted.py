"""A204: the body that accredited the issuer is not among those the verifier trusts.

Anybody can print a 認定書. Example: an association that never published a code of conduct.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..facts import held_accreditations, needs_no_accreditation, own_code
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    trusted = s.case.trusted_bodies
    if trusted is None:
        yield NotChecked(Text("信頼する団体の一覧がない", "no list of trusted bodies was given"), harmless=True)
        return
    bodies = [a.body for a in held_accreditations(s)]
    if not any(body in trusted for body in bodies):
        names = "、".join(dict.fromkeys(s.name(body) for body in bodies))
        yield Fired(Text(f"認定団体: {names}", f"accredited by {names}"))


RULE = Rule(
    code="A204",
    name=Text(
        "認定団体が信頼リストにない",
        "accrediting body is not trusted",
    ),
    clause="G3(3)①",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "認定した団体が、検証する側の認める団体の一覧にない。一覧が与えられていないときは検査しない。",
        "The accrediting body is not among those the verifier trusts. Without a list of trusted bodies this is "
        "not checked.",
    ),
    expected=Text(
        "信頼する団体による認定",
        "accreditation by a trusted body",
    ),
    remedy=Text(
        "団体が自主行動規範を公表しているか確かめ、信頼する団体に加えるか、証明を受け直す",
        "see whether the body has published a code of conduct; trust it, or have the wood certified anew",
    ),
    stages=CERTIFICATES,
    applies=lambda s: (
        s.certificate is not None and not own_code(s) and not needs_no_accreditation(s) and bool(held_accreditations(s))
    ),
    check=_check,
    example=Text(
        "信頼する団体は1つだけなのに、発行者の認定書は一覧にない別の協会のもの。",
        "One body is trusted, and the issuer's 認定書 is by another association that is not on the list.",
    ),
)
