"""H312: the wood was felled outside the document's felling period.

Example: a notice for 2015-02-20 to 2016-02-19 and logs felled in March 2016.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import FellingFacts, Period
from biotrace.model.text import Text

from ..effect import Effect
from ..facts import is_felling_stage
from ..origins import names_places
from ..rule import Fired, NotChecked, Rule, Scope
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    felled = s.certificate.felled
    if felled is None or felled.start is None:
        yield NotChecked(Text("伐採の時期が書かれていない", "no felling dates"), harmless=True)
        return
    periods = [
        d.felling
        for d in names_places(s.documents)
        if d.felling is not None and (d.felling.start is not None or d.felling.until is not None)
    ]
    if not periods:
        yield NotChecked(Text("根拠書類に伐採期間がない", "no document states a felling period"), harmless=True)
    elif not any(_covers(p, felled) for p in periods):
        found = f"{felled.start}..{felled.until or ''} / {periods[0].start or ''}..{periods[0].until or ''}"
        yield Fired(Text(f"伐採 {found}", f"felled {found}"))


def _covers(allowed: FellingFacts, felled: Period) -> bool:
    last = felled.until or felled.start
    starts = allowed.start is None or (felled.start is not None and allowed.start <= felled.start)
    return starts and (allowed.until is None or (last is not None and last <= allowed.until))


RULE = Rule(
    code="H312",
    name=Text(
        "届出・許可の伐採期間の外で伐採している",
        "felled outside the document's period",
    ),
    clause="G2(1)",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "根拠書類に伐採の期間があるときは、その間に伐採した木材でなければならない。",
        "Where the document states a felling period, the wood must have been felled in it.",
    ),
    expected=Text(
        "書類の伐採期間の中",
        "within the document's felling period",
    ),
    remedy=Text(
        "期間を延ばした届出・許可の写しを添えるか、日付の誤りを正す",
        "attach the extended notice or permit, or correct the dates",
    ),
    applies=lambda s: is_felling_stage(s) and bool(names_places(s.documents)),
    check=_check,
)
