"""F954: a plant used over 10 % more, or less, of a class in a fiscal year than its fuel plan says.

Example: 35,000 t planned for 2014, 30,000 t used from April 2014 to March 2015. Too little shows at the year's end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from biotrace.model.quantity import Quantity
from biotrace.model.text import Text

from ..booking import Whole
from ..effect import Effect
from ..rule import Answer, Fired, NotChecked, Rule, Scope
from ..stock_book import Use
from ..tonnage import bone_dry

_NO_FACTOR = Text("換算係数がなく比べられない", "no factor to compare by")


def _whole(w: Whole) -> Iterator[tuple[str, Iterable[Answer]]]:
    for book in w.state.plants.values():
        years = {year for year, _ in book.used}
        for (year, fuel_class), (record, planned) in book.planned.items():
            if year in years:
                yield record, _compared(w, year, planned, book.used.get((year, fuel_class), Use("")))


def _compared(w: Whole, year: int, planned: Quantity, use: Use) -> Iterator[Answer]:
    plan = bone_dry(planned, None, w.profile)
    if plan is None or use.unknown:
        yield NotChecked(_NO_FACTOR)
        return
    tolerance = w.profile.plan_tolerance
    off = use.grams > plan.grams * (1 + tolerance)
    over = (w.case.today.year, w.case.today.month, w.case.today.day) >= (year + 1, 3, 31)
    if over:
        off |= use.grams < plan.grams * (1 - tolerance)
    elif not off:
        yield NotChecked(Text(f"{year}年度はまだ終わっていない", f"fiscal year {year} is not over"))
        return
    if off:
        used, wanted = (f"{grams / 10**6:,.1f}" for grams in (use.grams, plan.grams))
        told = Text(
            f"{year}年度: 使用 {used} t、計画 {wanted} t（いずれも全乾）",
            f"fiscal year {year}: {used} t used, {wanted} t planned (both bone-dry)",
        )
        assumed = Text("。書かれていない水分などは標準値による", "; what is not stated, such as moisture, by default")
        yield Fired(told + assumed if use.assumed or plan.assumed else told)


RULE = Rule(
    code="F954",
    name=Text(
        "使用計画と1割を超えて違う",
        "use more than 10 % off the plan",
    ),
    clause="A 図表2-(3)-ア-①",
    scope=Scope.PLANT,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "認定のときに出したバイオマス燃料の使用計画と、年度（4月から3月）の使用量を、区分ごとに全乾重量で比べる。"
        "多すぎることは年度の途中でも、少なすぎることは年度が終わってから示す。",
        "The fuel plan that came with the approval, against what was used from April to March, per class and bone-dry. "
        "Too much shows within the year already, too little when it is over.",
    ),
    expected=Text(
        "計画の量の1割以内の使用",
        "use within 10 % of the plan",
    ),
    remedy=Text(
        "使用量の記帳を確かめる。合っていれば、計画の変更が要らないか確かめる",
        "check what was booked; if it is right, see whether the plan has to be changed",
    ),
    whole=_whole,
    example=Text(
        "2014年度に3万5千トンの計画で、3万トン（14％減）しか使わなかった。",
        "35,000 t planned for the fiscal year 2014, and 30,000 t used, 14 % less.",
    ),
)
