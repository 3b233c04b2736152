"""H311: the plan, permit or notice was not in force when the wood was felled.

Example: thinnings of May 2018 under a plan that ended on 31 March 2018.
"""

from __future__ import annotations

from collections.abc import Iterator

from biotrace.model.document import Document, Period
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
    spans = [(d, _span(d)) for d in names_places(s.documents)]
    known = [(d, span) for d, span in spans if span is not None]
    if not known:
        yield NotChecked(Text("根拠書類に有効期間がない", "no document states a period"), harmless=True)
    elif not any(_covers(span, felled) for _, span in known):
        document, span = known[0]
        number, until = document.number or document.id[:12], felled.until or ""
        found = f"{felled.start}..{until} / {number}: {span.start or ''}..{span.until or ''}"
        yield Fired(Text(f"伐採 {found}", f"felled {found}"))


def _span(d: Document) -> Period | None:
    if d.valid is not None:
        return d.valid
    until = d.felling.until if d.felling is not None else None
    return Period(d.accepted, until) if d.accepted is not None or until is not None else None


def _covers(span: Period, felled: Period) -> bool:
    last = felled.until or felled.start
    starts = span.start is None or (felled.start is not None and span.start <= felled.start)
    return starts and (span.until is None or (last is not None and last <= span.until))


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
    applies=lambda s: is_felling_stage(s) and bool(names_places(s.documents)),
    check=_check,
)
