"""F951: a plant burned more of a class than accepted lots and stock brought in.

The excess of the later month has no source. Example: 1,000 t accepted as thinned, 1,200 t booked as burned, both at
40 % moisture. Lots count by the class that they were accepted as; what is wrong with them is said of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from biotrace.model.stock import Consumption
from biotrace.model.text import Text

from ..booking import Line
from ..effect import Effect
from ..rule import Answer, Fired, NotChecked, Rule, Scope
from ..yards import Outflow, amounts, burned, shortage


def _book(line: Line) -> Iterable[Answer] | None:
    entry = line.booked.value
    return _said(burned(line, entry)) if isinstance(entry, Consumption) else None


def _said(flow: Outflow) -> Iterator[Answer]:
    short = shortage((flow,))
    if short is None:
        yield NotChecked(Text("最後の棚卸しより前の月", "a month before the last count"))
    for _, found in short or ():
        out, left = amounts(found)
        told = flow.fuel_class.label + Text(": 使用 ", ": ") + out + Text("、受入れと在庫は最大 ", " burned, at most ")
        yield Fired(told + left + Text("", " brought in"), excess=found.short)


RULE = Rule(
    code="F951",
    name=Text(
        "受け入れた量を超えて使用している",
        "more burned than was brought in",
    ),
    clause="N 備考3",
    scope=Scope.PLANT,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "発電所が区分ごとに使用した量は、その区分で受け入れたロットと在庫の範囲を超えない。全乾重量で、受入れは最も"
        "多く、使用は最も少なく見積もって比べる。超えた分は由来が分からない。受け入れた区分で数え、ロットそのものの"
        "不備は、そのロットの指摘とする。",
        "Of a class a plant can burn no more than the lots accepted as that class and its stock. Compared bone-dry, "
        "what came in at the most and what was burned at the least; the excess has no source. Lots count by the class "
        "they were accepted as: what is wrong with a lot is a finding on that lot.",
    ),
    expected=Text(
        "受け入れたロットと在庫の範囲内の使用量",
        "no more than the lots accepted and the stock",
    ),
    remedy=Text(
        "記帳していない納入・期首在庫を台帳に入れるか、使用量と区分を確かめて記帳し直す",
        "book the deliveries or opening stock that are missing, or check the quantity and class burned",
    ),
    book=_book,
    example=Text(
        "水分40％で間伐材等由来1,000トンを受け入れ、同じ水分の1,200トンを使用したと記帳した。200トンは由来がない。",
        "1,000 t accepted as thinned at 40 % moisture, 1,200 t of the same booked as burned: 200 t have no source.",
    ),
)
