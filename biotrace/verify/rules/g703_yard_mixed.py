"""G703: a yard declared for one class took in another; what leaves it has the lower class until the yard was emptied.

Example: 20 t of general logs go into a yard for thinned wood; the 30 t that leave it as thinned are general. The record
that brings the other class in only gets a notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from biotrace.model.fuel_class import FuelClass
from biotrace.model.stock import StockEntry, StockKind
from biotrace.model.text import Text

from ..booking import Line
from ..case import Case, SiteKey
from ..effect import Effect
from ..rule import Answer, Fired, Rule, Scope
from ..stage import CERTIFICATES
from ..subject import Subject
from ..yards import counts, ground_of, yard_entered, yard_left


def _declared(case: Case, yard: SiteKey | None) -> FuelClass | None:
    site = case.sites.get(yard) if yard is not None else None
    return site.fuel_class if site is not None else None


def _applies(s: Subject) -> bool:
    if s.certificate is None or (s.certificate.from_site is None and s.certificate.to_site is None):
        return False
    known = (_declared(s.case, yard) for yard in (yard_left(s), yard_entered(s)))
    return any(declared is not None for declared in known) and counts(s)


def _check(s: Subject) -> Iterator[Answer]:
    left, entered = yard_left(s), yard_entered(s)
    if left is not None and _declared(s.case, left) is not None:
        yield from _out(s, left)
    declared = _declared(s.case, entered)
    if entered is not None and declared is not None and declared is not s.fuel_class:
        yield _in(entered[1], declared, s.fuel_class)


def _out(s: Subject, yard: SiteKey) -> Iterator[Answer]:
    other = ground_of(s, yard).other
    if other is None or s.date < other[2] or other[0].rank <= s.fuel_class.rank:
        return
    low, record, day = other
    yield Fired(
        Text(
            f"置場「{yard[1]}」には {day} にほかの区分が入り（{s.label(record)}）、その後、空になっていない",
            f"yard {yard[1]} took in another class on {day} ({s.label(record)}) and has not been empty since",
        ),
        effect=Effect(low.value),
    )


def _in(site: str, declared: FuelClass, brought: FuelClass) -> Fired:
    return Fired(
        Text(
            f"置場「{site}」は{declared.label.ja}の置場で、入ったのは{brought.label.ja}",
            f"yard {site} is for {declared.label.en}; what came in is {brought.label.en}",
        ),
        message=Text("別の区分の置場に入れている", "put into a yard for another class"),
        effect=Effect.NOTICE,
    )


def _book(line: Line) -> Iterable[Answer] | None:
    entry = line.booked.value
    if not isinstance(entry, StockEntry) or entry.kind is StockKind.WITHDRAWAL:
        return None
    declared = _declared(line.case, (line.booked.party, entry.site))
    if declared is None:
        return None
    return () if declared is entry.fuel_class else (_in(entry.site, declared, entry.fuel_class),)


RULE = Rule(
    code="G703",
    name=Text(
        "ほかの区分が入った置場から出荷している",
        "shipped from a yard that took in another class",
    ),
    clause="G3(3)②",
    scope=Scope.SITE,
    proof=False,
    effect=Effect.INPUT_CLASS,
    explanation=Text(
        "一つの区分のための置場にほかの区分が入ったら、そこから出るものは、置場が空になるまで低い方の区分とみなす。"
        "帳簿の上で残りがそれまでの最大の3％以下になったときに、空になったとする。入れた側の記録は注意にとどめる。",
        "Once a yard for one class has taken in another, what leaves it counts as the lower of them until it is empty: "
        "until no more than 3 % of the most that lay there is left by the books. The record that brings the other "
        "class in gets a notice only.",
    ),
    expected=Text(
        "区分ごとに分けた置場",
        "a yard for each class",
    ),
    remedy=Text(
        "区分ごとに置場を分け、混ざった置場は空にしてから使う。入荷の記載が誤りなら、その証明書を差し替える",
        "keep classes in yards of their own, and empty a mixed one before using it; if the intake is wrong, replace it",
    ),
    stages=CERTIFICATES,
    applies=_applies,
    check=_check,
    book=_book,
    example=Text(
        "間伐材等由来の置場に一般木質の丸太20トンを入れ、空にしないまま30トンを間伐材等由来として出荷した。",
        "20 t of general logs went into a yard for thinned wood, and 30 t left it as thinned before it was emptied.",
    ),
)
