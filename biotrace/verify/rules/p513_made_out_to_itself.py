"""P513: at the processing stage, a certificate made out to its own seller.

Within one firm wood needs no certificate at this stage, and each one that a firm writes to itself is a place where
figures can change without a second pair of eyes. Example: a chip mill certifies 28 t of its own chips to itself and
draws on that for the plant. Not of a felling-stage certificate, which whoever fells and processes has to write to
itself, nor between two yards that are named, nor where the firm has the power plant.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.certificate import Certificate
from biotrace.model.party import Role
from biotrace.model.text import Text

from ..effect import Effect
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import PROCESSING
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    c = s.certificate
    assert c is not None
    if c.buyer == c.seller and not _between_own_yards(c) and not _burns_it(s, c):
        name = s.name(c.seller)
        yield Fired(Text(f"売り手も買い手も {name}", f"{name} is both seller and buyer"))


def _between_own_yards(c: Certificate) -> bool:
    return c.from_site is not None and c.to_site is not None and c.from_site != c.to_site


def _burns_it(s: Subject, c: Certificate) -> bool:
    party = s.case.parties.get(c.seller)
    return party is not None and Role.PLANT in party.roles


RULE = Rule(
    code="P513",
    name=Text(
        "自社あての加工・流通段階の証明書",
        "a processing-stage certificate made out to its own seller",
    ),
    clause="G3(1)①イ",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "加工・流通段階の証明書は次の相手に渡すもので、社内の移動に証明書は要らない。自社あての証明書を重ねると、数量や水分が"
        "誰の目にも触れずに書き換わり得るので、人が見る。自ら伐採した木材の伐採段階の証明書、発送場所と納入場所の両方を書いた"
        "自社の置場間の移動、自社の発電所あてのものは除く。",
        "A processing-stage certificate goes to the next hand; within a firm none is needed. Where a firm writes them "
        "to itself, quantities and moistures can change unseen, so a person should look. Not of the felling-stage "
        "certificate of who felled the wood itself, of a move between two yards of its own that are both named, nor "
        "of what goes to its own power plant.",
    ),
    expected=Text(
        "次の相手あての証明書",
        "a certificate made out to the next hand",
    ),
    remedy=Text(
        "元の証明書から直接引き当てる。社内の移動を記録するなら、発送場所と納入場所を書く",
        "draw on the first certificates directly; to record a move within the firm, name both yards",
    ),
    stages=PROCESSING,
    applies=lambda s: s.certificate is not None and s.certificate.buyer is not None,
    check=_check,
    example=Text(
        "チップ工場が自社のチップ28トンを自社あてに証明し、その証明書を引き当てて発電所に出荷した。",
        "A chip mill certifies 28 t of its chips to itself and draws on that certificate for the plant.",
    ),
)
