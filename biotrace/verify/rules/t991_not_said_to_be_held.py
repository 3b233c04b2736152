"""T991: felled before the guideline took effect, and the certificate does not say that the wood was held on that day.

Wood felled before 2012-06-18 counts where a plant or supplier held it then, and its holder certifies that, by this
guideline or those of 2006 and 2009. Without felling dates the documents' period tells; where it reaches over the day it
tells nothing. Example: logs felled in May 2012 on a certificate of August 2012.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from biotrace.model.certificate import Certificate, Statement
from biotrace.model.document import Period
from biotrace.model.text import Text, same

from ..effect import Effect
from ..origins import names_places
from ..period import felling_period, in_force, stated
from ..rule import Fired, NotChecked, Rule, Scope
from ..stage import SOURCES
from ..subject import Subject


def _check(s: Subject) -> Iterator[Fired | NotChecked]:
    assert s.certificate is not None
    if Statement.HELD_ON_2012_06_18 in s.certificate.statements:
        return
    before, by, days = _felled_before(s, s.certificate)
    if before is None:
        yield NotChecked(
            Text("施行日より前の伐採かどうか分からない", "whether it was felled before that day is not stated"),
            harmless=True,
        )
    elif before:
        told = by + _days(days)
        yield Fired(told + Text("。施行日に所有していた旨がない", "; not said to be held on the day it took effect"))


_FELLED = Text("伐採 ", "felled ")
_BY_DOCUMENT = Text("書類の期間 ", "the document's period ")


def _felled_before(s: Subject, c: Certificate) -> tuple[bool | None, Text, Period]:
    """Whether wood was felled before the guideline took effect, None where nothing tells; and by what days."""
    felled = stated(c.felled)
    if felled is not None:
        before = _before(felled.start, felled.until, s.profile.starts)
        if felled.start is not None:
            before = felled.start < s.profile.starts  # some of it was felled on the first day
        if before is not None:
            return before, _FELLED, felled
    papers = [p for d in names_places(s.documents) if (p := stated(felling_period(d)) or stated(in_force(d)))]
    answers = {_before(p.start, p.until, s.profile.starts) for p in papers}
    if len(answers) != 1:
        return None, _BY_DOCUMENT, Period()
    return answers.pop(), _BY_DOCUMENT, papers[0]


def _days(period: Period) -> Text:
    return same(f"{period.start or ''}..{period.until or ''}")


def _before(first: date | None, last: date | None, day: date) -> bool | None:
    """Whether a time lies before a day; None where it reaches over it."""
    if last is not None and last < day:
        return True
    return False if first is not None and first >= day else None


def _applies(s: Subject) -> bool:
    return s.certificate is not None and s.certificate.form.is_source and s.needs_proof and not s.is_supplement


RULE = Rule(
    code="T991",
    name=Text(
        "施行前に伐採した木材に、所有していた旨がない",
        "felled before the guideline, and not said to have been held",
    ),
    clause="G5(1)",
    scope=Scope.RECORD,
    proof=True,
    effect=Effect.UNPROVEN,
    explanation=Text(
        "ガイドラインの施行（2012年6月18日）より前に伐採された木材は、その日に発電事業者か供給者が所有していたことを、"
        "所有者が証明書に記載する（証明の方法は本ガイドラインのほか2006年・2009年のものでもよい）。",
        "For wood felled before the guideline took effect (2012-06-18) its holder states that a plant or supplier "
        "held it on that day, on a certificate under this guideline or those of 2006 and 2009.",
    ),
    expected=Text(
        "2012年6月18日に所有していた旨の記載",
        "the statement that it was held on 2012-06-18",
    ),
    remedy=Text(
        "その日に所有していた者に、その旨を記載した証明書を出してもらう",
        "have whoever held it on that day issue a certificate that says so",
    ),
    stages=SOURCES,
    applies=_applies,
    check=_check,
    example=Text(
        "2012年5月に伐採した原木60㎥の、2012年8月の証明書に、6月18日に所有していた旨がない。",
        "60 m³ felled in May 2012, on a certificate of August that does not say they were held on 18 June.",
    ),
)
