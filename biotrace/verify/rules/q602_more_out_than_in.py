"""Q602: more goods go out than the draws bring in, even at the most favourable factor of the profile's range.

Example: 6.58 t of chips at 42 % moisture (3.8 bone-dry t) from 5 m³ of sugi (at most 2.3 bone-dry t). What came in
is no more than what its own certificates drew on can have brought, however often it was certified since.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text, same

from ..effect import Effect
from ..inputs import balance
from ..rule import Fired, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired]:
    found = balance(s)
    if found.excess > 0:
        out, into = (same(f"{float(value) / 10**6:,.3f} ") + found.unit for value in (found.out, found.into))
        told = Text(f"出荷 {out.ja}、引き当ては最大 {into.ja}", f"{out.en} out, at most {into.en} in")
        yield Fired(told, excess=found.excess)


RULE = Rule(
    code="Q602",
    name=Text(
        "引き当てた量より多く出荷している",
        "more goes out than the draws bring in",
    ),
    clause="G3",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "全乾重量で比べ、最も有利な換算でも引き当て量で出荷量をまかなえない（3％まで許容）。引き当てた証明書の量は、"
        "その元の証明書から入り得た量を限度とするので、証明を重ねても許容差は積み重ならない。売買だけなら水分が"
        "5ポイントまで低くてもよいが、同じ重さのまま乾いたことにして量を増やすことはできない。",
        "Compared bone-dry at the most favourable factor, the draws do not cover what is certified (3 % tolerance). A "
        "certificate drawn on counts for no more than can have come into it, so that tolerances do not add up from hop "
        "to hop. In trade a moisture may be 5 points lower, but wood that is said to have dried weighs less.",
    ),
    expected=Text(
        "引き当て量の範囲内の出荷",
        "no more than the draws bring in",
    ),
    remedy=Text(
        "足りない分の証明書を引き当てるか、数量を確かめて差し替える",
        "draw on certificates for the rest, or check the quantity and replace",
    ),
    stages=CERTIFICATES,
    applies=lambda s: s.certificate is not None and s.finds_source,
    check=_check,
    example=Text(
        "スギ5㎥（全乾で最大2.27トン）から、水分42％のチップ6.58トン（全乾3.82トン）を出荷した。",
        "6.58 t of chips at 42 % moisture, 3.82 t bone-dry, from 5 m³ of sugi, which hold at most 2.27 t.",
    ),
)
