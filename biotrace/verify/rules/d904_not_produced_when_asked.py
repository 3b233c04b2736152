"""D904: a paper was asked for, and not produced by the day that was set.

Example: a plant asks a mill for the felling notice until 2016-05-31, and nothing comes. An answer without a file
produces nothing; before the day is over, nothing can be said.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.text import Text

from ..effect import Effect
from ..kept import Asked
from ..retention import Paper, asked, paper_ids, papers
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import EVERY
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    for paper in papers(s):
        for request in asked(s, paper):
            yield from _answer(s, paper, request)


def _applies(s: Subject) -> bool:
    everything = s.case.kept.asked
    return not everything.keys().isdisjoint(paper_ids(s)) and any(asked(s, p) for p in papers(s))


def _answer(s: Subject, paper: Paper, request: Asked) -> Iterator[Fired | NotChecked]:
    if request.produced is not None and request.produced <= request.due:
        return
    to, due = s.name(request.to), request.due
    if request.produced is None and s.case.today <= due:
        reason = Text(f"{paper.name}: {to} の回答期限 {due} の前", f"{paper.name}: {to} has time until {due}")
        yield NotChecked(reason, harmless=True)
        return
    late = Text("提示されていない", "not produced")
    if request.produced is not None:
        late = Text(f"提示は {request.produced}", f"produced on {request.produced}")
    yield Fired(Text(f"{paper.name}: {to} に求めた期限 {due}、", f"{paper.name}: asked of {to} until {due}, ") + late)


RULE = Rule(
    code="D904",
    name=Text(
        "求められた書類が期限までに示されない",
        "asked for, and not produced in time",
    ),
    clause="G3, 別記3 第五④",
    scope=Scope.RECORD,
    proof=False,
    effect=Effect.NOTICE,
    explanation=Text(
        "保存した証明書と書類は、販売先などから求められたとき示せるようにしておく。"
        "数えるのは、取引の相手、発電所、認定団体、台帳の管理者が、書類を持つはずの者に求めたものだけ。",
        "What is kept has to be shown when a buyer asks. Counted is what the other side, a plant, an accrediting body "
        "or who runs the ledger asked of somebody who has to hold the paper.",
    ),
    expected=Text(
        "期限までの提示",
        "produced by the day that was set",
    ),
    remedy=Text(
        "書類を示してもらい、示せないなら認定団体に知らせる",
        "have it produced; if that cannot be done, tell the accrediting body",
    ),
    stages=EVERY,
    applies=_applies,
    check=_check,
    example=Text(
        "発電所が伐採届の写しを2016年5月31日までに求めたが、示されなかった。",
        "A plant asked for the copy of a felling notice until 2016-05-31, and nothing was shown.",
    ),
)
