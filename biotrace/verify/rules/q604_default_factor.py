"""Q604: cubic metres were turned into tonnes by a default factor; which, with its range and source.

On a lot in m³, and where draws in m³ are weighed against another measure. Example: 40 m³ of sugi counted as 18.2
bone-dry tonnes at 2.2 m³ to the tonne, where 3.5 would make it 11.4.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.party import Role
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text, join

from ..effect import Effect
from ..inputs import as_drawn
from ..rule import Fired, NotChecked, Rule, Scope
from ..species import WoodGroup
from ..stage import EVERY
from ..subject import Subject
from ..tonnage import bone_dry


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    told = [text for quantity, group in dict.fromkeys(_converted(s)) if (text := _told(s, quantity, group)) is not None]
    if told:
        yield Fired(join(told, "／", "; "))


def _converted(s: Subject) -> Iterator[tuple[Quantity, WoodGroup | None]]:
    """Volumes whose bone-dry weight the verdict uses: a lot's own, and draws that are weighed against something "
    "else."""
    own = s.quantity
    if _is_lot(s) and not own.unit.is_mass:
        yield own, s.group
    if s.certificate is None:
        return
    if all(i.quantity.unit.is_mass for i in s.intakes):
        return
    taken = [(as_drawn(i), i.source.group if i.source is not None else None) for i in s.intakes]
    alike = all(q.same_measure(own) for q, _ in taken) and len({group for _, group in taken}) == 1
    for quantity, group in taken if not alike else []:
        if not quantity.unit.is_mass:
            yield quantity, group


def _told(s: Subject, quantity: Quantity, group: WoodGroup | None) -> Text | None:
    dry = bone_dry(quantity, group, s.profile)
    if dry is None:
        return None
    amount, tonnes = str(quantity), f"{dry.grams / 10**6:,.3f}"
    into = Text(f"{amount} → 全乾 {tonnes} t: ", f"{amount} as {tonnes} bone-dry t: ")
    return into + join([factor.said for factor in dry.assumed])


def _is_lot(s: Subject) -> bool:
    if s.certificate is None:
        return s.at_plant
    buyer = s.case.parties.get(s.certificate.buyer) if s.certificate.buyer is not None else None
    return buyer is not None and Role.PLANT in buyer.roles


RULE = Rule(
    code="Q604",
    name=Text(
        "立方メートルを標準の係数でトンに換算した",
        "cubic metres turned into tonnes by a default factor",
    ),
    clause="A",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "量は水分0％の重さで比べる。立方メートルで書かれた量は換算係数で重さにするので、係数の幅だけ不確かである。",
        "Quantities compare at 0 % moisture. What is written in cubic metres is turned into a weight by a factor, and "
        "is as uncertain as that factor's range is wide.",
    ),
    expected=Text(
        "量った重さと水分",
        "a weight and a moisture that were measured",
    ),
    remedy=Text(
        "できれば重さと水分を量って書く",
        "weigh it and measure its moisture where possible",
    ),
    stages=EVERY,
    applies=lambda s: (s.certificate is not None and bool(s.intakes)) or _is_lot(s),
    check=_check,
    example=Text(
        "スギ40㎥を、2.2㎥/全乾トン（幅2.2〜3.5）で18.2トンと数えた。3.5なら11.4トンになる。",
        "40 m³ of sugi count as 18.2 bone-dry t at 2.2 m³ to the tonne (range 2.2 to 3.5); at 3.5 they would be 11.4 "
        "t.",
    ),
)
