"""H311: the plan, permit or notice was not in force when the wood was felled.

Example: thinnings of May 2018 under a plan that ended on 31 March 2018. What is certified has been felled: so a
document in force only from after the certificate's day does not do, also where the felling dates leave that open.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import Document, Period
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import documents_by_place, is_felling_stage, number_of
from ..felling_time import judge_time
from ..origins import names_places
from ..period import in_force
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import FELLING
from ..subject import Subject
from .h321_not_felled_yet import fires_h321


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    answers = list(judge_time(s, in_force, Text("根拠書類に有効期間がない", "no document states a period")))
    decided = any(isinstance(answer, Fired) for answer in answers) or fires_h321(s)
    late = None if decided else _later_than_the_certificate(s)
    if late is None:
        yield from answers
        return
    number, start = number_of(late), (in_force(late) or Period()).start
    yield Fired(
        Text(
            f"証明日 {s.date} までに伐採した木材なのに、{number} は {start} から",
            f"felled by {s.date}, the day of issue, but {number} is in force from {start}",
        )
    )


def _later_than_the_certificate(s: Subject) -> Document | None:
    """Of a place all of whose documents began after the certificate's day, the first: what is certified was felled."""
    later = [d for d in names_places(s.documents) if (start := (in_force(d) or Period()).start) and start > s.date]
    for place in documents_by_place(s) if later else ():
        papers = names_places(place.resting_on)
        if papers and all(d in later for d in papers):
            return papers[0]
    return None


RULE = Rule(
    code="H311",
    name=Text(
        "伐採時に許可・届出・計画が有効でない",
        "plan, permit or notice not in force when felled",
    ),
    clause="G2(1)",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "計画・許可・届出が効力を持つ間に伐採された木材でなければならない。期間の定めのない届出・許可は、"
        "受理から伐採期間の終わりまでとみる。",
        "The wood must have been felled while the plan, permit or notice was in force. One without a stated "
        "period counts from acceptance to the end of its felling period.",
    ),
    expected=Text(
        "伐採の時に有効な根拠書類",
        "a document in force when the wood was felled",
    ),
    remedy=Text(
        "伐採の時に有効だった許可・計画の写しを添える",
        "attach the permit or plan that was in force then",
    ),
    stages=FELLING,
    applies=lambda s: is_felling_stage(s) and bool(names_places(s.documents)),
    check=_check,
    example=Text(
        "経営計画の期間は2018年3月31日まで。伐採は2018年5月7日から25日まで。",
        "A plan that ended on 31 March 2018 behind wood felled from 7 to 25 May 2018.",
    ),
)
