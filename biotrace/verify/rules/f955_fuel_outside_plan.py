"""F955: a plant burned a kind of fuel that its plan for the year does not have; a new kind needs a change approval.

Example: a plan for thinned and general wood, and construction waste in the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from biotrace.model.text import Text, join

from ..booking import Whole
from ..effect import Effect
from ..rule import Answer, Fired, NotChecked, Rule, Scope


def _whole(w: Whole) -> Iterator[tuple[str, Iterable[Answer]]]:
    for book in w.state.plants.values():
        for (year, fuel_class), use in book.used.items():
            planned = [c for y, c in book.planned if y == year]
            if not book.planned:
                continue
            if not planned:
                yield (
                    use.first,
                    (NotChecked(Text(f"{year}年度の計画がない", f"there is no plan for fiscal year {year}")),),
                )
            elif fuel_class in planned:
                yield use.first, ()
            else:
                told = Text(f"{year}年度の計画: ", f"the plan for fiscal year {year}: ")
                burned = Text("。使用: ", "; burned: ") + fuel_class.label
                yield use.first, (Fired(told + join([c.label for c in planned]) + burned),)


RULE = Rule(
    code="F955",
    name=Text(
        "計画にない種類の燃料を使っている",
        "a fuel kind outside the plan",
    ),
    clause="A 図表2-(3)-ア-①",
    scope=Scope.PLANT,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "使用計画にない種類のバイオマスを使うには、認定の変更が要る。その年度の計画にない区分を使った最初の記帳を示す。",
        "A kind of biomass that the plan does not have needs a change of the approval. Shown is the first entry of a "
        "class that the year's plan does not have.",
    ),
    expected=Text(
        "計画にある種類の燃料",
        "fuel of a kind that the plan has",
    ),
    remedy=Text(
        "区分の記帳を確かめ、合っていれば変更認定を受ける",
        "check the class that was booked; if it is right, have the change approved",
    ),
    whole=_whole,
    example=Text(
        "間伐材等由来と一般木質の計画で、建設資材廃棄物300トンを使用したと記帳した。",
        "A plan for thinned and general wood, and 300 t of construction waste booked as burned.",
    ),
)
