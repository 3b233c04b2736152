"""H309: national-forest wood without the sales contract with a forest office, or with another office's.

The office's own certificate counts as certificate and document. Wins over H302. Example: chips from
a national forest with the log trader's invoice only.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import DocumentKind
from biotrace.model.party import Role
from biotrace.model.text import Text

from ..document_identity import office_key, office_of
from ..effect import Effect
from ..facts import is_felling_stage
from ..origins import is_national, names_forest_office
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    contracts = [d for d in s.documents if d.kind is DocumentKind.NATIONAL_CONTRACT]
    if not contracts:
        if s.issuer is None or Role.FOREST_OFFICE not in s.issuer.roles:
            yield Fired(Text("売買契約書が挙げられていない", "no contract is listed"))
        return
    stated = s.certificate.forest_office
    named_on = [d for d in contracts if office_of(d)]
    offices = [office for d in named_on if names_forest_office(d, s.case.parties) and (office := office_of(d))]
    if named_on and not offices:
        sellers = "、".join(s.name(office_of(d)) for d in named_on)
        yield Fired(Text(f"契約の売り手 {sellers} は森林管理署でない", f"sold by {sellers}: no forest office"))
    elif stated is None or not offices:
        yield NotChecked(Text("森林管理署名の記載がなく比べられない", "no forest office is named to compare by"))
    elif not any(_same(s, stated, office) for office in offices):
        named = "、".join(s.name(o) for o in offices)
        yield Fired(
            Text(f"証明書は {s.name(stated)}、契約書は {named}", f"certificate: {s.name(stated)}; contract: {named}")
        )


def _same(s: Subject, one: str, other: str) -> bool:
    """Contracts are signed by the office's head: 北信森林管理署長 is 北信森林管理署."""
    return office_key(s.name(one)) == office_key(s.name(other))


RULE = Rule(
    code="H309",
    name=Text(
        "国有林の売買契約書がない",
        "national-forest wood without the forest office's contract",
    ),
    clause="別記1 例2",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "国有林材は、森林管理署等との売買契約書の写しを添える（署自身の証明書はそれを兼ねる）。"
        "署名が違うものも認められない。",
        "National-forest wood comes with a copy of the sales contract with the forest office; the office's own "
        "certificate serves as both. Another office's contract does not do.",
    ),
    expected=Text(
        "記載の森林管理署との売買契約書",
        "the contract with the forest office named",
    ),
    remedy=Text(
        "森林管理署との売買契約書の写しを添える",
        "attach a copy of the contract with that forest office",
    ),
    stages=FELLING,
    applies=lambda s: s.certificate is not None and is_felling_stage(s) and is_national(s.certificate),
    check=_check,
    example=Text(
        "国有林材150㎥の証明書に、森林管理署との売買契約書が1通も添えられていない。",
        "150 m³ from a national forest, and not one contract with the forest office.",
    ),
)
