"""Q607: more of a class leaves a yard than can lie there, by its opening stock, stocktakes, intakes and withdrawals.

Example: opening stock 10 t, 20 t taken in, a certificate for 50 t out of that yard. What goes out counts at the least,
what came in at the most that the profile's factors allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from biotrace.model.stock import StockEntry
from biotrace.model.text import Text, join

from ..booking import Line
from ..effect import Effect
from ..rule import Answer, Fired, NotChecked, Rule, Scope
from ..stage import PROCESSING
from ..stock_book import Taking
from ..subject import Subject
from ..yards import Outflow, amounts, counts, outflows, shortage, withdrawn, yard_left

_COUNTED = Text(
    "期首在庫か最後の棚卸しより前の日付で、その数量に含まれている",
    "dated before the opening or last count, and so in it",
)
_CLASSES = Text("引き当てた区分ごとの割合が分からない", "the shares of the classes drawn on cannot be told")


def _check(s: Subject) -> Iterator[Answer]:
    yard = yard_left(s)
    flows = outflows(s, yard) if yard is not None else None
    if yard is None or flows is None:
        yield NotChecked(_CLASSES, harmless=True)
        return
    yield from _said(yard[1], flows, s)


def _book(line: Line) -> Iterable[Answer] | None:
    flow, entry = withdrawn(line), line.booked.value
    return _said(entry.site, (flow,), None) if flow is not None and isinstance(entry, StockEntry) else None


def _said(site: str, flows: tuple[Outflow, ...], s: Subject | None) -> Iterator[Answer]:
    short = shortage(flows)
    if short is None:
        yield NotChecked(_COUNTED, harmless=True)
    elif short:
        told = join([_told(flow, found) for flow, found in short])
        whole = sum(flow.load.likely for flow in flows)
        over = sum((_share(flow, whole, len(flows)) * found.short for flow, found in short), Fraction(0))
        yield Fired(Text(f"置場「{site}」の", f"yard {site}, ") + told, excess=over if s is not None else None)


def _share(flow: Outflow, whole: int, parts: int) -> Fraction:
    return Fraction(flow.load.likely, whole) if whole else Fraction(1, parts)


def _told(flow: Outflow, found: Taking) -> Text:
    out, left = amounts(found)
    return (
        flow.fuel_class.label
        + Text(": 出荷 ", ": ")
        + out
        + Text("、あり得る在庫は最大 ", " out, at most ")
        + left
        + Text("", " can be there")
    )


RULE = Rule(
    code="Q607",
    name=Text(
        "置場の在庫を超えて出荷している",
        "more leaves a yard than can lie there",
    ),
    clause="G3(3)②",
    scope=Scope.SITE,
    proof=False,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "置場ごと、区分ごとに、期首在庫、入荷、出荷、払出し、棚卸しを順に数える。入荷は最も多く、出荷は最も少なく"
        "見積もっても在庫が足りなければ、足りない分の由来は分からない。期首在庫と棚卸しは、いつ記帳しても"
        "その日付で数える。どの置場に入ったか書かれていない入荷は、その事業者のどの置場にもあり得るものとする。",
        "Per yard and class, opening stock, intakes, shipments, withdrawals and stocktakes are counted in order. Where "
        "the stock falls short even with intakes at the most and shipments at the least, the excess has no source. "
        "Opening stocks and stocktakes count by their date, whenever they were booked. An intake that names no yard "
        "may lie in any of its owner's.",
    ),
    expected=Text(
        "置場にあり得る在庫の範囲内の出荷",
        "no more than can lie in the yard",
    ),
    remedy=Text(
        "記帳していない入荷・期首在庫を台帳に入れるか、出荷の数量・区分・置場を確かめて差し替える",
        "book the intakes or opening stock that are missing, or check quantity, class and yard and replace",
    ),
    stages=PROCESSING,
    applies=lambda s: yard_left(s) is not None and counts(s),
    check=_check,
    book=_book,
    example=Text(
        "期首在庫10トン、入荷20トンの置場から、水分40％で80トン（全乾48トン）を出荷した。18トン分は由来がない。",
        "10 t of opening stock and 20 t taken in, then 80 t at 40 % moisture (48 t bone-dry) out: 18 t have no source.",
    ),
)
