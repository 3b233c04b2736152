"""H304: declared thinned, but the document is a plain felling notice for a final felling.

The dearest mistake the audit found (routes h1, h4): the mill believed that any notified felling is thinned wood.
Example: 0.60 ha, age 45, felling rate 100 % under a conformity notice. Wins over H303 and H305.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import Document, FellingMethod
from biotrace.model.fuel_class import FuelClass
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import documents_by_place, is_felling_stage, proves_other_felling
from ..origins import plain_final_fellings
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject

_METHOD = {
    FellingMethod.CLEAR: Text("主伐（皆伐）", "clear-felling"),
    FellingMethod.SELECTION: Text("主伐（択伐）", "selection felling"),
    FellingMethod.THINNING: Text("間伐", "thinning"),
}


def fires_h304(s: Subject) -> bool:
    """Whether H304 has the word on this certificate."""
    return _applies(s) and _notice(s) is not None


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    notice = _notice(s)
    if notice is None or notice.felling is None or notice.felling.method is None:
        return
    rate = "" if notice.felling.rate is None else f" {notice.felling.rate / 100:g} %"
    number = notice.number or notice.id[:12]
    method = _METHOD[notice.felling.method]
    yield Fired(Text(f"伐採届 {number}: ", f"felling notice {number}: ") + method + Text(rate, rate))


def _notice(s: Subject) -> Document | None:
    """The plain notice for a final felling at a place for which nothing in force then proves origin ②."""
    for place in documents_by_place(s):
        notices = plain_final_fellings(place.about)
        if notices and not proves_other_felling(s, place.covering):
            return notices[0]
    return None


def _applies(s: Subject) -> bool:
    return is_felling_stage(s) and s.fuel_class is FuelClass.THINNED and bool(s.documents)


RULE = Rule(
    code="H304",
    name=Text(
        "主伐（伐採届のみ）を間伐材等由来としている",
        "a final felling under a plain notice declared as thinned",
    ),
    clause="G2(1)",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.GENERAL,
    explanation=Text(
        "伐採届だけによる皆伐・択伐は、"
        "間伐材等由来に当たらない（経営計画・保安林・国有林であることが示されれば別）。区分は一般木質になる。",
        "A clear or selection felling under a plain felling notice is not thinned wood, unless a management "
        "plan, protection forest or national forest is proven. It counts as general.",
    ),
    expected=Text(
        "間伐であること、または②（経営計画・保安林・国有林）の証拠",
        "thinning, or proof of origin ② (plan, protection forest, national forest)",
    ),
    remedy=Text(
        "一般木質として証明し直すか、②に当たることを示す書類を添える",
        "certify it as general, or attach what proves origin ②",
    ),
    stages=FELLING,
    applies=_applies,
    check=_check,
    example=Text(
        "0.60 ha・45年生のスギ林を伐採率100％で皆伐した伐採届で、240㎥を間伐材等由来とした。",
        "A felling notice for 0.60 ha of sugi, age 45, felled at 100 %, behind 240 m³ declared thinned.",
    ),
)
