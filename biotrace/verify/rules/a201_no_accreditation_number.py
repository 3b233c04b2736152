"""A201: an issuer who is not exempt states no accreditation number.

The number is how a buyer, and later a reviewer, finds out whether a body has looked at how this business keeps classes
apart. Example: a chip mill's 2-1 without 認定番号. Mended by a reissued certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..facts import needs_no_accreditation, own_code
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if s.certificate is not None and s.certificate.accreditation_number is None:
        name = s.name(s.certificate.issuer)
        yield Fired(Text(f"{name} の認定番号がない", f"{name} states none"))


RULE = Rule(
    code="A201",
    name=Text(
        "認定番号の記載がない",
        "no accreditation number",
    ),
    clause="G3(3)①",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "証明書には、発行者が団体の認定を受けていることが分かる番号を書く。除くのは、別記1では業として営まない森林所有者、"
        "別記1-2の所有者、森林管理署、地方公共団体のもの、それに団体の規範ができる前の、その団体の構成員の証明書"
        "（後に認定を受けたことで分かる）。別記2は、加工・流通を行う者が発行するので除かれない。",
        "A certificate states the number under which a body accredited its issuer. Exempt are, on forms 1, owners who "
        "do not do this as a business, owners of 1-2 wood, forest offices and municipalities; and certificates by a "
        "body's members older than its code (a later accreditation tells). Forms 2 are for who processes or trades.",
    ),
    expected=Text(
        "認定番号",
        "an accreditation number",
    ),
    remedy=Text(
        "認定番号を記載した証明書を再発行してもらう。認定がなければ団体の認定を受ける",
        "have it reissued with the number; without one, become accredited",
    ),
    stages=CERTIFICATES,
    applies=lambda s: s.certificate is not None and not own_code(s) and not needs_no_accreditation(s),
    check=_check,
    example=Text(
        "チップ工場がスギチップ20トンの別記2-1を発行したが、認定番号の欄が空いている。",
        "A chip mill's 2-1 for 20 t of sugi chips, its line for the accreditation number left empty.",
    ),
)
