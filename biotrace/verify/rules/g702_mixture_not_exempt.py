"""G702: a lot claims the single-plant exemption for mixed classes, and its conditions are not met.

The certificates behind it have to prove the shares, it mixes with nothing else, and all of it goes to one plant.
Example: a lot certified as half thinned, of whose draws a quarter is thinned. Whoever draws on such a lot mixes it
again; a delivery of it at another plant is told there.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from biotrace.model.certificate import Certificate, Mixed
from biotrace.model.fuel_class import FuelClass, lowest
from biotrace.model.party import Role
from biotrace.model.quantity import PARTS
from biotrace.model.text import Text, join

from ..effect import Effect
from ..inputs import weights
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    if s.delivery is not None:
        yield from _delivered(s)
        return
    c = s.certificate
    assert c is not None
    again = [s.label(i.certificate) for i in s.intakes if i.source is not None and i.source.mixed is not None]
    if again:
        names = "、".join(again)
        yield Fired(Text(f"混合ロット {names} を引き当てている", f"it draws on a mixed lot: {names}"))
    if c.mixed is not None:
        yield from _one_plant(s, c, c.mixed)
        yield from _certified(s, c, c.mixed)


def _delivered(s: Subject) -> Iterator[Fired]:
    assert s.delivery is not None
    plant = s.source.mixed if s.source is not None else None
    if plant != s.delivery.at:
        named, at = s.name(plant), s.name(s.delivery.at)
        yield Fired(Text(f"{named} だけに渡すロットを {at} が受け入れた", f"a lot for {named} only, taken in at {at}"))


def _one_plant(s: Subject, c: Certificate, mixed: Mixed) -> Iterator[Fired]:
    plant = s.case.parties.get(mixed.plant)
    if c.buyer != mixed.plant or plant is None or Role.PLANT not in plant.roles:
        named, buyer = s.name(mixed.plant), s.name(c.buyer)
        yield Fired(
            Text(f"混合の例外は {named} あて、販売先は {buyer}", f"the exemption names {named}, sold to {buyer}")
        )


def _certified(s: Subject, c: Certificate, mixed: Mixed) -> Iterator[Fired | NotChecked]:
    """Whether the shares are whole, the class is the lowest of them, and the draws bear them out."""
    total = sum(share.parts for share in mixed.shares)
    if total != PARTS:
        said = f"{total / PARTS:.2%}"
        yield Fired(Text(f"割合の合計が {said}", f"the shares add up to {said}"))
        return
    if c.fuel_class is not (bottom := lowest(share.fuel_class for share in mixed.shares if share.parts)):
        yield Fired(
            Text("区分 ", "declared ")
            + c.fuel_class.label
            + Text("、割合で最も低いのは ", ", the lowest share is ")
            + bottom.label
        )
    if not s.intakes:
        yield Fired(Text("割合を示す証明書を引き当てていない", "it draws on no certificates that prove the shares"))
        return
    parts = weights(s)
    if parts is None:
        yield NotChecked(Text("引き当ての単位が異なり割合を比べられない", "draws in units that no factor compares"))
        return
    slack = s.profile.balance_tolerance
    short = [_told(*share) for share in _shares(s, mixed, parts) if share[1] > share[2] + slack]
    if short:
        yield Fired(join(short))


def _shares(s: Subject, mixed: Mixed, parts: tuple[int, ...]) -> Iterator[tuple[FuelClass, Fraction, Fraction]]:
    """For each class: what is certified as that or better, and what was drawn of certificates that declare so much."""
    whole = sum(parts) or 1
    declared = [i.source.fuel_class if i.source is not None else FuelClass.CONSTRUCTION_WASTE for i in s.intakes]
    for c in FuelClass:
        said = sum(share.parts for share in mixed.shares if share.fuel_class.rank <= c.rank)
        proven = sum(p for p, d in zip(parts, declared, strict=True) if d.rank <= c.rank)
        yield c, Fraction(said, PARTS), Fraction(proven, whole)


def _told(c: FuelClass, said: Fraction, proven: Fraction) -> Text:
    told, drawn = f"{float(said):.1%}", f"{float(proven):.1%}"
    return c.label + Text(f"以上: 証明 {told}、引き当て {drawn}", f" or better: {told} certified, {drawn} drawn")


RULE = Rule(
    code="G702",
    name=Text(
        "混合の例外の条件を満たさない",
        "the mixing exemption's conditions are not met",
    ),
    clause="G3(3)②",
    scope=Scope.LOT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        ""
        "区分の違う木材を混ぜてよいのは、発電所がバイオマス比率を正確に出せるときだけである。"
        "証明書で割合が分かり、ほかの木材と再び混ざらず、全てが一つの発電所に渡ること。"
        "条件を満たすロットは、証明された割合で区分ごとに数える。",
        "Classes may be mixed only where the plant can still work out its biomass ratio exactly: certificates prove "
        "the shares, the lot mixes with nothing else, and all of it goes to one plant. A lot that meets this is "
        "counted class by class, by its certified shares.",
    ),
    expected=Text(
        "引き当てた証明書で分かる割合、一つの発電所あて、再混合なし",
        "shares that the draws bear out, one plant, and nothing mixed in again",
    ),
    remedy=Text(
        "割合とあて先を正した証明書に差し替えるか、区分ごとに分けて証明する",
        "replace it with the right shares and plant, or certify each class apart",
    ),
    stages=EVERY,
    applies=lambda s: s.exempt_mixture or any(i.source is not None and i.source.mixed is not None for i in s.intakes),
    check=_check,
    example=Text(
        "間伐材等由来50％と証明した混合チップが、引き当てでは25％だった。",
        "Mixed chips are certified as 50 % thinned wood; of what they draw on, 25 % is.",
    ),
)
